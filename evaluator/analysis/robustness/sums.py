"""Scores of criteria in some draws, where they are weighted sums: matrix products of weights and scores."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluator.analysis.robustness.customers import Block, Customers
from evaluator.analysis.robustness.scores import Draws
from evaluator.analysis.robustness.weights import shares
from evaluator.columns import reaches
from evaluator.tree import Group, Indicator
from evaluator.tree.types import leaves_of

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

PIECE, ROWS = 200_000, 64
"""Multiplications of one call, and draws: for more, libraries of linear algebra start threads, which wait for
one another longer than they compute."""


class ScoreRows:
    """What customers have that no draw changes: their scores and what was observed, (indicators, customers).

    `complete` and `seen` say of each node who has scores, and observed ones, of everything below it. What
    nobody has weighs nothing and is left out.
    """

    def __init__(self, customers: Customers, watched: Collection[Group]) -> None:
        self.model = customers.model
        self.places = {leaf.id: place for place, leaf in enumerate(self.model.tree.indicators)}
        self.watched = {group.id for group in watched}
        unobserved = self.model.unobserved
        self.below = {
            node.id: tuple(self.places[leaf.id] for leaf in leaves_of(node) if leaf.id not in unobserved)
            for node in self.model.tree.nodes.values()
        }
        self.parted = {group.id for group in self.model.tree.groups if self._parted(group)}
        self.has, self.observed = (
            np.ascontiguousarray(one.T) for one in (customers.scored, customers.observed)
        )
        known = self.has & ~customers.drawn.T
        self.scores = np.ascontiguousarray(np.where(known, customers.scores.T, 0.0))
        self.complete, self.seen = self._all(self.has), self._all(self.observed)
        self.everybody = {node for node, known in self.complete.items() if known.all()}

    def _all(self, known: Mask) -> dict[str, Mask]:
        return {node: np.logical_and.reduce(known[list(below)]) for node, below in self.below.items()}

    def _parted(self, group: Group) -> bool:
        """True if a criterion below this one is watched, so that its score is there already."""
        groups = [child for child in group.children if isinstance(child, Group)]
        return any(child.id in self.watched or self._parted(child) for child in groups)


@dataclass(frozen=True)
class _Weights:
    """The shares of indicators in a criterion, (draws, indicators), their sum, (draws, 1), and its least."""

    places: list[int]
    shares: Array
    total: Array
    least: float


class Sums:
    """The scores of criteria in some draws.

    Where customers lack nothing below a criterion, its score is one product of draws × indicators and
    indicators × customers; else its children are put together, whoever lacks one handing its weight on.
    """

    def __init__(self, stated: ScoreRows, draws: Draws) -> None:
        self._stated, self._draws = stated, draws
        self._found: dict[tuple[str, str], _Weights] = {}

    def of(self, block: Block) -> dict[str, Array]:
        """Return the scores of the criteria watched, (draws, customers of the block); NaN for none."""
        found: dict[str, Array] = {}
        for group in self._stated.model.tree.groups:
            if group.id in self._stated.watched:
                self._score(group, block, found)
        return found

    def lacking(self, group: Group, block: Block, least: float) -> Mask | None:
        """Return of whom too little of a criterion's weight was observed, (draws, customers or 1).

        None: of nobody.
        """
        weights = self._weights(group, block.profile)
        if self._stated.seen[group.id][block.columns].all():
            return None if weights.least >= least else ~reaches(weights.total, least)
        observed = self._stated.observed[weights.places, block.columns]
        return ~reaches(product(weights.shares, observed.astype(np.float64)), least)

    def _score(self, group: Group, block: Block, found: dict[str, Array]) -> Array:
        if group.id not in found:
            width = block.columns.stop - block.columns.start
            if not self._stated.below[group.id]:
                found[group.id] = np.full((self._draws.count, width), np.nan)
            elif self._complete(group, block) and group.id not in self._stated.parted:
                weights = self._weights(group, block.profile)
                found[group.id] = self._product(weights.places, weights.shares, block)
            else:
                found[group.id] = self._joined(group, block, found)
        return found[group.id]

    def _joined(self, group: Group, block: Block, found: dict[str, Array]) -> Array:
        """Return the weighted mean of what the children of a criterion come to."""
        parts = [self._of_leaves(group, block)] if self._leaves(group) else []
        for child in group.children:
            if isinstance(child, Group) and self._stated.below[child.id]:
                weight = self._draws.local[block.profile][child.id][:, None]
                own = self._score(child, block, found)
                if self._complete(child, block):
                    parts.append((weight * own, weight))
                else:
                    there = ~np.isnan(own)
                    parts.append((weight * np.where(there, own, 0.0), weight * there))
        top, *rest = (part for part, _ in parts)
        for part in rest:
            top += part
        if self._complete(group, block):  # weights of siblings sum to 1
            return top
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(top / sum(weight for _, weight in parts))

    def _of_leaves(self, group: Group, block: Block) -> tuple[Array, Array]:
        """Return the sums of the weighted scores of a criterion's own indicators and of their weights."""
        places = [self._stated.places[leaf.id] for leaf in self._leaves(group)]
        local = self._draws.local[block.profile]
        weights = np.stack([local[leaf.id] for leaf in self._leaves(group)], axis=1)
        has = self._stated.has[places, block.columns]
        return self._product(places, weights, block), product(weights, has.astype(np.float64))

    def _leaves(self, group: Group) -> list[Indicator]:
        below = self._stated.below
        return [leaf for leaf in group.children if isinstance(leaf, Indicator) and below[leaf.id]]

    def _complete(self, group: Group, block: Block) -> bool:
        """True if nobody in a block lacks a score below a criterion."""
        return group.id in self._stated.everybody or bool(
            self._stated.complete[group.id][block.columns].all()
        )

    def _weights(self, group: Group, profile: str) -> _Weights:
        """Return the shares of indicators in the whole weight of a criterion."""
        if (group.id, profile) not in self._found:
            counted = dict.fromkeys(self._stated.places, True)
            own = shares(group, self._draws.local[profile], counted)
            weights = np.empty((self._draws.count, len(own)))
            for column, share in enumerate(own.values()):
                weights[:, column] = share
            places = [self._stated.places[leaf] for leaf in own]
            total = weights.sum(axis=1, keepdims=True)
            self._found[group.id, profile] = _Weights(places, weights, total, float(total.min(initial=1.0)))
        return self._found[group.id, profile]

    def _product(self, places: list[int], weights: Array, block: Block) -> Array:
        """Return Σ weight × score of some indicators, the drawn scores in the place of the stated ones."""
        stated = self._stated.scores[_rows(places), block.columns]
        if not self._draws.scores:
            return product(weights, stated)
        width, leaves = stated.shape[1], self._stated.model.tree.indicators
        moved = {
            column: (own, _within(own.columns, block.columns))
            for column, place in enumerate(places)
            if (own := self._draws.scores.get(leaves[place].id)) is not None
        }
        whole = {column for column, (_, within) in moved.items() if within.stop - within.start == width}
        fixed = [column for column in range(len(places)) if column not in whole]
        scores = product(weights[:, _rows(fixed)], stated[_rows(fixed)])
        for column, (own, within) in moved.items():
            weight, values = weights[:, [column]], own.values[:, within]
            if column in whole:
                scores += weight * values
            else:
                columns = own.columns[within] - block.columns.start
                scores[:, columns] += weight * (values - stated[column, columns])
        return scores


def product(weights: Array, scores: Array) -> Array:
    """Return a matrix product, put together from pieces that one processor computes where it holds them.

    >>> product(np.array([[0.25, 0.75]]), np.array([[80.0, 40.0], [60.0, 100.0]])).tolist()
    [[65.0, 85.0]]
    """
    (draws, inner), count = weights.shape, scores.shape[1]
    found = np.empty((draws, count))
    tall = min(draws, ROWS)
    wide = max(1, PIECE // max(1, tall * inner))
    for row in range(0, draws, tall):
        for column in range(0, count, wide):
            own = slice(row, row + tall), slice(column, column + wide)
            np.matmul(weights[own[0]], scores[:, own[1]], out=found[own])
    return found


def _rows(places: list[int]) -> list[int] | slice:
    """Return neighbouring places as a slice, which copies nothing."""
    neighbours = places == list(range(places[0], places[0] + len(places))) if places else False
    return slice(places[0], places[-1] + 1) if neighbours else places


def _within(columns: NDArray[np.intp], block: slice) -> slice:
    """Return which of some rising places lie in a block."""
    first, last = np.searchsorted(columns, (block.start, block.stop))
    return slice(int(first), int(last))
