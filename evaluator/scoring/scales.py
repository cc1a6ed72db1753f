"""Scales: from a measure to a score. One implementation for each scale a tree may name."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import narwhals as nw

from evaluator.columns import bands, beyond, polyline
from evaluator.registry import Registry
from evaluator.scoring.model import Distribution, Moments
from evaluator.tree.types import (
    Efficacy,
    Graded,
    Linear,
    Logarithmic,
    Logistic,
    Lookup,
    Percentile,
    Piecewise,
    Scale,
    Step,
    Trapezoid,
    ZScore,
)


@dataclass(frozen=True)
class Scored:
    """A scale applied: the score, null where it is unknown, and 1 where the measure lay beyond the ends.

    `points` are those of a scale of straight lines.
    """

    score: nw.Expr
    beyond: nw.Expr
    points: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Basis:
    """What a scale needs besides itself: the tree's range of scores, the population where it is relative."""

    low: float
    high: float
    distribution: Distribution | None = None
    moments: Moments | None = None

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


@SCALES.register(
    "z",
    zh="标准分评分",
    en="deviations from the mean of the population",
    reference="z = (x − μ) / σ",
    laws=("monotone", "relative", "ends"),
)
def z(scale: ZScore, measure: nw.Expr, basis: Basis) -> Scored:
    """Return the middle score at the population's mean, the ends at `reach` deviations from it.

    The mean and deviation are the model's, frozen. In a population of one value nobody stands out:
    whoever has a measure scores in the middle. Of no value at all, the score is null.
    """
    if basis.moments is None:
        raise ValueError("a z scale is scored by a fitted model only")
    if not basis.moments.count:
        return Scored(nw.lit(None, nw.Float64), _NOTHING_BEYOND)
    mean, reach = basis.moments.mean, basis.moments.deviation * scale.reach
    if not reach:
        return Scored(nw.when(~measure.is_null()).then(nw.lit(basis.at(0.5), nw.Float64)), _NOTHING_BEYOND)
    ends = (basis.low, basis.high) if scale.best == "high" else (basis.high, basis.low)
    return _lines(measure, [(mean - reach, ends[0]), (mean + reach, ends[1])])


@SCALES.register(
    "efficacy",
    zh="功效系数评分",
    en="efficacy coefficient",
    reference="功效系数法：60 + 40 (x − x₀) / (x₁ − x₀)",
    laws=("monotone", "ends"),
)
def efficacy(scale: Efficacy, measure: nw.Expr, basis: Basis) -> Scored:
    """Return base + (top − base)·(x − unacceptable)/(satisfactory − unacceptable), within the range."""
    slope = (scale.satisfactory - scale.unacceptable) / (scale.top - scale.base)
    ends = [(scale.unacceptable + (score - scale.base) * slope, score) for score in (basis.low, basis.high)]
    return _lines(measure, sorted(ends))


@SCALES.register(
    "logarithmic",
    zh="对数评分",
    en="logarithmic",
    reference="Fechner (1860)",
    laws=("monotone", "ends"),
)
def logarithmic(scale: Logarithmic, measure: nw.Expr, basis: Basis) -> Scored:
    """Return the score on a straight line over ln x; a measure at or below 0 lies beyond the lower end."""
    (x0, y0), (x1, y1) = sorted([(scale.worst, basis.low), (scale.best, basis.high)])
    within = measure.clip(x0, x1)  # above 0, so the logarithm stays on the real line
    return Scored(polyline(within.log(), [(math.log(x0), y0), (math.log(x1), y1)]), beyond(measure, x0, x1))


@SCALES.register(
    "logistic",
    zh="逻辑斯蒂评分",
    en="S-curve",
    reference="Verhulst (1838)",
    laws=("monotone",),
)
def logistic(scale: Logistic, measure: nw.Expr, basis: Basis) -> Scored:
    """Return low + (high − low) / (1 + exp(−k(x − half))), k so that `nine_tenths` earns 0.9 of the range."""
    k = math.log(9) / (scale.nine_tenths - scale.half)
    # Beyond ±50 the curve is flat in float64, while exp overflows on some engines.
    exponent = ((measure - scale.half) * -k).clip(-50.0, 50.0)
    share = nw.lit(1.0) / (exponent.exp() + 1.0)
    return Scored(share * (basis.high - basis.low) + basis.low, _NOTHING_BEYOND)


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
    return Scored(polyline(measure, points), beyond(measure, points[0][0], points[-1][0]), tuple(points))


def _side(measure: nw.Expr, foot: float, top: float, basis: Basis) -> nw.Expr:
    if foot == top:
        return bands(measure, [(top, basis.high)], basis.low)
    return polyline(measure, [(foot, basis.low), (top, basis.high)])
