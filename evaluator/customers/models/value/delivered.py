"""What the customer gets: delivered value, its ratio, and its standing against rivals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from evaluator.customers.records import as_given, below_zero, records
from evaluator.displayed import Displayed
from evaluator.errors import EvaluationError, Issue, raise_errors

Array = NDArray[np.float64]


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
        answers below 0, weights negative or all 0.
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
    raise_errors(below_zero(benefits=b, costs=c))
    benefit = np.asarray(b @ _shares(benefit_weights, "benefit_weights"))
    cost = np.asarray(c @ _shares(cost_weights, "cost_weights"))
    ratio = np.divide(benefit, cost, out=np.full(benefit.shape, np.nan), where=cost > 0)
    return DeliveredValue(benefit, cost, np.asarray(benefit - cost), np.asarray(ratio))


def relative_value(own: ArrayLike, rivals: ArrayLike) -> Array:
    """Return own value over the mean of the rivals', (...,) and (..., k) → (...,); above 1 is better.

    Taken of delivered value, of quality, or of price alike: relative quality over relative price is the
    value map. Rivals nobody rated (NaN) are left out; NaN where none is left or their mean is not above 0.

    Limits: a ratio of felt values; without rivals rated by the same people it says little.

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


@dataclass(frozen=True)
class DeliveredValues(Displayed):
    """Delivered value customer by customer, and how we stand against rivals.

    Parameters
    ----------
    frame : `id`, `benefit`, `cost`, `value`, `ratio`; missing where an answer is.
    standing : per firm (``""`` is our own): `firm`, `customers` (complete answers), the mean `benefit`,
        `cost` and `value`.
    relative : our mean value, benefit and cost over the mean of the rivals'; NaN without rivals.
    """

    frame: Any
    standing: pl.DataFrame
    relative: Mapping[str, float]


def delivered_values(
    answers: Any, *, benefits: Mapping[str, float], costs: Mapping[str, float]
) -> DeliveredValues:
    """Return `delivered_value` of each customer from a survey, with the same of rivals where they were rated.

    Parameters
    ----------
    answers : one row per customer and firm rated: `id`, a column per benefit and cost that has a weight
        (at least 0, one scale), and `rival`, the name of the firm rated; empty for our own.
    benefits, costs : by column its weight, at least 0; only proportions matter.

    Raises
    ------
    EvaluationError
        as `records`, also where a customer rates one firm twice; nobody rates our own firm; weights all 0.

    Limits: as `delivered_value`; rivals are compared by the means of whoever rated them.

    References
    ----------
    Kotler (1994), Marketing Management, 8th ed.; Gale (1994), Managing Customer Value, Free Press.

    >>> table = pl.DataFrame({"id": ["a", "a"], "product": [8, 6], "money": [4, 4], "rival": [None, "B"]})
    >>> found = delivered_values(table, benefits={"product": 1}, costs={"money": 1})
    >>> found.frame.row(0), found.relative["value"]
    (('a', 8.0, 4.0, 4.0, 2.0), 2.0)
    """
    columns = [*benefits, *costs]
    table = records(
        answers, numbers=columns, texts=["rival"], optional=["rival"], non_negative=columns, repeated=True
    ).with_columns(pl.col("rival").fill_null(""))
    twice = table.filter(table.select("id", "rival").is_duplicated())["id"].unique().sort()
    if len(twice):
        detail = {"missing": 0, "repeated": len(twice), "examples": ", ".join(twice.head(5))}
        raise EvaluationError([Issue("CUST-902", "id", detail)])
    found = delivered_value(
        table.select(*benefits).to_numpy(),
        table.select(*costs).to_numpy(),
        benefit_weights=list(benefits.values()),
        cost_weights=list(costs.values()),
    )
    figures = {name: getattr(found, name) for name in ("benefit", "cost", "value", "ratio")}
    rated = table.with_columns(pl.Series(name, values, nan_to_null=True) for name, values in figures.items())
    own = rated.filter(pl.col("rival") == "")
    if not own.height:
        raise EvaluationError([Issue("CUST-907", "rival")])
    standing = (
        rated.drop_nulls("value")
        .group_by(pl.col("rival").alias("firm"))
        .agg(pl.len().cast(pl.Int64).alias("customers"), pl.col("benefit", "cost", "value").mean())
        .sort("firm")
    )
    return DeliveredValues(as_given(answers, own.select("id", *figures)), standing, _relative(standing))


def _relative(standing: pl.DataFrame) -> dict[str, float]:
    ours, rivals = (standing.filter((pl.col("firm") == "") == own) for own in (True, False))
    if not ours.height or not rivals.height:
        return dict.fromkeys(("value", "benefit", "cost"), float("nan"))
    return {
        name: float(relative_value(ours[name].to_numpy()[0], rivals[name].to_numpy()))
        for name in ("value", "benefit", "cost")
    }


def _shares(weights: ArrayLike, subject: str) -> Array:
    w = np.asarray(weights, dtype=np.float64)
    if not (np.isfinite(w).all() and (w >= 0).all() and w.sum() > 0):
        raise EvaluationError([Issue("CUST-910", subject)])
    return np.asarray(w / w.sum())
