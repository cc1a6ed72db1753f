"""The models of churn and win-back as a study runs them, and how well early warning would have ranked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

import polars as pl

from evaluator.customers.declaring import measure_of, model
from evaluator.customers.measures import order_measures
from evaluator.customers.models.churn import (
    Churn,
    ChurnOptions,
    ChurnRisk,
    ComplaintOptions,
    Complaints,
    RankQuality,
    WarningOptions,
    WarningSign,
    Winback,
    churn,
    churn_risk,
    complaint_figures,
    order_signs,
    rank_quality,
    winback,
)
from evaluator.customers.models.churn.leaving import contract_days, departures
from evaluator.customers.models.churn.warning import SIGNALS
from evaluator.customers.models.churn.winning_back import WinbackChoice
from evaluator.customers.orders import Span
from evaluator.customers.records import with_segments
from evaluator.customers.sources import Option, Sources
from evaluator.displayed import Displayed
from evaluator.errors import EvaluationError, Issue
from evaluator.tree.types import FixedCut


@dataclass(frozen=True)
class ChurnChoices:
    """What counts as churn, and how long the period is."""

    churn: ChurnOptions
    churn_months: int


@dataclass(frozen=True)
class ChurnPeriod(Displayed):
    """Churn from `start` to `end`; `base`: `id` and `value` (net amount of the year before) of those who
    were customers at the start."""

    churn: Churn
    start: date
    end: date
    base: pl.DataFrame = field(repr=False)


@dataclass(frozen=True)
class WarningTest(Displayed):
    """How the signs of a past day ranked those who have left since."""

    quality: RankQuality
    day: date
    until: date
    signs: tuple[str, ...]


@model(
    "churn", zh="客户流失", en="Churn", reference="Chinese textbooks of CRM",
    needs=("orders", "churn_events"), option=Option(ChurnChoices, "churn"),
)  # fmt: skip
def _churn(sources: Sources, chosen: ChurnChoices) -> ChurnPeriod:
    start, as_of = Span(sources.as_of, chosen.churn_months).first, sources.as_of
    base = _customers_at(sources, start, sources.window_months)
    events = _dated(sources)
    gone_before = events.filter(pl.col("date") < start)["id"]
    base = base.filter(~pl.col("id").is_in(gone_before.implode()))
    base = with_segments(base, sources)
    during = events.filter((pl.col("date") >= start) & (pl.col("date") < as_of))
    known = during.filter(pl.col("id").is_in(base["id"].implode()))
    if not known.height:
        raise EvaluationError([Issue("CUST-955", "churn_events", {"start": start, "end": as_of})])
    columns = [name for name in ("kind", "cause") if name in during.columns]
    found = churn(base, during.select("id", *columns), options=chosen.churn)
    return ChurnPeriod(found, start, as_of, base)


def _customers_at(sources: Sources, day: date, months: int) -> pl.DataFrame:
    """Return who bought in the months before a day, with the net amount of those months."""
    found: pl.DataFrame = order_measures(
        sources.lines, as_of=day, window_months=months, names=["net_amount", "frequency"]
    )
    bought = found.filter(pl.col("frequency") > 0)
    if not bought.height:
        raise EvaluationError([Issue("CUST-955", "orders", {"start": day, "end": day})])
    return bought.select("id", pl.col("net_amount").clip(0).alias("value"))


def _dated(sources: Sources) -> pl.DataFrame:
    return sources["churn_events"].with_columns(pl.col("date").cast(pl.Date))


@model(
    "departures", zh="客户离开记录", en="Departures on record",
    reference="Usual practice; defined as stated here", needs=("churn_events",),
)  # fmt: skip
def _departures(sources: Sources) -> pl.DataFrame:
    events = _dated(sources)
    everybody = sources.everybody(events["id"])
    if "orders" not in sources:
        return departures(events, everybody.with_columns(pl.lit(None, pl.Date).alias("last")), sources.as_of)
    bought = sources.columns(["recency_days"])
    last = sources.as_of - pl.duration(days=pl.col("recency_days"))
    known = everybody.join(bought, on="id", how="left", maintain_order="left")
    return departures(events, known.select("id", last.cast(pl.Date).alias("last")), sources.as_of)


measure_of("departures", "churned", "churned", zh="已流失", en="Churned")
measure_of("departures", "leaving", "leaving", zh="将离开", en="Leaving")


@model(
    "contract_end", zh="合同期限", en="End of contract",
    reference="Usual practice; defined as stated here", any_of=("customers.contract_end",),
)  # fmt: skip
def _contract_end(sources: Sources) -> pl.DataFrame:
    return contract_days(sources["customers"], sources.as_of)


measure_of("contract_end", "contract_days", "contract_days", zh="合同剩余天数", en="Days to contract end")


@model(
    "order_signs", zh="订单中的流失信号", en="Churn signs in orders",
    reference="Usual practice; defined as stated here", needs=("orders",),
    option=Option(int, "sign_months"),
)  # fmt: skip
def _order_signs(sources: Sources, chosen: int) -> pl.DataFrame:
    found: pl.DataFrame = order_signs(sources.lines, as_of=sources.as_of, months=chosen)
    return found


measure_of(
    "order_signs", "interval_ratio", "interval_ratio", zh="距上次购买天数与平均间隔之比",
    en="Days since last purchase ÷ usual interval",
)  # fmt: skip
measure_of("order_signs", "order_change", "order_change", zh="订单变化率", en="Change in orders")


@model(
    "warning", zh="流失预警", en="Early warning", reference="Rules of practice; reconstructed",
    needs=("orders",), option=Option(WarningOptions, "warning", required=True),
)  # fmt: skip
def _warning(sources: Sources, chosen: WarningOptions) -> ChurnRisk:
    found: pl.DataFrame = sources.result("order_signs")
    for name in chosen.signs:
        if name in SIGNALS:
            continue
        given = sources.get("warning")
        own = given if given is not None and name in given.columns else sources.columns([name])
        found = found.join(own.select("id", name), on="id", how="left", maintain_order="left")
    return churn_risk(found, options=chosen)


measure_of("warning", "risk", "churn_risk", zh="流失风险", en="Churn risk")


@model(
    "warning_test", zh="预警效果回测", en="Early-warning backtest",
    reference="Hanley & McNeil 1982, doi:10.1148/radiology.143.1.7063747",
    needs=("orders", "churn_events"), option=Option(WarningOptions, "warning", required=True),
)  # fmt: skip
def _warning_test(sources: Sources, chosen: WarningOptions) -> WarningTest:
    """Judge the signs that orders gave at the start of the period by who left in it."""
    period: ChurnPeriod = sources.result("churn")
    before = sources["orders"].filter(pl.col("date").cast(pl.Date) < period.start)
    signs = order_signs(before, as_of=period.start, months=sources.options_of("order_signs"))
    own = {name: sign for name, sign in chosen.signs.items() if name in SIGNALS}
    known: dict[str, WarningSign] = {n: WarningSign(calm=c, alarm=a) for n, (c, a) in SIGNALS.items()} | own
    risk = churn_risk(signs, options=WarningOptions(signs=known, min_coverage=chosen.min_coverage))
    events = _dated(sources)
    gone = events.filter((pl.col("date") >= period.start) & (pl.col("date") < period.end))["id"]
    judged = period.base.select("id", pl.col("id").is_in(gone.implode()).cast(pl.Float64).alias("lost"))
    both = judged.join(risk.frame.select("id", "risk"), on="id", how="left")
    return WarningTest(rank_quality(both), period.start, period.end, tuple(known))


def _freeze_cuts(found: Winback, chosen: WinbackChoice) -> WinbackChoice:
    return chosen.model_copy(update={"value_cut": FixedCut(kind="fixed", at=found.cuts)})


@model(
    "winback", zh="赢回优先级", en="Win-back priorities",
    reference="Chinese textbooks of CRM; rule of our own", needs=("orders", "churn_events"),
    option=Option(WinbackChoice, "winback", required=True), freeze=_freeze_cuts, laws=("relative",),
)  # fmt: skip
def _winback(sources: Sources, chosen: WinbackChoice) -> Winback:
    period: ChurnPeriod = sources.result("churn")
    lost = _dated(sources).filter((pl.col("date") >= period.start) & (pl.col("date") < period.end))
    named = [c for c in ("returns", "cost", "value") if c in lost.columns]
    causes = period.churn.lost_customers.select("id", "cause")
    table = causes.join(lost.select("id", *named), on="id", how="left", maintain_order="left")
    if "value" not in named:
        if chosen.margin_rate is None:
            raise EvaluationError([Issue("CUST-928", "winback", {"option": "winback.margin_rate"})])
        amounts = period.base.select("id", pl.col("value") * chosen.margin_rate)
        table = table.join(amounts, on="id", how="left", maintain_order="left")
    return winback(table, options=chosen)


measure_of("winback", "priority", "winback_priority", zh="赢回优先值", en="Win-back priority")
measure_of(
    "winback", "policy", "winback_policy", zh="赢回策略", en="Win-back policy", classes="customers.policy"
)


@model(
    "complaints", zh="投诉处理", en="Complaint handling",
    reference="Tax, Brown & Chandrashekaran 1998, doi:10.1177/002224299806200205", needs=("complaints",),
    option=Option(ComplaintOptions, "complaints"),
)  # fmt: skip
def _complaints(sources: Sources, chosen: ComplaintOptions) -> Complaints:
    table = sources["complaints"]
    if "date" in table.columns:
        start = Span(sources.as_of, sources.window_months).first
        day = pl.col("date").cast(pl.Date)
        table = table.filter(day.is_null() | ((day >= start) & (day < sources.as_of)))
    if not table.height:
        raise EvaluationError([Issue("CUST-955", "complaints", {"start": "–", "end": sources.as_of})])
    customers = None
    if "orders" in sources:
        customers = _customers_at(sources, sources.as_of, sources.window_months).height
    found = complaint_figures(table, customers=customers, options=chosen)
    return replace(found, frame=_with_everyone(found.frame, sources))


def _with_everyone(frame: pl.DataFrame, sources: Sources) -> pl.DataFrame:
    """Return the counts with those who have none, since every complaint is in the log."""
    joined = sources.everybody(frame["id"]).join(frame, on="id", how="left", maintain_order="left")
    counts = pl.col("complaints", "valid", "counted", "open")
    return joined.with_columns(pl.when(pl.col("complaints").is_null()).then(0).otherwise(counts).name.keep())


measure_of("complaints", "counted", "complaint_count", zh="投诉次数", en="Complaints")
measure_of("complaints", "open", "open_complaints", zh="未结投诉数", en="Open complaints")
measure_of(
    "complaints", "recovery", "recovery_satisfaction", zh="投诉后满意度", en="Satisfaction after complaints"
)
