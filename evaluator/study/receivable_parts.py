"""Lists of receivables among other files: a list of customers that is one as well, lists of several days."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from evaluator.errors import Issue, Severity
from evaluator.study.customer_lists import same_customers
from evaluator.study.recognising import Recognised, place

_OWED = {"outstanding", "overdue"}  # columns by which a list of customers says what is overdue
_WHO = {"id", "name", "owner"}  # columns that say nothing of what customers are


def also_balances(found: Sequence[Recognised]) -> Iterator[Recognised]:
    """Yield what is a list of customers as well as of receivables, as the other where no file is that."""
    tables = {part.table for part in found}
    for part in found:
        if part.table == "customers" and "ageing" not in tables:
            other = place(part.look, "ageing", {})
            if {entry.name for entry in other.placed} >= _OWED and not other.questions:
                yield other
        elif part.table == "ageing" and "customers" not in tables:
            other = place(part.look, "customers", {})
            if {entry.name for entry in other.placed} - _WHO and not other.questions:
                yield other


def of_one_day(parts: Sequence[Recognised]) -> tuple[list[Recognised], list[Issue]]:
    """Return lists of receivables that may be added up: of those of the same customers the last by name.

    What is left aside is told, since balances of two days do not add up.
    """
    ordered = sorted(parts, key=lambda part: _in_order(part.look.name))
    kept: list[Recognised] = []
    for part in reversed(ordered):
        if not any(same_customers(part, other) for other in kept):
            kept.insert(0, part)
    aside = [part for part in ordered if part not in kept]
    used = ", ".join(part.look.name for part in kept)
    detail = {"used": used}
    return kept, [Issue("STUDY-395", part.look.name, detail, severity=Severity.WARNING) for part in aside]


def _in_order(name: str) -> list[tuple[int, str]]:
    """Return what names are ordered by, so that 2025-10 comes after 2025-9."""
    return [(int(text), "") if text.isdigit() else (0, text) for text in re.split(r"(\d+)", name)]
