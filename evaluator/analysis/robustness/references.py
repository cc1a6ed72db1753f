"""What a model takes from its population: scales, cuts and grades, read again from other customers."""

from __future__ import annotations

import narwhals as nw
import numpy as np
import polars as pl
from numpy.typing import NDArray

from evaluator.columns.statistics import mid_ranks
from evaluator.scoring.classes import frozen_cuts, frozen_grades, is_relative
from evaluator.scoring.fitting import KNOTS, Reference, reference, rests_on_population
from evaluator.scoring.model import MatrixCuts, Model
from evaluator.scoring.scales import scored
from evaluator.tree import Indicator, Tree
from evaluator.tree.shapes import Basis, score_at_share, shape_of
from evaluator.tree.types import Percentile

Array = NDArray[np.float64]

FEW = 30
"""Below so many customers, references that are read from them are no ground for shares of draws."""


def relative(model: Model) -> bool:
    """Whether scales, grades or cuts of a model are read from the customers it was fitted on."""
    return bool(moving_leaves(model)) or moving_cuts(model.tree)


def groundless(model: Model) -> bool:
    """Whether nothing sure can be said: references read from few customers, taken as if they were sure."""
    return relative(model) and model.population < FEW


def moving_leaves(model: Model) -> tuple[Indicator, ...]:
    """Return the indicators whose scores depend on the population."""
    return tuple(
        leaf
        for leaf in model.tree.indicators
        if rests_on_population(leaf) and leaf.id not in model.unobserved
    )


def moving_cuts(tree: Tree) -> bool:
    """Whether cuts or bounds of grades depend on the population."""
    axes = (axis for matrix in tree.matrices for axis in (matrix.x, matrix.y))
    return any(grade.share for grade in tree.grades) or any(is_relative(axis) for axis in axes)


def frozen_on(model: Model, measures: pl.DataFrame) -> bool:
    """Whether the model's references are those of these customers; those of others cannot be drawn again."""
    if model.population != measures.height:
        return False
    for leaf in moving_leaves(model):
        frozen = Reference(
            model.distributions.get(leaf.id), model.moments.get(leaf.id), model.limits.get(leaf.id)
        )
        known = measures.select(pl.col(leaf.measure).cast(pl.Float64)).to_series()
        if reference(leaf, known.filter(known.is_finite()).to_numpy()) != frozen:
            return False
    return True


def scores_among(leaf: Indicator, model: Model, measures: Array, population: Array) -> Array | None:
    """Return the scores of measures where others are the population; None where none of them has any.

    NaN where there is no measure.
    """
    among = population[np.isfinite(population)]
    if not len(among):
        return None
    found = reference(leaf, among)
    basis = Basis(*model.tree.score_range, found.distribution, found.moments, model.tree.grades)
    limited = np.clip(measures, *found.limits) if found.limits else measures
    shape = shape_of(leaf.scale, basis)
    if shape.join in ("lines", "line"):
        x, y = np.array(sorted(shape.points)).T
        return np.where(np.isfinite(limited), np.interp(limited, x, y), np.nan)
    frame = pl.DataFrame({"measure": limited}).with_columns(pl.col("measure").fill_nan(None))
    result = nw.from_native(frame).select(scored(leaf.scale, nw.col("measure"), basis).score.alias("score"))
    return result.to_native()["score"].fill_null(np.nan).to_numpy().astype(np.float64)


class PercentilesAmong:
    """The scores of measures on a percentile scale, when each customer is so many times in the population.

    The measures are sorted once: what `scores_among` gives, at a small part of its time.
    """

    def __init__(self, scale: Percentile, model: Model, measures: Array) -> None:
        self._scale, self._basis = scale, Basis(*model.tree.score_range)
        self._known = np.isfinite(measures)
        self._distinct, self._place = np.unique(measures[self._known], return_inverse=True)

    def scores(self, times: NDArray[np.intp]) -> Array | None:
        """Return the scores, NaN where there is no measure; None where nobody in the population has any."""
        counts = np.bincount(self._place, weights=times[self._known], minlength=len(self._distinct))
        there = counts > 0
        if not there.any():
            return None
        measures, shares = mid_ranks(self._distinct[there], counts[there].astype(np.int64), KNOTS)
        points = score_at_share(self._scale, self._basis, shares)
        found = np.full(len(self._known), np.nan)
        found[self._known] = np.interp(self._distinct, measures, points)[self._place]
        return found


def cuts_among(model: Model, scores: dict[str, Array]) -> tuple[dict[str, MatrixCuts], tuple[float, ...]]:
    """Return the cuts of every matrix and the bounds of grades where these are the rated customers.

    Parameters
    ----------
    scores : by axis, and ``score`` for the whole. Where nobody is rated, the model's own cuts stay.
    """
    if not len(scores["score"]):
        return dict(model.cuts), bounds_of(model.tree)
    return frozen_cuts(model.tree, scores), bounds_of(frozen_grades(model.tree, scores["score"]))


def bounds_of(tree: Tree) -> tuple[float, ...]:
    """Return from which score each grade is earned, best first."""
    return tuple(grade.bound for grade in tree.grades)
