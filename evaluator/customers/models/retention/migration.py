"""Migration models: customers who pause may come back, by how long ago they bought or by their segment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from evaluator.customers.models.retention.retention import offset
from evaluator.customers.terms import (
    Array,
    Terms,
    Timing,
    at_least,
    check,
    discount,
    money_terms,
    numbers,
    probabilities,
    same_length,
)
from evaluator.displayed import Displayed
from evaluator.errors import Issue, raise_errors


@dataclass(frozen=True)
class MigrationValue(Displayed):
    """Value of one customer acquired at time 0, mean of the group, with its periods.

    `table` has one row per period from 0: period, buying (share who buy), targeted (share approached
    before the period), margin, cost, present_value, cumulative.
    """

    value: float
    table: pl.DataFrame
    terms: Terms


def dwyer_migration(
    probabilities_by_recency: ArrayLike,
    margin: float,
    cost: float,
    *,
    discount_rate: float,
    horizon: int,
    currency: str,
    period: float = 1.0,
    margins_at: Timing = "start",
    costs_at: Timing = "middle",
) -> MigrationValue:
    """Return NPV = Σ_{i=0..n} GC·C_i/(1+d)^i − Σ_{i=1..n} M·N_i/(1+d)^(i−½).

    C_i = Σ_{j=1..min(i,J)} C_{i−j}·p_j·Π_{m<j}(1−p_m) is the share who buy in period i, C_0 = 1, and
    N_i = Σ_{j=1..min(i,J)} C_{i−j}·Π_{m<j}(1−p_m) the share still approached before it: whoever has not
    bought for J periods is given up. The recursion is the chain of `recency_chain`.

    Parameters
    ----------
    probabilities_by_recency : (J,) p_j, the chance that who last bought j periods ago buys now.
    margin : GC, of one purchase. cost : M, of approaching one customer once.
    horizon : n, the last period counted.
    costs_at : when in the period *before* a purchase its approach is paid; ``middle`` is i − ½.

    Raises
    ------
    EvaluationError
        for numbers that are not finite or out of range.

    References
    ----------
    Dwyer (1989), Journal of Direct Marketing 3(4), 8–15; Berger & Nasr (1998), Journal of Interactive
    Marketing 12(1), 17–30, case 5. doi:10.1002/(SICI)1520-6653(199824)12:1<17::AID-DIR3>3.0.CO;2-K

    >>> rates = [0.3, 0.2, 0.15, 0.05]
    >>> result = dwyer_migration(rates, 40, 4, discount_rate=0.2, horizon=4, currency="CNY")
    >>> result.table["buying"].round(4).to_list()
    [1.0, 0.3, 0.23, 0.195, 0.1397]
    """
    p = np.atleast_1d(numbers("probabilities_by_recency", probabilities_by_recency))
    gain, effort = float(numbers("margin", margin)), float(numbers("cost", cost))
    check(
        probabilities("probabilities_by_recency", p),
        money_terms(discount_rate, horizon, period),
        at_least("cost", effort),
    )
    silent = np.concatenate([[1.0], np.cumprod(1 - p[:-1])])  # not bought for j − 1 periods, j = 1 … J
    buying, targeted = np.ones(horizon + 1), np.zeros(horizon + 1)
    for i in range(1, horizon + 1):
        reach = min(i, p.size)
        before = buying[i - reach : i][::-1] * silent[:reach]
        targeted[i], buying[i] = before.sum(), before @ p[:reach]
    times = np.arange(horizon + 1)
    paid = np.maximum(times - 1 + offset(costs_at), 0.0)
    present = gain * buying * discount(discount_rate, (times + offset(margins_at)) * period)
    present -= effort * targeted * discount(discount_rate, paid * period)
    table = pl.DataFrame(
        {
            "period": times,
            "buying": buying,
            "targeted": targeted,
            "margin": gain * buying,
            "cost": effort * targeted,
            "present_value": present,
            "cumulative": np.cumsum(present),
        }
    )
    terms = Terms("group", discount_rate, horizon, period, currency, margins_at, costs_at)
    return MigrationValue(float(present.sum()), table, terms)


@dataclass(frozen=True)
class BaseValue(Displayed):
    """A customer base moving between segments.

    Attributes
    ----------
    customers : (T + 1, S), expected number in each segment, today first.
    amount : (T + 1,) of the whole base in each period, not discounted. discounted : the same today.
    present : value today including the running period. future : without it.
    """

    customers: Array
    amount: Array
    discounted: Array
    terms: Terms

    @property
    def present(self) -> float:
        """Value of the base including the running period."""
        return float(self.discounted.sum())

    @property
    def future(self) -> float:
        """Value of the base from the next period on."""
        return float(self.discounted[1:].sum())


def transition_matrix(counts: ArrayLike, *, smoothing: float = 0.0) -> Array:
    """Return transition probabilities from counts (S, S), row = segment before, column = after.

    Parameters
    ----------
    smoothing : added to every count (Laplace); 0 takes the counts as they are.

    Raises
    ------
    EvaluationError
        not square; a segment nobody was in, without smoothing.

    >>> transition_matrix([[8, 2], [1, 3]])
    array([[0.8 , 0.2 ],
           [0.25, 0.75]])
    """
    read = np.atleast_2d(numbers("counts", counts))
    check(
        at_least("counts", read),
        at_least("smoothing", smoothing),
        same_length("counts", read.shape[-1], read.shape[0]),
    )
    filled = read + smoothing
    total = filled.sum(-1, keepdims=True)
    raise_errors(Issue("CLV-907", f"counts[{row}]") for row in np.flatnonzero(total[:, 0] == 0))
    return np.asarray(filled / total)


def segment_migration(
    transitions: ArrayLike,
    customers: ArrayLike,
    amount_per_customer: ArrayLike,
    *,
    discount_rate: float,
    horizon: int,
    currency: str,
    period: float = 1.0,
    margins_at: Timing = "start",
) -> BaseValue:
    """Return n_{t+1} = n_t·P and the amounts n_t·m of a base of customers over T periods.

    No new customers are assumed; what is discounted, revenue or margin, is what is given.

    Parameters
    ----------
    transitions : P (S, S), rows sum to at most 1; what is lacking has left for good.
    customers : (S,), in each segment today.
    amount_per_customer : (S,), per period in each segment.
    horizon : T, periods after the running one.

    Raises
    ------
    EvaluationError
        a row sums to more than 1.

    >>> base = segment_migration([[0.5, 0.5], [0, 1]], [100, 0], [10, 0], discount_rate=0, horizon=2,
    ...                          currency="CNY")
    >>> base.amount
    array([1000.,  500.,  250.])
    """
    P = chain(transitions)
    now, each = numbers("customers", customers), numbers("amount_per_customer", amount_per_customer)
    check(
        same_length("customers", now.size, len(P)),
        same_length("amount_per_customer", each.size, len(P)),
        at_least("customers", now),
        money_terms(discount_rate, horizon, period),
    )
    path = np.empty((horizon + 1, len(P)))
    path[0] = now
    for t in range(horizon):
        path[t + 1] = path[t] @ P
    amount = path @ each
    factor = discount(discount_rate, (np.arange(horizon + 1) + offset(margins_at)) * period)
    terms = Terms("group", discount_rate, horizon, period, currency, margins_at)
    return BaseValue(path, amount, amount * factor, terms)


def chain(transitions: ArrayLike) -> Array:
    """Return a matrix of transition probabilities, checked."""
    P = np.atleast_2d(numbers("transitions", transitions))
    check(probabilities("transitions", P), same_length("transitions", P.shape[-1], P.shape[0]))
    sums = P.sum(-1)
    bad = np.flatnonzero(sums > 1 + 1e-6)  # printed probabilities are rounded
    raise_errors(Issue("CLV-906", f"transitions[{row}]", {"sum": float(sums[row])}) for row in bad)
    return P
