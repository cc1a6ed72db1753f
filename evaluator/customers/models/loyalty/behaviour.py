"""What orders alone tell of loyalty: how long, how regular, in how many months, of how many products."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl

from evaluator.customers.measures import order_measures
from evaluator.customers.orders import OrderLines
from evaluator.customers.records import as_given

_NAMES = {
    "tenure_months": "tenure",
    "regularity": "regularity",
    "breadth": "cross_buy",
    "growth": "spend_trend",
}


def order_loyalty(orders: Any, *, as_of: date | None = None, months: int = 12) -> Any:
    """Return the measures of loyalty that orders give, one row per customer, sorted by id.

    Parameters
    ----------
    orders : one row per line; see `order_measures`.
    as_of : the day looked back from. Default: the day after the last line.
    months : how far `repeat_rate`, `regularity` and `cross_buy` look back.

    Returns
    -------
    frame of the kind that came in
        `id`, `tenure` (months), `regularity` (0–1), `cross_buy` (products), `spend_trend` (log slope per
        month) as `order_measures` defines them, and `repeat_rate`: the share of the last `months` months,
        as far as the customer already was one, with a purchase.

    Raises
    ------
    EvaluationError
        as `order_measures`.

    Limits: behaviour is half of loyalty; who buys for want of choice looks loyal here.

    >>> days = [date(2024, 1, 5), date(2024, 3, 5)]
    >>> lines = pl.DataFrame({"id": ["a", "a"], "date": days, "amount": [1.0, 1]})
    >>> order_loyalty(lines, as_of=date(2024, 4, 1)).select("repeat_rate").row(0)
    (0.666...,)
    """
    lines = OrderLines.read(orders)
    found: pl.DataFrame = order_measures(lines, as_of=as_of, window_months=months, names=list(_NAMES))
    table = found.rename(_NAMES)
    active = _active_months(lines.polars(), as_of, months)
    possible = (pl.col("tenure") - 1e-6).ceil().clip(1, months)
    rate = (pl.col("active").fill_null(0) / possible).clip(0, 1)
    joined = table.join(active, on="id", how="left", maintain_order="left")
    known = pl.when(pl.col("tenure").is_not_null()).then(rate).alias("repeat_rate")
    return as_given(orders, joined.select("id", *_NAMES.values(), known))


def _active_months(lines: pl.DataFrame, as_of: date | None, months: int) -> pl.DataFrame:
    """Return in how many of the last months, counted back from the day, each customer bought."""
    last = lines["day"].max()
    end = as_of or date.fromordinal(int(str(last))) + timedelta(days=1)
    whole = (end.year - pl.col("year")) * 12 + end.month - pl.col("month")
    back = whole - (pl.col("dom") >= end.day).cast(pl.Int64)
    bought = lines.filter((pl.col("amount") > 0) & (pl.col("day") < end.toordinal())).with_columns(
        back.alias("back")
    )
    return (
        bought.filter(pl.col("back") < months).group_by("id").agg(pl.col("back").n_unique().alias("active"))
    )
