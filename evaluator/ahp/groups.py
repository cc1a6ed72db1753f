"""Several experts: their judgments put together."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from evaluator.ahp.matrices import Array, as_matrices
from evaluator.registry import Registry

AGGREGATIONS: Registry[Callable[[ArrayLike, ArrayLike | None], Array]] = Registry("aggregation")
"""Functions of judgments (..., k, n, n) and expert weights → one matrix (..., n, n). Laws: ``reciprocal``
(a_ij a_ji = 1 is kept), ``between`` (each cell lies between the experts'), ``unanimous`` (what all
say is the result)."""


@AGGREGATIONS.register(
    "aij",
    zh="判断矩阵加权几何平均",
    en="weighted geometric mean of judgments (AIJ)",
    reference="Aczél & Saaty 1983, doi:10.1016/0022-2496(83)90028-7",
    laws=("reciprocal", "between", "unanimous"),
)
def aggregate_judgments(A: ArrayLike, expert_weights: ArrayLike | None = None) -> Array:
    """Return the experts' joint judgments, the weighted geometric mean, (..., k, n, n) → (..., n, n).

    Each cell is the mean over the experts who made that comparison, their weights renormalised;
    a comparison nobody made stays NaN, and a value that is no positive finite ratio makes its cell
    NaN. Only the geometric mean keeps judgments reciprocal: the arithmetic mean of 9 and 1/9 is
    4.56 both ways.

    Parameters
    ----------
    A : judgments of k experts; NaN is a comparison not made.
    expert_weights : (..., k), at least 0 and not all 0; only their proportions count. Default: equal.

    Raises
    ------
    ValueError
        when the shapes do not fit, or weights are negative, not finite, or all 0.

    References
    ----------
    Aczél, J., Saaty, T.L. (1983), J. Mathematical Psychology 27(1), 93–102.
    doi:10.1016/0022-2496(83)90028-7

    >>> aggregate_judgments([[[1, 9], [1 / 9, 1]], [[1, 1 / 4], [4, 1]]]).round(6)
    array([[1.      , 1.5     ],
           [0.666667, 1.      ]])
    """
    matrices = as_matrices(A)
    if matrices.ndim < 3:
        raise ValueError(f"judgments of several experts have the shape (..., k, n, n), not {matrices.shape}")
    say = _say(expert_weights, matrices.shape[:-2])[..., None, None]
    made = ~np.isnan(matrices)
    sound = np.isfinite(matrices) & (matrices > 0)
    logs = np.log(np.where(sound, matrices, 1.0))
    weights = say * made
    total = weights.sum(-3)
    mean = (weights * logs).sum(-3) / np.where(total > 0, total, np.nan)
    return np.where((sound | ~made).all(-3), np.exp(mean), np.nan)


def _say(expert_weights: ArrayLike | None, shape: tuple[int, ...]) -> Array:
    weights = np.ones(shape[-1]) if expert_weights is None else np.asarray(expert_weights, dtype=np.float64)
    say = np.broadcast_to(weights, shape)
    if not (np.isfinite(say).all() and (say >= 0).all() and (say.sum(-1) > 0).all()):
        raise ValueError("expert weights are finite, at least 0, and not all 0")
    return say
