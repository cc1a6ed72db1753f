"""Retention and what it is worth: a cohort, constant retention, migration, five drivers, the optimum."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from evaluator import messages
from evaluator.customers.clv import DriverValue, OptimumRetention, RetainedValue, RetentionAccounts, Terms
from evaluator.customers.clv.options import MigrationTerms
from evaluator.customers.models.cohorts import Cohort, Migration
from evaluator.present import charts, figures
from evaluator.reports.blocks import (
    Block,
    Blocks,
    Facts,
    Head,
    Kind,
    Part,
    Picture,
    Words,
    choices,
    found,
    section,
    table,
    told,
)
from evaluator.reports.context import Context

DRIVERS = ("acquisition", "base", "increased_purchase", "cost_saving", "referral", "price_premium")


def build(context: Context) -> Blocks | None:
    """Return what a study knows of groups of customers over their lifetime."""
    return section(
        Part("", (Words(context.text("retention.group"), "hint"),) if _any(context) else ()),
        Part(context.text("retention.cohort"), tuple(_cohort(context))),
        Part(context.text("retention.constant"), tuple(_retained(context))),
        Part(context.text("retention.profit_curve"), tuple(_curve(context))),
        Part(context.text("retention.migration"), tuple(_migration(context))),
        Part(context.text("retention.accounts"), tuple(_accounts(context))),
        Part(context.text("retention.drivers"), tuple(_drivers(context))),
        Part(context.text("retention.optimum"), tuple(_optimum(context))),
    )


def terms_of(terms: Terms, context: Context) -> Facts:
    """Return the conditions a lifetime value rests on, as they are printed beside it."""
    period = context.text("retention.one_year")
    if terms.period != 1:
        period = context.text("retention.years", count=figures.quantity(terms.period))
    horizon = context.text("retention.endless")
    if terms.horizon is not None:
        horizon = context.text("retention.periods", count=figures.quantity(terms.horizon))
    pairs = [
        ("level", messages.text(f"clv.level.{terms.level}", context.language)),
        ("rate", figures.percent(terms.discount_rate)),
        ("horizon", horizon),
        ("period", period),
        ("margins", messages.text(f"clv.timing.{terms.margins_at}", context.language)),
    ]
    if terms.costs_at:
        pairs.append(("costs", messages.text(f"clv.timing.{terms.costs_at}", context.language)))
    return Facts(tuple((context.text(f"retention.{key}"), said) for key, said in pairs))


def _any(context: Context) -> bool:
    models = ("cohort", "retained", "curve", "migration", "accounts", "five_drivers", "optimum_retention")
    return any(found(context, model) is not None for model in models)


def _worth(value: float, currency: str) -> str:
    return f"{figures.quantity(value)} {currency}"


def _periods(context: Context, frame: pl.DataFrame, kinds: dict[str, Kind]) -> Block:
    heads = [Head(context.text(f"retention.column.{name}"), kind) for name, kind in kinds.items()]
    return table("", heads, frame.select(list(kinds)))


def _cohort(context: Context) -> Iterator[Block]:
    result: Cohort | None = found(context, "cohort")
    yield from told(context, "cohort", result)
    if result is None:
        return
    value = result.value
    yield Words(
        context.text("retention.cohort_says", value=_worth(value.value, value.terms.currency),
                     customers=figures.number(result.customers[0], 0)), "lead",
    )  # fmt: skip
    yield terms_of(value.terms, context)
    yield Picture(
        charts.curves(
            "retention-curve",
            context.text("retention.curve"),
            context.text("retention.curve_says"),
            list(_survival(result, context)),
            (context.text("retention.column.period"), context.text("retention.staying")),
            format_=(",d", ".0%"),
        )
    )
    kinds: dict[str, Kind] = {
        "period": "count", "customers": "count", "retention": "percent", "revenue": "quantity",
        "cost": "quantity", "profit": "quantity", "present_value": "quantity", "cumulative": "quantity",
    }  # fmt: skip
    yield _periods(context, value.table, kinds)


def _survival(result: Cohort, context: Context) -> Iterator[charts.Curve]:
    periods = np.arange(result.customers.size)
    ahead = np.linspace(0, 2 * (periods.size - 1), 4 * periods.size)
    share = result.customers / result.customers[0]
    observed = context.text("retention.observed")
    yield charts.Curve(observed, list(zip(periods.tolist(), share.tolist(), strict=True)), reference=True)
    if result.weibull is not None:
        stay = result.weibull.model(ahead)
        yield charts.Curve("Weibull", list(zip(ahead.tolist(), stay.tolist(), strict=True)))
    if result.contracts is not None:
        whole = np.arange(2 * periods.size - 1)
        stay = result.contracts.model.survival(whole)
        yield charts.Curve("sBG", list(zip(whole.tolist(), stay.tolist(), strict=True)))


def _retained(context: Context) -> Iterator[Block]:
    result: RetainedValue | None = found(context, "retained")
    yield from told(context, "retained", result)
    if result is None:
        return
    worth = _worth(result.value, result.terms.currency)
    yield Words(context.text("retention.constant_says", value=worth), "lead")
    yield terms_of(result.terms, context)
    if result.table is not None:
        kinds: dict[str, Kind] = {
            "period": "count", "staying": "percent", "margin": "quantity", "cost": "quantity",
            "present_value": "quantity", "cumulative": "quantity",
        }  # fmt: skip
        yield _periods(context, result.table, kinds)


def _curve(context: Context) -> Iterator[Block]:
    result: RetainedValue | None = found(context, "curve")
    yield from told(context, "curve", result)
    if result is None:
        return
    chosen = choices(context).curve
    assert chosen is not None
    said = "degenerating" if chosen.degeneration else "lasting"
    worth = _worth(result.value, result.terms.currency)
    yield Words(context.text(f"retention.curve_{said}", value=worth), "lead")
    yield terms_of(result.terms, context)
    if result.table is not None:
        kinds: dict[str, Kind] = {
            "period": "count", "staying": "percent", "margin": "quantity", "present_value": "quantity",
            "cumulative": "quantity",
        }  # fmt: skip
        yield _periods(context, result.table, kinds)


def _accounts(context: Context) -> Iterator[Block]:
    result: RetentionAccounts | None = found(context, "accounts")
    yield from told(context, "accounts", result)
    if result is None:
        return
    frame = pl.DataFrame(result.frame)
    kinds: dict[str, Kind] = {
        "customers": "count", "profit": "quantity", "profit_per_customer": "quantity",
        "churn_rate": "percent", "churn_cost": "quantity", "churn_cost_per_customer": "quantity",
        "cost_per_kept": "quantity",
    }  # fmt: skip
    words = {True: context.text("retention.accept"), False: context.text("retention.decline")}
    verdict = pl.col("accept").replace_strict(words, default=None, return_dtype=pl.String)
    heads = [
        Head(context.text("retention.segment")),
        *(Head(context.text(f"retention.column.{name}"), kind) for name, kind in kinds.items()),
        Head(context.text("retention.verdict")),
    ]
    yield terms_of(result.terms, context)
    yield table("", heads, frame.select("id", *kinds, verdict), note=context.text("retention.accounts_says"))


def _migration(context: Context) -> Iterator[Block]:
    result: Migration | None = found(context, "migration")
    yield from told(context, "migration", result)
    if result is None:
        return
    chosen = choices(context).migration
    assert chosen is not None
    worth = _worth(result.value.value, result.value.terms.currency)
    given_up = len(chosen.probabilities)
    yield Words(context.text("retention.migration_says", value=worth, given_up=given_up), "lead")
    yield terms_of(result.value.terms, context)
    heads = [
        Head(context.text("retention.recency"), "count"),
        Head(context.text("retention.buys"), "percent"),
        Head(context.text("retention.going_on"), "quantity"),
        Head(context.text("retention.stopping"), "quantity"),
        Head(context.text("retention.decision")),
    ]
    yield table(context.text("retention.by_recency"), heads, _states(result, chosen, context))
    kinds: dict[str, Kind] = {
        "period": "count", "buying": "percent", "targeted": "percent", "margin": "quantity",
        "cost": "quantity", "present_value": "quantity", "cumulative": "quantity",
    }  # fmt: skip
    yield _periods(context, result.value.table, kinds)


def _states(result: Migration, chosen: MigrationTerms, context: Context) -> pl.DataFrame:
    size = len(chosen.probabilities)
    said = ["stop" if state in result.stopping.stopped else "go_on" for state in range(size)]
    return pl.DataFrame(
        {
            "recency": np.arange(1, size + 1),
            "buys": list(chosen.probabilities),
            "going_on": result.chain.values[:size],
            "stopping": result.stopping.values[:size],
            "decision": [context.text(f"retention.{word}") for word in said],
        }
    )


def _drivers(context: Context) -> Iterator[Block]:
    result: DriverValue | None = found(context, "five_drivers")
    yield from told(context, "five_drivers", result)
    if result is None:
        return
    currency = result.terms.currency
    break_even = context.text("retention.never")
    if result.break_even is not None:
        break_even = context.text("retention.in_year", year=result.break_even)
    yield Words(
        context.text(
            "retention.drivers_says",
            staying=_worth(result.value, currency),
            retained=_worth(result.retained, currency),
            retention=figures.percent(result.retention),
            improved=_worth(result.improved, currency),
            better=figures.percent(result.retention + result.change),
            gain=figures.percent(result.improved / result.retained - 1 if result.retained > 0 else None),
            break_even=break_even,
        ),
        "lead",
    )
    yield terms_of(result.terms, context)
    names = {name: context.text(f"retention.driver.{name}") for name in DRIVERS}
    cells = [
        (str(row["year"]), names[name], float(row[name]))
        for row in result.table.iter_rows(named=True)
        for name in DRIVERS
        if row[name]
    ]
    yield Picture(
        charts.stacked(
            "five-drivers",
            context.text("retention.driver_chart"),
            context.text("retention.driver_chart_says"),
            cells,
            (context.text("retention.column.year"), currency),
        )
    )
    kinds: dict[str, Kind] = {
        "year": "count", "profit": "quantity", "staying": "percent", "present_value": "quantity",
        "cumulative": "quantity",
    }  # fmt: skip
    yield _periods(context, result.table, kinds)


def _optimum(context: Context) -> Iterator[Block]:
    result: OptimumRetention | None = found(context, "optimum_retention")
    yield from told(context, "optimum_retention", result)
    if result is None:
        return
    chosen = choices(context).optimum_retention
    assert chosen is not None
    currency = result.terms.currency
    yield Words(
        context.text(
            "retention.optimum_says",
            spend=_worth(result.spend, currency),
            retention=figures.percent(result.retention),
            value=_worth(result.value, currency),
            ceiling=figures.percent(chosen.retention.ceiling),
        ),
        "lead",
    )
    yield terms_of(result.terms, context)
    points = list(zip(result.curve["spend"], result.curve["value"], strict=True))
    best = [(result.spend, float(result.curve["value"].min() or 0.0)), (result.spend, result.value)]  # type: ignore[arg-type]
    yield Picture(
        charts.curves(
            "optimum-retention",
            context.text("retention.optimum_curve"),
            context.text("retention.optimum_curve_says"),
            [
                charts.Curve(context.text("retention.equity"), points),
                charts.Curve(context.text("retention.best"), best, reference=True),
            ],
            (context.text("retention.spend"), f"{context.text('retention.equity')} ({currency})"),
            format_=("~s", "~s"),
        )
    )
