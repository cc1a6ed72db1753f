"""Reichheld's drivers: why a customer brings more the longer they stay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from evaluator.columns import reaches
from evaluator.customers.models.retention.retention import per_period
from evaluator.customers.terms import (
    Array,
    Terms,
    at_least,
    check,
    discount,
    money_terms,
    numbers,
    probabilities,
)
from evaluator.displayed import Displayed


@dataclass(frozen=True)
class Drivers:
    """Profit per customer and year, split by what it comes from; each (n + 1,) from the year 0.

    `acquisition` is what winning the customer costs, given above 0 and taken off.
    """

    acquisition: Array
    base: Array
    increased_purchase: Array
    cost_saving: Array
    referral: Array
    price_premium: Array

    @property
    def profit(self) -> Array:
        """π_t = B + G_t + S_t + R_t + P_t, less the acquisition."""
        gained = self.base + self.increased_purchase + self.cost_saving + self.referral + self.price_premium
        return np.asarray(gained - self.acquisition)


@dataclass(frozen=True)
class DriverValue(Displayed):
    """Value of the drivers, and the table a stacked yearly chart is drawn from.

    `break_even` is the first year whose cumulative value reaches 0, None if none does. `retained` is the
    value at the stated retention, `improved` that with `change` added to it. Rows of `table`: year, the
    drivers by name (acquisition below 0), profit, staying, present_value and cumulative (of a customer who
    stays; those of `retained` carry the share staying).
    """

    value: float
    retained: float
    improved: float
    break_even: int | None
    table: pl.DataFrame
    retention: float
    change: float
    terms: Terms


def drivers_of(
    years: int,
    *,
    acquisition_cost: float,
    base: float,
    growth: float = 0.0,
    first_cost: float = 0.0,
    saving: float = 0.0,
    referrals: ArrayLike = 0.0,
    conversion: float = 0.0,
    referral_margin: float = 0.0,
    premium: ArrayLike = 0.0,
    volume: ArrayLike = 0.0,
) -> Drivers:
    """Return drivers from parameters; the year 0 has the acquisition alone.

    G_t = B·[(1+g)^(t−1) − 1], S_t = c₀·[1 − (1−s)^(t−1)], R_t = referrals·conversion·margin,
    P_t = premium·volume, for t = 1 … years.

    Parameters
    ----------
    growth : g, yearly growth of purchases. first_cost, saving : c₀, cost to serve in the first year, and
        s, the share saved of it each year.
    referrals, premium, volume : one number or (years,); people referred, premium per unit, units.

    Raises
    ------
    EvaluationError
        for numbers that are not finite or out of range, and shapes that do not fit.

    >>> drivers_of(3, acquisition_cost=51, base=30, growth=0.1).profit.round(2)
    array([-51. ,  30. ,  33. ,  36.3])
    """
    check(
        at_least("years", years, 1),
        probabilities("conversion", conversion),
        probabilities("saving", saving),
        at_least("growth", growth, -1.0),
        at_least("acquisition_cost", numbers("acquisition_cost", acquisition_cost)),
    )
    past = np.arange(years)  # t − 1
    bought = base * ((1 + growth) ** past - 1.0)
    saved = first_cost * (1 - (1 - saving) ** past)
    referred = per_period("referrals", referrals, years) * conversion * referral_margin
    dearer = per_period("premium", premium, years) * per_period("volume", volume, years)
    first = np.zeros(years + 1)
    first[0] = acquisition_cost
    rest = (np.full(years, float(base)), bought, saved, referred, dearer)
    return Drivers(first, *(np.concatenate([[0.0], part]) for part in rest))


def five_drivers(
    drivers: Drivers, *, retention: float, change: float, discount_rate: float, currency: str
) -> DriverValue:
    """Return Σ π_t/(1+d)^t of a customer who stays, and Σ r^t·π_t/(1+d)^t as customers do.

    Parameters
    ----------
    drivers : of each year; see `drivers_of`, or built from what the books say.
    retention : r, chance to stay from one year to the next.
    change : added to it for `improved`, such as 0.05.

    Raises
    ------
    EvaluationError
        for numbers that are not finite or out of range, the retention with the change among them.

    References
    ----------
    Reichheld, F. F., Sasser, W. E. (1990), Harvard Business Review 68(5), 105–111.

    >>> none = np.zeros(6)
    >>> classic = Drivers(np.array([51.0, 0, 0, 0, 0, 0]), np.array([0.0, 30, 42, 44, 49, 55]),
    ...                   none, none, none, none)
    >>> found = five_drivers(classic, retention=0.8, change=0.05, discount_rate=0.1, currency="USD")
    >>> round(found.value, 4), found.break_even, round(found.improved / found.retained - 1, 3)
    (111.6597, 2, 0.44)
    """
    r = float(numbers("retention", retention))
    check(
        probabilities("retention", r),
        probabilities("retention + change", r + change),
        money_terms(discount_rate, None),
    )
    profit = numbers("drivers", drivers.profit)
    t = np.arange(profit.size)
    factor = discount(discount_rate, t)
    present = profit * factor
    cumulative = np.cumsum(present)
    reached = np.flatnonzero(reaches(cumulative, 0.0))
    table = pl.DataFrame(
        {
            "year": t,
            "acquisition": -drivers.acquisition,
            "base": drivers.base,
            "increased_purchase": drivers.increased_purchase,
            "cost_saving": drivers.cost_saving,
            "referral": drivers.referral,
            "price_premium": drivers.price_premium,
            "profit": profit,
            "staying": r**t,
            "present_value": present,
            "cumulative": cumulative,
        }
    )
    return DriverValue(
        float(cumulative[-1]),
        float(r**t @ present),
        float((r + change) ** t @ present),
        int(reached[0]) if reached.size else None,
        table,
        r,
        change,
        Terms("group", discount_rate, profit.size - 1, 1.0, currency, "start"),
    )
