"""From judgment matrices to priorities: the methods, on whole batches at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from evaluator.ahp.matrices import Array, as_matrices, valid
from evaluator.registry import Registry

PRIORITIES: Registry[Callable[[Array], Array]] = Registry("priority method")
"""Functions (m, n, n) → (m, n) on complete valid matrices. Laws a method may name: ``simplex`` (at
least 0, sums to 1), ``relabelling`` (permuting the elements permutes the result), ``generator`` (a
consistent matrix gives the weights it was made of), ``eigenvector`` (A w = λ w)."""

_SQUARINGS = 8  # the 256th power: enough to 1e-15 for every matrix on the 1–9 scale
_MOST_SQUARINGS = 48
_TOLERANCE = 1e-12


def priorities(A: ArrayLike, method: str = "eigenvector") -> Array:
    """Return the priorities that judgment matrices give, (..., n, n) → (..., n).

    Each vector is at least 0 and sums to 1. A matrix with a comparison not made (NaN), a value that
    is no positive finite ratio, or sides that contradict each other gives NaN, alone in its batch.

    Parameters
    ----------
    A : a_ij says how many times as important i is as j.
    method : a name in `PRIORITIES`: ``eigenvector``, ``geometric_mean``, ``normalized_columns``.

    Raises
    ------
    EvaluationError
        METHOD-001 when there is no such method.
    ValueError
        when the last two axes are not square.

    References
    ----------
    Saaty, T.L. (1977), J. Mathematical Psychology 15(3), 234–281. doi:10.1016/0022-2496(77)90033-5

    >>> priorities([[1, 2, 6], [1 / 2, 1, 3], [1 / 6, 1 / 3, 1]]).round(6)
    array([0.6, 0.3, 0.1])
    """
    function = PRIORITIES[method].function
    matrices = as_matrices(A)
    n = matrices.shape[-1]
    flat = matrices.reshape(-1, n, n)
    usable = valid(flat)
    if usable.all():
        return function(flat).reshape(matrices.shape[:-1])
    result = np.full(flat.shape[:-1], np.nan)
    result[usable] = function(flat[usable])
    return result.reshape(matrices.shape[:-1])


@PRIORITIES.register(
    "eigenvector",
    zh="特征根法",
    en="principal eigenvector",
    reference="Saaty 1977, doi:10.1016/0022-2496(77)90033-5",
    laws=("simplex", "relabelling", "generator", "eigenvector"),
)
def _eigenvector(A: Array) -> Array:
    """Square the matrices until their columns agree: the error is squared each time."""
    B = A
    for _ in range(_SQUARINGS):
        B = _squared(B)
    w = _normalised(B.sum(-1))
    turned = _normalised((A @ w[..., None])[..., 0])
    rest = np.flatnonzero(~(_change(w, turned) <= _TOLERANCE / 10))
    if rest.size:
        w[rest] = _slow_eigenvector(B[rest], w[rest])
    return w


def _slow_eigenvector(B: Array, w: Array) -> Array:
    """Go on squaring where two eigenvalues lie close together; NaN where that does not settle."""
    for _ in range(_MOST_SQUARINGS - _SQUARINGS):
        B, before = _squared(B), w
        w = _normalised(B.sum(-1))
        settled = _change(before, w) <= _TOLERANCE
        if settled.all():
            return w
    return np.where(settled[:, None], w, np.nan)


def _squared(B: Array) -> Array:
    with np.errstate(all="ignore"):
        B = B @ B
        B /= B[..., :1, :1]
    return B


def _change(before: Array, after: Array) -> Array:
    return np.asarray(np.abs(after / before - 1).max(-1))


@PRIORITIES.register(
    "geometric_mean",
    zh="几何平均法（根法）",
    en="row geometric mean",
    reference="Crawford & Williams 1985, doi:10.1016/0022-2496(85)90002-1",
    laws=("simplex", "relabelling", "generator"),
)
def _geometric_mean(A: Array) -> Array:
    logs = np.log(A).mean(-1)
    return _normalised(np.exp(logs - logs.max(-1, keepdims=True)))


@PRIORITIES.register(
    "normalized_columns",
    zh="和法（列归一化平均）",
    en="mean of normalised columns",
    reference="Saaty 1980, The Analytic Hierarchy Process, McGraw-Hill",
    laws=("simplex", "relabelling", "generator"),
)
def _normalized_columns(A: Array) -> Array:
    return _normalised((A / A.sum(-2, keepdims=True)).mean(-1))


def _normalised(w: Array) -> Array:
    return np.asarray(w / w.sum(-1, keepdims=True))
