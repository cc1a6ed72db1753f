"""From judgment matrices to priorities: the methods, on whole batches at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from evaluator.ahp.completion import fill_by_harker, fill_by_least_lambda, fill_by_least_squares
from evaluator.ahp.graph import connected
from evaluator.ahp.matrices import Array, as_matrices, sound, valid
from evaluator.ahp.perron import normalised, perron
from evaluator.registry import Registry


@dataclass(frozen=True)
class Priority:
    """A priority method: `weigh` takes complete valid matrices (m, n, n) to weights (m, n).

    `fill` completes matrices whose comparisons are connected in the way that belongs to the method,
    (m, n, n) → (m, n, n); None where the method needs every comparison.
    """

    weigh: Callable[[Array], Array]
    fill: Callable[[Array], Array] | None = None

    def __call__(self, A: Array) -> Array:
        """Return the weights of complete matrices."""
        return self.weigh(A)


PRIORITIES: Registry[Priority] = Registry("priority")
"""Laws a method may name: ``simplex`` (at least 0, sums to 1), ``relabelling`` (permuting the elements
permutes the result), ``generator`` (a consistent matrix gives the weights it was made of, also with
blanks where the method completes them), ``eigenvector`` (A w = λ w on complete matrices)."""


def priorities(A: ArrayLike, method: str = "eigenvector") -> Array:
    """Return the priorities that judgment matrices give, (..., n, n) → (..., n).

    Each vector is at least 0 and sums to 1. Comparisons not made (NaN) are completed in the way of
    the method: least λmax for the eigenvector, least squares of the logarithms for the geometric
    mean. A matrix whose comparisons fall into unconnected parts (see `components`), with a blank the
    method cannot do without, a value that is no positive finite ratio, or sides that contradict
    each other gives NaN, alone in its batch.

    Parameters
    ----------
    A : a_ij says how many times as important i is as j.
    method : a name in `PRIORITIES`: ``eigenvector``, ``harker``, ``geometric_mean``, or
        ``normalized_columns``, which needs every comparison.

    Raises
    ------
    EvaluationError
        when there is no such method.
    ValueError
        when the last two axes are not square.

    References
    ----------
    Saaty, T.L. (1977), J. Mathematical Psychology 15(3), 234–281. doi:10.1016/0022-2496(77)90033-5

    >>> priorities([[1, 2, 6], [1 / 2, 1, 3], [1 / 6, 1 / 3, 1]]).round(6)
    array([0.6, 0.3, 0.1])
    """
    method_ = PRIORITIES[method].function
    matrices = as_matrices(A)
    n = matrices.shape[-1]
    flat = matrices.reshape(-1, n, n)
    whole = valid(flat)
    if whole.all():
        return method_(flat).reshape(matrices.shape[:-1])
    result = np.full(flat.shape[:-1], np.nan)
    result[whole] = method_(flat[whole])
    rest = np.flatnonzero(~whole)
    filled = fill(flat[rest], method)
    complete = valid(filled)
    result[rest[complete]] = method_(filled[complete])
    return result.reshape(matrices.shape[:-1])


def fill(A: ArrayLike, method: str = "eigenvector") -> Array:
    """Return judgments with their blanks filled in the way of a priority method, (..., n, n) → (..., n, n).

    The priorities of the filled matrix are those of the judgments. Blanks stay where the method
    cannot fill them: unconnected or unsound judgments, or a method that needs every comparison.

    Raises
    ------
    EvaluationError
        when there is no such method.
    ValueError
        when the last two axes are not square.

    >>> nan = float("nan")
    >>> fill([[1, 2, nan], [1 / 2, 1, 3], [nan, 1 / 3, 1]], "geometric_mean").round(6)
    array([[1.      , 2.      , 6.      ],
           [0.5     , 1.      , 3.      ],
           [0.166667, 0.333333, 1.      ]])
    """
    filling = PRIORITIES[method].function.fill
    matrices = as_matrices(A)
    flat = matrices.reshape(-1, *matrices.shape[-2:])
    todo = sound(flat) & ~valid(flat) & connected(flat)
    if filling is None or not todo.any():
        return matrices.copy()
    filled = flat.copy()
    filled[todo] = filling(flat[todo])
    return filled.reshape(matrices.shape)


_SAATY = "Saaty 1977, doi:10.1016/0022-2496(77)90033-5"

PRIORITIES.register(
    "eigenvector",
    zh="特征根法",
    en="principal eigenvector",
    reference=f"{_SAATY}; blanks at the least λmax: Bozóki, Fülöp & Rónyai 2010, "
    "doi:10.1016/j.mcm.2010.02.047",
    laws=("simplex", "relabelling", "generator", "eigenvector"),
)(Priority(perron, fill_by_least_lambda))

PRIORITIES.register(
    "harker",
    zh="特征根法（Harker 法推算缺失比较）",
    en="principal eigenvector, missing comparisons by Harker",
    reference=f"{_SAATY}; Harker 1987, doi:10.1016/0270-0255(87)90503-3",
    laws=("simplex", "relabelling", "generator", "eigenvector"),
)(Priority(perron, fill_by_harker))


def _geometric_mean(A: Array) -> Array:
    logs = np.log(A).mean(-1)
    return normalised(np.exp(logs - logs.max(-1, keepdims=True)))


PRIORITIES.register(
    "geometric_mean",
    zh="几何平均法（根法）",
    en="row geometric mean",
    reference="Crawford & Williams 1985, doi:10.1016/0022-2496(85)90002-1; blanks by least squares of the "
    "logarithms: Bozóki & Tsyganok 2019, doi:10.1080/03081079.2019.1585432",
    laws=("simplex", "relabelling", "generator"),
)(Priority(_geometric_mean, fill_by_least_squares))


def _normalized_columns(A: Array) -> Array:
    return normalised((A / A.sum(-2, keepdims=True)).mean(-1))


PRIORITIES.register(
    "normalized_columns",
    zh="和法（列归一化平均）",
    en="mean of normalised columns",
    reference="Saaty 1980, The Analytic Hierarchy Process, McGraw-Hill",
    laws=("simplex", "relabelling", "generator"),
)(Priority(_normalized_columns))
