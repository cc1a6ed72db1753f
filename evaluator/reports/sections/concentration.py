"""How value is spread over customers: ABC classes, Pareto, Lorenz and whale curves, size against profit."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from evaluator.customers import (
    Abc,
    AbcOptions,
    Baseline,
    BaselineOptions,
    Concentration,
    Criterion,
    FirmQuadrant,
    QuadrantOptions,
    Screened,
    SizeProfit,
    SizeProfitChoice,
)
from evaluator.customers.view_parts import treated
from evaluator.present import charts, figures
from evaluator.present.blocks import Cards, Facts, Head, Heading, View, facts, heads, table, words
from evaluator.present.reader import Reader

TOP = 0.2
MOST = 0.8


def spread(result: Abc, chosen: AbcOptions, reader: Reader) -> View:
    """Yield how value is spread, and the classes by it."""
    values = result.concentration
    yield words(
        reader, "customers.concentration.lead", "lead",
        value=reader.value,
        count=len(values.customers) - 1,
        top=figures.percent(TOP, 0),
        share=figures.percent(values.top_share(TOP)),
        least=figures.percent(values.customers_for(MOST)),
        most=figures.percent(MOST, 0),
    )  # fmt: skip
    yield Facts(tuple(_facts(values, reader)))
    yield _pareto(values, reader)
    if values.whale is not None and values.lorenz is None:
        yield _whale(values, reader)
    yield Heading(reader.text("customers.concentration.classes"))
    yield _classes(result, reader)


def _facts(values: Concentration, reader: Reader) -> Iterator[tuple[str, str]]:
    if values.gini is not None:
        yield reader.text("customers.concentration.gini"), figures.number(values.gini, 3)
    if values.lorenz is None and values.peak is not None:
        yield reader.text("customers.concentration.peak"), figures.percent(values.peak)
        yield reader.text("customers.concentration.peak_at"), figures.percent(values.peak_at)


def _pareto(values: Concentration, reader: Reader) -> charts.Chart:
    def line(key: str, y: list[float]) -> charts.Curve:
        name = reader.text(f"customers.concentration.{key}")
        return charts.Curve(name, list(zip(values.customers.tolist(), y, strict=True)))

    lines = [line("pareto_line", values.pareto.tolist())]
    if values.lorenz is not None:
        lines.append(line("lorenz_line", values.lorenz.tolist()))
    lines.append(charts.Curve(reader.text("customers.concentration.equal"), [(0, 0), (1, 1)], reference=True))
    alone = "" if values.lorenz is not None else "_alone"
    axes = (reader.text("customers.concentration.x"), reader.text("customers.concentration.y"))
    return charts.curves("pareto", *reader.caption(f"customers.concentration.pareto{alone}"), lines, axes)


def _whale(values: Concentration, reader: Reader) -> charts.Chart:
    assert values.whale is not None
    points = list(zip(values.customers.tolist(), values.whale.tolist(), strict=True))
    lines = [
        charts.Curve(reader.text("customers.concentration.whale_line"), points),
        charts.Curve(reader.text("customers.concentration.total"), [(0, 1), (1, 1)], reference=True),
    ]
    axes = (reader.text("customers.concentration.x"), reader.text("customers.concentration.whale_y"))
    return charts.curves("whale", *reader.caption("customers.concentration.whale"), lines, axes)


def _classes(result: Abc, reader: Reader) -> Cards:
    options = result.options
    if options.at:
        lowest = reader.listed(figures.quantity(value) for value in options.at)
        rule = reader.text("customers.concentration.rule_at", cuts=lowest)
    else:
        cuts = reader.listed(figures.percent(cut, 0) for cut in options.cuts)
        rule = reader.text(f"customers.concentration.rule_{options.by}", cuts=cuts)
        rule += " " + reader.text(f"customers.concentration.rule_{options.rule}")
    rows = result.summary.select("class", "customers", "customers_share", "value", "value_share")
    return treated(
        "abc", rows.iter_rows(), {key: key for key in rows["class"]}, reader,
        title="customers.concentration.classes",
        heads=(Head(reader.value, "quantity"), Head(reader.text("customers.amount_share"), "percent")),
        note=f"{rule} ",
    )  # fmt: skip


def size_profit(result: SizeProfit, chosen: SizeProfitChoice, reader: Reader) -> View:
    """Yield customers by size and margin."""
    sizes = {key: reader.text(f"customers.size.{key}") for key in ("small", "medium", "large")}
    levels = {key: reader.text(f"level.{key}") for key in ("low", "high")}
    frame = result.table.with_columns(
        pl.col("size_class").replace_strict(sizes), pl.col("margin_class").replace_strict(levels)
    )
    capacity = chosen.capacity
    shown = [
        Head(reader.measure(chosen.size)),
        *heads(reader, "customers", {"margin": "text", "count": "count"}),
        Head(reader.measure(chosen.size), "quantity"),
        Head(reader.measure(chosen.profit), "quantity"),
        *([Head(reader.measure(capacity), "quantity")] if capacity else []),
        *heads(reader, "customers", {"margin": "percent"}),
        *(heads(reader, "customers", {"per_capacity": "quantity"}) if capacity else []),
    ]
    size = reader.listed(figures.quantity(cut) for cut in result.cuts["size"])
    margin = reader.listed(figures.percent(cut) for cut in result.cuts["margin"])
    note = reader.text("customers.concentration.size_cuts", size=size, margin=margin)
    yield table(reader.text("customers.concentration.size_profit"), shown, frame, note=note)


def quadrant(result: FirmQuadrant, chosen: QuadrantOptions, reader: Reader) -> View:
    """Yield what kind of business it is by the spread and the diversity of its customers."""
    yield words(reader, f"customers.quadrant.{result.quadrant}", "lead")
    yield facts(
        reader, "customers.quadrant",
        {
            "skew": figures.number(result.skew, 3),
            "skew_cut": figures.number(result.options.skew_cut, 2),
            "half": figures.percent(result.half),
            "diversity": figures.number(result.diversity, 3),
            "diversity_cut": figures.number(result.options.diversity_cut, 2),
        },
    )  # fmt: skip


def baseline(result: Baseline, chosen: BaselineOptions, reader: Reader) -> View:
    """Yield the plain split into high and low that more criteria are compared with."""
    counts = dict(result.frame["class"].drop_nulls().value_counts().iter_rows())
    yield words(reader, "customers.concentration.baseline_says", cut=figures.quantity(result.cut))
    names = reader.terms("customers.baseline", ("high_end", "low_end"))
    yield Facts(tuple((name, figures.number(counts.get(key, 0), 0)) for key, name in names.items()))


def screening(result: Screened, chosen: tuple[Criterion, ...], reader: Reader) -> View:
    """Yield how many customers each criterion leaves."""
    rows = [
        (criterion.name[reader.language] if criterion.name else reader.measure(criterion.column),
         _bounds(criterion, reader), *counts)
        for criterion, (_, *counts) in zip(chosen, result.funnel.iter_rows(), strict=True)
    ]  # fmt: skip
    kept = int(result.frame["eligible"].sum())
    yield words(reader, "customers.screening.says", "lead", kept=kept, total=result.frame.height)
    shown = heads(reader, "customers.screening", {
        "criterion": "text", "condition": "text", "before": "count", "left_out": "count", "unknown": "count"
    })  # fmt: skip
    yield table("", shown, pl.DataFrame(rows, schema=["a", "b", "c", "d", "e"], orient="row"))


def _bounds(criterion: Criterion, reader: Reader) -> str:
    bounds = {name: getattr(criterion, name) for name in ("at_least", "at_most", "one_of")}
    stated = (
        (name, reader.listed(value) if isinstance(value, tuple) else figures.quantity(value))
        for name, value in bounds.items()
        if value is not None
    )
    return reader.listed(reader.text(f"customers.screening.{name}", value=value) for name, value in stated)
