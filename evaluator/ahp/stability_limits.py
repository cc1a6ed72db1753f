"""How far one answer may move before the judgments become inconsistent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluator.ahp.consistency_ratio import consistency
from evaluator.ahp.graph import made, redundancy
from evaluator.ahp.matrices import Array, as_matrices
from evaluator.ahp.scales import LARGEST, apply_scale

_NARROWINGS = 80  # of an interval of logarithms, each to two thirds
_HALVINGS = 50
_CHUNK = 20_000  # matrices computed at a time


@dataclass(frozen=True)
class Stability:
    """The values each answer may take, all others as they are, while CR stays below its limit, (..., n, n).

    Both ends lie on the scale, 1/9 to 9. NaN where the comparison was not made, or where no value of
    it makes the judgments consistent. `lower` at (j, i) is 1 / `upper` at (i, j).
    """

    lower: Array
    upper: Array


def stability(
    A: ArrayLike,
    method: str = "eigenvector",
    *,
    convention: str = "strict",
    ri: str | float | None = None,
    scale: str = "linear",
) -> Stability:
    """Return the consistency stability interval of every answer of a batch of matrices, (..., n, n).

    Inconsistent judgments have intervals too: those of the answers that alone can mend them. Nothing
    can be said below n = 3, nor of a spanning tree: every interval is NaN.

    Parameters
    ----------
    A : answers, 1/9 to 9. method, convention, ri : as of `consistency`. scale : judgment scale.

    Raises
    ------
    EvaluationError
        when there is no such method, convention, random index or scale.
    ValueError
        when the last two axes are not square.

    References
    ----------
    Aguarón, J., Escobar, M.T., Moreno-Jiménez, J.M. (2003), EJOR 145, 382–393, who give the interval
    in closed form for the geometric index; here it is that of CR.

    >>> found = stability([[1, 2, 6], [1 / 2, 1, 3], [1 / 6, 1 / 3, 1]], convention="cn")
    >>> found.lower[0, 1].round(3).item(), found.upper[0, 1].round(3).item()  # around 2, as much either way
    (0.723, 5.529)
    """
    answers = as_matrices(A)
    flat = answers.reshape(-1, *answers.shape[-2:])
    tied = np.triu(made(flat) & (redundancy(flat) > 0)[:, None, None], 1)
    lower, upper = np.full(flat.shape, np.nan), np.full(flat.shape, np.nan)
    every = np.argwhere(tied)

    def excess(matrices: Array) -> Array:
        """Return CR − limit of answers, (m, n, n)."""
        ratios = apply_scale(matrices, scale)
        figures = consistency(ratios, method, ri=ri, scale=scale, convention=convention)
        return figures.cr - figures.limit

    for start in range(0, len(every), _CHUNK):
        of, p, q = every[start : start + _CHUNK].T
        low, high = _interval(flat[of], p, q, excess)
        lower[of, p, q], upper[of, p, q] = low, high
        lower[of, q, p], upper[of, q, p] = 1 / high, 1 / low
    return Stability(lower.reshape(answers.shape), upper.reshape(answers.shape))


def _interval(
    moved: Array, p: NDArray[np.int64], q: NDArray[np.int64], excess: Callable[[Array], Array]
) -> tuple[Array, Array]:
    """Return between what values of one pair of each matrix, at (p, q), the excess stays below 0."""
    k = np.arange(len(moved))

    def margin(t: Array) -> Array:
        """Return the excess with the answer of each pair at exp(t)."""
        moved[k, p, q], moved[k, q, p] = np.exp(t), np.exp(-t)
        return excess(moved)

    end = np.full(len(moved), np.log(LARGEST))
    best = _lowest(margin, -end, end)
    reached = margin(best) < 0
    low, high = (np.where(reached, np.exp(_crossing(margin, best, side)), np.nan) for side in (-end, end))
    return low, high


def _lowest(margin: Callable[[Array], Array], a: Array, b: Array) -> Array:
    """Return where functions with a single lowest point take it, by ternary search in [a, b]."""
    for _ in range(_NARROWINGS):
        s, t = a + (b - a) / 3, b - (b - a) / 3
        left = margin(s) < margin(t)
        a, b = np.where(left, a, s), np.where(left, t, b)
    return np.asarray((a + b) / 2)


def _crossing(margin: Callable[[Array], Array], inside: Array, outside: Array) -> Array:
    """Return how far one may go from `inside`, below 0, towards `outside`, by bisection."""
    within = margin(outside) < 0
    a, b = inside.copy(), outside.copy()
    for _ in range(_HALVINGS):
        middle = (a + b) / 2
        below = margin(middle) < 0
        a, b = np.where(below, middle, a), np.where(below, b, middle)
    return np.where(within, outside, a)
