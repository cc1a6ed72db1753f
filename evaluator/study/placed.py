"""A column that was found for one of a table, and a column that is still asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evaluator.brief import Brief
from evaluator.data.first_look import Seen

How = Literal["stated", "header", "part", "cells"]


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
