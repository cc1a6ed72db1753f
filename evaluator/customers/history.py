"""Purchase histories as models of repeat buying read them, and their split into calibration and holdout.

What counts as one purchase is a rule: all lines of a customer in one period (day, week from Monday,
month) are one, lines that came back are none, and the first purchase opens the history.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import narwhals as nw
import polars as pl

from evaluator.columns import enter, to_polars
from evaluator.customers.orders import extent, order_lines
from evaluator.customers.records import as_given
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
        DATA-405, DATA-435, DATA-441, as `order_measures`.

    Limits: a history says nothing of purchases elsewhere; ties of one period count once.

    References
    ----------
    Fader, Hardie & Lee (2005), "Counting your customers" the easy way, doi:10.1287/mksc.1040.0098.

    >>> lines = pl.DataFrame({"id": ["a"] * 3, "date": [date(2024, 1, d) for d in (1, 1, 11)],
    ...                       "amount": [5.0, 4.0, 8.0]})
    >>> purchase_history(lines, end=date(2024, 1, 31)).row(0)
    ('a', 1, 10.0, 30.0, 8.0)
    """
    lines, last = _purchases(orders, free)
    end = end or last
    return as_given(orders, _history(lines, end, period, unit))


@dataclass(frozen=True)
class Split:
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
        CUST-915 where no purchase lies on one side of the split; otherwise as `purchase_history`.

    Limits: one split is one test; customers who came after it are in neither part.

    References
    ----------
    Fader, Hardie & Lee (2005), doi:10.1287/mksc.1040.0098.

    >>> lines = pl.DataFrame({"id": ["a"] * 3, "date": [date(2024, 1, d) for d in (1, 11, 21)],
    ...                       "amount": [5.0, 4.0, 8.0]})
    >>> calibration_holdout(lines, calibration_end=date(2024, 1, 15)).frame.row(0)
    ('a', 1, 10.0, 14.0, 4.0, 1, 8.0, 6.0)
    """
    lines, last = _purchases(orders, free)
    end = observation_end or last
    purchases = _periods(lines, end, period)
    split, stop = _number(calibration_end, period), _number(end, period)
    after = purchases.filter(pl.col("period") > split)
    if stop <= split or not after.height or after.height == purchases.height:
        raise EvaluationError([Issue("CUST-915", str(calibration_end), {"end": end})])
    known = _summary(purchases.filter(pl.col("period") <= split), split, unit)
    held = after.group_by("id").agg(
        pl.len().cast(pl.Int64).alias("holdout_frequency"), pl.col("amount").mean().alias("holdout_monetary")
    )
    frame = known.join(held, on="id", how="left", maintain_order="left").with_columns(
        pl.col("holdout_frequency").fill_null(0),
        pl.lit((stop - split) / unit).alias("holdout_T"),
    )
    newcomers = held.join(known, on="id", how="anti").height
    found = [Issue("CUST-916", "orders", {"count": newcomers}, severity=Severity.NOTE)] if newcomers else []
    return Split(as_given(orders, frame), calibration_end, end, newcomers, tuple(found))


def _purchases(orders: Any, free: bool) -> tuple[nw.LazyFrame[Any], date]:
    lines = order_lines(enter(orders).frame)
    found = extent(lines)
    if found and found.unusable:
        raise EvaluationError([Issue("DATA-441", "orders", {"count": found.unusable})])
    bought = lines.filter(nw.col("amount") >= 0 if free else nw.col("amount") > 0)
    if found is None:
        raise EvaluationError([Issue("DATA-435", "orders", {"as_of": "–", "first": "–"})])
    return bought, found.last


def _history(lines: nw.LazyFrame[Any], end: date, period: Period, unit: float) -> pl.DataFrame:
    purchases = _periods(lines, end, period)
    if not purchases.height:
        raise EvaluationError([Issue("DATA-435", "orders", {"as_of": end, "first": "–"})])
    return _summary(purchases, _number(end, period), unit)


def _periods(lines: nw.LazyFrame[Any], end: date, period: Period) -> pl.DataFrame:
    """Return the amount of every customer and period with a purchase; the engine groups."""
    number = {
        "day": nw.col("day"),
        "week": (nw.col("day") - 1) // 7,  # day 1 of the proleptic calendar is a Monday
        "month": nw.col("year") * 12 + nw.col("month"),
    }[period]
    until = lines.filter(nw.col("day") <= end.toordinal()).select("id", "amount", number.alias("period"))
    return to_polars(until.group_by("id", "period").agg(nw.col("amount").sum())).sort("id", "period")


def _number(day: date, period: Period) -> int:
    if period == "month":
        return day.year * 12 + day.month
    return day.toordinal() if period == "day" else (day.toordinal() - 1) // 7


def _summary(purchases: pl.DataFrame, end: int, unit: float) -> pl.DataFrame:
    first, last = pl.col("period").first(), pl.col("period").last()
    return purchases.group_by("id", maintain_order=True).agg(
        (pl.len().cast(pl.Int64) - 1).alias("frequency"),
        ((last - first) / unit).cast(pl.Float64).alias("recency"),
        ((end - first) / unit).cast(pl.Float64).alias("T"),
        pl.col("amount").slice(1).mean().alias("monetary"),
    )
