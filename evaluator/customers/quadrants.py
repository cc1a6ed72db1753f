"""Growth potential, customers by size and profit, and the quadrant the firm itself stands in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum
from typing import Any, Literal

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from evaluator.columns import decimals_of, exact_sum, reaches
from evaluator.customers.cutting import cut_values
from evaluator.customers.pareto import concentration
from evaluator.customers.records import as_given, records
from evaluator.documents import Format
from evaluator.errors import EvaluationError, Issue
from evaluator.labels import ProperShare
from evaluator.tree.types import Cut, QuantileCut

Array = NDArray[np.float64]
Quadrant = Literal["mass", "niche", "key_account", "one_to_one"]


def growth_potential(
    share: ArrayLike, relationship: ArrayLike, business: ArrayLike, *, weights: tuple[float, float, float]
) -> Array:
    """Return the potential to buy more from its three drivers, (n,) each → (n,), on the drivers' scale.

    Pot = w₁·share + w₂·relationship + w₃·business, weights brought to the sum of 1: the higher our share
    of the customer's business, the relationship and the customer's whole business, the likelier an
    incremental purchase. It says how willing a customer is, not how much room is left: `headroom` pulls
    the other way. What is missing (NaN) in one driver is missing in the result.

    Parameters
    ----------
    share, relationship, business : scores on one scale, such as 0–100.
    weights : from judgments, for example `ahp.priorities`; the literature gives none.

    Raises
    ------
    EvaluationError
        CUST-910 (weights negative or all 0).

    Limits: the drivers overlap, and no threshold tells a promising customer from another.

    References
    ----------
    After Chen Mingliang (陈明亮), whose matrix plots it against current value; weighting is the user's.

    >>> growth_potential([50], [80], [100], weights=(2, 1, 1))
    array([70.])
    """
    w = np.asarray(weights, dtype=np.float64)
    if not (np.isfinite(w).all() and (w >= 0).all() and w.sum() > 0):
        raise EvaluationError([Issue("CUST-910", "weights")])
    drivers = np.stack([np.asarray(part, dtype=np.float64) for part in (share, relationship, business)])
    return np.asarray(np.tensordot(w / w.sum(), drivers, axes=1))


def headroom(business: ArrayLike, share: ArrayLike) -> Array:
    """Return what customers still buy elsewhere: business · (1 − share), money of one period, (n,) → (n,).

    Raises
    ------
    EvaluationError
        CUST-904 (business below 0), CUST-920 (a share outside 0–1).

    Limits: the whole business is mostly an estimate of our own people; not all of it can be won.

    References
    ----------
    Arithmetic of the share of wallet (钱袋份额).

    >>> headroom([200.0], [0.25])
    array([150.])
    """
    total, part = np.asarray(business, dtype=np.float64), np.asarray(share, dtype=np.float64)
    issues = []
    if (total < 0).any():
        issues.append(Issue("CUST-904", "business", {"count": int((total < 0).sum()), "examples": "–"}))
    if ((part < 0) | (part > 1)).any():
        issues.append(Issue("CUST-920", "share"))
    if issues:
        raise EvaluationError(issues)
    return np.asarray(total * (1 - part))


class SizeProfitOptions(Format):
    """Where small, medium and large, and low and high margin, part; thirds and median unless stated."""

    size_cut: Cut = QuantileCut(kind="quantile", at=(1 / 3, 2 / 3))
    margin_cut: Cut = QuantileCut(kind="quantile", at=(0.5,))


@dataclass(frozen=True)
class SizeProfit:
    """Customers by size and margin (B10).

    Parameters
    ----------
    frame : `id`, `size`, `profit`, `margin` (profit / size), `size_class`, `margin_class`.
    table : per pair of classes: `size_class`, `margin_class`, `customers`, `size`, `profit`, `margin`,
        and with capacity `capacity` and `profit_per_capacity`.
    """

    frame: Any
    table: pl.DataFrame
    cuts: Mapping[str, tuple[float, ...]]


def size_profit(
    frame: Any,
    *,
    size: str = "size",
    profit: str = "profit",
    capacity: str | None = None,
    options: SizeProfitOptions | None = None,
) -> SizeProfit:
    """Cross customers by how large they are and how much of it is profit, margin = profit / size.

    Large customers ask for service and discounts, small ones pay full price but cost to deal with:
    the table shows which really earn. A customer of size 0 has no margin and stands in no cell.

    Parameters
    ----------
    frame : one row per customer with `id`, `size` (revenue or volume, at least 0), `profit` (money) and,
        where given, `capacity` (hours, storage, machine time taken up).

    Raises
    ------
    EvaluationError
        CUST-901 to CUST-905, CUST-909, CUST-919.

    Limits: classes are relative to the customers in the table unless the cuts are stated.

    References
    ----------
    Large, medium and small customers after Chinese textbooks of CRM; the cross-table is ours.

    >>> table = pl.DataFrame({"id": ["a", "b", "c"], "size": [1.0, 10, 100], "profit": [0.1, 4, 5]})
    >>> size_profit(table).frame.select("size_class", "margin_class").rows()
    [('small', 'high'), ('medium', 'high'), ('large', 'low')]
    """
    options = options or SizeProfitOptions()
    numbers = [size, profit, *([capacity] if capacity else [])]
    table = records(frame, numbers=numbers, non_negative=[size, *([capacity] if capacity else [])])
    table = table.rename({size: "size", profit: "profit"} | ({capacity: "capacity"} if capacity else {}))
    table = table.with_columns(
        pl.when(pl.col("size") > 0).then(pl.col("profit") / pl.col("size")).alias("margin")
    )
    levels = {"size": ("small", "medium", "large"), "margin": ("low", "high")}
    cuts = {}
    for column, cut in (("size", options.size_cut), ("margin", options.margin_cut)):
        cuts[column] = cut_values(cut, table[column].drop_nulls().to_numpy(), column)
        if len(cuts[column]) != len(levels[column]) - 1:
            detail = {"cuts": ", ".join(map(str, cuts[column])), "count": len(levels[column]) - 1}
            raise EvaluationError([Issue("CUST-909", column, detail)])
        level = pl.lit(levels[column][0])
        for at, name in zip(cuts[column], levels[column][1:], strict=True):
            level = pl.when(reaches(pl.col(column), at)).then(pl.lit(name)).otherwise(level)
        known = pl.col(column).is_not_null()
        table = table.with_columns(pl.when(known).then(level).alias(f"{column}_class"))
    return SizeProfit(as_given(frame, table), _crossed(table, levels, capacity is not None), cuts)


def _crossed(table: pl.DataFrame, levels: Mapping[str, tuple[str, ...]], capacity: bool) -> pl.DataFrame:
    cells = pl.DataFrame({"size_class": levels["size"]}).join(
        pl.DataFrame({"margin_class": levels["margin"]}), how="cross"
    )
    sums = ["size", "profit", *(["capacity"] if capacity else [])]
    totals = [exact_sum(pl.col(name), decimals_of(table, [name], subject=name)).alias(name) for name in sums]
    counted = table.group_by("size_class", "margin_class").agg(
        pl.len().cast(pl.Int64).alias("customers"), *totals
    )
    joined = cells.join(counted, on=["size_class", "margin_class"], how="left", maintain_order="left")
    joined = joined.with_columns(pl.col("customers", *sums).fill_null(0)).with_columns(
        pl.when(pl.col("size") > 0).then(pl.col("profit") / pl.col("size")).alias("margin")
    )
    if capacity:
        per = pl.when(pl.col("capacity") > 0).then(pl.col("profit") / pl.col("capacity"))
        joined = joined.with_columns(per.alias("profit_per_capacity"))
    return joined


class QuadrantOptions(Format):
    """From which skew of value and which diversity of needs (both 0–1) customers are told apart."""

    skew_cut: ProperShare
    diversity_cut: ProperShare


@dataclass(frozen=True)
class FirmQuadrant:
    """Where a firm stands by its customers (Peppers & Rogers).

    Parameters
    ----------
    skew : Gini coefficient of the values; `half` is the least share of customers with half the value.
    diversity : entropy of the mix of categories over its largest possible, 0 (one need) to 1.
    """

    quadrant: Quadrant
    skew: float
    half: float
    diversity: float
    options: QuadrantOptions


def firm_quadrant(values: ArrayLike, mix: ArrayLike, *, options: QuadrantOptions) -> FirmQuadrant:
    """Tell mass, niche, key-account and one-to-one marketing apart from two figures of the customer base.

    Diversity is H = −Σ p ln p / ln k of the shares p of k categories of need. Values alike and needs
    alike: mass; needs diverse: niche; values skewed: key accounts (frequency programmes); both:
    one-to-one. The quadrant is of the firm, never of a customer; the cuts are the user's.

    Parameters
    ----------
    values : (n,) value per customer, at least 0.
    mix : (k,) how much is bought of each category, at least 0.

    Raises
    ------
    EvaluationError
        CUST-904 (negative values or mix), CUST-905 (no customer), CUST-907 (nothing above 0).

    Limits: entropy depends on how needs are put into categories; few large customers swing the skew.

    References
    ----------
    Peppers & Rogers (1993), The One to One Future, Doubleday; entropy: Shannon (1948),
    doi:10.1002/j.1538-7305.1948.tb01338.x.

    >>> firm_quadrant([1, 1, 98], [50, 50], options=QuadrantOptions(skew_cut=0.4, diversity_cut=0.5)).quadrant
    'one_to_one'
    """
    x, m = np.asarray(values, dtype=np.float64), np.asarray(mix, dtype=np.float64)
    issues = [
        Issue("CUST-904", name, {"count": int((column < 0).sum()), "examples": "–"})
        for name, column in (("values", x), ("mix", m))
        if (column < 0).any()
    ]
    issues += [
        Issue("CUST-907", name) for name, c in (("values", x), ("mix", m)) if len(c) and not c.sum() > 0
    ]
    issues += [Issue("CUST-905")] if not len(x) or not len(m) else []
    if issues:
        raise EvaluationError(issues)
    spread = concentration(x)
    p = np.sort(m[m > 0]) / fsum(m)
    diversity = float(-(p * np.log(p)).sum() / np.log(len(m))) if len(m) > 1 else 0.0
    skew = 0.0 if spread.gini is None else spread.gini
    skewed, diverse = reaches(skew, options.skew_cut), reaches(diversity, options.diversity_cut)
    names: dict[tuple[bool, bool], Quadrant] = {
        (False, False): "mass",
        (False, True): "niche",
        (True, False): "key_account",
        (True, True): "one_to_one",
    }
    return FirmQuadrant(names[skewed, diverse], skew, spread.customers_for(0.5), diversity, options)
