"""Amounts in several currencies become amounts in one, at rates the study states; never without."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from evaluator.data.mapping import Rates
from evaluator.data.questions import line
from evaluator.data.tables import Column, TableSchema
from evaluator.errors import EvaluationError, Issue, Location, Severity, raise_errors

CURRENCY = Column("currency", "text", headers=(
    "currency code", "ccy", "curr", "币种", "币别", "货币", "结算币种", "货币代码", "币制", "währung",
    "waehrung", "belegwährung", "währungscode", "währungsschlüssel", "devise", "monnaie", "moneda", "divisa",
    "moeda", "waluta", "валюта", "通貨", "통화",
))  # fmt: skip
"""The column that says in which currency the money columns of its row are."""

RATES = TableSchema(
    columns=(
        Column("currency", "text", required=True, headers=CURRENCY.headers),
        Column("date", "date", headers=("from", "valid from", "日期", "生效日期", "月份")),
        Column("rate", "number", required=True, non_negative=True, headers=(
            "exchange rate", "汇率", "折算率", "记账汇率")),
    ),
    ahead=True,
)  # fmt: skip
"""What one unit of each currency is worth in the one all amounts become; a rate holds until the next."""

_NAMES = {
    "CNY": ("RMB", "CNH", "人民币", "元", "圆", "¥", "￥", "人民币元"),
    "USD": ("$", "US$", "美元", "美金"),
    "EUR": ("€", "欧元"),
    "HKD": ("HK$", "港币", "港元"),
    "GBP": ("£", "英镑"),
    "JPY": ("日元", "日圆", "円"),
    "TWD": ("NT$", "新台币", "台币"),
}
_CODES = {name.upper(): code for code, names in _NAMES.items() for name in (code, *names)}
_ISO = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD
    CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD
    GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT
    LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR
    NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP
    STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF
    XPF YER ZAR ZMW ZWL
"""
_KNOWN = [*_CODES, *_ISO.split()]  # ISO 4217, and what people write for it
_MOSTLY = 0.95  # share of the cells that must name a currency; the question shows what the others say
_SHOWN = 5


def currency_code(name: pl.Expr) -> pl.Expr:
    """Return the code of a currency as people write it; whatever has none stands in capitals.

    >>> pl.Series(["人民币", " usd ", "Fr", ""]).to_frame("c").select(currency_code(pl.col("c")))["c"].to_list()
    ['CNY', 'USD', 'FR', None]
    """  # noqa: E501
    tidy = name.str.strip_chars().str.to_uppercase()
    return pl.when(tidy != "").then(tidy.replace(_CODES))


def names_currencies(cells: pl.Series) -> bool:
    """Return whether text cells name currencies, nearly all of them, and more than one.

    >>> [names_currencies(pl.Series(cells)) for cells in (["EUR", "usd", None], ["EUR", "EUR"], ["EUR", "kg"])]
    [True, False, False]
    """  # noqa: E501
    tidy = cells.str.strip_chars().str.to_uppercase()
    filled = tidy.filter(tidy != "")
    named = filled.filter(filled.is_in(_KNOWN))
    return len(named) > 0 and len(named) >= _MOSTLY * len(filled) and named.replace(_CODES).n_unique() > 1


def in_one_currency(
    name: str,
    frame: pl.DataFrame,
    schema: TableSchema,
    rates: Rates | None,
    table: pl.DataFrame | None,
    where: Location,
) -> tuple[pl.DataFrame, tuple[Issue, ...]]:
    """Return a table with its money columns in one currency, and what was done.

    Parameters
    ----------
    rates : what the table's mapping states, if anything.
    table : the study's table of rates, if `rates` says to take it; see `RATES`.

    Returns
    -------
    frame, issues
        the rows as they came in, with `currency` the same in all; a note says what was converted.

    Raises
    ------
    EvaluationError
        several currencies and no rates; no rate for a currency, for its day, or for rows without a currency;
        two rates for one currency and day.
    """
    money = [column.name for column in schema.columns if column.money and column.name in frame.columns]
    if CURRENCY.name not in frame.columns or not money:
        return frame, ()
    code = currency_code(pl.col(CURRENCY.name))
    if rates and rates.default:
        code = code.fill_null(currency_code(pl.lit(rates.default)))
    frame = frame.with_columns(code)
    counts = dict(frame[CURRENCY.name].value_counts(sort=True).iter_rows())
    if rates is None:
        if len(counts) > 1:
            raise EvaluationError([several_currencies(name, counts, where)])
        return frame, ()
    to = _code(rates.to)
    rate = _rates_of_rows(frame, rates, to, table, name, where)
    missing = frame.filter(rate.is_null())[CURRENCY.name]
    if len(missing):
        listed = _listed(dict(missing.value_counts(sort=True).iter_rows()))
        raise EvaluationError([Issue("DATA-447", name, {"counts": listed, "to": to}, where=where)])
    others = {currency: rows for currency, rows in counts.items() if currency != to}
    frame = frame.with_columns(*(pl.col(column) * rate for column in money), pl.lit(to).alias(CURRENCY.name))
    if not others:
        return frame, ()
    detail = {"counts": _listed(others), "to": to}
    return frame, (Issue("DATA-449", name, detail, where=where, severity=Severity.NOTE),)


def several_currencies(name: str, counts: Mapping[str | None, int], where: Location | None = None) -> Issue:
    """Return the question what rows in other currencies than most are worth, with the line that says it.

    >>> several_currencies("orders", {"USD": 12, "EUR": 3}).detail["line"]
    'tables: {orders: {rates: {to: USD, per_unit: {EUR: RATE}}}}'
    """
    to, *others = [code for code in counts if code] or ["CNY"]
    answer = {"to": to, "per_unit": dict.fromkeys(others, "RATE")} | (
        {"default": to} if None in counts else {}
    )
    rates = line(tables={name: {"rates": answer}})
    return Issue("DATA-446", name, {"counts": _listed(counts), "to": to, "line": rates}, where=where)


def _rates_of_rows(
    frame: pl.DataFrame, rates: Rates, to: str, table: pl.DataFrame | None, name: str, where: Location
) -> pl.Series:
    """Return the rate of every row, null where there is none."""
    stated = {_code(currency): rate for currency, rate in rates.per_unit.items()} | {to: 1.0}
    fixed = frame[CURRENCY.name].replace_strict(stated, default=None, return_dtype=pl.Float64)
    if table is None:
        return fixed
    known = table.with_columns(currency_code(pl.col("currency")))
    if "date" not in known.columns:
        known = known.with_columns(pl.lit(None, dtype=pl.Date).alias("date"))
    raise_errors(tuple(_two_rates(known, where)))
    always = dict(known.filter(pl.col("date").is_null()).select("currency", "rate").iter_rows())
    fixed = fixed.fill_null(
        frame[CURRENCY.name].replace_strict(always, default=None, return_dtype=pl.Float64)
    )
    if "date" not in frame.columns:
        return fixed
    dated = known.filter(pl.col("date").is_not_null()).sort("date")
    rows = frame.select("date", CURRENCY.name).with_row_index("index").sort("date", nulls_last=True)
    of_day = rows.join_asof(
        dated.select("date", "currency", "rate"), on="date", by="currency", check_sortedness=False
    ).sort("index")["rate"]
    return fixed.fill_null(of_day)


def _two_rates(known: pl.DataFrame, where: Location) -> Iterator[Issue]:
    """Yield an issue for every currency with two different rates for one day."""
    distinct = known.unique(["currency", "date", "rate"])
    twice = distinct.filter(pl.struct("currency", "date").is_duplicated()).sort("currency", "date")
    for currency, day in twice.select("currency", "date").unique(maintain_order=True).iter_rows():
        yield Issue("DATA-448", currency, {"date": day or "–"}, where=where)


def _code(name: str) -> str:
    return _CODES.get(name.strip().upper(), name.strip().upper())


def _listed(counts: Mapping[str | None, int]) -> str:
    shown = [f"{currency or '–'} ({rows})" for currency, rows in list(counts.items())[:_SHOWN]]
    return ", ".join(shown) + (" …" if len(counts) > _SHOWN else "")
