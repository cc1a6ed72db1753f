"""How customers pay: days sales outstanding, what is overdue, and how much of the credit line is drawn."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl

from evaluator.columns import decimals_of, exact_sum
from evaluator.customers.orders import Span
from evaluator.customers.records import as_given, records


def receivables(invoices: Any, *, as_of: date, window_months: int = 12, overdue_days: int = 30) -> Any:
    """Return how each customer pays, from a ledger of invoices.

    dso_days = Σ amount · days open within the window / Σ amount invoiced in the window, which is the mean
    balance over sales, in days. overdue_share = open amounts more than `overdue_days` past due / open
    amounts. credit_use = open amounts / credit line. Nothing on or after `as_of` counts.

    Parameters
    ----------
    invoices : one row per invoice: `id`, `date`, `amount` (below 0 for a credit note); where known `due`,
        `paid` (empty while open), `credit_limit`, of which the one on the latest invoice counts.
    window_months : the months whose invoices and balances `dso_days` looks at.
    overdue_days : days past due from which an amount is overdue.

    Returns
    -------
    frame of the kind that came in, sorted by id
        `id`, `outstanding` (open at `as_of`), `dso_days` (missing where nothing was invoiced on balance
        in the window), `overdue_share` (0 where nothing is open, missing where an open invoice has no due
        date), `credit_use` (missing without a line).

    Raises
    ------
    EvaluationError
        as `records`.

    References
    ----------
    Mean balance = flow × mean time: Little (1961), Operations Research 9(3), doi:10.1287/opre.9.3.383.

    >>> ledger = pl.DataFrame({"id": ["a", "a"], "date": [date(2024, 1, 1), date(2024, 3, 1)],
    ...                        "due": [date(2024, 1, 31), date(2024, 3, 31)],
    ...                        "paid": [date(2024, 2, 10), None], "amount": [100.0, 300.0],
    ...                        "credit_limit": [500.0, 600.0]})
    >>> receivables(ledger, as_of=date(2024, 5, 1)).row(0, named=True)
    {'id': 'a', 'outstanding': 300.0, 'dso_days': 55.75, 'overdue_share': 1.0, 'credit_use': 0.5}
    """
    ledger = records(
        invoices, numbers=["amount", "credit_limit"], dates=["date", "due", "paid"],
        optional=["credit_limit", "due", "paid"], repeated=True,
    )  # fmt: skip
    span = Span(as_of, window_months)
    until = pl.min_horizontal(pl.col("paid").fill_null(as_of), pl.lit(as_of))
    days_open = (until - pl.max_horizontal("date", pl.lit(span.first))).dt.total_days().clip(lower_bound=0)
    is_open = pl.col("paid").is_null() | (pl.col("paid") >= as_of)
    late = is_open & (pl.col("due") < as_of - timedelta(days=overdue_days))
    lines = ledger.filter(pl.col("date") < as_of).sort("id", "date")
    amount, longest = pl.col("amount"), max((as_of - span.first).days, 1)
    decimals = decimals_of(lines, ["amount"], reach=longest, subject="receivables")
    each = lines.group_by("id", maintain_order=True).agg(
        exact_sum(amount.filter(is_open), decimals).alias("outstanding"),
        exact_sum(amount * days_open, decimals).alias("carried"),
        exact_sum(amount.filter(pl.col("date") >= span.first), decimals).alias("invoiced"),
        exact_sum(amount.filter(late), decimals).alias("overdue"),
        (is_open & pl.col("due").is_null()).any().alias("undated"),
        pl.col("credit_limit").drop_nulls().last().alias("limit"),
    )
    outstanding = pl.col("outstanding")
    share = pl.when(outstanding > 0).then(pl.col("overdue") / outstanding).otherwise(0.0)
    found = each.select(
        "id",
        "outstanding",
        pl.when(pl.col("invoiced") > 0).then(pl.col("carried") / pl.col("invoiced")).alias("dso_days"),
        pl.when(~pl.col("undated")).then(share).alias("overdue_share"),
        pl.when(pl.col("limit") > 0).then(outstanding / pl.col("limit")).alias("credit_use"),
    )
    return as_given(invoices, found.sort("id"))
