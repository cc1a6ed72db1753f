"""Tables of web pages and of XML spreadsheets: what many systems export under the name of a workbook."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from evaluator.data.cells import Cells
from evaluator.data.delimited import WIDEST, content_of
from evaluator.data.encodings import decoded
from evaluator.data.mapping import TableMapping
from evaluator.data.sheets import Fits, left_unread
from evaluator.errors import EvaluationError, Issue, Location
from evaluator.workbook.archive import Limits

_START = 16_384
_STATED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?([\w.-]+)""", re.IGNORECASE)
_CHINESE = frozenset({"gb2312", "gb_2312-80", "gbk", "x-gbk"})  # GB18030 reads all of these
_LONGEST = 1_048_576  # rows of a sheet
_MOST_TABLES = 500  # of a page: each is compared with what the study asks for
_MOST = Limits().cells
_SMALL_AREA = 1_000_000  # cells; a table that is larger holds them, at two signs each or more
_TELLING = 2  # rows and columns that make a table
_TAG = re.compile(r"<(/?)(?:ss:)?(table|tr|row|td|th|cell|br)\b([^<>]*)>", re.IGNORECASE)
_COMMENT = re.compile(r"<!--(?:(?!<!--).)*?-->", re.DOTALL)
_MARKUP = re.compile(r"<[^<>]*>")
_SPAN = re.compile(
    r"""\b(colspan|rowspan|index|mergeacross|mergedown)\s*=\s*["']?(\d{1,7})\b""", re.IGNORECASE
)


@dataclass
class _Table:
    """A table while it is read: the text of each cell by row and column, and its merged blocks."""

    rows: list[dict[int, str]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    width: int = 0
    spanned: int = 0
    _column: int | None = None
    _text: list[str] = field(default_factory=list)
    _free: int = 0
    _covered: dict[int, int] = field(default_factory=dict)

    @property
    def area(self) -> int:
        """How many cells it takes, those that blocks cover counted again."""
        return self.width * len(self.rows) + self.spanned

    def begin_row(self, spans: dict[str, int]) -> None:
        """Begin the next row, or the one that a spreadsheet states."""
        self.end_cell()
        last = max(len(self.rows) + 1, min(spans.get("index", 0), _LONGEST))
        self.rows.extend({} for _ in range(last - len(self.rows)))
        self._free = 0

    def begin_cell(self, spans: dict[str, int]) -> None:
        """Begin a cell in the next column that no block above covers, or in the one that is stated."""
        self.end_cell()
        if not self.rows:
            self.begin_row({})
        row, column = len(self.rows), max(self._free, min(spans.get("index", 0), WIDEST) - 1)
        while self._covered.get(column, 0) >= row:
            column += 1
        across = spans.get("mergeacross", spans.get("colspan", 1) - 1)
        down = spans.get("mergedown", spans.get("rowspan", 1) - 1)
        last = min(column + max(across, 0), max(column, WIDEST - 1))
        self._column, self._free, self.width = column, last + 1, max(self.width, last + 1)
        if last > column or down > 0:
            self.spanned += last - column + 1
            self.merged.append((row, column, row + max(down, 0), last))
        if down > 0:
            self._covered |= dict.fromkeys(range(column, last + 1), row + down)

    def add(self, text: str) -> None:
        """Add text to the cell that is open; what stands between cells is none of the table's."""
        if self._column is not None:
            self._text.append(text)

    def end_cell(self) -> None:
        """Keep the text of the cell that is open."""
        if self._column is not None:
            words = html.unescape(_MARKUP.sub("", "".join(self._text))).split()
            if words:
                self.rows[-1][self._column] = " ".join(words)
        self._column, self._text = None, []


def read_page(path: Path, mapping: TableMapping, fit: Fits) -> Cells | None:
    """Return the cells of the table of a page that fits best, as text; None where the page has no table.

    A page may be HTML or a spreadsheet as XML (Excel 2003). `row` is the row of the table. Tables that were
    not read are named in the issues.

    Raises `EvaluationError` where the file cannot be read, its encoding cannot be told, or a table spans more
    cells than a workbook may.
    """
    name = mapping.source
    text, encoding = _text(content_of(path, name), mapping, name)
    tables = [
        table
        for table in _tables(text, name)
        if table.width >= _TELLING and sum(map(bool, table.rows)) >= _TELLING
    ]
    if not tables:
        return None
    _bounded(len(tables), _MOST_TABLES, name)
    found = {f"<table> {number}": _cells(table, name, encoding) for number, table in enumerate(tables, 1)}
    fits = {key: fit(cells) for key, cells in found.items()}
    best = max(fits, key=lambda key: (fits[key].complete, fits[key].columns, fits[key].rows))
    others = {key: one.rows for key, one in fits.items() if key != best}
    return replace(found[best], issues=(left_unread(name, others),) if others else ())


def _text(content: bytes, mapping: TableMapping, name: str) -> tuple[str, str]:
    """Return the text of a page in the encoding that the study states, or the page where that is right."""
    if not mapping.encoding and (found := _STATED.search(content[:_START])):
        said = found[1].decode("ascii", "ignore").lower()
        with suppress(EvaluationError):
            return decoded(content, "gb18030" if said in _CHINESE else said, name)
    return decoded(content, mapping.encoding, name)


def _tables(text: str, name: str) -> Iterator[_Table]:
    """Yield the tables of a page as they end; a table within a cell is no text of that cell."""
    text = _COMMENT.sub("", text)
    open_tables: list[_Table] = []
    most = min(_MOST, max(_SMALL_AREA, len(text) // 2))
    begins = 0
    for tag in _TAG.finditer(text):
        closes, kind = bool(tag[1]), tag[2].lower()
        spans = {key.lower(): int(value) for key, value in _SPAN.findall(tag[3])}
        if open_tables:
            open_tables[-1].add(text[begins : tag.start()])
        begins = tag.end()
        if kind == "table" and not closes:
            open_tables.append(_Table())
        elif open_tables:
            table = open_tables[-1]
            if kind == "br":
                table.add(" ")
            elif closes:
                table.end_cell()
            elif kind in ("tr", "row"):
                table.begin_row(spans)
            else:
                table.begin_cell(spans)
            _bounded(table.area, most, name)
            _bounded(table.width, WIDEST, name)
            if kind == "table":
                yield open_tables.pop()
    yield from open_tables


def _bounded(found: int, most: int, name: str) -> None:
    """Refuse a page of which more was found than is read."""
    if found > most:
        detail = {"found": f"{found:,}", "most": f"{most:,}"}
        raise EvaluationError([Issue("FILE-716", name, detail, where=Location(name))])


def _cells(table: _Table, name: str, encoding: str) -> Cells:
    columns = {
        f"c{column}": pl.Series([row.get(column) for row in table.rows], dtype=pl.String)
        for column in range(table.width)
    }
    row = pl.int_range(1, len(table.rows) + 1, dtype=pl.Int64, eager=True)
    return Cells(name, pl.DataFrame({**columns, "row": row}), encoding=encoding, merged=tuple(table.merged))
