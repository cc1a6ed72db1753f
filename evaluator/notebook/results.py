"""What evaluations, explanations, plans and comparisons show: the finding first, then its picture."""

from __future__ import annotations

from collections.abc import Iterator
from math import fsum

import polars as pl

from evaluator.actions.planning import Plan
from evaluator.analysis.explanation import Explanation
from evaluator.analysis.plans import PlanFindings
from evaluator.analysis.reasons import not_compared, with_reasons
from evaluator.analysis.robustness import sentence
from evaluator.columns.legible import label, labels
from evaluator.evaluation import Certainty, Comparison, Evaluation
from evaluator.present import charts
from evaluator.present.blocks import (
    Block,
    Facts,
    Heading,
    Table,
    View,
    Words,
    customer_table,
    fact,
    heads,
    notes,
    table,
    words,
)  # fmt: skip
from evaluator.present.kinds import Kind
from evaluator.present.reader import Reader
from evaluator.reports.context import Context
from evaluator.reports.legible import legible
from evaluator.reports.sections import decide, scores
from evaluator.reports.sections.ledger import Ledger

FIRST = 10  # customers
STEPS = 12  # of a waterfall, the rest together


def evaluation(found: Evaluation, reader: Reader) -> View:
    """Yield the first screen of the report: whom to act on, the ledger, the matrix, what to heed."""
    context = Context(legible(found), reader.language)
    reader = context.reader
    said = decide.build(context)
    yield words(reader, "notebook.evaluation", title=found.title[context.language],
                rated=context.rated.height, all=context.results.height + len(found.unrated),
                subject=context.subject, day=reader.day(found.provenance.as_of))  # fmt: skip
    yield from (Words(text, "note") for text in said.beware)
    yield Words(said.headline, "lead")
    yield from (Words(text) for text in (*said.under, *said.changed))
    if said.ledger:
        yield _ledger(said.ledger, reader)
    yield from decide.draw(said, context)
    if spread := scores.build(context):
        yield from (block for part in spread.parts for block in part.blocks)
    yield Heading(reader.text("notebook.first", count=min(FIRST, context.rated.height)))
    yield _ranking(context)
    if said.cautions:
        yield Heading(reader.text("decide.careful_title"))
        yield from (Words(one.text, "note") for one in said.cautions)


def _ledger(found: Ledger, reader: Reader) -> Table:
    kinds: dict[str, Kind] = {
        "decide.action": "text", "chart.customers": "count", "decide.money": "money", "decide.due": "text",
        "decide.certain": "share", "decide.do": "text",
    }  # fmt: skip
    rows = [
        (line.name, line.count, line.amount,
         reader.text("decide.days", days=line.days) if line.days else None, line.certain, line.do)
        for line in found.lines
    ]  # fmt: skip
    return table("", heads(reader, "notebook.column", kinds), rows)


def _ranking(context: Context) -> Table:
    """Return the first customers with score, grade and the class that decides."""
    reader, tree = context.reader, context.tree
    shown = context.rated.head(FIRST)
    grade = pl.col("grade").replace_strict(context.grades, default=None, return_dtype=pl.String)
    columns: dict[str, Kind] = {"ranking.score": "points", "ranking.grade": "text"}
    values = [pl.col("score"), grade]
    for matrix in tree.matrices[:1]:
        names = context.classes[matrix.id]
        values.append(
            pl.col(f"class_{matrix.id}").replace_strict(names, default=None, return_dtype=pl.String)
        )
        columns["ranking.class"] = "text"
    frame = shown.select("id", *(value.alias(f"c{place}") for place, value in enumerate(values)))
    return customer_table(reader, "", heads(reader, "notebook.column", columns), frame)


def explanation(found: Explanation, reader: Reader) -> View:
    """Yield one customer's score as a waterfall, and every indicator's part in it."""
    who = label(found.name or found.id)
    language = reader.language
    score = reader.say(found.score, "points")
    key = "explained" if found.score is not None and found.status == "rated" else "unexplained"
    yield words(reader, f"notebook.{key}", "lead", name=who, score=score)
    if found.score is not None:
        yield _waterfall(found, who, reader)
    rows = [
        (found.called(one.indicator, language), _measure_text(one.measure, reader),
         one.score, one.effective_weight, one.points, _handled(one.handling, reader))
        for one in found.contributions
    ]  # fmt: skip
    kinds: dict[str, Kind] = {"indicator": "text", "measured": "text", "score": "points", "share": "weight",
                              "points": "shift", "handling": "text"}  # fmt: skip
    yield table("", heads(reader, "notebook.column", kinds), rows)


def _handled(how: str, reader: Reader) -> str:
    return reader.text("notebook.observed" if how == "observed" else f"missing.{how}")


def _measure_text(measure: float | str | None, reader: Reader) -> str | None:
    if isinstance(measure, str):
        return label(measure)
    return None if measure is None else reader.say(measure, "quantity")


def _waterfall(found: Explanation, who: str, reader: Reader) -> charts.Chart:
    def step(name: str, value: float, *, total: bool = False) -> charts.WaterfallStep:
        return charts.WaterfallStep(name, value, reader.say(value, "points" if total else "shift"), total)

    parts = sorted((one for one in found.contributions if one.points), key=lambda one: -abs(one.points or 0))
    steps = (
        [step(reader.text("notebook.step.reference"), found.reference, total=True)] if found.reference else []
    )
    steps += [step(found.called(one.indicator, reader.language), one.points or 0.0) for one in parts[:STEPS]]
    if rest := parts[STEPS:]:
        others = reader.text("notebook.step.others", count=len(rest))
        steps.append(step(others, fsum(one.points or 0.0 for one in rest)))
    steps += [
        step(reader.text(f"notebook.step.{name}"), value)
        for name, value in (("remainder", found.remainder), ("rules", found.adjustment))
        if abs(value) > 1e-9
    ]
    steps.append(step(reader.text("ranking.score"), found.score or 0.0, total=True))
    title, says = reader.text("notebook.waterfall", name=who), reader.text("notebook.waterfall_says")
    return charts.waterfall("waterfall", title, says, steps, reader.text("chart.score"))


def comparison(found: Comparison, reader: Reader) -> View:
    """Yield what moved the mean, step by step, and the largest changes."""
    yield words(reader, "notebook.compared", "lead", last=reader.say(found.last, "points"),
                now=reader.say(found.now, "points"), count=found.counts.get("compared", 0))  # fmt: skip
    if others := not_compared(found, reader.language):
        yield Words(others)
    yield from notes(reader, found.issues, "note")
    if found.last is not None and found.now is not None:
        drawn = [
            charts.WaterfallStep(reader.text(f"comparison.step.{name}"), value or 0.0,
                        reader.say(value, "points" if name in ("last", "now") else "shift"),
                        name in ("last", "now"))
            for name, value in found.waterfall
        ]  # fmt: skip
        title, says = reader.text("comparison.waterfall"), reader.text("comparison.says")
        yield charts.waterfall("waterfall", title, says, drawn, reader.text("chart.score"))
    yield from _largest(found, reader)


def _largest(found: Comparison, reader: Reader) -> Iterator[Block]:
    if "change" not in found.customers.columns:
        return
    told = with_reasons(found, reader.names, reader.language)
    told = told.filter(pl.col("because") != "").sort(pl.col("change").abs(), descending=True)
    if not told.height:
        return
    kinds: dict[str, Kind] = {"ranking.score": "points", "change": "shift", "because": "text"}
    frame = told.select("id", "score_now", "change", "because")
    yield customer_table(reader, reader.text("comparison.largest"), heads(reader, "comparison", kinds), frame,
                         most=FIRST)  # fmt: skip


def certainty(found: Certainty, reader: Reader) -> View:
    """Yield how many keep what decides, and what each source of doubt does to that."""
    yield Words(sentence(found, "customer", reader.language), "lead")
    yield from notes(reader, found.issues, "note")
    if not found.known:
        return
    alone = found.alone.filter(pl.col("what") == found.deciding)
    if alone.height:
        rows = [(reader.text(f"certainty.source.{row['source']}"), row["kept"] or 0.0)
                for row in alone.iter_rows(named=True)]  # fmt: skip
        labels = [reader.say(value, "share") for _, value in rows]
        yield charts.bars("sources", *reader.caption("notebook.sources"), rows, reader.text("notebook.kept"),
                          labels=labels, format_=".0%")  # fmt: skip
    kinds: dict[str, Kind] = {
        "of": "text",
        "class": "text",
        "count": "count",
        "low": "count",
        "high": "count",
    }
    frame = found.totals.select("what", "value", "count", "low", "high")
    yield table("", heads(reader, "notebook.column", kinds), frame)


def plan(found: Plan, reader: Reader) -> View:
    """Yield what a plan brings and costs, how far it is from the best, and who is given what."""
    yield words(reader, "notebook.plan", "lead", actions=found.rows.height,
                customers=found.rows["id"].n_unique())  # fmt: skip
    yield Facts((
        fact(reader, reader.text("notebook.value"), found.value, "money"),
        fact(reader, reader.text("notebook.cost"), found.cost, "money"),
        fact(reader, reader.text("notebook.budget"), found.limits.budget, "money"),
        fact(reader, reader.text("notebook.gap"), found.gap, "share"),
    ))  # fmt: skip
    if found.rows.height:
        by = found.rows.group_by("action", maintain_order=True).agg(pl.col("net").sum(), pl.len())
        rows = [(label(name), net) for name, net, _ in by.sort("net", descending=True).iter_rows()]
        yield charts.bars("actions", *reader.caption("notebook.by_action"), rows, reader.text("notebook.net"),
                          labels=[reader.say(net, "money") for _, net in rows])  # fmt: skip
    if found.unknown:
        yield words(reader, "notebook.unknown", "note", count=found.unknown)
    kinds: dict[str, Kind] = {"action": "text", "gain": "money", "cost": "money", "net": "money"}
    frame = found.rows.select("id", "action", "gain", "cost", "net").sort("net", descending=True)
    frame = frame.with_columns(labels(frame["action"]))
    yield customer_table(reader, "", heads(reader, "notebook.column", kinds), frame, names=False)


def plan_findings(found: PlanFindings, reader: Reader) -> View:
    """Yield the plan, and what other budgets would bring."""
    yield from plan(found.plan, reader)
    if found.frontier.height > 1:
        budgets, values = found.frontier["budget"].to_numpy(), found.frontier["value"].to_numpy()
        line = charts.curve(reader.text("notebook.value"), budgets, values)
        title, says = reader.caption("notebook.frontier")
        yield charts.curves("frontier", title, says, [line],
                            (reader.text("notebook.budget"), reader.text("notebook.value")),
                            format_=("~s", "~s"))  # fmt: skip
    if found.last is not None:
        yield words(reader, "notebook.last", last=reader.say(found.last, "money"))
