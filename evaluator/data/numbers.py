"""From the text of a cell to a number, under the decimal sign of its column."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Literal

import polars as pl
from polars.datatypes import DataType, DataTypeClass

from evaluator.data.signs import tidy

DecimalSign = Literal[".", ","]

CURRENCIES: Mapping[str, str] = {
    "¥": "CNY", "cny": "CNY", "rmb": "CNY", "人民币": "CNY", "元": "CNY", "圆": "CNY",
    "us$": "USD", "usd": "USD", "美元": "USD", "$": "USD", "€": "EUR", "eur": "EUR", "欧元": "EUR",
    "£": "GBP", "gbp": "GBP", "英镑": "GBP", "hk$": "HKD", "hkd": "HKD", "港元": "HKD", "港币": "HKD",
    "jpy": "JPY", "日元": "JPY", "円": "JPY", "nt$": "TWD", "twd": "TWD", "a$": "AUD", "aud": "AUD",
    "c$": "CAD", "cad": "CAD", "s$": "SGD", "sgd": "SGD", "r$": "BRL", "brl": "BRL", "chf": "CHF",
    "sfr.": "CHF", "fr.": "CHF", "₹": "INR", "inr": "INR", "rs.": "INR", "₩": "KRW", "krw": "KRW",
    "₽": "RUB", "rub": "RUB", "zł": "PLN", "pln": "PLN", "kr": "SEK", "sek": "SEK", "₺": "TRY", "₫": "VND",
}  # fmt: skip
"""What people write before or behind an amount, and the currency it stands for."""

# Powers of ten are appended to the digits, so that 7% is 0.07 and not 7 × 0.01 with its rounding error.
_POWERS = {
    "%": "e-2", "‰": "e-3", "百": "e2", "千": "e3", "万": "e4", "十万": "e5", "百万": "e6", "千万": "e7",
    "亿": "e8", "万亿": "e12",
}  # fmt: skip
_INFINITE = ("inf", "+inf", "-inf", "infinity", "+infinity", "-infinity", "∞", "+∞", "-∞")
_TRIANGLES = "▲△"  # what stands for a minus in Japanese accounts
_CREDIT, _DEBIT = ("cr", "贷"), ("dr", "借")  # a credit counts below zero, as ledgers print it


def _words(known: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(known, key=len, reverse=True))


def _grouped(thousands: str, decimals: str) -> str:
    """Return the digits of a number in groups of three; no group follows a lone 0."""
    return rf"[1-9]\d{{0,2}}(?:{thousands}\d{{3}})+(?:{decimals}\d*)?"


_DIGITS: Mapping[DecimalSign, str] = {
    ".": "|".join([*(_grouped(sign, r"\.") for sign in (",", " ", "'")),
                   r"(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?"]),
    ",": "|".join([*(_grouped(sign, ",") for sign in (r"\.", " ", "'")), r"(?:\d+,?\d*|,\d+)(?:e[-+]?\d+)?"]),
}  # fmt: skip
_GROUPS: Mapping[DecimalSign, str] = {".": "[,' ]", ",": "[.' ]"}
_PLAIN: Mapping[DecimalSign, str] = {
    ".": r"^-?(?:\d+(?:\.\d+)?|[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?)$",
    ",": r"^-?(?:\d+(?:,\d+)?|[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?)$",
}
_NEVER = r"[^\s\S]"
_MONEY = rf"(?:{_words(CURRENCIES)})"
_SIDE = rf"(?:{_words({*_CREDIT, *_DEBIT})})\.?"
_DASH = rf"(?i)^(?:{_MONEY}\s*-+|-+\s*{_MONEY})$"
_PADDED = r"^\s*-\s{2,}$"


def plain_number(text: pl.Expr, decimal: DecimalSign) -> pl.Expr:
    """Return the number of text that is digits, minus, thousands and decimals alone, else null: read fast."""
    digits = text
    if decimal == ",":
        digits = text.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    elif decimal == ".":
        digits = text.str.replace_all(",", "", literal=True)
    number = digits.cast(pl.Float64, strict=False)
    return pl.when(text.str.contains(_PLAIN[decimal]) & number.is_finite()).then(number)


def written_number(text: pl.Expr, decimal: DecimalSign, units: Mapping[str, float]) -> pl.Expr:
    """Return the number tidy text stands for, with brackets, signs, units and currency, else null.

    Parameters
    ----------
    units : the study's own words and signs, before or behind a number, and what they multiply it by.
    """
    own = {name.lower(): value for name, value in units.items()}
    parts = text.str.extract_groups(_pattern(decimal, frozenset(own))).struct
    marks = [parts.field("open") == "("]
    marks += [parts.field(name).is_in(["-", *_TRIANGLES]) for name in ("before", "sign", "minus", "after")]
    marks += [_below_zero(parts.field(name)) for name in ("first", "last")]
    minus = pl.sum_horizontal(mark.fill_null(False).cast(pl.Int8) for mark in marks)
    paired = parts.field("open").is_null() == parts.field("close").is_null()
    one_side = parts.field("first").is_null() | parts.field("last").is_null()
    digits = parts.field("digits").str.replace_all(_GROUPS[decimal], "").str.replace(",", ".", literal=True)
    power = _looked_up(parts.field("unit"), _POWERS | _powers_of_ten(own), "", pl.String)
    size: pl.Expr = pl.when(paired & one_side & (minus < 2)).then(
        (digits + power).cast(pl.Float64, strict=False)
    )
    for name in ("unit", "left", "inner", "right"):
        if factors := {word: value for word, value in own.items() if word not in _powers_of_ten(own)}:
            size = size * _looked_up(parts.field(name), factors, 1.0, pl.Float64)
    return pl.when(minus == 1).then(-size).otherwise(size)


@lru_cache(maxsize=64)
def _pattern(decimal: DecimalSign, own: frozenset[str]) -> str:
    money = rf"(?:{_words({*CURRENCIES, *own})})"
    side = rf"(?:{_words({*_CREDIT, *_DEBIT} - own) or _NEVER})\.?"
    sign = f"[-+{''.join(mark for mark in _TRIANGLES if mark not in own)}]"
    return (
        rf"(?i)^(?:(?P<first>{side})\s*)?(?P<before>{sign})?\s*(?P<left>{money})?\s*(?P<open>\()?"
        rf"\s*(?P<sign>{sign})?\s*(?P<inner>{money})?\s*(?P<minus>{sign})?\s*(?P<digits>{_DIGITS[decimal]})\s*"
        rf"(?P<unit>{_words({*_POWERS, *own})})?\s*(?P<right>{money})?(?P<after>-)?\s*(?P<close>\))?"
        rf"(?:\s*(?P<last>{side}))?$"
    )


def _powers_of_ten(own: Mapping[str, float]) -> dict[str, str]:
    """Return the study's own meaning of %, 万 and the like, as far as it is a power of ten as well."""
    powers = {word: round(math.log10(value)) for word, value in own.items() if word in _POWERS and value > 0}
    return {word: f"e{power}" for word, power in powers.items() if 10.0**power == own[word]}


def _looked_up(
    word: pl.Expr, known: Mapping[str, Any], default: str | float | None, dtype: DataType | DataTypeClass
) -> pl.Expr:
    return word.str.to_lowercase().replace_strict(known, default=default, return_dtype=dtype)


def _below_zero(side: pl.Expr) -> pl.Expr:
    return side.str.to_lowercase().str.strip_chars(".").is_in(_CREDIT)


def is_zero_dash(text: pl.Expr) -> pl.Expr:
    """Return whether a cell is the dash that stands for nothing in a spreadsheet's accounting format.

    It has a currency beside it, or the blanks behind it that the format leaves for decimals.

    >>> cells = pl.DataFrame({"text": ["$-", " -   ", "€ -", "-", "--"]})
    >>> cells.select(is_zero_dash(pl.col("text"))).to_series().to_list()
    [True, True, True, False, False]
    """
    return text.str.contains(_PADDED) | tidy(text).str.contains(_DASH)


def is_infinite(text: pl.Expr) -> pl.Expr:
    """Return whether tidy text is a word for infinity."""
    return text.str.to_lowercase().is_in(_INFINITE)


def currency_sign(text: pl.Expr) -> pl.Expr:
    """Return the sign or word of a currency in a number, in small letters, null where it has none.

    >>> cells = pl.DataFrame({"text": ["US$ 5", "3万元", "12 €", "7"]})
    >>> cells.select(currency_sign(pl.col("text"))).to_series().to_list()
    ['us$', '元', '€', None]
    """
    return tidy(text).str.extract(rf"(?i)({_words(CURRENCIES)})").str.to_lowercase()


def has_triangle(text: pl.Expr) -> pl.Expr:
    """Return whether a number bears the triangle that stands for a minus in Japanese accounts."""
    return tidy(text).str.contains(rf"[{_TRIANGLES}][^\d]*\d")


def has_percent(text: pl.Expr) -> pl.Expr:
    """Return whether a number is written in percent."""
    return text.str.contains("[%％]")


def has_side(text: pl.Expr) -> pl.Expr:
    """Return whether a number is marked as a credit or debit of a ledger."""
    return tidy(text).str.contains(rf"(?i)^{_SIDE}\s*.*\d|\d.*{_SIDE}$")
