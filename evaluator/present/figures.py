"""What no kind says of writing: numbers with as many decimals as somebody asks for, stated shares, days.

Everything else is written by its kind (`present/kinds.py`); nothing is rounded anywhere else.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date

from evaluator import messages
from evaluator.present.kinds import ABSENT, Pattern, Step, handed_on, said

_MOST_DIGITS = 20


def number(value: float | None, digits: int = 1) -> str:
    """Return a number with a fixed count of decimals; what is absent is a dash.

    >>> number(1234.56), number(None), number(-0.04)
    ('1,234.6', '–', '0.0')
    """
    return _fixed(value, Step(decimals=_checked(digits)))


def percent(value: float | None, digits: int = 1) -> str:
    """Return a share as a percentage with so many decimals; the kind ``share`` has one.

    >>> percent(0.1428)
    '14.3%'
    """
    return _fixed(value, Step(shift=-2, decimals=_checked(digits), after="%"))


def _fixed(value: float | None, step: Step) -> str:
    if value is None or math.isnan(value):
        return ABSENT
    return f"{value}" if math.isinf(value) else Pattern((step,)).text(value)


def _checked(digits: int) -> int:
    if not 0 <= digits <= _MOST_DIGITS:
        raise ValueError(f"{digits} decimals")
    return digits


def stated(share: float) -> str:
    """Return a share that somebody stated as a percentage with all the digits it was stated with.

    >>> stated(0.6), stated(0.625), stated(0.975)
    ('60%', '62.5%', '97.5%')
    """
    return f"{share * 100:g}%"


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


_AT_A_FIGURE = re.compile(r"(?<=[0-9%]) (?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff]) (?=[0-9])")


def unbroken(text: str) -> str:
    """Return a heading that breaks at no space between a figure and the Chinese words beside it.

    >>> unbroken("295 个客户，Key customers") == "295\u00a0个客户，Key customers"
    True
    """
    return _AT_A_FIGURE.sub("\u00a0", text)


def filters(language: str) -> dict[str, Callable[..., str]]:
    """Return what templates write values with: by their kind, or with stated decimals."""
    return {
        "written": lambda value, kind, currency="": said(value, kind, language, currency),
        "handed_on": handed_on,
        "number": number,
        "percent": percent,
        "stated": stated,
        "shortest": "{:g}".format,
        "quantity": lambda value: said(value, "quantity", language),
        "comparison": comparison,
        "day": lambda value: day(value, language),
    }
