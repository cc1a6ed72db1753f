"""Errors in cells of .xls workbooks and of OpenDocument spreadsheets, which parsers give as blank.

Those of .xlsx are found by `unread`, whose reasons hold here too.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import product
from typing import IO
from xml.parsers import expat

_BLOCK = 1 << 20
_BOUND_SHEET, _BEGIN, _END, _FORMULA, _BOOLEAN_OR_ERROR = 0x85, 0x809, 0x0A, 0x06, 0x205
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!",
    0x2A: "#N/A",
}  # fmt: skip
_MAY_HOLD = re.compile(rb"\x05\x02\x08\x00|\x02.{5}\xff\xff", re.DOTALL)
_STREAMS = ("Workbook", "Book")


def unread_records(content: bytes) -> tuple[Mapping[tuple[int, int], str], ...]:
    """Return the errors of each sheet of an .xls file by row and column, which count from 0.

    Raises `OSError` or `ValueError` where its records are damaged. The format is that of [MS-XLS].
    """
    from olefile import OleFileIO  # type: ignore[import-untyped]

    with OleFileIO(BytesIO(content)) as compound:
        name = next((name for name in _STREAMS if compound.exists(name)), None)
        records = compound.openstream(name).read() if name else b""
    if not _MAY_HOLD.search(records):
        return ()
    begins = [struct.unpack_from("<I", records, at)[0] for kind, at, _ in _records(records, 0)
              if kind == _BOUND_SHEET]  # fmt: skip
    return tuple(dict(_errors(records, begin)) for begin in begins)


def _records(records: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Yield kind, place and length of each record of the part that begins there, to the end of that part."""
    depth = 0
    while at + 4 <= len(records):
        kind, length = struct.unpack_from("<HH", records, at)
        if at + 4 + length > len(records):
            raise ValueError(f"a record of {length} bytes at {at} is cut off")
        depth += (kind == _BEGIN) - (kind == _END)
        if depth == 0:
            return
        if depth == 1:
            yield kind, at + 4, length
        at += 4 + length


def _errors(records: bytes, begin: int) -> Iterator[tuple[tuple[int, int], str]]:
    for kind, at, length in _records(records, begin):
        if kind == _BOOLEAN_OR_ERROR and length >= 8 and records[at + 7]:
            code = records[at + 6]
        elif kind == _FORMULA and length >= 14 and records[at + 12 : at + 14] == b"\xff\xff" and (
            records[at + 6] == 2  # of text, booleans and blanks it is another
        ):  # fmt: skip
            code = records[at + 8]
        else:
            continue
        row, column = struct.unpack_from("<HH", records, at)
        yield (row, column), _ERRORS.get(code, "#")


def unread_in_document(stream: IO[bytes], sheet: str) -> Mapping[tuple[int, int], str]:
    """Return the errors in a sheet of the content of an OpenDocument spreadsheet, by row and column from 0.

    >>> cell = b'<c:table-cell o:string-value="" c:value-type="error"><t:p>#REF!</t:p></c:table-cell>'
    >>> text = b'<s><c:table c:name="A"><c:table-row><c:table-cell/>%b</c:table-row></c:table></s>' % cell
    >>> unread_in_document(BytesIO(text), "A")
    {(0, 1): '#REF!'}
    """
    document = _Document(sheet)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = document.start, document.end
    parser.CharacterDataHandler = document.text
    while block := stream.read(_BLOCK):
        parser.Parse(block)
    parser.Parse(b"", True)
    return document.found


def suspicious_document(text: bytes) -> bool:
    """Return whether a piece of such a document may hold an error."""
    return b'"error"' in text or b'string-value=""' in text


class _Document:
    """What the elements of the document have said so far of one sheet."""

    def __init__(self, sheet: str) -> None:
        self.found: dict[tuple[int, int], str] = {}
        self._sheet, self._here = sheet, False
        self._rows, self._columns = range(0), range(0)
        self._blank = self._paragraph = False
        self._noted, self._said = 0, ""

    def start(self, tag: str, values: Mapping[str, str]) -> None:
        """Take in where a sheet, a row or a cell stands, and whether the cell is given as blank."""
        said = {key.rpartition(":")[2]: value for key, value in values.items()} if self._here else {}
        match tag.rpartition(":")[2]:
            case "table":
                self._here = values.get(f"{tag.rpartition(':')[0]}:name") == self._sheet
                self._rows = range(0)
            case "table-row":
                self._rows = _after(self._rows, said.get("number-rows-repeated"))
                self._columns = range(0)
            case "table-cell" | "covered-table-cell":
                self._columns = _after(self._columns, said.get("number-columns-repeated"))
                self._blank = "error" in values.values() or said.get("string-value") == ""
                self._said = ""
            case "annotation":
                self._noted += 1
            case "p":
                self._paragraph = not self._noted

    def text(self, text: str) -> None:
        """Take in what a cell shows."""
        if self._here and self._blank and self._paragraph:
            self._said += text

    def end(self, tag: str) -> None:
        """Keep a cell, as it ends, that shows something and is given as blank."""
        match tag.rpartition(":")[2]:
            case "p":
                self._paragraph = False
            case "annotation":
                self._noted -= 1
            case "table-cell" | "covered-table-cell" if self._here and self._blank and self._said:
                self.found |= dict.fromkeys(product(self._rows, self._columns), self._said)
                self._blank = False
            case "table":
                self._here = False


def _after(before: range, times: str | None) -> range:
    return range(before.stop, before.stop + int(times or 1))
