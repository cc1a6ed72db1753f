"""A statement of queries that read each other, written in a dialect, one column to a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from evaluator.brief import Brief
from evaluator.columns.spark_session import optional
from evaluator.errors import raise_errors
from evaluator.warehouse.dialects import Dialect
from evaluator.warehouse.queries import Query
from evaluator.warehouse.rewriting import rewritten
from evaluator.warehouse.writing import (
    indented,
    inner_name,
    listed,
    one_line,
    quoted_name,
    sql_text,
    table_name,
    too_long,
)

ROWS = "rows"  # what the rows of a single table are called, where columns must be named after them


@dataclass(frozen=True)
class Chain(Brief):
    """Queries of which the last one is the result, with its `columns`; to be written in a dialect.

    `titles` say what a stage does; `head` are the lines of comment above all; `read` are the columns of
    the tables, which a dialect must be able to name.
    """

    queries: tuple[Query, ...]
    columns: tuple[str, ...]
    read: tuple[str, ...]
    titles: Mapping[str, str]
    head: tuple[str, ...] = ()

    def text(self, dialect: Dialect, tables: Mapping[str, str], *, quoted: bool = True) -> str:
        """Return the statement; the same bytes for the same queries.

        Parameters
        ----------
        tables : the name of each table in the warehouse, by that which the queries call it.
        quoted : False where these names are written as they stand, such as references of dbt's.

        Raises
        ------
        EvaluationError
            for a column whose name is too long, for what it cannot express, for a table that is no name.
        """
        raise_errors(too_long({*self.columns, *self.read}, dialect))
        sources = {name: table_name(table, dialect) if quoted else table for name, table in tables.items()}
        lines = [f"-- {one_line(line)}" for line in self.head]
        lines.append("WITH")
        stage = None
        for query in self.queries:
            if query.stage != stage:
                stage = query.stage
                lines.append(f"-- {one_line(self.titles.get(stage, stage))}")
            word = " AS MATERIALIZED (" if dialect.materialized else " AS ("
            lines.append(quoted_name(inner_name(query.name, dialect), dialect) + word)
            lines += indented(_Writer(dialect, sources).lines(query.select))
            lines.append(")" if query is self.queries[-1] else "),")
        lines += listed([quoted_name(dialect.named(column), dialect) for column in self.columns])
        last = quoted_name(inner_name(self.queries[-1].name, dialect), dialect)
        settings = [f"SETTINGS {dialect.settings}"] if dialect.settings else []
        return "\n".join([*lines, f"FROM {last}", *settings, ""])


class _Writer:
    """Writes one query at a time in a dialect."""

    def __init__(self, dialect: Dialect, sources: Mapping[str, str]) -> None:
        self._dialect, self._sources = dialect, sources
        self._words = optional("sqlglot.expressions", "export")

    def lines(self, select: Any) -> list[str]:
        """Return the lines of a query."""
        if isinstance(select, self._words.Union):
            word = "UNION" if select.args["distinct"] else "UNION ALL"
            return [*self.lines(select.left), word, *self.lines(select.right)]
        first, *rest = listed([self._column(entry, select) for entry in select.expressions])
        distinct = " DISTINCT" if select.args.get("distinct") else ""
        return [first + distinct, *rest, *self._clauses(select)]

    def _column(self, entry: Any, select: Any) -> str:
        if isinstance(entry, self._words.Star):
            return "*"
        name = quoted_name(inner_name(entry.alias_or_name, self._dialect), self._dialect)
        value = self._text(entry.unalias(), select)
        return name if value == name else f"{value} AS {name}"

    def _clauses(self, select: Any) -> Iterator[str]:
        joins = select.args.get("joins") or []
        yield f"FROM {self._table(select.args['from_'].this, alone=not joins)}"
        for join in joins:
            held = self._text(join.args["on"], select, condition=True)
            yield f"{join.side} JOIN {self._table(join.this, alone=False)} ON {held}"
        if where := select.args.get("where"):
            yield f"WHERE {self._text(where.this, select, condition=True)}"
        if group := select.args.get("group"):
            yield f"GROUP BY {', '.join(self._text(entry, select) for entry in group.expressions)}"

    def _table(self, table: Any, *, alone: bool) -> str:
        name = self._sources.get(table.name)
        found = name or quoted_name(inner_name(table.name, self._dialect), self._dialect)
        if alone:
            return f"{found} AS {self._quoted(ROWS)}" if self._dialect.aliases_first else found
        return f"{found} AS {self._quoted(table.alias)}"

    def _text(self, node: Any, select: Any, *, condition: bool = False) -> str:
        found = rewritten(node, self._dialect, "DOUBLE", frozenset(), condition=condition)
        alone = self._dialect.aliases_first and not select.args.get("joins")
        for column in list(found.find_all(self._words.Column)):
            name = inner_name(column.name, self._dialect)
            column.set("this", self._words.to_identifier(name, quoted=True))
            if alone:
                column.set("table", self._words.to_identifier(ROWS, quoted=True))
        return sql_text(found, self._dialect)

    def _quoted(self, name: str) -> str:
        return quoted_name(name, self._dialect)
