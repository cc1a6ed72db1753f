"""Measures: one row per customer with the raw value of every leaf of a tree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

import polars as pl
from pydantic import Field

from evaluator.documents import Format
from evaluator.errors import Issue

Origin = Literal["measures", "grades", "orders"]


class RaterOptions(Format):
    """How the grades of several raters become one: their mean or median, from at least `minimum` raters."""

    combine: Literal["mean", "median"] = "mean"
    minimum: Annotated[int, Field(ge=1)] = 1


class MeasureOptions(Format):
    """The study's choices about measures: months the orders are looked at, and how raters combine."""

    window_months: Annotated[int, Field(ge=1)] = 12
    growth_months: Annotated[int, Field(ge=3)] = 24
    raters: RaterOptions = RaterOptions()


@dataclass(frozen=True, slots=True)
class MeasureNote:
    """Where a measure came from: the table it was read or computed from, and how many lack it."""

    measure: str
    origin: Origin
    observed: int
    missing: int


@dataclass(frozen=True)
class Measured:
    """One row per customer: `id`, `name` where known, and one column per measure of the tree.

    Parameters
    ----------
    frame : Float64 per measure, text only where a scale looks categories up; null is not observed.
    as_of : the day the evaluation looks back from; nothing on or after it is used.
    window : first and last day of the orders that windowed measures rest on, both included.
    raters : long, one row per customer and graded indicator: `id`, `indicator`, `raters` (how many
        grades), `score` (combined), `spread` (highest less lowest).
    notes : where each measure came from.
    issues : warnings and notes; errors were raised.
    """

    frame: pl.DataFrame
    as_of: date
    window: tuple[date, date]
    raters: pl.DataFrame
    notes: tuple[MeasureNote, ...] = ()
    issues: tuple[Issue, ...] = ()
