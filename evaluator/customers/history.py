"""Purchase histories as models of repeat buying read them, and their split into calibration and holdout.

What counts as one purchase is a rule: what a customer's lines of one day come to, those that came back
taken off, is a purchase where something is left; all of one period (day, week from Monday, month) are one;
the first purchase opens the history.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import narwhals as nw
import polars as pl

from evaluator.columns import decimals_of, exact_mean, exact_sum, from_units, in_units, to_polars
from evaluator.customers.measures import usable
from evaluator.customers.orders import OrderLines
from evaluator.customers.records import as_given
from evaluator.displayed import Displayed
from evaluator.errors import EvaluationError, Issue, Severity

Period = Literal["day", "week", "month"]


def purchase_history(
    orders: Any, *, end: date | None = None, period: Period = "day", unit: float = 1, free: bool = False
) -> Any:
    """Return one row per customer: repeat purchases, when the last one was, how long they are known.

    Parameters
    ----------
    orders : one row per line; see `order_measures`.
    end : last day observed, itself included. Default: the day of the last line.
    period : lines within one are one purchase.
    unit : how many periods make one unit of `recency` and `T`; 7 gives weeks from days.
    free : whether lines of amount 0 count as purchases.

    Returns
    -------
    frame of the kind that came in, sorted by id
        `id`; `frequency` = purchases − 1; `recency` = (last − first) / unit; `T` = (end − first) / unit;
        `monetary`, the mean amount of the repeat purchases, missing where there is none.

    Customers of whom only returns are known have no row. Several currencies must be one before.

    Raises
    ------
    EvaluationError
        as `order_measures`.

    Limits: a history says nothing of purchases elsewhere; ties of one period count once.

    References
    ----------
    Fader, Hardie & Lee (2005), "Counting your customers" the easy way, doi:10.1287/mksc.1040.0098.

    >>> lines = pl.DataFrame({"id": ["a"] * 3, "date": [date(2024, 1, d) for d in (1, 1, 11)],
    ...                       "amount": [5.0, 4.0, 8.0]})
    >>> purchase_history(lines, end=date(2024, 1, 31)).row(0)
    ('a', 1, 10.0, 30.0, 8.0)
    """
    days, last = purchase_days(orders, free=free)
    end = end or last
    return as_given(orders, _history(days, end, period, unit))


@dataclass(frozen=True)
class Split(Displayed):
    """Histories up to the end of calibration beside what the same customers did after it.

    Parameters
    ----------
    frame : `purchase_history` at `calibration_end`, with `holdout_frequency` (purchases after it, 0 where
        there were none), `holdout_monetary` (their mean amount, missing where there were none) and
        `holdout_T` (length of the holdout, the same for all).
    newcomers : customers who first bought in the holdout and are in neither part.
    """

    frame: Any
    calibration_end: date
    observation_end: date
    newcomers: int
    issues: tuple[Issue, ...] = ()


def calibration_holdout(
    orders: Any,
    *,
    calibration_end: date,
    observation_end: date | None = None,
    period: Period = "day",
    unit: float = 1,
    free: bool = False,
) -> Split:
    """Split histories in time: a line on `calibration_end` calibrates, a later one is held out.

    A period that the split cuts through (a week, a month) belongs to the calibration as a whole.

    Raises
    ------
    EvaluationError
        where no purchase lies on one side of the split; otherwise as `purchase_history`.

    Limits: one split is one test; customers who came after it are in neither part.

    References
    ----------
    Fader, Hardie & Lee (2005), doi:10.1287/mksc.1040.0098.

    >>> lines = pl.DataFrame({"id": ["a"] * 3, "date": [date(2024, 1, d) for d in (1, 11, 21)],
    ...                       "amount": [5.0, 4.0, 8.0]})
    >>> calibration_holdout(lines, calibration_end=date(2024, 1, 15)).frame.row(0)
    ('a', 1, 10.0, 14.0, 4.0, 1, 8.0, 6.0)
    """
    days, last = purchase_days(orders, free=free)
    end = observation_end or last
    purchases = _periods(days, end, period)
    split, stop = _number(calibration_end, period), _number(end, period)
    after = purchases.filter(pl.col("period") > split)
    if stop <= split or not after.height or after.height == purchases.height:
        raise EvaluationError([Issue("CUST-915", str(calibration_end), {"end": end})])
    known = _summary(purchases.filter(pl.col("period") <= split), split, unit)
    held = after.group_by("id").agg(
        pl.len().cast(pl.Int64).alias("holdout_frequency"),
        exact_mean(pl.col("amount"), decimals_of(after, ["amount"])).alias("holdout_monetary"),
    )
    frame = known.join(held, on="id", how="left", maintain_order="left").with_columns(
        pl.col("holdout_frequency").fill_null(0),
        pl.lit((stop - split) / unit).alias("holdout_T"),
    )
    newcomers = held.join(known, on="id", how="anti").height
    found = [Issue("CUST-916", "orders", {"count": newcomers}, severity=Severity.NOTE)] if newcomers else []
    return Split(as_given(orders, frame), calibration_end, end, newcomers, tuple(found))


def purchase_days(orders: Any, *, free: bool = False) -> tuple[pl.DataFrame, date]:
    """Return the days on which customers bought, and the last day of the orders.

    An order cancelled on its own day is no purchase: what came back is taken off what was bought that
    day. What came back on a later day leaves the purchase standing.

    Returns
    -------
    frame sorted by id and day: `id`, `day` (as `date.toordinal`), `year`, `month`, `amount` (net); and a day

    Raises
    ------
    EvaluationError
        as `purchase_history`.

    >>> lines = pl.DataFrame({"id": ["a"] * 3, "date": [date(2024, 1, d) for d in (1, 2, 2)],
    ...                       "amount": [5.0, 77.0, -77.0]})
    >>> purchase_days(lines)[0]["amount"].to_list()
    [5.0]
    """
    return OrderLines.of(orders).once(_purchase_days, free)


def _purchase_days(lines: OrderLines, free: bool) -> tuple[pl.DataFrame, date]:
    found = usable(lines.extent(), None)
    units = in_units(nw.col("amount"), found.decimals)
    sums = lines.frame.select(
        "id", "day", "year", "month", units.alias("amount"), units.abs().alias("turned")
    )
    amount = nw.col("amount")
    days = to_polars(
        sums.group_by("id", "day", "year", "month").agg(
            from_units(amount.sum(), found.decimals),
            from_units(nw.col("turned").sum(), found.decimals).alias("turned"),
            amount.min().alias("least"),
        )
    )
    left = pl.col("amount") > 1e-9 * pl.col("turned")  # what rounding leaves of converted amounts is nothing
    bought = left | ((pl.col("least") >= 0) if free else pl.lit(False))
    return days.filter(bought).drop("turned", "least").sort("id", "day"), found.last


def _history(days: pl.DataFrame, end: date, period: Period, unit: float) -> pl.DataFrame:
    purchases = _periods(days, end, period)
    if not purchases.height:
        raise EvaluationError([Issue("DATA-435", "orders", {"as_of": end, "first": "–"})])
    return _summary(purchases, _number(end, period), unit)


def _periods(days: pl.DataFrame, end: date, period: Period) -> pl.DataFrame:
    """Return the amount of every customer and period with a purchase."""
    number = {
        "day": pl.col("day"),
        "week": (pl.col("day") - 1) // 7,  # day 1 of the proleptic calendar is a Monday
        "month": pl.col("year") * 12 + pl.col("month"),
    }[period]
    until = days.filter(pl.col("day") <= end.toordinal()).select("id", "amount", number.alias("period"))
    if period == "day":
        return until.select("id", "period", "amount")
    decimals = decimals_of(until, ["amount"])
    return until.group_by("id", "period", maintain_order=True).agg(exact_sum(pl.col("amount"), decimals))


def _number(day: date, period: Period) -> int:
    if period == "month":
        return day.year * 12 + day.month
    return day.toordinal() if period == "day" else (day.toordinal() - 1) // 7


def _summary(purchases: pl.DataFrame, end: int, unit: float) -> pl.DataFrame:
    first, last = pl.col("period").first(), pl.col("period").last()
    decimals = decimals_of(purchases, ["amount"])
    return purchases.group_by("id", maintain_order=True).agg(
        (pl.len().cast(pl.Int64) - 1).alias("frequency"),
        ((last - first) / unit).cast(pl.Float64).alias("recency"),
        ((end - first) / unit).cast(pl.Float64).alias("T"),
        exact_mean(pl.col("amount").slice(1), decimals).alias("monetary"),
    )
