"""From the text of a cell to a day, under the order of day and month of its column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Literal, get_args

import polars as pl

from evaluator.data.mapping import ColumnMapping

Order = Literal["dmy", "mdy", "ymd"]
"""In which order day, month and year stand where the year does not come first in full."""

ORDERS: Mapping[str, Order] = {order: order for order in get_args(Order)}
DAY_0 = date(1899, 12, 30)
"""What a spreadsheet counts days from."""
OFFSET = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[-+]\d{2}(?::?\d{2})?|Z|UTC)$"

_EARLIEST, _LATEST = 1000, 9999
_MONTHS = {
    name: f"{number:02}"
    for number, names in enumerate(
        (
            "jan january januar janv janvier ene enero", "feb february februar févr février febrero",
            "mar march mär mrz märz mars marzo", "apr april avr avril abr abril", "may mai mayo",
            "jun june juni juin junio", "jul july juli juil juillet julio", "aug august août ago agosto",
            "sep sept september septembre septiembre", "oct october okt oktober octobre octubre",
            "nov november novembre noviembre", "dec december dez dezember déc décembre dic diciembre",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_NAME = r"(\p{L}{3,10})\.?"
_HALF = r"(?:上午|下午|凌晨|中午|晚上|[AaPp]\.?[Mm]\.?)"
_CLOCK = rf"(?:T|\s)\s*{_HALF}?\s*\d{{1,2}}\s*[:时点].*"
_WEEKDAY = r"(?:\s*\(?(?:星期|周)[一二三四五六日天]\)?)?"
_BEFORE = r"^(?:\p{L}{2,9}\.?,?\s+)?"  # the day of the week
_YEAR_FIRST = rf"^(\d{{4}})\s*[-/.年]\s*(\d{{1,2}})\s*[-/.月]\s*(\d{{1,2}})\s*[日号]?{_WEEKDAY}(?:{_CLOCK})?$"
_COMPACT = rf"^(\d{{4}})(\d{{2}})(\d{{2}})(?:\d{{6}}|\.0+)?(?:{_CLOCK})?$"
_MOMENT = (
    rf"^(\d{{4}})\s*[-/.年]\s*(\d{{1,2}})\s*[-/.月]\s*(\d{{1,2}})\s*[日号]?{_WEEKDAY}(?:T|\s)\s*({_HALF})?\s*"
    r"(\d{1,2})\s*[:时点]\s*(?:(\d{1,2})\s*分?)?(?:\s*:?\s*(\d{1,2})(?:\.\d+)?\s*秒?)?\s*"
    rf"({_HALF})?\s*(?:([-+])(\d{{2}}):?(\d{{2}})?(?::\d{{2}})?|(Z|UTC))?$"
)
_MONTH = r"^(\d{4})(?:\s*[-/]\s*(\d{1,2})|\s*年\s*(\d{1,2})\s*月(?:份)?|\.(\d{2})|(0[1-9]|1[0-2]))$"
_SEPARATED = rf"^(\d{{1,2}})\s*([-/. ])\s*(\d{{1,2}})\s*[-/. ]\s*(\d{{4}}|\d{{1,2}})({_CLOCK})?$"
_DAY_NAME = rf"{_BEFORE}(\d{{1,2}})(?:st|nd|rd|th)?[\s\-./]*{_NAME}[\s\-./,]*(\d{{4}}|\d{{2}})({_CLOCK})?$"
_NAME_DAY = rf"{_BEFORE}{_NAME}\s*(\d{{1,2}})(?:st|nd|rd|th)?(?:,\s*|\s+)(\d{{4}})({_CLOCK})?$"
_NAME_YEAR = rf"^{_NAME}[\s\-./']*(\d{{4}}|\d{{2}})$"
_BARE_MONTH = r"^(0?[1-9]|1[0-2])\s*月(?:份)?$"
_CHINESE = {
    f"{name}月": f"{number:02}"
    for number, name in enumerate((*"一二三四五六七八九十", "十一", "十二"), start=1)
}
_FEW, _SCARCE = 5, 20
_YEARS, _DAYS = 5, 12  # so few numbers are years where so many others beside them are not


def iso_day(text: pl.Expr) -> pl.Expr:
    """Return the day of text that is an ISO date, with a time or without, else null: read fast."""
    day = text.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    known = text.str.contains(r"^\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2}(?::\d{2})?)?$")
    return _sane(pl.when(known).then(day))


def written_day(text: pl.Expr, mapping: ColumnMapping) -> pl.Expr:
    """Return the day of tidy text that begins with the year, else null."""
    day = pl.coalesce(_parts(text, _YEAR_FIRST), _parts(text, _COMPACT))
    if mapping.zone:
        day = pl.coalesce(_local_day(text, mapping), day)
    return _sane(day)


def year_first(text: pl.Expr, order: Order | None) -> pl.Expr:
    """Return tidy text with the year first where another order is clear or stated, else null.

    >>> texts = pl.DataFrame({"text": ["5-Jan-24", "March 7, 2024", "13/1/2024 8:30", "1/13/2024"]})
    >>> texts.select(year_first(pl.col("text"), "dmy")).to_series().to_list()
    ['2024-01-5', '2024-03-7', '2024-1-13 8:30', None]
    """
    day, name, year, clock = (text.str.extract(_DAY_NAME, group) for group in (1, 2, 3, 4))
    rewritten = [_joined(year, _month(name), day, clock)]
    name, day, year, clock = (text.str.extract(_NAME_DAY, group) for group in (1, 2, 3, 4))
    rewritten.append(_joined(year, _month(name), day, clock))
    if order:
        a, b, c, clock = (text.str.extract(_SEPARATED, group) for group in (1, 3, 4, 5))
        fits = _fits(a, b, c)[order]
        y, m, d = {"dmy": (c, b, a), "mdy": (c, a, b), "ymd": (a, b, c)}[order]
        rewritten.append(pl.when(fits).then(_joined(y, m, d, clock)))
    return pl.coalesce(rewritten)


def first_of_month(text: pl.Expr) -> pl.Expr:
    """Return the first day of the month tidy text names without a day, else null.

    >>> texts = pl.DataFrame({"text": ["2024-01", "2024年1月", "202401", "Jan-24", "2024.1", "24-Jan"]})
    >>> [day and day.isoformat() for day in texts.select(first_of_month(pl.col("text"))).to_series()]
    ['2024-01-01', '2024-01-01', '2024-01-01', '2024-01-01', None, None]
    """
    year = text.str.extract(_MONTH)
    month = pl.coalesce(text.str.extract(_MONTH, group) for group in (2, 3, 4, 5))
    named = _joined(text.str.extract(_NAME_YEAR, 2), _month(text.str.extract(_NAME_YEAR, 1)), pl.lit("1"))
    return _sane(_parts(pl.coalesce(_joined(year, month, pl.lit("1")), named), _YEAR_FIRST))


def month_alone(text: pl.Expr) -> pl.Expr:
    """Return the two digits of the month that tidy text names without its year, else null.

    >>> texts = pl.DataFrame({"text": ["Jan", "sept.", "3月", "十二月", "2024-01", "Total"]})
    >>> texts.select(month_alone(pl.col("text"))).to_series().to_list()
    ['01', '09', '03', '12', None, None]
    """
    chinese = text.str.replace("份$", "").replace_strict(_CHINESE, default=None, return_dtype=pl.String)
    named = _month(text.str.extract(rf"^{_NAME}$"))
    return pl.coalesce(text.str.extract(_BARE_MONTH).str.zfill(2), chinese, named)


def may_be_ordered(text: pl.Expr) -> pl.Expr:
    """Return whether tidy text is a date in one order of day, month and year or another."""
    a, b, c = (text.str.extract(_SEPARATED, group) for group in (1, 3, 4))
    return pl.any_horizontal(fits.fill_null(False) for fits in _fits(a, b, c).values())


def separated_otherwise(text: pl.Series) -> pl.Series:
    """Say of each tidy text whether day and month could be exchanged, with a sign between that few have.

    Where a text with that sign has only one reading, the sign has its order.

    >>> separated_otherwise(pl.Series(["05.01.2024", "13.01.2024", "06-10-2024"])).to_list()
    [False, False, True]
    """
    a, mark, b = (text.str.extract(_SEPARATED, group) for group in (1, 2, 3))
    low, high = (part.cast(pl.Int32, strict=False) for part in (a, b))
    rows = pl.DataFrame({"mark": mark, "low": low, "high": high})
    kinds = (
        rows.drop_nulls()
        .group_by("mark")
        .agg(pl.len().alias("rows"), plain=((pl.col("low") > 12) | (pl.col("high") > 12)).any())
    )
    most = kinds["rows"].max() or 0
    rare = kinds.filter(~pl.col("plain") & (pl.col("rows") < most))["mark"]
    open_ = pl.col("mark").is_in(rare.implode()) & (pl.col("low") != pl.col("high"))
    return rows.select(open_.fill_null(False)).to_series()


def numbered_day(text: pl.Expr, day_0: date) -> pl.Expr:
    """Return the day a spreadsheet's number stands for, as 45296 or 45296.75, else null."""
    number = text.str.extract(r"^(\d{4,5})(?:\.\d+)?$").cast(pl.Int32, strict=False)
    enough = number >= (10_000 if day_0 == DAY_0 else 1_000)
    counted = pl.lit(day_0).cast(pl.Date).dt.offset_by(number.cast(pl.String) + "d")
    return pl.when(enough).then(counted)


def laid_out(text: pl.Expr, layout: str, mapping: ColumnMapping) -> pl.Expr:
    """Return the day of a date in a stated layout, where people of the stated zone were in time."""
    if "%H" not in layout and "%z" not in layout:
        return text.str.to_date(layout, strict=False)
    moment = text.str.to_datetime(layout, strict=False)
    if "%z" in layout:  # read as UTC
        moment = moment.dt.convert_time_zone(mapping.zone or "UTC")
    elif mapping.zone and mapping.recorded:
        moment = _recorded(moment, mapping.recorded).dt.convert_time_zone(mapping.zone)
    return moment.dt.date()


@dataclass(frozen=True)
class OrderEvidence:
    """How many texts of a column say in which order day and month stand.

    `dmy`, `mdy` and `ymd` can be read in that order only; `either` in several, each another day. `fits_dmy`
    and so on count the texts that each order reads.
    """

    dmy: int = 0
    mdy: int = 0
    ymd: int = 0
    either: int = 0
    fits_dmy: int = 0
    fits_mdy: int = 0
    fits_ymd: int = 0

    def __add__(self, other: OrderEvidence) -> OrderEvidence:
        return OrderEvidence(*(getattr(self, part.name) + getattr(other, part.name) for part in fields(self)))

    def __sub__(self, other: OrderEvidence) -> OrderEvidence:
        return OrderEvidence(*(getattr(self, part.name) - getattr(other, part.name) for part in fields(self)))

    @property
    def clear(self) -> Order | None:
        """The order that nearly all texts with only one reading have, None where they differ or are none."""
        counts: dict[Order, int] = {order: getattr(self, order) for order in ORDERS.values()}
        best = max(counts, key=lambda order: counts[order])
        rest = sum(counts.values()) - counts[best]
        return best if counts[best] and rest * _FEW <= counts[best] else None

    @property
    def possible(self) -> tuple[Order, ...]:
        """The orders that read most texts."""
        fits = {order: getattr(self, f"fits_{order}") for order in ORDERS.values()}
        return tuple(order for order in fits if fits[order] and fits[order] == max(fits.values()))


def order_evidence(texts: pl.Series) -> OrderEvidence:
    """Return what the tidy texts of a column say of the order of day and month.

    Of years of two digits there are few and of days many: 14.01.23, 02.03.23, … are no days of 2014 and 2002.

    >>> order_evidence(pl.Series(["13/01/2024", "05/02/2024", "2024-01-07", "3/3/2024"])).clear
    'dmy'
    """
    frame = texts.rename("text").drop_nulls().unique().to_frame()
    text = pl.col("text")
    names = {"a": 1, "mark": 2, "b": 3, "c": 4}
    found = frame.select(text.str.extract(_SEPARATED, group).alias(name) for name, group in names.items())
    found = found.drop_nulls("a")
    fits = found.select(
        **_fits(pl.col("a"), pl.col("b"), pl.col("c")),
        dotted=pl.col("mark") == ".",
        same=(pl.col("a").cast(pl.Int8) == pl.col("b").cast(pl.Int8)) & (pl.col("c").str.len_chars() == 4),
        short=pl.col("c").str.len_chars() < 3,
    ).with_columns(pl.col("mdy") & ~pl.col("dotted"))  # 05.01.2024 is written day first
    fits = fits.with_columns(pl.col(order) & ~pl.col("short") for order in _ruled_out(found))
    readings = pl.sum_horizontal(pl.col(order).cast(pl.Int8) for order in ORDERS)
    only = [(pl.col(order) & (readings == 1)).sum().alias(order) for order in ORDERS]
    either = ((readings > 1) & ~pl.col("same")).sum().alias("either")
    counts = fits.select(*only, either, *(pl.col(order).sum().alias(f"fits_{order}") for order in ORDERS))
    return OrderEvidence(**counts.row(0, named=True))


def _ruled_out(found: pl.DataFrame) -> tuple[Order, ...]:
    """Return the orders that would make many years of few days, where all three numbers have two digits."""
    short = found.filter(pl.col("a").str.len_chars() == 2, pl.col("c").str.len_chars() == 2)
    first, last = short["a"].n_unique(), short["c"].n_unique()
    if last <= _YEARS and first > _DAYS:
        return ("ymd",)
    return ("dmy", "mdy") if first <= _YEARS and last > _DAYS else ()


def decided_order(own: OrderEvidence, others: OrderEvidence) -> Order | None:
    """Return the order of day and month in a column, None where its dates can be read in two ways.

    What the column says comes first, then what the other columns of its table say.
    """
    certain = own.dmy + own.mdy + own.ymd
    if not own.either:
        return own.clear or (own.possible[0] if own.possible and not certain else None)
    if own.clear and (own.clear == others.clear or certain * _SCARCE >= own.either):
        return own.clear
    if certain:
        return None
    return others.clear if others.clear in own.possible else None


def _fits(a: pl.Expr, b: pl.Expr, c: pl.Expr) -> dict[str, pl.Expr]:
    """Return for each order whether three numbers can stand in it."""
    x, y, z = (part.cast(pl.Int32, strict=False) for part in (a, b, c))
    year = c.str.len_chars() > 1
    short = c.str.len_chars() < 3
    return {
        "dmy": year & x.is_between(1, 31) & y.is_between(1, 12),
        "mdy": year & x.is_between(1, 12) & y.is_between(1, 31),
        "ymd": short & (a.str.len_chars() == 2) & y.is_between(1, 12) & z.is_between(1, 31),
    }


def _month(name: pl.Expr) -> pl.Expr:
    return name.str.to_lowercase().replace_strict(_MONTHS, default=None, return_dtype=pl.String)


def _joined(year: pl.Expr, month: pl.Expr, day: pl.Expr, clock: pl.Expr | None = None) -> pl.Expr:
    """Return a date with its year first, and in full: two digits are of the years 1969 to 2068."""
    since = pl.when(year.cast(pl.Int32, strict=False) < 69).then(pl.lit("20")).otherwise(pl.lit("19"))
    full = pl.when(year.str.len_chars() == 2).then(since + year).otherwise(year)
    written = pl.concat_str(full, month, day, separator="-")
    return written if clock is None else pl.concat_str(written, clock.fill_null(""))


def _parts(text: pl.Expr, pattern: str) -> pl.Expr:
    parts = text.str.extract_groups(pattern).struct
    year, month, day = (parts.field(str(part)) for part in (1, 2, 3))
    iso = pl.concat_str(year, month.str.zfill(2), day.str.zfill(2), separator="-")
    return iso.str.to_date("%Y-%m-%d", strict=False)


def _sane(day: pl.Expr) -> pl.Expr:
    return pl.when(day.dt.year().is_between(_EARLIEST, _LATEST)).then(day)


def _local_day(text: pl.Expr, mapping: ColumnMapping) -> pl.Expr:
    """Return the calendar day of a time in the stated zone, null where there is no time to move."""
    parts = text.str.extract_groups(_MOMENT).struct
    year, month, day, early, hour, minute, second, late, sign, hours, minutes, utc = (
        parts.field(str(part)) for part in range(1, 13)
    )
    half = pl.coalesce(early, late).str.to_lowercase()
    clock = [pl.coalesce(part, pl.lit("0")).str.zfill(2) for part in (_hour(hour, half), minute, second)]
    date = pl.concat_str(year, month.str.zfill(2), day.str.zfill(2), separator="-")
    written = pl.concat_str(date, pl.concat_str(clock, separator=":"), separator=" ")
    moment = written.str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False)
    away = hours.cast(pl.Int64) * 60 + pl.coalesce(minutes, pl.lit("0")).cast(pl.Int64)
    east = pl.when(sign == "-").then(-away).otherwise(away)
    east = pl.when(utc.is_not_null()).then(pl.lit(0, dtype=pl.Int64)).otherwise(east)
    zone = mapping.zone or "UTC"
    moved = (moment - pl.duration(minutes=east)).dt.replace_time_zone("UTC").dt.convert_time_zone(zone)
    local = moved.dt.date()
    if mapping.recorded:
        here = _recorded(moment, mapping.recorded).dt.convert_time_zone(zone).dt.date()
        local = pl.coalesce(local, here)
    return local


def _hour(hour: pl.Expr, half: pl.Expr) -> pl.Expr:
    """Return the hour of the day where a clock counts to twelve."""
    number = hour.cast(pl.Int32, strict=False)
    afternoon = half.str.starts_with("p") | half.is_in(["下午", "晚上"])
    morning = half.str.starts_with("a") | half.is_in(["上午", "凌晨"])
    counted = pl.when(afternoon & (number < 12)).then(number + 12).when(morning & (number == 12)).then(0)
    return counted.otherwise(number).cast(pl.String)


def _recorded(moment: pl.Expr, zone: str) -> pl.Expr:
    """Return a time as its own zone's; the hour a clock shows twice is the first, one it skips is none."""
    return moment.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
