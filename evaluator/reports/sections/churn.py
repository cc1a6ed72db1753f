"""Churn: how many left and why, who looks like leaving, whom to win back, how complaints were handled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from evaluator import messages
from evaluator.customers.models.churn import ChurnRisk, Complaints, Winback
from evaluator.customers.models.churn.rates import CAUSES
from evaluator.customers.models.churn.study import ChurnPeriod, WarningTest
from evaluator.customers.models.churn.winning_back import POLICIES
from evaluator.customers.treatments import load_treatments
from evaluator.present import charts, figures
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
from evaluator.reports.sections.concentration import measure_title

LISTED = 50  # customers shown in a list


def build(context: Context) -> Blocks | None:
    """Return what is known of customers who left, or may."""
    return section(
        Part("", tuple(_rates(context))),
        Part(context.text("churn.causes"), tuple(_causes(context))),
        Part(context.text("churn.warning"), tuple(_warning(context))),
        Part(context.text("churn.test"), tuple(_test(context))),
        Part(context.text("churn.winback"), tuple(_winback(context))),
        Part(context.text("churn.complaints"), tuple(_complaints(context))),
    )


def _rates(context: Context) -> Iterator[Block]:
    period: ChurnPeriod | None = found(context, "churn")
    yield from told(context, "churn", period.churn if period else None)
    if period is None:
        return
    result = period.churn
    start, end = (figures.day(day, context.language) for day in (period.start, period.end))
    yield Words(
        context.text("churn.lead", start=start, end=end, there=result.start, lost=result.lost), "lead"
    )
    facts = [(context.text("churn.rate"), figures.percent(result.rate))]
    if result.value_rate is not None:
        facts.append((context.text("churn.value_rate"), figures.percent(result.value_rate)))
    for kind, share in result.kinds.drop_nulls("kind").select("kind", "share").iter_rows():
        facts.append(
            (messages.text(f"customers.churn_kind.{kind}", context.language), figures.percent(share))
        )
    if result.controllable is not None:
        facts.append((context.text("churn.controllable"), figures.percent(result.controllable)))
        facts.append((context.text("churn.value_controllable"), figures.percent(result.value_controllable)))
    yield Facts(tuple(facts))
    if result.segments.height:
        heads = [
            Head(context.text("churn.segment")),
            Head(context.text("churn.there"), "count"),
            Head(context.text("churn.lost"), "count"),
            Head(context.text("churn.rate"), "percent"),
            Head(context.text("churn.value_rate"), "percent"),
        ]
        yield table(context.text("churn.segments"), heads, result.segments)


def _causes(context: Context) -> Iterator[Block]:
    period: ChurnPeriod | None = found(context, "churn")
    if period is None or not period.churn.causes["cause"].count():
        return
    unknown = context.text("churn.no_cause")
    groups = [context.text(f"churn.{key}") for key in ("can", "cannot")] + [unknown]
    rows = []
    for cause, controllable, n, cumulative in period.churn.causes.select(
        "cause", "controllable", "customers", "cumulative"
    ).iter_rows():
        name = messages.text(f"customers.churn_cause.{cause}", context.language) if cause else unknown
        rows.append((name, n, cumulative, groups[2] if cause is None else groups[0 if controllable else 1]))
    title, says = context.text("churn.causes_chart"), context.text("churn.causes_says")
    names = (context.text("churn.lost"), context.text("churn.cumulative"))
    yield Picture(charts.pareto("churn-causes", title, says, rows, names, groups))
    whose = terms(context, "whose", ("firm", "customer"))
    heads = [
        Head(context.text("churn.cause")),
        Head(context.text("churn.whose")),
        Head(context.text("churn.lost"), "count"),
        Head(context.text("churn.share"), "percent"),
        Head(context.text("churn.cumulative"), "percent"),
        Head(context.text("churn.value"), "quantity"),
    ]
    frame = period.churn.causes.with_columns(
        pl.Series("cause", [row[0] for row in rows]), pl.col("whose").replace(whose)
    )
    yield table(context.text("churn.causes"), heads, frame.drop("controllable"))


def _warning(context: Context) -> Iterator[Block]:
    result: ChurnRisk | None = found(context, "warning")
    yield from told(context, "warning", result)
    if result is None:
        return
    high = result.frame.filter(pl.col("high")).sort(["risk", "id"], descending=[True, False])
    options = result.options
    rated = int(result.frame["risk"].count())
    yield Words(
        context.text(
            "churn.warning_lead", high=high.height, rated=rated, cut=figures.number(options.high, 0)
        ),
        "lead",
    )
    signs = {name: _sign(name, context) for name in result.signs["sign"]}
    heads = [
        Head(context.text("churn.sign")),
        Head(context.text("churn.calm"), "quantity"),
        Head(context.text("churn.alarm"), "quantity"),
        Head(context.text("churn.weight"), "percent"),
        Head(context.text("churn.observed"), "count"),
        Head(context.text("churn.red"), "count"),
    ]
    yield table(context.text("churn.signs"), heads, result.signs.with_columns(pl.col("sign").replace(signs)))
    heads = [
        Head(context.text("chart.id"), "id"),
        Head(context.text("chart.name")),
        Head(context.text("churn.risk"), "number"),
        Head(context.text("churn.reds"), "count"),
        Head(context.text("churn.first")),
    ]
    shown = named(context, high.select("id", "risk", "red", pl.col("first").replace(signs)))
    if shown.height:
        yield table(context.text("churn.listed"), heads, shown, most=LISTED)
    yield Words(context.text("churn.warning_reading", coverage=figures.percent(options.min_coverage, 0)))


def _sign(name: str, context: Context) -> str:
    key = f"customers.sign.{name}"
    if messages.known(key, context.language):
        return messages.text(key, context.language)
    return measure_title(name, context)


def _test(context: Context) -> Iterator[Block]:
    result: WarningTest | None = found(context, "warning_test")
    yield from told(context, "warning_test", result)
    if result is None:
        return
    quality = result.quality
    day, until = (figures.day(day, context.language) for day in (result.day, result.until))
    signs = context.listed([_sign(name, context) for name in result.signs])
    counts = {"lost": quality.lost, "customers": quality.customers}
    auc = figures.number(quality.auc, 3)
    lead = context.text("churn.test_lead", day=day, until=until, auc=auc, signs=signs, **counts)
    yield Words(lead, "lead")
    rows = [
        (context.text("churn.tenth", number=number), rate)
        for number, rate in quality.tenths.select("tenth", "rate").iter_rows()
    ]
    labels = [
        f"{figures.percent(rate)} · {context.text('churn.lift', lift=figures.number(lift, 1))}"
        for rate, lift in quality.tenths.select("rate", "lift").iter_rows()
    ]
    title, says = context.text("churn.tenths"), context.text("churn.tenths_says")
    axis = context.text("churn.rate")
    yield Picture(charts.bars("churn-tenths", title, says, rows, axis, labels=labels, format_=".0%"))
    heads = [
        Head(context.text("churn.tenth_head"), "count"),
        Head(context.text("chart.customers"), "count"),
        Head(context.text("churn.lost"), "count"),
        Head(context.text("churn.rate"), "percent"),
        Head(context.text("churn.lift_head"), "number"),
        Head(context.text("churn.found"), "percent"),
    ]
    yield table(context.text("churn.tenths"), heads, quality.tenths)


def _winback(context: Context) -> Iterator[Block]:
    result: Winback | None = found(context, "winback")
    yield from told(context, "winback", result)
    if result is None:
        return
    yield Words(
        context.text(
            "churn.winback_lead", worth=result.worth, regained=figures.quantity(result.regained),
            cost=figures.quantity(result.cost), net=figures.quantity(result.regained - result.cost),
        ),
        "lead",
    )  # fmt: skip
    said = terms(context, "policy", POLICIES)
    causes = terms(context, "churn_cause", CAUSES)
    heads = [
        Head(context.text("churn.rank"), "count"),
        Head(context.text("chart.id"), "id"),
        Head(context.text("chart.name")),
        Head(context.text("churn.value"), "quantity"),
        Head(context.text("churn.returns"), "percent"),
        Head(context.text("churn.cause")),
        Head(context.text("churn.undone"), "percent"),
        Head(context.text("churn.cost"), "quantity"),
        Head(context.text("churn.priority"), "quantity"),
        Head(context.text("churn.policy")),
    ]
    columns = [
        "rank",
        "id",
        "name",
        "value",
        "returns",
        "cause",
        "controllable",
        "cost",
        "priority",
        "policy",
    ]
    shown = named(context, result.frame).select(columns)
    shown = shown.with_columns(pl.col("cause").replace(causes), pl.col("policy").replace(said))
    yield table(context.text("churn.winback"), heads, shown, most=LISTED)
    cuts = [figures.quantity(cut) for cut in result.cuts]
    yield Words(context.text("churn.winback_reading", small=cuts[0], large=cuts[1]))
    yield _policies(result, said, context)


def _policies(result: Winback, said: Mapping[str, str], context: Context) -> Cards:
    known, placed = load_treatments("policy"), result.frame["policy"].drop_nulls()
    counts = {key: int((placed == key).sum()) for key in POLICIES}
    cards = tuple(
        Card(
            said[key],
            place,
            n,
            n / max(len(placed), 1),
            (),
            strategy_lines(known.strategies.get(key), context),
        )
        for place, (key, n) in enumerate(counts.items())
        if n
    )
    return Cards(context.text("customers.treatments"), (), cards, known.source[context.language])


def _complaints(context: Context) -> Iterator[Block]:
    result: Complaints | None = found(context, "complaints")
    yield from told(context, "complaints", result)
    if result is None:
        return
    yield Words(
        context.text("churn.complaints_lead", count=result.count, customers=result.complaining), "lead"
    )
    shares = {"rate": result.rate, "valid": result.valid_share, "in_time": result.in_time}
    numbers = {
        "mean_hours": result.mean_hours,
        "median_hours": result.median_hours,
        "ninety_hours": result.ninety_hours,
        "recovery": result.recovery,
    }
    facts = [
        (context.text(f"churn.complaint_{key}"), figures.percent(v))
        for key, v in shares.items()
        if v is not None
    ]
    facts += [
        (context.text(f"churn.complaint_{key}"), figures.number(v))
        for key, v in numbers.items()
        if v is not None
    ]
    facts.append((context.text("churn.complaint_open"), figures.number(result.open, 0)))
    yield Facts(tuple(facts))
    if result.months.height > 1:
        rows = [(f"{month:%Y-%m}", n) for month, n in result.months.select("month", "complaints").iter_rows()]
        title, says = context.text("churn.complaint_months"), context.text("churn.complaint_months_says")
        labels = [str(n) for _, n in rows]
        axis = context.text("churn.complaint_count")
        yield Picture(charts.bars("complaint-months", title, says, rows, axis, labels=labels, format_="d"))
