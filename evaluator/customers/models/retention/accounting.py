"""Accounts of relationships by segment: what customers earn, what losing and what keeping them costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from evaluator.columns import reaches
from evaluator.customers.records import about, as_given, records
from evaluator.customers.terms import Terms, check, money_terms, probabilities
from evaluator.displayed import Displayed
from evaluator.errors import Issue, raise_errors

_NEEDED = ("customers", "lost", "revenue", "cost", "years")
_PROGRAMME = ("acquisition_cost", "programme_cost", "kept")


@dataclass(frozen=True)
class RetentionAccounts(Displayed):
    """One row per segment: id, customers, profit, profit_per_customer, churn_rate, churn_cost_per_customer,
    churn_cost, cost_per_kept, accept.

    `accept` says whether keeping one more customer costs less than losing one; it is null where no
    programme is given.
    """

    frame: Any
    terms: Terms


def retention_accounts(native: Any, *, discount_rate: float, currency: str) -> RetentionAccounts:
    """Return profitability, cost of churn and cost of retention of each segment.

    profit = revenue − cost − acquisition; churn cost = lost · mean yearly margin · (1 − (1+d)^−n)/d over
    the n years customers would have stayed; cost per kept = programme ÷ customers it kept.

    Parameters
    ----------
    native : one row per segment: `id`, `customers` at the start of the year, `lost` in it, `revenue`
        and `cost` (to serve) of the year, `years` a customer would have stayed on average; where known
        `acquisition_cost` of the year, `programme_cost` and `kept`, the customers it kept who would have
        gone. Amounts are of the whole segment.

    Raises
    ------
    EvaluationError
        as `records`; more lost than there were; an empty segment; a value is missing.

    References
    ----------
    Kotler, P., Keller, K. L., Marketing Management, ch. "Creating long-term loyalty relationships".

    >>> table = pl.DataFrame({"id": ["retail"], "customers": [1000], "lost": [100], "revenue": [500000.0],
    ...                       "cost": [300000.0], "years": [2.0], "programme_cost": [9000.0], "kept": [30]})
    >>> row = retention_accounts(table, discount_rate=0.1, currency="CNY").frame
    >>> row.select(pl.col("churn_cost", "cost_per_kept").round(2), "accept").row(0)
    (34710.74, 300.0, True)
    """
    check(money_terms(discount_rate, None))
    frame = records(
        native, numbers=(*_NEEDED, *_PROGRAMME), optional=_PROGRAMME,
        non_negative=("customers", "lost", "years", *_PROGRAMME),
    )  # fmt: skip
    _check(frame)
    rate = np.log1p(discount_rate)
    worth = pl.col("years") if discount_rate == 0 else (1 - (-rate * pl.col("years")).exp()) / discount_rate
    margin = (pl.col("revenue") - pl.col("cost")) / pl.col("customers")
    kept = pl.when(pl.col("kept") > 0).then(pl.col("programme_cost") / pl.col("kept"))
    profit = pl.col("revenue") - pl.col("cost") - pl.col("acquisition_cost").fill_null(0.0)
    accounts = frame.select(
        "id",
        "customers",
        profit.alias("profit"),
        (profit / pl.col("customers")).alias("profit_per_customer"),
        (pl.col("lost") / pl.col("customers")).alias("churn_rate"),
        (margin * worth).alias("churn_cost_per_customer"),
        (pl.col("lost") * margin * worth).alias("churn_cost"),
        kept.alias("cost_per_kept"),
        (~reaches(kept, margin * worth)).alias("accept"),
    )
    terms = Terms("group", discount_rate, None, 1.0, currency, "end")
    return RetentionAccounts(as_given(native, accounts), terms)


def _check(frame: pl.DataFrame) -> None:
    raise_errors(
        issue
        for name in _NEEDED
        for issue in about("CLV-918", name, frame.filter(pl.col(name).is_null())["id"])
    )
    raise_errors(Issue("CLV-907", name) for name in frame.filter(pl.col("customers") == 0)["id"])
    check(probabilities("lost / customers", (frame["lost"] / frame["customers"]).to_numpy()))
