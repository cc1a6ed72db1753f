"""Kinds of values, and how each is written: one table, read alike in Python, in Excel and in JavaScript.

A kind has a pattern in each language: steps by size, each of which takes off powers of ten, keeps so many
decimals and adds a unit. Python writes a value by it, `Pattern.excel` is the number format of a cell that
looks the same, and `Pattern.compact` what ``templates/page/js/numbers.js`` writes by. Halves are rounded
away from zero, on the decimal digits that a number is known by (0.145 points are 0.15, though the binary
number lies below), as spreadsheets do; a share is multiplied by 100 first, in binary, as LibreOffice does.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache
from typing import Literal, get_args

Kind = Literal[
    "text", "id", "day", "count", "rank", "days", "share", "weight", "exact_weight", "growth", "change",
    "points", "shift", "coefficient", "p", "multiple", "quantity", "money", "money/year", "money/month",
]  # fmt: skip
"""What a value is.

``day`` is a date, ``days`` a length of time; ``growth`` is per year, ``change`` a relative change of no
period; ``points`` lie on the scale of scores, ``shift`` is a difference of them; ``exact_weight`` is for
evidence; ``coefficient`` is a figure of statistics, ``multiple`` says how many times; ``money/year`` comes in
a year; ``quantity`` is any other figure.
"""

ABSENT = "–"
_EXACTLY = Context(prec=400, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Step:
    """How values of a size are written.

    Parameters
    ----------
    least : the size from which on, apart from the sign.
    shift : powers of ten taken off: 4 for 万, -2 for percent.
    decimals : digits after the point.
    after : what follows the figure; with `only` it stands in its place.
    """

    least: float = 0.0
    shift: int = 0
    decimals: int = 0
    after: str = ""
    only: bool = False


@dataclass(frozen=True)
class Pattern:
    """How a kind is written in a language.

    Parameters
    ----------
    steps : by size, the largest first; the last begins at 0.
    before : what precedes the figure, after the sign.
    signed : what is above zero has a plus sign.
    whole : whole figures have no decimals.
    """

    steps: tuple[Step, ...]
    before: str = ""
    signed: bool = False
    whole: bool = False

    def text(self, value: float) -> str:
        """Return a value as it is read.

        >>> pattern("money", "zh", "CNY").text(964225.3399999994), pattern("share", "en").text(0.1445)
        ('96.4万元', '14.5%')
        """
        step = self._step(value)
        if step.only:
            return step.after
        return f"{self._sign(value, step)}{self.before}{self._rounded(value, step):,f}{step.after}"

    def excel(self, value: float) -> str:
        """Return the number format of a cell that shows a value the same.

        Excel takes off threes of powers of ten only: what is written in 万 and 亿 keeps the digits that are
        left over, with a point set among them.

        >>> pattern("money", "zh", "CNY").excel(964225.34), pattern("growth", "en").excel(0.05)
        ('0"."0,"万元"', '"+"#,##0.0%" a year"')
        """
        step = self._step(value)
        if step.only:
            return f'"{step.after}"'
        sign = self._sign(value, step)
        figure = _figure(step, self._rounded(value, step))
        shown = f"{_quoted(self.before)}{figure}{_quoted(step.after)}"
        if step.shift == _PERCENT:
            shown = f"{_quoted(self.before)}{figure}%{_quoted(step.after.removeprefix('%'))}"
        if sign == "+":
            return f'"+"{shown}'
        return shown if sign or value >= 0 else f"{shown};{shown}"

    def compact(self) -> list[object]:
        """Return the pattern as the page's script reads it."""
        steps = [[s.least, s.shift, s.decimals, s.after, int(s.only)] for s in self.steps]
        return [steps, self.before, int(self.signed), int(self.whole)]

    def _step(self, value: float) -> Step:
        size = abs(value)
        step = next(step for step in self.steps if size >= step.least)
        whole = self.whole and not step.shift and float(value).is_integer()
        return replace(step, decimals=0) if whole else step

    def _rounded(self, value: float, step: Step) -> Decimal:
        percent = step.shift == _PERCENT
        size = Decimal(repr(abs(float(value) * 100.0 if percent else float(value))))
        if not percent:
            size = size.scaleb(-step.shift, _EXACTLY)
        return size.quantize(Decimal(1).scaleb(-step.decimals), context=_EXACTLY)

    def _sign(self, value: float, step: Step) -> str:
        if not self._rounded(value, step):
            return ""
        return "-" if value < 0 else "+" if self.signed else ""


_PERCENT = -2
_THOUSAND = 3


def _figure(step: Step, shown: Decimal) -> str:
    """Return the placeholders of a figure in a number format."""
    commas, left = divmod(max(step.shift, 0), _THOUSAND)
    if not left:
        return f"#,##0{'.' + '0' * step.decimals if step.decimals else ''}{',' * commas}"
    if left != step.decimals:
        raise ValueError(f"{step.shift} powers of ten leave {left} decimals")
    thousands = '0","000' if shown >= 10**_THOUSAND else "0"
    return f'{thousands}"."{"0" * left}{"," * commas}'


def _quoted(text: str) -> str:
    return f'"{text}"' if text else ""


_PLAIN = (Step(),)
_SHARE = (Step(shift=_PERCENT, decimals=1, after="%"),)
_POINTS = (Step(decimals=1),)
_QUANTITY = (Step(1000.0), Step(10.0, decimals=1), Step(1.0, decimals=2), Step(decimals=3))
_UNITS = {
    "zh": {"day": " 天", "days": " 天", "multiple": "倍", "year": "/年", "month": "/月"},
    "en": {"day": " day", "days": " days", "multiple": "×", "year": " a year", "month": " a month"},
}
_MONEY = {  # from which size on: powers of ten, decimals, unit; just below the size the figure rounds to it
    "zh": ((99_999_500.0, 8, 2, "亿"), (9_999.5, 4, 1, "万"), (99.995, 0, 0, ""), (0.0, 0, 2, "")),
    "en": ((999_950.0, 6, 2, "M"), (9_999.5, 3, 1, "k"), (99.995, 0, 0, ""), (0.0, 0, 2, "")),
}
_CURRENCIES = {  # after the figure in Chinese, before it in English
    "CNY": ("元", "¥"),
    "USD": ("美元", "$"),
    "EUR": ("欧元", "€"),
    "GBP": ("英镑", "£"),
    "HKD": ("港元", "HK$"),
    "JPY": ("日元", "JP¥"),
    "TWD": ("新台币", "NT$"),
    "": ("", ""),
}


@cache
def pattern(kind: Kind, language: str, currency: str = "") -> Pattern:
    """Return how a kind is written.

    `currency` is the code of that of money; without one the figure stands alone.

    >>> pattern("money/year", "en", "CNY").text(2_345_678), pattern("money", "en").text(0)
    ('¥2.35M a year', '0')
    >>> [pattern("days", language).text(1) for language in ("zh", "en")]
    ['1 天', '1 day']
    """
    unit = _UNITS[language]
    if kind.startswith("money"):
        return _money(language, currency, unit.get(kind.removeprefix("money/"), ""))
    days = (Step(1.5, after=unit["days"]), Step(0.5, after=unit["day"]), Step(after=unit["days"]))
    table: Mapping[str, Pattern] = {
        "count": Pattern(_PLAIN),
        "rank": Pattern(_PLAIN),
        "days": Pattern(days),
        "share": Pattern(_SHARE),
        "weight": Pattern(_SHARE),
        "exact_weight": Pattern((Step(decimals=4),)),
        "growth": Pattern((replace(_SHARE[0], after=f"%{unit['year']}"),), signed=True),
        "change": Pattern(_SHARE, signed=True),
        "points": Pattern(_POINTS),
        "shift": Pattern(_POINTS, signed=True),
        "coefficient": Pattern((Step(decimals=3),)),
        "p": Pattern((Step(0.001, decimals=3), Step(after="<0.001", only=True))),
        "multiple": Pattern((Step(decimals=1, after=unit["multiple"]),)),
        "quantity": Pattern(_QUANTITY, whole=True),
    }
    return table[kind]


def _money(language: str, currency: str, period: str) -> Pattern:
    chinese, english = _CURRENCIES.get(currency, (f" {currency}", f"{currency} "))
    before, after = ("", chinese) if language == "zh" else (english, "")
    steps = tuple(
        Step(least, shift, decimals, f"{unit}{after}{period}")
        for least, shift, decimals, unit in _MONEY[language]
    )
    return Pattern(steps, before, whole=True)


def money_unit(currency: str, language: str) -> str:
    """Return what stands in the heading of a column of money; nothing without a currency.

    >>> money_unit("CNY", "zh"), money_unit("CNY", "en"), money_unit("", "en")
    ('元', 'CNY', '')
    """
    return _CURRENCIES.get(currency, (currency, ""))[0] if language == "zh" else currency


WORDS: tuple[Kind, ...] = ("text", "id", "day")
"""Kinds that are no figures."""
FIGURES: tuple[Kind, ...] = tuple(kind for kind in get_args(Kind) if kind not in WORDS)


def said(value: float | str | date | None, kind: Kind, language: str, currency: str = "") -> str:
    """Return a value as it is read; a text in the place of a figure stands as it is, nothing is a dash.

    >>> said(0.25, "share", "zh"), said(None, "count", "en"), said(date(2026, 1, 5), "day", "en")
    ('25.0%', '–', '2026-01-05')
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ABSENT
    if isinstance(value, (str, date)) or kind in WORDS:
        return str(value)
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    return pattern(kind, language, currency).text(value)


SIGNIFICANT = 6
"""Digits of figures that are handed on as text; whole Parquet files hold all there are."""


def handed_on(value: float | str | date | None, kind: Kind) -> str:
    """Return a value as it is handed on in tables of text: money in cents, else six significant digits.

    >>> handed_on(964225.3399999994, "money"), handed_on(0.1428571, "share"), handed_on(None, "points")
    ('964225.34', '0.142857', '')
    >>> handed_on(-0.0, "points"), handed_on(0.001, "money")
    ('0', '0')
    >>> handed_on(1234567.0, "count"), handed_on(12345678.9, "quantity"), handed_on(date(2026, 1, 5), "day")
    ('1234567', '12345700', '2026-01-05')
    """
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, (str, date)) or kind in WORDS:
        return str(value)
    if kind.startswith("money"):
        number = round(Decimal(repr(float(value))), 2)
    elif float(value).is_integer():
        number = Decimal(int(value))
    else:
        number = Decimal(f"{value:.{SIGNIFICANT}g}")
    return f"{number.normalize():f}" if number else "0"


def compact(language: str, currency: str) -> dict[str, list[object]]:
    """Return the patterns of a language as the page's script reads them; money has the one currency.

    >>> compact("en", "")["points"]
    [[[0.0, 0, 1, '', 0]], '', 0, 0]
    """
    return {kind: pattern(kind, language, currency).compact() for kind in FIGURES}
