"""Workbooks that come in: what each cell holds, read quickly, in bounded memory, with every failure named.

What a file is decides its content, not its ending. Before anything is parsed the parts of the
archive are measured, so a zip bomb or a stray cell in the last corner of a sheet cannot exhaust memory.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import IO

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from evaluator.errors import EvaluationError, Issue, Location, Severity
from evaluator.files import lock_file

CellValue = str | float | int | bool | date | datetime | time | timedelta

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and every encrypted workbook
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ROW = re.compile(rb'<row [^>r]*r="([0-9]{1,7})"')
_FAR_COLUMN = re.compile(rb'<c [^>r]*r="([A-Z]{2,3})[0-9]')
_NEAR_COLUMNS = 26  # the columns of one letter, which the pattern above passes over
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError)
_BLOCK, _OVERLAP = 1 << 20, 64


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a workbook may be: bytes when unpacked, and cells of the area a sheet spans."""

    unpacked: int = 1 << 30
    cells: int = 30_000_000


FORM = Limits(unpacked=64 << 20, cells=500_000)
"""Limits of something a person fills in."""


@dataclass(frozen=True)
class SheetValues:
    """What the cells of one sheet hold; rows and columns count from 0, an empty cell is None or ``''``."""

    file: str
    name: str
    hidden: bool
    rows: Sequence[Sequence[CellValue]]

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


def read_workbook(
    path: str | Path,
    *,
    name: str | None = None,
    sheets: Collection[str | int] | None = None,
    skip: Collection[str] = (),
    limits: Limits | None = None,
) -> WorkbookValues:
    """Read the values of a workbook (.xlsx, .xlsm or .xls), hidden sheets included.

    Parameters
    ----------
    name : how messages call the file (default: the path as given).
    sheets : names or positions (from 0) of the sheets to read; default all. Those not there are
        left out, `names` tells which there are.
    skip : names of sheets that are not read in any case.
    limits : the largest workbook to accept.

    Returns
    -------
    WorkbookValues
        its `issues` hold a warning FILE-718 when the file is open in another program.

    Raises
    ------
    EvaluationError
        FILE-711 (not there), FILE-712 (not readable), FILE-713 (empty file), FILE-714 (not a
        workbook), FILE-715 (protected by a password), FILE-716 (too large), FILE-717 (damaged).
    """
    file = name or str(path)
    content = _content(Path(path), file)
    _measure(content, file, limits or Limits())
    try:
        with CalamineWorkbook.from_filelike(BytesIO(content)) as book:
            return _values(book, file, sheets, skip, _open_elsewhere(Path(path), file))
    except PasswordError:
        raise _failure("FILE-715", file) from None
    except CalamineError as error:
        raise _failure("FILE-717", file, reason=str(error)) from None


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


def position(address: str) -> tuple[int, int]:
    """Return row and column, from 0, of an address; a `ValueError` if it is none.

    >>> position("C7"), position("$AB$1")
    ((6, 2), (0, 27))
    """
    match = re.fullmatch(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})", address)
    if match is None:
        raise ValueError(f"{address!r} is not the address of a cell")
    return int(match[2]) - 1, _column(match[1]) - 1


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _content(path: Path, file: str) -> bytes:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise _failure("FILE-711", file) from None
    except OSError as error:
        raise _failure("FILE-712", file, reason=error.strerror or str(error)) from None
    if not content:
        raise _failure("FILE-713", file)
    return content


def _measure(content: bytes, file: str, limits: Limits) -> None:
    """Refuse what is no workbook, is encrypted, or would not fit."""
    if content.startswith(_COMPOUND):
        if _ENCRYPTED in content:
            raise _failure("FILE-715", file)
        return  # an .xls sheet has at most 65,536 rows and 256 columns
    if not content.startswith(b"PK"):
        raise _failure("FILE-714", file)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _measure_parts(archive, file, limits)
    except _BROKEN as error:
        raise _failure("FILE-717", file, reason=str(error)) from None


def _measure_parts(archive: zipfile.ZipFile, file: str, limits: Limits) -> None:
    parts = archive.infolist()
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise _failure("FILE-714", file)
    unpacked = sum(part.file_size for part in parts)
    if unpacked > limits.unpacked:
        raise _failure("FILE-716", file, found=f"{unpacked >> 20} MB", most=f"{limits.unpacked >> 20} MB")
    for part in parts:
        if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml"):
            with archive.open(part) as stream:
                cells = _spanned(stream)
            if cells > limits.cells:
                raise _failure("FILE-716", file, found=f"{cells:,}", most=f"{limits.cells:,}")


def _spanned(stream: IO[bytes]) -> int:
    """Return how many cells the area of a sheet has at most, from its rows and columns."""
    last_row, last_col, rest = 0, _NEAR_COLUMNS, b""
    while block := stream.read(_BLOCK):
        text = rest + block
        last_row = max(last_row, max(map(int, _ROW.findall(text)), default=0))
        far = max((_column(letters.decode()) for letters in set(_FAR_COLUMN.findall(text))), default=0)
        last_col = max(last_col, far)
        rest = text[-_OVERLAP:]
    return last_row * last_col


def _values(
    book: CalamineWorkbook,
    file: str,
    wanted: Collection[str | int] | None,
    skip: Collection[str],
    issues: Iterator[Issue],
) -> WorkbookValues:
    listed = [entry for entry in book.sheets_metadata if entry.typ == SheetTypeEnum.WorkSheet]
    read = [
        SheetValues(
            file,
            entry.name,
            entry.visible != SheetVisibleEnum.Visible,
            book.get_sheet_by_name(entry.name).to_python(skip_empty_area=False),
        )
        for index, entry in enumerate(listed)
        if entry.name not in skip and (wanted is None or entry.name in wanted or index in wanted)
    ]
    return WorkbookValues(file, tuple(entry.name for entry in listed), tuple(read), tuple(issues))


def _open_elsewhere(path: Path, file: str) -> Iterator[Issue]:
    if lock := lock_file(path):
        yield Issue("FILE-718", file, {"lock": lock.name}, where=Location(file), severity=Severity.WARNING)


def _failure(code: str, file: str, **detail: object) -> EvaluationError:
    return EvaluationError([Issue(code, file, detail, where=Location(file))])
