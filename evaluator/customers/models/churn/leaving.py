"""Who has left on record, and whose contract ends."""

from __future__ import annotations

from datetime import date

import polars as pl


def departures(events: pl.DataFrame, purchases: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Return who has left on record and has not bought since, and who is to leave: 1 or 0.

    Parameters
    ----------
    events : `id` and `date` per customer lost. purchases : everybody's `id`, and `last`, the day of the last
        purchase, null where none is known.

    Returns
    -------
    pl.DataFrame
        `id`, `churned`, `leaving` (the day recorded is that of `as_of` or later).

    >>> days = [date(2024, 5, 1), date(2024, 5, 1), date(2025, 3, 1)]
    >>> events = pl.DataFrame({"id": ["a", "b", "c"], "date": days})
    >>> bought = pl.DataFrame({"id": ["a", "b", "c"], "last": [date(2024, 4, 2), date(2024, 6, 1), None]})
    >>> departures(events, bought, date(2025, 1, 1)).rows()
    [('a', 1.0, 0.0), ('b', 0.0, 0.0), ('c', 0.0, 1.0)]
    """
    left = events.group_by("id").agg(pl.col("date").cast(pl.Date).max().alias("left"))
    both = purchases.join(left, on="id", how="left", maintain_order="left")
    ahead = (pl.col("left") >= as_of).fill_null(value=False)
    stayed = (pl.col("last") > pl.col("left")).fill_null(value=False)
    gone = pl.col("left").is_not_null() & ~ahead & ~stayed
    return both.select("id", gone.cast(pl.Float64).alias("churned"), ahead.cast(pl.Float64).alias("leaving"))


def contract_days(customers: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Return the days from a day to the end of each contract, negative where it has ended.

    Parameters
    ----------
    customers : `id` and `contract_end`; of several contracts of a customer the one that ends last counts.

    >>> table = pl.DataFrame({"id": ["a", "a"], "contract_end": [date(2024, 3, 1), date(2024, 12, 31)]})
    >>> contract_days(table, date(2025, 1, 10)).row(0)
    ('a', -10.0)
    """
    last = pl.col("contract_end").cast(pl.Date).max()
    ends = customers.group_by("id", maintain_order=True).agg(last)
    days = (pl.col("contract_end") - as_of).dt.total_days()
    return ends.select("id", days.cast(pl.Float64).alias("contract_days"))
