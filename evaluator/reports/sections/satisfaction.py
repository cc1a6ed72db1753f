"""Satisfaction: expected against perceived, what to improve, kinds of expectation, loyalty that is none."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from evaluator import messages
from evaluator.customers.cutting import cut_values
from evaluator.customers.satisfaction import (
    PathModel,
    Satisfaction,
    sample_margin,
)
from evaluator.customers.satisfaction.importance import QUADRANTS
from evaluator.customers.satisfaction.survey import STATES
from evaluator.present import charts, figures
from evaluator.present.charts import Side
from evaluator.reports.blocks import (
    Block,
    Blocks,
    Facts,
    Head,
    Part,
    Picture,
    Words,
    found,
    section,
    table,
    terms,
    told,
)
from evaluator.reports.context import Context
from evaluator.reports.sections.expectations import item_name, parts


def build(context: Context) -> Blocks | None:
    """Return what the survey of a study's customers tells."""
    return section(
        Part("", tuple(_overview(context))),
        Part(context.text("satisfaction.priorities"), tuple(_priorities(context))),
        Part(context.text("satisfaction.model"), tuple(_model(context))),
        *parts(context),
    )


def _overview(context: Context) -> Iterator[Block]:
    result: Satisfaction | None = found(context, "satisfaction")
    yield from told(context, "satisfaction", result)
    if result is None:
        return
    people = int(result.customers["respondents"].sum())
    customers = result.customers.height
    yield Words(context.text("satisfaction.lead", respondents=people, customers=customers), "lead")
    yield Facts(tuple(_facts(result, context)))
    names = (context.text("satisfaction.expected"), context.text("satisfaction.perceived"))
    rows = [
        charts.Pair(item_name(item, result, context), expected, perceived)
        for item, expected, perceived in result.items.select("item", "expected", "perceived").iter_rows()
    ]
    low, high = (figures.quantity(end) for end in (result.options.low, result.options.high))
    axis = context.text("satisfaction.scale", low=low, high=high)
    says = context.text("satisfaction.pairs_says")
    yield Picture(
        charts.pairs("satisfaction-pairs", context.text("satisfaction.pairs"), says, rows, names, axis)
    )
    if result.groups.height:
        yield table(context.text("satisfaction.groups"), _heads("group", context), _groups(result, context))
    if result.segments.height > 1:
        shown = _shown(result.segments, "segment", context)
        yield table(context.text("satisfaction.segments"), _heads("segment", context), shown)
    yield table(context.text("satisfaction.items"), _heads("item", context), _items(result, context))
    yield Words(context.text("satisfaction.reading", tolerance=figures.percent(result.options.tolerance)))
    yield _states(result, context)


def _states(result: Satisfaction, context: Context) -> Picture:
    known = result.customers["state"].drop_nulls()
    counts = {state: int((known == state).sum()) for state in STATES}
    names = terms(context, "expectation", STATES)
    labels = [f"{n:,} · {figures.percent(n / max(len(known), 1))}" for n in counts.values()]
    rows = [(names[state], n) for state, n in counts.items()]
    title, says = context.text("satisfaction.states"), context.text("satisfaction.states_says")
    axis = context.text("chart.customers")
    return Picture(charts.bars("satisfaction-states", title, says, rows, axis, labels=labels, format_=",d"))


def _facts(result: Satisfaction, context: Context) -> Iterator[tuple[str, str]]:
    total = result.total.row(0, named=True)
    yield context.text("satisfaction.index"), figures.number(total["index"])
    customers = max(context.results.height, result.customers.height)
    margin = sample_margin(result.customers.height, population=customers)
    yield context.text("satisfaction.margin"), f"± {figures.percent(margin)}"
    yield context.text("satisfaction.c"), figures.number(total["c"], 3)
    yield context.text("satisfaction.c_sums"), figures.number(total["c_sums"], 3)
    yield context.text("satisfaction.gap"), figures.number(total["gap"], 2)
    if result.weighted_gap is not None:
        yield context.text("satisfaction.weighted_gap"), figures.number(result.weighted_gap, 2)


def _heads(first: str, context: Context) -> list[Head]:
    return [
        Head(context.text(f"satisfaction.{first}")),
        Head(context.text("satisfaction.answers"), "count"),
        Head(context.text("satisfaction.expected"), "number"),
        Head(context.text("satisfaction.perceived"), "number"),
        Head(context.text("satisfaction.gap"), "ratio"),
        Head(context.text("satisfaction.c"), "ratio"),
        Head(context.text("satisfaction.index"), "number"),
        Head(context.text("satisfaction.state")),
    ]


def _items(result: Satisfaction, context: Context) -> pl.DataFrame:
    names = {item: item_name(item, result, context) for item in result.items["item"]}
    return _shown(result.items.with_columns(pl.col("item").replace_strict(names)), "item", context)


def _groups(result: Satisfaction, context: Context) -> pl.DataFrame:
    stated = {key: group.name[context.language] for key, group in result.options.groups.items()}
    return _shown(result.groups.with_columns(pl.col("group").replace(stated)), "group", context)


def _shown(frame: pl.DataFrame, first: str, context: Context) -> pl.DataFrame:
    states = {
        s: messages.text(f"customers.expectation.{s}", context.language) for s in ("below", "at", "above")
    }
    return frame.select(
        first, "answers", "expected", "perceived", "gap", "c", "index", pl.col("state").replace(states)
    )


def _priorities(context: Context) -> Iterator[Block]:
    """Yield the quadrants of importance and performance, where importances are known."""
    result: Satisfaction | None = found(context, "satisfaction")
    if result is None or result.importance == "none":
        return
    known = result.items.drop_nulls("quadrant")
    names = terms(context, "quadrant", QUADRANTS)
    rows = known.select("item", "index", "importance", "quadrant").iter_rows()
    marks = [charts.Named(item_name(i, result, context), x, y, names[quadrant]) for i, x, y, quadrant in rows]
    options = result.options
    performance = cut_values(options.performance_cut, known["index"].to_numpy(), "performance")
    importance = cut_values(options.importance_cut, known["importance"].to_numpy(), "importance")
    sides = (
        Side(context.text("satisfaction.index"), performance),
        Side(context.text(f"satisfaction.importance_{result.importance}"), importance),
    )
    title, says = context.text("satisfaction.priorities_chart"), context.text("satisfaction.priorities_says")
    yield Picture(charts.points("satisfaction-priorities", title, says, marks, sides, list(names.values())))
    urgent = [mark.name for mark in marks if mark.class_ == names["concentrate"]]
    if urgent:
        yield Words(context.text("satisfaction.urgent", items=context.listed(urgent)), "lead")


def _model(context: Context) -> Iterator[Block]:
    result: PathModel | None = found(context, "latent")
    yield from told(context, "latent", result)
    if result is None:
        return
    names = {name: _latent_name(name, context) for name in result.index}
    rows = [(names[name], index, None) for name, index in result.index.items()]
    title, says = context.text("satisfaction.model_chart"), context.text("satisfaction.model_says")
    axes = (context.text("satisfaction.index"), "")
    yield Picture(charts.targets("satisfaction-model", title, says, rows, axes))
    heads = [
        Head(context.text("satisfaction.source")),
        Head(context.text("satisfaction.target")),
        Head(context.text("satisfaction.coefficient"), "ratio"),
    ]
    paths = result.paths.with_columns(pl.col("source", "target").replace(names))
    explained = [f"{names[name]} {figures.percent(r2, 0)}" for name, r2 in result.r2.items()]
    note = context.text("satisfaction.explained", r2=context.listed(explained), count=result.respondents)
    yield table(context.text("satisfaction.paths"), heads, paths, note=note)
    if result.negative:
        negative = context.listed([names[name] for name in result.negative])
        yield Words(context.text("satisfaction.negative", names=negative), "note")


def _latent_name(name: str, context: Context) -> str:
    key = f"customers.latent.{name}"
    return messages.text(key, context.language) if messages.known(key, context.language) else name
