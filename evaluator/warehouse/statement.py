"""A statement: parts written one after the other in a dialect, one column to a line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evaluator.brief import Brief
from evaluator.columns.spark_session import optional
from evaluator.errors import EvaluationError, Issue, raise_errors
from evaluator.warehouse.dialects import Dialect
from evaluator.warehouse.parts import QueryPart
from evaluator.warehouse.rewriting import rewritten

TABLE_PARTS = 3  # database, schema, table


@dataclass(frozen=True)
class Statement(Brief):
    """QueryParts that compute `columns` from a table, to be written in a dialect.

    `titles` say what a part does, by its name; `head` are the lines of comment above all.
    """

    parts: tuple[QueryPart, ...]
    columns: tuple[str, ...]
    titles: Mapping[str, str]
    head: tuple[str, ...] = ()

    def text(self, dialect: Dialect, table: str, *, quoted: bool = True) -> str:
        """Return the statement; the same bytes for the same statement.

        Parameters
        ----------
        table : its name, with schema and database where needed: ``analytics.measures``.
        quoted : False where the table is written as it stands, such as a reference of dbt's.

        Raises
        ------
        EvaluationError
            for a column whose name is too long, for what it cannot express, for a table that is no name.
        """
        source = _table(table, dialect) if quoted else table
        raise_errors(tuple(self._unfit(dialect)))
        names = {name: _inner(name, dialect) for name in self._known() if name not in self.columns}
        names |= {name: dialect.named(name) for name in self.columns}
        lines = [f"-- {_one_line(line)}" for line in self.head]
        lines.append("WITH")
        for place, part in enumerate(self.parts):
            lines.append(f"-- {_one_line(self.titles.get(part.name, part.name))}")
            word = " AS MATERIALIZED (" if dialect.materialized else " AS ("
            lines.append(_quoted(part.name, dialect) + word)
            lines += _indented(_listed(self._selected(place, names, dialect)))
            before = _quoted(self.parts[place - 1].name, dialect) if place else source
            lines += [f"  FROM {before}", ")" if part is self.parts[-1] else "),"]
        lines += _listed([_quoted(names[column], dialect) for column in self.columns])
        return "\n".join([*lines, f"FROM {_quoted(self.parts[-1].name, dialect)}", ""])

    def _known(self) -> set[str]:
        return {name for part in self.parts for name in (*part.keys, *part.computed)}

    def _selected(self, place: int, names: Mapping[str, str], dialect: Dialect) -> list[str]:
        """Return what a part selects: all there was, and what is new; where some is replaced, by name."""
        part, before = self.parts[place], self.parts[:place]
        kinds = {name: kind for earlier in before for name, kind in earlier.types.items()}
        numbers = {name for name, kind in kinds.items() if kind == "DOUBLE"}
        of = before[-1].name if part.replaced and dialect.aliases_first else None
        new = [
            f"{_expression(value, dialect, part.types[name], numbers, names, of)}"
            f" AS {_quoted(names[name], dialect)}"
            for name, value in part.computed.items()
        ]
        if not place:
            return [*(_quoted(dialect.named(name), dialect) for name in part.keys), *new]
        if not part.replaced:
            return ["*", *new]
        carried = dict.fromkeys(name for earlier in before for name in (*earlier.keys, *earlier.computed))
        kept = carried.keys() & self._read_after(place)
        return [
            *(
                _quoted(names[name], dialect)
                for name in carried
                if name in kept and name not in part.computed
            ),
            *new,
        ]

    def _read_after(self, place: int) -> set[str]:
        """Return the columns that some part after this one reads, or that are asked for in the end."""
        columns = optional("sqlglot.expressions", "export").Column
        later = (value for part in self.parts[place + 1 :] for value in part.computed.values())
        return {*self.columns, *(column.name for value in later for column in value.find_all(columns))}

    def _unfit(self, dialect: Dialect) -> Iterator[Issue]:
        """Yield an issue for names that a dialect has no place for."""
        read = {*self.parts[0].keys, *_columns(self.parts[0].computed.values()), *self.columns}
        most = dialect.longest
        for name in sorted(read) if most else ():
            if most and (length := dialect.length(dialect.named(name))) > most:
                detail = {"length": length, "most": most, "dialect": dialect.title}
                yield Issue("SQL-102", name, {**detail, "unit": dialect.counted_in})


def type_words(kind: str, dialect: Dialect) -> str:
    """Return one of DuckDB's types in the words of a dialect."""
    words = optional("sqlglot.expressions", "export")
    return str(words.DataType.build(kind, dialect="duckdb").sql(dialect=dialect.name))


def _inner(name: str, dialect: Dialect) -> str:
    """Return the name of a column within the statement; one that is too long ends in a mark of its own."""
    found = dialect.named(name)
    if dialect.longest is None or dialect.length(found) <= dialect.longest:
        return found
    mark = hashlib.sha256(name.encode()).hexdigest()[:12]
    while dialect.length(found) > dialect.longest - len(mark) - 1:
        found = found[:-1]
    return f"{found}_{mark}"


def _expression(
    value: Any, dialect: Dialect, type_: str, numbers: set[str], names: Mapping[str, str], of: str | None
) -> str:
    """Return an expression as text; `of` is the part that its columns are named after, where they are."""
    words = optional("sqlglot.expressions", "export")
    found = rewritten(value, dialect, type_, numbers)
    for column in list(found.find_all(words.Column)):
        column.set(
            "this", words.to_identifier(names.get(column.name) or dialect.named(column.name), quoted=True)
        )
        column.set("table", words.to_identifier(of, quoted=True) if of else None)
    levels = optional("sqlglot.errors", "export")
    try:
        return str(found.sql(dialect=dialect.name, identify=True, unsupported_level=levels.ErrorLevel.RAISE))
    except levels.UnsupportedError as error:
        raise EvaluationError([Issue("SQL-104", dialect.title, {"what": str(error)})]) from error


def _columns(values: Iterable[Any]) -> set[str]:
    columns = optional("sqlglot.expressions", "export").Column
    return {column.name for value in values for column in value.find_all(columns)}


def _quoted(name: str, dialect: Dialect) -> str:
    words = optional("sqlglot.expressions", "export")
    return str(words.to_identifier(name, quoted=True).sql(dialect=dialect.name))


def _table(table: str, dialect: Dialect) -> str:
    parts = table.split(".")
    if len(parts) > TABLE_PARTS or not all(part.strip() for part in parts):
        raise EvaluationError([Issue("SQL-105", table)])
    return ".".join(_quoted(dialect.named(part), dialect) for part in parts)


def _listed(columns: Sequence[str]) -> list[str]:
    return ["SELECT", *(f"  {column}," for column in columns[:-1]), f"  {columns[-1]}"]


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def _one_line(text: str) -> str:
    """Return a text that stays one comment, whatever is in it, and holds no word of a template's."""
    return " ".join(text.split()).replace("{", "(").replace("}", ")").replace("*/", "* /")
