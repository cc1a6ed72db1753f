"""Which judgment to look at again, and what the others say it should be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluator.ahp.completion import complete
from evaluator.ahp.graph import made
from evaluator.ahp.matrices import Array, as_matrices, valid
from evaluator.ahp.perron import perron
from evaluator.ahp.priority_methods import priorities
from evaluator.brief import Brief


@dataclass(frozen=True)
class Worst(Brief):
    """The judgment of each matrix that contradicts the others most; −1 and NaN where there is none.

    Attributes
    ----------
    pair : (..., 2), its elements, ordered so that the judgment is too large.
    value : the judgment of the first over the second. error : value · w_j / w_i, above 1.
    influence : how fast λmax rises with the logarithm of the judgment.
    suggested : what the other judgments say, the value that makes λmax least; NaN where they do not
        tie the two elements together.
    """

    pair: NDArray[np.int64]
    value: Array
    error: Array
    influence: Array
    suggested: Array


def errors(A: ArrayLike, method: str = "eigenvector") -> Array:
    """Return e_ij = a_ij w_j / w_i, how many times too large each judgment is, (..., n, n) → (..., n, n).

    1 is agreement with the weights; NaN is a comparison not made.

    References
    ----------
    Saaty, T.L. (2003), EJOR 145, 85–91. doi:10.1016/S0377-2217(02)00227-8

    >>> errors([[1, 2, 8], [1 / 2, 1, 2], [1 / 8, 1 / 2, 1]]).round(4)[0].tolist()
    [1.0, 0.7937, 1.2599]
    """
    matrices = as_matrices(A)
    w = priorities(matrices, method)
    with np.errstate(all="ignore"):
        return np.asarray(matrices * w[..., None, :] / w[..., :, None])


def influence(A: ArrayLike) -> Array:
    """Return ∂λmax/∂ln a_ij, (..., n, n) → (..., n, n): above 0 where a smaller a_ij is more consistent.

    With right and left eigenvectors v and u this is (u_i a_ij v_j − u_j a_ji v_i) / uᵀv. NaN is a
    comparison not made.

    References
    ----------
    Harker, P.T. (1987), Appl. Math. Comput. 22, 217–232. doi:10.1016/0096-3003(87)90043-9

    >>> influence([[1, 2, 6], [1 / 2, 1, 3], [1 / 6, 1 / 3, 1]]).round(9) + 0.0
    array([[0., 0., 0.],
           [0., 0., 0.],
           [0., 0., 0.]])
    """
    matrices = as_matrices(A)
    flat = complete(matrices).matrix.reshape(-1, *matrices.shape[-2:])
    slopes = np.full(flat.shape, np.nan)
    usable = valid(flat)
    X = flat[usable]
    v, u = perron(X), perron(np.swapaxes(X, -1, -2))
    pull = u[:, :, None] * X * v[:, None, :] / (u * v).sum(-1)[:, None, None]
    slopes[usable] = pull - np.swapaxes(pull, -1, -2)
    return np.where(made(matrices), slopes.reshape(matrices.shape), np.nan)


def worst_judgment(A: ArrayLike, *, by: str = "influence") -> Worst:
    """Return the judgment that contradicts the others most, (..., n, n) → fields (...).

    Parameters
    ----------
    A : judgment matrices; NaN is a comparison not made.
    by : ``influence``, the judgment whose change lowers λmax fastest, or ``error``, the largest
        ratio to the weights. They usually agree; the influence knows what a change brings about.

    Raises
    ------
    ValueError
        when the last two axes are not square, or `by` is neither.

    >>> A = [[1, 2, 4, 1 / 8], [1 / 2, 1, 2, 4], [1 / 4, 1 / 2, 1, 2], [8, 1 / 4, 1 / 2, 1]]
    >>> found = worst_judgment(A)  # 2 × 4 is what 8 says the other way round
    >>> found.pair.tolist(), float(found.value), round(float(found.suggested), 6)
    ([3, 0], 8.0, 0.125)
    """
    if by not in ("influence", "error"):
        raise ValueError(f"judgments are ranked by influence or error, not by {by}")
    matrices = as_matrices(A)
    n = matrices.shape[-1]
    ratio, slope = errors(matrices).reshape(-1, n * n), influence(matrices).reshape(-1, n * n)
    size = np.where(np.isnan(ratio) | np.isnan(slope), -np.inf, slope if by == "influence" else ratio)
    # judgments that all agree have none that is worst
    there = np.isfinite(size).any(-1) & (np.nanmax(np.where(np.isnan(ratio), 1.0, ratio), -1) > 1 + 1e-9)
    at = size.argmax(-1)
    i, j = at // n, at % n
    k = np.arange(len(at))
    blanked = matrices.reshape(-1, n, n).copy()
    blanked[k, i, j] = blanked[k, j, i] = np.where(there, np.nan, blanked[k, i, j])
    suggested = np.where(there, complete(blanked).matrix[k, i, j], np.nan)
    batch = matrices.shape[:-2]
    cells = (matrices.reshape(-1, n * n), ratio, slope)
    value, error, rise = (np.where(there, cell[k, at], np.nan).reshape(batch) for cell in cells)
    pair = np.where(there[:, None], np.stack([i, j], -1), -1)
    return Worst(pair.reshape(*batch, 2), value, error, rise, suggested.reshape(batch))
