"""From the text of a cell to a number, a date or an id; whatever does not convert is named.

Each rule takes a column of text and returns two columns: `value`, and `problem`, which is null
where the cell is empty or says what it should. An empty cell and a problem both have no value.
Conversions look at each distinct text once, so a column of few values costs little.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

from evaluator.data.mapping import ColumnMapping
from evaluator.data.tables import Column

Rule = Callable[[pl.Expr], tuple[pl.Expr, pl.Expr]]

_FULL_DIGITS, _HALF_DIGITS = "０１２３４５６７８９", "0123456789"
_FULL = _FULL_DIGITS + "．，％（）＋－／：￥\u2212\u3000\u00a0\ufeff"
_HALF = _HALF_DIGITS + ".,%()+-/:¥-   "
_SPACES = " \t\n\u3000\u00a0\ufeff"
_EMPTY_NUMBER = (
    "", "-", "--", "—", "——", "/", ".", "n/a", "na", "#n/a", "nan", "null", "none",
    "无", "暂无", "空", "不详", "未知",
)  # fmt: skip
_EMPTY_ID = ("", "nan", "null", "none", "#n/a")
_INFINITE = ("inf", "+inf", "-inf", "infinity", "+infinity", "-infinity", "∞", "+∞", "-∞")
_CURRENCY = r"(?:¥|\$|€|£|CNY|RMB|USD|EUR|GBP|人民币)"
# Powers of ten are appended to the digits, so that 7% is 0.07 and not 7 × 0.01 with its rounding error.
_POWERS = {
    "%": "e-2", "‰": "e-3", "百": "e2", "千": "e3", "万": "e4", "十万": "e5", "百万": "e6", "千万": "e7",
    "亿": "e8", "万亿": "e12",
}  # fmt: skip
_POINT = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?"
_COMMA = r"\d{1,3}(?:[. ]\d{3})+(?:,\d+)?|\d+,?\d*|,\d+"
_TIME = r"(?:(?:T|\s)\s*\d{1,2}\s*[:时点].*)?"
_DATED = rf"^(\d{{4}})\s*[-/.年]\s*(\d{{1,2}})\s*[-/.月]\s*(\d{{1,2}})\s*日?{_TIME}$"
_MOMENT = (
    r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:T|\s)\s*(\d{1,2})\s*[:时点]\s*(?:(\d{1,2})\s*分?)?"
    r"(?:\s*:?\s*(\d{1,2})(?:\.\d+)?\s*秒?)?\s*(?:([-+])(\d{2}):?(\d{2})?(?::\d{2})?|(Z|UTC))?$"
)
OFFSET = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[-+]\d{2}(?::?\d{2})?|Z|UTC)$"
_COMPACT = rf"^(\d{{4}})(\d{{2}})(\d{{2}})(?:\d{{6}}|\.0+)?{_TIME}$"
_EARLIEST, _LATEST = 1900, 2199


def converted(
    texts: pl.Series, column: Column, mapping: ColumnMapping | None, *, serials: bool
) -> pl.DataFrame:
    """Return `value` and `problem` for every cell of a column.

    Parameters
    ----------
    texts : the cells as text, null where the file has none.
    column : says the kind; a number below 0 is a problem where it is `non_negative`.
    mapping : factor, units, format and decimal sign, where the study states them.
    serials : whether a bare day number is a date, as in a workbook.

    >>> amount = Column("amount", "number")
    >>> converted(pl.Series(["1,234.50", "85%", "12.5万", "(￥80)", "many"]), amount, None, serials=False)["value"].to_list()
    [1234.5, 0.85, 125000.0, -80.0, None]
    """  # noqa: E501
    distinct = texts.rename("text").unique().drop_nulls().to_frame()
    results = distinct.with_columns(
        _as_it_stands(column, mapping).alias("value"), pl.lit(None, dtype=pl.String).alias("problem")
    )
    if results["value"].null_count():
        value, problem = _rule(column, mapping, serials)(pl.col("text"))
        easy, hard = (results.filter(pl.col("value").is_null() == missing) for missing in (False, True))
        results = pl.concat([easy, hard.with_columns(value.alias("value"), problem.alias("problem"))])
    joined = texts.rename("text").to_frame().join(results, on="text", how="left", maintain_order="left")
    return joined.select("value", "problem")


def _as_it_stands(column: Column, mapping: ColumnMapping | None) -> pl.Expr:
    """Return the value of cells that need no rule, null for the others: most are like that, and read fast."""
    text = pl.col("text")
    if column.kind == "number" and (mapping is None or mapping.decimal == "."):
        number = text.cast(pl.Float64, strict=False) * (mapping.factor if mapping else 1.0)
        sign = "" if column.non_negative else "-?"
        return pl.when(text.str.contains(rf"^{sign}\d+(?:\.\d+)?$") & number.is_finite()).then(number)
    if column.kind == "date" and (mapping is None or not (mapping.format or mapping.zone)):
        day = text.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
        known = text.str.contains(r"^\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2}(?::\d{2})?)?$")
        return pl.when(known & day.dt.year().is_between(_EARLIEST, _LATEST)).then(day)
    if column.kind == "id" and (mapping is None or not mapping.width):
        return pl.when(text.str.contains(r"^[A-Za-z0-9_-]*\d[A-Za-z0-9_-]*$")).then(text)
    kinds = {"number": pl.Float64, "date": pl.Date}
    return pl.lit(None, dtype=kinds.get(column.kind, pl.String))


def _rule(column: Column, mapping: ColumnMapping | None, serials: bool) -> Rule:
    mapping = mapping or ColumnMapping.model_validate({"from": column.name})
    if column.kind == "number":
        return lambda text: _number(_tidy(text), mapping, column.non_negative)
    if column.kind == "date":
        return lambda text: _date(_tidy(text), mapping, serials)
    if column.kind == "id":
        return lambda text: _id(text, mapping.width)
    return lambda text: (_unless(_blank(text), text.str.strip_chars()), pl.lit(None, dtype=pl.String))


def _tidy(text: pl.Expr) -> pl.Expr:
    return text.str.replace_many(list(_FULL), list(_HALF)).str.strip_chars()


def _unless(condition: pl.Expr, value: pl.Expr) -> pl.Expr:
    return pl.when(~condition).then(value)


def _problem(*cases: tuple[pl.Expr, str]) -> pl.Expr:
    """Return the name of the first case that holds, null where none does."""
    problem = pl.lit(None, dtype=pl.String)
    for condition, name in reversed(cases):
        problem = pl.when(condition).then(pl.lit(name)).otherwise(problem)
    return problem


def _number(text: pl.Expr, mapping: ColumnMapping, non_negative: bool) -> tuple[pl.Expr, pl.Expr]:
    units = _POWERS.keys() | mapping.units.keys()
    digits = _COMMA if mapping.decimal == "," else _POINT
    words = "|".join(re.escape(word) for word in sorted(units, key=len, reverse=True))
    pattern = (
        rf"(?i)^(?P<open>\()?\s*(?P<before>[-+])?\s*{_CURRENCY}?\s*(?P<sign>[-+])?\s*(?P<digits>{digits})\s*"
        rf"(?P<unit>{words})?\s*(?:元|圆|{_CURRENCY})?(?P<after>-)?\s*(?P<close>\))?$"
    )
    parts = text.str.extract_groups(pattern).struct
    thousands, point = (r"[. ]", ",") if mapping.decimal == "," else (",", ".")
    plain = parts.field("digits").str.replace_all(thousands, "").str.replace(point, ".", literal=True)
    unit = parts.field("unit")
    power = unit.replace_strict(
        {name: power for name, power in _POWERS.items() if name not in mapping.units},
        default="",
        return_dtype=pl.String,
    )
    factor = (
        unit.replace_strict(mapping.units, default=1.0, return_dtype=pl.Float64)
        if mapping.units
        else pl.lit(1.0)
    )
    marks = [parts.field("open") == "(", *(parts.field(name) == "-" for name in ("before", "sign", "after"))]
    minus = pl.sum_horizontal(mark.fill_null(False).cast(pl.Int8) for mark in marks)
    paired = parts.field("open").is_null() == parts.field("close").is_null()
    size = pl.when(paired & (minus < 2)).then((plain + power).cast(pl.Float64, strict=False))
    number = pl.when(minus == 1).then(-size).otherwise(size) * factor * mapping.factor
    lower = text.str.to_lowercase()
    empty, infinite = (
        lower.is_in(_EMPTY_NUMBER),
        lower.is_in(_INFINITE) | number.is_infinite().fill_null(False),
    )
    negative = (number < 0).fill_null(False) if non_negative else pl.lit(False)
    problem = _problem(
        (empty, ""), (infinite, "infinite"), (number.is_null(), "not_a_number"), (negative, "negative")
    )
    return _unless(empty | infinite | negative, number), _unless(problem == "", problem)


def _date(text: pl.Expr, mapping: ColumnMapping, serials: bool) -> tuple[pl.Expr, pl.Expr]:
    layout = mapping.format
    if layout and layout != "excel":
        day = _laid_out(text, layout, mapping)
    else:
        day = pl.coalesce(_written_date(text, _DATED), _written_date(text, _COMPACT))
        if mapping.zone:
            day = pl.coalesce(_local_day(text, mapping), day)
        if serials or layout == "excel":
            serial = text.str.extract(r"^(\d{5})(?:\.\d+)?$").cast(pl.Int32, strict=False)
            day = pl.coalesce(
                day, pl.lit(_EXCEL_DAY_0).cast(pl.Date).dt.offset_by(serial.cast(pl.String) + "d")
            )
    day = pl.when(day.dt.year().is_between(_EARLIEST, _LATEST)).then(day)
    empty = text.str.to_lowercase().is_in(_EMPTY_NUMBER)
    return _unless(empty, day), _problem((~empty & day.is_null(), "not_a_date"))


def _laid_out(text: pl.Expr, layout: str, mapping: ColumnMapping) -> pl.Expr:
    """Return the day of a date in a stated layout, where people of the stated zone were in time."""
    if "%H" not in layout and "%z" not in layout:
        return text.str.to_date(layout, strict=False)
    moment = text.str.to_datetime(layout, strict=False)
    if "%z" in layout:  # read as UTC
        moment = moment.dt.convert_time_zone(mapping.zone or "UTC")
    elif mapping.zone and mapping.recorded:
        moment = _recorded(moment, mapping.recorded).dt.convert_time_zone(mapping.zone)
    return moment.dt.date()


def _local_day(text: pl.Expr, mapping: ColumnMapping) -> pl.Expr:
    """Return the calendar day of a time in the stated zone, null where there is no time to move."""
    parts = text.str.extract_groups(_MOMENT).struct
    year, month, day, hour, minute, second, sign, hours, minutes, utc = (
        parts.field(str(part)) for part in range(1, 11)
    )
    clock = [pl.coalesce(part, pl.lit("0")).str.zfill(2) for part in (hour, minute, second)]
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


def _recorded(moment: pl.Expr, zone: str) -> pl.Expr:
    """Return a time as its own zone's; the hour a clock shows twice is the first, one it skips is none."""
    return moment.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")


_EXCEL_DAY_0 = pl.Series(["1899-12-30"]).str.to_date().item()


def _written_date(text: pl.Expr, pattern: str) -> pl.Expr:
    parts = text.str.extract_groups(pattern).struct
    year, month, day = (parts.field(str(part)) for part in (1, 2, 3))
    iso = pl.concat_str(year, month.str.zfill(2), day.str.zfill(2), separator="-")
    return iso.str.to_date("%Y-%m-%d", strict=False)


def _blank(text: pl.Expr) -> pl.Expr:
    return text.str.strip_chars() == ""


def _id(text: pl.Expr, width: int | None) -> tuple[pl.Expr, pl.Expr]:
    text = text.str.replace_many(list(_FULL_DIGITS), list(_HALF_DIGITS)).str.strip_chars(_SPACES)
    empty = text.str.to_lowercase().is_in(_EMPTY_ID)
    damaged = text.str.contains(r"^\d(?:\.\d+)?[eE]\+\d+$")  # Excel's own way of shortening a long number
    name = text.str.replace(r"^(\d+)\.0+$", "${1}")
    if width:
        name = pl.when(name.str.contains(r"^\d+$")).then(name.str.zfill(width)).otherwise(name)
    return _unless(empty | damaged, name), _problem((damaged, "damaged_id"))
