"""From scores to places: what rules do to a score, and which grade and class it comes to, on arrays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from evaluator.analysis.robustness.customers import GRADE, Customers
from evaluator.analysis.robustness.outcomes import Places
from evaluator.columns import reaches
from evaluator.scoring.rules import RULES
from evaluator.tree import Matrix
from evaluator.tree.types import Bonus, ClassOverride, GradeCap, Rule, Veto

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

ALL = slice(None)


class Rules:
    """What rules do to customers: the same in every draw, for they look at nothing that is drawn."""

    def __init__(self, customers: Customers) -> None:
        self._tree, self._options = customers.model.tree, customers.options
        self._results = customers.results

    @cached_property
    def points(self) -> Array | None:
        """The points that bonuses add to each customer; None where there are no bonuses."""
        each = [self._points(rule) for rule in self._by_law("points")]
        return np.asarray(np.sum(each, axis=0)) if each else None

    @cached_property
    def limit(self) -> Array:
        """The score that each customer cannot exceed."""
        limit = np.full(self._results.height, self._tree.score_range[1])
        for rule in self._by_law("limit"):
            assert isinstance(rule, Veto)
            limit = np.where(self._hit(rule), np.minimum(limit, rule.at_most), limit)
        return limit

    @cached_property
    def holds(self) -> bool:
        """Whether a limit, or a gate, hits anybody."""
        return bool(self.shut.any() or (self.limit < self._tree.score_range[1]).any())

    @cached_property
    def limits(self) -> Array:
        """The scores at which limits, and the range of scores, hold customers."""
        return np.unique(np.append(self.limit, self._tree.score_range[0]))

    @cached_property
    def shut(self) -> Mask:
        """Whom a gate keeps out."""
        hits = [self._hit(rule) for rule in self._by_law("rating")]
        return np.logical_or.reduce(hits) if hits else np.zeros(self._results.height, dtype=np.bool_)

    def adjusted(self, whole: Array, columns: slice = ALL) -> Array:
        """Return scores after bonuses, then limits; NaN for those whom a gate keeps out."""
        low, high = self._tree.score_range
        score = whole if self.points is None else np.clip(whole + self.points[columns], low, high)
        if not self.holds:
            return score
        limit, shut = self.limit[columns], self.shut[columns]
        if (limit < high).any():
            score = np.minimum(score, np.where(limit < high, limit, np.inf))
        return np.where(shut, np.nan, score) if shut.any() else score

    def capped(self, grades: Places, columns: slice = ALL) -> Places:
        """Return grades under the strictest cap that hit."""
        for rule in self._by_law("grade"):
            assert isinstance(rule, GradeCap)
            least = self._options[GRADE].index(rule.grade)
            hit = self._hit(rule)[columns]
            grades = np.where(hit, np.maximum(grades, least), grades).astype(np.uint8)
        return grades

    def settled(self, matrix: Matrix, classes: Places, columns: slice = ALL) -> Places:
        """Return classes with those that rules settle; of several the first holds."""
        own = list(self._by_law("class"))
        for rule in reversed(own):
            assert isinstance(rule, ClassOverride)
            if rule.matrix == matrix.id:
                place = self._options[matrix.id].index(rule.class_)
                classes = np.where(self._hit(rule)[columns], place, classes).astype(np.uint8)
        return classes

    def _by_law(self, law: str) -> Iterator[Rule]:
        return (rule for rule in self._tree.rules if law in RULES[rule.kind].laws)

    def _hit(self, rule: Rule) -> Mask:
        return self._hits[rule.id]

    @cached_property
    def _hits(self) -> Mapping[str, Mask]:
        return {
            rule.id: np.asarray((self._results[f"rule_{rule.id}"] == "hit").to_numpy())
            for rule in self._tree.rules
        }

    def _points(self, rule: Rule) -> Array:
        assert isinstance(rule, Bonus)
        points = self._results[f"points_{rule.id}"].fill_null(0.0).to_numpy() if rule.per else rule.points
        return np.where(self._hit(rule), points, 0.0)


def grades_at(scores: Array, bounds: Array) -> Places:
    """Return how many bounds of grades, best first, a score does not reach."""
    place = np.zeros(scores.shape, dtype=np.uint8)
    for bound in bounds:
        place += ~reaches(scores, bound[:, None])
    return place


class Cells:
    """Which class, by its place among the options, every pair of levels of a matrix comes to."""

    def __init__(self, matrix: Matrix, options: Sequence[str]) -> None:
        classes = {(entry.x, entry.y): options.index(entry.id) for entry in matrix.classes}
        table = bytes(classes[a, b] for a in matrix.x.levels for b in matrix.y.levels)
        self._wide, self._none = np.uint8(len(matrix.y.levels)), len(options)
        self._table = None if table == bytes(range(len(table))) else table.ljust(256, b"\0")

    def at(self, x: Array, y: Array, cuts: tuple[Array, Array]) -> Places:
        """Return which class two axes come to; the number of options where a score is missing."""
        place = self._looked_up(_levels(x, cuts[0]) * self._wide + _levels(y, cuts[1]))
        for scores in (x, y):
            if np.isnan(scores.min(initial=0.0)):
                place[np.isnan(scores)] = self._none
        return place

    def _looked_up(self, places: Places) -> Places:
        """Return what the table says: `bytes.translate` takes a third of the time of an index."""
        if self._table is None:
            return places
        found = places.tobytes().translate(self._table)
        return np.frombuffer(bytearray(found), dtype=np.uint8).reshape(places.shape)


def _levels(scores: Array, cuts: Array) -> Places:
    level = np.zeros(scores.shape, dtype=np.uint8)
    for cut in cuts:
        level += reaches(scores, cut[:, None])
    return level
