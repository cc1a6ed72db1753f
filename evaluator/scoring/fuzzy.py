"""Fuzzy comprehensive evaluation (模糊综合评价) of arrays: B = W ∘ R, and what may be read off it.

Each operator is written once, in terms of smaller, larger and sum, and serves arrays and the columns
of any dataframe alike.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluator.registry import Registry

Array = NDArray[np.float64]


class Algebra(Protocol):
    """What an operator may do with numbers, whatever holds them."""

    def least(self, terms: Sequence[Any]) -> Any:
        """Return the smallest of some terms, elementwise."""

    def largest(self, terms: Sequence[Any]) -> Any:
        """Return the largest of some terms, elementwise."""

    def total(self, terms: Sequence[Any]) -> Any:
        """Return the sum of some terms, elementwise."""


# Weights of the n factors, their memberships in one grade, the algebra → the membership of the whole.
Operator = Callable[[Sequence[Any], Sequence[Any], Algebra], Any]

OPERATORS: Registry[Operator] = Registry("fuzzy_operator")
"""Laws: ``additive`` (B sums to 1 where the rows of R do, and the levels of a tree may be multiplied
out), ``between`` (B lies between the least and the largest membership of each grade), ``truncates``
(a membership above its factor's weight is cut off at it)."""


@OPERATORS.register(
    "weighted_average",
    zh="加权平均 M(·,⊕)",
    en="weighted average M(·,⊕)",
    reference="Wang P.Z. (1983), 模糊集合论及其应用",
    laws=("additive", "between"),
)
def weighted_average(weights: Sequence[Any], memberships: Sequence[Any], on: Algebra) -> Any:
    """Return Σ a·r: every factor counts by its weight."""
    return on.total([a * r for a, r in zip(weights, memberships, strict=True)])


@OPERATORS.register(
    "min_max",
    zh="主因素决定 M(∧,∨)",
    en="decisive factor M(∧,∨)",
    reference="Zadeh (1973), doi:10.1109/TSMC.1973.5408575",
    laws=("truncates",),
)
def min_max(weights: Sequence[Any], memberships: Sequence[Any], on: Algebra) -> Any:
    """Return max min(a, r): one factor decides, and a membership above its weight is cut off at it."""
    return on.largest([on.least([a, r]) for a, r in zip(weights, memberships, strict=True)])


@OPERATORS.register(
    "product_max",
    zh="主因素突出 M(·,∨)",
    en="prominent factor M(·,∨)",
    reference="Wang P.Z. (1983), 模糊集合论及其应用",
)
def product_max(weights: Sequence[Any], memberships: Sequence[Any], on: Algebra) -> Any:
    """Return max a·r: one factor decides, after weighing."""
    return on.largest([a * r for a, r in zip(weights, memberships, strict=True)])


@OPERATORS.register(
    "min_bounded_sum",
    zh="取小有界和 M(∧,⊕)",
    en="bounded sum of minima M(∧,⊕)",
    reference="Wang P.Z. (1983), 模糊集合论及其应用",
    laws=("truncates",),
)
def min_bounded_sum(weights: Sequence[Any], memberships: Sequence[Any], on: Algebra) -> Any:
    """Return min(1, Σ min(a, r)): every factor counts, up to its weight."""
    total = on.total([on.least([a, r]) for a, r in zip(weights, memberships, strict=True)])
    return on.least([total, 1.0])


def comprehensive_evaluation(W: ArrayLike, R: ArrayLike, operator: str = "weighted_average") -> Array:
    """Return the memberships B = W ∘ R of the whole in each grade, (..., n) and (..., n, m) → (..., m).

    Only ``weighted_average`` keeps the sum of 1; what the others return is divided by its sum before
    it is read (`normalized`), or goes up another level.

    Parameters
    ----------
    W : weights of n factors, summing to 1. R : membership of each factor in each of m grades, rows
        summing to 1.
    operator : a name in `OPERATORS`. The minimum cuts memberships off at the weights, so that with
        many factors little but the weights is left of R.

    Raises
    ------
    EvaluationError
        when there is no such operator.
    ValueError
        when the shapes do not fit, or a value is no number between 0 and 1.

    >>> W, R = [0.6, 0.4], [[0.7, 0.3, 0.0], [0.2, 0.5, 0.3]]
    >>> comprehensive_evaluation(W, R).round(12)
    array([0.5 , 0.38, 0.12])
    >>> comprehensive_evaluation(W, R, "min_max")
    array([0.6, 0.4, 0.3])
    """
    function = OPERATORS[operator].function
    weights, memberships = np.asarray(W, dtype=np.float64), np.asarray(R, dtype=np.float64)
    if weights.ndim < 1 or memberships.ndim < 2 or weights.shape[-1] != memberships.shape[-2]:
        raise ValueError(f"weights {weights.shape} and memberships {memberships.shape} do not fit")
    if not weights.shape[-1] or not all(((x >= 0) & (x <= 1)).all() for x in (weights, memberships)):
        raise ValueError("weights and memberships are numbers between 0 and 1")
    factors = range(weights.shape[-1])
    result = function(
        [weights[..., n, None] for n in factors], [memberships[..., n, :] for n in factors], _Arrays()
    )
    return np.asarray(result, dtype=np.float64)


def normalized(B: ArrayLike) -> Array:
    """Return memberships divided by their sum, (..., m) → (..., m); NaN where all are 0.

    >>> normalized([0.6, 0.4, 0.2]).round(4)
    array([0.5   , 0.3333, 0.1667])
    """
    values = np.asarray(B, dtype=np.float64)
    total = values.sum(-1, keepdims=True)
    return np.asarray(values / np.where(total > 0, total, np.nan))


def validity(B: ArrayLike) -> Array:
    """Return the validity α of reading a grade off the largest membership, (..., m) → (...).

    α = (nβ − 1) / (2γ(n − 1)), β the largest and γ the second largest of n memberships, which sum
    to 1 (they are made to). Below 0.5 the largest membership says little; two equal ones always are;
    where γ = 0, α is infinite: fully valid. It is evidence beside a result, never a switch.

    >>> validity([0.32, 0.32, 0.26, 0.07, 0.03]).round(3)
    np.float64(0.234)
    >>> validity([1.0, 0.0])
    np.float64(inf)
    """
    values = np.sort(normalized(B), axis=-1)
    n = values.shape[-1]
    if n < 2:
        raise ValueError("a validity needs at least two grades")
    first, second = values[..., -1], values[..., -2]
    with np.errstate(divide="ignore"):
        return np.asarray((n * first - 1) / (2 * second * (n - 1)))[()]


def grade_score(B: ArrayLike, grades: ArrayLike) -> Array:
    """Return the grade-weighted score B·V, (..., m) and (m,) → (...); B is made to sum to 1.

    >>> grade_score([0.32, 0.32, 0.26, 0.07, 0.03], [95, 85, 75, 65, 50]).round(2)
    np.float64(83.15)
    """
    return np.asarray((normalized(B) * np.asarray(grades, dtype=np.float64)).sum(-1))[()]


class _Arrays:
    """The algebra of NumPy arrays."""

    def least(self, terms: Sequence[Any]) -> Any:
        return reduce(np.minimum, terms)

    def largest(self, terms: Sequence[Any]) -> Any:
        return reduce(np.maximum, terms)

    def total(self, terms: Sequence[Any]) -> Any:
        return reduce(np.add, terms)
