"""How a sheet is laid out besides its values: merged blocks and indented text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import BadZipFile

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

Place = tuple[int, int]


@dataclass(frozen=True)
class Structure:
    """Merged blocks as first row, first column, last row, last column, and indents by cell; from 0."""

    merged: tuple[tuple[int, int, int, int], ...] = ()
    indents: Mapping[Place, int] = field(default_factory=dict)

    def block(self, row: int, col: int) -> tuple[int, int, int, int] | None:
        """Return the merged block a cell lies in."""
        inside = (area for area in self.merged if area[0] <= row <= area[2] and area[1] <= col <= area[3])
        return next(inside, None)


def read_structure(path: str | Path, sheet: str) -> Structure:
    """Return the layout of a sheet; a workbook of 1997 (.xls) tells none.

    The workbook must have been read before (`read_workbook`), which refuses what is too large.
    """
    try:
        book = openpyxl.load_workbook(path)
    except (BadZipFile, InvalidFileException):
        return Structure()
    cells = book[sheet]
    merged = tuple(
        (area.min_row - 1, area.min_col - 1, area.max_row - 1, area.max_col - 1)
        for area in cells.merged_cells.ranges
    )
    indents = {
        (cell.row - 1, cell.column - 1): int(cell.alignment.indent)
        for row in cells.iter_rows()
        for cell in row
        if cell.value is not None and cell.alignment.indent
    }
    return Structure(merged, indents)
