"""The rows below the header, with the value of every cell of a known column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from evaluator.data.cells import Cells
from evaluator.data.conversion import converted
from evaluator.data.headers import Header
from evaluator.data.mapping import TableMapping
from evaluator.data.tables import Column, TableSchema
from evaluator.errors import Location


@dataclass(frozen=True)
class Body:
    """A table between file and study: where each column stands in the file, and what was made of it.

    `found` gives the position of each column that is there; `results` its `value` and `problem`, in
    the rows of `rows`.
    """

    cells: Cells
    header: Header
    mapping: TableMapping
    schema: TableSchema
    found: Mapping[str, int]
    rows: pl.DataFrame
    results: Mapping[str, pl.DataFrame]

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns that are there, in the order of the schema."""
        return tuple(column for column in self.schema.columns if column.name in self.found)

    @property
    def ids(self) -> str | None:
        """The column that says whose row it is."""
        return next((column.name for column in self.columns if column.kind == "id"), None)

    def value(self, name: str) -> pl.Series:
        """Return the values of a column."""
        return self.results[name]["value"]

    def problem(self, name: str) -> pl.Series:
        """Return what is wrong with the cells of a column, null where nothing is."""
        return self.results[name]["problem"]

    def text(self, name: str) -> pl.Series | None:
        """Return what the cells under a header of the file say, None where there is no such header."""
        position = self.header.position(name)
        return None if position is None else self.rows[f"c{position}"].str.strip_chars()

    def place(self, row: int, name: str) -> Location:
        """Return where the cell of a column stands in the file."""
        return self.cells.place(row, self.found[name])


def body(
    cells: Cells, header: Header, mapping: TableMapping, schema: TableSchema, found: Mapping[str, int]
) -> Body:
    """Return the rows below the header, converted; empty rows after the last filled one are no rows."""
    below = cells.frame.slice(header.index + 1)
    filled = below.select(pl.any_horizontal(pl.col(cells.columns).is_not_null())).to_series().arg_true()
    rows = below.head(int(filled[-1]) + 1 if len(filled) else 0)
    results = {
        column.name: converted(
            rows[f"c{found[column.name]}"], column, mapping.column(column.name), serials=cells.serials
        )
        for column in schema.columns
        if column.name in found
    }
    return Body(cells, header, mapping, schema, found, rows, results)
