"""Measures of a sheet: how wide text is, how high its row must be, what a sheet may be called."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from itertools import count
from unicodedata import east_asian_width

_LONGEST_SHEET_NAME = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f\ud800-\udfff]")
_LINE = 1.45  # height of a line over the size of its font: Chinese fonts stand tall
_LATIN = 0.92  # width of a Latin letter, on average, over that of a digit
USUAL_ROW = 16.5  # points, of a row without wrapped text
_PIXEL = 0.75  # points; heights in between are not kept


def text_width(text: str) -> int:
    """Return the width of a line of text in columns: Chinese characters are two wide.

    >>> text_width("权重 w")
    6
    """
    return math.ceil(sum(2 if east_asian_width(character) in "WFA" else _LATIN for character in text))


def lines(text: str, width: float) -> int:
    """Return how many lines text takes when wrapped in a column of this width, in characters.

    >>> lines("毛利润比购买频率重要", 11), lines("one\\ntwo", 20)
    (2, 2)
    """
    usable = max(width - 1, 1)
    return sum(max(1, math.ceil(text_width(line) / usable)) for line in text.split("\n"))


def row_height(count_of_lines: int, size: float) -> float:
    """Return the height, in points, of a row of so many lines in a font of this size."""
    return max(USUAL_ROW, math.ceil((count_of_lines * size * _LINE + 3) / _PIXEL) * _PIXEL)


def sheet_name(wanted: str, taken: Iterable[str] = ()) -> str:
    """Return a name Excel accepts for a sheet, different from those taken whatever the case.

    >>> sheet_name("利润/收入: 2024?"), sheet_name("Scores", ["scores"])
    ('利润 收入  2024', 'Scores (2)')
    """
    used = {name.casefold() for name in taken} | {"history"}  # Excel keeps this name for itself
    base = _FORBIDDEN.sub(" ", wanted).strip().strip("'").strip() or "Sheet"
    suffixes = ("" if number == 1 else f" ({number})" for number in count(1))
    names = (_cut(base, _LONGEST_SHEET_NAME - len(suffix)).rstrip(" '") + suffix for suffix in suffixes)
    return next(name for name in names if name.casefold() not in used)


def _cut(text: str, longest: int) -> str:
    """Shorten text to so many UTF-16 units, which is how Excel counts."""
    while len(text.encode("utf-16-le")) // 2 > longest:
        text = text[:-1]
    return text
