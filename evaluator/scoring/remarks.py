"""What must be said beside the results: rules that could not be judged, customers without a profile."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from evaluator.columns import enter, to_polars
from evaluator.errors import Issue, Severity
from evaluator.scoring.checks import SHOWN
from evaluator.scoring.model import Model
from evaluator.tree.names import condition_names
from evaluator.tree.profiles import DEFAULT


def result_issues(model: Model, results: Any, measures: Any) -> tuple[Issue, ...]:
    """Return notes on scored customers: SCORE-662 (no profile of their own), SCORE-663 (rules unknown).

    Parameters
    ----------
    results : what `score` returned. measures : the frame that was scored.
    """
    frame = to_polars(enter(results).frame)
    return (*_without_profile(model, frame, measures), *_unknown(model, frame))


def _without_profile(model: Model, results: pl.DataFrame, measures: Any) -> Iterator[Issue]:
    profiles = model.tree.profiles
    if not model.profiles or profiles is None:
        return
    meaning = condition_names(model.tree)[profiles.by]
    measured = {leaf.id: leaf.measure for leaf in model.tree.indicators}
    column = measured[meaning.of] if meaning.what == "measure" else profiles.by
    known = to_polars(enter(measures, ("id", column)).frame.select("id", column))
    others = results.filter(pl.col("profile") == DEFAULT).select("id").join(known, on="id", how="left")
    if others.height:
        values = others[column].cast(pl.String).fill_null("–").unique().sort().to_list()
        shown = ", ".join(values[:SHOWN]) + (" …" if len(values) > SHOWN else "")
        detail = {"count": others.height, "values": shown}
        yield Issue("SCORE-662", profiles.by, detail, severity=Severity.WARNING)


def _unknown(model: Model, results: pl.DataFrame) -> Iterator[Issue]:
    for rule in model.tree.rules:
        if count := results.filter(pl.col(f"rule_{rule.id}") == "unknown").height:
            yield Issue("SCORE-663", rule.id, {"count": count}, severity=Severity.NOTE)
