"""The main reason of each change, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from evaluator import messages
from evaluator.evaluation import Comparison
from evaluator.present.kinds import said

Saying = Callable[[str, float | str | None], str]
"""Writes a value of an indicator, by its id."""


def because(
    row: Mapping[str, Any], names: Mapping[str, str], language: str, *, say: Saying | None = None
) -> str:
    """Return what did most to a customer's change, in a sentence; empty where nothing changed.

    Parameters
    ----------
    row : of `Comparison.customers`. names : of indicators, by id.
    say : writes the values of an indicator; by default all are quantities.

    >>> row = {"reason": "values", "indicator": "profit", "measure_last": 80.0, "measure_now": 40.0,
    ...        "values": -18.0, "points": -15.0, "others": 1, "change": -17.0}
    >>> because(row, {"profit": "Gross profit"}, "en")
    'Gross profit fell from 80 to 40: -15.0 of -17.0 points; 1 other indicator: -3.0'
    """
    reason = row.get("reason")
    if not reason:
        return ""
    leaf = row["indicator"]
    measured = {name: row[f"measure_{name}"] for name in ("last", "now")}
    known = {
        name: say(leaf, value) if say and leaf else said(value, "quantity", language)
        for name, value in measured.items()
    }
    points = {
        "points": said(row["points"], "shift", language),
        "change": said(row["change"], "shift", language),
    }
    cause = messages.text(
        f"comparison.because.{_kind(row)}", language, indicator=names.get(leaf or "", leaf or ""), **known
    )
    told = messages.text("comparison.because.whole", language, cause=cause, **points)
    if not row["others"]:
        return told
    rest = said(row[reason] - row["points"], "shift", language)
    return told + messages.text("comparison.because.others", language, count=row["others"], points=rest)


def with_reasons(
    found: Comparison, names: Mapping[str, str], language: str, *, say: Saying | None = None
) -> pl.DataFrame:
    """Return the customers of a comparison with `because`: the main reason in words."""
    told = [because(row, names, language, say=say) for row in found.customers.iter_rows(named=True)]
    return found.customers.with_columns(because=pl.Series(told, dtype=pl.String))


def not_compared(found: Comparison, language: str) -> str:
    """Return how many are not rated in both evaluations, by standing, in a sentence; empty where all are."""
    counts = {name: count for name, count in found.counts.items() if name != "compared" and count}
    if not counts:
        return ""
    told = [
        messages.text(f"comparison.other.{name}", language, count=count) for name, count in counts.items()
    ]
    names = messages.text("comma", language).join(told)
    return messages.text("comparison.others", language, names=names)


def _kind(row: Mapping[str, Any]) -> str:
    """Return which sentence tells a row: of a measure that is known both times by how it moved."""
    reason, last, now = row["reason"], row["measure_last"], row["measure_now"]
    if row["indicator"] is None:
        return f"{reason}.whole"
    if reason == "missing":
        return "missing.known" if last is None and now is not None else "missing.unknown"
    if reason == "values":
        if last is None or now is None or last == now:
            return "values.category"
        return "values.rose" if now > last else "values.fell"
    return f"{reason}.of"
