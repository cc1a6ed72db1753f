"""Satisfaction: expected against perceived, what to improve, kinds of expectation, loyalty that is none."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from evaluator import messages
from evaluator.customers.cutting import cut_values
from evaluator.customers.satisfaction import (
    FalseLoyalty,
    Kano,
    PathModel,
    Satisfaction,
    Trap,
    sample_margin,
)
from evaluator.customers.satisfaction.importance import QUADRANTS
from evaluator.customers.satisfaction.kano import CLASSES
from evaluator.customers.satisfaction.survey import STATES
from evaluator.report import figures, plots
from evaluator.report import survey_plots as survey
from evaluator.report.blocks import (
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
from evaluator.report.charts import Chart, Side
from evaluator.report.context import Context

SIDES = ("basic", "potential", "loyal")
LISTED = 50  # customers shown in a list


def build(context: Context) -> Blocks | None:
    """Return what the survey of a study's customers tells."""
    return section(
        Part("", tuple(_overview(context))),
        Part(context.text("satisfaction.priorities"), tuple(_priorities(context))),
        Part(context.text("satisfaction.model"), tuple(_model(context))),
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
        survey.Pair(item_name(item, result, context), expected, perceived)
        for item, expected, perceived in result.items.select("item", "expected", "perceived").iter_rows()
    ]
    low, high = (figures.quantity(end) for end in (result.options.low, result.options.high))
    axis = context.text("satisfaction.scale", low=low, high=high)
    says = context.text("satisfaction.pairs_says")
    yield Picture(
        survey.pairs("satisfaction-pairs", context.text("satisfaction.pairs"), says, rows, names, axis)
    )
    if result.groups.height:
        yield table(context.text("satisfaction.groups"), _heads("group", context), _groups(result, context))
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
    return Picture(plots.bars("satisfaction-states", title, says, rows, axis, labels=labels, format_=",d"))


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
    marks = [survey.Named(item_name(i, result, context), x, y, names[quadrant]) for i, x, y, quadrant in rows]
    options = result.options
    performance = cut_values(options.performance_cut, known["index"].to_numpy(), "performance")
    importance = cut_values(options.importance_cut, known["importance"].to_numpy(), "importance")
    sides = (
        Side(context.text("satisfaction.index"), performance),
        Side(context.text(f"satisfaction.importance_{result.importance}"), importance),
    )
    title, says = context.text("satisfaction.priorities_chart"), context.text("satisfaction.priorities_says")
    yield Picture(survey.points("satisfaction-priorities", title, says, marks, sides, list(names.values())))
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
    yield Picture(survey.targets("satisfaction-model", title, says, rows, axes))
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


def _kinds(context: Context) -> Iterator[Block]:
    result: Kano | None = found(context, "kano")
    yield from told(context, "kano", result)
    if result is None:
        return
    satisfied: Satisfaction | None = found(context, "satisfaction")
    said = terms(context, "kano", CLASSES)
    known = result.items.drop_nulls("better")
    marks = [
        survey.Named(item_name(item, satisfied, context), -worse, better, said[class_])
        for item, better, worse, class_ in known.select("item", "better", "worse", "class").iter_rows()
    ]
    sides = (
        Side(context.text("satisfaction.worse"), (0.5,)),
        Side(context.text("satisfaction.better"), (0.5,)),
    )
    title, says = context.text("satisfaction.kano_chart"), context.text("satisfaction.kano_says")
    yield Picture(
        survey.points(
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
    means = {name: float(whole[name].to_numpy().mean()) for name in ("basic", "potential")}
    steps = [n / 50 for n in range(51)]
    along = {
        "basic": [(x, float(curve.at(x, means["potential"]))) for x in steps],
        "potential": [(x, float(curve.at(means["basic"], x))) for x in steps],
    }
    lines = [
        plots.Curve(context.text(f"satisfaction.along_{name}"), points) for name, points in along.items()
    ]
    return plots.curves(
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
    shown = result.frame.drop_nulls("class")
    if shown.height:
        rows = named(context, shown.select("id", "satisfaction", "loyalty", "class"))
        marks = [plots.Mark(i, who, x, y, names[class_]) for i, who, x, y, class_ in rows.iter_rows()]
        cuts = result.placed.cuts
        sides = (
            Side(matrix.x.name[context.language], cuts["x"]),
            Side(matrix.y.name[context.language], cuts["y"]),
        )
        words = {key: context.text(f"chart.{key}") for key in ("name", "id", "class")}
        says = context.text("satisfaction.loyalty_says")
        title, classes = matrix.name[context.language], list(names.values())
        yield Picture(plots.scatter("satisfaction-loyalty", title, says, marks, sides, classes, words))
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
    counts = result.placed.profile.select("class", "customers", "customers_share").rows()
    profile = {name: (count, share) for name, count, share in counts}
    cards = tuple(
        Card(names[entry.id], place, *profile[entry.id], (), strategy_lines(entry.strategy, context))
        for place, entry in enumerate(matrix.classes)
    )
    yield Cards(matrix.name[context.language], (), cards, matrix.source[context.language])


def _bands(result: FalseLoyalty, context: Context) -> Chart:
    """Return the firm's curve: mean loyalty by band of satisfaction, a line per segment."""
    lines = []
    for (segment,), part in result.curve.group_by("segment", maintain_order=True):
        name = str(segment) if segment is not None else context.text("satisfaction.everybody")
        middle = ((part["from"] + part["to"]) / 2).to_list()
        lines.append(plots.Curve(name, list(zip(middle, part["loyalty"].to_list(), strict=True))))
    return plots.curves(
        "satisfaction-bands",
        context.text("satisfaction.bands"),
        context.text("satisfaction.bands_says"),
        lines,
        (context.text("satisfaction.index"), context.text("loyalty.index")),
        format_=(".0f", ".0f"),
    )
