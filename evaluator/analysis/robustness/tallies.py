"""Counting draws: how often a customer has each class and rank, and how many customers each class has."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evaluator.analysis.robustness.customers import Customers
from evaluator.analysis.robustness.outcomes import Outcome
from evaluator.columns import TOLERANCE

Array = NDArray[np.float64]
Counts = NDArray[np.uint32]
Ranks = NDArray[np.int64]
Bins = NDArray[np.uint16]

EXACT = 4_000
"""Up to so many customers each rank is counted by itself; beyond, ranks are told to within 1 %."""
RANK_CELLS = 32_768
HELD, WAITING, NEIGHBOURS = 512, 50_000_000, 64
"""Bins of so many draws, and of draws × customers, wait to be counted for so many customers at once."""


class Tally:
    """Counts over draws, for customers in the order of their blocks; memory does not grow with the draws.

    Attributes
    ----------
    shares : by grade and matrix, (customers, options + 1) counts of draws, the last of those without any.
    sizes : by grade and matrix, (draws, options + 1) counts of customers.
    """

    def __init__(self, customers: Customers, draws: int) -> None:
        self.draws, count = draws, customers.count
        self._options = {what: len(options) + 1 for what, options in customers.options.items()}
        self.shares = {what: np.zeros((count, n), dtype=np.uint32) for what, n in self._options.items()}
        self.sizes = {what: np.zeros((draws, n), dtype=np.int64) for what, n in self._options.items()}

    def add(self, outcome: Outcome, start: int) -> None:
        """Count some draws, from this number on, of some customers."""
        draws, customers = outcome.scores.shape
        for what, places in outcome.places.items():
            hits, sizes = self.shares[what][outcome.columns], self.sizes[what][start : start + draws]
            rest, others = np.full(customers, draws, dtype=np.uint32), np.full(draws, customers)
            for option in range(1, int(places.max(initial=0)) + 1):
                is_it = places == option
                each, of = _by_customer(is_it), _by_draw(is_it)
                hits[:, option] += each
                sizes[:, option] += of
                rest -= each
                others -= of
            hits[:, 0] += rest  # who has none of these has the first
            sizes[:, 0] += others


def _by_draw(hits: NDArray[np.bool_]) -> Ranks:
    """Return how many customers each draw hit."""
    bits = np.bitwise_count(np.packbits(hits, axis=1))
    return np.asarray(bits.sum(axis=1, dtype=np.int64))


def _by_customer(hits: NDArray[np.bool_]) -> Counts:
    """Return in how many draws each customer was hit: sums of bytes are the fastest."""
    parts = np.array_split(hits.view(np.uint8), max(1, -(-len(hits) // 255)))
    return np.asarray(np.sum([part.sum(axis=0, dtype=np.uint8) for part in parts], axis=0, dtype=np.uint32))


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
        self._bin = np.searchsorted(self.edges, np.arange(count + 1), side="right").astype(np.uint16)
        self._counts = np.zeros((count, len(self.edges) + 1), dtype=np.uint32)
        self._waiting = np.empty((max(1, min(HELD, WAITING // max(1, count))), count), dtype=np.uint16)
        self._held = 0
        self.first = np.zeros(count, dtype=np.uint32)
        self.weights = np.zeros((count, len(customers.model.tree.indicators)))

    def add(self, scores: Array, weights: Array) -> None:
        """Count some draws, (draws, customers); `weights` (draws, indicators) are everybody's global ones."""
        if len(self.first) > EXACT:
            for one, own in zip(scores, weights, strict=True):
                bins, first = self._placed(one)
                self._hold(bins[None, :])
                self.first[first] += 1
                self.weights[first] += own
            return
        found = ranks(scores)
        self._hold(self._bin[found])
        is_first = found == 1
        leading = is_first.any(axis=0)
        self.first += is_first.sum(axis=0, dtype=np.uint32)
        self.weights[leading] += is_first[:, leading].T.astype(np.float64) @ weights

    @property
    def counts(self) -> Counts:
        """How often each customer has a rank of each bin, (customers, bins)."""
        self._count()
        return self._counts[:, 1:]

    def _placed(self, scores: Array) -> tuple[Bins, NDArray[np.intp]]:
        """Return the bins of one draw's ranks, and who is first."""
        if np.isnan(scores.max()):
            known = np.flatnonzero(~np.isnan(scores))
            bins = np.zeros(len(scores), dtype=np.uint16)
            if not len(known):
                return bins, known
            bins[known], first = self._placed(scores[known])
            return bins, known[first]
        near = NearRanks(scores)
        bins = self._bin.take(near.ranks, mode="clip").take(near.cells)
        crowded = np.flatnonzero(bins == 0)
        exact = near.exact(crowded)
        bins[crowded] = self._bin[exact]
        return bins, np.flatnonzero(near.cells == 0) if near.ranks[0] else crowded[exact == 1]

    def _hold(self, bins: Bins) -> None:
        """Keep bins of some draws until there are enough of them to be counted customer by customer."""
        for row in bins:
            if self._held == len(self._waiting):
                self._count()
            self._waiting[self._held] = row
            self._held += 1

    def _count(self) -> None:
        waiting, bins = self._waiting[: self._held], self._counts.shape[1]
        for start in range(0, len(self._counts) if self._held else 0, NEIGHBOURS):
            counts = self._counts[start : start + NEIGHBOURS]
            cells = waiting[:, start : start + NEIGHBOURS] + np.arange(len(counts)) * bins
            counts += (
                np.bincount(cells.reshape(-1), minlength=counts.size).reshape(-1, bins).astype(np.uint32)
            )
        self._held = 0


class NearRanks:
    """Ranks of many scores to within 0.2 %, in a small part of the time of sorting them.

    Scores fall into cells of equal width; a cell's rank is one more than how many are in better ones. It is 0
    where more share a cell than 0.2 % of its rank, of the first 500 any: those are ranked exactly.

    >>> near = NearRanks(np.array([70.0, 90.0, 70.0, 50.0]))
    >>> near.ranks[near.cells].tolist(), near.exact(np.array([0, 2])).tolist()
    ([0, 1, 0, 4], [2, 2])
    """

    def __init__(self, scores: Array) -> None:
        best, worst = scores.max(), scores.min()
        scale = (RANK_CELLS - 1) / (best - worst) if best > worst else 0.0
        below = best - scores
        below *= scale
        self._scores, self.cells = scores, below.astype(np.intp)
        self._sizes = np.bincount(self.cells, minlength=RANK_CELLS)
        self.ranks = np.cumsum(self._sizes) - self._sizes + 1
        self.ranks[500 * (self._sizes - 1) > self.ranks] = 0

    def exact(self, crowded: NDArray[np.intp]) -> Ranks:
        """Return the ranks of those whose cells have none."""
        better = np.cumsum(np.where(self.ranks > 0, self._sizes, 0))
        return np.asarray(ranks(self._scores[None, crowded])[0] + better[self.cells[crowded]])


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
