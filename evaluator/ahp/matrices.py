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
    cells = (-2, -1)
    positive = (np.isfinite(matrices) & (matrices > 0)).all(cells)
    ones = np.abs(np.diagonal(matrices, axis1=-2, axis2=-1) - 1).max(-1, initial=0) <= 1e-9
    with np.errstate(over="ignore", invalid="ignore"):
        products = matrices * np.swapaxes(matrices, -2, -1)
        return np.asarray(positive & ones & (np.abs(products - 1) <= ROUNDING).all(cells))


def missing(A: ArrayLike) -> NDArray[np.int64]:
    """Count the comparisons not made, (..., n, n) → (...); NaN on either side counts the pair once."""
    matrices = as_matrices(A)
    i, j = np.triu_indices(matrices.shape[-1], 1)
    return np.asarray(np.isnan(matrices[..., i, j] * matrices[..., j, i]).sum(-1))
