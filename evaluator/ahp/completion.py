"""Comparisons not made: what the comparisons made say about them.

Nothing here is an answer. A completion is the neutral continuation of the judgments there are, so
that priorities exist and what redundancy there is can be tested.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluator.ahp.graph import connected, made
from evaluator.ahp.matrices import Array, as_matrices, sound
from evaluator.ahp.perron import perron
from evaluator.displayed import Displayed

_MOST_STEPS = 60
_SETTLED = 1e-9  # of a Newton step in the logarithms: what is left is its square
_HALVINGS = 30


@dataclass(frozen=True)
class Completion(Displayed):
    """Judgment matrices with their blanks filled, (..., n, n), and how that went, (...).

    `iterations` counts Newton steps, 0 where nothing was missing. A matrix that is not `converged`
    (disconnected, unsound, or out of steps) keeps its blanks.
    """

    matrix: Array
    iterations: NDArray[np.int64]
    converged: NDArray[np.bool_]


def complete(A: ArrayLike) -> Completion:
    """Fill comparisons not made so that λmax is as small as can be, (..., n, n) → Completion.

    λmax is a convex function of the logarithms of the blanks, strictly so where the comparisons
    made are connected, so its minimum is unique; Newton's method finds it from the least-squares
    completion. A filled value may lie beyond 9: it is no answer, and is not clipped.

    Raises
    ------
    ValueError
        when the last two axes are not square.

    References
    ----------
    Bozóki, S., Fülöp, J., Rónyai, L. (2010), Math. Comput. Modelling 52, 318–333.
    doi:10.1016/j.mcm.2010.02.047

    >>> nan = float("nan")
    >>> found = complete([[1, 2, nan], [1 / 2, 1, 3], [nan, 1 / 3, 1]])
    >>> round(float(found.matrix[0, 2]), 9), bool(found.converged)
    (6.0, True)
    """
    matrices = as_matrices(A)
    n = matrices.shape[-1]
    known = made(matrices).reshape(-1, n, n)
    filled = np.where(known, matrices.reshape(-1, n, n), np.nan)
    blank = np.asarray(~known.all((-2, -1)))
    usable = sound(filled) & connected(filled)
    iterations, converged = np.zeros(len(filled), np.int64), usable.copy()
    todo = np.flatnonzero(blank & usable)
    if len(todo):
        X, iterations[todo], found = _least_lambda(filled[todo])
        filled[todo] = np.where(found[:, None, None], X, filled[todo])
        converged[todo] = found
    batch = matrices.shape[:-2]
    return Completion(
        np.where(blank[:, None, None], filled, matrices.reshape(-1, n, n)).reshape(matrices.shape),
        iterations.reshape(batch),
        converged.reshape(batch),
    )


def least_squares(A: Array) -> Array:
    """Return the logarithms of the least-squares weights, (m, n, n) → (m, n), each summing to 0.

    They solve L y = r with the Laplacian L of the comparisons made and r_i = Σ_j ln a_ij, and are
    unique where these are connected; there L + 1/n is regular and gives the same y.
    """
    n = A.shape[-1]
    known = made(A)
    r = np.log(np.where(known, A, 1.0)).sum(-1)
    if known.all():
        return np.asarray(r / n)
    links = known.astype(np.float64)
    L = np.eye(n) * links.sum(-1)[..., None] - links
    return np.asarray(np.linalg.solve(L + 1 / n, r[..., None])[..., 0])


def fill_by_least_squares(A: Array) -> Array:
    """Return matrices with blanks w_i / w_j of the least-squares weights, (m, n, n) → (m, n, n)."""
    return _filled(A, least_squares(A))


def harker(A: ArrayLike) -> Array:
    """Return Harker's matrices, (..., n, n) → (..., n, n): a blank is 0 and adds 1 to its diagonal.

    Their principal eigenvector is that of the judgments with every blank at the w_i / w_j it leads
    to itself. Their largest eigenvalue is another statistic than the least λmax, which the random
    index for missing comparisons is the mean of: the two do not mix.

    References
    ----------
    Harker, P.T. (1987), Math. Modelling 9(11), 837–848. doi:10.1016/0270-0255(87)90503-3

    >>> nan = float("nan")
    >>> harker([[1, 2, 6], [1 / 2, 1, nan], [1 / 6, nan, 1]]).round(6)
    array([[1.      , 2.      , 6.      ],
           [0.5     , 2.      , 0.      ],
           [0.166667, 0.      , 2.      ]])
    """
    matrices = as_matrices(A)
    known = made(matrices)
    blanks = (~known).sum(-1)[..., None] * np.eye(matrices.shape[-1])
    return np.asarray(np.where(known, matrices, 0.0) + blanks)


def fill_by_harker(A: Array) -> Array:
    """Return matrices with blanks w_i / w_j of Harker's eigenvector, (m, n, n) → (m, n, n)."""
    with np.errstate(all="ignore"):
        return _filled(A, np.log(perron(harker(A))))


def fill_by_least_lambda(A: Array) -> Array:
    """Return the completions of least λmax, (m, n, n) → (m, n, n); NaN stays where there is none."""
    return complete(A).matrix


def _filled(A: Array, y: Array) -> Array:
    return np.where(made(A), A, np.exp(y[..., :, None] - y[..., None, :]))


@dataclass(frozen=True)
class _Blanks:
    """The places (p, q) of the blanks of each matrix, (m, blanks); `real` is false where there are fewer."""

    p: NDArray[np.int64]
    q: NDArray[np.int64]
    real: NDArray[np.bool_]

    def of(self, rows: NDArray[np.int64]) -> _Blanks:
        return _Blanks(self.p[rows], self.q[rows], self.real[rows])


def _blanks(A: Array) -> _Blanks:
    p, q = np.triu_indices(A.shape[-1], 1)
    blank = ~made(A)[:, p, q]
    first = np.argsort(~blank, axis=-1, kind="stable")[:, : blank.sum(-1).max()]
    return _Blanks(p[first], q[first], np.take_along_axis(blank, first, -1))


def _least_lambda(A: Array) -> tuple[Array, NDArray[np.int64], NDArray[np.bool_]]:
    """Take Newton steps, each halved until λmax does not rise, until they are as good as 0."""
    X, blanks = fill_by_least_squares(A), _blanks(A)
    iterations, converged = np.zeros(len(A), np.int64), np.zeros(len(A), np.bool_)
    rest, height = np.arange(len(A)), _lambda(X)
    for _ in range(_MOST_STEPS):
        step = _newton_step(X[rest], blanks.of(rest))
        X[rest], height[rest], size = _descend(X[rest], height[rest], step, blanks.of(rest))
        iterations[rest] += 1
        converged[rest] = size <= _SETTLED
        rest = rest[size > _SETTLED]
        if not len(rest):
            break
    return X, iterations, converged


def _newton_step(X: Array, blanks: _Blanks) -> Array:
    """Return the step in the logarithms of the blanks, (m, blanks).

    With the eigenvectors v of X and u of its transpose, uᵀv = 1, and the group inverse G of λ − X:
    ∂λ/∂k = uᵀ X_k v and ∂²λ/∂k∂l = uᵀ X_kl v + uᵀ X_k G X_l v + uᵀ X_l G X_k v, where X_k is the
    derivative of X by the logarithm of the blank at (p, q).
    """
    m, n, _ = X.shape
    p, q, real = blanks.p, blanks.q, blanks.real
    row, k = np.arange(m)[:, None], np.arange(p.shape[-1])
    v, u = perron(X), perron(np.swapaxes(X, -1, -2))
    root = (X @ v[..., None]).sum((-2, -1))  # v sums to 1
    u = u / (u * v).sum(-1, keepdims=True)
    up, down = X[row, p, q] * real, X[row, q, p] * real
    left, right = np.zeros((m, len(k), n)), np.zeros((m, n, len(k)))
    left[row, k, q], left[row, k, p] = u[row, p] * up, -u[row, q] * down
    right[row, p, k], right[row, q, k] = up * v[row, q], -down * v[row, p]
    outer = v[:, :, None] * u[:, None, :]
    G = np.linalg.inv(root[:, None, None] * np.eye(n) - X + outer) - outer
    half = left @ G @ right
    H = half + np.swapaxes(half, -1, -2)
    forth, back = u[row, p] * up * v[row, q], u[row, q] * down * v[row, p]
    H[:, k, k] += np.where(real, forth + back, 1.0)
    return np.asarray(np.linalg.solve(H, (back - forth)[..., None])[..., 0])


def _descend(X: Array, height: Array, step: Array, blanks: _Blanks) -> tuple[Array, Array, Array]:
    """Return matrices after as much of the step as does not raise λmax, their λmax, and the step's size."""
    row, p, q = np.arange(len(X))[:, None], blanks.p, blanks.q
    size, share = np.abs(step).max(-1), np.ones(len(X))
    for _ in range(_HALVINGS):
        factor = np.exp(np.clip(share[:, None] * step, -20, 20))  # far from the minimum a step may be wild
        moved = X.copy()
        moved[row, p, q] *= factor
        moved[row, q, p] /= factor
        now = _lambda(moved)
        fine = now <= height * (1 + 1e-13)
        if fine.all():
            break
        share = np.where(fine, share, share / 2)
    return np.where(fine[:, None, None], moved, X), np.where(fine, now, height), np.where(fine, size, np.inf)


def _lambda(X: Array) -> Array:
    """Return the largest eigenvalues, (m, n, n) → (m): the sum of X v for a v that sums to 1."""
    return np.asarray((X @ perron(X)[..., None]).sum((-2, -1)))
