"""Where the firm stands: its indicators among the grades, what the next level adds, what changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from evaluator.analysis.levels import LevelStep, level_of, next_levels
from evaluator.present.blocks import Blocks, Part, Table, Words, heads, table, words
from evaluator.present.charts import Chart, Level, levels
from evaluator.present.kinds import Kind
from evaluator.reports.context import Context
from evaluator.reports.sections.changed import before


@dataclass(frozen=True)
class Bounds:
    """How far a score is from the bounds: `missing` to the next grade, `above` that of its own."""

    next: str
    bound: float
    missing: float
    above: float


def build(context: Context) -> Blocks | None:
    """Return where the firm stands; None where it is not one firm that is evaluated."""
    if not context.alone:
        return None
    row, found = context.rated.row(0, named=True), before(context)
    own = found[1].filter(pl.col("id") == row["id"]) if found else pl.DataFrame()
    earlier = own.row(0, named=True) if own.height else {}
    steps = next_levels(context.evaluation.model, context.evaluation.measured.frame, row["id"])
    parts = [
        Part("", (*_verdict(row, steps, context), _profile(row, earlier, context))),
        Part(context.text("standing.next"), tuple(_next(steps, context))),
        Part(context.text("standing.since", since=found[0] if found else ""),
             tuple(_changes(row, earlier, context))),
    ]  # fmt: skip
    return Blocks(tuple(part for part in parts if part.blocks))


def message(section: Blocks, context: Context) -> str:
    """Return how far it is to the next grade."""
    row = context.rated.row(0, named=True)
    bounds = _bounds(row, context)
    if bounds is None:
        return ""
    key = "standing.missing" if bounds.next else "standing.best"
    name = context.grades[bounds.next or row["grade"]]
    return context.text(key, grade=name, bound=bounds.bound, missing=bounds.missing, above=bounds.above)


def _bounds(row: Mapping[str, Any], context: Context) -> Bounds | None:
    """Return how far the score is from the bounds of its grade; None where the tree has no grades."""
    order = [grade.id for grade in context.tree.grades]
    if row["grade"] not in order:
        return None
    place = order.index(row["grade"])
    own, score = context.tree.grades[place], row["score"]
    if not place:
        return Bounds("", own.bound, 0.0, score - own.bound)
    higher = context.tree.grades[place - 1]
    return Bounds(higher.id, higher.bound, higher.bound - score, score - own.bound)


def _verdict(row: Mapping[str, Any], steps: tuple[LevelStep, ...], context: Context) -> Iterator[Words]:
    """Yield what would change the grade: upwards by which steps, downwards by how many points."""
    reader, bounds = context.reader, _bounds(row, context)
    if bounds is None:
        return
    if bounds.next and steps:
        count = next((n for n, step in enumerate(steps, start=1) if _better(step.grade, row, context)), 0)
        last = steps[count - 1] if count else steps[-1]
        names = reader.listed(context.name(step.indicator) for step in steps[:count][:3])
        key = "reached" if 0 < count <= 3 else "reached_many" if count else "not_reached"
        yield words(reader, f"standing.{key}", "lead", count=count or len(steps), names=names,
                    total=last.total, grade=context.grades[last.grade])  # fmt: skip
    lower = [grade.id for grade in context.tree.grades].index(row["grade"]) + 1
    if lower < len(context.tree.grades):
        falls = context.tree.grades[lower].name[context.language]
        own = context.grades[row["grade"]]
        yield words(reader, "standing.falls", above=bounds.above, own=own, grade=falls)


def _better(grade: str, row: Mapping[str, Any], context: Context) -> bool:
    order = [entry.id for entry in context.tree.grades]
    return order.index(grade) < order.index(row["grade"])


def _profile(row: Mapping[str, Any], earlier: Mapping[str, Any], context: Context) -> Chart:
    """Return every indicator's score among the bounds of the grades, with the score before."""
    rows = [
        Level(context.name(leaf.id), context.name(context.tree.path(leaf.id)[1]), score,
              earlier.get(f"score_{leaf.id}"))
        for leaf in context.tree.indicators
        if (score := row.get(f"score_{leaf.id}")) is not None
    ]  # fmt: skip
    bounds = [(grade.name[context.language], grade.bound) for grade in context.tree.grades]
    says = context.text("standing.profile_says" if earlier else "standing.profile_alone")
    return levels(
        "levels", context.text("standing.profile"), says, rows, bounds[:-1], context.tree.score_range,
        context.text,
    )  # fmt: skip


def _next(steps: tuple[LevelStep, ...], context: Context) -> Iterator[Table]:
    """Yield what each indicator adds at its next level, and what all up to it come to."""
    if not steps:
        return
    rows = [
        (context.name(step.indicator), measured, step.score, context.grades[step.level],
         context.grades[step.next], needed, step.gain, step.total, context.grades[step.grade])
        for step in steps
        for measured, needed in (_told_apart(step, context),)
    ]  # fmt: skip
    kinds: dict[str, Kind] = {
        "indicator": "text", "measured": "text", "ranking.score": "points", "level": "text",
        "next_level": "text", "needed": "text", "gain": "shift", "total": "points", "grade_then": "text",
    }  # fmt: skip
    yield table("", heads(context.reader, "standing", kinds), rows, note=context.text("standing.next_says"))


def _told_apart(step: LevelStep, context: Context) -> tuple[str, str]:
    """Return the measure and the one that is needed, with more digits where they would look the same."""
    measured, needed = (context.say_measure(step.indicator, one) for one in (step.measure, step.needed))
    if measured != needed:
        return measured, needed
    return (
        context.say_measure(step.indicator, step.measure, exact=True),
        context.say_measure(step.indicator, step.needed, exact=True),
    )


def _changes(row: Mapping[str, Any], earlier: Mapping[str, Any], context: Context) -> Iterator[Table]:
    """Yield what every indicator gave or took since the evaluation before, the largest effect first."""
    model, grades = context.evaluation.model, context.tree.grades
    both = [
        (leaf.id, then, now)
        for leaf in context.tree.indicators
        if (now := row.get(f"score_{leaf.id}")) is not None
        and (then := earlier.get(f"score_{leaf.id}")) is not None
    ]
    if not both:
        return
    weights = model.global_ if model.additive else dict.fromkeys(model.global_, 1.0)
    rows = [
        (context.name(leaf), then, now, now - then, weights[leaf] * (now - then),
         _moved(level_of(then, grades), level_of(now, grades), context) if grades else "")
        for leaf, then, now in sorted(both, key=lambda one: -abs(weights[one[0]] * (one[2] - one[1])))
    ]  # fmt: skip
    kinds: dict[str, Kind] = {
        "indicator": "text", "before": "points", "now": "points", "change": "shift", "effect": "shift",
        "level": "text",
    }  # fmt: skip
    frame = pl.DataFrame(rows, schema=list(kinds), orient="row")
    if not model.additive:
        del kinds["effect"]
    shown = heads(context.reader, "standing", kinds)
    note = context.text("standing.since_says") if model.additive else ""
    yield table("", shown, frame.select(*kinds), note=note)


def _moved(then: str, now: str, context: Context) -> str:
    """Return a level, or the way from one to another."""
    names = context.grades
    return names[now] if then == now else f"{names[then]} → {names[now]}"
