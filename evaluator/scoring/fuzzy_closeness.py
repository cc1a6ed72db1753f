"""Fuzzy TOPSIS: alternatives judged in triangular or trapezoid fuzzy numbers, on small sets."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluator.weighing.directions import signs_of

Array = NDArray[np.float64]


def fuzzy_topsis(X: ArrayLike, weights: ArrayLike, directions: Sequence[str] | None = None) -> Array:
    """Return the closeness of fuzzy alternatives to the ideal, (m, n, k) and (n, k) → (m), 0–1.

    Columns are divided by their largest upper end (a cost divides its smallest lower end), weighted,
    and compared with the largest and the smallest end any alternative has there, by the vertex
    distance. The result is relative to the set.

    Parameters
    ----------
    X : m alternatives, n columns, fuzzy numbers of k = 3 (triangular) or 4 (trapezoid) rising points,
        none below 0. weights : (n, k), likewise.
    directions : ``benefit`` or ``cost`` for each column. Default: all benefit.

    Raises
    ------
    EvaluationError
        when there is no such direction.
    ValueError
        when the shapes do not fit, points fall or lie below 0, or a column has nothing above 0.

    References
    ----------
    Chen, C.-T., Lin, C.-T., Huang, S.-F. (2006), Int. J. Production Economics 102(2), 289–301.
    doi:10.1016/j.ijpe.2005.03.009

    >>> fuzzy_topsis([[[1, 2, 3]], [[7, 8, 9]]], [[1, 1, 1]]).round(3)
    array([0.155, 0.845])
    """
    matrix, shares = np.asarray(X, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if matrix.ndim != 3 or matrix.shape[1:] != shares.shape or shares.shape[1] not in (3, 4):
        raise ValueError(f"alternatives {matrix.shape} and weights {shares.shape} do not fit")
    for numbers in (matrix, shares):
        if not ((numbers >= 0).all() and np.isfinite(numbers).all() and (np.diff(numbers) >= 0).all()):
            raise ValueError("a fuzzy number has rising points, none of them below 0")
    signs = signs_of(directions, matrix.shape[1])
    weighted = _normal(matrix, signs) * shares
    best, worst = weighted[..., -1].max(0), weighted[..., 0].min(0)
    to_best, to_worst = (np.sqrt(((weighted - end[:, None]) ** 2).mean(-1)).sum(-1) for end in (best, worst))
    total = to_best + to_worst
    return np.asarray(np.where(total > 0, to_worst / np.where(total > 0, total, 1.0), 0.5))


def fuzzy_group(X: ArrayLike) -> Array:
    """Return what several judges say together, (judges, ..., k) → (..., k): least, means, largest.

    >>> fuzzy_group([[1, 2, 3], [3, 4, 9]])
    array([1., 3., 9.])
    """
    said = np.asarray(X, dtype=np.float64)
    together: Array = said.mean(0)
    together[..., 0], together[..., -1] = said[..., 0].min(0), said[..., -1].max(0)
    return together


def _normal(X: Array, signs: Array) -> Array:
    largest, smallest = X[..., -1].max(0), X[..., 0].min(0)
    if not (largest > 0).all() or not (smallest[signs < 0] > 0).all():
        raise ValueError("a benefit needs a value above 0, and a cost has none at 0")
    cost = (signs < 0)[:, None]
    turned = np.where(cost, smallest[:, None], 0.0) / np.where(cost, X, 1.0)
    return np.asarray(np.where(cost, turned[..., ::-1], X / largest[:, None]))
