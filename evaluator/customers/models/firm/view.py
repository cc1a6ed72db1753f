"""The firm itself: its CRM capability, its performance against targets, and states told by checklists."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from evaluator.customers.models.firm import (
    Capability,
    CapabilityOptions,
    ChecklistOptions,
    Idic,
    LevelState,
    Performance,
    PerformanceOptions,
    PlanState,
)
from evaluator.customers.models.firm.options import ChannelOptions
from evaluator.customers.models.firm.performance_views import VIEWS
from evaluator.customers.models.firm.states import STAGES
from evaluator.customers.models.firm.study import ChecklistChoices, FirmStates
from evaluator.present import charts
from evaluator.present.blocks import Cell, Fact, Facts, View, Words, facts, heads, table, words
from evaluator.present.kinds import Kind
from evaluator.present.reader import Reader


def capability(result: Capability, chosen: CapabilityOptions, reader: Reader) -> View:
    """Yield the firm's capability of customer relationship management."""
    language, structure = reader.language, result.structure
    names = {ability.id: ability.name[language] for ability in structure.abilities}
    names |= {item.id: item.name[language] for _, item in structure.items()}
    known: dict[str, tuple[Cell, Kind]] = {"index": (result.index, "points")}
    known |= {"gap": (result.gap, "points")} if result.gap is not None else {}
    known |= {"period": (result.period, "text")} if result.period else {}
    yield facts(reader, "firm", known)
    title, says = reader.caption("firm.abilities")
    axes = (reader.text("firm.index"), reader.text("firm.target"))
    yield charts.targets("firm-abilities", title, says, _targets(result.abilities, "ability", names), axes)
    items = reader.text("firm.items")
    yield charts.targets("firm-items", items, says, _targets(result.items, "item", names), axes)
    shown = heads(reader, "firm", {
        "item": "text", "measure": "text", "raters": "count", "score": "points", "spread": "points",
        "index": "points", "target": "points", "gap": "points",
    })  # fmt: skip
    measures = {item.id: item.measure[language] if item.measure else "" for _, item in structure.items()}
    frame = result.items.select(
        pl.col("item").replace_strict(names), pl.col("item").replace_strict(measures).alias("measure"),
        "raters", "score", "spread", "index", "target", "gap",
    )  # fmt: skip
    yield table(items, shown, frame)
    if result.trend["period"].n_unique() > 1:
        yield _trend(result, names, reader)
    if result.factors.height:
        yield from _factors(result, names, reader)
    yield Words(structure.source[language])


def _targets(
    frame: pl.DataFrame, key: str, names: Mapping[str, str]
) -> list[tuple[str, float, float | None]]:
    """Return the rows whose index is known, by name, with their targets."""
    known = frame.drop_nulls("index").select(key, "index", "target")
    return [(names[item], index, target) for item, index, target in known.iter_rows()]


def _trend(result: Capability, names: Mapping[str, str], reader: Reader) -> charts.Chart:
    index = reader.text("firm.index")
    known = {**names, "index": index}
    cells = [
        charts.Value(known[ability], period, value, reader.say(value, "points"))
        for period, ability, value in result.trend.iter_rows()
    ]
    rows = [known[ability] for ability in (*result.abilities["ability"], "index")]
    periods = result.trend["period"].unique().sort().to_list()
    axes = (reader.text("firm.period"), reader.text("firm.ability"))
    return charts.grid(
        "firm-trend", *reader.caption("firm.trend"), cells, rows, periods, axes, (index, ".1f")
    )


def _factors(result: Capability, names: Mapping[str, str], reader: Reader) -> View:
    factors = {factor.id: factor.name[reader.language] for factor in result.structure.factors}
    rows = [
        (factors[factor], 25 * (score - 1), None)
        for factor, score in result.factors.drop_nulls("score").select("factor", "score").iter_rows()
    ]
    axes = (reader.text("firm.index"), reader.text("firm.target"))
    yield charts.targets("firm-factors", *reader.caption("firm.factors"), rows, axes)
    if result.bonds["correlation"].count():
        shown = heads(reader, "firm", {"factor": "text", "raters": "count", "correlation": "coefficient"})
        frame = result.bonds.drop("ability").with_columns(pl.col("factor").replace_strict(factors))
        title = reader.text("firm.bonds", ability=names[result.bonds["ability"][0]])
        yield table(title, shown, frame, note=reader.text("firm.bonds_says"))


def performance(result: Performance, chosen: PerformanceOptions, reader: Reader) -> View:
    """Yield how far the firm's figures are on their way to their targets."""
    views = reader.terms("customers.view", VIEWS)
    yield facts(reader, "firm", {"attainment": (result.attainment, "points")})
    known = result.views.drop_nulls("attainment")
    rows = [(views[view], at, 100.0) for view, at in known.select("view", "attainment").iter_rows()]
    if rows:
        axes = (reader.text("firm.attainment"), reader.text("firm.target"))
        yield charts.targets("firm-views", *reader.caption("firm.views"), rows, axes)
    shown = heads(reader, "firm", {
        "figure": "text", "view": "text", "actual": "quantity", "baseline": "quantity", "target": "quantity",
        "attainment": "points", "state": "text",
    })  # fmt: skip
    states = reader.terms("customers.attainment", ("reached", "on_the_way", "not_begun", "unknown"))
    names = {key: reader.term("customers.figure", key, key) for key in result.figures["figure"]}
    frame = result.figures.with_columns(
        pl.col("figure").replace(names), pl.col("view").replace(views), pl.col("state").replace(states)
    )
    yield table(reader.text("firm.figures"), shown, frame)


def states(result: FirmStates, chosen: ChecklistChoices, reader: Reader) -> View:
    """Yield where the firm stands by its checklists."""
    language, nothing = reader.language, reader.text("firm.no_level")
    levels = [state for state in (result.maturity, result.relationship) if state is not None]
    plans = [plan for plan in (result.interaction, result.diagnosis) if plan is not None]
    pairs = []
    for state in levels:
        names = {level.id: level.name[language] for level in state.checklist.levels}
        pairs.append((state.checklist.name[language], names.get(state.level or "", nothing)))
    for plan in plans:
        whole = reader.text("firm.whole" if plan.complete else "firm.incomplete")
        pairs.append((plan.checklist.name[language], whole))
    for key, kind in (("customisation", result.customisation), ("marketing", result.marketing)):
        if kind:
            pairs.append((reader.text(f"firm.{key}"), reader.term(f"customers.{key}", kind)))
    yield Facts(tuple(Fact(name, said) for name, said in pairs))
    for state in levels:
        yield from _levels(state, reader)
    yield from (_missing(plan, reader) for plan in plans if plan.missing)


def _levels(state: LevelState, reader: Reader) -> View:
    language, checklist = reader.language, state.checklist
    names = {level.id: level.name[language] for level in checklist.levels}
    items = {item.id: item.name[language] for level in checklist.levels for item in level.items}
    answers = {True: reader.text("firm.yes"), False: reader.text("firm.no")}
    met = [answers[value] for value in state.statements["met"]]
    frame = state.statements.select(
        pl.col("level").replace(names), pl.col("item").replace(items), "answers", "agreed"
    ).with_columns(pl.Series("met", met))
    shown = heads(reader, "firm", {
        "level": "text", "statement": "text", "raters": "count", "agreed": "share", "met": "text"
    })  # fmt: skip
    yield table(checklist.name[language], shown, frame, note=checklist.source[language])
    if state.missing:
        lacking = reader.listed(item.name[language] for item in state.missing)
        yield words(reader, "firm.to_next", "lead", items=lacking)


def _missing(plan: PlanState, reader: Reader) -> Words:
    language = reader.language
    parts = reader.listed(part.name[language] for part in plan.missing)
    return words(reader, "firm.lacks", "lead", plan=plan.checklist.name[language], parts=parts)


def channels(result: pl.DataFrame, chosen: ChannelOptions, reader: Reader) -> View:
    """Yield which channels fit, and what they reach."""
    shown = heads(reader, "firm", {
        "channel": "text", "fit": "points", "effect": "share", "contact_cost": "money", "rank": "rank"
    })  # fmt: skip
    weights = reader.listed(
        f"{reader.term('report.firm.criterion', name, name)} {reader.say(weight, 'quantity')}"
        for name, weight in chosen.weights.items()
    )
    note = reader.text("firm.channels_says", weights=weights)
    yield table(reader.text("firm.channels"), shown, result, note=note)


def idic(result: Idic, chosen: ChecklistOptions, reader: Reader) -> View:
    """Yield how far customers are identified, told apart, spoken with and served apart."""
    names = reader.terms("customers.idic", STAGES)
    rows = [
        (names[stage], 100 * share, None)
        for stage, share in result.stages.select("stage", "share").iter_rows()
    ]
    caption = reader.caption("firm.idic_chart")
    yield charts.targets("firm-idic", *caption, rows, (reader.text("firm.share"), ""))
    if result.at:
        yield words(reader, "firm.idic_at", "lead", stage=names[result.at])
    else:
        yield words(reader, "firm.idic_done", "lead")
