"""How numbers and days are written for readers; the only place where anything is rounded."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date

from evaluator import messages

ABSENT = "–"
_MOST_DIGITS = 20


def number(value: float | None, digits: int = 1) -> str:
    """Return a number with a fixed count of decimals; what is absent is a dash.

    >>> number(1234.56), number(None), number(-0.04)
    ('1,234.6', '–', '0.0')
    """
    if value is None or math.isnan(value):
        return ABSENT
    if not 0 <= digits <= _MOST_DIGITS:
        raise ValueError(f"{digits} decimals")
    text = f"{value:,.{digits}f}"
    return text.removeprefix("-") if not any(digit in text for digit in "123456789") else text


def percent(value: float | None, digits: int = 1) -> str:
    """Return a share as a percentage.

    >>> percent(0.1428)
    '14.3%'
    """
    return ABSENT if value is None or math.isnan(value) else f"{number(value * 100, digits)}%"


def stated(share: float) -> str:
    """Return a share that somebody stated as a percentage with all the digits it was stated with.

    >>> stated(0.6), stated(0.625), stated(0.975)
    ('60%', '62.5%', '97.5%')
    """
    return f"{share * 100:g}%"


def quantity(value: float | str | None) -> str:
    """Return a raw measure: about four figures where it is small, whole units where it is large.

    >>> [quantity(value) for value in (1234567.8, 42.26, 3.0, 0.12345, "key account", None)]
    ['1,234,568', '42.3', '3', '0.123', 'key account', '–']
    """
    if value is None or isinstance(value, str):
        return ABSENT if value is None else value
    if float(value).is_integer():
        return number(value, 0)
    size = abs(value)
    return number(value, 0 if size >= 1000 else 1 if size >= 10 else 2 if size >= 1 else 3)


def comparison(value: float) -> str:
    """Return a pairwise comparison as people say it: 3, 1/3, or the ratio that was given.

    >>> comparison(3.0), comparison(1 / 7), comparison(2.5), comparison(math.nan)
    ('3', '1/7', '2.50', '–')
    """
    if math.isnan(value):
        return ABSENT
    for stem, ratio in (("", value), ("1/", 1 / value)):
        if abs(ratio - round(ratio)) < 1e-9 and round(ratio) >= 1:
            return f"{stem}{round(ratio)}"
    return f"{value:.2f}"


def day(value: date | None, language: str) -> str:
    """Return a day as it is written in a language.

    >>> day(date(2024, 1, 5), "zh"), day(date(2024, 1, 5), "en")
    ('2024年1月5日', '5 January 2024')
    """
    if value is None:
        return ABSENT
    month = messages.text(f"report.month.{value.month}", language)
    return messages.text("report.day", language, day=value.day, month=month, year=value.year)


def filters(language: str) -> dict[str, Callable[..., str]]:
    """Return what templates write numbers and days with."""
    return {
        "number": number,
        "percent": percent,
        "stated": stated,
        "quantity": quantity,
        "comparison": comparison,
        "day": lambda value: day(value, language),
    }
