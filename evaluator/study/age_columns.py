"""Columns of a list of receivables that hold what is owed of one age each: 30天内, 31-60天, > 90."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from evaluator.customers.ledgers import AGEING
from evaluator.customers.models.value.ageing import overdue_buckets
from evaluator.customers.models.value.options import ReceivableOptions
from evaluator.data.ages import ages
from evaluator.data.first_look import Look, Seen
from evaluator.data.signs import EMPTY
from evaluator.study.header_stems import STEMS, has_stem

_MADE = ("bucket", "amount")
BESIDE_AGES = replace(
    AGEING,
    one_of=(),
    columns=tuple(column for column in AGEING.columns if column.name not in (*_MADE, "overdue")),
)
"""The columns that a list of receivables has beside those of its ages."""
_FEWEST = 2
_MOSTLY = 0.9  # of the filled cells hold a number, or a sign that stands for none


def age_columns(look: Look) -> tuple[Seen, ...]:
    """Return the columns of a list of receivables by age; none where a look is of anything else.

    That it is one is told by two ages at least, and by a word for debts in a header, above the headers, or in
    the name of the sheet or the file.
    """
    found = [seen for seen in look.columns if ages(seen.header) and _are_amounts(look, seen)]
    if len(found) < _FEWEST or not any(has_stem(text, STEMS["debt"]) for text in _texts(look)):
        return ()
    return tuple(found)


def without_ages(look: Look, found: tuple[Seen, ...]) -> Look:
    """Return a look at the other columns alone."""
    places = {seen.position for seen in found}
    names = tuple("" if place in places else name for place, name in enumerate(look.header.names))
    return replace(look, header=replace(look.header, names=names))


@dataclass(frozen=True)
class Overdue:
    """What counts as overdue in a list of receivables where nothing else is stated.

    Parameters
    ----------
    late : the headers whose ages begin after that many `days`.
    dated : whether they count from the day a debt is due, as a header says or one for what is not due yet.
    """

    days: int
    late: tuple[str, ...]
    dated: bool


def overdue(headers: Sequence[str]) -> Overdue | None:
    """Return what counts as overdue under the headers of ages, None where there are none.

    >>> overdue(["未到期", "1-30天", "31-60天", "60天以上"])
    Overdue(days=30, late=('31-60天', '60天以上'), dated=True)
    """
    days = ReceivableOptions().overdue_days
    known = [age for age in map(ages, headers) if age]
    dated = any(age.dated for age in known)
    return Overdue(days, overdue_buckets(headers, days), dated) if known else None


def _are_amounts(look: Look, seen: Seen) -> bool:
    cells = look.values(seen.position).drop_nulls()
    held = cells.str.contains(r"\d") | cells.str.to_lowercase().is_in(EMPTY)
    return not len(cells) or (not seen.dates and int(held.sum()) >= _MOSTLY * len(cells))


def _texts(look: Look) -> list[str]:
    above = look.cells.frame.head(look.header.index).select(look.cells.columns)
    cells = above.unpivot()["value"].drop_nulls().cast(pl.String).to_list() if above.height else []
    return [*look.header.names, *cells, look.sheet or "", look.path.name]
