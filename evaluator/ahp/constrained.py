"""Fuzzy geometric means when both sides of a judgment stay reciprocal inside every sum."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evaluator.ahp.matrices import Array

LARGEST = 7  # 2^15 corners for each element; n = 9 would have 2^28
_MOST_SWEEPS = 10_000


def constrained_weights(T: Array) -> Array:
    """Return least, most likely and largest weights of triangular judgments, (m, n, n, 3) → (m, n, 3).

    w_i = r_i / Σ r over every reciprocal matrix within the triangles, r being the row geometric
    means. Its least value has all of row i at the lower ends, and the other rows where their sum is
    largest: a convex function, so at a corner; its largest value has row i at the upper ends and the
    others where their sum is smallest. Both are exact. NaN for n > 7.

    References
    ----------
    Krejčí, J. (2018), Pairwise Comparison Matrices and their Fuzzy Extension, Springer, section 4.
    doi:10.1007/978-3-319-77715-3
    """
    n = T.shape[-2]
    rows = np.exp(np.log(T).mean(-2))
    likely = rows[..., 1] / rows[..., 1].sum(-1, keepdims=True)
    if n > LARGEST:
        nothing = np.full_like(likely, np.nan)
        return np.stack([nothing, likely, nothing], -1)
    bounds = np.empty((*likely.shape, 2))
    for element in range(n):
        others = [other for other in range(n) if other != element]
        logs = np.log(T[:, others])
        inner = logs[:, :, others]
        # the other side of row i: reciprocal to its lower ends for the least weight, to its upper ends
        largest = _largest_sum(logs[:, :, element, 2] / n, inner)
        smallest = _smallest_sum(logs[:, :, element, 0] / n, inner)
        least, most = rows[:, element, 0], rows[:, element, 2]
        bounds[:, element] = np.stack([least / (least + largest), most / (most + smallest)], -1)
    return np.stack([bounds[..., 0], likely, bounds[..., 1]], -1)


def _largest_sum(base: Array, inner: Array) -> Array:
    """Return max Σ_k exp(base_k + Σ_j x_kj / n) over x_kj = −x_jk between its ends, (m, n − 1) → (m).

    Convex in x, so one of the corners: every pair at either end.
    """
    size = base.shape[-1]
    i, j = np.triu_indices(size, 1)
    sides = _sides(i, j, size) / (size + 1)
    corners = (np.arange(2 ** len(i))[:, None] >> np.arange(len(i)) & 1).astype(bool)
    best = np.empty(len(base))
    for number, (start, low, high) in enumerate(zip(base, inner[:, i, j, 0], inner[:, i, j, 2], strict=True)):
        best[number] = np.exp(start + np.where(corners, high, low) @ sides).sum(-1).max()
    return best


def _smallest_sum(base: Array, inner: Array) -> Array:
    """Return min Σ_k exp(base_k + Σ_j x_kj / n) likewise: one pair after another until nothing moves."""
    size = base.shape[-1]
    i, j = np.triu_indices(size, 1)
    low, high = inner[:, i, j, 0], inner[:, i, j, 2]
    x = inner[:, i, j, 1].copy()
    sums = base + x @ _sides(i, j, size) / (size + 1)
    for _ in range(_MOST_SWEEPS):
        moved = 0.0
        for pair, (first, second) in enumerate(zip(i, j, strict=True)):
            # both exponents are equal at the minimum along this pair
            wanted = x[:, pair] + (sums[:, second] - sums[:, first]) * (size + 1) / 2
            step = np.clip(wanted, low[:, pair], high[:, pair]) - x[:, pair]
            x[:, pair] += step
            sums[:, first] += step / (size + 1)
            sums[:, second] -= step / (size + 1)
            moved = max(moved, float(np.abs(step).max(initial=0.0)))
        if moved < 1e-13:
            break
    return np.asarray(np.exp(sums).sum(-1))


def _sides(i: NDArray[np.int64], j: NDArray[np.int64], size: int) -> Array:
    places = np.arange(size)
    return np.asarray((places == i[:, None]).astype(np.float64) - (places == j[:, None]))
