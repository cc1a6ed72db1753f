"""Scales as spreadsheet formulas: the cells a scale rests on, and what computes the score from them.

The points of a scale stand in cells called ``x.<indicator>.<number>`` and ``y.<indicator>.<number>``;
the ends of the range of scores in ``score.least`` and ``score.most``. Each formula takes the name of
the cell that holds the measure and follows `scoring.scales` step by step.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from evaluator.columns import TOLERANCE, leeway
from evaluator.reports.anchors import grade_words
from evaluator.reports.context import Context
from evaluator.tree import Indicator
from evaluator.tree.shapes import Join, Shape, shape_of

NEAR = "1E-9"  # a cut of a score is reached at least this close under it, as in the engine

Measure = float | str | None


@dataclass(frozen=True, slots=True)
class ScalePoint:
    """A line of a scale: the measure (None where a word stands for it) and its score."""

    measure: Measure
    score: float | None
    word: str = ""


@dataclass(frozen=True)
class LiveScale:
    """A scale in cells: its points, and the formulas of score, of being known, and of its two ends."""

    points: tuple[ScalePoint, ...]
    score: str
    known: str
    ends: tuple[str, str] | None
    end_values: tuple[float, float] | None


Ends = tuple[tuple[str, str], tuple[float, float]]  # formulas of both ends, and what they come to now
Writer = Callable[[str, int, str], str]


def live_scale(leaf: Indicator, cell: str, context: Context) -> LiveScale:
    """Return an indicator's scale in cells; `cell` names the one that holds the measure."""
    model = context.evaluation.model
    shape = shape_of(leaf.scale, model.basis(leaf))
    points = _points(leaf, shape, context)
    count = len(points)
    measure = f"{{{cell}}}"
    known = f"IF(ISNUMBER({measure}),1,0)"
    if shape.join == "categories":
        known = f"SUMPRODUCT(EXACT({measure},{_all('x', leaf.id, count)})*1)"
    elif not points:
        known = "0"  # a population that never had the measure places nobody
    if leaf.id in model.unobserved:
        return LiveScale(points, '""', "0", None, None)
    limits = model.limits.get(leaf.id)
    held = f"MAX({limits[0]!r},MIN({limits[1]!r},{measure}))" if limits else measure
    score = SCORES[shape.join](leaf.id, count, held) if points else '""'
    return LiveScale(points, score, known, *(_within(_ends(leaf.id, shape), limits) or (None, None)))


def _points(leaf: Indicator, shape: Shape, context: Context) -> tuple[ScalePoint, ...]:
    points = tuple(ScalePoint(measure, score) for measure, score in shape.points)
    if shape.join == "steps":
        return (ScalePoint(None, shape.scores[0], context.text("workbook.below_first")), *points[1:])
    if shape.join == "grades":
        words = grade_words(leaf, context)
        return tuple(ScalePoint(None, score, word) for score, word in zip(shape.scores, words, strict=True))
    return points


def _within(ends: Ends | None, limits: tuple[float, float] | None) -> Ends | None:
    """Return the ends of a scale whose measure is winsorised: its limits, where they lie inside."""
    if limits is None:
        return ends
    low, high = limits
    if ends is None:
        return (repr(low), repr(high)), limits
    (first, last), (least, most) = ends
    return (f"MAX({first},{low!r})", f"MIN({last},{high!r})"), (max(least, low), min(most, high))


def _ends(leaf: str, shape: Shape) -> Ends | None:
    if shape.join == "grades":
        return ("{score.least}", "{score.most}"), shape.range
    if shape.join == "extended":
        return _ends_of_line(leaf, shape)
    if shape.ends is None:
        return None
    between = f"{_cell('x', leaf, 1)},{_cell('x', leaf, len(shape.points))}"
    return (f"MIN({between})", f"MAX({between})"), shape.ends


def _ends_of_line(leaf: str, shape: Shape) -> Ends:
    """Return where a line through two points reaches the lowest and the highest score."""
    (x_1, y_1), (x_2, y_2) = shape.points
    slope = (x_2 - x_1) / (y_2 - y_1)
    at = [x_1 + (score - y_1) * slope for score in shape.range]
    (x1, x2), (y1, y2) = (tuple(_cell(side, leaf, i) for i in (1, 2)) for side in "xy")
    cells = [f"{x1}+({{score.{end}}}-{y1})*({x2}-{x1})/({y2}-{y1})" for end in ("least", "most")]
    between = ",".join(cells)
    return (f"MIN({between})", f"MAX({between})"), (min(at), max(at))


# --- from the measure to the score ------------------------------------------------------------------


def _lines(leaf: str, count: int, measure: str) -> str:
    """Return the height of straight lines: each segment adds the part of it that was passed."""
    start = _cell("y", leaf, 1)
    if count == 1:
        return start
    x0, x1 = _some("x", leaf, 1, count - 1), _some("x", leaf, 2, count)
    y0, y1 = _some("y", leaf, 1, count - 1), _some("y", leaf, 2, count)
    passed = f"({measure}>{x0})*({measure}<{x1})*({measure}-{x0})+({measure}>={x1})*({x1}-{x0})"
    return f"{start}+SUMPRODUCT(({passed})*({y1}-{y0})/({x1}-{x0}))"


def _line(leaf: str, count: int, measure: str) -> str:
    return _cell("y", leaf, 1) if count == 1 else _within_ends(leaf, measure, "{}".format)


def _between(leaf: str, count: int, measure: str) -> str:
    """Return the height of one line wherever it lies, within the range of scores."""
    (x1, x2), (y1, y2) = (tuple(_cell(side, leaf, i) for i in (1, 2)) for side in "xy")
    line = f"{y1}+({y2}-{y1})*({measure}-{x1})/({x2}-{x1})"
    return f"MAX({{score.least}},MIN({{score.most}},{line}))"


def _logarithms(leaf: str, count: int, measure: str) -> str:
    return _within_ends(leaf, measure, "LN({})".format)


def _within_ends(leaf: str, measure: str, of: Callable[[str], str]) -> str:
    """Return the height of one line over a function of the measure; beyond its ends their heights hold."""
    (x1, x2), (y1, y2) = (tuple(_cell(side, leaf, i) for i in (1, 2)) for side in "xy")
    inside = f"MAX(MIN({x1},{x2}),MIN(MAX({x1},{x2}),{measure}))"
    return f"{y1}+({y2}-{y1})*({of(inside)}-{of(x1)})/({of(x2)}-{of(x1)})"


def _curve(leaf: str, count: int, measure: str) -> str:
    half, nine_tenths = _cell("x", leaf, 1), _cell("x", leaf, 2)
    exponent = f"MAX(-50,MIN(50,({half}-{measure})*LN(9)/({nine_tenths}-{half})))"
    return f"{{score.least}}+({{score.most}}-{{score.least}})/(1+EXP({exponent}))"


def _steps(leaf: str, count: int, measure: str) -> str:
    bounds = _some("x", leaf, 2, count)
    reached = f"SUMPRODUCT({reached_of(measure, bounds, math.inf)}*1)"
    return f"INDEX({_all('y', leaf, count)},1+{reached})"


def _sides(leaf: str, count: int, measure: str) -> str:
    """Return rise + fall − top: where two points coincide, a side is a step."""
    a, b, c, d = (_cell("x", leaf, i) for i in range(1, 5))
    low, high = _cell("y", leaf, 1), _cell("y", leaf, 2)
    rise = f"{low}+({high}-{low})*(MAX({a},MIN({measure},{b}))-{a})/({b}-{a})"
    fall = f"{low}+({high}-{low})*({d}-MAX({c},MIN({measure},{d})))/({d}-{c})"
    up = f"IF({b}>{a},{rise},IF({b}-{leeway_of(b)}<={measure},{high},{low}))"
    down = f"IF({d}>{c},{fall},IF({measure}<={c}+{leeway_of(c)},{high},{low}))"
    return f"{up}+{down}-{high}"


def _categories(leaf: str, count: int, measure: str) -> str:
    return f"SUMPRODUCT(EXACT({measure},{_all('x', leaf, count)})*{_all('y', leaf, count)})"


def _grades(leaf: str, count: int, measure: str) -> str:
    return f"MAX({{score.least}},MIN({{score.most}},{measure}))"


def leeway_of(cut: str) -> str:
    """Return the formula of `columns.leeway` for the formula of a cut."""
    return f"MAX({NEAR},1E-12*ABS({cut}))"


def reached_of(value: str, cuts: str, largest: float) -> str:
    """Return the formula of `columns.reaches` for each of several cells, to be summed.

    `largest` is what no cut exceeds in size: up to 1,000 the leeway is the same for all.
    """
    return f"({cuts}-{_leeway_of_each(cuts, largest)}<={value})"


def near_of(value: str, cuts: str, margin: str, largest: float) -> str:
    """Return the formula of `columns.within` for each of several cells, to be summed."""
    low, high = f"({cuts}-{margin})", f"({cuts}+{margin})"
    return f"{reached_of(value, low, largest)}*({value}<={high}+{_leeway_of_each(high, largest)})"


def _leeway_of_each(cuts: str, largest: float) -> str:
    """Return the formula of `columns.leeway` for each of several cells: MAX would take one of all."""
    if leeway(largest) == TOLERANCE:
        return NEAR
    size = f"ABS({cuts})"
    return f"({NEAR}*({size}<=1000)+1E-12*{size}*({size}>1000))"


def _cell(side: str, leaf: str, number: int) -> str:
    return f"{{{side}.{leaf}.{number}}}"


def _some(side: str, leaf: str, first: int, last: int) -> str:
    return f"{{{side}.{leaf}.{first}:{side}.{leaf}.{last}}}"


def _all(side: str, leaf: str, count: int) -> str:
    return _some(side, leaf, 1, count)


SCORES: dict[Join, Writer] = {
    "lines": _lines,
    "line": _line,
    "extended": _between,
    "logarithms": _logarithms,
    "curve": _curve,
    "steps": _steps,
    "sides": _sides,
    "categories": _categories,
    "grades": _grades,
}
