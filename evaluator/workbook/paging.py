"""Where the pages of a printed sheet end: between its blocks of rows, not within them."""

from __future__ import annotations

from collections.abc import Sequence

_UPRIGHT = (523.0, 720.0)  # width and height in points of an A4 page, without margins and foot
_LYING = (770.0, 474.0)
_COLUMN, _DIGIT = 3.75, 5.25  # points of an empty column, and of each character in it
_LEAST = 0.6  # of their size, so that letters of 10 points are still read
_LITTLE = 0.25  # of a page: it is not ended for so little


def page_height(widths: Sequence[float], *, landscape: bool) -> float:
    """Return how many points of rows a page holds when the columns, in characters, fill its width.

    >>> page_height([40, 40], landscape=False), round(page_height([80] * 2, landscape=False))
    (720.0, 1167)
    """
    across, down = _LYING if landscape else _UPRIGHT
    width = sum(_COLUMN + _DIGIT * width for width in widths)
    return down * max(1.0, width / across)


def fits(height: float, page: float, *, landscape: bool) -> bool:
    """Whether rows of this height are printed on one page, smaller if need be but still to be read.

    >>> fits(1100, 838, landscape=False), fits(1500, 838, landscape=False)
    (True, False)
    """
    down = (_LYING if landscape else _UPRIGHT)[1]
    return height <= max(page, down / _LEAST)


def breaks(heights: Sequence[float], starts: Sequence[int], page: float) -> tuple[int, ...]:
    """Return the rows before which a page ends, so that no block is broken that fits on a page.

    `heights` are those of all rows in points, `starts` the first rows of the blocks, in order.

    >>> breaks([10] * 12, [0, 4, 9], 80), breaks([10] * 12, [0, 2], 80)
    ((4,), ())
    """
    found: list[int] = []
    used = 0.0
    for start, end in zip(starts, (*starts[1:], len(heights)), strict=True):
        block = sum(heights[start:end])
        if used > page * _LITTLE and used + block > page >= block:
            found.append(start)
            used = 0.0
        used = (used + block) % page if used + block > page else used + block
    return tuple(found)


def excerpt(rows: int, starts: Sequence[int]) -> int:
    """Return how many of the first rows are printed: whole blocks, where the last one begins past half.

    >>> excerpt(40, [0, 30, 38, 60]), excerpt(40, [0, 10, 60]), excerpt(40, [0, 40])
    (38, 40, 40)
    """
    whole = [start for start in starts if rows / 2 < start <= rows]
    return whole[-1] if whole else rows
