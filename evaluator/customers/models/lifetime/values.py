"""Lifetime value of each customer from fitted models: still there? how many purchases? of how much?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from evaluator.customers.models.lifetime.buying import FittedBuying, histories
from evaluator.customers.models.lifetime.buying_model import BuyingModel
from evaluator.customers.models.lifetime.spend import FittedSpend, amounts
from evaluator.customers.records import as_given
from evaluator.customers.terms import PER_YEAR, Terms, check, discount, endless, money_terms, numbers
from evaluator.displayed import Displayed


@dataclass(frozen=True)
class CustomerValues(Displayed):
    """One row per customer: id, p_alive, expected_purchases, expected_spend, clv.

    `expected_purchases` are those within the horizon, not discounted, missing without one;
    `expected_spend` is the amount of one of them; `clv` = margin · expected spend · discounted
    purchases, from T on, in the currency. Without a model of spend both are missing.
    """

    frame: Any
    margin: float
    terms: Terms


def customer_values(
    native: Any,
    buying: FittedBuying[BuyingModel],
    spend: FittedSpend | None,
    *,
    margin: float,
    horizon: float | None,
    discount_rate: float,
    currency: str,
) -> CustomerValues:
    """Return what each customer is expected to bring within the horizon, value of today.

    A customer's result depends on the fitted models and their own history alone. Customers who bought
    once get the mean spend of all: nothing else is known of them.

    Parameters
    ----------
    native : one row per customer: `id`, `frequency`, `recency`, `T` in the unit of the model; `monetary`
        where there is a model of spend.
    margin : share of the amount that is profit, such as 0.3.
    horizon : in units of the model, from each customer's T; None without end, by the closed form of the
        discounted expected residual transactions.
    discount_rate : per year; each purchase is discounted at its moment.

    Raises
    ------
    EvaluationError
        as `records` and `histories`; for numbers that are not finite or out of range.

    >>> from evaluator.customers.clv import BgNbd, GammaGamma, Estimate
    >>> none = Estimate((), np.zeros(0), np.zeros(0), np.zeros((0, 0)), 0.0, 0.0)
    >>> buying = FittedBuying(BgNbd(0.243, 4.414, 0.793, 2.426), none, "week", 2357, 946)
    >>> spend = FittedSpend(GammaGamma(6.25, 3.74, 15.44), none, 946, 0.06)
    >>> frame = pl.DataFrame({"id": ["1"], "frequency": [2], "recency": [30.43], "T": [38.86],
    ...                       "monetary": [22.35]})
    >>> found = customer_values(frame, buying, spend, margin=1.0, horizon=39, discount_rate=0.15,
    ...                         currency="USD").frame
    >>> [round(value, 3) for value in found.row(0)[1:]]
    [0.727, 1.226, 24.664, 28.798]
    """
    check(money_terms(discount_rate, None if horizon is None else float(numbers("horizon", horizon))))
    if horizon is None:
        endless("discount_rate", float(discount(discount_rate, 1.0)))
    share = float(numbers("margin", margin))
    frame = histories(native)
    x, t_x, T = (frame[name].to_numpy() for name in ("frequency", "recency", "T"))
    model, per_year = buying.model, PER_YEAR[buying.unit]
    each = np.full(len(x), np.nan)
    if spend:
        each = spend.model.expected_spend(x, amounts(native)["monetary"].fill_null(0.0).to_numpy())
    force = float(np.log1p(discount_rate)) / per_year
    alive = model.p_alive(x, t_x, T)
    forces = (force,) if horizon is None else (force, 0.0)
    discounted, *counted = model.discounted_if_alive(horizon, forces, x, T)
    values = frame.select("id").with_columns(
        pl.Series("p_alive", alive),
        pl.Series("expected_purchases", alive * (counted[0] if counted else np.nan)).fill_nan(None),
        pl.Series("expected_spend", each).fill_nan(None),
        pl.Series("clv", share * each * alive * discounted).fill_nan(None),
    )
    terms = Terms("customer", discount_rate, horizon, 1 / per_year, currency, "moment")
    return CustomerValues(as_given(native, values), share, terms)
