"""Kinds of expectation and what they do to loyalty: Kano, the satisfaction trap, loyalty that is none."""

from __future__ import annotations

from statistics import fmean

import polars as pl

from evaluator.customers.models.matrices.placed_view import placed_cards, placed_chart, placed_dots
from evaluator.customers.models.satisfaction import CompetitionOptions, FalseLoyalty, Kano, Trap, TrapOptions
from evaluator.customers.models.satisfaction.kano_model import CLASSES
from evaluator.present import charts, figures
from evaluator.present.blocks import Head, View, customer_table, heads, table, words
from evaluator.present.reader import Reader

LISTED = 50  # customers shown in a list


def kano(result: Kano, chosen: None, reader: Reader) -> View:
    """Yield what kind of expectation each item is."""
    classes = reader.terms("customers.kano", CLASSES)
    known = result.items.drop_nulls("better")
    marks = [
        charts.Named(reader.name(item), -worse, better, classes[class_])
        for item, better, worse, class_ in known.select("item", "better", "worse", "class").iter_rows()
    ]
    sides = (
        charts.PlaneSide(reader.text("satisfaction.worse"), (0.5,)),
        charts.PlaneSide(reader.text("satisfaction.better"), (0.5,)),
    )
    seen = [classes[key] for key in CLASSES if key in set(known["class"])]
    yield charts.points("satisfaction-kano", *reader.caption("satisfaction.kano_chart"), marks, sides, seen)
    shown = [
        *heads(reader, "satisfaction", {"item": "text", "answers": "count"}),
        *(Head(name, "count") for name in classes.values()),
        *heads(reader, "satisfaction", {"class": "text", "better": "share", "worse": "share"}),
    ]
    names = {item: reader.name(item) for item in result.items["item"]}
    frame = result.items.select("item", "answers", *CLASSES, "class", "better", "worse").with_columns(
        pl.col("item").replace_strict(names), pl.col("class").replace_strict(classes)
    )
    yield table(reader.text("satisfaction.kano"), shown, frame)


def trap(result: Trap, chosen: TrapOptions, reader: Reader) -> View:
    """Yield whom more of what is expected anyway will not make more loyal."""
    inside = result.frame.filter(pl.col("trap"))
    options = result.options
    yield words(
        reader, "satisfaction.trap_says", "lead",
        count=inside.height,
        known=int(result.frame["trap"].count()),
        basic=figures.percent(options.basic, 0),
        potential=figures.percent(options.potential, 0),
        mean=reader.say(result.mean, "share"),
        band=figures.number(100 * options.band, 0),
    )  # fmt: skip
    if result.curve is not None:
        yield _curve(result, reader)
        yield words(reader, "satisfaction.curve_fit", r2=figures.percent(result.curve.r2, 0))
    if inside.height:
        shown = heads(reader, "satisfaction", {"basic": "share", "potential": "share", "loyal": "share"})
        frame = inside.sort("potential", "id").drop("trap")
        yield customer_table(reader, reader.text("satisfaction.trapped"), shown, frame, most=LISTED)


def _curve(result: Trap, reader: Reader) -> charts.Chart:
    """Return loyalty along either kind of satisfaction, the other held at its mean."""
    curve = result.curve
    assert curve is not None
    whole = result.frame.drop_nulls()
    means = {name: fmean(whole[name]) for name in ("basic", "potential")}
    steps = [n / 50 for n in range(51)]
    along = {
        "basic": [float(curve.at(x, means["potential"])) for x in steps],
        "potential": [float(curve.at(means["basic"], x)) for x in steps],
    }
    lines = [charts.curve(reader.text(f"satisfaction.along_{name}"), steps, y) for name, y in along.items()]
    axes = (reader.text("satisfaction.level"), reader.text("satisfaction.loyal"))
    return charts.curves("satisfaction-curve", *reader.caption("satisfaction.curve"), lines, axes)


def false_loyalty(result: FalseLoyalty, chosen: CompetitionOptions, reader: Reader) -> View:
    """Yield who is loyal though dissatisfied."""
    placed, language = result.placed, reader.language
    shown = result.frame.drop_nulls("class")
    if shown.height:
        dots = placed_dots(placed, shown, ("satisfaction", "loyalty"), reader)
        caption = (placed.matrix.name[language], reader.text("satisfaction.loyalty_says"))
        yield placed_chart("satisfaction-loyalty", caption, placed, dots, reader)
    if result.curve["from"].n_unique() > 1:
        yield _bands(result, reader)
    strongly = result.frame.filter(pl.col("strongly"))
    yield words(
        reader, "satisfaction.hostages", "lead",
        count=result.frame.filter(pl.col("false_loyalty")).height,
        bound=strongly.height,
        limit=figures.number(result.options.concentration, 2),
    )  # fmt: skip
    if strongly.height:
        columns = [Head(axis.name[language], "points") for axis in (placed.matrix.x, placed.matrix.y)]
        frame = strongly.select("id", "satisfaction", "loyalty").sort("satisfaction", "id")
        yield customer_table(reader, reader.text("satisfaction.bound"), columns, frame, most=LISTED)
    yield placed_cards(placed, reader)


def _bands(result: FalseLoyalty, reader: Reader) -> charts.Chart:
    """Return the firm's curve: mean loyalty by band of satisfaction, a line per segment."""
    everybody = reader.text("satisfaction.everybody")
    lines = [
        charts.curve(
            everybody if segment is None else str(segment), (part["from"] + part["to"]) / 2, part["loyalty"]
        )
        for (segment,), part in result.curve.group_by("segment", maintain_order=True)
    ]
    axes = (reader.text("satisfaction.index"), reader.text("loyalty.index"))
    return charts.curves(
        "satisfaction-bands", *reader.caption("satisfaction.bands"), lines, axes, format_=(".0f", ".0f")
    )
