"""How old a debt is, as headers of lists of receivables say it: 31-60天, 90天以上, 1–2年, > 90, current."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

_DAYS: Mapping[str, int] = {
    **dict.fromkeys(("", "天", "日", "d", "day", "days", "tag", "tage", "tagen"), 1),
    **dict.fromkeys(("周", "week", "weeks", "woche", "wochen"), 7),
    **dict.fromkeys(("月", "个月", "個月", "month", "months", "mo", "monat", "monate", "monaten"), 30),
    **dict.fromkeys(("季度", "个季度", "quarter", "quarters"), 90),
    **dict.fromkeys(("年", "year", "years", "yr", "yrs", "jahr", "jahre", "jahren"), 365),
}
_COUNTED = frozenset(("周", "月", "个月", "個月", "month", "months", "年", "year", "years"))
_NOT_DUE = frozenset((
    "未到期", "未逾期", "未超期", "信用期内", "账期内", "帐期内", "期内", "current", "notdue", "notyetdue",
    "withinterms", "nichtfällig", "nochnichtfällig",
))  # fmt: skip
_OLDER = frozenset(("older", "更早", "更久", "älter"))
_BESIDE = re.compile(
    r"应收账款|应收帐款|应收|账款|帐款|账龄|帐龄|逾期|超期|过期|已到期|欠款|未收|未付|余额|金额|"
    r"\b(?:days? )?(?:overdue|past due|late)\b|"
    r"\b(?:amount|balance|aged?|ageing|aging|outstanding|überfällig)\b"
)
_DIGITS = {digit: number for number, digit in enumerate("零一二三四五六七八九")} | {"两": 2}
_NUMERAL = re.compile(r"[一二两三四五六七八九十]+")
_UNIT = "|".join(sorted(filter(None, _DAYS), key=len, reverse=True))
_N = rf"(?P<{{0}}>\d+)(?P<{{0}}_unit>{_UNIT})?"
_TO = "(?:-|~|至|到|to|bis)"
_OVER = "(?:>=?|≥|超过|超|大于|over|above|morethan|über|ab)"
_AND_OVER = r"(?:\+|(?:及|含)?以上|以外|及更久|(?:and|or)(?:over|above|more|older)|plus|undmehr|undälter)"
_UNDER = "(?:<=?|≤|小于|不足|under|lessthan|within|upto|bis|unter)"
_WITHIN = "(?:(?:之|以)?[内下]|orless|andunder)"
_FIRST, _LAST = _N.format("first"), _N.format("last")
_BETWEEN = re.compile(rf"{_FIRST}{_TO}{_LAST}")
_FROM = re.compile(rf"{_OVER}{_FIRST}{_AND_OVER}?|{_N.format('least')}{_AND_OVER}")
_WITHIN_ALL = re.compile(rf"{_UNDER}{_FIRST}{_WITHIN}?|{_N.format('most')}{_WITHIN}")
_ALONE = re.compile(_FIRST)


class Ages(NamedTuple):
    """The days from `first` to `last` that a debt is old; `dated` where they count from its due date."""

    first: float
    last: float
    dated: bool = False


@lru_cache(maxsize=1 << 12)
def ages(words: str) -> Ages | None:
    """Return how old the debts are that stand under some words, None where these do not say it.

    >>> [ages(words)[:2] for words in ("31-60天", "90天以上", "30天内", "一至两年", "Over 90", "Current")]
    [(31, 60), (90, inf), (0, 30), (365, 730), (90, inf), (0, 0)]
    >>> ages("Overdue 1 - 30").dated, ages("1 Month")[:2], ages("近30天消费金额"), ages("2024-05")
    (True, (30, 60), None, None)
    """
    text = unicodedata.normalize("NFKC", words).casefold().replace("–", "-").replace("—", "-")
    dated = bool(re.search(r"逾期|超期|过期|overdue|past due|late\b|überfällig", text))
    text = re.sub(r"\(含\)|^\s*(?:days?|天)(?=[\s(]*\d)|[\s():/,]+", "", _BESIDE.sub("", text))
    if text in _NOT_DUE:
        return Ages(0, 0, dated=True)
    if text in _OLDER:
        return Ages(math.inf, math.inf, dated)
    span = _span(_NUMERAL.sub(_number, text.replace("半年", "6个月")))
    return Ages(*span, dated) if span else None


def _span(text: str) -> tuple[float, float] | None:
    if found := _BETWEEN.fullmatch(text):
        unit = found["last_unit"] or found["first_unit"] or ""
        first, last = _days(found["first"], found["first_unit"] or unit), _days(found["last"], unit)
        return (first, last) if first < last < 100 * 365 else None
    if found := _FROM.fullmatch(text):
        least = found["first"] or found["least"]
        return _days(least, found["first_unit"] or found["least_unit"] or ""), math.inf
    if found := _WITHIN_ALL.fullmatch(text):
        most = found["first"] or found["most"]
        return 0, _days(most, found["first_unit"] or found["most_unit"] or "")
    found = _ALONE.fullmatch(text)
    if found and found["first_unit"] in _COUNTED and int(found["first"]) < 100:
        return _days(found["first"], found["first_unit"]), _days(
            str(int(found["first"]) + 1), found["first_unit"]
        )
    return None


def _days(number: str, unit: str) -> float:
    return int(number) * _DAYS[unit]


def _number(numeral: re.Match[str]) -> str:
    """Return a Chinese numeral below a hundred in digits."""
    tens, ten, ones = numeral[0].rpartition("十")
    if not ten:
        return "".join(str(_DIGITS[digit]) for digit in numeral[0])
    return str(10 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0))
