"""What a customer contributes to the firm: net price realised less cost to serve, and the three-way value.

Money and scores are different outputs and are never added; both sides of a customer's value become one
score only in an indicator tree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import polars as pl
from pydantic import Field

from evaluator.columns import decimals_of, exact_sum
from evaluator.customers.records import as_given, records
from evaluator.documents import Format
from evaluator.errors import Issue, raise_errors
from evaluator.labels import Share


def cost_to_serve(ledger: Any, *, quantity: str = "quantity", rate: str = "rate") -> Any:
    """Return what serving each customer cost: Σ driver quantity × rate over the activities.

    Parameters
    ----------
    ledger : one row per activity and customer: `id`, how much of it (visits, deliveries, hours; at least 0)
        and the cost of one. All of one period and currency.

    Returns
    -------
    frame of the kind that came in
        `id`, `cost_to_serve` (missing where a quantity or rate is), sorted by id.

    Raises
    ------
    EvaluationError
        as `records`.

    Limits: what no activity is charged for (shared overhead) is left out; rates are those of one period.

    References
    ----------
    Activity-based costing: Cooper & Kaplan (1988), Measure costs right, Harvard Business Review 66(5).

    >>> cost_to_serve(pl.DataFrame({"id": ["a", "a"], "quantity": [3, 1], "rate": [10.0, 5.0]})).row(0)
    ('a', 35.0)
    """
    table = records(ledger, numbers=[quantity, rate], non_negative=[quantity, rate], repeated=True)
    charged = table.select("id", (pl.col(quantity) * pl.col(rate)).alias("cost"))
    each, decimals = pl.col("cost"), decimals_of(charged, ["cost"], subject="service_costs")
    total = pl.when(each.is_null().any()).then(None).otherwise(exact_sum(each, decimals))
    return as_given(ledger, charged.group_by("id").agg(total.alias("cost_to_serve")).sort("id"))


def contribution(
    frame: Any,
    *,
    revenue: str = "revenue",
    costs: Sequence[str] = ("cost_to_serve",),
    acquisition: str | None = None,
) -> Any:
    """Return each customer's margin and contribution (A1, A4).

    margin = net price realised − cost to serve, margin_rate = margin / price, contribution = margin −
    acquisition. A cost that is not known leaves the result missing: it is never taken for 0.

    Parameters
    ----------
    frame : one row per customer: `id`, `revenue` (invoiced, net of discounts and returns), the columns of
        cost named (such as production, service, communication, marketing; at least 0), and the cost of
        winning the customer where `acquisition` names it. One currency; revenue and cost of one period.

    Returns
    -------
    frame of the kind that came in
        `id`, `price`, `cost_to_serve`, `margin`, `margin_rate` (missing where the price is not above 0),
        `acquisition` (where named), `contribution`: money of the period.

    Raises
    ------
    EvaluationError
        as `records`.

    Limits: the past of one period; acquisition belongs to the whole relationship, so a young customer's
    contribution is low by nature. For the future see lifetime value.

    References
    ----------
    Shapiro, Rangan, Moriarty & Ross (1987), Manage customers for profits (not just sales), Harvard
    Business Review 65(5).

    >>> table = pl.DataFrame({"id": ["a"], "revenue": [100.0], "service": [30.0], "won": [50.0]})
    >>> contribution(table, costs=["service"], acquisition="won").row(0)
    ('a', 100.0, 30.0, 70.0, 0.7, 50.0, 20.0)
    """
    extra = [acquisition] if acquisition else []
    table = records(frame, numbers=[revenue, *costs, *extra], non_negative=[*costs, *extra])
    price = pl.col(revenue)
    served = pl.lit(0.0)
    for name in costs:
        served = served + pl.col(name)
    margin = price - served
    won = pl.col(acquisition) if acquisition else pl.lit(0.0)
    columns = [
        price.alias("price"),
        served.alias("cost_to_serve"),
        margin.alias("margin"),
        pl.when(price > 0).then(margin / price).alias("margin_rate"),
        *([won.alias("acquisition")] if acquisition else []),
        (margin - won).alias("contribution"),
    ]
    return as_given(frame, table.select("id", *columns))


class ThreeWayOptions(Format):
    """Which scores make potential and non-monetary value, each with its share; the literature gives none."""

    potential: Annotated[dict[str, Share], Field(min_length=1)]
    non_monetary: Annotated[dict[str, Share], Field(min_length=1)]


def three_way_value(
    frame: Any, *, options: ThreeWayOptions, income: str = "income", cost: str = "cost"
) -> Any:
    """Return current value in money, potential and non-monetary value as scores (A9); they are not added.

    current = income − cost of realised business; potential and non-monetary = Σ w·s / Σ w of scores on
    one scale, such as loyalty, credit, satisfaction, and word of mouth, standing, information. A
    score that is not known leaves its part missing.

    Parameters
    ----------
    frame : one row per customer with `id`, income, cost (at least 0) and the scores the options name.

    Raises
    ------
    EvaluationError
        as `records`, weights all 0.

    Limits: money and scores stand side by side; how they trade off is decided in an indicator tree.

    References
    ----------
    The division is common in Chinese writing on bank customers; weights and scales are the user's.

    >>> table = pl.DataFrame({"id": ["a"], "income": [9.0], "cost": [4.0], "loyalty": [80], "fame": [60]})
    >>> options = ThreeWayOptions(potential={"loyalty": 1}, non_monetary={"fame": 1})
    >>> three_way_value(table, options=options).row(0)
    ('a', 5.0, 80.0, 60.0)
    """
    parts: Mapping[str, Mapping[str, float]] = {
        "potential_value": options.potential,
        "non_monetary_value": options.non_monetary,
    }
    raise_errors(Issue("CUST-910", name) for name, weights in parts.items() if not sum(weights.values()) > 0)
    scores = dict.fromkeys([*options.potential, *options.non_monetary])
    table = records(frame, numbers=[income, cost, *scores], non_negative=[cost])
    columns = [(pl.col(income) - pl.col(cost)).alias("current_value")]
    for name, weights in parts.items():
        total = sum(weights.values())
        weighted = [pl.col(score) * (weight / total) for score, weight in weights.items() if weight > 0]
        columns.append(sum(weighted[1:], weighted[0]).alias(name))
    return as_given(frame, table.select("id", *columns))
