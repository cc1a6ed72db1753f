"""Whom to evaluate at all (target customers), and the plain high-end/low-end split as a baseline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from evaluator.columns import at_most, reaches
from evaluator.columns.cuts import cut_values
from evaluator.customers.records import as_given, records
from evaluator.displayed import Displayed
from evaluator.documents import Format
from evaluator.errors import EvaluationError, Issue, raise_errors
from evaluator.labels import Id, Name
from evaluator.tree.types import Cut


class Criterion(Format):
    """One condition on a column: bounds for a number, or a list of what a text may be.

    `unknown` says what becomes of customers whose value is missing: they ``fail`` or ``pass``.
    """

    column: Id
    name: Name | None = None
    at_least: float | None = None
    at_most: float | None = None
    one_of: tuple[str, ...] | None = None
    unknown: Literal["fail", "pass"] = "fail"


@dataclass(frozen=True)
class ScreenedCustomers(Displayed):
    """Who is a target customer.

    Parameters
    ----------
    frame : `id`, `eligible`, `reason` (column of the first criterion not met; null for the eligible).
    funnel : per criterion, in order: `column`, `before`, `left_out`, `unknown` (of those left out).
    """

    frame: Any
    funnel: pl.DataFrame


def screen(frame: Any, criteria: Sequence[Criterion]) -> ScreenedCustomers:
    """Keep the customers who meet every criterion, one after the other (B12).

    Not every customer is worth the effort: resources are finite, so the target market is settled before
    anyone is scored. A bound is reached as every cut is.

    Raises
    ------
    EvaluationError
        as `records`; a criterion that asks nothing, or for bounds and a list at once.

    Limits: the order of the criteria decides which reason is shown, not who is eligible.

    References
    ----------
    Stated criteria; that not every customer is worth the effort is common in the CRM literature.

    >>> table = pl.DataFrame({"id": ["a", "b", "c"], "profit": [5.0, -1.0, None]})
    >>> screen(table, [Criterion(column="profit", at_least=0)]).frame.rows()
    [('a', True, None), ('b', False, 'profit'), ('c', False, 'profit')]
    """
    raise_errors(
        Issue("CUST-921", c.column)
        for c in criteria
        if (c.one_of is None) == (c.at_least is None and c.at_most is None)
    )
    numbers = list(dict.fromkeys(c.column for c in criteria if c.one_of is None))
    texts = list(dict.fromkeys(c.column for c in criteria if c.one_of is not None))
    table = records(frame, numbers=numbers, texts=texts)
    reason = pl.lit(None, pl.String)
    rows, left = [], table
    for criterion in criteria:
        failed = left.filter(~_met(criterion))
        unknown = failed[criterion.column].null_count()
        rows.append((criterion.column, left.height, failed.height, unknown))
        left = left.filter(_met(criterion))
    for criterion in reversed(criteria):
        reason = pl.when(~_met(criterion)).then(pl.lit(criterion.column)).otherwise(reason)
    found = table.select("id", reason.is_null().alias("eligible"), reason.alias("reason"))
    schema = {"column": pl.String, "before": pl.Int64, "left_out": pl.Int64, "unknown": pl.Int64}
    return ScreenedCustomers(as_given(frame, found), pl.DataFrame(rows, schema=schema, orient="row"))


def _met(criterion: Criterion) -> pl.Expr:
    value = pl.col(criterion.column)
    met = value.is_in(criterion.one_of) if criterion.one_of is not None else pl.lit(True)
    if criterion.at_least is not None:
        met = met & reaches(value, criterion.at_least)
    if criterion.at_most is not None:
        met = met & at_most(value, criterion.at_most)
    return pl.when(value.is_null()).then(pl.lit(criterion.unknown == "pass")).otherwise(met)


@dataclass(frozen=True)
class Baseline:
    """High-end and low-end customers by return less cost alone.

    `frame`: `id`, `net` (revenue − cost) and `class` (``high_end``, ``low_end``, null where unknown).
    """

    frame: Any
    cut: float


def baseline_split(frame: Any, *, cut: Cut, revenue: str = "revenue", cost: str = "cost") -> Baseline:
    """Split customers as practice does, by net = revenue − cost alone (B13).

    Kept as a baseline: `agreement` with a multi-criteria class shows what more criteria change.

    Parameters
    ----------
    frame : one row per customer: `id`, revenue and cost of the same period and currency, cost at least 0.
    cut : where high-end begins; the literature names no value.

    Raises
    ------
    EvaluationError
        as `records`; not exactly one cut, or nobody to take it from.

    Limits: one figure of one period; potential, loyalty and influence do not count.

    References
    ----------
    Chinese practice of high-end and low-end customers (高端/低端客户).

    >>> from evaluator.tree.types import FixedCut
    >>> table = pl.DataFrame({"id": ["a", "b"], "revenue": [9.0, 9.0], "cost": [1.0, 8.0]})
    >>> baseline_split(table, cut=FixedCut(kind="fixed", at=(5.0,))).frame["class"].to_list()
    ['high_end', 'low_end']
    """
    table = records(frame, numbers=[revenue, cost], non_negative=[cost])
    table = table.select("id", (pl.col(revenue) - pl.col(cost)).alias("net"))
    cuts = cut_values(cut, table["net"].drop_nulls().to_numpy(), "net")
    if len(cuts) != 1:
        detail = {"cuts": ", ".join(map(str, cuts)), "count": 1}
        raise EvaluationError([Issue("CUST-909", "net", detail)])
    reached = reaches(pl.col("net"), cuts[0])
    high = pl.when(reached).then(pl.lit("high_end")).otherwise(pl.lit("low_end"))
    table = table.with_columns(pl.when(pl.col("net").is_not_null()).then(high).alias("class"))
    return Baseline(as_given(frame, table), cuts[0])
