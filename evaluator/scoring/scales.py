"""Scales: from a measure to a score. One implementation for each scale a tree may name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import narwhals as nw

from evaluator.columns import bands, beyond, polyline
from evaluator.registry import Registry
from evaluator.scoring.model import Distribution
from evaluator.tree.types import Graded, Linear, Lookup, Percentile, Piecewise, Scale, Step, Trapezoid


@dataclass(frozen=True)
class Scored:
    """A scale applied: the score, null where it is unknown, and 1 where the measure lay beyond the ends."""

    score: nw.Expr
    beyond: nw.Expr


@dataclass(frozen=True)
class Basis:
    """What a scale needs besides itself: the tree's range of scores, the population where it is relative."""

    low: float
    high: float
    distribution: Distribution | None = None

    def at(self, share: float) -> float:
        """Return the score at a share of the range."""
        return self.low + (self.high - self.low) * share


# A scale of its own type, the column of its measure, its basis. Each function takes only its own type,
# which the registry's key, the scale's `kind`, guarantees.
ScaleFunction = Callable[..., Scored]

SCALES: Registry[ScaleFunction] = Registry("scale")

_NOTHING_BEYOND = nw.lit(0, nw.Int16)


def scored(scale: Scale, measure: nw.Expr, basis: Basis) -> Scored:
    """Return the score of a measure on a scale; null where the measure is null."""
    return SCALES[scale.kind].function(scale, measure, basis)


@SCALES.register(
    "piecewise",
    zh="分段线性评分",
    en="straight lines between points",
    reference="stated points",
    laws=("ends",),
)
def piecewise(scale: Piecewise, measure: nw.Expr, basis: Basis) -> Scored:
    """Return the score on straight lines between stated points; beyond the ends the end scores hold."""
    return _lines(measure, scale.points)


@SCALES.register(
    "linear",
    zh="线性评分",
    en="one straight line",
    reference="worst and best measure",
    laws=("monotone", "ends"),
)
def linear(scale: Linear, measure: nw.Expr, basis: Basis) -> Scored:
    """Return the score between the worst measure (lowest score) and the best one (highest score)."""
    ends = sorted([(scale.worst, basis.low), (scale.best, basis.high)])
    return _lines(measure, ends)


@SCALES.register("step", zh="分档评分", en="grading table", reference="评分标准", laws=("steps",))
def step(scale: Step, measure: nw.Expr, basis: Basis) -> Scored:
    """Return the score of the highest step reached. A table has no ends, so nothing lies beyond it."""
    score = bands(measure, scale.steps, scale.below)
    return Scored(score, _NOTHING_BEYOND)


@SCALES.register(
    "trapezoid", zh="适度区间评分", en="interval with four points", reference="适度指标", laws=("ends",)
)
def trapezoid(scale: Trapezoid, measure: nw.Expr, basis: Basis) -> Scored:
    """Return the highest score between the inner two points, falling to the lowest at the outer two.

    Two points may coincide: the side then is a step, which a measure reaches as it reaches a cut.
    """
    a, b, c, d = scale.points
    rise = _side(measure, a, b, basis)
    fall = _side(-measure, -d, -c, basis)
    # rise and fall are never below the top together, so their loss adds up to the loss of the one
    return Scored(rise + fall - basis.high, beyond(measure, a, d))


@SCALES.register(
    "percentile",
    zh="百分位评分",
    en="standing in the population",
    reference="mid-distribution function; Parzen (2004), Statistical Science 19(4)",
    laws=("monotone", "relative", "ends"),
)
def percentile(scale: Percentile, measure: nw.Expr, basis: Basis) -> Scored:
    """Return the share of the fitted population that stands worse, ties counting half, as a score.

    The population is the model's, frozen: nobody's score depends on who else is being scored. The
    best of n customers is at 1 − 1/(2n), not at 1; with ``best: low`` the shares are mirrored. A
    measure no customer of the population had cannot be placed: its score is null.
    """
    if basis.distribution is None:
        raise ValueError("a percentile scale is scored by a fitted model only")
    if not basis.distribution.knots:
        return Scored(nw.lit(None, nw.Float64), _NOTHING_BEYOND)
    high = scale.best == "high"
    return _lines(
        measure, [(x, basis.at(share if high else 1 - share)) for x, share in basis.distribution.knots]
    )


@SCALES.register("lookup", zh="类别评分", en="score of each category", reference="stated scores")
def lookup(scale: Lookup, measure: nw.Expr, basis: Basis) -> Scored:
    """Return the score listed for a category; one that is not listed is unknown, never a low score."""
    score = nw.lit(None, nw.Float64)
    for category, value in scale.scores.items():
        score = nw.when(measure == category).then(nw.lit(value, nw.Float64)).otherwise(score)
    return Scored(score, _NOTHING_BEYOND)


@SCALES.register(
    "graded", zh="评语评分", en="grades of raters", reference="评语集", laws=("monotone", "ends")
)
def graded(scale: Graded, measure: nw.Expr, basis: Basis) -> Scored:
    """Return the raters' combined grade score, which is a score already, within the range."""
    return Scored(measure.clip(basis.low, basis.high), beyond(measure, basis.low, basis.high))


def _lines(measure: nw.Expr, points: list[tuple[float, float]] | tuple[tuple[float, float], ...]) -> Scored:
    return Scored(polyline(measure, points), beyond(measure, points[0][0], points[-1][0]))


def _side(measure: nw.Expr, foot: float, top: float, basis: Basis) -> nw.Expr:
    if foot == top:
        return bands(measure, [(top, basis.high)], basis.low)
    return polyline(measure, [(foot, basis.low), (top, basis.high)])
