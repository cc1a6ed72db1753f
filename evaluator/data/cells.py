"""A table as it stands in a file, every cell still text."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from evaluator.errors import Location
from evaluator.workbook.reader import address


@dataclass(frozen=True)
class Cells:
    """The cells of a file or sheet as text columns ``c0``, ``c1`` …, with the `row` they stand in.

    `row` is the line of a text file, the row of a sheet, or the number of a record; title rows,
    empty rows and totals are all still there. `serials` says that a bare day number may be a date.
    """

    file: str
    frame: pl.DataFrame
    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    serials: bool = False

    @property
    def columns(self) -> list[str]:
        """The names of the columns of cells."""
        return [name for name in self.frame.columns if name != "row"]

    def place(self, row: int, column: int) -> Location:
        """Return where a cell stands: line and field of a text file, or sheet and address."""
        if self.sheet is not None:
            return Location(self.file, sheet=self.sheet, cell=address(row - 1, column))
        return Location(self.file, row, column + 1)
