"""Dwyer's retention model: who does not come back is lost for good, and the cohort shrinks year by year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from evaluator.customers.terms import (
    OFFSETS,
    Array,
    Terms,
    Timing,
    at_least,
    check,
    discount,
    money_terms,
    numbers,
    probabilities,
)
from evaluator.displayed import Displayed
from evaluator.errors import EvaluationError, Issue


@dataclass(frozen=True)
class CohortValue(Displayed):
    """Lifetime value of a cohort: `value` per customer acquired, and the table it is the last line of.

    `table` has one row per period from 0: period, customers, retention (of this period), revenue,
    cost, profit (all of the whole cohort), discount, present_value, cumulative (acquisition taken off).
    """

    value: float
    table: pl.DataFrame
    acquisition_cost: float
    terms: Terms


def retention_rates(customers: ArrayLike) -> Array:
    """Return r_t = N_t / N_{t−1} from the number of a cohort's customers in periods 0, 1, 2 …

    A period after the last customer has left has no rate: it is NaN.

    Raises
    ------
    EvaluationError
        the cohort is empty, a cohort grew.

    >>> retention_rates([20000, 13000, 9100])
    array([0.65, 0.7 ])
    """
    counts = np.atleast_1d(numbers("customers", customers))
    check(at_least("customers", counts))
    if not counts.size or counts[0] == 0:
        raise EvaluationError([Issue("CLV-907", "customers")])
    before = counts[:-1]
    rates = np.divide(counts[1:], before, out=np.full(before.shape, np.nan), where=before > 0)
    check(probabilities("customers", np.where(np.isnan(rates) & (counts[1:] == 0), 0.0, rates)))
    return np.asarray(rates)


def dwyer_retention(
    retention: ArrayLike,
    revenue: ArrayLike,
    cost: ArrayLike = 0.0,
    *,
    acquisition_cost: float,
    discount_rate: float,
    currency: str,
    cohort: float = 1.0,
    period: float = 1.0,
    margins_at: Timing = "start",
) -> CohortValue:
    """Return CLV = −AC + Σ_{t=0..n} (Π_{k≤t} r_k)·m_t/(1+d)^t of the mean customer of a cohort.

    A model of groups: the retention of a segment says nothing about one customer of it.

    Parameters
    ----------
    retention : (n,) r_1 … r_n, the share of the customers of period t − 1 who stay in period t; its
        length is the horizon. In period 0 everyone is there.
    revenue, cost : (n + 1,) or one number, per active customer and period; m_t is their difference.
    acquisition_cost : AC, paid once per customer at time 0.
    cohort : customers acquired; the table counts them, the value per customer does not depend on it.
    margins_at : when in its period the margin counts: ``start``, ``middle`` or ``end``.

    Raises
    ------
    EvaluationError
        retention outside 0–1, lengths differ, no customer.

    References
    ----------
    Dwyer, F. R. (1989), Journal of Direct Marketing 3(4), 8–15; reprinted 1997, 11(4), 6–13.

    >>> result = dwyer_retention([0.5], 100, 40, acquisition_cost=30, discount_rate=0.2, currency="CNY")
    >>> round(result.value, 6)
    55.0
    """
    r = np.atleast_1d(numbers("retention", retention))
    check(probabilities("retention", r), money_terms(discount_rate, None, period), at_least("cohort", cohort))
    if cohort == 0:
        raise EvaluationError([Issue("CLV-907", "cohort")])
    n = r.size
    stay = np.concatenate([[1.0], r])
    customers = cohort * np.cumprod(stay)
    earned = customers * per_period("revenue", revenue, n + 1)
    spent = customers * per_period("cost", cost, n + 1)
    factor = discount(discount_rate, (np.arange(n + 1) + offset(margins_at)) * period)
    present = (earned - spent) * factor
    cumulative = np.cumsum(present) - cohort * numbers("acquisition_cost", acquisition_cost)
    table = pl.DataFrame(
        {
            "period": np.arange(n + 1),
            "customers": customers,
            "retention": stay,
            "revenue": earned,
            "cost": spent,
            "profit": earned - spent,
            "discount": factor,
            "present_value": present,
            "cumulative": cumulative,
        }
    )
    terms = Terms("group", discount_rate, n, period, currency, margins_at)
    return CohortValue(float(cumulative[-1]) / cohort, table, acquisition_cost, terms)


def per_period(subject: str, values: ArrayLike, periods: int) -> Array:
    """Return one value for each period; one number stands for all."""
    read = numbers(subject, values)
    if read.ndim and read.shape != (periods,):
        raise EvaluationError([Issue("CLV-904", subject, {"found": read.size, "expected": periods})])
    return np.asarray(np.broadcast_to(read, (periods,)))


def offset(timing: Timing) -> float:
    """Return how far into its period a flow lies: 0, ½ or 1.

    Raises `ValueError` for another word: what a program passes is not the user's mistake.
    """
    if timing not in OFFSETS:
        raise ValueError(f"a flow lies at the {', '.join(OFFSETS)} of its period, not at {timing!r}")
    return OFFSETS[timing]
