"""What must be said beside the results: who is not rated, which rules could not be judged, what is unused."""

from __future__ import annotations

from collections.abc import Iterator
from math import fsum
from typing import Any

import polars as pl

from evaluator.columns import at_most, enter, to_polars
from evaluator.errors import Issue, Severity
from evaluator.messages import Named, Term
from evaluator.scoring.checks import SHOWN
from evaluator.scoring.model import Model
from evaluator.scoring.unobserved import unobserved_issues
from evaluator.tree.names import condition_names
from evaluator.tree.profiles import DEFAULT


def result_issues(model: Model, results: Any, measures: Any) -> tuple[Issue, ...]:
    """Return notes on scored customers.

    Who has no profile of their own, which rules are unknown, and measures they have but nobody had when the
    model was fitted.

    Parameters
    ----------
    results : what `score` returned. measures : the frame that was scored.
    """
    frame = to_polars(enter(results).frame)
    late = unobserved_issues(model, enter(measures))
    return (*_without_profile(model, frame, measures), *_unknown(model, frame), *late)


def unrated_issues(model: Model, results: pl.DataFrame, held: pl.DataFrame) -> Iterator[Issue]:
    """Yield a warning where those without enough data hold more than their share.

    Parameters
    ----------
    results : what `score` returned. held : `id` and what customers hold, ``net_amount`` and ``frequency``
        where they are known; less than nothing counts as nothing.
    """
    without = lacking_data(model, results)
    both = results.select("id").with_columns(without.alias("without")).join(held, on="id", how="left")
    count = int(without.sum())
    for column in held.columns[1:]:
        amounts = both[column].cast(pl.Float64).clip(0).fill_null(0)
        whole, theirs = fsum(amounts), fsum(amounts.filter(without))
        if whole > 0 and not at_most(theirs / whole, count / both.height):
            detail = {"count": count, "share": count / both.height, "held": theirs / whole}
            said = {**detail, "of": Term(f"held.{column}")}
            yield Issue("SCORE-667", column, said, severity=Severity.WARNING)


def lacking_data(model: Model, results: pl.DataFrame) -> pl.Series:
    """Return whether each customer is not rated for lack of data; a gate's decision is no lack."""
    leaves = [leaf.id for leaf in model.tree.indicators]
    lacks = (pl.col("status") == "insufficient") | (
        (pl.col("status") == "excluded") & pl.col("reason").is_in(leaves)
    )
    return results.select(lacks.alias("lacks"))["lacks"]


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
            yield Issue("SCORE-663", Named(rule.id, rule.name), {"count": count}, severity=Severity.NOTE)
