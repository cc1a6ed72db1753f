"""Contradictions that a ratio of consistency does not show: cycles, reversed orders, single triads."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluator.ahp.matrices import Array, as_matrices, sound
from evaluator.ahp.priority_methods import priorities
from evaluator.displayed import Displayed

_EQUAL = 1e-9  # logarithms closer than this are the same answer


@dataclass(frozen=True)
class Contradictions(Displayed):
    """Ordinal checks of a batch of judgment matrices, with the shape of the batch.

    Attributes
    ----------
    cycles : triads a over b, b over c, c over a, among the comparisons made.
    reversed : (..., n, n), true at (i, j) where i was judged more important than j and weighs less.
    dissonance : share of the detours i over k to j that point the other way than the judgment of i
        and j (Ψ), 0 to 1; NaN where no triad was compared completely.
    koczkodaj : the worst triad, 1 − exp(−|ln a_ij + ln a_jk − ln a_ik|), 0 to below 1; NaN likewise.
    triad : (..., 3), the elements of that worst triad; −1 where there is none.

    Matrices whose CR is accepted may still have any of these (of 7 × 7 matrices as people fill them,
    23 % reverse an order).
    """

    cycles: NDArray[np.int64]
    reversed: NDArray[np.bool_]
    dissonance: Array
    koczkodaj: Array
    triad: NDArray[np.int64]


def contradictions(A: ArrayLike, method: str = "eigenvector") -> Contradictions:
    """Return the ordinal checks of judgment matrices, (..., n, n) → fields (...).

    Parameters
    ----------
    A : judgment matrices; NaN is a comparison not made, and triads that lack one are not looked at.
    method : priorities that judgments are compared with, a name in `PRIORITIES`.

    Raises
    ------
    EvaluationError
        when there is no such method.
    ValueError
        when the last two axes are not square.

    References
    ----------
    Reversed orders: Bana e Costa & Vansnick (2008), doi:10.1016/j.ejor.2006.09.022. Dissonance:
    Siraj, Mikhailov & Keane (2015), doi:10.1016/j.ejor.2014.10.024. Triads: Koczkodaj (1993),
    doi:10.1016/0895-7177(93)90059-8.

    >>> found = contradictions([[1, 2, 1 / 2], [1 / 2, 1, 2], [2, 1 / 2, 1]])
    >>> int(found.cycles), round(float(found.koczkodaj), 6), found.triad.tolist()
    (1, 0.875, [0, 1, 2])
    """
    matrices = as_matrices(A)
    w = priorities(matrices, method)
    with np.errstate(all="ignore"):
        logs = np.where(sound(matrices)[..., None, None], np.log(matrices), np.nan)
        order = np.log(w[..., :, None]) - np.log(w[..., None, :])
        against = (logs > _EQUAL) & (order < -_EQUAL)
    triads = np.array(list(combinations(range(matrices.shape[-1]), 3)), np.int64).reshape(-1, 3)
    i, j, k = triads.T
    ij, jk, ki = logs[..., i, j], logs[..., j, k], logs[..., k, i]
    complete = ~np.isnan(ij + jk + ki)
    forth = (ij > _EQUAL) & (jk > _EQUAL) & (ki > _EQUAL)
    back = (ij < -_EQUAL) & (jk < -_EQUAL) & (ki < -_EQUAL)
    koczkodaj, triad = _worst_triad(np.where(complete, np.abs(ij + jk + ki), -1.0), triads)
    detours = 3 * complete.sum(-1)
    opposed = sum((a * (b + c) > _EQUAL).sum(-1) for a, b, c in ((ij, jk, ki), (jk, ki, ij), (ki, ij, jk)))
    return Contradictions(
        cycles=np.asarray((forth | back).sum(-1)),
        reversed=against,
        dissonance=np.where(detours > 0, opposed / np.maximum(detours, 1), np.nan),
        koczkodaj=koczkodaj,
        triad=triad,
    )


def _worst_triad(size: Array, triads: NDArray[np.int64]) -> tuple[Array, NDArray[np.int64]]:
    if not len(triads):
        nothing = np.full(size.shape[:-1], np.nan)
        return nothing, np.full((*size.shape[:-1], 3), -1)
    worst = size.argmax(-1)
    largest = np.take_along_axis(size, worst[..., None], -1)[..., 0]
    there = largest >= 0
    return np.where(there, -np.expm1(-largest), np.nan), np.where(there[..., None], triads[worst], -1)
