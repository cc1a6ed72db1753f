"""Cells that a parser of workbooks gives as blank though something stands in them.

An error (`#DIV/0!`) and a formula that no program has calculated yet are not the same as nothing: whoever
reads a table must be able to name them. Most sheets hold neither, which a quick look at their text tells.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import IO
from xml.parsers import expat

from evaluator.workbook.addresses import column

_BLOCK = 1 << 20
_NO_VALUE = rb"\s*<(?:/|[\w:]*v\s*/>|[\w:]*v>\s*</)"
# What follows the end of a formula, of one of its own or of one it shares with other cells.
_BARE_FORMULA = re.compile(rb"f>" + _NO_VALUE + rb"|si=[\"']\d+[\"'][^>]*/>" + _NO_VALUE)


def suspicious(text: bytes) -> bool:
    """Return whether a piece of a sheet may hold an error or a formula without a value.

    >>> suspicious(b'<c r="A1" t="e"><v>#REF!</v></c>'), suspicious(b'<c r="A1"><f>B1</f><v>2</v></c>')
    (True, False)
    """
    if b'"e"' in text or b"'e'" in text:
        return True
    return (b"f>" in text or b"si=" in text) and _BARE_FORMULA.search(text) is not None


def unread_cells(stream: IO[bytes]) -> Mapping[tuple[int, int], str]:
    """Return the error, or ``=`` and the formula, of the cells of a sheet that seem blank, by row and column.

    Rows and columns count from 0. A formula whose result is an empty text has a value.

    >>> from io import BytesIO
    >>> unread_cells(BytesIO(b'<s><row r="2"><c r="C2" t="e"><v>#REF!</v></c><c><f>A1</f></c></row></s>'))
    {(1, 2): '#REF!', (1, 3): '=A1'}
    """
    sheet = _Sheet()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = sheet.start, sheet.end
    parser.CharacterDataHandler = sheet.text
    while block := stream.read(_BLOCK):
        parser.Parse(block)
    parser.Parse(b"", True)
    return sheet.found


class _Sheet:
    """What the elements of a sheet have said so far."""

    def __init__(self) -> None:
        self.found: dict[tuple[int, int], str] = {}
        self._row = self._column = -1
        self._kind, self._inside = "", ""
        self._said: dict[str, str] = {}

    def start(self, tag: str, values: Mapping[str, str]) -> None:
        """Take in where a cell stands, and which part of it begins."""
        match tag.rpartition(":")[2]:
            case "row":
                self._row = int(values["r"]) - 1 if "r" in values else self._row + 1
                self._column = -1
            case "c":
                reference = values.get("r", "").rstrip("0123456789")
                self._column = column(reference.upper()) - 1 if reference else self._column + 1
                self._kind, self._said = values.get("t", "n"), {}
            case "f" | "v" as part:
                self._inside = part
                self._said[part] = ""

    def text(self, text: str) -> None:
        """Take in what the part of a cell says."""
        if self._inside:
            self._said[self._inside] += text

    def end(self, tag: str) -> None:
        """Keep a cell, as it ends, that holds an error or a formula without its value."""
        name = tag.rpartition(":")[2]
        if name in ("f", "v"):
            self._inside = ""
        if name != "c":
            return
        value = self._said.get("v", "").strip()
        if self._kind == "e":
            self.found[self._row, self._column] = value or "#"
        elif "f" in self._said and not value and self._kind != "str":
            formula = self._said["f"] or "…"  # the one it shares stands in another cell
            self.found[self._row, self._column] = f"={formula}"
