"""A table as it stands in a file, every cell still text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

import polars as pl

from evaluator.brief import Brief
from evaluator.errors import Issue, Location
from evaluator.workbook.reader import address


@dataclass(frozen=True)
class Cells(Brief):
    """The cells of a file or sheet as text columns ``c0``, ``c1`` …, with the `row` they stand in.

    `row` is the line of a text file, the row of a sheet, or the number of a record; title rows,
    empty rows and totals are all still there. Where a file holds numbers, dates or truth values themselves,
    ``t0``, ``t1`` … say which cells of ``c0``, ``c1`` … do. `day_0` is what a bare day number counts from,
    None where it is no date. `query` and `fingerprint` of the rows are those of a database; `issues`
    are what was found out about the file; `merged` are merged blocks: first row, first column, last row,
    last column.
    """

    file: str
    frame: pl.DataFrame
    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    day_0: date | None = None
    query: str | None = None
    fingerprint: str | None = None
    issues: tuple[Issue, ...] = ()
    merged: tuple[tuple[int, int, int, int], ...] = ()

    @property
    def columns(self) -> list[str]:
        """The names of the columns of cells."""
        return [name for name in self.frame.columns if name.startswith("c")]

    def place(self, row: int, column: int) -> Location:
        """Return where a cell stands: line and field of a text file, or sheet and address."""
        if self.sheet is not None:
            return Location(self.file, sheet=self.sheet, cell=address(row - 1, column))
        return Location(self.file, row, column + 1)

    @property
    def label_of_source(self) -> str:
        """What the file is called, with its sheet where it has one."""
        return str(Location(self.file, sheet=self.sheet))

    def label(self, row: int) -> str:
        """Return a row as people count it."""
        return str(row)


def typed_column(name: str) -> str:
    """Return the column that says which cells of a text column are no text in the file.

    >>> typed_column("c12")
    't12'
    """
    return f"t{name[1:]}"


def cell_text(value: object) -> str | None:
    """Return what a cell says; whole numbers without the decimals workbooks store them with.

    >>> cell_text(12.0), cell_text(0.1), cell_text(datetime(2024, 1, 5, 8)), cell_text("")
    ('12', '0.1', '2024-01-05 08:00:00', None)
    """
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return value.isoformat() if isinstance(value, date | time) else str(value)
