"""How many cells a sheet spans, as the parser will allocate them: from its first to its last, the gaps too.

Sheets as programs write them are measured by a look at their text. Whatever is written in another way
(cells without a position, prefixes, single quotes, lower-case references, another encoding) is counted by a
parser of XML, in the way the reader of workbooks counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import IO
from xml.parsers import expat

from evaluator.workbook.addresses import column

_BLOCK = 1 << 20
_ROW = re.compile(rb'<row r="([0-9]{1,7})"')
_FAR_COLUMN = re.compile(rb'<c r="([A-Z]{2,3})[0-9]')
_NEAR_COLUMNS = 26  # the columns of one letter, which the pattern above passes over


_ODD = re.compile(  # not as programs write them; other names begin like theirs
    rb'<(?:c(?! r="[A-Z]{1,3}[0-9]{1,7}"|ol|on|f)|row(?! r="[0-9]{1,7}"|Breaks)|[\w.-]+:(?:row|c)\b)'
)
_FAR = re.compile(rb'<c(?! r="[A-Z][0-9]{1,3}"|ol|on|f)')  # beyond Z999, or not as programs write it
_PREFIXED = re.compile(rb":c\b")
_NEAR_ROWS = 999
_MOST_DIGITS = 8  # of the number of a row, and one more
_CELLS = {digits: re.compile(rb'<c r="[A-Z]{1,3}[0-9]{%d}' % digits) for digits in range(2, _MOST_DIGITS + 1)}
"""Cells of rows with so many digits: a cell need not be of the row it stands in."""


def spanned_at_most(blocks: Iterable[bytes]) -> int | None:
    """Return how many cells a sheet does not exceed, by a look at its text; None where that does not tell.

    The blocks are gone through to the end whatever they hold.
    """
    last_row, last_col, digits, rest = 0, _NEAR_COLUMNS, 1, b""
    near = plain = True
    for block in blocks:
        if not plain:
            continue
        text, rest = _to_the_last_tag(rest + block)
        near = near and len(rest) <= _BLOCK and _is_near(text)
        if near:
            last_row, digits = _NEAR_ROWS, len(str(_NEAR_ROWS))
            continue
        plain = len(rest) <= _BLOCK and b"\x00" not in text and not _ODD.search(text)
        last_row = max(last_row, max(map(int, _ROW.findall(text)), default=0))
        far = max((column(letters.decode()) for letters in set(_FAR_COLUMN.findall(text))), default=0)
        last_col = max(last_col, far)
        while digits < _MOST_DIGITS and _CELLS[digits + 1].search(text):
            digits += 1
    return max(last_row, 10**digits - 1) * last_col if plain else None


def _to_the_last_tag(text: bytes) -> tuple[bytes, bytes]:
    """Return a text up to its last tag, and what follows; a text that ends with one is not copied."""
    end = text.rfind(b">") + 1
    return text[:end], text[end:]


def _is_near(text: bytes) -> bool:
    """Whether every cell says its place, up to Z999: rows without cells take no memory."""
    return b"\x00" not in text and not _FAR.search(text) and not _PREFIXED.search(text)


def spanned(stream: IO[bytes]) -> int:
    """Return how many cells a sheet spans, each element counted as the reader of workbooks counts it.

    >>> from io import BytesIO
    >>> spanned(BytesIO(b"<s><x:row xmlns:x='m'><x:c/><x:c/></x:row><row r='9'><c r='c9'/></row></s>"))
    27
    """
    area, parser = _Area(), expat.ParserCreate()
    parser.StartElementHandler = area.start
    while block := stream.read(_BLOCK):
        parser.Parse(block)
    parser.Parse(b"", True)
    return area.last_row * area.last_col


class _Area:
    """The last row and column of a sheet; a cell without a position follows the one before it."""

    def __init__(self) -> None:
        self.last_row = self.last_col = self._row = self._col = 0

    def start(self, tag: str, values: Mapping[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "row":
            self._row, self._col = int(values.get("r", self._row + 1)), 0
            self.last_row = max(self.last_row, self._row)
        elif name == "c":
            self._col += 1
            if place := re.fullmatch(r"([A-Za-z]{1,7})([0-9]{1,9})", values.get("r", "").replace("$", "")):
                self._col = column(place[1].upper())
                self.last_row = max(self.last_row, int(place[2]))
            self.last_col = max(self.last_col, self._col)


def spanned_by_repeats(blocks: Iterable[bytes]) -> int:
    """Return how many cells the largest sheet of an OpenDocument spreadsheet spans."""
    counted, parser = _Repeated(), expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = counted.start, counted.end
    for block in blocks:
        if b"<!DOCTYPE" in block:
            raise ValueError("content.xml declares a document type")
        parser.Parse(block)
    parser.Parse(b"", True)
    return counted.cells


class _Repeated:
    """The area of the sheets of an OpenDocument spreadsheet, where one element may stand for a million."""

    def __init__(self) -> None:
        self.cells = 0
        self._rows = self._row = self._width = 0
        self._repeats, self._column, self._filled = 1, 0, False

    def start(self, tag: str, values: Mapping[str, str]) -> None:
        """Count a row or cell as it begins."""
        said = {key.rpartition(":")[2]: value for key, value in values.items()}
        match tag.rpartition(":")[2]:
            case "table":
                self._rows = self._row = self._width = 0
            case "table-row":
                self._repeats = int(said.get("number-rows-repeated", "1"))
                self._column, self._filled = 0, False
            case "table-cell" | "covered-table-cell":
                self._column += int(said.get("number-columns-repeated", "1"))
                if "value-type" in said:
                    self._filled, self._width = True, max(self._width, self._column)

    def end(self, tag: str) -> None:
        """Add a row as it ends; empty ones count where a filled one follows."""
        if tag.rpartition(":")[2] == "table-row":
            self._row += self._repeats
            if self._filled:
                self._rows = self._row
                self.cells = max(self.cells, self._rows * self._width)
