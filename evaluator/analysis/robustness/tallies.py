"""Counting draws: how often a customer has each class and rank, and how many customers each class has."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from evaluator.analysis.robustness.customers import Customers
from evaluator.analysis.robustness.outcomes import Outcome
from evaluator.columns import TOLERANCE

Array = NDArray[np.float64]
Counts = NDArray[np.uint32]
Ranks = NDArray[np.int64]

EXACT = 4_000
"""Up to so many customers each rank is counted by itself; beyond, ranks are told to within 1 %."""


class Tally:
    """Counts over draws, for customers in the order of their blocks; memory does not grow with the draws.

    Attributes
    ----------
    shares : by grade and matrix, (customers, options + 1) counts of draws, the last of those without any.
    sizes : by grade and matrix, (draws, options + 1) counts of customers.
    """

    def __init__(self, customers: Customers) -> None:
        self.draws = 0
        count = customers.count
        self._options = {what: len(options) + 1 for what, options in customers.options.items()}
        self.shares = {what: np.zeros((count, n), dtype=np.uint32) for what, n in self._options.items()}
        self._sizes: dict[str, list[Array]] = {what: [] for what in self._options}

    def add(self, outcome: Outcome) -> None:
        """Count some draws."""
        self.draws += len(outcome.scores)
        for what, places in outcome.places.items():
            sizes = []
            for option in range(self._options[what]):
                is_it = (places == option).view(np.uint8)
                for rows in np.array_split(
                    is_it, max(1, -(-len(is_it) // 255))
                ):  # sums of bytes are the fastest
                    self.shares[what][:, option] += rows.sum(axis=0, dtype=np.uint8)
                sizes.append(np.count_nonzero(is_it, axis=1))
            self._sizes[what].append(np.stack(sizes, axis=1))

    @property
    def sizes(self) -> Mapping[str, Array]:
        """How many customers have each grade and class, draw by draw."""
        return {what: np.concatenate(parts) for what, parts in self._sizes.items()}


class RankTally:
    """How often each customer has each rank, and the weights under which it is first.

    Attributes
    ----------
    edges : the first rank of every bin, from 1; each holds the ranks up to the next.
    first : how often each is first; `weights`, (customers, indicators), sums the weights then.
    """

    def __init__(self, customers: Customers) -> None:
        count = customers.count
        self.edges = rank_edges(count)
        # who has no rank is counted in a bin before the first
        self._bin = np.searchsorted(self.edges, np.arange(count + 1), side="right")
        self._counts = np.zeros((count, len(self.edges) + 1), dtype=np.uint32)
        self._starts = np.arange(count) * self._counts.shape[1]
        self.first = np.zeros(count, dtype=np.uint32)
        self.weights = np.zeros((count, len(customers.model.tree.indicators)))

    def add(self, outcome: Outcome, weights: Array) -> None:
        """Count some draws; `weights` (draws, indicators) are everybody's global ones."""
        found = ranks(outcome.scores)
        cells = self._counts.reshape(-1)
        for row in found:
            cells[self._starts + self._bin[row]] += 1
        first = found == 1
        leading = first.any(axis=0)
        self.first += first.sum(axis=0, dtype=np.uint32)
        self.weights[leading] += first[:, leading].T.astype(np.float64) @ weights

    @property
    def counts(self) -> Counts:
        """How often each customer has a rank of each bin, (customers, bins)."""
        return self._counts[:, 1:]


def ranks(scores: Array) -> Ranks:
    """Return ranks, best first, (draws, customers); 0 without a score. Ties share the better rank.

    >>> ranks(np.array([[70.0, 90.0, 70.0, np.nan, 50.0]])).tolist()
    [[2, 1, 2, 0, 4]]
    """
    order = np.argsort(-scores, axis=1)  # those without a score come last
    ranked = np.take_along_axis(scores, order, axis=1)
    worse = np.ones(scores.shape, dtype=np.bool_)
    worse[:, 1:] = ~(ranked[:, :-1] - ranked[:, 1:] <= TOLERANCE)
    places = np.arange(1, scores.shape[1] + 1)
    shared = np.maximum.accumulate(np.where(worse, places, 1), axis=1)
    found = np.empty(scores.shape, dtype=np.int64)
    np.put_along_axis(found, order, np.where(np.isnan(ranked), 0, shared), axis=1)
    return found


def rank_edges(count: int) -> Ranks:
    """Return the first rank of every bin of ranks.

    >>> rank_edges(5).tolist(), 700 < len(rank_edges(100_000)) < 900
    ([1, 2, 3, 4, 5], True)
    """
    if count <= EXACT:
        return np.arange(1, max(count, 1) + 1)
    steps = np.exp(np.arange(0, np.log(count / 100), 0.01)) * 100
    return np.unique(np.concatenate([np.arange(1, 101), np.floor(steps).astype(np.int64)]))


def interval(counts: Counts, edges: Ranks, level: float, last: int) -> tuple[Ranks, Ranks]:
    """Return between which ranks a customer lies in a share of its draws, both ends included; 0 without any.

    >>> low, high = interval(np.array([[5, 90, 5]]), np.array([1, 2, 3]), 0.9, 3)
    >>> int(low[0]), int(high[0])
    (1, 2)
    """
    passed, total = np.cumsum(counts, axis=1, dtype=np.int64), counts.sum(axis=1, dtype=np.int64)
    tail = total[:, None] * (1 - level) / 2
    slack = 1e-9 * np.maximum(total, 1)[:, None]
    low = (passed >= tail - slack).argmax(axis=1)
    high = (passed >= total[:, None] - tail - slack).argmax(axis=1)
    ends = np.append(edges[1:] - 1, last)
    return np.where(total > 0, edges[low], 0), np.where(total > 0, ends[high], 0)
