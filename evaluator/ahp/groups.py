"""Several experts: their judgments or priorities put together, and how far they lie apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from evaluator.ahp.matrices import Array, as_matrices
from evaluator.ahp.priority_methods import priorities
from evaluator.errors import not_among, raise_errors
from evaluator.messages import Term
from evaluator.registry import Registry

MEANS = ("arithmetic", "geometric")


@dataclass(frozen=True)
class Aggregation:
    """What is put together, and how: a function of the experts' values and weights.

    Of judgments it maps (..., k, n, n) to one matrix (..., n, n), of priorities (..., k, n) to
    one vector (..., n).
    """

    of: Literal["judgments", "priorities"]
    mean: Callable[[ArrayLike, ArrayLike | None], Array]

    def __call__(self, values: ArrayLike, expert_weights: ArrayLike | None = None) -> Array:
        """Return the values of the group."""
        return self.mean(values, expert_weights)


AGGREGATIONS: Registry[Aggregation] = Registry("aggregation")
"""Laws: ``reciprocal`` (a_ij a_ji = 1 is kept), ``between`` (each value lies between the experts'),
``unanimous`` (what all say is the result), ``simplex`` (at least 0, sums to 1)."""


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
    matrices, say = _panel(A, expert_weights)
    made = ~np.isnan(matrices)
    sound = np.isfinite(matrices) & (matrices > 0)
    logs = np.log(np.where(sound, matrices, 1.0))
    weights = say[..., None, None] * made
    total = weights.sum(-3)
    mean = (weights * logs).sum(-3) / np.where(total > 0, total, np.nan)
    return np.where((sound | ~made).all(-3), np.exp(mean), np.nan)


def aggregate_priorities(
    P: ArrayLike, expert_weights: ArrayLike | None = None, mean: str = "arithmetic"
) -> Array:
    """Return the mean of the experts' priorities, (..., k, n) → (..., n), summing to 1.

    An expert without priorities here (NaN) is left out, and the weights of the others are
    renormalised; when nobody has any, the result is NaN.

    Parameters
    ----------
    P : priorities of k experts.
    expert_weights : (..., k), at least 0 and not all 0; only their proportions count. Default: equal.
    mean : ``arithmetic``, or ``geometric``, whose sum falls short of 1 and is brought back to it.
        With geometric-mean priorities of complete judgments the latter equals the priorities of
        `aggregate_judgments`.

    Raises
    ------
    EvaluationError
        when there is no such mean.
    ValueError
        when the shapes do not fit, or weights are negative, not finite, or all 0.

    References
    ----------
    Forman, E., Peniwati, K. (1998), EJOR 108, 165–169. doi:10.1016/S0377-2217(97)00244-0

    >>> aggregate_priorities([[0.8, 0.2], [0.4, 0.6]], [1, 3])
    array([0.5, 0.5])
    >>> aggregate_priorities([[0.8, 0.2], [0.2, 0.8], [float("nan")] * 2], mean="geometric")
    array([0.5, 0.5])
    """
    raise_errors(not_among("METHOD-001", [mean], MEANS, {"kind": Term("kind.mean")}))
    vectors = as_priorities(P)
    has = np.asarray(np.isfinite(vectors).all(-1))
    say = (experts_say(expert_weights, vectors.shape[:-1]) * has)[..., None]
    total = say.sum(-2)
    share = say / np.where(total > 0, total, np.nan)[..., None, :]
    known = np.where(has[..., None], vectors, 1.0)
    if mean == "arithmetic":
        return np.asarray((share * known).sum(-2))
    with np.errstate(divide="ignore"):
        logs = np.log(known)
    joint = np.exp(np.where(share > 0, share * logs, 0.0 * share).sum(-2))
    return np.asarray(joint / joint.sum(-1, keepdims=True))


def _geometric(P: ArrayLike, expert_weights: ArrayLike | None = None) -> Array:
    return aggregate_priorities(P, expert_weights, "geometric")


AGGREGATIONS.register(
    "aij",
    zh="判断矩阵加权几何平均（AIJ）",
    en="weighted geometric mean of judgments (AIJ)",
    reference="Aczél & Saaty 1983, doi:10.1016/0022-2496(83)90028-7",
    laws=("reciprocal", "between", "unanimous"),
)(Aggregation("judgments", aggregate_judgments))

AGGREGATIONS.register(
    "aip",
    zh="个体权重加权算术平均（AIP）",
    en="weighted arithmetic mean of priorities (AIP)",
    reference="Forman & Peniwati 1998, doi:10.1016/S0377-2217(97)00244-0",
    laws=("simplex", "between", "unanimous"),
)(Aggregation("priorities", aggregate_priorities))

AGGREGATIONS.register(
    "aip_geometric",
    zh="个体权重加权几何平均，归一化（几何 AIP）",
    en="weighted geometric mean of priorities, renormalised (geometric AIP)",
    reference="Forman & Peniwati 1998, doi:10.1016/S0377-2217(97)00244-0",
    laws=("simplex", "unanimous"),
)(Aggregation("priorities", _geometric))


def group_priorities(
    A: ArrayLike,
    expert_weights: ArrayLike | None = None,
    *,
    method: str = "eigenvector",
    aggregation: str = "aij",
) -> Array:
    """Return the priorities of a group of experts, (..., k, n, n) → (..., n), by either road.

    Judgments are put together and give priorities, or priorities are put together.

    Raises
    ------
    EvaluationError
        when there is no such method or aggregation.

    >>> A = [[[1, 8], [1 / 8, 1]], [[1, 2], [1 / 2, 1]]]
    >>> group_priorities(A), group_priorities(A, aggregation="aip").round(4)
    (array([0.8, 0.2]), array([0.7778, 0.2222]))
    """
    function = AGGREGATIONS[aggregation].function
    if function.of == "judgments":
        return priorities(function(A, expert_weights), method)
    return function(priorities(A, method), expert_weights)


def coverage(A: ArrayLike, expert_weights: ArrayLike | None = None) -> Array:
    """Return the share of the experts' say that made each comparison, (..., k, n, n) → (..., n, n).

    >>> blank = float("nan")
    >>> coverage([[[1, 2], [1 / 2, 1]], [[1, blank], [blank, 1]]], [3, 1])
    array([[1.  , 0.75],
           [0.75, 1.  ]])
    """
    matrices, say = _panel(A, expert_weights)
    answered = (say[..., None, None] * ~np.isnan(matrices)).sum(-3)
    return np.asarray(answered / say.sum(-1)[..., None, None])


def disagreement(A: ArrayLike, expert_weights: ArrayLike | None = None) -> Array:
    """Return how far the experts lie apart on each comparison, (..., k, n, n) → (..., n, n).

    The geometric standard deviation of their ratios: 1 where all say the same, 2 where answers
    typically lie within a factor of 2 around the joint one; NaN where nobody answered.

    >>> disagreement([[[1, 9], [1 / 9, 1]], [[1, 1], [1, 1]]])[0, 1].round(6)
    np.float64(3.0)
    """
    matrices, say = _panel(A, expert_weights)
    joint = aggregate_judgments(matrices, say)
    made = ~np.isnan(matrices)
    with np.errstate(all="ignore"):
        squares = np.where(made, np.log(matrices / joint[..., None, :, :]) ** 2, 0.0)
        weights = say[..., None, None] * made
        return np.asarray(np.exp(np.sqrt((weights * squares).sum(-3) / weights.sum(-3))))


def leave_one_out(
    A: ArrayLike,
    expert_weights: ArrayLike | None = None,
    *,
    method: str = "eigenvector",
    aggregation: str = "aij",
) -> Array:
    """Return the group's priorities without each expert in turn, (..., k, n, n) → (..., k, n).

    NaN where the others' judgments do not give priorities. All experts are left out at once: what
    an expert adds to a sum is taken off it.

    Raises
    ------
    EvaluationError
        when there is no such method or aggregation.

    >>> A = [[[1, 8], [1 / 8, 1]], [[1, 2], [1 / 2, 1]], [[1, 1], [1, 1]]]
    >>> leave_one_out(A).round(3)
    array([[0.586, 0.414],
           [0.739, 0.261],
           [0.8  , 0.2  ]])
    """
    matrices, say = _panel(A, expert_weights)
    if AGGREGATIONS[aggregation].function.of == "judgments":
        logs = _without_each(np.log(matrices), say[..., None, None], -3)
        return priorities(np.exp(logs), method)
    mean = "geometric" if aggregation == "aip_geometric" else "arithmetic"
    return leave_one_out_priorities(priorities(matrices, method), say, mean)


def leave_one_out_priorities(
    P: ArrayLike, expert_weights: ArrayLike | None = None, mean: str = "arithmetic"
) -> Array:
    """Return the mean of the experts' priorities without each of them in turn, (..., k, n) → (..., k, n).

    Parameters
    ----------
    P : priorities of k experts. mean : as in `aggregate_priorities`.

    >>> leave_one_out_priorities([[0.8, 0.2], [0.4, 0.6]])
    array([[0.4, 0.6],
           [0.8, 0.2]])
    """
    own = as_priorities(P)
    say = experts_say(expert_weights, own.shape[:-1])[..., None]
    geometric = mean == "geometric"
    with np.errstate(divide="ignore"):
        means = _without_each(np.log(own) if geometric else own, say, -2)
    joint = np.exp(means) if geometric else means
    return np.asarray(joint / joint.sum(-1, keepdims=True))


def _without_each(values: Array, say: Array, axis: int) -> Array:
    """Return weighted means over the experts without each in turn, NaN where nobody else answered."""
    made = ~np.isnan(values)
    weights = say * made
    counted = weights > 0
    others = counted.sum(axis, keepdims=True) - counted
    sums = weights * np.where(made, values, 0.0)
    total = weights.sum(axis, keepdims=True) - weights
    rest = sums.sum(axis, keepdims=True) - sums
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(others > 0, rest / total, np.nan)


def as_priorities(P: ArrayLike) -> Array:
    """Return experts' priorities as float64, (..., k, n); raises `ValueError` for another shape."""
    vectors = np.asarray(P, dtype=np.float64)
    if vectors.ndim < 2:
        raise ValueError(f"priorities of several experts have the shape (..., k, n), not {vectors.shape}")
    return vectors


def experts_say(expert_weights: ArrayLike | None, shape: tuple[int, ...]) -> Array:
    """Return what each expert's word counts, spread over the batch `shape` (..., k).

    Raises `ValueError` when weights are negative, not finite, or all 0.
    """
    weights = np.ones(shape[-1]) if expert_weights is None else np.asarray(expert_weights, dtype=np.float64)
    say = np.broadcast_to(weights, shape)
    if not (np.isfinite(say).all() and (say >= 0).all() and (say.sum(-1) > 0).all()):
        raise ValueError("expert weights are finite, at least 0, and not all 0")
    return say


def _panel(A: ArrayLike, expert_weights: ArrayLike | None) -> tuple[Array, Array]:
    matrices = as_matrices(A)
    if matrices.ndim < 3:
        raise ValueError(f"judgments of several experts have the shape (..., k, n, n), not {matrices.shape}")
    return matrices, experts_say(expert_weights, matrices.shape[:-2])
