"""Periods: grades and measures that say which period they belong to, one evaluation for each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from evaluator.errors import Issue, raise_errors

PERIODIC = ("grades", "measures")
"""The tables that may have a row per period."""


def periods(frames: Mapping[str, pl.DataFrame]) -> tuple[str, ...]:
    """Return the periods that stand in the tables, earliest first, numbers in them counting as numbers.

    Raises
    ------
    EvaluationError
        where some rows of a table have a period and others none.

    >>> periods({"grades": pl.DataFrame({"period": ["2025Q10", "2025Q9", "2025Q10"]})})
    ('2025Q9', '2025Q10')
    """
    raise_errors(_without_period(frames))
    found = {value for name in _periodic(frames) for value in frames[name]["period"].drop_nulls()}
    return tuple(sorted(found, key=_order))


def of_period(frames: Mapping[str, pl.DataFrame], period: str | None) -> dict[str, pl.DataFrame]:
    """Return the tables with only the rows of one period, in those that have periods at all."""
    if period is None:
        return dict(frames)
    periodic = _periodic(frames)
    return {
        name: frame.filter(pl.col("period") == period) if name in periodic else frame
        for name, frame in frames.items()
    }


def _periodic(frames: Mapping[str, pl.DataFrame]) -> list[str]:
    stated = [name for name in PERIODIC if name in frames and "period" in frames[name].columns]
    return [name for name in stated if frames[name]["period"].null_count() < frames[name].height]


def _without_period(frames: Mapping[str, pl.DataFrame]) -> Iterator[Issue]:
    for name in _periodic(frames):
        if lacking := frames[name]["period"].null_count():
            yield Issue("DATA-444", name, {"count": lacking, "rows": frames[name].height})


def _order(period: str) -> list[Any]:
    """Return a key that sorts Q9 before Q10."""
    parts = re.split(r"(\d+)", period)
    return [int(part) if index % 2 else part for index, part in enumerate(parts)]
