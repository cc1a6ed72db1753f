"""Judgment matrices: what an array must be before anything is computed from it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

# 1/8 typed with two decimals as 0.13 is 4 % off; a wider gap is a contradiction, not rounding.
ROUNDING = 0.05


def as_matrices(A: ArrayLike) -> Array:
    """Return judgment matrices as float64, (..., n, n).

    Raises `ValueError` when the last two axes are not square or hold nothing.
    """
    matrices = np.asarray(A, dtype=np.float64)
    if matrices.ndim < 2 or matrices.shape[-1] != matrices.shape[-2] or matrices.shape[-1] == 0:
        raise ValueError(f"judgment matrices have the shape (..., n, n), not {matrices.shape}")
    return matrices


def valid(A: ArrayLike) -> NDArray[np.bool_]:
    """Say which matrices of a batch can be computed with, (..., n, n) → (...).

    They hold a positive finite ratio in every cell, 1 on the diagonal, and reciprocals on its two
    sides (within what two typed decimals do to a reciprocal).

    >>> valid([[[1, 3], [1 / 3, 1]], [[1, 3], [3, 1]], [[1, float("nan")], [float("nan"), 1]]])
    array([ True, False, False])
    """
    matrices = as_matrices(A)
    upper, lower = pairs(matrices)
    return np.asarray(_mirrored(upper, lower).all(-1) & _diagonal(matrices))


def sound(A: ArrayLike) -> NDArray[np.bool_]:
    """Say which matrices are `valid` as far as comparisons were made, (..., n, n) → (...).

    >>> nan = float("nan")
    >>> sound([[[1, 3], [1 / 3, 1]], [[1, 3], [3, 1]], [[1, nan], [nan, 1]]])
    array([ True, False,  True])
    """
    matrices = as_matrices(A)
    upper, lower = pairs(matrices)
    open_ = np.isnan(upper) | np.isnan(lower)
    return np.asarray((open_ | _mirrored(upper, lower)).all(-1) & _diagonal(matrices))


def _mirrored(upper: Array, lower: Array) -> NDArray[np.bool_]:
    with np.errstate(over="ignore", invalid="ignore"):
        # a product near 1 also rules out 0, NaN and infinity on either side
        return np.asarray((upper > 0) & (np.abs(upper * lower - 1) <= ROUNDING))


def _diagonal(matrices: Array) -> NDArray[np.bool_]:
    diagonal = np.diagonal(matrices, axis1=-2, axis2=-1)
    return np.asarray((np.abs(diagonal - 1) <= 1e-9).all(-1))


def missing(A: ArrayLike) -> NDArray[np.int64]:
    """Count the comparisons not made, (..., n, n) → (...); NaN on either side counts the pair once."""
    matrices = as_matrices(A)
    if not np.isnan(matrices).any():
        return np.zeros(matrices.shape[:-2], np.int64)
    upper, lower = pairs(matrices)
    return np.asarray((np.isnan(upper) | np.isnan(lower)).sum(-1))


def pairs(matrices: Array) -> tuple[Array, Array]:
    """Return the cells above the diagonal and their mirrors, (..., n, n) → twice (..., n(n−1)/2)."""
    n = matrices.shape[-1]
    i, j = np.triu_indices(n, 1)
    cells = matrices.reshape(*matrices.shape[:-2], n * n)
    return cells.take(i * n + j, -1), cells.take(j * n + i, -1)
