"""Lifetime value as history and future: what a customer has brought, and what is still expected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from evaluator.customers.terms import Array, Terms, check, discount, money_terms, numbers
from evaluator.displayed import Displayed


@dataclass(frozen=True)
class Lifetime(Displayed):
    """Lifetime value of customers, one number each: `broad` is history and future, `narrow` the future.

    `compounded` says whether past profits were brought up to today.
    """

    history: Array
    future: Array
    compounded: bool
    terms: Terms

    @property
    def broad(self) -> Array:
        """History and future together."""
        return self.history + self.future

    @property
    def narrow(self) -> Array:
        """The future alone: what decisions can still change."""
        return self.future


def history_and_future(
    past: ArrayLike,
    future: ArrayLike,
    *,
    discount_rate: float,
    currency: str,
    cross_sell: ArrayLike = 0.0,
    compounded: bool = True,
    period: float = 1.0,
) -> Lifetime:
    """Return LTV = Σ_{t≤N} π_p(t)·(1+d)^(N−t) + Σ_{i=1..E} [π_f(i) + B(i)]·(1+d)^−i per customer.

    Parameters
    ----------
    past : (..., N) profit of each past period π_p, the last one just ended; N may be 0.
    future : (..., E) expected profit of each remaining period π_f; its length is the expected
        remaining service, at whose end the relationship is over.
    cross_sell : B, expected benefit of selling other products, of the shape of `future` or one number.
    compounded : False adds past profits as they were booked.
    period : length of a period in years; `discount_rate` is per year.

    Raises
    ------
    EvaluationError
        not finite numbers, rate or period out of range.

    References
    ----------
    Hwang, H., Jung, T., Suh, E. (2004), Expert Systems with Applications 26(2), 181–188.
    doi:10.1016/S0957-4174(03)00133-7

    >>> value = history_and_future([10, 12], [15, 15], discount_rate=0.1, currency="CNY")
    >>> round(float(value.history), 3), round(float(value.future), 3)
    (23.0, 26.033)
    """
    earned, expected = np.atleast_1d(numbers("past", past)), np.atleast_1d(numbers("future", future))
    more = numbers("cross_sell", cross_sell)
    check(money_terms(discount_rate, None, period))
    n, remaining = earned.shape[-1], expected.shape[-1]
    back = np.arange(n - 1, -1, -1) * period
    grown = discount(discount_rate, -back) if compounded else np.ones(n)
    ahead = discount(discount_rate, np.arange(1, remaining + 1) * period)
    terms = Terms("customer", discount_rate, remaining, period, currency, "end")
    history, to_come = (earned * grown).sum(-1), ((expected + more) * ahead).sum(-1)
    return Lifetime(np.asarray(history), np.asarray(to_come), compounded, terms)
