"""Loyalty of customers: index and its dimensions, attitude and buying, causes, segments, ladder, drivers."""

from __future__ import annotations

import polars as pl

from evaluator.columns import mean_of
from evaluator.customers.models.loyalty import AttitudeSegments, Ladder, Loyalty, LoyaltyDrivers, LoyaltyTypes
from evaluator.customers.models.loyalty.index import DIMENSIONS
from evaluator.customers.models.loyalty.study import LoyaltyChoices, LoyaltyResult
from evaluator.customers.models.matrices.placed_view import placed_cards, placed_chart, placed_dots
from evaluator.customers.view_parts import BARRED, filled, shares_chart, treated
from evaluator.present import charts, figures
from evaluator.present.blocks import Facts, Heading, View, fact, heads, notes, table, words
from evaluator.present.reader import Reader

POINTS = 1500  # beyond this many customers dots hide each other


def view(result: LoyaltyResult, chosen: LoyaltyChoices, reader: Reader) -> View:
    """Yield what is known of the loyalty of a study's customers."""
    yield from _index(result.index, reader)
    yield Heading(reader.text("loyalty.cells"))
    yield from _cells(result, reader)
    if result.causes is not None:
        yield Heading(reader.text("loyalty.causes"))
        yield from _causes(result.causes, reader)
    if result.segments is not None:
        yield Heading(reader.text("loyalty.segments"))
        yield from _segments(result.segments, reader)
    if result.ladder is not None:
        yield Heading(reader.text("loyalty.ladder"))
        yield from _ladder(result.ladder, reader)
    if result.drivers is not None:
        yield Heading(reader.text("loyalty.drivers"))
        yield from _drivers(result.drivers, reader)


def _index(index: Loyalty, reader: Reader) -> View:
    rated = index.frame.drop_nulls("loyalty")
    yield words(reader, "loyalty.lead", "lead", rated=rated.height, customers=index.frame.height)
    dimensions = reader.terms("customers.loyalty", DIMENSIONS)
    means = [(reader.text("loyalty.index"), mean_of(rated["loyalty"]))]
    means += [(name, mean_of(index.frame[key])) for key, name in dimensions.items()]
    if index.nps is not None:
        means.append((reader.text("loyalty.nps"), index.nps))
    yield Facts(tuple(fact(reader, name, value, "points") for name, value in means))
    names = {name: reader.term("customers.loyalty_measure", name, name) for name in index.means["measure"]}
    known = index.means.drop_nulls("score").sort("score", descending=True)
    rows = [(names[measure], score, None) for measure, score in known.select("measure", "score").iter_rows()]
    title, says = reader.caption("loyalty.measures")
    yield charts.targets("loyalty-measures", title, says, rows, (reader.text("loyalty.score"), ""))
    shown = heads(reader, "loyalty", {
        "measure": "text", "dimension": "text", "observed": "count", "mean": "quantity", "score": "points"
    })  # fmt: skip
    frame = index.means.with_columns(
        pl.col("measure").replace(names), pl.col("dimension").replace(dimensions)
    )
    yield table(title, shown, frame)
    yield words(reader, "loyalty.rules", coverage=figures.percent(index.options.min_coverage, 0))
    yield from notes(reader, index.issues)


def _cells(result: LoyaltyResult, reader: Reader) -> View:
    placed = result.cells
    shown = placed.frame.drop_nulls("class")
    if shown.height:
        dots = placed_dots(placed, shown, ("attitude", "behaviour"), reader, most=POINTS)
        caption = (placed.matrix.name[reader.language], reader.text("loyalty.cells_says"))
        yield placed_chart("loyalty-cells", caption, placed, dots, reader)
    yield placed_cards(placed, reader)


def _shares(column: str, counts: pl.DataFrame, key: str, reader: Reader) -> charts.Chart:
    names = reader.terms(f"customers.{column}", counts[column])
    counted = counts.select(column, "customers", "share").iter_rows()
    rows = ((names[class_], count, share) for class_, count, share in counted)
    caption, axis = reader.caption(f"loyalty.{key}_chart"), reader.text("chart.customers")
    return shares_chart(f"loyalty-{key}", caption, rows, axis)


def _causes(result: LoyaltyTypes, reader: Reader) -> View:
    yield _shares("cause", result.counts, "causes", reader)
    rows, names = result.counts.select("cause", "customers", "share"), result.counts["cause"]
    yield filled(treated("cause", rows.iter_rows(), reader.terms("customers.cause", names), reader))
    yield from notes(reader, result.issues)


def _segments(result: AttitudeSegments, reader: Reader) -> View:
    if result.up is not None and result.down is not None:
        up, down = reader.say(result.up, "share"), reader.say(result.down, "share")
        yield words(reader, "loyalty.moves", "lead", up=up, down=down)
    yield _shares("segment", result.counts, "segments", reader)
    names = reader.terms("customers.segment", result.counts["segment"])
    if "spend" in result.counts.columns:
        shown = heads(reader, "loyalty", {
            "segment": "text", "chart.customers": "count", "share": "share", "spend": "money",
            "spend_share": "share",
        })  # fmt: skip
        frame = result.counts.with_columns(pl.col("segment").replace(names))
        yield table(reader.text("loyalty.segments"), shown, frame)
    rows = result.counts.select("segment", "customers", "share")
    yield filled(treated("segment", rows.iter_rows(), names, reader))
    yield from notes(reader, result.issues)


def _ladder(result: Ladder, reader: Reader) -> View:
    names = reader.terms("customers.rung", result.rungs["rung"])
    whole = max(int(result.rungs["customers"].sum()), 1)
    rows = [(names[rung], reached) for rung, reached in result.rungs.select("rung", "reached").iter_rows()]
    labels = [f"{reached:,} · {figures.percent(reached / whole, 0)}" for _, reached in rows]
    yield charts.bars(
        "loyalty-ladder", *reader.caption("loyalty.ladder_chart"), rows, reader.text("loyalty.reached"),
        labels=labels, format_=BARRED,
    )  # fmt: skip
    shown = heads(reader, "loyalty", {"rung": "text", "stands": "count", "reached": "count"})
    frame = result.rungs.with_columns(pl.col("rung").replace(names))
    yield table(reader.text("loyalty.ladder"), shown, frame)
    yield from notes(reader, result.issues)


def _drivers(result: LoyaltyDrivers, reader: Reader) -> View:
    if result.barriers_prevail is not None:
        yield words(reader, "loyalty.barriers" if result.barriers_prevail else "loyalty.benefits", "lead")
    names = reader.terms("customers.driver", result.drivers["driver"])
    kinds = reader.terms("customers.driver_kind", ("benefit", "barrier", "firm"))
    known = result.drivers.drop_nulls("correlation")
    rows = [(names[d], rho) for d, rho in known.select("driver", "correlation").iter_rows()]
    if rows:
        labels = [figures.number(rho, 2) for _, rho in rows]
        yield charts.bars(
            "loyalty-drivers", *reader.caption("loyalty.drivers_chart"), rows,
            reader.text("loyalty.correlation"), labels=labels, format_=".1f",
        )  # fmt: skip
    shown = heads(reader, "loyalty", {
        "driver": "text", "kind": "text", "chart.customers": "count", "mean": "points",
        "correlation": "coefficient",
    })  # fmt: skip
    frame = result.drivers.with_columns(pl.col("driver").replace(names), pl.col("kind").replace(kinds))
    yield table(reader.text("loyalty.drivers"), shown, frame)
