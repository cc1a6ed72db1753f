"""What a lifecycle stage costs and earns, and the decision when a relation declines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isfinite
from typing import Any, Literal

import polars as pl

from evaluator.columns import decimals_of, exact_sum
from evaluator.customers.records import records
from evaluator.errors import Issue, raise_errors


def input_output(
    frame: Any, *, stages: Sequence[str], stage: str = "stage", income: str = "income", spent: str = "spent"
) -> pl.DataFrame:
    """Return what each stage costs and brings: ratio = income / spending.

    Acquisition is expected to cost more than it brings, maturity to bring much for little.

    Parameters
    ----------
    frame : one row per customer: `id`, the stage, income and what was spent on the customer (service,
        marketing; at least 0), money of one period. Customers without stage or amounts are left out.
    stages : all stages in their order.

    Returns
    -------
    Polars frame
        `stage`, `customers`, `spent`, `income`, `ratio` (missing where nothing was spent).

    Raises
    ------
    EvaluationError
        as `records`.

    Limits: one period's figures; what was spent early earns late.

    References
    ----------
    Input and output by stage after Chinese textbooks of CRM.

    >>> table = {"id": ["a", "b"], "stage": ["mature"] * 2, "income": [9.0, 3.0], "spent": [1.0, 2.0]}
    >>> input_output(pl.DataFrame(table), stages=["growth", "mature"]).rows()
    [('growth', 0, 0.0, 0.0, None), ('mature', 2, 3.0, 12.0, 4.0)]
    """
    table = records(frame, numbers=[income, spent], texts=[stage], non_negative=[spent]).drop_nulls()
    sums = table.group_by(stage).agg(
        pl.len().cast(pl.Int64).alias("customers"),
        exact_sum(pl.col(spent), decimals_of(table, [spent], subject=spent)).alias("spent"),
        exact_sum(pl.col(income), decimals_of(table, [income], subject=income)).alias("income"),
    )
    rows = pl.DataFrame({"stage": list(stages)}).join(
        sums, left_on="stage", right_on=stage, how="left", maintain_order="left"
    )
    ratio = pl.when(pl.col("spent") > 0).then(pl.col("income") / pl.col("spent"))
    return rows.with_columns(
        pl.col("customers").fill_null(0), pl.col("spent", "income").fill_null(0.0)
    ).with_columns(ratio.alias("ratio"))


@dataclass(frozen=True)
class DeclineDecision:
    """Re-invest in a declining relation, or let it go; money of today.

    Parameters
    ----------
    reinvest : p·(value if won back) + (1 − p)·(value if not) − cost.
    let_go : value without any effort.
    advantage : reinvest − let_go, what the effort is worth.
    break_even : the probability at which both are equal; None where winning back brings nothing more.
    decision : ``reinvest`` where the advantage is above 0.
    """

    reinvest: float
    let_go: float
    advantage: float
    break_even: float | None
    decision: Literal["reinvest", "let_go"]


def decline_decision(
    *,
    margin: float,
    cost: float,
    probability: float,
    retention: float,
    declining_margin: float,
    declining_retention: float,
    discount_rate: float,
    periods: int,
) -> DeclineDecision:
    """Return the decision card at decline: NPV of winning back against letting go (C2).

    V(m, r) = Σ m·r^(t−1) / (1 + d)^t for t = 1 … periods, margins at the end of each period.
    reinvest = p·V(margin, retention) + (1 − p)·V(declining) − cost; let go = V(declining).

    Parameters
    ----------
    margin, retention : yearly margin and retention rate of a customer won back.
    declining_margin, declining_retention : the same if nothing is done.
    cost : of the effort, paid now, at least 0.
    probability : that it succeeds, 0–1.
    discount_rate : d per period, at least 0.
    periods : how far is counted, at least 1.

    Raises
    ------
    EvaluationError
        a probability or rate of retention outside 0–1; cost, discount rate or periods that cannot be, a
        margin that is not known.

    Limits: money only; check word of mouth, network and information value before letting go.

    References
    ----------
    Net present value; retention as in Berger & Nasr (1998),
    doi:10.1002/(SICI)1520-6653(199824)12:1<17::AID-DIR3>3.0.CO;2-K.

    >>> card = decline_decision(margin=100, cost=30, probability=0.5, retention=1, declining_margin=0,
    ...                         declining_retention=0, discount_rate=0, periods=2)
    >>> card.advantage, card.break_even, card.decision
    (70.0, 0.15, 'reinvest')
    """
    shares = {"probability": probability, "retention": retention, "declining_retention": declining_retention}
    issues = [Issue("CUST-920", name) for name, value in shares.items() if not 0 <= value <= 1]
    least = {"cost": (cost, 0), "discount_rate": (discount_rate, 0), "periods": (periods, 1)}
    issues += [
        Issue("CUST-922", name, {"value": value})
        for name, (value, low) in least.items()
        if not low <= value < inf
    ]
    margins = {"margin": margin, "declining_margin": declining_margin}
    issues += [
        Issue("CUST-922", name, {"value": value}) for name, value in margins.items() if not isfinite(value)
    ]
    raise_errors(issues)
    won = _value(margin, retention, discount_rate, periods)
    let_go = _value(declining_margin, declining_retention, discount_rate, periods)
    reinvest = probability * won + (1 - probability) * let_go - cost
    advantage = reinvest - let_go
    break_even = cost / (won - let_go) if won > let_go else None
    return DeclineDecision(reinvest, let_go, advantage, break_even, "reinvest" if advantage > 0 else "let_go")


def _value(margin: float, retention: float, rate: float, periods: int) -> float:
    return float(sum(margin * retention ** (t - 1) / (1 + rate) ** t for t in range(1, periods + 1)))
