"""How value is spread over customers: ABC classes, Pareto, Lorenz and whale curves, size against profit."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from evaluator import messages
from evaluator.customers import (
    MEASURES,
    MODEL_MEASURES,
    Abc,
    Baseline,
    Concentration,
    FirmQuadrant,
    Screened,
    SizeProfit,
    load_treatments,
)
from evaluator.present import charts, figures
from evaluator.present.charts import Chart
from evaluator.reports.blocks import (
    Block,
    Blocks,
    Card,
    Cards,
    Facts,
    Head,
    Kind,
    Part,
    Picture,
    Words,
    choices,
    found,
    section,
    strategy_lines,
    table,
    told,
)
from evaluator.reports.context import Context

TOP = 0.2
MOST = 0.8


def build(context: Context) -> Blocks | None:
    """Return where the value of a study's customers comes from."""
    return section(
        Part("", tuple(_spread(context))),
        Part(context.text("customers.concentration.classes"), tuple(_classes(context))),
        Part(context.text("customers.concentration.size_profit"), tuple(_size_profit(context))),
        Part(context.text("customers.concentration.quadrant"), tuple(_quadrant(context))),
        Part(context.text("customers.concentration.baseline"), tuple(_baseline(context))),
        Part(context.text("customers.concentration.screening"), tuple(_screening(context))),
    )


def measure_title(name: str, context: Context) -> str:
    """Return what a measure is called; a column of the study's own is called by its name."""
    for registry in (MEASURES, MODEL_MEASURES):
        if name in registry:
            return registry[name].title[context.language]
    indicators = {leaf.measure: leaf.name[context.language] for leaf in context.tree.indicators}
    return indicators.get(name, name)


def _spread(context: Context) -> Iterator[Block]:
    result: Abc | None = found(context, "abc")
    if result is not None:
        spread = result.concentration
        yield Words(
            context.text(
                "customers.concentration.lead",
                value=measure_title(choices(context).value, context),
                count=len(spread.customers) - 1,
                top=figures.percent(TOP, 0),
                share=figures.percent(spread.top_share(TOP)),
                least=figures.percent(spread.customers_for(MOST)),
                most=figures.percent(MOST, 0),
            ),
            "lead",
        )
        yield Facts(tuple(_facts(spread, context)))
        yield Picture(_pareto(spread, context))
        if spread.whale is not None and spread.lorenz is None:
            yield Picture(_whale(spread, context))
    yield from told(context, "abc", result)


def _facts(spread: Concentration, context: Context) -> Iterator[tuple[str, str]]:
    if spread.gini is not None:
        yield context.text("customers.concentration.gini"), figures.number(spread.gini, 3)
    if spread.lorenz is None and spread.peak is not None:
        yield context.text("customers.concentration.peak"), figures.percent(spread.peak)
        yield context.text("customers.concentration.peak_at"), figures.percent(spread.peak_at)


def _pareto(spread: Concentration, context: Context) -> Chart:
    x = spread.customers.tolist()
    lines = [
        charts.Curve(
            context.text("customers.concentration.pareto_line"),
            list(zip(x, spread.pareto.tolist(), strict=True)),
        )
    ]
    if spread.lorenz is not None:
        name = context.text("customers.concentration.lorenz_line")
        lines.append(charts.Curve(name, list(zip(x, spread.lorenz.tolist(), strict=True))))
    lines.append(
        charts.Curve(context.text("customers.concentration.equal"), [(0, 0), (1, 1)], reference=True)
    )
    alone = "" if spread.lorenz is not None else "_alone"
    return charts.curves(
        "pareto",
        context.text(f"customers.concentration.pareto{alone}"),
        context.text(f"customers.concentration.pareto{alone}_says"),
        lines,
        (context.text("customers.concentration.x"), context.text("customers.concentration.y")),
    )


def _whale(spread: Concentration, context: Context) -> Chart:
    assert spread.whale is not None
    points = list(zip(spread.customers.tolist(), spread.whale.tolist(), strict=True))
    whole = charts.Curve(context.text("customers.concentration.total"), [(0, 1), (1, 1)], reference=True)
    return charts.curves(
        "whale",
        context.text("customers.concentration.whale"),
        context.text("customers.concentration.whale_says"),
        [charts.Curve(context.text("customers.concentration.whale_line"), points), whole],
        (context.text("customers.concentration.x"), context.text("customers.concentration.whale_y")),
    )


def _classes(context: Context) -> Iterator[Block]:
    result: Abc | None = found(context, "abc")
    if result is None:
        return
    known = load_treatments("abc")
    options = result.options
    cards = tuple(
        Card(
            row["class"],
            place,
            row["customers"],
            row["customers_share"],
            (row["value"], row["value_share"]),
            strategy_lines(known.strategies.get(row["class"]), context),
        )
        for place, row in enumerate(result.summary.iter_rows(named=True))
    )
    if options.at:
        lowest = context.listed([figures.quantity(value) for value in options.at])
        rule = context.text("customers.concentration.rule_at", cuts=lowest)
    else:
        cuts = context.listed([figures.percent(cut, 0) for cut in options.cuts])
        rule = context.text(f"customers.concentration.rule_{options.by}", cuts=cuts)
        rule += " " + context.text(f"customers.concentration.rule_{options.rule}")
    heads = (
        Head(measure_title(choices(context).value, context), "quantity"),
        Head(context.text("customers.amount_share"), "percent"),
    )
    title = context.text("customers.concentration.classes")
    yield Cards(title, heads, cards, f"{rule} {known.source[context.language]}")


def _size_profit(context: Context) -> Iterator[Block]:
    result: SizeProfit | None = found(context, "size_profit")
    yield from told(context, "size_profit", result)
    if result is None:
        return
    options = choices(context).size_profit
    assert options is not None
    sizes = {key: context.text(f"customers.size.{key}") for key in ("small", "medium", "large")}
    levels = {key: context.level(key) for key in ("low", "high")}
    frame = result.table.with_columns(
        pl.col("size_class").replace_strict(sizes), pl.col("margin_class").replace_strict(levels)
    )
    heads = [
        Head(measure_title(options.size, context)),
        Head(context.text("customers.margin")),
        Head(context.text("customers.count"), "count"),
        Head(measure_title(options.size, context), "quantity"),
        Head(measure_title(options.profit, context), "quantity"),
        *([Head(measure_title(options.capacity, context), "quantity")] if options.capacity else []),
        Head(context.text("customers.margin"), "percent"),
        *([Head(context.text("customers.per_capacity"), "quantity")] if options.capacity else []),
    ]
    cuts = {name: context.listed([figures.quantity(c) for c in at]) for name, at in result.cuts.items()}
    margin = context.listed([figures.percent(c) for c in result.cuts["margin"]])
    note = context.text("customers.concentration.size_cuts", size=cuts["size"], margin=margin)
    yield table(context.text("customers.concentration.size_profit"), heads, frame, note=note)


def _quadrant(context: Context) -> Iterator[Block]:
    result: FirmQuadrant | None = found(context, "quadrant")
    yield from told(context, "quadrant", result)
    if result is None:
        return
    yield Words(context.text(f"customers.quadrant.{result.quadrant}"), "lead")
    options = result.options
    yield Facts(
        (
            (context.text("customers.quadrant.skew"), figures.number(result.skew, 3)),
            (context.text("customers.quadrant.skew_cut"), figures.number(options.skew_cut, 2)),
            (context.text("customers.quadrant.half"), figures.percent(result.half)),
            (context.text("customers.quadrant.diversity"), figures.number(result.diversity, 3)),
            (context.text("customers.quadrant.diversity_cut"), figures.number(options.diversity_cut, 2)),
        )
    )


def _baseline(context: Context) -> Iterator[Block]:
    result: Baseline | None = found(context, "baseline")
    yield from told(context, "baseline", result)
    if result is None:
        return
    counts = dict(result.frame["class"].drop_nulls().value_counts().iter_rows())
    yield Words(context.text("customers.concentration.baseline_says", cut=figures.quantity(result.cut)))
    yield Facts(
        tuple(
            (
                messages.text(f"customers.baseline.{name}", context.language),
                figures.number(counts.get(name, 0), 0),
            )
            for name in ("high_end", "low_end")
        )
    )


def _screening(context: Context) -> Iterator[Block]:
    result: Screened | None = found(context, "screening")
    yield from told(context, "screening", result)
    if result is None:
        return
    criteria = choices(context).screening
    rows = [
        (
            criterion.name[context.language] if criterion.name else measure_title(criterion.column, context),
            _bounds(criterion, context),
            before,
            left_out,
            unknown,
        )
        for criterion, (_, before, left_out, unknown) in zip(criteria, result.funnel.iter_rows(), strict=True)
    ]
    kept = int(result.frame["eligible"].sum())
    yield Words(context.text("customers.screening.says", kept=kept, total=result.frame.height), "lead")
    kinds: dict[str, Kind] = {
        "criterion": "text", "condition": "text", "before": "count", "left_out": "count", "unknown": "count"
    }  # fmt: skip
    heads = [Head(context.text(f"customers.screening.{key}"), kind) for key, kind in kinds.items()]
    yield table("", heads, pl.DataFrame(rows, schema=list(kinds), orient="row"))


def _bounds(criterion: object, context: Context) -> str:
    stated = {
        name: getattr(criterion, name)
        for name in ("at_least", "at_most", "one_of")
        if getattr(criterion, name) is not None
    }
    return context.listed(
        [
            context.text(
                f"customers.screening.{name}",
                value=context.listed(list(value)) if isinstance(value, tuple) else figures.quantity(value),
            )
            for name, value in stated.items()
        ]
    )
