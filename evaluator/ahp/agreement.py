"""How far a group of experts agrees: on the weights, in clusters, and on the order."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluator.ahp.distributions import chi_squared_tail
from evaluator.ahp.groups import as_priorities, experts_say
from evaluator.ahp.matrices import Array
from evaluator.displayed import Displayed

BANDS = ("very_low", "low", "moderate", "high", "very_high")
_BOUNDS = (0.5, 0.625, 0.75, 0.875)
_TIED = 1e-9  # priorities that differ by rounding alone share their rank


def consensus(P: ArrayLike, largest: float = 9, *, expert_weights: ArrayLike | None = None) -> Array:
    """Return the consensus S* of experts' priorities, (..., k, n) → (...).

    1 is full agreement. 0 is what as many experts as elements would reach, each of them giving all
    the weight that judgments up to `largest` can give to an element of his own; priorities beyond
    that scale may fall below 0. It compares the mean diversity of the experts with the diversity of
    the group: Hβ = Hγ − Hα, S* = (exp(−Hβ) − 1/c) / (1 − 1/c), c = n / exp(Hα,min).

    Parameters
    ----------
    P : priorities of k experts; an expert without any (NaN) is left out.
    largest : largest ratio of the judgment scale, M.
    expert_weights : (..., k); only their proportions count. Default: equal.

    Returns
    -------
    S*; NaN where nobody has priorities, or for n = 1, where there is nothing to agree on.

    References
    ----------
    Goepel, K.D. (2018), IJAHP 10(3), 469–487, eq. 7–21. doi:10.13033/ijahp.v10i3.590

    >>> consensus([[0.6, 0.3, 0.1], [0.6, 0.3, 0.1]]).round(12)
    np.float64(1.0)
    >>> P = [[9 / 11, 1 / 11, 1 / 11], [1 / 11, 9 / 11, 1 / 11], [1 / 11, 1 / 11, 9 / 11]]
    >>> abs(consensus(P)) < 1e-12
    np.True_
    """
    vectors = as_priorities(P)
    has = np.asarray(np.isfinite(vectors).all(-1))
    say = experts_say(expert_weights, has.shape) * has
    total = say.sum(-1, keepdims=True)
    share = say / np.where(total > 0, total, np.nan)
    known = np.where(has[..., None], vectors, 0.0)
    alpha = (share * _entropy(known)).sum(-1)
    gamma = _entropy((share[..., None] * known).sum(-2))
    return _scaled(gamma - alpha, vectors.shape[-1], largest)


def consensus_band(value: float) -> str:
    """Return the band of a consensus S*, a name in `BANDS`; empty where there is none.

    >>> consensus_band(0.49), consensus_band(0.5), consensus_band(0.9)
    ('very_low', 'low', 'very_high')
    """
    return "" if np.isnan(value) else BANDS[bisect_right(_BOUNDS, value + 1e-9)]


def similarity(P: ArrayLike, largest: float = 9) -> Array:
    """Return the consensus S* of every two experts, (..., k, n) → (..., k, k).

    1 on the diagonal; NaN beside an expert without priorities.

    >>> similarity([[0.8, 0.2], [0.8, 0.2], [0.2, 0.8]]).round(3)[0]
    array([1.   , 1.   , 0.431])
    """
    vectors = as_priorities(P)
    own = _entropy(vectors)
    both = _entropy((vectors[..., :, None, :] + vectors[..., None, :, :]) / 2)
    return _scaled(both - (own[..., :, None] + own[..., None, :]) / 2, vectors.shape[-1], largest)


def clusters(similarities: ArrayLike, threshold: float = 0.85) -> NDArray[np.int64]:
    """Return which cluster each expert belongs to, (k, k) → (k), the largest cluster first, from 0.

    A cluster is the expert with whom most of those not yet placed agree, together with them: each
    of its members reaches `threshold` with its centre. An expert without priorities gets −1.

    References
    ----------
    Thresholds between 0.70 and 0.975: Goepel, K.D. (2022), Group consensus clusters, AHP-OS.

    >>> clusters(similarity([[0.8, 0.2], [0.75, 0.25], [0.2, 0.8]]))
    array([0, 0, 1])
    """
    close = np.asarray(similarities, dtype=np.float64) >= threshold - 1e-9
    labels = np.full(len(close), -1)
    free = close.diagonal().copy()
    label = 0
    while free.any():
        reached = close & free
        centre = np.where(free, reached.sum(-1), -1).argmax()
        labels[reached[centre]] = label
        free &= ~reached[centre]
        label += 1
    return labels


@dataclass(frozen=True)
class Concordance(Displayed):
    """Kendall's coefficient of concordance of a batch of panels; every figure has its shape.

    `w` is 1 when all rank alike and 0 when ranks cancel out; `chi2` = k (n − 1) W has `df` degrees
    of freedom, and `p` is the chance of at least that much among experts who rank at random: an
    approximation that wants about eight elements or more. NaN for one expert or one element, or
    when everybody ties everything.
    """

    w: Array
    chi2: Array
    df: int
    p: Array
    experts: NDArray[np.int64]


def concordance(values: ArrayLike) -> Concordance:
    """Return how far experts rank alike, (..., k, n) → fields (...); ties share their mean rank.

    Parameters
    ----------
    values : priorities or importance scores; an expert with a NaN is left out.

    References
    ----------
    Kendall, M.G., Babington Smith, B. (1939), Annals of Mathematical Statistics 10(3), 275–287.
    doi:10.1214/aoms/1177732186

    >>> result = concordance([[5, 4, 3, 1], [5, 3, 4, 1], [4, 5, 3, 2]])
    >>> float(result.w.round(4)), float(result.chi2.round(4)), result.df
    (0.7778, 7.0, 3)
    """
    vectors = as_priorities(values)
    n = vectors.shape[-1]
    has = np.asarray(np.isfinite(vectors).all(-1))
    known = np.where(has[..., None], vectors, 0.0)
    apart = known[..., :, None] - known[..., None, :]
    scale = np.abs(known).max(-1, initial=0.0)[..., None, None]
    level = np.abs(apart) <= _TIED * scale
    ties = level.sum(-1)
    ranks = ((apart > 0) & ~level).sum(-1) + (ties + 1) / 2
    sums = (ranks * has[..., None]).sum(-2)
    m = has.sum(-1)
    spread = ((sums - (m * (n + 1) / 2)[..., None]) ** 2).sum(-1)
    lost = ((ties**2 - 1) * has[..., None]).sum((-2, -1))
    possible = m**2 * (n**3 - n) - m * lost
    with np.errstate(invalid="ignore", divide="ignore"):
        w = np.where((m > 1) & (possible > 0), 12 * spread / possible, np.nan)
    chi2 = m * (n - 1) * w
    return Concordance(w, chi2, n - 1, chi_squared_tail(chi2, max(n - 1, 1)), m)


def _entropy(p: Array) -> Array:
    # einsum: a sum over few elements each, for every two experts
    return np.asarray(-np.einsum("...i,...i->...", p, np.log(np.where(p > 0, p, 1.0))))


def _scaled(beta: Array, n: int, largest: float) -> Array:
    if n < 2:
        return np.full(np.shape(beta), np.nan)
    share = largest / (n + largest - 1)
    rest = (1 - share) / (n - 1)
    least = -share * np.log(share) - (n - 1) * rest * np.log(rest)
    c = n / np.exp(least)
    return np.asarray((np.exp(-beta) - 1 / c) / (1 - 1 / c))
