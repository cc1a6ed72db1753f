"""The shape of a scale: the points it states, and how they are joined.

This is the only place that tells what a kind of scale does. Scoring, the checks of a tree, live formulas
and words read the shape, and know ways of joining points, not kinds of scale.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from evaluator.brief import Brief
from evaluator.documents import Format
from evaluator.labels import Count, NonNegative
from evaluator.registry import Registry
from evaluator.tree.types import (
    Efficacy,
    Grade,
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

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

N = TypeVar("N", "float", "NDArray[np.float64]")

Join = Literal[
    "lines",  # straight from point to point, measures rising; beyond the ends the end scores hold
    "line",  # one straight line between two points in any order; beyond them their scores hold
    "extended",  # one straight line through two points, which runs on to the ends of the range
    "logarithms",  # as a line, over the logarithm of the measure
    "curve",  # an S through the middle of the range and nine tenths of it; it has no ends
    "steps",  # the score of the highest point reached; the first has no bound below
    "sides",  # up from the first point to the second, down from the third to the fourth; two may coincide
    "categories",  # each measure is a word and has its own score
    "grades",  # the measure is a score already: the one raters' grades come to
]


class Distribution(Format):
    """How a measure is distributed among the customers the model was fitted on.

    `knots` are (measure, share of customers below it, ties counting half), rising in both; between
    knots the share runs straight. `count` customers had the measure; where nobody had, there are no
    knots, and the model cannot score it.
    """

    knots: tuple[tuple[float, float], ...]
    count: Count


class Moments(Format):
    """Mean and standard deviation (n as divisor) of a measure over the `count` customers who had it."""

    mean: float
    deviation: NonNegative
    count: Count


@dataclass(frozen=True)
class Basis(Brief):
    """What a scale rests on besides itself: the tree's range of scores and grades, and its population."""

    low: float
    high: float
    distribution: Distribution | None = None
    moments: Moments | None = None
    grades: tuple[Grade, ...] = ()

    def at(self, share: N) -> N:
        """Return the score at a share of the range, or at many."""
        return self.low + (self.high - self.low) * share


@dataclass(frozen=True)
class Shape(Brief):
    """The points (measure, score) a scale states and how they are joined, within a range of scores.

    A relative scale has no points where its population is unknown or never had the measure.
    """

    points: tuple[tuple[Any, float], ...]
    join: Join
    range: tuple[float, float]

    @property
    def measures(self) -> tuple[Any, ...]:
        """The measures of the points."""
        return tuple(measure for measure, _ in self.points)

    @property
    def scores(self) -> tuple[float, ...]:
        """The scores of the points."""
        return tuple(score for _, score in self.points)

    @property
    def rises(self) -> bool:
        """Whether the points stand in the order that joining them needs."""
        if self.join in ("lines", "steps"):
            return all(a < b for a, b in pairwise(self.measures))
        if self.join == "sides":
            return all(a <= b for a, b in pairwise(self.measures))
        return self.join != "extended" or all(a < b for a, b in pairwise(self.scores))

    @property
    def changes(self) -> tuple[float, ...]:
        """How the score changes from point to point as the measure rises; 0 where it does not rise."""
        return tuple((y1 - y0) * ((x1 > x0) - (x1 < x0)) for (x0, y0), (x1, y1) in pairwise(self.points))

    @property
    def ends(self) -> tuple[float, float] | None:
        """The least and greatest measure the points tell apart, None where they have no ends.

        >>> shape_of(Linear(kind="linear", worst=50, best=0), Basis(0, 100)).ends
        (0.0, 50.0)
        """
        if self.join not in ("lines", "line", "logarithms", "sides") or not self.points:
            return None
        if self.join == "line" and len(self.points) == 1:
            return None  # in a population of one value nobody stands out
        return min(self.measures), max(self.measures)


# A scale of its own type and its basis. Each function takes only its own type, which the registry's key,
# the scale's `kind`, guarantees.
ShapeFunction = Callable[[Any, Basis], Shape]

SCALES: Registry[ShapeFunction] = Registry("scale")


def shape_of(scale: Scale, basis: Basis) -> Shape:
    """Return the shape of a scale.

    >>> shape_of(Linear(kind="linear", worst=50, best=0), Basis(0, 100))
    Shape(points=((50.0, 0), (0.0, 100)), join='line', range=(0, 100))
    """
    return SCALES[scale.kind].function(scale, basis)


@SCALES.register(
    "piecewise",
    zh="分段线性",
    en="piecewise linear",
    reference="stated points",
    laws=("ends",),
)
def _piecewise(scale: Piecewise, basis: Basis) -> Shape:
    return Shape(scale.points, "lines", (basis.low, basis.high))


@SCALES.register(
    "linear",
    zh="线性",
    en="linear",
    reference="worst and best measure",
    laws=("monotone", "ends"),
)
def _linear(scale: Linear, basis: Basis) -> Shape:
    return Shape(((scale.worst, basis.low), (scale.best, basis.high)), "line", (basis.low, basis.high))


@SCALES.register("step", zh="分档计分", en="grading table", reference="评分标准", laws=("steps",))
def _step(scale: Step, basis: Basis) -> Shape:
    return Shape(((float("-inf"), scale.below), *scale.steps), "steps", (basis.low, basis.high))


@SCALES.register(
    "trapezoid",
    zh="梯形（适度区间）",
    en="trapezoid (best within a range)",
    reference="适度指标",
    laws=("ends",),
)
def _trapezoid(scale: Trapezoid, basis: Basis) -> Shape:
    low, high = basis.low, basis.high
    return Shape(tuple(zip(scale.points, (low, high, high, low), strict=True)), "sides", (low, high))


def score_at_share(scale: Percentile, basis: Basis, share: N) -> N:
    """Return the score of a measure, or of many, below which a share of the population stands."""
    return basis.at(share if scale.best == "high" else 1 - share)


@SCALES.register(
    "percentile",
    zh="相对位次",
    en="relative position",
    reference="mid-distribution function; Parzen (2004), Statistical Science 19(4)",
    laws=("monotone", "relative", "ends"),
)
def _percentile(scale: Percentile, basis: Basis) -> Shape:
    """Return the share of the fitted population that stands worse, ties counting half, as a score.

    The population is the model's, frozen: nobody's score depends on who else is being scored. The
    best of n customers is at 1 − 1/(2n), not at 1; with ``best: low`` the shares are mirrored.
    """
    knots = basis.distribution.knots if basis.distribution else ()
    points = tuple((x, score_at_share(scale, basis, share)) for x, share in knots)
    return Shape(points, "lines", (basis.low, basis.high))


@SCALES.register(
    "z",
    zh="标准分（与总体均值之差）",
    en="deviations from the mean",
    reference="z = (x − μ) / σ",
    laws=("monotone", "relative", "ends"),
)
def _z(scale: ZScore, basis: Basis) -> Shape:
    """Return the ends of the range at `reach` deviations from the population's mean.

    The mean and deviation are the model's, frozen. In a population of one value nobody stands out:
    whoever has a measure scores in the middle.
    """
    range_ = (basis.low, basis.high)
    if basis.moments is None or not basis.moments.count:
        return Shape((), "line", range_)
    mean, reach = basis.moments.mean, basis.moments.deviation * scale.reach
    if not reach:
        return Shape(((mean, basis.at(0.5)),), "line", range_)
    first, last = range_ if scale.best == "high" else range_[::-1]
    return Shape(((mean - reach, first), (mean + reach, last)), "line", range_)


@SCALES.register(
    "efficacy",
    zh="功效系数法",
    en="efficacy coefficient",
    reference="功效系数法：60 + 40 (x − x₀) / (x₁ − x₀)",
    laws=("monotone", "ends"),
)
def _efficacy(scale: Efficacy, basis: Basis) -> Shape:
    points = (scale.unacceptable, scale.base), (scale.satisfactory, scale.top)
    return Shape(points, "extended", (basis.low, basis.high))


@SCALES.register(
    "logarithmic",
    zh="对数评分",
    en="logarithmic",
    reference="Fechner (1860)",
    laws=("monotone", "ends"),
)
def _logarithmic(scale: Logarithmic, basis: Basis) -> Shape:
    points = (scale.worst, basis.low), (scale.best, basis.high)
    return Shape(points, "logarithms", (basis.low, basis.high))


@SCALES.register(
    "logistic",
    zh="S 形曲线（逻辑斯蒂）",
    en="S-curve",
    reference="Verhulst (1838)",
    laws=("monotone",),
)
def _logistic(scale: Logistic, basis: Basis) -> Shape:
    points = (scale.half, basis.at(0.5)), (scale.nine_tenths, basis.at(0.9))
    return Shape(points, "curve", (basis.low, basis.high))


@SCALES.register("lookup", zh="类别对照", en="by category", reference="stated scores")
def _lookup(scale: Lookup, basis: Basis) -> Shape:
    return Shape(tuple(scale.scores.items()), "categories", (basis.low, basis.high))


@SCALES.register(
    "graded", zh="评语打分", en="graded by raters", reference="评语集", laws=("monotone", "ends")
)
def _graded(scale: Graded, basis: Basis) -> Shape:
    points = tuple((grade.score, grade.score) for grade in basis.grades)
    return Shape(points, "grades", (basis.low, basis.high))
