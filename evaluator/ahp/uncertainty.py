"""How sure the weights of judgments are, by the contradictions within them: analytic errors."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluator.ahp.distributions import student_quantile
from evaluator.ahp.graph import connected, made, redundancy
from evaluator.ahp.matrices import Array, as_matrices, sound
from evaluator.ahp.priority_methods import priorities
from evaluator.displayed import Displayed


@dataclass(frozen=True)
class Intervals(Displayed):
    """Geometric-mean priorities with the range they may have, by the scatter of the judgments.

    Attributes
    ----------
    priorities, low, high : (..., n). sigma : (...), standard deviation of one judgment's logarithm.
    df : (...), comparisons beyond a spanning tree; with 0 nothing can be said and the range is NaN.
    """

    priorities: Array
    low: Array
    high: Array
    sigma: Array
    df: NDArray[np.int64]
    level: float


def scatter(A: ArrayLike) -> tuple[Array, NDArray[np.int64]]:
    """Return Σ e² and the degrees of freedom of judgments around their own weights, (..., n, n) → (...).

    e_ij = ln a_ij − y_i + y_j over the comparisons made, y being the least-squares logarithms of the
    weights; E comparisons of n elements leave E − n + 1. NaN and 0 where there are no weights.

    >>> squares, df = scatter([[1, 2, 8], [1 / 2, 1, 2], [1 / 8, 1 / 2, 1]])
    >>> float(squares.round(4)), int(df)
    (0.1602, 1)
    """
    matrices = as_matrices(A)
    w = priorities(matrices, "geometric_mean")
    i, j = np.triu_indices(matrices.shape[-1], 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        errors = np.log(matrices[..., i, j] * w[..., j] / w[..., i])
    squares = np.where(made(matrices)[..., i, j], errors**2, 0.0).sum(-1)
    usable = np.isfinite(w[..., 0])
    return np.where(usable, squares, np.nan), np.where(usable, redundancy(matrices), 0)


def llsm_covariance(A: ArrayLike, sigma: ArrayLike | None = None) -> Array:
    """Return the covariance of the logarithms of the weights, (..., n, n) → (..., n, n).

    Cov(y) = σ² L⁺ for the least-squares logarithms y (which sum to 0), L being the Laplacian of the
    comparisons made: complete judgments give Var(y_i − y_j) = 2 σ² / n. NaN where the comparisons do
    not hang together, or nothing tells σ.

    Parameters
    ----------
    sigma : (...), standard deviation of a judgment's logarithm. Default: σ² = Σ e² / df by `scatter`.

    References
    ----------
    Crawford, G., Williams, C. (1985), J. Mathematical Psychology 29, 387–405.
    doi:10.1016/0022-2496(85)90002-1. Incomplete: Bozóki, S., Tsyganok, V. (2019), Int. J. General
    Systems 48(4). doi:10.1080/03081079.2019.1585432

    >>> C = llsm_covariance([[1, 2, 8], [1 / 2, 1, 2], [1 / 8, 1 / 2, 1]], sigma=0.3)
    >>> float((C[0, 0] + C[1, 1] - 2 * C[0, 1]).round(6))
    0.06
    """
    matrices = as_matrices(A)
    n = matrices.shape[-1]
    if sigma is None:
        squares, df = scatter(matrices)
        with np.errstate(invalid="ignore", divide="ignore"):
            variance = np.where(df > 0, squares / df, np.nan)
    else:
        variance = np.asarray(sigma, dtype=np.float64) ** 2
    edges = made(matrices) & ~np.eye(n, dtype=np.bool_)
    usable = connected(matrices) & sound(matrices)
    whole = np.where(usable[..., None, None], edges, ~np.eye(n, dtype=np.bool_))
    laplacian = np.eye(n) * whole.sum(-1)[..., None] - whole
    inverse = np.linalg.inv(laplacian + 1 / n) - 1 / n  # L + J/n is regular exactly where L is connected
    return np.where(usable[..., None, None], variance[..., None, None] * inverse, np.nan)


def priority_intervals(A: ArrayLike, level: float = 0.95, *, sigma: ArrayLike | None = None) -> Intervals:
    """Return geometric-mean priorities with their intervals, (..., n, n) → fields (..., n).

    The log-odds of each weight get Student's interval (the normal one for a known `sigma`) with
    the error that `llsm_covariance` hands on to them, so bounds stay between 0 and 1.

    Parameters
    ----------
    level : probability the interval is to hold, above 0 and below 1.
    sigma : (...), a known standard deviation of a judgment's logarithm instead of the scatter.

    >>> result = priority_intervals([[1, 2, 8], [1 / 2, 1, 2], [1 / 8, 1 / 2, 1]], sigma=0.2)
    >>> result.priorities.round(3), result.low.round(3), result.high.round(3)
    (array([0.643, 0.255, 0.101]), array([0.575, 0.202, 0.078]), array([0.706, 0.317, 0.13 ]))
    """
    matrices = as_matrices(A)
    w = priorities(matrices, "geometric_mean")
    squares, df = scatter(matrices)
    with np.errstate(invalid="ignore", divide="ignore"):
        own = np.sqrt(np.where(df > 0, squares / df, np.nan))
    spread = own if sigma is None else np.broadcast_to(np.asarray(sigma, dtype=np.float64), own.shape)
    covariance = llsm_covariance(matrices, spread)
    n = matrices.shape[-1]
    gradient = (np.eye(n) - w[..., None, :]) / (1 - w)[..., None] if n > 1 else np.zeros((*w.shape, n))
    error = np.sqrt(np.einsum("...ij,...jk,...ik->...i", gradient, covariance, gradient))
    reach = _quantiles(level, df, known=sigma is not None)[..., None] * error
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = w / (1 - w)
        low, high = odds * np.exp(-reach), odds * np.exp(reach)
        low, high = low / (1 + low), high / (1 + high)
    return Intervals(w, low, high, np.asarray(spread), df, level)


def _quantiles(level: float, df: NDArray[np.int64], *, known: bool) -> Array:
    """Return the two-sided quantile for each matrix; a σ known from elsewhere has no degrees to lose."""
    if known:
        return np.full(df.shape, NormalDist().inv_cdf((1 + level) / 2))
    sizes, where = np.unique(df, return_inverse=True)
    values = [student_quantile((1 + level) / 2, int(size)) if size > 0 else np.nan for size in sizes]
    return np.array(values)[where].reshape(df.shape)


def eigenvector_error(A: ArrayLike) -> Array:
    """Return the mean error of each eigenvector priority, (..., n, n) → (..., n).

    Δw_i = √(Σ_k (a_ik w_k n / λ − w_i)² / (n − 1)): how far the n values that row i gives for w_i
    scatter around it. NaN below n = 2 or where there are no priorities.

    References
    ----------
    Tomashevskii, I.L. (2015), EJOR 240(3), 774–780. doi:10.1016/j.ejor.2014.07.022

    >>> eigenvector_error([[1, 2, 6], [1 / 2, 1, 3], [1 / 6, 1 / 3, 1]]).round(9)
    array([0., 0., 0.])
    """
    matrices = as_matrices(A)
    n = matrices.shape[-1]
    w = priorities(matrices)
    terms = matrices * w[..., None, :]
    largest = (terms.sum(-1) / w).mean(-1)[..., None, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.sqrt(((terms * n / largest - w[..., None]) ** 2).sum(-1) / np.float64(n - 1)))
