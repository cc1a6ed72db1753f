"""A statement: parts written one after the other in a dialect, one column to a line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from evaluator.brief import Brief
from evaluator.columns.spark_session import optional
from evaluator.errors import raise_errors
from evaluator.warehouse.dialects import Dialect
from evaluator.warehouse.parts import QueryPart
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
        source = table_name(table, dialect) if quoted else table
        read = {*self.parts[0].keys, *_columns(self.parts[0].computed.values()), *self.columns}
        raise_errors(too_long(read, dialect))
        names = {name: inner_name(name, dialect) for name in self._known() if name not in self.columns}
        names |= {name: dialect.named(name) for name in self.columns}
        lines = [f"-- {one_line(line)}" for line in self.head]
        lines.append("WITH")
        for place, part in enumerate(self.parts):
            lines.append(f"-- {one_line(self.titles.get(part.name, part.name))}")
            word = " AS MATERIALIZED (" if dialect.materialized else " AS ("
            lines.append(quoted_name(part.name, dialect) + word)
            lines += indented(listed(self._selected(place, names, dialect)))
            before = quoted_name(self.parts[place - 1].name, dialect) if place else source
            lines += [f"  FROM {before}", ")" if part is self.parts[-1] else "),"]
        lines += listed([quoted_name(names[column], dialect) for column in self.columns])
        return "\n".join([*lines, f"FROM {quoted_name(self.parts[-1].name, dialect)}", ""])

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
            f" AS {quoted_name(names[name], dialect)}"
            for name, value in part.computed.items()
        ]
        if not place:
            return [*(quoted_name(dialect.named(name), dialect) for name in part.keys), *new]
        if not part.replaced:
            return ["*", *new]
        carried = dict.fromkeys(name for earlier in before for name in (*earlier.keys, *earlier.computed))
        kept = carried.keys() & self._read_after(place)
        return [
            *(
                quoted_name(names[name], dialect)
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
    return sql_text(found, dialect)


def _columns(values: Iterable[Any]) -> set[str]:
    columns = optional("sqlglot.expressions", "export").Column
    return {column.name for value in values for column in value.find_all(columns)}
