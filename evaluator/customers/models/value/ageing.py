"""What of a customer's balance is overdue, from a list of balances by age rather than from invoices."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from evaluator.columns import decimals_of, exact_sum
from evaluator.customers.records import as_given, records
from evaluator.data.ages import Ages, ages
from evaluator.displayed import Displayed
from evaluator.errors import Issue, Severity, raise_errors

_SHOWN = 5
_CENT = 0.01  # by which a stated balance may be off what its ages add up to


@dataclass(frozen=True)
class Balances(Displayed):
    """What customers owe.

    Parameters
    ----------
    frame : `id`, `outstanding`, `dso_days` (missing where there are no invoices), `overdue_share` (0 where
        nothing is open), `credit_use` (missing without a line).
    issues : balances that are not the sum of their ages, and ages of which only a part is overdue.
    """

    frame: Any = field(repr=False)
    issues: tuple[Issue, ...] = ()


def balances_by_age(balances: Any, *, overdue_days: int = 30) -> Balances:
    """Return what each customer owes and how much of it is overdue.

    overdue_share = Σ amounts in buckets that begin at `overdue_days` or later / Σ amounts in all buckets, or
    the stated amount overdue / the balance. credit_use = outstanding / credit line. Who is not in the list
    is not in the result: that a list leaves somebody out does not say that nothing is owed.

    Parameters
    ----------
    balances : a row per customer and age: `id`, `bucket` (``31-60天``, ``> 90``, ``current``; see
        `data.ages`) and `amount`; or `id`, `outstanding` and `overdue`; where known `credit_limit`.
    overdue_days : days from which an amount is overdue, counted as the buckets count. Of a bucket that begins
        before it and ends after it nothing counts as overdue, and an issue says so.

    Raises
    ------
    EvaluationError
        a bucket that does not say how old a debt is, and those of `records`.

    >>> aged = pl.DataFrame({"id": ["a", "a", "b"], "bucket": ["未到期", "31-60天", "90天以上"],
    ...                      "amount": [600.0, 200.0, 50.0]})
    >>> balances_by_age(aged).frame.select("id", "outstanding", "overdue_share").rows()
    [('a', 800.0, 0.25), ('b', 50.0, 1.0)]
    """
    numbers = ["amount", "outstanding", "overdue", "credit_limit"]
    rows = records(balances, numbers=numbers, texts=["bucket"], optional=[*numbers, "bucket"], repeated=True)
    aged = rows["bucket"].null_count() < rows.height
    buckets = _read(rows["bucket"]) if aged else {}
    if aged:
        late = pl.col("bucket").is_in(overdue_buckets(buckets, overdue_days))
        rows = rows.with_columns(owed=pl.col("amount"), late=pl.when(late).then("amount").otherwise(0.0))
    else:
        rows = rows.with_columns(owed=pl.col("outstanding"), late=pl.col("overdue"))
    decimals = decimals_of(rows, ["owed", "late"], subject="ageing")
    each = rows.group_by("id", maintain_order=True).agg(
        exact_sum(pl.col("owed"), decimals),
        pl.when(pl.col("late").is_not_null().any()).then(exact_sum(pl.col("late"), decimals)),
        pl.col("credit_limit").drop_nulls().last().alias("limit"),
        (pl.col("outstanding").drop_nulls().unique().len() == 1).alias("stated_once"),
        pl.col("outstanding").drop_nulls().first().alias("stated"),
        pl.col("bucket").is_duplicated().any().alias("repeated"),
    )
    found = each.select(
        "id",
        pl.col("owed").alias("outstanding"),
        pl.lit(None, pl.Float64).alias("dso_days"),
        pl.when(pl.col("owed") > 0)
        .then(pl.col("late") / pl.col("owed"))
        .otherwise(0.0)
        .alias("overdue_share"),
        pl.when(pl.col("limit") > 0).then(pl.col("owed") / pl.col("limit")).alias("credit_use"),
    )
    issues = (*_partly(buckets, overdue_days), *(_off(each) if aged else ()))
    return Balances(as_given(balances, found.sort("id")), issues)


def overdue_buckets(buckets: Collection[str], overdue_days: int = 30) -> tuple[str, ...]:
    """Return those of some buckets that count as overdue, in their order.

    >>> overdue_buckets(["未到期", "1-30天", "31-60天", "90天以上"])
    ('31-60天', '90天以上')
    """
    return tuple(name for name in buckets if (age := ages(name)) and age.first >= overdue_days)


def _read(column: pl.Series) -> dict[str, Ages]:
    names = column.drop_nulls().unique(maintain_order=True).to_list()
    found = {name: ages(name) for name in names}
    unread = [name for name, age in found.items() if age is None]
    raise_errors(Issue("CUST-962", name) for name in unread[:_SHOWN])
    return {name: age for name, age in found.items() if age is not None}


def _partly(buckets: dict[str, Ages], days: int) -> Iterator[Issue]:
    """Yield a warning for the buckets that begin before the day and end after it."""
    if partly := [name for name, age in buckets.items() if age.first < days < age.last]:
        detail = {"buckets": ", ".join(partly), "days": days}
        yield Issue("CUST-963", "overdue_share", detail, severity=Severity.WARNING)


def _off(each: pl.DataFrame) -> Iterator[Issue]:
    """Yield a warning for customers whose stated balance is not what its ages add up to."""
    once = each.filter(pl.col("stated_once") & ~pl.col("repeated"))
    off = once.filter((pl.col("stated") - pl.col("owed")).abs() > _CENT)
    if off.height:
        rows = off.select("id", "stated", "owed").head(_SHOWN).iter_rows()
        shown = ", ".join(f"{who} ({stated:,.2f} / {owed:,.2f})" for who, stated, owed in rows)
        detail = {"count": off.height, "examples": shown}
        yield Issue("CUST-964", "ageing", detail, severity=Severity.WARNING)
