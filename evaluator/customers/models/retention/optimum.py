"""How much to spend on retention: up to a point it pays, beyond it the same customers cost more."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from evaluator.customers.terms import (
    Array,
    Terms,
    above,
    at_least,
    check,
    discount,
    endless,
    numbers,
    probabilities,
)
from evaluator.displayed import Displayed

_GRID = 400
_GOLDEN = (5**0.5 - 1) / 2


@dataclass(frozen=True)
class Response:
    """Rate reached with a spend x per customer: ceiling·(1 − e^(−k·x)).

    Two questions fit it: what the rate is now at the spend of today, and what it would be at most.

    Raises `EvaluationError` for numbers out of range.

    >>> Response(ceiling=0.8, k=0.05)(np.array([0.0, 20.0])).round(4)
    array([0.    , 0.5057])
    """

    ceiling: float
    k: float

    def __post_init__(self) -> None:
        check(probabilities("ceiling", self.ceiling), above("ceiling", self.ceiling), above("k", self.k))

    def __call__(self, spend: ArrayLike) -> Array:
        """Return the rate at each spend."""
        return np.asarray(-self.ceiling * np.expm1(-self.k * np.asarray(spend, dtype=np.float64)))


@dataclass(frozen=True)
class OptimumRetention(Displayed):
    """The best spend on retention and on winning customers, per customer and per prospect.

    Attributes
    ----------
    spend, retention : R* per customer and year, and the rate it reaches; 0 and 0 where none pays.
    acquisition_spend, acquisition : A* per prospect and the rate it reaches.
    value : customer equity per prospect at the optimum.
    curve : spend, retention, value (equity per prospect at this spend on retention): it falls after R*.
    """

    spend: float
    retention: float
    acquisition_spend: float
    acquisition: float
    value: float
    curve: pl.DataFrame
    terms: Terms


def optimum_retention(
    margin: float,
    retention: Response,
    *,
    discount_rate: float,
    currency: str,
    acquisition: Response | None = None,
    acquisition_spend: float = 0.0,
) -> OptimumRetention:
    """Return the spend R that makes CE = a·m − A + a·(m − R/r)·r'/(1 − r') largest, r' = r/(1+d).

    Parameters
    ----------
    margin : m per customer and year before the cost of retention.
    acquisition : how winning prospects responds to spending; its spend is chosen with the retention.
        None: every prospect is won (a = 1) for `acquisition_spend`.

    Raises
    ------
    EvaluationError
        no discount and a ceiling of 1: nobody would ever leave.

    References
    ----------
    Blattberg, R. C., Deighton, J. (1996), Harvard Business Review 74(4), 136–144.

    >>> best = optimum_retention(100, Response(0.8, 0.05), discount_rate=0.2, currency="CNY")
    >>> round(best.spend, 1), round(best.retention, 3), round(best.value, 1)
    (36.9, 0.673, 157.9)
    """
    m, paid = float(numbers("margin", margin)), float(numbers("acquisition_spend", acquisition_spend))
    check(at_least("discount_rate", discount_rate), at_least("acquisition_spend", paid))
    endless("retention", retention.ceiling * float(discount(discount_rate, 1.0)))
    # where R reaches m·r the last margin is spent, and r never passes its ceiling
    grid = np.linspace(0.0, max(m, 0.0) * retention.ceiling, _GRID + 1)
    kept = _retention_gain(grid, m, retention, discount_rate)
    k = int(kept.argmax())
    spend = _peak(grid[max(k - 1, 0)], grid[min(k + 1, _GRID)], m, retention, discount_rate) if k else 0.0
    best = float(_retention_gain(np.array([spend]), m, retention, discount_rate)[0])
    spent, won = _acquisition(acquisition, m + best, paid)
    curve = pl.DataFrame({"spend": grid, "retention": retention(grid), "value": won * (m + kept) - spent})
    terms = Terms("group", discount_rate, None, 1.0, currency, "start", "start")
    value = won * (m + best) - spent
    return OptimumRetention(spend, float(retention(spend)), spent, won, value, curve, terms)


def _retention_gain(spend: Array, margin: float, retention: Response, rate: float) -> Array:
    """Return (m − R/r)·r'/(1 − r') = (m·r − R)/(1+d)/(1 − r'), what retention adds per customer won."""
    r = retention(spend)
    stays = float(discount(rate, 1.0))
    return np.asarray((margin * r - spend) * stays / (1 - r * stays))


def _peak(low: float, high: float, margin: float, retention: Response, rate: float) -> float:
    """Find the peak between two points of the grid by golden section."""
    while high - low > 1e-10 * max(high, 1.0):
        inner = np.array([high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)])
        left, right = _retention_gain(inner, margin, retention, rate)
        low, high = (low, float(inner[1])) if left > right else (float(inner[0]), high)
    return (low + high) / 2


def _acquisition(response: Response | None, value: float, paid: float) -> tuple[float, float]:
    """Return A and a: a·V − A is largest where the last unit spent brings one back."""
    if response is None:
        return paid, 1.0
    pull = response.ceiling * response.k * max(value, 0.0)
    spend = float(np.log(pull)) / response.k if pull > 1 else 0.0
    return spend, float(response(spend))
