"""Loyalty of customers: index and its dimensions, attitude and buying, causes, segments, ladder, drivers."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from evaluator import messages
from evaluator.columns import mean_of
from evaluator.customers.loyalty import AttitudeSegments, Ladder, LoyaltyDrivers, LoyaltyTypes
from evaluator.customers.loyalty.index import DIMENSIONS
from evaluator.customers.models.loyalty import LoyaltyResult
from evaluator.customers.treatments import load_treatments
from evaluator.present import charts, figures
from evaluator.present.charts import Side
from evaluator.reports.blocks import (
    Block,
    Blocks,
    Card,
    Cards,
    Facts,
    Head,
    Part,
    Picture,
    Words,
    found,
    named,
    section,
    strategy_lines,
    table,
    terms,
    told,
)
from evaluator.reports.context import Context

POINTS = 1500  # beyond this many customers dots hide each other


def build(context: Context) -> Blocks | None:
    """Return what is known of the loyalty of a study's customers."""
    result: LoyaltyResult | None = found(context, "loyalty")
    if result is None:
        return section(Part("", tuple(told(context, "loyalty"))))
    return section(
        Part("", tuple(_index(result, context))),
        Part(context.text("loyalty.cells"), tuple(_cells(result, context))),
        Part(context.text("loyalty.causes"), tuple(_causes(result.causes, context))),
        Part(context.text("loyalty.segments"), tuple(_segments(result.segments, context))),
        Part(context.text("loyalty.ladder"), tuple(_ladder(result.ladder, context))),
        Part(context.text("loyalty.drivers"), tuple(_drivers(result.drivers, context))),
    )


def _index(result: LoyaltyResult, context: Context) -> Iterator[Block]:
    index = result.index
    rated = index.frame.drop_nulls("loyalty")
    yield Words(context.text("loyalty.lead", rated=rated.height, customers=index.frame.height), "lead")
    facts = [(context.text("loyalty.index"), figures.number(mean_of(rated["loyalty"])))]
    for dimension in DIMENSIONS:
        title = messages.text(f"customers.loyalty.{dimension}", context.language)
        facts.append((title, figures.number(mean_of(index.frame[dimension]))))
    if index.nps is not None:
        facts.append((context.text("loyalty.nps"), figures.number(index.nps)))
    yield Facts(tuple(facts))
    known = index.means.drop_nulls("score").sort("score", descending=True)
    scores = known.select("measure", "score").iter_rows()
    rows = [(_measure(measure, context), score, None) for measure, score in scores]
    title, says = context.text("loyalty.measures"), context.text("loyalty.measures_says")
    names = (context.text("loyalty.score"), "")
    yield Picture(charts.targets("loyalty-measures", title, says, rows, names))
    heads = [
        Head(context.text("loyalty.measure")),
        Head(context.text("loyalty.dimension")),
        Head(context.text("loyalty.observed"), "count"),
        Head(context.text("loyalty.mean"), "quantity"),
        Head(context.text("loyalty.score"), "number"),
    ]
    frame = index.means.with_columns(
        pl.col("measure").replace({m: _measure(m, context) for m in index.means["measure"]}),
        pl.col("dimension").replace(terms(context, "loyalty", DIMENSIONS)),
    )
    yield table(context.text("loyalty.measures"), heads, frame)
    yield Words(context.text("loyalty.rules", coverage=figures.percent(index.options.min_coverage, 0)))
    yield from (Words(context.told(issue)) for issue in index.issues)


def _measure(name: str, context: Context) -> str:
    key = f"customers.loyalty_measure.{name}"
    return messages.text(key, context.language) if messages.known(key, context.language) else name


def _cells(result: LoyaltyResult, context: Context) -> Iterator[Block]:
    placed = result.cells
    matrix, language = placed.matrix, context.language
    names = {entry.id: entry.name[language] for entry in matrix.classes}
    shown = placed.frame.drop_nulls("class")
    if shown.height:
        sample = shown.sort("class", "id").gather_every(max(1, -(-shown.height // POINTS)))
        rows = named(context, sample).select("id", "name", "attitude", "behaviour", "class")
        marks = [charts.Dot(i, who, x, y, names[class_]) for i, who, x, y, class_ in rows.iter_rows()]
        sides = (
            Side(matrix.x.name[language], placed.cuts["x"]),
            Side(matrix.y.name[language], placed.cuts["y"]),
        )
        words = {key: context.text(f"chart.{key}") for key in ("name", "id", "class")}
        says = context.text("loyalty.cells_says")
        yield Picture(
            charts.scatter(
                "loyalty-cells", matrix.name[language], says, marks, sides, list(names.values()), words
            )
        )
    counts = placed.profile.select("class", "customers", "customers_share").rows()
    profile = {name: (count, share) for name, count, share in counts}
    cards = tuple(
        Card(entry.name[language], place, *profile[entry.id], (), strategy_lines(entry.strategy, context))
        for place, entry in enumerate(matrix.classes)
    )
    yield Cards(matrix.name[language], (), cards, matrix.source[language])


def _causes(result: LoyaltyTypes | None, context: Context) -> Iterator[Block]:
    if result is None:
        return
    yield from _shares("cause", result.counts, "loyalty-causes", "loyalty.causes", context)
    yield _treated("cause", result.counts, context)
    yield from (Words(context.told(issue)) for issue in result.issues)


def _segments(result: AttitudeSegments | None, context: Context) -> Iterator[Block]:
    if result is None:
        return
    if result.up is not None and result.down is not None:
        up, down = figures.percent(result.up), figures.percent(result.down)
        yield Words(context.text("loyalty.moves", up=up, down=down), "lead")
    yield from _shares("segment", result.counts, "loyalty-segments", "loyalty.segments", context)
    if "spend" in result.counts.columns:
        names = _names("segment", result.counts, context)
        heads = [
            Head(context.text("loyalty.segment")),
            Head(context.text("chart.customers"), "count"),
            Head(context.text("loyalty.share"), "percent"),
            Head(context.text("loyalty.spend"), "quantity"),
            Head(context.text("loyalty.spend_share"), "percent"),
        ]
        frame = result.counts.with_columns(pl.col("segment").replace(names))
        yield table(context.text("loyalty.segments"), heads, frame)
    yield _treated("segment", result.counts, context)
    yield from (Words(context.told(issue)) for issue in result.issues)


def _ladder(result: Ladder | None, context: Context) -> Iterator[Block]:
    if result is None:
        return
    names = _names("rung", result.rungs, context)
    whole = max(int(result.rungs["customers"].sum()), 1)
    rows = [(names[rung], reached) for rung, reached in result.rungs.select("rung", "reached").iter_rows()]
    labels = [f"{reached:,} · {figures.percent(reached / whole, 0)}" for _, reached in rows]
    title, says = context.text("loyalty.ladder_chart"), context.text("loyalty.ladder_says")
    axis = context.text("loyalty.reached")
    yield Picture(charts.bars("loyalty-ladder", title, says, rows, axis, labels=labels, format_=",d"))
    heads = [
        Head(context.text("loyalty.rung")),
        Head(context.text("loyalty.stands"), "count"),
        Head(context.text("loyalty.reached"), "count"),
    ]
    yield table(
        context.text("loyalty.ladder"), heads, result.rungs.with_columns(pl.col("rung").replace(names))
    )
    yield from (Words(context.told(issue)) for issue in result.issues)


def _drivers(result: LoyaltyDrivers | None, context: Context) -> Iterator[Block]:
    if result is None:
        return
    if result.barriers_prevail is not None:
        yield Words(
            context.text("loyalty.barriers" if result.barriers_prevail else "loyalty.benefits"), "lead"
        )
    names = terms(context, "driver", result.drivers["driver"])
    kinds = terms(context, "driver_kind", ("benefit", "barrier", "firm"))
    known = result.drivers.drop_nulls("correlation")
    rows = [(names[d], rho) for d, rho in known.select("driver", "correlation").iter_rows()]
    if rows:
        title, says = context.text("loyalty.drivers_chart"), context.text("loyalty.drivers_says")
        labels = [figures.number(rho, 2) for _, rho in rows]
        axis = context.text("loyalty.correlation")
        yield Picture(charts.bars("loyalty-drivers", title, says, rows, axis, labels=labels, format_=".1f"))
    heads = [
        Head(context.text("loyalty.driver")),
        Head(context.text("loyalty.kind")),
        Head(context.text("chart.customers"), "count"),
        Head(context.text("loyalty.mean"), "number"),
        Head(context.text("loyalty.correlation"), "ratio"),
    ]
    frame = result.drivers.with_columns(pl.col("driver").replace(names), pl.col("kind").replace(kinds))
    yield table(context.text("loyalty.drivers"), heads, frame)


def _names(column: str, counts: pl.DataFrame, context: Context) -> dict[str, str]:
    return terms(context, column, counts[column])


def _shares(column: str, counts: pl.DataFrame, id_: str, key: str, context: Context) -> Iterator[Block]:
    names = _names(column, counts, context)
    rows = [(names[who], n) for who, n in counts.select(column, "customers").iter_rows()]
    labels = [
        f"{n:,} · {figures.percent(share)}" for n, share in counts.select("customers", "share").iter_rows()
    ]
    title, says = context.text(f"{key}_chart"), context.text(f"{key}_says")
    axis = context.text("chart.customers")
    yield Picture(charts.bars(id_, title, says, rows, axis, labels=labels, format_=",d"))


def _treated(name: str, counts: pl.DataFrame, context: Context) -> Cards:
    known, names = load_treatments(name), _names(name, counts, context)
    cards = tuple(
        Card(names[key], place, n, share, (), strategy_lines(known.strategies.get(key), context))
        for place, (key, n, share) in enumerate(counts.select(name, "customers", "share").iter_rows())
        if n
    )
    return Cards(context.text("customers.treatments"), (), cards, known.source[context.language])
