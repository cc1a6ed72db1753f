"""What a brief rests on: the heaviest indicators, how certain the result is, and the method in five lines."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.present import charts, figures
from evaluator.present.blocks import Table, Words
from evaluator.reports.brief.acting import Told
from evaluator.reports.context import Context
from evaluator.reports.sections import certainty, scope
from evaluator.reports.sections import method as methods
from evaluator.reports.sections.conventions import conventions

HEAVIEST = 6


def heaviest(context: Context) -> Told | None:
    """Return the indicators with the largest weights; None where the decision says nothing else."""
    if not context.rated.height:
        return None
    weights = context.evaluation.model.global_
    leaves = sorted(context.tree.indicators, key=lambda leaf: -weights[leaf.id])[:HEAVIEST]
    rows = [(context.name(leaf.id), weights[leaf.id]) for leaf in leaves]
    labels = [context.reader.say(value, "weight") for _, value in rows]
    said = [
        context.text("decide.weight", name=name, weight=label)
        for (name, _), label in zip(rows[:3], labels, strict=False)
    ]
    drawn = charts.bars(
        "brief-weights", context.text("decide.heaviest"), context.text("decide.heaviest"), rows,
        context.text("chart.weight"), labels=labels, format_=".0%",
    )  # fmt: skip
    total = sum(value for _, value in rows)
    note = context.text("brief.weights", count=len(rows), all=len(context.tree.indicators),
                        share=figures.percent(total, 0))  # fmt: skip
    return Told(context.text("decide.weights", names=context.reader.listed(said)), (drawn, Words(note)))


def certain(context: Context) -> Told | None:
    """Return how sure the result is; None where nothing was drawn."""
    found, built = context.evaluation.certainty, context.built(certainty.build)
    if found is None or built is None or not found.known or not found.sources:
        return None
    totals = next((part for part in built.parts if part.title == context.text("certainty.classes")), None)
    tables = [block for block in totals.blocks if isinstance(block, Table)] if totals else []
    note = context.text("certainty.interval", level=found.level)
    if tables:  # how it was simulated stands under the method
        nobody, whole = context.text("certainty.none"), tables[0]
        rows = tuple(row for row in whole.rows if row[0] != nobody or row[-2] != row[-1])
        return Told(built.parts[0].title, (Table(whole.title, whole.heads, rows, note, len(rows)),))
    first = (block for block in built.parts[0].blocks if isinstance(block, Words))
    return Told(built.parts[0].title, tuple(said for said in first if said.kind == "lead"))


def method(context: Context) -> Told:
    """Return how the figures were made, in five lines."""
    return Told(context.text("brief.method"), tuple(Words(line) for line in _lines(context)))


def _lines(context: Context) -> Iterator[str]:
    """Yield the data, the weights, the scores, how they join, and how to compute all again."""
    model, text = context.evaluation.model, context.text
    yield _data(context)
    yield _weights(context)
    yield text("method.scores")
    joined = text(f"method.{methods.synthesis_text(model)}")
    yield _joined(context, joined, text("method.matrices")) if context.tree.matrices else joined
    yield _run(context)


def _data(context: Context) -> str:
    told = context.built(scope.build)
    values = {"rated": told.rated, "all": told.customers, "indicators": told.indicators,
              "subject": context.subject, "tree": told.tree}  # fmt: skip
    if not told.customers:
        return context.text("brief.lines.nobody", **values)
    if not told.window:
        return context.text("brief.lines.data", as_of=context.reader.day(told.as_of), **values)
    days = {"since": context.reader.day(told.window[0]), "until": context.reader.day(told.window[1])}
    return context.text("brief.lines.data_window", **days, **values)


def _weights(context: Context) -> str:
    if context.evaluation.weights.source == "given":
        return context.text("method.weights_given")
    used = dict(conventions(context))
    how = (used.get(context.text(f"convention.{key}")) for key in ("method", "aggregation", "combination"))
    return context.text(
        "brief.lines.weights", asked=used[context.text("convention.source")],
        count=context.built(scope.build).experts, how=context.reader.listed(filter(None, how)),
    )  # fmt: skip


def _run(context: Context) -> str:
    provenance, sure = context.evaluation.provenance, context.evaluation.certainty
    values = {"software": provenance.software, "as_of": context.reader.day(provenance.as_of),
              "fingerprint": provenance.fingerprint or context.evaluation.model.fingerprint}  # fmt: skip
    run = context.text("brief.lines.run", **values)
    if sure is None or not sure.known or not sure.sources:
        return run
    return _joined(context, context.text("brief.lines.drawn", draws=sure.draws, seed=sure.seed), run)


def _joined(context: Context, *sentences: str) -> str:
    return context.reader.sentences(sentences)
