"""Kinds of expectation and what they do to loyalty: Kano, the satisfaction trap, loyalty that is none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from statistics import fmean

import polars as pl

from evaluator.customers.satisfaction import FalseLoyalty, Kano, Satisfaction, Trap
from evaluator.customers.satisfaction.kano_model import CLASSES
from evaluator.present import charts, figures
from evaluator.present.charts import Chart, Side
from evaluator.reports.blocks import (
    Block,
    Card,
    Cards,
    Head,
    Part,
    Picture,
    Words,
    found,
    named,
    strategy_lines,
    table,
    terms,
    told,
)
from evaluator.reports.context import Context

SIDES = ("basic", "potential", "loyal")
LISTED = 50  # customers shown in a list


def parts(context: Context) -> tuple[Part, ...]:
    """Return what expectations do to loyalty, as parts of the section of satisfaction."""
    return (
        Part(context.text("satisfaction.kinds"), tuple(_kinds(context))),
        Part(context.text("satisfaction.trap"), tuple(_trap(context))),
        Part(context.text("satisfaction.loyalty"), tuple(_loyalty(context))),
    )


def item_name(item: str, result: Satisfaction | None, context: Context) -> str:
    """Return what an item is called: as the study says, else as the tree, else by its id."""
    own = result.options.items.get(item) if result else None
    if own and own.name:
        return own.name[context.language]
    return context.tree.nodes[item].name[context.language] if item in context.tree.nodes else item


def _kinds(context: Context) -> Iterator[Block]:
    result: Kano | None = found(context, "kano")
    yield from told(context, "kano", result)
    if result is None:
        return
    satisfied: Satisfaction | None = found(context, "satisfaction")
    said = terms(context, "kano", CLASSES)
    known = result.items.drop_nulls("better")
    marks = [
        charts.Named(item_name(item, satisfied, context), -worse, better, said[class_])
        for item, better, worse, class_ in known.select("item", "better", "worse", "class").iter_rows()
    ]
    sides = (
        Side(context.text("satisfaction.worse"), (0.5,)),
        Side(context.text("satisfaction.better"), (0.5,)),
    )
    title, says = context.text("satisfaction.kano_chart"), context.text("satisfaction.kano_says")
    yield Picture(
        charts.points(
            "satisfaction-kano",
            title,
            says,
            marks,
            sides,
            [said[c] for c in CLASSES if c in set(known["class"])],
        )
    )
    heads = [
        Head(context.text("satisfaction.item")),
        Head(context.text("satisfaction.answers"), "count"),
        *(Head(said[key], "count") for key in CLASSES),
        Head(context.text("satisfaction.class")),
        Head(context.text("satisfaction.better"), "percent"),
        Head(context.text("satisfaction.worse"), "percent"),
    ]
    names = {item: item_name(item, satisfied, context) for item in result.items["item"]}
    frame = result.items.select("item", "answers", *CLASSES, "class", "better", "worse").with_columns(
        pl.col("item").replace_strict(names), pl.col("class").replace_strict(said)
    )
    yield table(context.text("satisfaction.kano"), heads, frame)


def _trap(context: Context) -> Iterator[Block]:
    result: Trap | None = found(context, "trap")
    yield from told(context, "trap", result)
    if result is None:
        return
    inside = result.frame.filter(pl.col("trap"))
    known = int(result.frame["trap"].count())
    options = result.options
    yield Words(
        context.text(
            "satisfaction.trap_says",
            count=inside.height,
            known=known,
            basic=figures.percent(options.basic, 0),
            potential=figures.percent(options.potential, 0),
            mean=figures.percent(result.mean),
            band=figures.number(100 * options.band, 0),
        ),
        "lead",
    )
    if result.curve is not None:
        yield Picture(_curve(result, context))
        yield Words(context.text("satisfaction.curve_fit", r2=figures.percent(result.curve.r2, 0)))
    if inside.height:
        heads = [
            Head(context.text("chart.id"), "id"),
            Head(context.text("chart.name")),
            *(
                Head(context.text(f"satisfaction.{key}"), "percent")
                for key in ("basic", "potential", "loyal")
            ),
        ]
        shown = named(context, inside.sort("potential", "id").drop("trap"))
        yield table(context.text("satisfaction.trapped"), heads, shown, most=LISTED)


def _curve(result: Trap, context: Context) -> Chart:
    """Return loyalty along either kind of satisfaction, the other held at its mean."""
    curve = result.curve
    assert curve is not None
    whole = result.frame.drop_nulls()
    means = {name: fmean(whole[name]) for name in ("basic", "potential")}
    steps = [n / 50 for n in range(51)]
    along = {
        "basic": [(x, float(curve.at(x, means["potential"]))) for x in steps],
        "potential": [(x, float(curve.at(means["basic"], x))) for x in steps],
    }
    lines = [
        charts.Curve(context.text(f"satisfaction.along_{name}"), points) for name, points in along.items()
    ]
    return charts.curves(
        "satisfaction-curve",
        context.text("satisfaction.curve"),
        context.text("satisfaction.curve_says"),
        lines,
        (context.text("satisfaction.level"), context.text("satisfaction.loyal")),
    )


def _loyalty(context: Context) -> Iterator[Block]:
    result: FalseLoyalty | None = found(context, "false_loyalty")
    yield from told(context, "false_loyalty", result)
    if result is None:
        return
    matrix = result.placed.matrix
    names = {entry.id: entry.name[context.language] for entry in matrix.classes}
    yield from _scatter(result, names, context)
    if result.curve["from"].n_unique() > 1:
        yield Picture(_bands(result, context))
    hostages = result.frame.filter(pl.col("false_loyalty"))
    strongly = result.frame.filter(pl.col("strongly"))
    yield Words(
        context.text(
            "satisfaction.hostages",
            count=hostages.height,
            bound=strongly.height,
            limit=figures.number(result.options.concentration, 2),
        ),
        "lead",
    )
    if strongly.height:
        heads = [
            Head(context.text("chart.id"), "id"),
            Head(context.text("chart.name")),
            Head(matrix.x.name[context.language], "number"),
            Head(matrix.y.name[context.language], "number"),
        ]
        frame = named(context, strongly.select("id", "satisfaction", "loyalty").sort("satisfaction", "id"))
        yield table(context.text("satisfaction.bound"), heads, frame, most=LISTED)
    yield _cards(result, names, context)


def _scatter(result: FalseLoyalty, names: Mapping[str, str], context: Context) -> Iterator[Picture]:
    matrix = result.placed.matrix
    shown = result.frame.drop_nulls("class")
    if shown.height:
        rows = named(context, shown.select("id", "satisfaction", "loyalty", "class"))
        marks = [charts.Dot(i, who, x, y, names[class_]) for i, who, x, y, class_ in rows.iter_rows()]
        cuts = result.placed.cuts
        sides = (
            Side(matrix.x.name[context.language], cuts["x"]),
            Side(matrix.y.name[context.language], cuts["y"]),
        )
        words = {key: context.text(f"chart.{key}") for key in ("name", "id", "class")}
        says = context.text("satisfaction.loyalty_says")
        title, classes = matrix.name[context.language], list(names.values())
        yield Picture(charts.scatter("satisfaction-loyalty", title, says, marks, sides, classes, words))


def _cards(result: FalseLoyalty, names: Mapping[str, str], context: Context) -> Cards:
    matrix = result.placed.matrix
    counts = result.placed.profile.select("class", "customers", "customers_share").rows()
    profile = {name: (count, share) for name, count, share in counts}
    cards = tuple(
        Card(names[entry.id], place, *profile[entry.id], (), strategy_lines(entry.strategy, context))
        for place, entry in enumerate(matrix.classes)
    )
    return Cards(matrix.name[context.language], (), cards, matrix.source[context.language])


def _bands(result: FalseLoyalty, context: Context) -> Chart:
    """Return the firm's curve: mean loyalty by band of satisfaction, a line per segment."""
    lines = []
    for (segment,), part in result.curve.group_by("segment", maintain_order=True):
        name = str(segment) if segment is not None else context.text("satisfaction.everybody")
        middle = ((part["from"] + part["to"]) / 2).to_list()
        lines.append(charts.Curve(name, list(zip(middle, part["loyalty"].to_list(), strict=True))))
    return charts.curves(
        "satisfaction-bands",
        context.text("satisfaction.bands"),
        context.text("satisfaction.bands_says"),
        lines,
        (context.text("satisfaction.index"), context.text("loyalty.index")),
        format_=(".0f", ".0f"),
    )
