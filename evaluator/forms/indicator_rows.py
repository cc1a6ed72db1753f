"""The rows of an indicator table as nodes: levels side by side, or one column told by numbers or indents."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter

from evaluator.forms.indicator_columns import Columns
from evaluator.forms.indicator_links import split_weight
from evaluator.workbook.reader import SheetValues

_TOTALS = ("合计", "总计", "小计", "total", "sum")
_NUMBER = re.compile(r"\d+(\.\d+)*\.?")

Area = tuple[int, int, int, int]  # first row, first column, last row, last column


@dataclass
class Row:
    """A criterion or indicator as the table has it: where it stands, its name, what is below, and the
    weight in percent that its label states."""

    row: int
    col: int
    name: str
    below: list[Row] = field(default_factory=list)
    weight: float | None = None


@dataclass(frozen=True)
class IndicatorSheet:
    """A sheet with its columns found, and how far the text of its cells is indented."""

    sheet: SheetValues
    columns: Columns
    indents: Mapping[tuple[int, int], int]

    def nodes(self) -> list[Row]:
        """Return the nodes below the root, each with those below it."""
        found = self._by_levels() if self.columns.levels else self._by_outline()
        _take_weights(found)
        return found

    def unnamed(self) -> Iterator[int]:
        """Yield the rows that say something of an indicator without naming one."""
        for row in self._rows() if self.columns.levels else ():
            said = any(self.text(row, col) for col in self.columns.fields.values())
            if said and not self.text(row, self.columns.name):
                yield row

    def text(self, row: int, col: int) -> str:
        """Return what a cell holds as text; empty where it holds nothing."""
        value = self.sheet.value(row, col)
        return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value).strip()

    def field(self, row: int, name: str) -> str:
        """Return what a row says in a field, empty where the table has no column for it."""
        col = self.columns.fields.get(name)
        return self.text(row, col) if col is not None else ""

    def _by_levels(self) -> list[Row]:
        roots: list[Row] = []
        above: list[Row] = []
        before: list[str] = []
        for row in self._rows():
            levels = [self._level(row, col) for col in self.columns.levels]
            before = levels = levels if self._merges else _filled_down(levels, before)
            while above and [node.name for node in above] != [name for name in levels if name][: len(above)]:
                above.pop()
            for col, name in zip(self.columns.levels, levels, strict=True):
                if name and name not in [node.name for node in above]:
                    node = Row(row, col, name)
                    (above[-1].below if above else roots).append(node)
                    above.append(node)
            if name := self.text(row, self.columns.name):
                (above[-1].below if above else roots).append(Row(row, self.columns.name, name))
        return roots

    def _by_outline(self) -> list[Row]:
        roots: list[Row] = []
        above: list[tuple[float, Row]] = []
        for row in self._rows():
            raw = str(self.sheet.value(row, self.columns.name) or "")
            name = _NUMBER.sub("", raw.strip(), count=1) if raw.strip()[:1].isdigit() else raw
            name = name.strip(" 、.．　\t")
            if not name:
                continue
            depth = self._depth(row, raw)
            while above and above[-1][0] >= depth:
                above.pop()
            node = Row(row, self.columns.name, name)
            (above[-1][1].below if above else roots).append(node)
            above.append((depth, node))
        return roots

    def _depth(self, row: int, raw: str) -> float:
        """Return how deep a row lies: by its number 1.2.3, else by leading spaces, else by its indent."""
        if number := _NUMBER.match(self.field(row, "code") or raw.strip()):
            return number[0].rstrip(".").count(".")
        spaces = len(raw) - len(raw.lstrip())
        return spaces or self.indents.get((row, self.columns.name), 0)

    def _rows(self) -> Iterator[int]:
        for row in range(self.columns.row + 1, len(self.sheet.rows)):
            first = next((str(cell).strip() for cell in self.sheet.rows[row] if str(cell).strip()), "")
            if first and first.lower() not in _TOTALS:
                yield row

    @cached_property
    def _blocks(self) -> dict[int, list[Area]]:
        """The merged blocks that lie in the column of each level, from the first row on."""
        return {
            col: sorted(area for area in self.sheet.merged if area[1] <= col <= area[3])
            for col in self.columns.levels
        }

    @cached_property
    def _merges(self) -> bool:
        """Whether levels are merged: then an empty cell beside a block means no criterion."""
        below = [area for area in self.sheet.merged if area[0] > self.columns.row]
        return any(area[1] in self.columns.levels for area in below)

    def _level(self, row: int, col: int) -> str:
        """Return the criterion a row belongs to at one level; a block counts in its first column only."""
        place = bisect_right(self._blocks[col], row, key=itemgetter(0)) - 1
        block = self._blocks[col][place] if place >= 0 else (0, 0, -1, 0)
        if row > block[2]:
            return self.text(row, col)
        return self.text(block[0], col) if block[1] == col else ""


def _take_weights(nodes: Sequence[Row]) -> None:
    """Take weights in percent out of the labels."""
    for node in nodes:
        node.name, node.weight = split_weight(node.name)
        _take_weights(node.below)


def _filled_down(levels: Sequence[str], before: Sequence[str]) -> list[str]:
    """Fill a level from the row above while nothing to its left has changed."""
    filled: list[str] = []
    for place, name in enumerate(levels):
        same = place < len(before) and filled == list(before[:place])
        filled.append(name or (before[place] if same else ""))
    return filled
