"""One answer as people write it: a sentence from the list, 3, 1/3, 1：3, 0.333, full-width digits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from typing import Literal
from unicodedata import normalize

from evaluator.data.signs import EMPTY
from evaluator.errors import Issue, Location, Severity
from evaluator.workbook.reader import CellValue

Problem = Literal["unreadable", "out_of_range", "date"]
PROBLEMS = {"unreadable": "JUDGE-201", "out_of_range": "JUDGE-202", "date": "JUDGE-203"}

LARGEST = 9.0
SMALLEST = 0.11  # how people round 1/9
# No answer reaches a thousand, so a comma can only stand before decimals.
_RATIO = re.compile(r"(\d+(?:[.,]\d+)?|[.,]\d+)(?: ?[/:⁄∕÷] ?(\d+(?:[.,]\d+)?|[.,]\d+))?")
_DAY = re.compile(r"\d{4}-(\d{2})-(\d{2})(?: 00:00:00)?")  # what a workbook has made of 1/3 and of 1:3
_TIME = re.compile(r"(\d{2}):(\d{2}):\d{2}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a cell says: the ratio, or why it says none; neither is a comparison not made."""

    given: str = ""
    value: float | None = None
    problem: Problem | None = None
    likely: str = ""  # the ratio a program may have made a date or time of

    def issues(self, where: Location) -> Iterator[Issue]:
        """Yield what is wrong with it, if something is."""
        if self.problem:
            hint = (self.likely,) if self.likely else ()
            yield Issue(PROBLEMS[self.problem], self.given, hint=hint, where=where, severity=Severity.WARNING)


def words(missing: Iterable[str | float]) -> frozenset[str]:
    """Return what stands for an answer not given, as cells are compared with it.

    >>> sorted(words([-99, 9.0, "不知道"]))
    ['-99', '9', '不知道']
    """
    return frozenset(plain(one) if isinstance(one, str) else f"{one:g}" for one in missing)


def read_answer(
    cell: CellValue | None,
    choices: Mapping[str, str] | None = None,
    missing: frozenset[str] = frozenset(),
) -> Answer:
    """Return what a cell answers; `choices` are sentences with the ratio each stands for.

    Any ratio from 1/9 to 9 is kept exactly as given. A blank cell is a comparison not made, and so is
    NA, a dash or another word of that meaning, and what is stated to be `missing` (see `words`).

    >>> [read_answer(cell).value for cell in ("１／３", "1：4", 0.333, " 3 ", "0,2", None, "NA")]
    [0.3333333333333333, 0.25, 0.333, 3.0, 0.2, None, None]
    >>> read_answer("three").problem, read_answer(10).problem
    ('unreadable', 'out_of_range')
    """
    if cell is None:
        return Answer()
    given = plain(cell) if isinstance(cell, str) else _shown(cell)
    if not given or _bare(given) in missing:
        return Answer()
    if isinstance(cell, date | time | timedelta):
        return Answer(given, problem="date", likely=_typed(cell))
    if isinstance(cell, bool):
        return Answer(given, problem="unreadable")
    if isinstance(cell, str):
        return _read_text(given, choices or {})
    return _in_range(given, float(cell))


@lru_cache(maxsize=4096)  # people choose the same sentences
def chosen(sentence: str, ratio: str) -> Answer:
    """Return what a sentence of the list answers, which stands for this ratio."""
    return read_answer(sentence, {plain(sentence): ratio})


def plain(text: str) -> str:
    """Return text as it is compared: half-width, single spaces, none at the ends.

    >>> plain("　甲  比 乙 ")
    '甲 比 乙'
    """
    return " ".join(normalize("NFKC", text).split())


def _read_text(given: str, choices: Mapping[str, str]) -> Answer:
    if given not in choices and given.casefold() in EMPTY:
        return Answer()
    if made := _DAY.fullmatch(given) or _TIME.fullmatch(given):
        return Answer(given, problem="date", likely=f"{int(made[1])}/{int(made[2])}")
    match = _RATIO.fullmatch(choices.get(given, given))
    if match is None:
        return Answer(given, problem="unreadable")
    size, over = (float((part or "1").replace(",", ".")) for part in match.groups())
    return _in_range(given, size / over) if over else Answer(given, problem="out_of_range")


def _bare(given: str) -> str:
    """Return a whole number without decimals, as a workbook or export may write it: 99.0 is 99."""
    return given.removesuffix(".0")


def _in_range(given: str, value: float) -> Answer:
    if SMALLEST <= value <= LARGEST:
        return Answer(given, value)
    return Answer(given, problem="out_of_range")


def _typed(cell: CellValue) -> str:
    """Return the ratio somebody may have typed: 1/3 becomes a third of January, 1:3 three past one."""
    if isinstance(cell, date):
        return f"{cell.month}/{cell.day}"
    return f"{cell.hour}/{cell.minute}" if isinstance(cell, time) else ""


def _shown(cell: CellValue) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)
