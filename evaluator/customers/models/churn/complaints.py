"""Complaints: how many, how many justified, how long they take, how customers feel afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from evaluator.columns import at_most, exact_means, mean_of
from evaluator.customers.records import as_given, records
from evaluator.displayed import Displayed
from evaluator.documents import Format
from evaluator.labels import Positive


class ComplaintOptions(Format):
    """Within how many hours a complaint should be closed; None: the firm has stated no target."""

    hours: Positive | None = None


@dataclass(frozen=True)
class Complaints(Displayed):
    """Complaint figures.

    Parameters
    ----------
    count, valid, open : complaints, those judged justified, those without closing hours (None where the log
        states hours of none, and so does not tell which are closed).
    complaining, rate : customers who complained, over all customers (None where these are not known).
    valid_share : of those judged; None where none was.
    mean_hours, median_hours, ninety_hours : of the closed ones, the last the 90th percentile; None without.
    in_time : share of the closed ones within the target; None without target.
    recovery : mean satisfaction after the complaint, on the scale it was asked; None where nobody was.
    months : `month`, `complaints`, `valid`; dated ones only.
    frame : per customer who complained: `id`, `complaints`, `valid`, `counted` (all but those judged
        unjustified), `open` (null where that is not told), `mean_hours`, `recovery`.
    """

    count: int
    valid: int
    open: int | None
    complaining: int
    rate: float | None
    valid_share: float | None
    mean_hours: float | None
    median_hours: float | None
    ninety_hours: float | None
    in_time: float | None
    recovery: float | None
    months: pl.DataFrame
    frame: Any


def complaint_figures(
    complaints: Any, *, customers: int | None = None, options: ComplaintOptions | None = None
) -> Complaints:
    """Return the figures of complaint handling (D13).

    Parameters
    ----------
    complaints : one row per complaint: `id` (customer), and where known `date`, `valid` (0/1), `hours` (to
        close; empty: still open), `satisfaction` (afterwards).
    customers : how many customers there are, for the rate.

    Raises
    ------
    EvaluationError
        as `records`.

    Limits: few complaints may mean that customers leave without a word.

    References
    ----------
    Figures of usual practice; Tax, Brown & Chandrashekaran (1998), doi:10.1177/002224299806200205, for
    satisfaction after recovery.

    >>> table = pl.DataFrame({"id": ["a", "a"], "valid": [1, 0], "hours": [4.0, None]})
    >>> found = complaint_figures(table, customers=10)
    >>> found.rate, found.valid_share, found.open
    (0.1, 0.5, 1)
    """
    options = options or ComplaintOptions()
    columns = ["valid", "hours", "satisfaction"]
    table = records(
        complaints,
        numbers=columns,
        dates=["date"],
        optional=[*columns, "date"],
        non_negative=["hours"],
        repeated=True,
    ).with_columns((pl.col("valid") > 0).alias("valid"))
    timed = table["hours"].count() > 0
    hours = table["hours"].drop_nulls().to_numpy()
    complaining = table["id"].n_unique()
    target = options.hours
    return Complaints(
        count=table.height,
        valid=int(table["valid"].sum()),
        open=table["hours"].null_count() if timed else None,
        complaining=complaining,
        rate=complaining / customers if customers else None,
        valid_share=mean_of(table["valid"].cast(pl.Float64)),
        mean_hours=mean_of(table["hours"]),
        median_hours=float(np.median(hours)) if timed else None,
        ninety_hours=float(np.quantile(hours, 0.9)) if timed else None,
        in_time=float(at_most(hours, target).mean()) if timed and target else None,
        recovery=mean_of(table["satisfaction"]),
        months=_months(table),
        frame=as_given(complaints, _customers(table, timed)),
    )


def _months(table: pl.DataFrame) -> pl.DataFrame:
    dated = table.drop_nulls("date").with_columns(pl.col("date").dt.truncate("1mo").alias("month"))
    counts = [pl.len().cast(pl.Int64).alias("complaints"), pl.col("valid").sum().cast(pl.Int64)]
    return dated.group_by("month").agg(counts).sort("month")


def _customers(table: pl.DataFrame, timed: bool) -> pl.DataFrame:
    hours, recovery = exact_means(table, "hours", "satisfaction", subject="complaints")
    still = pl.col("hours").is_null().sum() if timed else pl.lit(None)
    return (
        table.group_by("id")
        .agg(
            pl.len().cast(pl.Int64).alias("complaints"),
            pl.col("valid").sum().cast(pl.Int64),
            pl.col("valid").fill_null(True).sum().cast(pl.Int64).alias("counted"),
            still.cast(pl.Int64).alias("open"),
            hours.alias("mean_hours"),
            recovery.alias("recovery"),
        )
        .sort("id")
    )
