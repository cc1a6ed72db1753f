"""Retention and what it is worth: a cohort, constant retention, migration, five drivers, the optimum."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import polars as pl

from evaluator.customers.models.retention.accounting import RetentionAccounts
from evaluator.customers.models.retention.berger_nasr_cases import RetainedValue
from evaluator.customers.models.retention.optimum import OptimumRetention
from evaluator.customers.models.retention.options import (
    CohortTerms,
    CurveTerms,
    DriverTerms,
    MigrationTerms,
    MoneyTerms,
    OptimumTerms,
    RetainedTerms,
)
from evaluator.customers.models.retention.reichheld import DriverValue
from evaluator.customers.models.retention.study import Cohort, Migration
from evaluator.customers.terms_view import terms_of
from evaluator.present import charts
from evaluator.present.blocks import Table, View, heads, table, words
from evaluator.present.kinds import Kind
from evaluator.present.reader import Reader

DRIVERS = ("acquisition", "base", "increased_purchase", "cost_saving", "referral", "price_premium")


def _periods(reader: Reader, frame: pl.DataFrame, kinds: Mapping[str, Kind]) -> Table:
    return table("", heads(reader, "retention.column", kinds), frame.select(list(kinds)))


def cohort(result: Cohort, chosen: CohortTerms, reader: Reader) -> View:
    """Yield what a customer of a cohort is worth."""
    value, reader = result.value, replace(reader, currency=result.value.terms.currency)
    worth, customers = reader.say(value.value, "money"), reader.say(float(result.customers[0]), "count")
    yield words(reader, "retention.cohort_says", "lead", value=worth, customers=customers)
    yield terms_of(value.terms, reader)
    axes = (reader.text("retention.column.period"), reader.text("retention.staying"))
    yield charts.curves(
        "retention-curve", *reader.caption("retention.curve"), list(_survival(result, reader)), axes,
        format_=(",d", ".0%"),
    )  # fmt: skip
    yield _periods(reader, value.table, {
        "period": "count", "customers": "count", "retention": "share", "revenue": "money",
        "cost": "money", "profit": "money", "present_value": "money", "cumulative": "money",
    })  # fmt: skip


def _survival(result: Cohort, reader: Reader) -> Iterator[charts.Curve]:
    periods = np.arange(result.customers.size)
    ahead = np.linspace(0, 2 * (periods.size - 1), 4 * periods.size)
    share = result.customers / result.customers[0]
    yield charts.curve(reader.text("retention.observed"), periods.tolist(), share.tolist(), reference=True)
    if result.weibull is not None:
        yield charts.curve("Weibull", ahead.tolist(), result.weibull.model(ahead).tolist())
    if result.contracts is not None:
        whole = np.arange(2 * periods.size - 1)
        yield charts.curve("sBG", whole.tolist(), result.contracts.model.survival(whole).tolist())


def retained(result: RetainedValue, chosen: RetainedTerms, reader: Reader) -> View:
    """Yield what the mean customer is worth with a constant retention."""
    reader = replace(reader, currency=result.terms.currency)
    worth = reader.say(result.value, "money")
    yield words(reader, "retention.constant_says", "lead", value=worth)
    yield terms_of(result.terms, reader)
    if result.table is not None:
        yield _periods(reader, result.table, {
            "period": "count", "staying": "share", "margin": "money", "cost": "money",
            "present_value": "money", "cumulative": "money",
        })  # fmt: skip


def profit_curve(result: RetainedValue, chosen: CurveTerms, reader: Reader) -> View:
    """Yield what the mean customer is worth with a stated curve of profits."""
    end = "degenerating" if chosen.degeneration else "lasting"
    reader = replace(reader, currency=result.terms.currency)
    worth = reader.say(result.value, "money")
    yield words(reader, f"retention.curve_{end}", "lead", value=worth)
    yield terms_of(result.terms, reader)
    if result.table is not None:
        yield _periods(reader, result.table, {
            "period": "count", "staying": "share", "margin": "money", "present_value": "money",
            "cumulative": "money",
        })  # fmt: skip


def accounts(result: RetentionAccounts, chosen: MoneyTerms, reader: Reader) -> View:
    """Yield what leaving customers cost by segment, and whether keeping them pays."""
    reader = replace(reader, currency=result.terms.currency)
    kinds: dict[str, Kind] = {
        "customers": "count", "profit": "money", "profit_per_customer": "money",
        "churn_rate": "share", "churn_cost": "money", "churn_cost_per_customer": "money",
        "cost_per_kept": "money",
    }  # fmt: skip
    verdicts = {True: reader.text("retention.accept"), False: reader.text("retention.decline")}
    verdict = pl.col("accept").replace_strict(verdicts, default=None, return_dtype=pl.String)
    shown = [
        *heads(reader, "retention", {"segment": "text"}),
        *heads(reader, "retention.column", kinds),
        *heads(reader, "retention", {"verdict": "text"}),
    ]
    yield terms_of(result.terms, reader)
    frame = pl.DataFrame(result.frame).select("id", *kinds, verdict)
    yield table("", shown, frame, note=reader.text("retention.accounts_says"))


def migration(result: Migration, chosen: MigrationTerms, reader: Reader) -> View:
    """Yield what customers are worth who come and go, by how long ago they bought."""
    value, reader = result.value, replace(reader, currency=result.value.terms.currency)
    worth, given_up = reader.say(value.value, "money"), len(chosen.probabilities)
    yield words(reader, "retention.migration_says", "lead", value=worth, given_up=given_up)
    yield terms_of(value.terms, reader)
    shown = heads(reader, "retention", {
        "recency": "count", "buys": "share", "going_on": "money", "stopping": "money",
        "decision": "text",
    })  # fmt: skip
    yield table(reader.text("retention.by_recency"), shown, _states(result, chosen, reader))
    yield _periods(reader, value.table, {
        "period": "count", "buying": "share", "targeted": "share", "margin": "money",
        "cost": "money", "present_value": "money", "cumulative": "money",
    })  # fmt: skip


def _states(result: Migration, chosen: MigrationTerms, reader: Reader) -> pl.DataFrame:
    size = len(chosen.probabilities)
    decisions = ["stop" if state in result.stopping.stopped else "go_on" for state in range(size)]
    return pl.DataFrame(
        {
            "recency": np.arange(1, size + 1),
            "buys": list(chosen.probabilities),
            "going_on": result.chain.values[:size],
            "stopping": result.stopping.values[:size],
            "decision": [reader.text(f"retention.{decision}") for decision in decisions],
        }
    )


def drivers(result: DriverValue, chosen: DriverTerms, reader: Reader) -> View:
    """Yield what a customer who stays brings by its five drivers, and what better retention adds."""
    reader = replace(reader, currency=result.terms.currency)
    break_even = reader.text("retention.never")
    if result.break_even is not None:
        break_even = reader.text("retention.in_year", year=result.break_even)
    yield words(
        reader, "retention.drivers_says", "lead",
        staying=reader.say(result.value, "money"),
        retained=reader.say(result.retained, "money"),
        retention=reader.say(result.retention, "share"),
        improved=reader.say(result.improved, "money"),
        better=reader.say(result.retention + result.change, "share"),
        gain=_gain(result, reader),
        break_even=break_even,
    )  # fmt: skip
    yield terms_of(result.terms, reader)
    names = {name: reader.text(f"retention.driver.{name}") for name in DRIVERS}
    cells = [
        (str(row["year"]), names[name], float(row[name]))
        for row in result.table.iter_rows(named=True)
        for name in DRIVERS
        if row[name]
    ]
    axes = (reader.text("retention.column.year"), reader.currency)
    yield charts.stacked("five-drivers", *reader.caption("retention.driver_chart"), cells, axes)
    yield _periods(reader, result.table, {
        "year": "count", "profit": "money", "staying": "share", "present_value": "money",
        "cumulative": "money",
    })  # fmt: skip


def _gain(result: DriverValue, reader: Reader) -> str:
    """Return how much more a better retention brings; empty where there is nothing to be more than."""
    if result.retained <= 0:
        return ""
    return reader.text("retention.gain", gain=reader.say(result.improved / result.retained - 1, "share"))


def optimum(result: OptimumRetention, chosen: OptimumTerms, reader: Reader) -> View:
    """Yield what to spend on keeping customers."""
    reader = replace(reader, currency=result.terms.currency)
    curve, equity = result.curve, reader.text("retention.equity")
    yield words(
        reader, "retention.optimum_says", "lead",
        spend=reader.say(result.spend, "money"),
        retention=reader.say(result.retention, "share"),
        value=reader.say(result.value, "money"),
        ceiling=reader.say(chosen.retention.ceiling, "share"),
    )  # fmt: skip
    yield terms_of(result.terms, reader)
    low = float(curve["value"].min() or 0.0)  # type: ignore[arg-type]
    spent = (result.spend, result.spend)
    lines = [
        charts.curve(equity, curve["spend"], curve["value"]),
        charts.curve(reader.text("retention.best"), spent, (low, result.value), reference=True),
    ]
    axes = (reader.text("retention.spend"), f"{equity} ({reader.currency})")
    yield charts.curves(
        "optimum-retention", *reader.caption("retention.optimum_curve"), lines, axes, format_=("~s", "~s")
    )
