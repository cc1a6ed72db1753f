"""Churn: how many left and why, who looks like leaving, whom to win back, how complaints were handled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import polars as pl

from evaluator.customers.models.churn import (
    Churn,
    ChurnRisk,
    ComplaintOptions,
    Complaints,
    WarningOptions,
    Winback,
)
from evaluator.customers.models.churn.rates import CAUSES
from evaluator.customers.models.churn.study import ChurnChoices, ChurnPeriod, WarningTest
from evaluator.customers.models.churn.winning_back import POLICIES, WinbackChoice
from evaluator.customers.view_parts import filled, treated
from evaluator.present import charts, figures
from evaluator.present.blocks import (
    Cards,
    Cell,
    Facts,
    Heading,
    View,
    customer_table,
    fact,
    facts,
    heads,
    notes,
    table,
    words,
)
from evaluator.present.kinds import Kind
from evaluator.present.reader import Reader

LISTED = 50  # customers shown in a list


def rates(result: ChurnPeriod, chosen: ChurnChoices, reader: Reader) -> View:
    """Yield how many left, and why."""
    churn = result.churn
    yield from notes(reader, churn.issues)
    start, end = reader.day(result.start), reader.day(result.end - timedelta(days=1))
    yield words(reader, "churn.lead", "lead", start=start, end=end, there=churn.start, lost=churn.lost)
    pairs: list[tuple[str, float | None]] = [(reader.text("churn.rate"), churn.rate)]
    if churn.value_rate is not None:
        pairs.append((reader.text("churn.value_rate"), churn.value_rate))
    kinds = churn.kinds.drop_nulls("kind").select("kind", "share").iter_rows()
    pairs += [(reader.term("customers.churn_kind", kind), share) for kind, share in kinds]
    if churn.controllable is not None:
        pairs.append((reader.text("churn.controllable"), churn.controllable))
        pairs.append((reader.text("churn.value_controllable"), churn.value_controllable))
    yield Facts(tuple(fact(reader, name, share, "share") for name, share in pairs))
    if churn.segments.height:
        shown = heads(reader, "churn", {
            "segment": "text", "there": "count", "lost": "count", "rate": "share", "value_rate": "share"
        })  # fmt: skip
        yield table(reader.text("churn.segments"), shown, churn.segments)
    if churn.causes["cause"].count():
        yield Heading(reader.text("churn.causes"))
        yield from _causes(churn, reader)


def _causes(churn: Churn, reader: Reader) -> View:
    groups = {True: reader.text("churn.can"), False: reader.text("churn.cannot")}
    unknown = reader.text("churn.no_cause")
    rows = [
        (reader.term("customers.churn_cause", cause) if cause else unknown, n, cumulative,
         groups[bool(controllable)] if cause else unknown)
        for cause, controllable, n, cumulative in churn.causes.select(
            "cause", "controllable", "customers", "cumulative"
        ).iter_rows()
    ]  # fmt: skip
    axes = (reader.text("churn.lost"), reader.text("churn.cumulative"))
    caption = reader.caption("churn.causes_chart")
    yield charts.pareto("churn-causes", *caption, rows, axes, [*groups.values(), unknown])
    shown = heads(reader, "churn", {
        "cause": "text", "whose": "text", "lost": "count", "share": "share", "cumulative": "share",
        "value": reader.value_kind,
    })  # fmt: skip
    whose = reader.terms("customers.whose", ("firm", "customer"))
    frame = churn.causes.with_columns(
        pl.Series("cause", [row[0] for row in rows]), pl.col("whose").replace(whose)
    )
    yield table(reader.text("churn.causes"), shown, frame.drop("controllable"))


def warning(result: ChurnRisk, chosen: WarningOptions, reader: Reader) -> View:
    """Yield who looks like leaving, and by which signs."""
    high = result.frame.filter(pl.col("high")).sort(["risk", "id"], descending=[True, False])
    options, rated = result.options, int(result.frame["risk"].count())
    cut = reader.say(options.high, "quantity")
    yield words(reader, "churn.warning_lead", "lead", high=high.height, rated=rated, cut=cut)
    signs = {name: _sign(name, reader) for name in result.signs["sign"]}
    shown = heads(reader, "churn", {
        "sign": "text", "calm": "quantity", "alarm": "quantity", "weight": "weight", "observed": "count",
        "red": "count",
    })  # fmt: skip
    frame = result.signs.with_columns(pl.col("sign").replace(signs))
    yield table(reader.text("churn.signs"), shown, frame)
    if high.height:
        shown = heads(reader, "churn", {"risk": "points", "reds": "count", "first": "text"})
        frame = high.select("id", "risk", "red", pl.col("first").replace(signs))
        yield customer_table(reader, reader.text("churn.listed"), shown, frame, most=LISTED)
    yield words(reader, "churn.warning_reading", coverage=figures.percent(options.min_coverage, 0))


def _sign(name: str, reader: Reader) -> str:
    return reader.term("customers.sign", name, reader.measure(name))


def warning_test(result: WarningTest, chosen: WarningOptions, reader: Reader) -> View:
    """Yield how well the signs would have told who left."""
    quality = result.quality
    yield words(
        reader, "churn.test_lead", "lead",
        day=reader.day(result.day),
        until=reader.day(result.until),
        auc=reader.say(quality.auc, "coefficient"),
        signs=reader.listed(_sign(name, reader) for name in result.signs),
        lost=quality.lost,
        customers=quality.customers,
    )  # fmt: skip
    tenths = quality.tenths.select("tenth", "rate", "lift").rows()
    title, says = reader.caption("churn.tenths")
    yield charts.bars(
        "churn-tenths", title, says,
        [(reader.text("churn.tenth", number=number), rate) for number, rate, _ in tenths],
        reader.text("churn.rate"), format_=".0%",
        labels=[
            f"{reader.say(rate, 'share')} · {reader.text('churn.lift', lift=figures.number(lift, 1))}"
            for _, rate, lift in tenths
        ],
    )  # fmt: skip
    shown = heads(reader, "churn", {
        "tenth_head": "count", "chart.customers": "count", "lost": "count", "rate": "share",
        "lift_head": "multiple", "found": "share",
    })  # fmt: skip
    yield table(title, shown, quality.tenths)


def winback(result: Winback, chosen: WinbackChoice, reader: Reader) -> View:
    """Yield whom to win back, and how."""
    yield words(
        reader, "churn.winback_lead", "lead",
        worthwhile=result.worthwhile,
        regained=reader.say(result.regained, "money"),
        cost=reader.say(result.cost, "money"),
        net=reader.say(result.regained - result.cost, "money"),
    )  # fmt: skip
    policies = reader.terms("customers.policy", POLICIES)
    causes = reader.terms("customers.churn_cause", CAUSES)
    shown = heads(reader, "churn", {
        "rank": "rank", "chart.id": "id", "chart.name": "text", "value": "money", "returns": "share",
        "cause": "text", "undone": "share", "cost": "money", "priority": "money", "policy": "text",
    })  # fmt: skip
    frame = reader.named(result.frame).select(
        "rank", "id", "name", "value", "returns", pl.col("cause").replace(causes), "controllable", "cost",
        "priority", pl.col("policy").replace(policies),
    )  # fmt: skip
    yield table(reader.text("churn.winback"), shown, frame, most=LISTED)
    small, large = (reader.say(cut, "money") for cut in result.cuts)
    yield words(reader, "churn.winback_reading", small=small, large=large)
    yield _policies(result, policies, reader)


def _policies(result: Winback, names: Mapping[str, str], reader: Reader) -> Cards:
    placed = result.frame["policy"].drop_nulls()
    counts = ((policy, int((placed == policy).sum())) for policy in POLICIES)
    rows = ((policy, count, count / max(len(placed), 1)) for policy, count in counts)
    return filled(treated("policy", rows, names, reader))


def complaints(result: Complaints, chosen: ComplaintOptions, reader: Reader) -> View:
    """Yield how complaints were handled."""
    count, customers = result.count, result.complaining
    yield words(reader, "churn.complaints_lead", "lead", count=count, customers=customers)
    found: dict[str, tuple[Cell, Kind]] = {
        "rate": (result.rate, "share"),
        "valid": (result.valid_share, "share"),
        "in_time": (result.in_time, "share"),
        "mean_hours": (result.mean_hours, "quantity"),
        "median_hours": (result.median_hours, "quantity"),
        "ninety_hours": (result.ninety_hours, "quantity"),
        "recovery": (result.recovery, "points"),
        "open": (result.open, "count"),
    }
    known = {f"complaint_{key}": one for key, one in found.items() if one[0] is not None}
    yield facts(reader, "churn", known)
    if result.months.height > 1:
        rows = [(f"{month:%Y-%m}", n) for month, n in result.months.select("month", "complaints").iter_rows()]
        yield charts.bars(
            "complaint-months", *reader.caption("churn.complaint_months"), rows,
            reader.text("churn.complaint_count"), labels=[str(n) for _, n in rows], format_="d",
        )  # fmt: skip
