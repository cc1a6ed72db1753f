"""How far two columns put customers in the same order."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def spearman(x: ArrayLike, y: ArrayLike) -> float:
    """Return the rank correlation ρ of two columns (n,), −1 to 1; NaN where one is constant.

    Pearson's correlation of mean ranks.

    Limits: of few customers ρ moves much by chance.

    References
    ----------
    Spearman (1904), doi:10.2307/1412159.

    >>> spearman([1, 2, 3, 4], [1, 2, 4, 3])
    0.8
    """
    a, b = (mean_ranks(np.asarray(values, dtype=np.float64)) for values in (x, y))
    a, b = a - a.mean(), b - b.mean()
    scale = np.sqrt((a @ a) * (b @ b))
    return float(a @ b / scale) if scale > 0 else float("nan")


def spearman_pairs(X: Array) -> tuple[Array, NDArray[np.int64]]:
    """Return ρ of every two columns (p, p) over the rows that have both, and how many these are.

    Columns with gaps in the same rows are ranked together, so that thousands of pairs cost little.

    Parameters
    ----------
    X : (n, p), NaN where a value is missing.

    >>> rho, rows = spearman_pairs(np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 4.0], [4.0, 3.0], [np.nan, 5.0]]))
    >>> float(rho[0, 1]), int(rows[0, 1])
    (0.8, 4)
    """
    there = ~np.isnan(X)
    gaps, which = np.unique(there, axis=1, return_inverse=True)
    alike = [np.flatnonzero(which.ravel() == one) for one in range(gaps.shape[1])]
    rho, rows = np.full((X.shape[1],) * 2, np.nan), np.zeros((X.shape[1],) * 2, dtype=np.int64)
    for one, first in enumerate(alike):
        for other in range(one, len(alike)):
            both, second = gaps[:, one] & gaps[:, other], alike[other]
            A, B = (_centred_ranks(X[np.ix_(both, columns)]) for columns in (first, second))
            with np.errstate(invalid="ignore", divide="ignore"):
                found = A.T @ B / np.sqrt(np.outer((A * A).sum(0), (B * B).sum(0)))
            rho[np.ix_(first, second)], rho[np.ix_(second, first)] = found, found.T
            rows[np.ix_(first, second)] = rows[np.ix_(second, first)] = both.sum()
    return rho, rows


def _centred_ranks(X: Array) -> Array:
    ranks = pl.from_numpy(X).select(pl.all().rank("average")).to_numpy()
    return np.asarray(ranks - (X.shape[0] + 1) / 2)


def kendall(x: ArrayLike, y: ArrayLike) -> float:
    """Return Kendall's τ-b of two columns (n,), −1 to 1; NaN where one is constant.

    τ-b = (concordant − discordant) / √((pairs − ties in x)(pairs − ties in y)), in n log² n.

    Limits: of few customers τ moves much by chance.

    References
    ----------
    Kendall (1945), doi:10.2307/2332303; Knight (1966), doi:10.1080/01621459.1966.10480879.

    >>> round(kendall([1, 2, 2, 3], [1, 2, 3, 4]), 4)
    0.9129
    """
    a, b = (np.unique(np.asarray(values, dtype=np.float64), return_inverse=True)[1] for values in (x, y))
    pairs = len(a) * (len(a) - 1) // 2
    in_a, in_b, in_both = _ties(a), _ties(b), _ties(a * (int(b.max(initial=0)) + 1) + b)
    discordant = _inversions(b[np.lexsort((b, a))])
    scale = np.sqrt(float(pairs - in_a) * float(pairs - in_b))
    return float((pairs - in_a - in_b + in_both - 2 * discordant) / scale) if scale > 0 else float("nan")


def mean_ranks(values: Array) -> Array:
    """Return the ranks of values (n,) from 1, equal ones sharing their mean.

    >>> mean_ranks(np.array([3.0, 1.0, 3.0]))
    array([2.5, 1. , 2.5])
    """
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(count) - (count - 1) / 2)[place])


def _ties(values: NDArray[np.int64]) -> int:
    count = np.unique(values, return_counts=True)[1].astype(np.int64)
    return int((count * (count - 1) // 2).sum())


def _inversions(values: NDArray[np.int64]) -> int:
    """Count pairs out of order, merging blocks of doubling width, all blocks of a width at once."""
    n, above = len(values), int(values.max(initial=0)) + 1
    place, count, width = np.arange(n), 0, 1
    while width < n:
        block, left = place // (2 * width), place // width % 2 == 0
        lefts = np.sort(block[left] * above + values[left])
        begun = np.searchsorted(lefts, block[~left] * above + values[~left], side="right")
        count += int((np.searchsorted(lefts, (block[~left] + 1) * above) - begun).sum())
        width *= 2
    return count
