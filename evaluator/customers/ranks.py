"""How far two columns put customers in the same order."""

from __future__ import annotations

import numpy as np
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
