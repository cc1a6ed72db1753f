"""The firm itself: its CRM capability, its performance against targets, and states told by checklists."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from evaluator import messages
from evaluator.customers.firm import Capability, Idic, LevelState, Performance, PlanState
from evaluator.customers.firm.performance_views import VIEWS
from evaluator.customers.firm.states import STAGES
from evaluator.customers.models.firm import FirmStates
from evaluator.present import charts, figures
from evaluator.present.charts import Chart
from evaluator.reports.blocks import (
    Block,
    Blocks,
    Facts,
    Head,
    Part,
    Picture,
    Words,
    choices,
    found,
    section,
    table,
    terms,
    told,
)
from evaluator.reports.context import Context


def build(context: Context) -> Blocks | None:
    """Return what is known of the firm's own customer relationship management."""
    return section(
        Part(context.text("firm.capability"), tuple(_capability(context))),
        Part(context.text("firm.performance"), tuple(_performance(context))),
        Part(context.text("firm.states"), tuple(_states(context))),
        Part(context.text("firm.channels"), tuple(_channels(context))),
        Part(context.text("firm.idic"), tuple(_idic(context))),
    )


def _capability(context: Context) -> Iterator[Block]:
    result: Capability | None = found(context, "capability")
    yield from told(context, "capability", result)
    if result is None:
        return
    language = context.language
    names = {ability.id: ability.name[language] for ability in result.structure.abilities}
    names |= {item.id: item.name[language] for _, item in result.structure.items()}
    facts = [(context.text("firm.index"), figures.number(result.index))]
    if result.gap is not None:
        facts.append((context.text("firm.gap"), figures.number(result.gap)))
    if result.period:
        facts.append((context.text("firm.period"), result.period))
    yield Facts(tuple(facts))
    rows = [
        (names[ability], index, target)
        for ability, index, target in result.abilities.drop_nulls("index")
        .select("ability", "index", "target")
        .iter_rows()
    ]
    title, says = context.text("firm.abilities"), context.text("firm.abilities_says")
    axes = (context.text("firm.index"), context.text("firm.target"))
    yield Picture(charts.targets("firm-abilities", title, says, rows, axes))
    items = [
        (names[item], index, target)
        for item, index, target in result.items.drop_nulls("index")
        .select("item", "index", "target")
        .iter_rows()
    ]
    yield Picture(charts.targets("firm-items", context.text("firm.items"), says, items, axes))
    yield table(context.text("firm.items"), _item_heads(context), _item_rows(result, context))
    if result.trend["period"].n_unique() > 1:
        yield Picture(_trend(result, names, context))
    yield from _factors(result, names, context)
    yield Words(result.structure.source[language])


def _item_heads(context: Context) -> list[Head]:
    return [
        Head(context.text("firm.item")),
        Head(context.text("firm.measure")),
        Head(context.text("firm.raters"), "count"),
        Head(context.text("firm.score"), "number"),
        Head(context.text("firm.spread"), "number"),
        Head(context.text("firm.index"), "number"),
        Head(context.text("firm.target"), "number"),
        Head(context.text("firm.gap"), "number"),
    ]


def _item_rows(result: Capability, context: Context) -> pl.DataFrame:
    language = context.language
    items = {item.id: item for _, item in result.structure.items()}
    measures = [
        measure[language] if (measure := items[item].measure) else "" for item in result.items["item"]
    ]
    named = result.items.with_columns(
        pl.col("item").replace_strict({key: item.name[language] for key, item in items.items()}),
        pl.Series("measure", measures),
    )
    return named.select("item", "measure", "raters", "score", "spread", "index", "target", "gap")


def _trend(result: Capability, names: dict[str, str], context: Context) -> Chart:
    periods = result.trend["period"].unique().sort().to_list()
    said = names | {"index": context.text("firm.index")}
    cells = [
        charts.Value(said[ability], period, index, figures.number(index))
        for period, ability, index in result.trend.iter_rows()
    ]
    order = [said[ability] for ability in (*result.abilities["ability"], "index")]
    axes = (context.text("firm.period"), context.text("firm.ability"))
    return charts.grid(
        "firm-trend",
        context.text("firm.trend"),
        context.text("firm.trend_says"),
        cells,
        order,
        periods,
        axes,
        (context.text("firm.index"), ".1f"),
    )


def _factors(result: Capability, names: dict[str, str], context: Context) -> Iterator[Block]:
    if not result.factors.height:
        return
    factors = {factor.id: factor.name[context.language] for factor in result.structure.factors}
    rows = [
        (factors[factor], 25 * (score - 1), None)
        for factor, score in result.factors.drop_nulls("score").select("factor", "score").iter_rows()
    ]
    title, says = context.text("firm.factors"), context.text("firm.factors_says")
    axes = (context.text("firm.index"), context.text("firm.target"))
    yield Picture(charts.targets("firm-factors", title, says, rows, axes))
    if result.bonds["correlation"].count():
        weakest = names[result.bonds["ability"][0]]
        heads = [
            Head(context.text("firm.factor")),
            Head(context.text("firm.raters"), "count"),
            Head(context.text("firm.correlation"), "ratio"),
        ]
        frame = result.bonds.drop("ability").with_columns(pl.col("factor").replace_strict(factors))
        yield table(
            context.text("firm.bonds", ability=weakest), heads, frame, note=context.text("firm.bonds_says")
        )


def _performance(context: Context) -> Iterator[Block]:
    result: Performance | None = found(context, "performance")
    yield from told(context, "performance", result)
    if result is None:
        return
    language = context.language
    views = terms(context, "view", VIEWS)
    yield Facts(((context.text("firm.attainment"), figures.number(result.attainment)),))
    known = result.views.drop_nulls("attainment")
    rows = [(views[view], at, 100.0) for view, at in known.select("view", "attainment").iter_rows()]
    if rows:
        title, says = context.text("firm.views"), context.text("firm.views_says")
        axes = (context.text("firm.attainment"), context.text("firm.target"))
        yield Picture(charts.targets("firm-views", title, says, rows, axes))
    heads = [
        Head(context.text("firm.figure")),
        Head(context.text("firm.view")),
        Head(context.text("firm.actual"), "quantity"),
        Head(context.text("firm.baseline"), "quantity"),
        Head(context.text("firm.target"), "quantity"),
        Head(context.text("firm.attainment"), "number"),
        Head(context.text("firm.state")),
    ]
    states = ("reached", "on_the_way", "not_begun", "unknown")
    said = terms(context, "attainment", states)
    names = {
        key: messages.text(f"customers.figure.{key}", language)
        for key in result.figures["figure"]
        if messages.known(f"customers.figure.{key}", language)
    }
    frame = result.figures.with_columns(
        pl.col("figure").replace(names), pl.col("view").replace(views), pl.col("state").replace(said)
    )
    yield table(context.text("firm.figures"), heads, frame)


def _states(context: Context) -> Iterator[Block]:
    result: FirmStates | None = found(context, "firm_states")
    yield from told(context, "firm_states", result)
    if result is None:
        return
    language, nothing = context.language, context.text("firm.no_level")
    facts = []
    for state in (result.maturity, result.relationship):
        if state is not None:
            names = {level.id: level.name[language] for level in state.checklist.levels}
            facts.append((state.checklist.name[language], names.get(state.level or "", nothing)))
    plans = [plan for plan in (result.interaction, result.diagnosis) if plan is not None]
    for plan in plans:
        said = context.text("firm.whole" if plan.complete else "firm.incomplete")
        facts.append((plan.checklist.name[language], said))
    if result.customisation:
        named = messages.text(f"customers.customisation.{result.customisation}", language)
        facts.append((context.text("firm.customisation"), named))
    if result.marketing:
        named = messages.text(f"customers.marketing.{result.marketing}", language)
        facts.append((context.text("firm.marketing"), named))
    yield Facts(tuple(facts))
    for state in (result.maturity, result.relationship):
        if state is not None:
            yield from _levels(state, context)
    yield from (_missing(plan, context) for plan in plans if plan.missing)


def _levels(state: LevelState, context: Context) -> Iterator[Block]:
    language = context.language
    names = {level.id: level.name[language] for level in state.checklist.levels}
    items = {item.id: item.name[language] for level in state.checklist.levels for item in level.items}
    answers = {True: context.text("firm.yes"), False: context.text("firm.no")}
    met = [answers[value] for value in state.statements["met"]]
    frame = state.statements.select(
        pl.col("level").replace(names), pl.col("item").replace(items), "answers", "agreed"
    ).with_columns(pl.Series("met", met))
    heads = [
        Head(context.text("firm.level")),
        Head(context.text("firm.statement")),
        Head(context.text("firm.raters"), "count"),
        Head(context.text("firm.agreed"), "percent"),
        Head(context.text("firm.met")),
    ]
    yield table(state.checklist.name[language], heads, frame, note=state.checklist.source[language])
    if state.missing:
        lacking = context.listed([item.name[language] for item in state.missing])
        yield Words(context.text("firm.to_next", items=lacking), "lead")


def _missing(plan: PlanState, context: Context) -> Words:
    parts = context.listed([part.name[context.language] for part in plan.missing])
    return Words(context.text("firm.lacks", plan=plan.checklist.name[context.language], parts=parts), "lead")


def _channels(context: Context) -> Iterator[Block]:
    result: pl.DataFrame | None = found(context, "channels")
    yield from told(context, "channels")
    if result is None:
        return
    heads = [
        Head(context.text("firm.channel")),
        Head(context.text("firm.fit"), "number"),
        Head(context.text("firm.effect"), "percent"),
        Head(context.text("firm.contact_cost"), "quantity"),
        Head(context.text("firm.rank"), "count"),
    ]
    weights = choices(context).channels
    assert weights is not None
    said = [
        f"{_criterion(name, context)} {figures.quantity(weight)}" for name, weight in weights.weights.items()
    ]
    note = context.text("firm.channels_says", weights=context.listed(said))
    yield table(context.text("firm.channels"), heads, result, note=note)


def _criterion(name: str, context: Context) -> str:
    key = f"report.firm.criterion.{name}"
    return messages.text(key, context.language) if messages.known(key, context.language) else name


def _idic(context: Context) -> Iterator[Block]:
    result: Idic | None = found(context, "idic")
    yield from told(context, "idic", result)
    if result is None:
        return
    names = terms(context, "idic", STAGES)
    rows = [
        (names[stage], 100 * share, None)
        for stage, share in result.stages.select("stage", "share").iter_rows()
    ]
    title, says = context.text("firm.idic_chart"), context.text("firm.idic_says")
    yield Picture(charts.targets("firm-idic", title, says, rows, (context.text("firm.share"), "")))
    at = context.text("firm.idic_at", stage=names[result.at]) if result.at else context.text("firm.idic_done")
    yield Words(at, "lead")
