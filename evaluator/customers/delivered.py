"""What the customer gets: delivered value, its ratio, and its standing against rivals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluator.errors import EvaluationError, Issue

Array = NDArray[np.float64]

BENEFITS = ("product", "service", "personnel", "image")
COSTS = ("money", "time", "energy", "psychic")


@dataclass(frozen=True)
class DeliveredValue:
    """Total benefit and cost on the answers' scale, their difference and ratio; each (...,).

    `ratio` is NaN where the cost is 0.
    """

    benefit: Array
    cost: Array
    value: Array
    ratio: Array


def delivered_value(
    benefits: ArrayLike, costs: ArrayLike, *, benefit_weights: ArrayLike, cost_weights: ArrayLike
) -> DeliveredValue:
    """Return customer delivered value (客户让渡价值), benefits (..., k) and costs (..., l) → (...,).

    TCV = Σ wᵢ bᵢ, TCC = Σ uⱼ cⱼ, CDV = TCV − TCC, ratio = TCV / TCC; weights are brought to the sum of 1,
    so that both totals stand on the answers' scale, such as 1–10.

    Parameters
    ----------
    benefits : product, service, personnel, image; or whatever was asked.
    costs : money, time, energy, psychic cost.
    benefit_weights, cost_weights : (k,) and (l,), at least 0; for example from judgments.

    An answer that is missing (NaN) leaves the result missing.

    Raises
    ------
    EvaluationError
        CUST-904 (answers below 0), CUST-910 (weights negative or all 0).
    ValueError
        when answers and weights differ in number.

    Limits: benefits and costs are felt, not paid: the difference is not money, and comparable only
    where both were asked on one scale.

    References
    ----------
    Kotler (1994), Marketing Management, 8th ed., Prentice Hall.

    >>> found = delivered_value([8, 7, 9, 6], [5, 4, 3, 4], benefit_weights=[1] * 4, cost_weights=[1] * 4)
    >>> float(found.value), float(found.ratio)
    (3.5, 1.875)
    """
    b, c = np.asarray(benefits, dtype=np.float64), np.asarray(costs, dtype=np.float64)
    issues = [
        Issue("CUST-904", name, {"count": int((answers < 0).sum()), "examples": "–"})
        for name, answers in (("benefits", b), ("costs", c))
        if (answers < 0).any()
    ]
    if issues:
        raise EvaluationError(issues)
    benefit = np.asarray(b @ _shares(benefit_weights, "benefit_weights"))
    cost = np.asarray(c @ _shares(cost_weights, "cost_weights"))
    ratio = np.divide(benefit, cost, out=np.full(benefit.shape, np.nan), where=cost > 0)
    return DeliveredValue(benefit, cost, np.asarray(benefit - cost), np.asarray(ratio))


def relative_value(own: ArrayLike, rivals: ArrayLike) -> Array:
    """Return own value over the mean of the rivals', (...,) and (..., k) → (...,); above 1 is better.

    Taken of delivered value, of quality, or of price alike: relative quality over relative price is the
    value map. Rivals nobody rated (NaN) are left out; NaN where none is left or their mean is not above 0.

    References
    ----------
    Gale (1994), Managing Customer Value, Free Press.

    >>> relative_value([6.0], [[5.0, 3.0]])
    array([1.5])
    """
    mine, theirs = np.asarray(own, dtype=np.float64), np.asarray(rivals, dtype=np.float64)
    rated = np.isfinite(theirs)
    count = rated.sum(-1)
    total = np.where(rated, theirs, 0.0).sum(-1)
    mean = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
    known = mean > 0
    empty = np.full(np.broadcast(mine, mean).shape, np.nan)
    return np.asarray(np.divide(mine, mean, out=empty, where=known))


def _shares(weights: ArrayLike, subject: str) -> Array:
    w = np.asarray(weights, dtype=np.float64)
    if not (np.isfinite(w).all() and (w >= 0).all() and w.sum() > 0):
        raise EvaluationError([Issue("CUST-910", subject)])
    return np.asarray(w / w.sum())
