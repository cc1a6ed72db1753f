"""A column that was found for one of a table, and a column that is still asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from evaluator.brief import Brief
from evaluator.data.first_look import Seen

How = Literal["stated", "header", "part", "cells"]
ONE_FILE: Mapping[str, str] = {"measures": "customers"}
"""Tables that are looked at as another: one row per customer tells who they are, and their measures."""


@dataclass(frozen=True)
class Placed(Brief):
    """A column of a table, the column of the file it is, and how that is known."""

    name: str
    seen: Seen
    how: How


@dataclass(frozen=True)
class Question(Brief):
    """A column that a table cannot do without, and what it may be; nothing where there is no candidate."""

    name: str
    candidates: tuple[Seen, ...]


def stated_of(stated: Mapping[str, str], table: str) -> dict[str, str]:
    """Return the headers stated of the columns of a table: of any table, or as ``table.column`` of this one.

    >>> stated_of({"orders.date": "Invoiced", "date": "Day", "measures.trust": "Faith"}, "orders")
    {'date': 'Invoiced'}
    >>> stated_of({"orders.date": "Invoiced", "measures.trust": "Faith"}, "customers")
    {'trust': 'Faith'}
    """
    parts = [(*name.rpartition(".")[::2], header) for name, header in stated.items()]
    general = {column: header for where, column, header in parts if not where}
    return general | {
        column: header for where, column, header in parts if ONE_FILE.get(where, where) == table
    }
