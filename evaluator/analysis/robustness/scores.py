"""Draws of what is uncertain besides weights: missing scores, raters, and the population behind scales."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluator.analysis.robustness.customers import Customers
from evaluator.analysis.robustness.raters import combined, rated
from evaluator.analysis.robustness.references import PercentilesAmong, moving_leaves, scores_among
from evaluator.analysis.robustness.weights import Local
from evaluator.brief import Brief
from evaluator.measuring.grades import Ratings
from evaluator.tree import Indicator
from evaluator.tree.types import Percentile

Array = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True)
class Moved:
    """The scores of one indicator that differ between draws: whose, rising, and (draws, customers)."""

    columns: Places
    values: Array


@dataclass(frozen=True)
class Draws(Brief):
    """Some draws: the weights by profile, the moved scores by indicator, who makes up the population.

    `population` is (draws, customers), places of customers; None where it is not drawn.
    """

    count: int
    local: Mapping[str, Local]
    scores: Mapping[str, Moved]
    population: Places | None


class Source:
    """Where draws come from: any of them by its number, the same whatever is drawn with it."""

    def __init__(
        self,
        customers: Customers,
        local: Mapping[str, Local],
        varied: Collection[str],
        *,
        seed: int,
        ratings: Ratings | None,
    ) -> None:
        self._customers, self._local, self._seed = customers, local, seed
        self._population = "population" in varied
        self._raters, self._rated = rated(customers, ratings) if "raters" in varied else (0, {})
        self._combine = ratings.combine if ratings else "mean"
        self._leaves = {leaf.id: place for place, leaf in enumerate(customers.model.tree.indicators)}
        self._moving = moving_leaves(customers.model) if self._population else ()

    def draws(self, numbers: range) -> Draws:
        """Return the draws with these numbers."""
        some = slice(numbers.start, numbers.stop)
        local = {name: {node: w[some] for node, w in own.items()} for name, own in self._local.items()}
        population = self._resampled(numbers) if self._population else None
        scores = self._heard(numbers)
        if population is not None:
            scores |= self._among(population, scores)
        return Draws(len(numbers), local, self._filled(numbers, scores), population)

    def _random(self, what: int, draw: int) -> np.random.Generator:
        return np.random.default_rng([self._seed, what, draw])

    def _resampled(self, numbers: range) -> Places:
        count = self._customers.count
        return np.stack([self._random(1, draw).integers(0, count, count) for draw in numbers])

    def _heard(self, numbers: range) -> dict[str, Moved]:
        """Return the scores that raters come to when some are heard twice and others not at all."""
        if not self._rated:
            return {}
        even = np.full(self._raters, 1 / self._raters)
        times = np.stack([self._random(2, draw).multinomial(self._raters, even) for draw in numbers])
        model = self._customers.model
        found = {}
        for leaf, own in self._rated.items():
            stated = self._customers.leaves[f"measure_{leaf}"].to_numpy()[own.columns]
            measures = combined(own.given, times.astype(np.float64), self._combine)
            measures = np.where(np.isfinite(measures), measures, stated)  # none of theirs was heard
            moving = any(one.id == leaf for one in self._moving)  # then limits are read again as well
            limits = None if moving else model.limits.get(leaf)
            limited = np.clip(measures, *limits) if limits else measures
            found[leaf] = Moved(own.columns, np.clip(limited, *model.tree.score_range))
        return found

    def _among(self, population: Places, heard: Mapping[str, Moved]) -> dict[str, Moved]:
        """Return the scores on scales that are read from the population, where others make it up."""
        count, found = self._customers.count, {}
        times = np.stack([np.bincount(places, minlength=count) for places in population])
        for leaf in self._moving:
            measures = self._customers.leaves[f"measure_{leaf.id}"].cast(float).fill_null(np.nan).to_numpy()
            known = np.flatnonzero(np.isfinite(self._customers.scores[:, self._leaves[leaf.id]]))
            stated = self._customers.scores[known, self._leaves[leaf.id]]
            values = np.tile(stated, (len(population), 1))
            for row, scores in enumerate(self._rescored(leaf, measures, population, times, heard)):
                if scores is not None:
                    values[row] = np.where(np.isfinite(scores[known]), scores[known], stated)
            found[leaf.id] = Moved(known, values)
        return found

    def _rescored(
        self, leaf: Indicator, measures: Array, population: Places, times: Places, heard: Mapping[str, Moved]
    ) -> Iterator[Array | None]:
        """Yield the scores of an indicator for one population after the other, also given as `times`."""
        model, moved = self._customers.model, heard.get(leaf.id)
        if moved is None and isinstance(leaf.scale, Percentile) and leaf.winsorise is None:
            among = PercentilesAmong(leaf.scale, model, measures)
            yield from map(among.scores, times)
            return
        for row, places in enumerate(population):
            own = measures
            if moved is not None:
                own = measures.copy()
                own[moved.columns] = moved.values[row]
            yield scores_among(leaf, model, own, own[places])

    def _filled(self, numbers: range, scores: Mapping[str, Moved]) -> dict[str, Moved]:
        """Return the moved scores with the missing ones, drawn from those observed of the indicator."""
        found = dict(scores)
        if not self._customers.drawn.any():
            return found
        random = [self._random(3, draw) for draw in numbers]
        for leaf, place in self._leaves.items():
            cells = np.flatnonzero(self._customers.drawn[:, place])
            if len(cells):
                picked = self._picked(place, len(cells), random, scores.get(leaf))
                found[leaf] = _with(scores.get(leaf), cells, picked, len(numbers))
        return found

    def _picked(
        self, place: int, count: int, random: list[np.random.Generator], moved: Moved | None
    ) -> Array:
        pool = np.flatnonzero(self._customers.observed[:, place])
        if not len(pool):
            low, high = self._customers.model.tree.score_range
            return np.stack([one.uniform(low, high, count) for one in random])
        chosen = np.stack([one.integers(0, len(pool), count) for one in random])
        stated: Array = self._customers.scores[pool, place]
        if moved is None:
            return stated[chosen]
        known, inside = np.tile(stated, (len(random), 1)), np.isin(pool, moved.columns)
        known[:, inside] = moved.values[:, np.searchsorted(moved.columns, pool[inside])]
        return np.take_along_axis(known, chosen, axis=1)


def _with(moved: Moved | None, cells: Places, values: Array, draws: int) -> Moved:
    """Return moved scores and others, in the order of the customers."""
    if moved is None:
        return Moved(cells, values)
    columns = np.union1d(moved.columns, cells)
    joined = np.empty((draws, len(columns)))
    joined[:, np.searchsorted(columns, moved.columns)] = moved.values
    joined[:, np.searchsorted(columns, cells)] = values
    return Moved(columns, joined)
