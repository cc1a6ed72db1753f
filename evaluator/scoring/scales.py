"""From a measure to a score: one expression for each way of joining the points of a scale."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import narwhals as nw

from evaluator.brief import Brief
from evaluator.columns import bands, beyond, polyline
from evaluator.tree.shapes import SCALES, Basis, Join, Shape, shape_of
from evaluator.tree.types import RELATIVE, Scale

__all__ = ["SCALES", "Scored", "scored"]


@dataclass(frozen=True)
class Scored(Brief):
    """A scale applied: the score, null where it is unknown, and 1 where the measure lay beyond the ends.

    `points` are those of a scale of straight lines.
    """

    score: nw.Expr
    beyond: nw.Expr
    points: tuple[tuple[float, float], ...] = ()


_NOTHING_BEYOND = nw.lit(0, nw.Int16)


def scored(scale: Scale, measure: nw.Expr, basis: Basis) -> Scored:
    """Return the score of a measure on a scale; null where the measure is null.

    A measure that no customer of the population had cannot be placed: its score is null.
    """
    shape = shape_of(scale, basis)
    if isinstance(scale, RELATIVE) and basis.distribution is None and basis.moments is None:
        raise ValueError(f"a {scale.kind} scale is scored by a fitted model only")
    if isinstance(scale, RELATIVE) and not shape.points:
        return Scored(nw.lit(None, nw.Float64), _NOTHING_BEYOND)
    return JOINED[shape.join](measure, shape)


def reach(shape: Shape) -> tuple[float, float] | None:
    """Return the measures beyond which a shape tells customers apart no more; None where it has no ends."""
    match shape.join:
        case "lines":
            return shape.points[0][0], shape.points[-1][0]
        case "line" if shape.ends is not None:
            return min(shape.points)[0], max(shape.points)[0]
        case "extended":
            points = _extended_points(shape)
            return points[0][0], points[-1][0]
        case "logarithms":
            return min(shape.points)[0], max(shape.points)[0]
        case "sides":
            return shape.measures[0], shape.measures[-1]
        case "grades":
            return shape.range
    return None


def _beyond(measure: nw.Expr, shape: Shape) -> nw.Expr:
    ends = reach(shape)
    return beyond(measure, *ends) if ends else _NOTHING_BEYOND


def _lines(measure: nw.Expr, shape: Shape, points: Sequence[tuple[float, float]]) -> Scored:
    return Scored(polyline(measure, points), _beyond(measure, shape), tuple(points))


def _line(measure: nw.Expr, shape: Shape) -> Scored:
    if shape.ends is None:
        return Scored(polyline(measure, shape.points), _NOTHING_BEYOND)
    return _lines(measure, shape, sorted(shape.points))


def _extended(measure: nw.Expr, shape: Shape) -> Scored:
    """Return y₀ + (y₁ − y₀)·(x − x₀)/(x₁ − x₀), within the range."""
    return _lines(measure, shape, _extended_points(shape))


def _extended_points(shape: Shape) -> list[tuple[float, float]]:
    (x0, y0), (x1, y1) = shape.points
    slope = (x1 - x0) / (y1 - y0)
    return sorted((x0 + (score - y0) * slope, score) for score in shape.range)


def _logarithms(measure: nw.Expr, shape: Shape) -> Scored:
    """Return the score on a straight line over ln x; a measure at or below 0 lies beyond the lower end."""
    (x0, y0), (x1, y1) = sorted(shape.points)
    within = measure.clip(x0, x1)  # above 0, so the logarithm stays on the real line
    return Scored(polyline(within.log(), [(math.log(x0), y0), (math.log(x1), y1)]), _beyond(measure, shape))


def _curve(measure: nw.Expr, shape: Shape) -> Scored:
    """Return low + (high − low) / (1 + exp(−k(x − half))), k so that `nine_tenths` earns 0.9 of the range."""
    half, nine_tenths = shape.measures
    low, high = shape.range
    k = math.log(9) / (nine_tenths - half)
    # Beyond ±50 the curve is flat in float64, while exp overflows on some engines.
    exponent = ((measure - half) * -k).clip(-50.0, 50.0)
    share = nw.lit(1.0) / (exponent.exp() + 1.0)
    return Scored(share * (high - low) + low, _NOTHING_BEYOND)


def _sides(measure: nw.Expr, shape: Shape) -> Scored:
    """Return the highest score between the inner two points, falling to the lowest at the outer two.

    Two points may coincide: the side then is a step, which a measure reaches as it reaches a cut.
    """
    a, b, c, d = shape.measures
    rise = _side(measure, a, b, shape.range)
    fall = _side(-measure, -d, -c, shape.range)
    # rise and fall are never below the top together, so their loss adds up to the loss of the one
    return Scored(rise + fall - shape.range[1], _beyond(measure, shape))


def _side(measure: nw.Expr, foot: float, top: float, range_: tuple[float, float]) -> nw.Expr:
    low, high = range_
    if foot == top:
        return bands(measure, [(top, high)], low)
    return polyline(measure, [(foot, low), (top, high)])


def _steps(measure: nw.Expr, shape: Shape) -> Scored:
    """Return the score of the highest step reached. A table has no ends, so nothing lies beyond it."""
    return Scored(bands(measure, shape.points[1:], shape.scores[0]), _NOTHING_BEYOND)


def _categories(measure: nw.Expr, shape: Shape) -> Scored:
    """Return the score listed for a category; one that is not listed is unknown, never a low score."""
    score = nw.lit(None, nw.Float64)
    for category, value in shape.points:
        score = nw.when(measure == category).then(nw.lit(value, nw.Float64)).otherwise(score)
    return Scored(score, _NOTHING_BEYOND)


def _grades(measure: nw.Expr, shape: Shape) -> Scored:
    """Return the raters' combined grade score, which is a score already, within the range."""
    return Scored(measure.clip(*shape.range), _beyond(measure, shape))


JOINED: dict[Join, Callable[[nw.Expr, Shape], Scored]] = {
    "lines": lambda measure, shape: _lines(measure, shape, shape.points),
    "line": _line,
    "extended": _extended,
    "logarithms": _logarithms,
    "curve": _curve,
    "steps": _steps,
    "sides": _sides,
    "categories": _categories,
    "grades": _grades,
}
