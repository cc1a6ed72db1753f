"""Lifetime value: what customers are expected to bring, on which terms, and how far forecasts held."""

from __future__ import annotations

from dataclasses import replace
from math import fsum

import numpy as np
import polars as pl

from evaluator.customers.models.abc.pareto import concentration
from evaluator.customers.models.lifetime.options import LifetimeOptions
from evaluator.customers.models.lifetime.study import HeldOut, Lifetimes
from evaluator.present import charts, figures
from evaluator.present.blocks import (
    Cell,
    Heading,
    Table,
    View,
    customer_table,
    facts,
    head,
    heads,
    table,
    words,
)
from evaluator.present.kinds import Kind
from evaluator.present.reader import Reader

FIRST = 20
TOP = 0.2


def view(result: Lifetimes, chosen: LifetimeOptions, reader: Reader) -> View:
    """Yield the lifetime value of a study's customers."""
    reader = replace(reader, currency=result.terms.currency)
    yield from _lead(result, reader)
    if result.spend:
        yield Heading(reader.text("lifetime.spread"))
        yield from _spread(result, reader)
    yield Heading(reader.text("lifetime.highest" if result.spend else "lifetime.likeliest"))
    yield _highest(result, reader)
    if result.held_out:
        yield Heading(reader.text("lifetime.held_out"))
        yield from _held_out(result.held_out, reader)
    yield Heading(reader.text("lifetime.parameters"))
    yield from _parameters(result, reader)


def _lead(result: Lifetimes, reader: Reader) -> View:
    terms = result.terms
    horizon = reader.text("lifetime.endless")
    if terms.horizon is not None:
        unit = reader.text(f"lifetime.units.{result.buying.unit}")
        horizon = reader.text("lifetime.within", horizon=reader.say(terms.horizon, "quantity"), unit=unit)
    alive = reader.say(fsum(result.frame["p_alive"].drop_nulls()), "count")
    known: dict[str, tuple[Cell, Kind]] = {
        "model": (reader.text(f"lifetime.models.{_kind(result)}"), "text"),
        "horizon": (horizon, "text"),
        "as_of": (reader.day(result.as_of), "text"),
    }
    if result.spend:
        total = fsum(result.frame["clv"].drop_nulls())
        mean = reader.say(total / result.frame.height, "money")
        yield words(
            reader, "lifetime.lead", "lead", count=result.frame.height, total=reader.say(total, "money"),
            mean=mean, horizon=horizon, alive=alive,
        )  # fmt: skip
        known |= {
            "rate": (terms.discount_rate, "share"),
            "margin": (result.margin, "share"),
            "currency": (terms.currency, "text"),
            "timing": (reader.text("lifetime.moment"), "text"),
        }
    else:
        yield words(reader, "lifetime.lead_unpriced", "lead", count=result.frame.height, alive=alive)
    order = ("model", "horizon", "rate", "margin", "currency", "as_of", "timing")
    yield facts(reader, "lifetime", {name: known[name] for name in order if name in known})
    yield words(reader, "lifetime.frozen" if result.frozen else "lifetime.fitted", "note")


def _kind(result: Lifetimes) -> str:
    return "bg_nbd" if "a" in result.buying.model.names else "pareto_nbd"


def _spread(result: Lifetimes, reader: Reader) -> View:
    values = result.frame["clv"].to_numpy()
    spread = concentration(values)
    top, share = figures.percent(TOP, 0), reader.say(spread.top_share(TOP), "share")
    gini = reader.say(spread.gini, "coefficient")
    yield words(reader, "lifetime.concentration", top=top, share=share, gini=gini)
    customers = reader.text("lifetime.share_of_customers")
    shares = (np.arange(values.size) + 0.5) / values.size
    yield charts.curves(
        "clv-distribution", *reader.caption("lifetime.distribution"),
        [charts.curve("CLV", shares.tolist(), np.sort(values)[::-1].tolist())],
        (customers, f"CLV ({result.terms.currency})"), format_=(".0%", "~s"),
    )  # fmt: skip
    yield charts.curves(
        "clv-concentration", *reader.caption("lifetime.cumulative"),
        [charts.curve("CLV", spread.customers.tolist(), spread.pareto.tolist()),
         charts.curve(reader.text("customers.concentration.equal"), (0, 1), (0, 1), reference=True)],
        (customers, reader.text("lifetime.share_of_clv")),
    )  # fmt: skip


def _highest(result: Lifetimes, reader: Reader) -> Table:
    kinds: dict[str, Kind] = {"p_alive": "share", "purchases": "points"}
    columns = ["id", "p_alive", "expected_purchases"]
    if result.spend:
        shown = [*heads(reader, "lifetime", {**kinds, "spend": "money"}), head(reader, "CLV", "money")]
        columns += ["expected_spend", "clv"]
    else:
        shown = [*heads(reader, "lifetime", kinds)]
    by = "clv" if result.spend else "expected_purchases" if result.terms.horizon else "p_alive"
    frame = result.frame.sort([by, "id"], descending=[True, False]).select(columns)
    return customer_table(reader, "", shown, frame, most=FIRST)


def _held_out(tested: HeldOut, reader: Reader) -> View:
    test, unit = tested.test, reader.text(f"lifetime.units.{tested.unit}")
    yield words(
        reader, "lifetime.held_out_says", "lead",
        calibration=reader.day(tested.calibration_end),
        end=reader.day(tested.observation_end),
        customers=test.customers,
        expected=reader.say(test.expected, "count"),
        actual=reader.say(test.actual, "count"),
        off=_off(test.expected, test.actual, reader),
        correlation=reader.say(test.correlation, "coefficient"),
    )  # fmt: skip
    time = reader.say(float(_calibrated(tested.track)), "quantity")
    yield charts.curves(
        "clv-tracking", *reader.caption("lifetime.tracking", time=time, unit=unit),
        _both(tested.track, "time", reader), (unit, reader.text("lifetime.repeat_purchases")),
        format_=(",d", "~s"),
    )  # fmt: skip
    by = test.by_frequency
    axes = (reader.text("lifetime.frequency"), reader.text("lifetime.mean_purchases"))
    yield charts.curves(
        "clv-holdout", *reader.caption("lifetime.by_frequency", most=int(by["frequency"][-1])),
        _both(by, "frequency", reader), axes, format_=(",d", ".1f"),
    )  # fmt: skip
    shown = heads(reader, "lifetime", {
        "frequency": "count", "customers.count": "count", "actual": "coefficient", "expected": "coefficient"
    })  # fmt: skip
    yield table(reader.text("lifetime.by_frequency"), shown, by)
    if tested.newcomers:
        yield words(reader, "lifetime.newcomers", count=tested.newcomers)


def _off(expected: float, actual: float, reader: Reader) -> str:
    """Return how far a forecast was off; empty where nothing happened that it could be measured by."""
    if not actual:
        return ""
    return reader.text("lifetime.missed", off=reader.say(expected / actual - 1, "change"))


def _both(frame: pl.DataFrame, x: str, reader: Reader) -> list[charts.Curve]:
    """Return what was expected, and what happened for reference."""
    return [
        charts.curve(reader.text(f"lifetime.{key}"), frame[x], frame[key], reference=key == "actual")
        for key in ("expected", "actual")
    ]


def _calibrated(track: pl.DataFrame) -> float:
    seen = track.filter(~pl.col("holdout"))["time"]
    return float(seen[-1]) if len(seen) else 0.0


def _parameters(result: Lifetimes, reader: Reader) -> View:
    estimates = {_kind(result): result.buying.estimate}
    estimates |= {"gamma_gamma": result.spend.estimate} if result.spend else {}
    rows = [
        (reader.text(f"lifetime.models.{model}"), name, value, error if np.isfinite(error) else None)
        for model, estimate in estimates.items()
        for name, value, error in zip(
            estimate.names, estimate.values.tolist(), estimate.errors.tolist(), strict=True
        )
    ]
    counts = {"customers": result.buying.customers, "repeaters": result.buying.repeaters}
    if result.spend:
        correlation = reader.say(result.spend.correlation, "coefficient")
        yield words(reader, "lifetime.based_on", correlation=correlation, **counts)
    else:
        yield words(reader, "lifetime.based_on_counts", **counts)
    shown = heads(reader, "lifetime", {
        "model": "text", "parameter": "text", "estimate": "coefficient", "error": "coefficient"
    })  # fmt: skip
    yield table("", shown, rows)
