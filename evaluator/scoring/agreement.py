"""Agreement of two rankings of the same customers, and who moves between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
_TIED = 1e-9  # values that differ by rounding alone share their rank


@dataclass(frozen=True)
class RankAgreement:
    """How far two orders agree.

    Attributes
    ----------
    spearman : ρ of the ranks, −1 to 1; NaN where one of them ranks nobody above another.
    kendall : τ-b, likewise: pairs in the same order less pairs in the opposite one.
    ranks : (m, 2), ranks in both; the best has 1, ties share the mean of their ranks.
    moved : (m), ranks gained in the second (negative: lost).
    """

    spearman: float
    kendall: float
    ranks: Array
    moved: Array


def rank_agreement(first: ArrayLike, second: ArrayLike) -> RankAgreement:
    """Return the agreement of two rankings by values, higher is better, (m) and (m).

    It compares every pair, so it is meant for sets of up to a few thousand.

    Raises
    ------
    ValueError
        when the two are not equally many finite values, or fewer than two.

    References
    ----------
    Kendall, M.G. (1945), Biometrika 33(3), 239–251. doi:10.1093/biomet/33.3.239

    >>> found = rank_agreement([0.9, 0.7, 0.5, 0.1], [0.8, 0.2, 0.6, 0.1])
    >>> round(found.spearman, 3), round(found.kendall, 3), found.moved.tolist()
    (0.8, 0.667, [0.0, -1.0, 1.0, 0.0])
    """
    one, other = (np.asarray(values, dtype=np.float64) for values in (first, second))
    if one.ndim != 1 or one.shape != other.shape or len(one) < 2:
        raise ValueError("two rankings are compared of the same two or more customers")
    if not (np.isfinite(one).all() and np.isfinite(other).all()):
        raise ValueError("a customer without a value has no place in a ranking")
    orders = [_order(values) for values in (one, other)]
    ranks = np.stack([(len(one) + 1 - order.sum(1)) / 2 for order in orders], axis=1)
    centred = ranks - ranks.mean(0)
    spearman = _share((centred[:, 0] * centred[:, 1]).sum(), (centred**2).sum(0))
    kendall = _share((orders[0] * orders[1]).sum(), np.array([(order**2).sum() for order in orders]))
    return RankAgreement(spearman, kendall, ranks, ranks[:, 0] - ranks[:, 1])


def _order(values: Array) -> Array:
    """Return 1 where the row stands above the column, −1 where below, 0 where they tie, (m) → (m, m)."""
    difference = values[:, None] - values[None, :]
    return np.asarray(np.where(np.abs(difference) <= _TIED, 0.0, np.sign(difference)))


def _share(product: float, squares: Array) -> float:
    whole = float(np.sqrt(squares.prod()))
    return float(product / whole) if whole > 0 else float("nan")
