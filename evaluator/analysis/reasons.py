"""The main reason of each change, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from evaluator import messages
from evaluator.evaluation import Comparison
from evaluator.present import figures
from evaluator.present.kinds import said


def because(row: Mapping[str, Any], names: Mapping[str, str], language: str) -> str:
    """Return what did most to a customer's change, in a sentence; empty where nothing changed.

    Parameters
    ----------
    row : of `Comparison.customers`. names : of indicators, by id.

    >>> row = {"reason": "values", "indicator": "profit", "measure_last": 80.0, "measure_now": 40.0,
    ...        "values": -18.0, "change": -17.0}
    >>> because(row, {"profit": "Gross profit"}, "en")
    'Gross profit fell from 80 to 40: −18.0 of −17.0 points'
    """
    reason = row.get("reason")
    if not reason:
        return ""
    leaf = row["indicator"]
    known = {name: said(row[f"measure_{name}"], "quantity", language) for name in ("last", "now")}
    points = {"points": _signed(row[reason]), "change": _signed(row["change"])}
    cause = messages.text(
        f"comparison.because.{_kind(row)}", language, indicator=names.get(leaf or "", leaf or ""), **known
    )
    return messages.text("comparison.because.whole", language, cause=cause, **points)


def with_reasons(found: Comparison, names: Mapping[str, str], language: str) -> pl.DataFrame:
    """Return the customers of a comparison with `because`: the main reason in words."""
    rows = found.customers.iter_rows(named=True)
    return found.customers.with_columns(because=pl.Series([because(row, names, language) for row in rows],
                                                          dtype=pl.String))  # fmt: skip


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


def _signed(value: float) -> str:
    text = figures.number(abs(value))
    return text if text == figures.number(0.0) else f"{'−' if value < 0 else '+'}{text}"
