"""How long customers have been customers, where the list of customers knows it better than the orders."""

from __future__ import annotations

from datetime import date
from typing import Any

import narwhals as nw
import polars as pl

from evaluator.columns import to_polars
from evaluator.customers.measures import DAYS_PER_MONTH
from evaluator.customers.orders import calendar, day_number

TENURE, START = "tenure_months", "start_date"

Frame = nw.LazyFrame[Any]


def with_known_start(measured: Frame, customers: Frame | None, as_of: date) -> Frame:
    """Return measures of orders with `tenure_months` counted from the stated start, where that is earlier.

    An export of the orders begins some day; a list of customers that knows since when each is one does not.
    Whoever never bought has no tenure.

    >>> import polars as pl
    >>> of = lambda data: nw.from_native(pl.LazyFrame(data))
    >>> measured = of({"id": ["a", "b", "c"], "tenure_months": [3.0, 3.0, None]})
    >>> customers = of({"id": ["a", "c"], "start_date": [date(2020, 1, 1), date(2020, 1, 1)]})
    >>> found = with_known_start(measured, customers, date(2024, 1, 1))
    >>> found.sort("id").collect()["tenure_months"].to_list()
    [48.0, 3.0, None]
    """
    if (
        customers is None
        or TENURE not in measured.collect_schema()
        or START not in customers.collect_schema()
    ):
        return measured
    months = (nw.lit(as_of.toordinal()) - nw.col("_start")) / DAYS_PER_MONTH
    longer = nw.when(months > nw.col(TENURE)).then(months).otherwise(nw.col(TENURE))
    columns = measured.collect_schema().names()
    starts = _starts(customers).group_by("id").agg(nw.col("_start").min())
    joined = measured.join(starts, on="id", how="left").with_columns(longer.alias(TENURE))
    return joined.select(*columns)


def known_since(measured: pl.DataFrame, customers: pl.DataFrame | None, as_of: date) -> pl.DataFrame:
    """Return measures in memory, sorted by id, as `with_known_start` does."""
    if customers is None or START not in customers.columns or TENURE not in measured.columns:
        return measured
    lazily = nw.from_native(measured.lazy()), nw.from_native(customers.lazy())
    return to_polars(with_known_start(*lazily, as_of)).sort("id")


def _starts(customers: Frame) -> Frame:
    """Return the `id` of the customers whose start is known, and its day number as `_start`."""
    days = customers.filter(~nw.col(START).is_null()).select("id", date=nw.col(START).cast(nw.Date))
    return days.select("id", *calendar()).with_columns(day_number().alias("_start")).select("id", "_start")
