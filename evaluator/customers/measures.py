"""Measures every orders table can give, one row per customer.

A line with a positive amount is a purchase, one with a negative amount or quantity a return. What
was never observed is missing, not 0: a customer of whom only returns are known has a net amount and
nothing else; one who has bought, but not within the window, has bought 0 there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, timedelta
from typing import Any

import narwhals as nw

from evaluator.columns import flag, from_units, in_units, ratio, to_polars
from evaluator.customers.orders import Extent, OrderLines, Span, enter_orders
from evaluator.customers.records import as_given
from evaluator.customers.trend import with_log_slope
from evaluator.errors import EvaluationError, Issue
from evaluator.registry import Registry

Provider = Callable[[], nw.Expr]
MEASURES: Registry[Provider] = Registry("measure")
"""Each provider reads the summary of a customer's orders; unit and definition stand in the catalogues
under ``measure.<name>.unit`` and ``measure.<name>.definition``."""

PARTS = {
    "frequency": ("days",),
    "growth": ("trend",),
    "regularity": ("intervals",),
    "breadth": ("products",),
    "average_order": ("days", "orders"),
}
"""What measures read besides amounts and dates. Each part is one more pass over days, months or lines, and
is left out where no measure is wanted that reads it."""

LEAST_ORDERS = 4  # days with a purchase from which intervals show a habit
LEAST_MONTHS = 3  # months with a positive net amount from which a trend shows
DAYS_PER_MONTH = 365.25 / 12
_PRACTICE = "Usual practice; defined as stated here"


def order_measures(
    orders: Any,
    *,
    as_of: date | None = None,
    window_months: int = 12,
    growth_months: int = 24,
    names: Collection[str] | None = None,
) -> Any:
    """Return one row per customer with the measures of their orders, sorted by id.

    Parameters
    ----------
    orders : pandas, Polars or any frame narwhals knows, one row per line: `id`, `date`, and `amount`
        or `quantity` and `price`; `order`, `product` and `cost` (of the whole line) where known.
    as_of : the day looked back from; lines on or after it are not used. Default: the day after the
        last line.
    window_months : how far amounts, frequency, regularity and breadth look back; recency and tenure
        use all lines before `as_of`.
    growth_months : how far growth looks back.
    names : which of `MEASURES` to compute, default all of them.

    Returns
    -------
    frame of the kind that came in
        `id` and one Float64 column per measure; null is not observed.

    Raises
    ------
    EvaluationError
        a column is missing; no line before `as_of`; lines without id, date or amount; amounts too large to
        add exactly; no such measure.

    >>> import polars as pl
    >>> lines = {"id": ["007"] * 3, "date": [date(2024, 1, 5), date(2024, 2, 4), date(2024, 2, 4)],
    ...          "amount": [100.0, 60.0, -10.0]}
    >>> order_measures(pl.DataFrame(lines), names=["net_amount", "frequency", "recency_days"]).row(0)
    ('007', 150.0, 2.0, 1.0)
    """
    wanted = MEASURES.names() if names is None else tuple(MEASURES[name].name for name in names)
    lines = OrderLines.of(orders)
    found = usable(lines.extent(months=growth_months), as_of)
    span = Span(as_of or found.last + timedelta(days=1), window_months, growth_months)
    measured = measures_of_lines(lines, span, found, wanted).sort("id")
    if isinstance(orders, OrderLines) or nw.dependencies.is_pandas_dataframe(orders):
        return as_given(orders, to_polars(measured))  # the index of the lines does not apply to customers
    return enter_orders(orders).leave(measured)


def measures_of_lines(
    lines: OrderLines, span: Span, found: Extent, names: Collection[str]
) -> nw.LazyFrame[Any]:
    """Return one row per customer with measures of lines in any order."""
    parts = summary(lines, span, found, names)
    return parts.select("id", *(MEASURES[name].function().alias(name) for name in names))


def usable(found: Extent | None, as_of: date | None) -> Extent:
    """Return what lines span; raises where there is none before a day, or lines cannot be used."""
    if found and found.unusable:
        raise EvaluationError([Issue("DATA-441", "orders", {"count": found.unusable})])
    if found is None or (as_of and found.first >= as_of):
        first = found.first if found else "–"
        raise EvaluationError([Issue("DATA-435", "orders", {"as_of": as_of or "–", "first": first})])
    return found


def summary(lines: OrderLines, span: Span, found: Extent, wanted: Collection[str]) -> nw.LazyFrame[Any]:
    """Return one row per customer with everything the wanted measures are made of.

    Lines are added up by month and day once, whatever the number of looks back. Where no line tells a
    product, nobody has bought none.
    """
    months = lines.once(_months, span.as_of.day, found.decimals, found.cost_decimals)
    back = span.as_of.year * 12 + span.as_of.month - nw.col("month")
    months = months.with_columns(back.alias("back")).filter(nw.col("back") >= 0)
    inside = _inside(span)
    purchases = lines.frame.filter((nw.col("amount") > 0) & inside)
    visits = lines.once(_days).filter(inside)
    parts: dict[str, Callable[[], nw.LazyFrame[Any]]] = {
        "days": lambda: visits.group_by("id").agg(nw.len().alias("days")),
        "products": lambda: _count(purchases, "product", "products"),
        "orders": lambda: _count(purchases, "order", "orders"),
        "intervals": lambda: _intervals(visits, span),
        "trend": lambda: _growth(months, span),
    }
    needed = {part for name in wanted for part in PARTS.get(name, ())}
    customers = _amounts(months, span, found)
    for name in (name for name in parts if name in needed):
        customers = customers.join(parts[name](), on="id", how="left")
    if "products" not in needed:
        return customers
    none = nw.when((nw.col("gross") == 0) & nw.lit(found.products)).then(nw.lit(0, nw.Int64))
    return customers.with_columns(
        nw.when(nw.col("products").is_null()).then(none).otherwise(nw.col("products")).alias("products")
    )


def _inside(span: Span) -> nw.Expr:
    return (nw.col("day") >= span.first.toordinal()) & (nw.col("day") < span.as_of.toordinal())


def _months(lines: OrderLines, day: int, decimals: int, cost_decimals: int) -> nw.LazyFrame[Any]:
    """Add up the lines of every customer and month, in units; months begin on a day of the calendar month.

    `month` counts them from year 0, each by the calendar month in which the next begins.
    """
    bought, costed = nw.col("amount") > 0, ~nw.col("cost").is_null()
    amount, cost = in_units(nw.col("amount"), decimals), in_units(nw.col("cost"), cost_decimals)
    zero = nw.lit(0, nw.Int64)
    parts = lines.frame.select(
        "id",
        (nw.col("year") * 12 + nw.col("month") + flag(nw.col("dom") >= day).cast(nw.Int64)).alias("month"),
        nw.when(bought).then(nw.col("day")).alias("bought_on"),
        nw.when(bought).then(amount).otherwise(zero).alias("gross"),
        nw.when(~bought).then(-amount).otherwise(zero).alias("returned"),
        nw.when(costed).then(cost).otherwise(zero).alias("cost"),
        nw.lit(1, nw.Int64).alias("lines"),
        flag(costed).cast(nw.Int64).alias("costed"),
    )
    sums = (nw.col(name).sum().cast(nw.Int64) for name in ("gross", "returned", "cost", "lines", "costed"))
    first, latest = nw.col("bought_on").min().alias("first"), nw.col("bought_on").max().alias("latest")
    return lines.settled(parts.group_by("id", "month").agg(first, latest, *sums))


def _days(lines: OrderLines) -> nw.LazyFrame[Any]:
    """Return the days on which every customer bought, each with the one before."""
    days = lines.frame.filter(nw.col("amount") > 0).select("id", "day").unique()
    before = nw.col("day").shift(1).over("id", order_by="day")
    return lines.settled(days.with_columns(before.alias("before")))


def _amounts(months: nw.LazyFrame[Any], span: Span, found: Extent) -> nw.LazyFrame[Any]:
    inside, gross, returned = nw.col("back") < span.window, nw.col("gross"), nw.col("returned")
    zero = nw.lit(0, nw.Int64)
    looked_at = {name: nw.col(name) for name in ("gross", "returned", "cost", "lines")}
    looked_at["uncosted"] = nw.col("lines") - nw.col("costed")
    parts = months.select(
        "id", "first", "latest", "costed",
        *(nw.when(inside).then(value).otherwise(zero).alias(name) for name, value in looked_at.items()),
    )  # fmt: skip
    return (
        parts.group_by("id")
        .agg(nw.col("first").min(), nw.col("latest").max(), nw.col(*looked_at, "costed").sum())
        .with_columns(
            (~nw.col("first").is_null()).alias("buyer"),
            (nw.lit(span.as_of.toordinal()) - nw.col("first")).alias("known_for"),
            (nw.lit(span.as_of.toordinal()) - nw.col("latest")).alias("recency"),
            from_units(gross, found.decimals).alias("gross"),
            from_units(returned, found.decimals).alias("returned"),
            from_units(gross - returned, found.decimals).alias("net"),
            from_units(nw.col("cost"), found.cost_decimals).alias("cost"),
        )
    )


def _count(purchases: nw.LazyFrame[Any], column: str, name: str) -> nw.LazyFrame[Any]:
    known = purchases.filter(~nw.col(column).is_null())
    return known.select("id", column).unique().group_by("id").agg(nw.len().alias(name))


def _intervals(visits: nw.LazyFrame[Any], span: Span) -> nw.LazyFrame[Any]:
    """Sum the days between one purchase day and the next, and their squares."""
    gaps = visits.filter(nw.col("before") >= span.first.toordinal())
    gaps = gaps.with_columns((nw.col("day") - nw.col("before")).alias("gap"))
    gaps = gaps.with_columns((nw.col("gap") * nw.col("gap")).alias("square"))
    return gaps.group_by("id").agg(
        nw.len().alias("gaps"),
        nw.col("gap").sum().alias("gap_sum"),
        nw.col("square").sum().alias("gap_squares"),
    )


def _growth(months: nw.LazyFrame[Any], span: Span) -> nw.LazyFrame[Any]:
    """Fit the trend of monthly net amounts; a month with more returned than bought counts as none."""
    n = span.growth
    units = nw.col("gross") - nw.col("returned")
    known, zero = (nw.col("back") < n) & (units > 0), nw.lit(0, nw.Int64)
    moment = units * (n - 1 - 2 * nw.col("back"))  # half months, whole numbers too
    parts = months.select(
        "id",
        "first",
        flag(known).cast(nw.Int64).alias("months"),
        nw.when(known).then(moment).otherwise(zero).alias("moment"),
        nw.when(known).then(units).otherwise(zero).alias("total"),
    )
    fitted = parts.group_by("id").agg(nw.col("first").min(), nw.col("months", "moment", "total").sum())
    moment, total = from_units(nw.col("moment"), 0), from_units(nw.col("total"), 0)
    fitted = fitted.filter(nw.col("first") < span.growth_second.toordinal()).with_columns(
        nw.when(nw.col("months") >= LEAST_MONTHS).then(moment / (total * 2)).alias("centre")
    )
    return with_log_slope(fitted, "centre", n).select("id", "slope")


def _of_buyers(value: nw.Expr) -> nw.Expr:
    """Return the value of customers who have ever bought; of others it was never observed."""
    return nw.when(nw.col("buyer")).then(value.cast(nw.Float64))


def _or_none(column: str) -> nw.Expr:
    return _of_buyers(nw.col(column).fill_null(0))


@MEASURES.register("gross_amount", zh="购买总额", en="Gross amount", reference=_PRACTICE)
def gross_amount() -> nw.Expr:
    """Sum of the purchases in the window."""
    return _of_buyers(nw.col("gross"))


@MEASURES.register("net_amount", zh="净购买额", en="Net amount", reference=_PRACTICE)
def net_amount() -> nw.Expr:
    """Purchases less returns in the window; negative where more came back than was bought."""
    return nw.when(nw.col("buyer") | (nw.col("lines") > 0)).then(nw.col("net"))


@MEASURES.register("return_ratio", zh="退货率", en="Return ratio", reference=_PRACTICE)
def return_ratio() -> nw.Expr:
    """Returned over bought in the window; may exceed 1, missing where nothing was bought."""
    return _of_buyers(ratio(nw.col("returned"), nw.col("gross")))


@MEASURES.register("frequency", zh="购买频率", en="Frequency", reference=_PRACTICE)
def frequency() -> nw.Expr:
    """Distinct days with a purchase in the window."""
    return _or_none("days")


@MEASURES.register("recency_days", zh="距上次购买天数", en="Days since last purchase", reference=_PRACTICE)
def recency_days() -> nw.Expr:
    """Days from the last purchase ever to `as_of`; 1 is the day before."""
    return nw.col("recency").cast(nw.Float64)


@MEASURES.register("tenure_months", zh="合作时长", en="Tenure", reference=_PRACTICE)
def tenure_months() -> nw.Expr:
    """Months of 30.4375 days from the first purchase ever to `as_of`.

    A study counts from the start its list of customers states where that is earlier, see `known_since`.
    """
    return nw.col("known_for") / DAYS_PER_MONTH


@MEASURES.register(
    "growth",
    zh="购买增长率",
    en="Growth",
    reference="Santos Silva & Tenreyro 2006, doi:10.1162/rest.88.4.641",
)
def growth() -> nw.Expr:
    """Log slope per month (not annualised) of the monthly net amounts of the last `growth_months`.

    0.015 is about +1.5 % a month and +20 % a year. Missing where the first purchase lies after the
    first of these months, or fewer than `LEAST_MONTHS` of them have a positive net amount; see
    `trend.with_log_slope`.
    """
    return nw.col("slope")


@MEASURES.register("regularity", zh="购买规律性", en="Regularity", reference=_PRACTICE)
def regularity() -> nw.Expr:
    """1 − CV of the intervals between purchase days in the window, at least 0.

    CV is the sample standard deviation (n − 1) over the mean; missing below `LEAST_ORDERS` days.
    """
    n = nw.when(nw.col("gaps") >= LEAST_ORDERS - 1).then(nw.col("gaps")).cast(nw.Float64)
    mean = nw.col("gap_sum") / n
    variance = (nw.col("gap_squares") - nw.col("gap_sum") * mean) / (n - 1)
    return (1 - variance.clip(0.0, None).sqrt() / mean).clip(0.0, None)


@MEASURES.register("gross_profit", zh="毛利润", en="Gross profit", reference=_PRACTICE)
def gross_profit() -> nw.Expr:
    """Net amount less the cost of the same lines; missing where one line's cost is not known."""
    known = (nw.col("uncosted") == 0) & (nw.col("costed") > 0)
    return nw.when(known).then(net_amount() - nw.col("cost"))


@MEASURES.register("margin", zh="毛利率", en="Margin", reference=_PRACTICE)
def margin() -> nw.Expr:
    """Gross profit over net amount in the window; missing where the net amount is not positive."""
    return ratio(gross_profit(), net_amount())


@MEASURES.register("breadth", zh="购买品种数", en="Breadth", reference=_PRACTICE)
def breadth() -> nw.Expr:
    """Distinct products bought in the window; missing where purchases do not say which product.

    Where the table tells no product at all, it is missing for everybody, also for who bought nothing.
    """
    return _of_buyers(nw.col("products"))


@MEASURES.register("average_order", zh="平均订单额", en="Average order", reference=_PRACTICE)
def average_order() -> nw.Expr:
    """Gross amount per order in the window; days with a purchase count where orders have no number."""
    count = nw.when(nw.col("orders").is_null()).then(nw.col("days")).otherwise(nw.col("orders"))
    return _of_buyers(ratio(nw.col("gross"), count.cast(nw.Float64)))
