"""How names, tables, comments and lists of columns stand in a statement."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from evaluator.columns.spark_session import optional
from evaluator.errors import EvaluationError, Issue
from evaluator.warehouse.dialects import Dialect

if TYPE_CHECKING:
    from sqlglot import exp

TABLE_PARTS = 3  # database, schema, table


def type_words(kind: str, dialect: Dialect) -> str:
    """Return one of DuckDB's types in the words of a dialect."""
    words = optional("sqlglot.expressions", "export")
    return str(words.DataType.build(kind, dialect="duckdb").sql(dialect=dialect.name))


def inner_name(name: str, dialect: Dialect) -> str:
    """Return the name of a column within the statement; one that is too long ends in a mark of its own."""
    found = dialect.named(name)
    if dialect.longest is None or dialect.length(found) <= dialect.longest:
        return found
    mark = hashlib.sha256(name.encode()).hexdigest()[:12]
    while dialect.length(found) > dialect.longest - len(mark) - 1:
        found = found[:-1]
    return f"{found}_{mark}"


def quoted_name(name: str, dialect: Dialect) -> str:
    """Return a name as a dialect quotes it."""
    words = optional("sqlglot.expressions", "export")
    return str(words.to_identifier(name, quoted=True).sql(dialect=dialect.name))


def table_name(table: str, dialect: Dialect) -> str:
    """Return the name of a table, quoted; raises where it is none."""
    parts = table.split(".")
    if len(parts) > TABLE_PARTS or not all(part.strip() for part in parts):
        raise EvaluationError([Issue("SQL-105", table)])
    return ".".join(quoted_name(dialect.named(part), dialect) for part in parts)


def too_long(names: Collection[str], dialect: Dialect) -> Iterator[Issue]:
    """Yield an issue for names that a dialect has no place for."""
    most = dialect.longest
    for name in sorted(names) if most else ():
        if most and (length := dialect.length(dialect.named(name))) > most:
            detail = {"length": length, "most": most, "dialect": dialect.title}
            yield Issue("SQL-102", name, {**detail, "unit": dialect.counted_in})


def sql_text(expression: exp.Expression, dialect: Dialect) -> str:
    """Return an expression as a dialect writes it; raises where it cannot."""
    levels = optional("sqlglot.errors", "export")
    raised = levels.ErrorLevel.RAISE
    try:
        return str(expression.sql(dialect=dialect.name, identify=True, unsupported_level=raised))
    except levels.UnsupportedError as error:
        raise EvaluationError([Issue("SQL-104", dialect.title, {"what": str(error)})]) from error


def listed(columns: Sequence[str]) -> list[str]:
    """Return the lines of a SELECT, a column to a line."""
    return ["SELECT", *(f"  {column}," for column in columns[:-1]), f"  {columns[-1]}"]


def indented(lines: Iterable[str]) -> list[str]:
    """Return lines within a query."""
    return [f"  {line}" for line in lines]


def one_line(text: str) -> str:
    """Return a text that stays one comment, whatever is in it, and holds no word of a template's."""
    return " ".join(text.split()).replace("{", "(").replace("}", ")").replace("*/", "* /")
