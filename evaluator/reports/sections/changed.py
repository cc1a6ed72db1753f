"""What changed since the evaluation before, or the period before, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from math import fsum
from typing import Any

import polars as pl

from evaluator.analysis.moves import migration
from evaluator.reports.context import Context

LEAST = 0.05
"""Points that a figure with one decimal shows."""


def changes(context: Context) -> Iterator[str]:
    """Yield what changed, and the largest reason where it is known; nothing where there is nothing before.

    Of one alone, such as the firm, it is the score; of many, who moved up and down.
    """
    found, moved = before(context), migration(context.evaluation)
    if found and (moved is None or context.rated.height == 1):
        yield from _scores(*found, context)
    elif found and moved:
        since = found[0]
        counts = {name: getattr(moved, name) for name in ("up", "down", "entered", "left")}
        names = context.reader.counted("decide.moved", counts)
        yield context.text("decide.changed" if names else "decide.unchanged", as_of=since, names=names)
        if reason := _largest_reason(context):
            yield context.text("decide.reason", reason=reason)


def before(context: Context) -> tuple[str, pl.DataFrame] | None:
    """Return since when, and who was rated then: in the evaluation before, else in the period before."""
    previous, periods = context.evaluation.previous, context.evaluation.periods
    if previous is not None and (rated := _rated(previous.results)).height:
        return context.reader.day(previous.as_of), rated
    return (periods[-2].period, _rated(periods[-2].results)) if len(periods) > 1 else None


def _rated(results: pl.DataFrame) -> pl.DataFrame:
    return results.filter(pl.col("status") == "rated") if "status" in results.columns else results


def _scores(since: str, earlier: pl.DataFrame, context: Context) -> Iterator[str]:
    """Yield how the score went, of one or on average, and where one alone gained and lost most."""
    both = context.rated.join(earlier, on="id", suffix="_before")
    if both.is_empty() or "score_before" not in both.columns:
        return
    now, then = (fsum(both[name].drop_nulls()) / both.height for name in ("score", "score_before"))
    key = "since" if both.height == context.rated.height == 1 else "mean_since"
    yield context.text(f"decide.{key}", since=since, change=now - then, before=then, now=now)
    if key == "since":
        yield from _graded(both.row(0, named=True), context)
    if key == "since" and context.evaluation.model.additive:
        yield from _most(both.row(0, named=True), context)


def _graded(row: dict[str, Any], context: Context) -> Iterator[str]:
    """Yield the grade then and now, where it is another."""
    order = [grade.id for grade in context.tree.grades]
    now, then = row.get("grade"), row.get("grade_before")
    if now in order and then in order and now != then:
        key = "grade_up" if order.index(now) < order.index(then) else "grade_down"
        yield context.text(f"decide.{key}", then=context.grades[then], now=context.grades[now])


def _most(row: dict[str, Any], context: Context) -> Iterator[str]:
    """Yield the indicators that gave and took most points, of those scored both times."""
    weights = context.evaluation.model.global_
    gained = {
        leaf.id: (now - then) * weights[leaf.id]
        for leaf in context.tree.indicators
        if (now := row.get(f"score_{leaf.id}")) is not None
        and (then := row.get(f"score_{leaf.id}_before")) is not None
    }
    if not gained:
        return
    up, down = (pick(gained, key=lambda leaf: gained[leaf]) for pick in (max, min))
    if gained[up] >= LEAST:
        yield context.text("decide.most_up", name=context.name(up), points=gained[up])
    if gained[down] <= -LEAST:
        yield context.text("decide.most_down", name=context.name(down), points=gained[down])


def _largest_reason(context: Context) -> str:
    """Return what moved scores most: an indicator where measures changed, else the kind of change."""
    found = context.evaluation.comparison
    if found is None or "change" not in found.customers.columns:
        return ""
    changed = found.customers.filter(pl.col("change").abs() > 0, pl.col("reason").is_not_null())
    if not changed.height:
        return ""
    by = changed.group_by("reason", "indicator").agg(moved=pl.col("change").abs().sum())
    reason, indicator, _ = by.sort("moved", "reason", "indicator", descending=[True, False, False]).row(0)
    if reason == "values" and indicator in context.tree.nodes:
        return context.name(indicator)
    return context.text(f"comparison.step.{reason}")
