"""Satisfaction: expected against perceived, what to improve, and a model of what makes satisfied."""

from __future__ import annotations

import polars as pl

from evaluator.columns.cuts import cut_values
from evaluator.customers.models.satisfaction import (
    PathModel,
    Satisfaction,
    SatisfactionOptions,
    sample_margin,
)
from evaluator.customers.models.satisfaction.importance import QUADRANTS
from evaluator.customers.models.satisfaction.options import LatentOptions
from evaluator.customers.models.satisfaction.survey import STATES, Rivals
from evaluator.customers.view_parts import shares_chart
from evaluator.present import charts, figures
from evaluator.present.blocks import Cell, Facts, Heading, View, facts, heads, table, words
from evaluator.present.kinds import Kind
from evaluator.present.reader import Reader

_COMPARED: dict[str, Kind] = {
    "answers": "count", "expected": "points", "perceived": "points", "gap": "coefficient",
    "c": "coefficient", "index": "points", "state": "text",
}  # fmt: skip
_PERCEIVED: dict[str, Kind] = {name: _COMPARED[name] for name in ("answers", "perceived", "index")}


def view(result: Satisfaction, chosen: SatisfactionOptions, reader: Reader) -> View:
    """Yield what customers expected and perceived, and what to improve."""
    people = int(result.customers["respondents"].sum())
    lead = "satisfaction.lead" if result.paired else "satisfaction.lead_perceived"
    yield words(reader, lead, "lead", respondents=people, customers=result.customers.height)
    yield _facts(result, reader)
    names = {item: reader.name(item) for item in result.items["item"]}
    yield _pairs(result, names, reader) if result.paired else _levels(result, names, reader)
    groups = {key: group.name[reader.language] for key, group in result.options.groups.items()}
    for key, title, frame, known, fewest in (
        ("group", "groups", result.groups, groups, 1),
        ("segment", "segments", result.segments, {}, 2),
        ("item", "items", result.items, names, 0),
    ):
        if frame.height >= fewest:
            columns = _COMPARED if result.paired else _PERCEIVED
            shown = heads(reader, "satisfaction", {key: "text", **columns})
            rows = _compared(frame, key, known, reader).select(key, *columns)
            yield table(reader.text(f"satisfaction.{title}"), shown, rows)
    if result.paired:
        yield from _against_expectation(result, reader)
    if result.rivals is not None:
        yield Heading(reader.text("satisfaction.against"))
        yield from _against(result.rivals, names, reader)
    if result.importance != "none":
        yield Heading(reader.text("satisfaction.priorities"))
        yield from _priorities(result, names, reader)


def _against_expectation(result: Satisfaction, reader: Reader) -> View:
    """Yield how many customers are below, at and above what they expected."""
    yield words(reader, "satisfaction.reading", tolerance=reader.say(result.options.tolerance, "share"))
    states = result.customers["state"].drop_nulls()
    counts = {state: int((states == state).sum()) for state in STATES}
    named = reader.terms("customers.expectation", STATES)
    rows = ((named[state], count, count / max(len(states), 1)) for state, count in counts.items())
    caption, axis = reader.caption("satisfaction.states"), reader.text("chart.customers")
    yield shares_chart("satisfaction-states", caption, rows, axis)


def _against(rivals: Rivals, names: dict[str, str], reader: Reader) -> View:
    """Yield the firm beside its competitors, over everything and by item, where it lags first."""
    yield words(reader, "satisfaction.against_says")
    kinds: dict[str, Kind] = {"brand": "text", "respondents": "count", "perceived": "points"}
    kinds |= {"index": "points", "relative": "coefficient"}
    yield table("", heads(reader, "satisfaction", kinds), rivals.brands.select(*kinds))
    kinds = {"item": "text", "own": "points", "rivals": "points", "gap": "points"}
    kinds |= {"best": "text", "best_index": "points"}
    shown = rivals.items.select(*kinds).with_columns(pl.col("item").replace(names))
    yield table(reader.text("satisfaction.against_items"), heads(reader, "satisfaction", kinds), shown)


def _facts(result: Satisfaction, reader: Reader) -> Facts:
    total = result.total.row(0, named=True)
    population = max(reader.customers.height, result.customers.height)
    margin = sample_margin(result.customers.height, population=population)
    known: dict[str, tuple[Cell, Kind]] = {
        "index": (total["index"], "points"),
        "margin": (f"± {reader.say(margin, 'share')}", "text"),
    }
    if result.paired:
        known |= {name: (total[name], "coefficient") for name in ("c", "c_sums", "gap")}
    if result.weighted_gap is not None:
        known["weighted_gap"] = (result.weighted_gap, "coefficient")
    return facts(reader, "satisfaction", known)


def _pairs(result: Satisfaction, names: dict[str, str], reader: Reader) -> charts.Chart:
    rows = [
        charts.Pair(names[item], expected, perceived)
        for item, expected, perceived in result.items.select("item", "expected", "perceived").iter_rows()
    ]
    sides = (reader.text("satisfaction.expected"), reader.text("satisfaction.perceived"))
    low, high = (reader.say(end, "quantity") for end in (result.options.low, result.options.high))
    axis = reader.text("satisfaction.scale", low=low, high=high)
    return charts.pairs("satisfaction-pairs", *reader.caption("satisfaction.pairs"), rows, sides, axis)


def _levels(result: Satisfaction, names: dict[str, str], reader: Reader) -> charts.Chart:
    levels = result.items.drop_nulls("index").sort("index", "item").select("item", "index")
    rows = [(names[item], index) for item, index in levels.iter_rows()]
    caption, axis = reader.caption("satisfaction.levels"), reader.text("satisfaction.index")
    return charts.bars(
        "satisfaction-levels", *caption, rows, axis,
        labels=[reader.say(index, "points") for _, index in rows], format_="d",
    )  # fmt: skip


def _compared(frame: pl.DataFrame, first: str, names: dict[str, str], reader: Reader) -> pl.DataFrame:
    states = reader.terms("customers.expectation", ("below", "at", "above"))
    return frame.select(first, *_COMPARED).with_columns(
        pl.col(first).replace(names), pl.col("state").replace(states)
    )


def _priorities(result: Satisfaction, names: dict[str, str], reader: Reader) -> View:
    """Yield the quadrants of importance and performance."""
    known = result.items.drop_nulls("quadrant")
    quadrants = reader.terms("customers.quadrant", QUADRANTS)
    rows = known.select("item", "index", "importance", "quadrant").iter_rows()
    marks = [charts.Named(names[item], x, y, quadrants[quadrant]) for item, x, y, quadrant in rows]
    options = result.options
    performance = cut_values(options.performance_cut, known["index"].to_numpy(), "performance")
    importance = cut_values(options.importance_cut, known["importance"].to_numpy(), "importance")
    sides = (
        charts.PlaneSide(reader.text("satisfaction.index"), performance),
        charts.PlaneSide(reader.text(f"satisfaction.importance_{result.importance}"), importance),
    )
    caption = reader.caption("satisfaction.priorities_chart")
    yield charts.points("satisfaction-priorities", *caption, marks, sides, list(quadrants.values()))
    urgent = [mark.name for mark in marks if mark.class_ == quadrants["concentrate"]]
    if urgent:
        yield words(reader, "satisfaction.urgent", "lead", items=reader.listed(urgent))


def path_model(result: PathModel, chosen: LatentOptions, reader: Reader) -> View:
    """Yield which part of satisfaction acts on which."""
    names = {name: reader.term("customers.latent", name, name) for name in result.index}
    rows = [(names[name], index, None) for name, index in result.index.items()]
    axes = (reader.text("satisfaction.index"), "")
    yield charts.targets("satisfaction-model", *reader.caption("satisfaction.model_chart"), rows, axes)
    shown = heads(reader, "satisfaction", {"source": "text", "target": "text", "coefficient": "coefficient"})
    paths = result.paths.with_columns(pl.col("source", "target").replace(names))
    explained = reader.listed(f"{names[name]} {figures.percent(r2, 0)}" for name, r2 in result.r2.items())
    note = reader.text("satisfaction.explained", r2=explained, count=result.respondents)
    yield table(reader.text("satisfaction.paths"), shown, paths, note=note)
    if result.negative:
        negative = reader.listed(names[name] for name in result.negative)
        yield words(reader, "satisfaction.negative", "note", names=negative)
