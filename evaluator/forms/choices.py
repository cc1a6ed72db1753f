"""The sentences an expert chooses from, and the ratio each stands for.

A sentence names both criteria, so nobody can mistake the direction; the words for 1–9 are Saaty's
(1980, The Analytic Hierarchy Process).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from functools import lru_cache

from evaluator import messages
from evaluator.forms.answers import plain
from evaluator.tree import Group

_PLACE = re.compile(r"\{[ab]\}")
LEVELS = (9, 8, 7, 6, 5, 4, 3, 2)


def labels(group: Group, language: str) -> dict[str, str]:
    """Return what the children of a group are called, by id; equal names are told apart by their ids.

    Names that differ in case only count as equal, because formulas do not tell them apart.
    """
    names = {child.id: child.name[language] for child in group.children}
    counts = Counter(plain(name).casefold() for name in names.values())
    return {
        key: name if counts[plain(name).casefold()] == 1 else f"{name} [{key}]" for key, name in names.items()
    }


def patterns(language: str) -> tuple[tuple[str, str], ...]:
    """Return the 17 choices as (ratio of the first over the second, sentence with ``{a}`` and ``{b}``)."""

    def more(winner: str, loser: str, level: int) -> str:
        degree = messages.text(f"pairwise.more.{level}", language)
        return messages.text("pairwise.choice", language, a=winner, b=loser, degree=degree, level=level)

    equal = messages.text("pairwise.equal", language, a="{a}", b="{b}")
    first = tuple((str(level), more("{a}", "{b}", level)) for level in LEVELS)
    second = tuple((f"1/{level}", more("{b}", "{a}", level)) for level in reversed(LEVELS))
    return (*first, ("1", equal), *second)


def sentence(pattern: str, a: str, b: str) -> str:
    """Return a pattern with the names of both criteria, whatever these contain.

    >>> sentence("{a} 比 {b} 重要", "甲{b}", "乙")
    '甲{b} 比 乙 重要'
    """
    return _PLACE.sub(lambda place: a if place[0] == "{a}" else b, pattern)


@lru_cache(maxsize=16)
def ratios(said: tuple[tuple[str, str], ...]) -> Callable[[str, str], Mapping[str, str]]:
    """Return what tells, for two names, the ratio that each sentence of patterns stands for, as text."""

    @lru_cache(maxsize=4096)  # five hundred questionnaires of one tree offer the same sentences
    def of(a: str, b: str) -> Mapping[str, str]:
        return {sentence(pattern, a, b): ratio for ratio, pattern in said}

    return of


def sentences(a: str, b: str, language: str) -> tuple[tuple[str, str], ...]:
    """Return the 17 choices of a pair as (ratio of the first over the second, sentence).

    >>> [choice for choice in sentences("甲", "乙", "zh") if "3" in choice[0] or choice[0] == "1"]
    [('3', '3 · 甲 比 乙 稍重要'), ('1', '1 · 甲 与 乙 同等重要'), ('1/3', '3 · 乙 比 甲 稍重要')]
    """
    return tuple((ratio, sentence(pattern, a, b)) for ratio, pattern in patterns(language))
