"""How value is spread over customers: ABC classes, Pareto, Lorenz and whale curves."""

from __future__ import annotations

from evaluator.customers.models.abc.pareto import Abc, AbcOptions, Concentration
from evaluator.customers.view_parts import treated
from evaluator.present import charts, figures
from evaluator.present.blocks import Cards, Cell, Facts, Heading, View, facts, head, words
from evaluator.present.kinds import Kind
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
        share=reader.say(values.top_share(TOP), "share"),
        least=reader.say(values.customers_for(MOST), "share"),
        most=figures.percent(MOST, 0),
    )  # fmt: skip
    yield _facts(values, reader)
    yield _pareto(values, reader)
    if values.whale is not None and values.lorenz is None:
        yield _whale(values, reader)
    yield Heading(reader.text("customers.concentration.classes"))
    yield _classes(result, reader)


def _facts(values: Concentration, reader: Reader) -> Facts:
    known: dict[str, tuple[Cell, Kind]] = {}
    if values.gini is not None:
        known["gini"] = (values.gini, "coefficient")
    if values.lorenz is None and values.peak is not None:
        known |= {"peak": (values.peak, "share"), "peak_at": (values.peak_at, "share")}
    return facts(reader, "customers.concentration", known)


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
        lowest = reader.listed(reader.say(value, reader.value_kind) for value in options.at)
        said = [reader.text("customers.concentration.rule_at", cuts=lowest)]
    else:
        cuts = reader.listed(figures.percent(cut, 0) for cut in options.cuts)
        keys = (f"rule_{options.by}", f"rule_{options.rule}")
        said = [reader.text(f"customers.concentration.{key}", cuts=cuts) for key in keys]
    rows = result.summary.select("class", "customers", "customers_share", "value", "value_share")
    return treated(
        "abc", rows.iter_rows(), {key: key for key in rows["class"]}, reader,
        title="customers.concentration.classes",
        heads=(
            head(reader, reader.value, reader.value_kind),
            head(reader, reader.text("customers.amount_share"), "share"),
        ),
        said=said,
    )  # fmt: skip
