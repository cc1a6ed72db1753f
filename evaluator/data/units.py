"""The unit a header or a title row counts in: 万元, in thousands, %; what it multiplies a number by."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

_POWERS: Mapping[str, float] = {
    "百": 1e2, "千": 1e3, "万": 1e4, "十万": 1e5, "百万": 1e6, "千万": 1e7, "亿": 1e8, "万亿": 1e12,
    "k": 1e3, "t": 1e3, "tsd": 1e3, "thousand": 1e3, "thousands": 1e3, "'000": 1e3, "000": 1e3, "000s": 1e3,
    "m": 1e6, "mn": 1e6, "mm": 1e6, "mio": 1e6, "mil": 1e6, "million": 1e6, "millions": 1e6,
    "miles": 1e3, "millier": 1e3, "milliers": 1e3, "millones": 1e6, "тыс": 1e3, "млн": 1e6, "천": 1e3,
    "백만": 1e6,
    "bn": 1e9, "mrd": 1e9, "billion": 1e9, "billions": 1e9,
    "%": 1e-2, "percent": 1e-2, "pct": 1e-2, "百分比": 1e-2, "百分数": 1e-2, "‰": 1e-3,
}  # fmt: skip
_MONEY = (
    r"(?:人民币|美元|美金|欧元|英镑|日元|港元|港币|元|圆|円|원|"
    r"руб\.?|us\$|hk\$|[$€£¥₽₩]|rmb|cny|usd|eur|gbp|jpy|hkd|chf)"
)
_COUNTED = r"(?:件|个|次|人|户|家|台|套|吨|箱|只|单|条|份|股|人次)"
_CHINESE = rf"{_MONEY}?\s*:?\s*(?P<zh>万亿|十万|百万|千万|百|千|万|亿)\s*(?:{_MONEY}|{_COUNTED})?"
_WORDS = (
    r"(?P<word>thousands?|millions?|billions?|miles(?=\s+de\s)|milliers?|millones|тыс|млн|천|백만|"
    r"tsd|mio|mil|mn|bn|mrd|'?000s?)\.?"
)
_SHORT = rf"(?:{_MONEY}\s*(?P<short>k|t|m|mm)|(?P<before>k|t|m|mm)\s*{_MONEY})"
_PERCENT = r"(?P<percent>%|‰|percent|pct|百分比|百分数)"
_LONG = rf"(?:(?:in|en|em)\s+)?{_MONEY}?\s*{_WORDS}\s*(?:(?:of|de)\s+|d')?{_MONEY}?"
_NAMED = rf"(?:{_CHINESE}|{_LONG}|(?:in\s+)?{_SHORT}|(?P<k>k)|{_PERCENT})"
_UNIT = re.sub(r"\?P<\w+>", "?:", _NAMED)
_ALONE = re.compile(rf"(?:(?:金额|货币)?单位\s*:?\s*)?{_NAMED}", re.IGNORECASE)
_BRACKETED = re.compile(r"^(?P<name>.*?)\s*[(\[【](?P<unit>[^()\[\]【】]*)[)\]】]\s*$", re.DOTALL)
_BEHIND = re.compile(rf"^(?P<name>.*?\S)(?:\s*[/_,-]\s*|\s+)(?P<unit>{_UNIT})\s*$", re.IGNORECASE | re.DOTALL)
_ATTACHED = re.compile(
    r"^(?P<name>.*[^\d\s十百千万亿])(?P<unit>(?:万亿|十万|百万|千万|百|千|万|亿)元|[%‰])\s*$", re.DOTALL
)
_NEED_BRACKETS = ("k", "000", "000s")  # Order 000 counts nothing
_TITLED = re.compile(
    rf"(?:单位|units?|currency)\s*:\s*(?P<unit>{_UNIT})(?![\w克米瓦])"
    rf"|(?:^|[\s(,;])(?P<phrase>(?:in|en|em)\s+{_UNIT})(?!\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as it is written, and what it multiplies a number by."""

    text: str
    factor: float


def split_unit(header: str) -> tuple[str, Unit | None]:
    """Return the name in a header and the power of ten it counts in, None where it states none.

    >>> split_unit("金额（万元）"), split_unit("毛利率%")[1].factor, split_unit("重量（千克）")[1]
    (('金额', Unit(text='万元', factor=10000.0)), 0.01, None)
    >>> [split_unit(header)[1].factor for header in ("Amt (RMB 万元)", "Sales in thousands", "Umsatz, TEUR")]
    [10000.0, 1000.0, 1000.0]
    """
    text = unicodedata.normalize("NFKC", header).strip()
    if (match := _BRACKETED.match(text)) and (unit := _unit(match["unit"])):
        return match["name"], unit
    for pattern in (_BEHIND, _ATTACHED):
        if (match := pattern.match(text)) and match["unit"].casefold() not in _NEED_BRACKETS:
            return match["name"], _unit(match["unit"])
    return text, None


def title_unit(text: str) -> Unit | None:
    """Return the power of ten a title row says that amounts count in.

    >>> title_unit("单位：人民币万元"), title_unit("(amounts in EUR thousands)"), title_unit("单位：元")
    (Unit(text='人民币万元', factor=10000.0), Unit(text='in EUR thousands', factor=1000.0), None)
    """
    match = _TITLED.search(unicodedata.normalize("NFKC", text))
    return _unit(match["unit"] or match["phrase"]) if match else None


def unit_factor(text: str) -> float:
    """Return what a unit of a tree or table multiplies by; one that states no power of ten, by 1.

    >>> unit_factor("万元/年"), unit_factor("%"), unit_factor("CNY/year"), unit_factor("")
    (10000.0, 0.01, 1.0, 1.0)
    """
    unit = _unit(text.partition("/")[0])
    return unit.factor if unit else 1.0


def is_unit(text: str) -> bool:
    """True if a cell holds a unit and nothing else: 元, 万元, %, 天, CNY.

    >>> [is_unit(text) for text in ("万元", "%", "（天）", "CNY/year", "12", "profit")]
    [True, True, True, True, False, False]
    """
    plain = unicodedata.normalize("NFKC", text).strip().strip("()[]")
    return bool(_ALONE.fullmatch(plain) or _PLAIN.fullmatch(plain))


_PLAIN = re.compile(
    rf"(?:{_MONEY}|{_COUNTED}|天|日|月|年|小时|分|分钟|days?|hours?|months?|years?|pcs|kg|t)"
    r"(?:\s*/\s*(?:天|日|月|季|年|次|单|day|month|quarter|year))?",
    re.IGNORECASE,
)


def _unit(text: str) -> Unit | None:
    said = unicodedata.normalize("NFKC", text).strip()
    match = _ALONE.fullmatch(said)
    if match is None:
        return None
    word = next(value for value in match.groupdict().values() if value)
    return Unit(said, _POWERS[word.casefold()])
