"""Workbooks that come in: what each cell holds, read quickly, in bounded memory, with every failure named.

What a file is decides its content, not its ending. Nothing is parsed before it is measured (`archive`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from evaluator.errors import EvaluationError, Issue, Location, Severity, is_panic
from evaluator.files import lock_file, read_bytes
from evaluator.workbook.addresses import position
from evaluator.workbook.archive import FORM as FORM
from evaluator.workbook.archive import Archive
from evaluator.workbook.archive import Limits as Limits

_DAY_0_OF_1904 = date(1904, 1, 1)

CellValue = str | float | int | bool | date | datetime | time | timedelta


@dataclass(frozen=True)
class SheetValues:
    """What the cells of one sheet hold; rows and columns count from 0, an empty cell is None or ``''``.

    A bare number that stands for a day counts from `day_0`.
    `merged` are merged blocks as first row, first column, last row, last column.
    """

    file: str
    name: str
    hidden: bool
    rows: Sequence[Sequence[CellValue]]
    day_0: date = date(1899, 12, 30)
    merged: tuple[tuple[int, int, int, int], ...] = ()

    def value(self, row: int, col: int) -> CellValue | None:
        """Return what a cell holds, None where it is empty or beyond the sheet."""
        cells = self.rows[row] if row < len(self.rows) else ()
        value = cells[col] if col < len(cells) else ""
        return None if value == "" else value

    def at(self, address: str) -> CellValue | None:
        """Return what the cell of this address holds, such as ``"C7"``."""
        return self.value(*position(address))

    def where(self, row: int, col: int) -> Location:
        """Return the place of a cell, as issues name it."""
        return Location(self.file, sheet=self.name, cell=address(row, col))


@dataclass(frozen=True)
class WorkbookValues:
    """A workbook as read: the names of all its sheets, and the sheets that were asked for."""

    file: str
    names: tuple[str, ...]
    sheets: tuple[SheetValues, ...]
    issues: tuple[Issue, ...] = ()

    def sheet(self, name: str) -> SheetValues | None:
        """Return a sheet by name, None when it is not there or was not asked for."""
        return next((sheet for sheet in self.sheets if sheet.name == name), None)


class OpenWorkbook:
    """A workbook whose sheets are measured and read when they are asked for, hidden ones included.

    Raises
    ------
    EvaluationError
        here or when a sheet is read: not there, not readable, empty, not a workbook, protected by a password,
        too large, damaged.
    """

    def __init__(self, path: str | Path, *, name: str | None = None, limits: Limits | None = None) -> None:
        self.file = name or str(path)
        content = _content(Path(path), self.file)
        self._archive = Archive(content, self.file, limits or Limits())
        with _parsing(self.file):
            self._book = CalamineWorkbook.from_filelike(BytesIO(content))
            listed = [entry for entry in self._book.sheets_metadata if entry.typ == SheetTypeEnum.WorkSheet]
        self._positions = {entry.name: place for place, entry in enumerate(self._book.sheets_metadata)}
        self._hidden = {entry.name: entry.visible != SheetVisibleEnum.Visible for entry in listed}
        self._day_0 = _DAY_0_OF_1904 if self._archive.from_1904 else SheetValues.day_0
        self.issues = (*_open_elsewhere(Path(path), self.file), *self._archive.notes)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all sheets."""
        return tuple(self._hidden)

    def indents(self, name: str) -> Mapping[tuple[int, int], int]:
        """Return the indent of the cells of a sheet that have one, from 0; .xls and .ods tell none."""
        return self._archive.indents(name)

    def read(self, name: str, *, unread: bool = False, merged: bool = True) -> SheetValues:
        """Return what the cells of a sheet hold, and which are `merged`; see `read_workbook`."""
        self._archive.measure(name, unread=unread)
        with _parsing(self.file):
            sheet = self._book.get_sheet_by_name(name)
            self._archive.check_area(sheet.total_height, sheet.total_width + 1)
            rows = sheet.to_python(skip_empty_area=False)
            blocks = sheet.merged_cell_ranges if merged else ()
        if unread:
            _fill(rows, self._archive.unread(name, self._positions[name]))
        areas = tuple((*first, *last) for first, last in blocks or ())
        return SheetValues(self.file, name, self._hidden[name], rows, self._day_0, areas)


@contextmanager
def _parsing(file: str) -> Iterator[None]:
    """Turn whatever the parser makes of a damaged file into an issue, also where it panics."""
    try:
        yield
    except PasswordError:
        raise _failure("FILE-715", file) from None
    except BaseException as error:
        if not (isinstance(error, CalamineError | ValueError | OverflowError) or is_panic(error)):
            raise
        raise _failure("FILE-717", file, reason=str(error)) from None


def read_workbook(
    path: str | Path,
    *,
    name: str | None = None,
    sheets: Collection[str | int] | None = None,
    skip: Collection[str] = (),
    unread: bool = False,
    limits: Limits | None = None,
) -> WorkbookValues:
    """Read the values of a workbook (.xlsx, .xlsm, .xls or .ods), hidden sheets included.

    Parameters
    ----------
    name : how messages call the file (default: the path as given).
    sheets : names or positions (from 0) of the sheets to read; default all. Those not there are
        left out, `names` tells which there are.
    skip : names of sheets that are not read in any case.
    unread : whether cells that hold an error, or a formula no program has calculated, come as
        `Unread` text (``#DIV/0!``, ``=A1*B1``) and not as blanks; of .xls and .ods files only errors.
    limits : the largest workbook to accept.

    Returns
    -------
    WorkbookValues
        its `issues` hold a warning when the file is open in another program, and notes
        of macros, links to other files and embedded objects, which are not read.

    Raises
    ------
    EvaluationError
        those of `OpenWorkbook`.
    """
    book = OpenWorkbook(path, name=name, limits=limits)
    chosen = [
        entry
        for index, entry in enumerate(book.names)
        if entry not in skip and (sheets is None or entry in sheets or index in sheets)
    ]
    read = tuple(book.read(sheet, unread=unread) for sheet in chosen)
    return WorkbookValues(book.file, book.names, read, book.issues)


@lru_cache(maxsize=4096)  # five hundred questionnaires have their answers in the same cells
def address(row: int, col: int) -> str:
    """Return the address of a cell counted from 0.

    >>> address(6, 2), address(0, 27)
    ('C7', 'AB1')
    """
    letters = ""
    number = col + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


class Unread(str):
    """What stands in a cell that a parser gives as blank: an error, or a formula without its result."""

    __slots__ = ()


def _fill(rows: list[list[Any]], cells: Mapping[tuple[int, int], str]) -> None:
    """Write texts into rows, which a parser may have ended before them."""
    for (row, col), text in cells.items():
        rows.extend([] for _ in range(row + 1 - len(rows)))
        rows[row].extend([""] * (col + 1 - len(rows[row])))
        rows[row][col] = Unread(text)


def _content(path: Path, file: str) -> bytes:
    try:
        content = read_bytes(path)
    except FileNotFoundError:
        raise _failure("FILE-711", file) from None
    except OSError as error:
        raise _failure("FILE-712", file, reason=error.strerror or str(error)) from None
    if not content:
        raise _failure("FILE-713", file)
    return content


def _open_elsewhere(path: Path, file: str) -> Iterator[Issue]:
    if lock := lock_file(path):
        yield Issue("FILE-718", file, {"lock": lock.name}, where=Location(file), severity=Severity.WARNING)


def _failure(code: str, file: str, **detail: object) -> EvaluationError:
    return EvaluationError([Issue(code, file, detail, where=Location(file))])
