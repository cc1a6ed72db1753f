"""From order lines to each customer's recency, frequency and monetary value, and the choices on the way."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, Literal

import narwhals as nw
import polars as pl
from pydantic import Field

from evaluator.columns import decimals_of, exact_sum, finite, flag, to_polars
from evaluator.customers.orders import (
    Span,
    calendar,
    check_columns,
    day_number,
    signed_amounts,
    with_returns,
)
from evaluator.documents import Format
from evaluator.errors import EvaluationError, Issue, nearest
from evaluator.labels import NonNegative, PositiveCount

Cuts = tuple[float, ...]


class Thresholds(Format):
    """Stated cuts, in rising order, one fewer than the scores; a dimension without takes quantiles.

    Days for recency, purchases for frequency, amounts for monetary; equal cuts leave a score empty.

    A value passes a stated cut when it reaches it, in the dimensions of `beyond` when it lies beyond it.
    """

    recency: Cuts | None = None
    frequency: Cuts | None = None
    monetary: Cuts | None = None
    beyond: tuple[Literal["recency", "frequency", "monetary"], ...] = ()


class RfmOptions(Format):
    """How histories become scores; every choice is the study's and is shown with the result.

    Parameters
    ----------
    window_months : how far frequency and monetary look back; recency uses everything. None: all.
    count : what is one purchase: a ``day``, an ``order`` number (the day where a line has none), or
        every ``line``.
    amount : ``money`` (RFM) or ``quantity`` (RFA).
    returns : ``net`` takes what came back off the amount, ``ignored`` does not; it is never a purchase.
    bins : highest score; scores run from 1.
    thresholds : stated cuts in place of quantiles.
    quantile_rule : a value passes a quantile when it lies ``beyond`` it, so that ties stay below; other
        tools want it to reach the quantile plus 1, ``plus_one``, which suits whole numbers only.
    weights : of recency, frequency, monetary, for example from judgments; only their proportions matter.
    split : what tells high from low for the eight classes: the mean of the scores, or the mean or
        median of the values themselves.
    split_at : stated in its place: scores with ``mean_score``, else days, purchases, amount.
    """

    window_months: PositiveCount | None = None
    count: Literal["day", "order", "line"] = "day"
    amount: Literal["money", "quantity"] = "money"
    returns: Literal["net", "ignored"] = "net"
    bins: Annotated[int, Field(ge=2, le=100)] = 5
    thresholds: Thresholds = Thresholds()
    quantile_rule: Literal["beyond", "plus_one"] = "beyond"
    weights: tuple[NonNegative, NonNegative, NonNegative] = (1.0, 1.0, 1.0)
    split: Literal["mean_score", "mean_value", "median_value"] = "mean_score"
    split_at: tuple[float, float, float] | None = None


def totals_of(orders: nw.LazyFrame[Any], as_of: date | None, options: RfmOptions) -> nw.LazyFrame[Any]:
    """Sum each customer's lines on whatever engine holds them: one pass finds the unit, one adds.

    Columns: those of `totals_of_lines`.

    Raises `EvaluationError` where a column is missing, or amounts are too large to add exactly.
    """
    lines = rfm_lines(orders, options)
    since = Span(as_of or _after_last(orders), options.window_months).first if options.window_months else None
    return totals_of_lines(lines, as_of, since, decimals_of(lines, ["worth"]), options)


def totals_of_lines(
    lines: nw.LazyFrame[Any], as_of: date | None, since: date | None, decimals: int, options: RfmOptions
) -> nw.LazyFrame[Any]:
    """Sum each customer's lines, as `rfm_lines` returns them, from a day `since` to the one before `as_of`.

    Columns: `id`, `last` (day number of the last purchase, null where there is none), `frequency`,
    `monetary`, `unusable` (lines without id, date or amount), `latest` (day number of any line).
    """
    used = nw.col("day") < as_of.toordinal() if as_of else ~nw.col("day").is_null()
    inside = used & (nw.col("day") >= since.toordinal()) if since else used
    bought = nw.col("worth") > 0
    lacking = nw.col("day").is_null() | nw.col("worth").is_null() | nw.col("id").is_null()
    counting = inside if options.returns == "net" else inside & bought
    counted = COUNTED[options.count]
    lines = lines.with_columns(
        nw.when(bought & used).then(nw.col("day")).alias("last"),
        *(nw.when(bought & inside).then(nw.col(name)).alias(f"bought_{name}") for name in counted),
        nw.when(counting).then(nw.col("worth")).alias("monetary"),
        flag(lacking).cast(nw.Int64).alias("unusable"),
    )
    times = [nw.col(f"bought_{name}") for name in counted]
    each = [time.count() if options.count == "line" else _distinct(time) for time in times]
    return lines.group_by("id").agg(
        nw.col("last").max(),
        sum(each[1:], each[0]).alias("frequency"),
        exact_sum(nw.col("monetary"), decimals).alias("monetary"),
        nw.col("unusable").sum(),
        nw.col("day").max().alias("latest"),
    )


COUNTED = {"day": ("day",), "order": ("order", "unnumbered"), "line": ("day",)}
"""The columns in which purchases are counted, by what is one."""


def _distinct(purchase: nw.Expr) -> nw.Expr:
    # Distinct values count null as one of them, on every engine.
    return purchase.n_unique() - flag(purchase.is_null()).max()


def rfm_lines(orders: nw.LazyFrame[Any], options: RfmOptions) -> nw.LazyFrame[Any]:
    """Return `id`, `day` (its number), `worth` (negative where goods came back), and what is one purchase.

    That is `order`, and for lines without a number `unnumbered`, the day.
    """
    orders = with_returns(orders)
    names = check_columns(orders)
    for needed, wanted in (("quantity", options.amount == "quantity"), ("order", options.count == "order")):
        if wanted and needed not in names:
            headers = ", ".join(sorted(names))
            raise EvaluationError([Issue("DATA-405", needed, {"headers": headers}, nearest(needed, names))])
    worth, _ = signed_amounts(names)
    if options.amount == "quantity":
        pieces = finite(nw.col("quantity"))
        worth = nw.when(worth < 0).then(-pieces.abs()).otherwise(pieces)
    ordered = [nw.col("order").cast(nw.String)] if options.count == "order" else []
    lines = orders.select("id", worth.alias("worth"), *ordered, *calendar())
    lines = lines.select("id", "worth", *(["order"] if ordered else []), day_number().alias("day"))
    if ordered:
        lines = lines.with_columns(nw.when(nw.col("order").is_null()).then(nw.col("day")).alias("unnumbered"))
    return lines


def _after_last(orders: nw.LazyFrame[Any]) -> date:
    last = _day(orders, nw.col("date").max())
    if last is None:
        raise EvaluationError([Issue("DATA-435", "orders", {"as_of": "–", "first": "–"})])
    return last + timedelta(days=1)


def looked_back_from(totals: pl.DataFrame, as_of: date | None, orders: nw.LazyFrame[Any]) -> date:
    """Return the day looked back from; lines nobody can use, and nothing before that day, are refused."""
    if unusable := int(totals["unusable"].sum()):
        raise EvaluationError([Issue("DATA-441", "orders", {"count": unusable})])
    latest, nobody_bought = totals["latest"].max(), totals["last"].null_count() == totals.height
    first = _day(orders, nw.col("date").min()) if nobody_bought else None
    if not isinstance(latest, int) or (as_of and first and first >= as_of):
        raise EvaluationError([Issue("DATA-435", "orders", {"as_of": as_of or "–", "first": first or "–"})])
    return as_of or date.fromordinal(latest + 1)


def _day(orders: nw.LazyFrame[Any], date_of: nw.Expr) -> date | None:
    day: date | None = to_polars(orders.select(date_of.cast(nw.Date).alias("day")))["day"][0]
    return day
