"""What changed since the last evaluation: the mean step by step, moves of classes, and why, per customer."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from evaluator.analysis import not_compared, with_reasons
from evaluator.evaluation import Comparison
from evaluator.present.blocks import Blocks, Part, Table, Words, customer_table, heads, notes, table, words
from evaluator.present.kinds import Kind
from evaluator.reports.context import Context

_ENDS = ("last", "now")
MOST = 200


def build(context: Context) -> Blocks | None:
    """Return the comparison with the evaluation before, None where there is none."""
    found = context.evaluation.comparison
    if found is None:
        return None
    reader = context.reader
    lead = words(
        reader, "comparison.lead", "lead", title=found.title[context.language], as_of=reader.day(found.as_of),
        last=reader.say(found.last, "points"), now=reader.say(found.now, "points"),
        compared=found.counts["compared"],
    )  # fmt: skip
    said = [lead, *notes(reader, found.issues, "note")]
    if found.halfway:
        said.append(words(reader, "comparison.halfway", count=found.halfway))
    if others := not_compared(found, context.language):
        said.append(Words(others))
    return Blocks((Part("", (*said, _waterfall(found, context))), *_customers(found, context)))


def message(section: Blocks, context: Context) -> str:
    """Return how the mean moved, and what did most to it."""
    found = context.evaluation.comparison
    if found is None or found.last is None or found.now is None:
        return ""
    last, now = (context.reader.say(mean, "points") for mean in (found.last, found.now))
    if last == now:
        return context.text("comparison.headline.same", now=now)
    steps = {**found.steps, "composition": found.composition}
    largest = max(steps, key=lambda step: abs(steps[step]))
    reason = context.reader.inside(context.text(f"comparison.step.{largest}"))
    change = context.reader.say(abs(found.now - found.last), "points")
    way = "rose" if found.now > found.last else "fell"
    return context.text(f"comparison.headline.{way}", change=change, reason=reason)


def _waterfall(found: Comparison, context: Context) -> Table:
    reader = context.reader
    rows = [
        (reader.text(f"comparison.step.{name}"), *((None, value) if name in _ENDS else (value, None)))
        for name, value in found.waterfall
    ]

    columns = heads(reader, "comparison", {"what": "text", "change": "shift", "points": "points"})
    return table(reader.text("comparison.waterfall"), columns, rows, note=reader.text("comparison.says"))


def _customers(found: Comparison, context: Context) -> Iterator[Part]:
    """Yield the largest changes with their reasons, and the moves between grades and classes."""
    reader = context.reader
    told = with_reasons(found, reader.names, context.language, say=context.say_measure)
    changed = told.filter(pl.col("because") != "").sort(
        pl.col("change").abs(), descending=True, maintain_order=True
    )
    columns: dict[str, Kind] = {"ranking.score": "points", "change": "shift", "because": "text"}
    if changed.height:
        frame = changed.select("id", "score_now", "change", "because")
        largest = customer_table(reader, "", heads(reader, "comparison", columns), frame, most=MOST)
        yield Part(reader.text("comparison.largest"), (largest,), folded=True)
    if found.moves.height:
        yield Part(reader.text("comparison.moves"), (_moves(found, context),), folded=True)


def _moves(found: Comparison, context: Context) -> Table:
    reader, tree = context.reader, context.tree
    called = {"grade": reader.text("ranking.grade")} | {m.id: m.name[context.language] for m in tree.matrices}
    names = dict(context.grades)
    for classes in context.classes.values():
        names |= classes
    reasons = {s: reader.text(f"comparison.step.{s}") for s in found.moves["reason"].drop_nulls().unique()}
    frame = found.moves.select(
        "id",
        pl.col("of").replace(called),
        pl.col("before", "after").replace(names),
        "distance_last",
        "distance_now",
        pl.col("reason").replace(reasons),
    )
    columns = heads(reader, "comparison", {
        "of": "text", "before": "text", "after": "text", "distance_last": "shift", "distance_now": "shift",
        "reason": "text",
    })  # fmt: skip
    return customer_table(reader, "", columns, frame, most=MOST)
