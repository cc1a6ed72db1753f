"""Where customers stand as the weight of one node moves: score, rating and class at any weight."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from evaluator.analysis.robustness.curves import Curve, Curves
from evaluator.analysis.robustness.customers import GRADE, Customers
from evaluator.analysis.robustness.outcomes import Places
from evaluator.analysis.robustness.places import ALL, Cells, Rules, grades_at
from evaluator.columns import leeway
from evaluator.scoring.synthesis import observable
from evaluator.tree import Matrix

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


class Standing:
    """Customers at any weight of a node; cuts stay frozen.

    `whole` is the curve of the score before rules, None where it has no closed form; `moves` yields the
    weights at which a customer's class or rating can change. `coverages` are c0 + c1 t of the whole and
    every axis, and `least` what each must reach.
    """

    def __init__(self, customers: Customers, node: str, rules: Rules) -> None:
        self._customers, self._model, self.rules = customers, customers.model, rules
        tree = customers.model.tree
        curves = Curves(customers, node)
        self.weight = curves.weight
        self.whole = curves.score(tree.root)
        watched = [group for group in tree.axes.values() if observable(group, self._model)]
        least = self._model.conventions.min_coverage
        self.least = least - leeway(least)
        self.coverages = [curves.coverage(group) for group in (tree.root, *watched)]
        self._out = (customers.results["status"] == "excluded").to_numpy()
        self._matrix: Matrix | None = None
        self._axes: tuple[Curve | None, Curve | None] = (None, None)
        if tree.deciding != GRADE:
            self._matrix = next(one for one in tree.matrices if one.id == tree.deciding)
            x, y = (curves.score(tree.axes[side.axis]) for side in (self._matrix.x, self._matrix.y))
            self._axes = x, y

    @property
    def decidable(self) -> bool:
        """True if the class that decides can be followed."""
        return None not in (self._axes if self._matrix else (self.whole,))

    @property
    def none(self) -> int:
        """The place of who has no class."""
        return len(self._customers.options[self._model.tree.deciding])

    def score(self, t: Array, chosen: int | slice = ALL) -> Array:
        """Return scores after rules, NaN for who is not rated; of everybody, of some or of one customer."""
        assert self.whole is not None
        curve, points = self.whole.of(chosen), self.rules.points
        score = curve.at(t)
        if points is not None:
            score = np.clip(score + points[chosen], curve.low, curve.high)
        return np.where(self._rated(t, chosen), np.minimum(score, self.rules.limit[chosen]), np.nan)

    def _rated(self, t: Array, chosen: int | slice) -> Mask:
        found = np.broadcast_to(~self._out[chosen], t.shape)
        for c0, c1 in self.coverages:
            found = found & (c0[chosen] + c1[chosen] * t >= self.least)
        return found

    def place(self, t: Array, chosen: slice = ALL) -> Places:
        """Return which class or grade customers have, of those that decide."""
        if self._matrix is None:
            bounds = np.array([grade.bound for grade in self._model.tree.grades])[:, None]
            found = self.rules.capped(grades_at(self.score(t, chosen), bounds), chosen)
        else:
            cuts = self._model.cuts[self._matrix.id]
            x, y = (curve.of(chosen).at(t) for curve in self._axes if curve is not None)
            at = np.array(cuts.x)[:, None], np.array(cuts.y)[:, None]
            cells = Cells(self._matrix, self._customers.options[self._matrix.id])
            found = self.rules.settled(self._matrix, cells.at(x, y, at), chosen)
        return np.where(self._rated(t, chosen), found, self.none).astype(np.uint8)

    def moves(self, chosen: slice = ALL) -> Iterator[Array]:
        """Yield for each customer the weights at which class or rating can change, NaN for none."""
        yield from self.edges(chosen)
        if self._matrix is None:
            assert self.whole is not None
            points = 0.0 if self.rules.points is None else self.rules.points[chosen]
            for grade in self._model.tree.grades:
                yield self.whole.of(chosen).reaching(grade.bound - leeway(grade.bound) - points)
            return
        cuts = self._model.cuts[self._matrix.id]
        for curve, at in zip(self._axes, (cuts.x, cuts.y), strict=True):
            assert curve is not None
            for cut in at:
                yield curve.of(chosen).reaching(cut - leeway(cut))

    def edges(self, chosen: slice = ALL) -> Iterator[Array]:
        """Yield the weights at which enough, or too little, is observed of a customer."""
        for c0, c1 in self.coverages:
            with np.errstate(invalid="ignore", divide="ignore"):
                yield np.where(c1[chosen] != 0, (self.least - c0[chosen]) / c1[chosen], np.nan)

    def different(self, chosen: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return the first of each kind of some customers, who have the same score at any weight."""
        assert self.whole is not None
        curve = self.whole.p0, self.whole.p1, self.whole.q0, self.whole.q1
        points = () if self.rules.points is None else (self.rules.points,)
        covered = (part for both in self.coverages for part in both)
        kinds = np.column_stack([part[chosen] for part in (*curve, *points, self.rules.limit, *covered)])
        return chosen[np.sort(np.unique(kinds, axis=0, return_index=True)[1])]
