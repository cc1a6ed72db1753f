"""From judgment matrices to priorities: the methods, on whole batches at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from evaluator.ahp.matrices import Array, as_matrices, valid
from evaluator.registry import Registry

PRIORITIES: Registry[Callable[[Array], Array]] = Registry("priority")
"""Functions (m, n, n) → (m, n) on complete valid matrices. Laws a method may name: ``simplex`` (at
least 0, sums to 1), ``relabelling`` (permuting the elements permutes the result), ``generator`` (a
consistent matrix gives the weights it was made of), ``eigenvector`` (A w = λ w)."""

_FIRST_SQUARINGS = 5  # nothing has settled to the tolerance before the 64th power
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
    """Square the matrices until two squarings in a row agree: the error is squared each time.

    Judgments on the 1–9 scale settle after six to eight squarings; those whose two largest
    eigenvalues lie close together go on alone, and are NaN if they do not settle at all.
    """
    B = A
    for _ in range(_FIRST_SQUARINGS):
        B = _squared(B)
    w = _normalised(B.sum(-1))
    rest = np.arange(len(A))
    for _ in range(_MOST_SQUARINGS - _FIRST_SQUARINGS):
        B = _squared(B)
        before, after = w[rest], _normalised(B.sum(-1))
        w[rest] = after
        moving = ~((np.abs(after - before) <= _TOLERANCE * after).all(-1))
        if not moving.any():
            return w
        B, rest = B[moving], rest[moving]
    w[rest] = np.nan
    return w


def _squared(B: Array) -> Array:
    """Return B², scaled so that powers neither overflow nor vanish."""
    m, n, _ = B.shape
    with np.errstate(all="ignore"):
        cells = (B @ B).reshape(m, n * n)  # one long row each: broadcasting over n × n is slower
        cells *= 1 / cells[:, :1]
    return cells.reshape(m, n, n)


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
