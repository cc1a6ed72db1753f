"""Stages of the lifecycle, their accounts and the decision at decline, as a study runs them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl

from evaluator import messages
from evaluator.customers.declaring import measure_of, model
from evaluator.customers.measures import order_measures
from evaluator.customers.models.lifecycle.decline import decline_decision, input_output
from evaluator.customers.models.lifecycle.options import DeclineOptions
from evaluator.customers.models.lifecycle.stages import (
    FOUR,
    STAGES,
    Lifecycle,
    LifecycleOptions,
    lifecycle,
    lifecycle_signals,
)
from evaluator.customers.orders import Span
from evaluator.customers.records import about
from evaluator.customers.sources import Option, Sources
from evaluator.customers.transition_tables import Transitions, states_on, transitions
from evaluator.displayed import Displayed
from evaluator.errors import EvaluationError, Issue, Severity, not_among, raise_errors

GROWTH_MONTHS = 24  # the history a trend of trade takes


@dataclass(frozen=True)
class LifecycleChoices:
    """The rules of the stages, and the periods they are looked at in."""

    lifecycle: LifecycleOptions
    stage_months: int
    stage_periods: int


@dataclass(frozen=True)
class DeclineCards(Displayed):
    """The decision for each declining customer; money of today.

    `frame`: `id`, `before` and `now` (margin of a year, before the decline and at present), `reinvest`,
    `let_go`, `advantage`, `break_even` (the probability from which the effort pays; null where winning
    back brings nothing more), `decision`, the largest advantage first.
    """

    frame: pl.DataFrame
    options: DeclineOptions


@dataclass(frozen=True)
class Statuses(Displayed):
    """The status of each customer by the firm's own log, and who moved since the beginning of the period.

    `frame`: `id`, `stage`, by the end of the day `last`; `moves` lie between `first` and `last`.
    """

    frame: pl.DataFrame
    moves: Transitions
    first: date
    last: date


@model(
    "lifecycle", zh="客户生命周期", en="Customer lifecycle",
    reference="Dwyer, Schurr & Oh 1987, doi:10.1177/002224298705100202", needs=("orders",),
    option=Option(LifecycleChoices, "lifecycle"),
)  # fmt: skip
def _lifecycle(sources: Sources, chosen: LifecycleChoices) -> Lifecycle:
    first = sources["orders"]["date"].cast(pl.Date).min()
    if not isinstance(first, date):
        raise EvaluationError([Issue("DATA-435", "orders", {"as_of": sources.as_of, "first": "–"})])
    back = [chosen.stage_months * periods for periods in range(1, chosen.stage_periods)]
    looks = [Span(sources.as_of, months).first for months in back]
    days = [sources.as_of, *(day for day in looks if day > first)]
    signals = lifecycle_signals(
        sources.lines,
        as_of=days,
        growth_months=GROWTH_MONTHS,
        window_months=sources.window_months,
        wallet=sources.get("wallet"),
    )
    if "start_date" in sources.get("customers", pl.DataFrame()).columns:
        signals = _known_since(signals, sources["customers"])
    decided = sources.get("stage_overrides")
    overrides = None if decided is None else _decided(decided, sorted(days), chosen.lifecycle)
    signals, beyond = _shares(signals)
    found = lifecycle(signals, options=chosen.lifecycle, overrides=overrides)
    return replace(found, issues=(*found.issues, *beyond, *_without_trend(signals)))


measure_of(
    "lifecycle", "stage", "lifecycle_stage", zh="生命周期阶段", en="Lifecycle stage",
    frame="current", classes="customers.stage",
)  # fmt: skip


def _shares(signals: pl.DataFrame) -> tuple[pl.DataFrame, tuple[Issue, ...]]:
    """Return the signals with shares between 0 and 1, and how many wallets hold less than we sold."""
    if "share" not in signals.columns:
        return signals, ()
    beyond = signals.filter(pl.col("share") > 1)["id"].unique().sort()
    issues = about("CUST-932", "wallet", beyond, severity=Severity.NOTE)
    return signals.with_columns(pl.col("share").clip(0, 1)), tuple(issues)


def _without_trend(signals: pl.DataFrame) -> tuple[Issue, ...]:
    if signals["growth"].null_count() < signals.height:
        return ()
    return (Issue("CUST-933", "orders", {"months": GROWTH_MONTHS}, severity=Severity.WARNING),)


def _known_since(signals: pl.DataFrame, customers: pl.DataFrame) -> pl.DataFrame:
    """Return the signals with the tenure since the stated start, where that is before the first order."""
    start = customers.select("id", pl.col("start_date").cast(pl.Date)).drop_nulls().unique("id", keep="first")
    months = (pl.col("period") - pl.col("start_date")).dt.total_days() / (365.25 / 12)
    joined = signals.join(start, on="id", how="left", maintain_order="left")
    return joined.with_columns(pl.max_horizontal("tenure", months).alias("tenure")).drop("start_date")


def _decided(table: pl.DataFrame, days: list[date], options: LifecycleOptions) -> pl.DataFrame:
    """Return the stages decided by hand at the day they were first looked at; without a day, today."""
    known = list(dict.fromkeys(FOUR.values())) if options.stages == "four" else list(STAGES)
    names = {name: name for name in known}
    for language in messages.LANGUAGES:
        names |= {messages.text(f"customers.stage.{name}", language): name for name in known}
    said = table["stage"].drop_nulls().unique().sort()
    raise_errors(not_among("CUST-908", said, names, {"column": "stage"}))
    when = pl.col("date").cast(pl.Date) if "date" in table.columns else pl.lit(None, pl.Date)
    period = pl.lit(days[-1])
    for day in reversed(days):
        period = pl.when(when <= day).then(pl.lit(day)).otherwise(period)
    return table.select(
        "id", period.alias("period"), pl.col("stage").replace_strict(names, default=None), pl.col("note")
    ).unique(["id", "period"], keep="last", maintain_order=True)


@model(
    "statuses", zh="客户状态的变动", en="Moves between customer statuses", reference="Usual practice",
    needs=("status_log",),
)  # fmt: skip
def _statuses(sources: Sources) -> Statuses:
    """Return the firm's own statuses of its customers, the words of its system as they stand."""
    log = sources["status_log"]
    first, last = (day - timedelta(days=1) for day in (Span(sources.as_of, sources.window_months).first,
                                                       sources.as_of))  # fmt: skip
    words = log.sort("date", "stage")["stage"].drop_nulls().unique(maintain_order=True)
    now = states_on(log, last)
    moved = transitions(states_on(log, first), now, states=words.to_list(), column="stage")
    return Statuses(now, moved, first, last)


@model(
    "stage_accounts", zh="各阶段投入产出", en="Input and output by stage", reference="Usual practice",
    needs=("orders", "service_costs"),
)  # fmt: skip
def _stage_accounts(sources: Sources) -> pl.DataFrame:
    found: Lifecycle = sources.result("lifecycle")
    money = sources.columns([sources.value, "cost_to_serve"])
    frame = found.current.select("id", "stage").join(money, on="id", how="inner")
    return input_output(
        frame, stages=found.distribution["stage"].to_list(), income=sources.value, spent="cost_to_serve"
    )


@model(
    "decline", zh="衰退期决策卡", en="Decision card for declining customers",
    reference="Net present value; defined as stated here", needs=("orders",),
    option=Option(DeclineOptions, "decline", required=True),
)  # fmt: skip
def _decline(sources: Sources, chosen: DeclineOptions) -> DeclineCards:
    found: Lifecycle = sources.result("lifecycle")
    declining = found.current.filter(pl.col("stage").is_in(["decline", "degeneration"])).select("id")
    first = Span(sources.as_of, 12).first
    years = [_year(sources, day, sources.value) for day in (first, sources.as_of)]
    if not declining.height or years[0] is None or years[1] is None:
        return DeclineCards(_cards(pl.DataFrame(schema=_YEARS), chosen), chosen)
    value = (
        years[0]
        .rename({sources.value: "before"})
        .join(years[1].rename({sources.value: "now"}), on="id", how="full", coalesce=True)
    )
    rows = declining.join(value, on="id", how="left").drop_nulls()
    return DeclineCards(_cards(rows, chosen), chosen)


_YEARS = {"id": pl.String, "before": pl.Float64, "now": pl.Float64}


def _year(sources: Sources, day: date, value: str) -> pl.DataFrame | None:
    if not sources.ordered_before(day):
        return None
    return pl.DataFrame(order_measures(sources.lines, as_of=day, window_months=12, names=[value]))


def _cards(rows: pl.DataFrame, options: DeclineOptions) -> pl.DataFrame:
    cards = [
        {
            "id": who,
            "before": before * options.margin_rate,
            "now": now * options.margin_rate,
            **vars(
                decline_decision(
                    margin=before * options.margin_rate,
                    declining_margin=now * options.margin_rate,
                    **options.model_dump(exclude={"margin_rate"}),
                )
            ),
        }
        for who, before, now in rows.select("id", "before", "now").iter_rows()
    ]
    money = dict.fromkeys(("before", "now", "reinvest", "let_go", "advantage", "break_even"), pl.Float64)
    schema = {"id": pl.String, **money, "decision": pl.String}
    return pl.DataFrame(cards, schema=schema).sort(["advantage", "id"], descending=[True, False])
