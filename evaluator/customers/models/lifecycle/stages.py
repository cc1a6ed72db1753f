"""Lifecycle stages from what a period shows, with hysteresis, manual override, and what a stage earns.

Signals are judged period by period; a stage changes only when enough periods in a row say so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

import polars as pl
from pydantic import Field

from evaluator.columns import at_most, enter, reaches, to_polars
from evaluator.customers.measures import order_measures
from evaluator.customers.models.relation.states import rhythm
from evaluator.customers.orders import OrderLines
from evaluator.customers.records import about, as_given, records
from evaluator.customers.transition_tables import Transitions, transitions
from evaluator.displayed import Displayed
from evaluator.documents import Format
from evaluator.errors import EvaluationError, Issue, Severity, nearest, raise_errors
from evaluator.labels import NonNegative, Positive, PositiveCount, Share
from evaluator.messages import Term

STAGES = ("acquisition", "growth", "mature", "decline", "terminated")
"""潜在获取期、成长期、成熟期、衰退期、终止期; names: ``customers.stage.<id>``."""

FOUR: Mapping[str, str] = {
    "acquisition": "identification",  # 识别期（考察期）
    "growth": "development",  # 发展期（形成期）
    "mature": "stability",  # 稳定期
    "decline": "degeneration",  # 衰退期（退化期）
    "terminated": "degeneration",
}
"""The four stages by the five: the end of a relation belongs to its degeneration."""


class LifecycleOptions(Format):
    """Where the stages part; the literature gives signs, no values: every one is the study's and is shown.

    Parameters
    ----------
    stages : ``five``, or the same rules with the names of the ``four``.
    steady_growth : g0, the log slope per month up to which trade counts as steady.
    mature_share : s*, the share of the customer's own business from which a steady relation is mature.
    mature_months : T*, the tenure from which it is, where that share is not known, with regular orders.
    regular : the regularity (0–1) of regular orders; where it is not known, `regular_purchases` will do.
    lost_intervals : ended after more than so many of the customer's mean intervals without a purchase.
    lost_days : the same for those without an interval; None: never by time.
    confirm : how many periods in a row must say so before a stage changes.
    """

    stages: Literal["five", "four"] = "five"
    steady_growth: NonNegative = 0.01
    mature_share: Share = 0.5
    mature_months: Positive = 36.0
    regular: Share = 0.3
    regular_purchases: Annotated[int, Field(ge=2)] = 4
    lost_intervals: Positive = 3.0
    lost_days: Positive | None = None
    confirm: PositiveCount = 2


@dataclass(frozen=True)
class Lifecycle(Displayed):
    """The stage of every customer in every period.

    Parameters
    ----------
    frame : sorted by id and period: `id`, `period`, `signal` (what the period alone says), `stage`,
        `source` (``rule``; ``held`` where the signal differs and is not confirmed yet; ``override``) and
        `note` (of an override).
    current : the last period of each customer: `id`, `stage`, `source`, `note`.
    distribution : per stage: `stage`, `customers`, `share` of those with a stage, from `current`.
    moves : between the last two periods; None where there is one period only.
    """

    frame: Any
    current: Any
    distribution: pl.DataFrame
    moves: Transitions | None
    options: LifecycleOptions
    issues: tuple[Issue, ...] = ()


def lifecycle_signals(
    orders: Any,
    *,
    as_of: Sequence[date],
    growth_months: int = 24,
    window_months: int = 12,
    wallet: Any | None = None,
) -> Any:
    """Return what orders say about the stage at each of several days, one row per customer and day.

    `id`, `period` (the day), `purchases`, `recency`, `interval`, `tenure` (see `rhythm`), `growth` (log
    slope per month) and `regularity` (see `MEASURES`); with a wallet also `share` (our net amount over
    the customer's whole spending in the window) and `total_growth` (its log slope). The end of a contract
    (`ended`) is in no order: join it by hand.

    Parameters
    ----------
    orders : one row per line; see `order_measures`.
    as_of : the days looked back from.
    wallet : `id`, `date`, `amount`: what customers spent in all, with us and with others; monthly rows
        give a `total_growth`. Customers without rows before a day have neither figure there.

    Raises
    ------
    EvaluationError
        as `order_measures`.

    Limits: a trend takes `growth_months` of history; before that it is missing, and the stage rests on
    the other signs.

    References
    ----------
    Signs after Chinese textbooks; the operational form is ours.

    >>> days = [date(2024, 1, 10), date(2024, 2, 10)]
    >>> lines = pl.DataFrame({"id": ["a", "a"], "date": days, "amount": [30.0, 30.0]})
    >>> spent = pl.DataFrame({"id": ["a"], "date": [date(2024, 2, 29)], "amount": [100.0]})
    >>> found = lifecycle_signals(lines, as_of=[date(2024, 3, 1)], wallet=spent)
    >>> found.select("id", "purchases", "share").row(0)
    ('a', 2, 0.6)
    """
    lines, whole = OrderLines.read(orders), None if wallet is None else OrderLines.read(wallet)
    span = {"window_months": window_months, "growth_months": growth_months}
    parts = []
    for day in sorted(set(as_of)):
        measured = order_measures(lines, as_of=day, names=["growth", "regularity", "net_amount"], **span)
        joined = rhythm(lines, as_of=day).join(measured, on="id", how="left", maintain_order="left")
        if whole is not None and whole.begin_before(day):
            spent = order_measures(whole, as_of=day, names=["net_amount", "growth"], **span)
            spent = spent.rename({"net_amount": "total", "growth": "total_growth"})
            joined = joined.join(spent, on="id", how="left", maintain_order="left").with_columns(
                pl.when(pl.col("total") > 0).then(pl.col("net_amount") / pl.col("total")).alias("share")
            )
        parts.append(joined.with_columns(pl.lit(day).alias("period")))
    found = pl.concat(parts, how="diagonal").sort("id", "period").drop("net_amount", "total", strict=False)
    return as_given(orders, found.select("id", "period", pl.exclude("id", "period")))


def lifecycle(
    signals: Any, *, options: LifecycleOptions | None = None, overrides: Any | None = None
) -> Lifecycle:
    """Settle the lifecycle stage of every customer, period after period (C1, C2).

    What one period says, the first rule that holds:
    terminated – the contract ended, or recency > k·interval;
    decline – trade falls, g < −g0, while the customer's own business does not (G ≥ 0, or not known);
    mature – trade is steady, ``|g| ≤ g0`` (or falls with the customer's own business), and our share reaches
    s*; where the share is not known: tenure reaches T* with regular orders, whatever g where that is
    not known either;
    growth – two purchases or more;
    acquisition – one or none.
    So a steady customer of ten years is mature, never a prospect. A first stage is taken at once, another
    after `confirm` periods in a row; the end of a contract at once; no signal leaves the stage.

    Parameters
    ----------
    signals : one row per customer and period: `id`, `period` (date, or anything that sorts),
        `purchases`, and where known `tenure` (months), `growth` and `total_growth` (log slope per month),
        `share` (0–1), `recency` and `interval` (days), `regularity`, `ended` (0/1); see `lifecycle_signals`.
    overrides : `id`, `period`, `stage`, `note`: what somebody decided instead, and why. It holds from
        that period on, until the signals confirm a change.

    Raises
    ------
    EvaluationError
        as `records`; an unknown stage; a share outside 0–1; an override without a note; a customer twice in
        one period; a row without its period.

    Limits: signs and order of the rules are from textbooks, the operational form is ours; the stage
    describes behaviour, not intent.

    References
    ----------
    Dwyer, Schurr & Oh (1987), doi:10.1177/002224298705100202; stages after Chinese textbooks.

    >>> table = pl.DataFrame({"id": ["a", "b"], "period": [1, 1], "purchases": [60, 2], "tenure": [120.0, 2],
    ...                       "growth": [0.0, 0.2], "regularity": [0.8, None]})
    >>> lifecycle(table).frame["stage"].to_list()
    ['mature', 'growth']
    """
    options = options or LifecycleOptions()
    table, periods = _signals(signals)
    decided = _overrides(overrides, periods, options)
    table = table.with_columns(_signal(options).alias("signal"))
    columns = ["id", "_place", "signal", "stage", "source", "note"]
    schema = {name: pl.Int64 if name == "_place" else pl.String for name in columns}
    settled = pl.DataFrame(list(_settled(table, decided, options)), schema=schema, orient="row")
    settled = settled.join(periods, on="_place", maintain_order="left")
    names = list(dict.fromkeys(FOUR.values())) if options.stages == "four" else list(STAGES)
    frame = settled.select("id", "period", "signal", "stage", "source", "note")
    current = settled.group_by("id", maintain_order=True).last().select("id", "stage", "source", "note")
    counts = current.group_by("stage").agg(pl.len().cast(pl.Int64).alias("customers"))
    distribution = pl.DataFrame({"stage": names}).join(counts, on="stage", how="left", maintain_order="left")
    known = max(current["stage"].count(), 1)
    distribution = distribution.with_columns(pl.col("customers").fill_null(0)).with_columns(
        (pl.col("customers") / known).alias("share")
    )
    return Lifecycle(
        as_given(signals, frame),
        as_given(signals, current),
        distribution,
        _moves(settled, names),
        options,
        _unknown(current),
    )


def _signals(signals: Any) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the signals in order, periods as their place, and what each place stands for."""
    native = to_polars(enter(signals).frame)
    known = ["tenure", "growth", "total_growth", "share", "recency", "interval", "regularity", "ended"]
    table = records(
        native,
        numbers=["purchases", *known],
        texts=["period"],
        optional=known,
        non_negative=["purchases", "tenure", "recency", "interval"],
        repeated=True,
    )
    if unknown := native["period"].null_count():
        raise EvaluationError([Issue("CUST-926", "period", {"count": unknown})])
    periods = native.select("period", pl.col("period").rank("dense").cast(pl.Int64).alias("_place"))
    table = table.with_columns(periods["_place"])
    issues = []
    if table.filter((pl.col("share") < 0) | (pl.col("share") > 1)).height:
        issues.append(Issue("CUST-920", "share"))
    if twice := table.filter(table.select("id", "_place").is_duplicated())["id"].unique().sort().to_list():
        issues.append(Issue("CUST-925", twice[0], {"count": len(twice)}))
    raise_errors(issues)
    return table.sort("id", "_place"), periods.unique().sort("_place")


def _signal(options: LifecycleOptions) -> pl.Expr:
    """Return what the period alone says, in the five stages."""
    g, G, n = pl.col("growth"), pl.col("total_growth"), pl.col("purchases")
    over = ~at_most(pl.col("recency"), options.lost_intervals * pl.col("interval"))
    if options.lost_days is not None:
        over = over.fill_null(~at_most(pl.col("recency"), options.lost_days))
    ended = ((pl.col("ended") > 0).fill_null(False)) | over.fill_null(False)
    falls = (~reaches(g, -options.steady_growth)).fill_null(False)
    shrinks = (~reaches(G, 0.0)).fill_null(False)
    steady = (at_most(g.abs(), options.steady_growth) | (falls & shrinks)).fill_null(False)
    regular = reaches(pl.col("regularity"), options.regular).fill_null(n >= options.regular_purchases)
    long = (reaches(pl.col("tenure"), options.mature_months) & regular).fill_null(False)
    share = reaches(pl.col("share"), options.mature_share)
    mature = pl.when(share.is_not_null()).then(steady & share).otherwise((steady | g.is_null()) & long)
    return (
        pl.when(ended).then(pl.lit("terminated"))
        .when(falls & ~shrinks).then(pl.lit("decline"))
        .when(mature).then(pl.lit("mature"))
        .when(n >= 2).then(pl.lit("growth"))
        .when(n.is_not_null()).then(pl.lit("acquisition"))
    )  # fmt: skip


def _overrides(
    overrides: Any | None, periods: pl.DataFrame, options: LifecycleOptions
) -> dict[tuple[str, int], tuple[str, str]]:
    if overrides is None:
        return {}
    native = to_polars(enter(overrides).frame)
    table = records(native, texts=["period", "stage", "note"], repeated=True)
    known = tuple(dict.fromkeys(FOUR.values())) if options.stages == "four" else STAGES
    places = dict(periods.select(pl.col("period").cast(pl.String), "_place").iter_rows())
    issues = []
    for who, period, stage, note in table.select("id", "period", "stage", "note").iter_rows():
        if stage not in known:
            issues.append(Issue("CUST-908", str(stage), {"column": "stage"}, nearest(str(stage), known)))
        if period not in places:
            issues.append(Issue("CUST-908", str(period), {"column": "period"}))
        if not (note or "").strip():
            issues.append(Issue("CUST-924", who))
    raise_errors(issues)
    return {
        (who, places[period]): (stage, note)
        for who, period, stage, note in table.select("id", "period", "stage", "note").iter_rows()
    }


def _settled(
    table: pl.DataFrame, decided: Mapping[tuple[str, int], tuple[str, str]], options: LifecycleOptions
) -> Iterator[tuple[str, int, str | None, str | None, str | None, str | None]]:
    """Walk the periods of each customer; a run of equal signals that differ from the stage may change it."""
    last, stage, wanted, run = None, None, None, 0
    for who, place, said, ended in table.select("id", "_place", "signal", "ended").iter_rows():
        if who != last:
            last, stage, wanted, run = who, None, None, 0
        signal = FOUR[said] if said and options.stages == "four" else said
        run = run + 1 if signal == wanted else 1
        wanted = signal
        source, note = "rule", None
        if (who, place) in decided:
            stage, note = decided[who, place]
            source, run = "override", 0
        elif signal and (stage is None or run >= options.confirm or (ended or 0) > 0):
            stage = signal
        elif signal != stage:
            source = "held"
        yield who, place, signal, stage, source if stage else None, note


def _moves(settled: pl.DataFrame, names: Sequence[str]) -> Transitions | None:
    places = settled["_place"].unique().sort()
    if len(places) < 2:
        return None
    before, after = (settled.filter(pl.col("_place") == place) for place in (places[-2], places[-1]))
    return transitions(before, after, states=names, column="stage")


def _unknown(current: pl.DataFrame) -> tuple[Issue, ...]:
    unknown = current.filter(pl.col("stage").is_null())["id"]
    return tuple(about("CUST-918", Term("customers.what.stage"), unknown, severity=Severity.WARNING))
