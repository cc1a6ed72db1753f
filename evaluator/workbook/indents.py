"""How far the text of a cell is indented, which tables of indicators use for their levels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO
from xml.parsers import expat

from evaluator.workbook.addresses import position

_BLOCK = 1 << 20


def indents(sheet: IO[bytes], styles: IO[bytes]) -> dict[tuple[int, int], int]:
    """Return the indent of each cell of a sheet that has one, by row and column from 0.

    Cells that do not say where they stand are left out: no program that indents leaves their place open.
    """
    by_style = _Styles()
    _parse(styles, by_style)
    cells = _Cells({str(number): indent for number, indent in enumerate(by_style.indents) if indent})
    _parse(sheet, cells)
    return cells.found


class _Styles:
    """The indent of each format of cells, in their order."""

    def __init__(self) -> None:
        self.indents: list[int] = []
        self._inside = False

    def start(self, tag: str, values: Mapping[str, str]) -> None:
        match tag.rpartition(":")[2]:
            case "cellXfs":
                self._inside = True
            case "xf" if self._inside:
                self.indents.append(0)
            case "alignment" if self._inside and self.indents:
                self.indents[-1] = int(values.get("indent", "0"))

    def end(self, tag: str) -> None:
        self._inside = self._inside and tag.rpartition(":")[2] != "cellXfs"


class _Cells:
    """The cells of a sheet whose format is indented."""

    def __init__(self, by_style: Mapping[str, int]) -> None:
        self.found: dict[tuple[int, int], int] = {}
        self._by_style = by_style

    def start(self, tag: str, values: Mapping[str, str]) -> None:
        indent = self._by_style.get(values.get("s", "0"))
        if indent and "r" in values and tag.rpartition(":")[2] == "c":
            self.found[position(values["r"])] = indent

    def end(self, tag: str) -> None:
        """Nothing ends that was begun."""


def _parse(stream: IO[bytes], elements: _Styles | _Cells) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = elements.start, elements.end
    while block := stream.read(_BLOCK):
        parser.Parse(block)
    parser.Parse(b"", True)
