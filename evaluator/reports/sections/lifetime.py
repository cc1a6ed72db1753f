"""Lifetime value: what customers are expected to bring, on which terms, and how far forecasts held."""

from __future__ import annotations

from collections.abc import Iterator
from math import fsum

import numpy as np
import polars as pl

from evaluator.customers.models.lifetime import HeldOut, Lifetimes
from evaluator.customers.pareto import concentration
from evaluator.present import charts, figures
from evaluator.reports.blocks import (
    Block,
    Blocks,
    Facts,
    Head,
    Part,
    Picture,
    Words,
    found,
    named,
    section,
    table,
    told,
)
from evaluator.reports.context import Context

FIRST = 20
TOP = 0.2


def build(context: Context) -> Blocks | None:
    """Return the lifetime value of a study's customers."""
    result: Lifetimes | None = found(context, "lifetime")
    issues = tuple(told(context, "lifetime", result))
    if result is None:
        return section(Part("", issues))
    held_out = tuple(_held_out(result.held_out, context)) if result.held_out else ()
    return section(
        Part("", (*_lead(result, context), *issues)),
        Part(context.text("lifetime.spread"), tuple(_spread(result, context))),
        Part(context.text("lifetime.highest"), (_highest(result, context),)),
        Part(context.text("lifetime.held_out"), held_out),
        Part(context.text("lifetime.parameters"), tuple(_parameters(result, context))),
    )


def _lead(result: Lifetimes, context: Context) -> Iterator[Block]:
    terms, total = result.terms, fsum(result.frame["clv"].drop_nulls())
    unit = context.text(f"lifetime.units.{result.buying.unit}")
    horizon = context.text("lifetime.endless")
    if terms.horizon is not None:
        horizon = context.text("lifetime.within", horizon=figures.quantity(terms.horizon), unit=unit)
    yield Words(
        context.text(
            "lifetime.lead",
            count=result.frame.height,
            total=figures.quantity(total),
            mean=figures.quantity(total / result.frame.height),
            currency=terms.currency,
            horizon=horizon,
            alive=figures.number(fsum(result.frame["p_alive"].drop_nulls()), 0),
        ),
        "lead",
    )
    pairs = {
        "model": context.text(f"lifetime.models.{_kind(result)}"),
        "horizon": horizon,
        "rate": figures.percent(terms.discount_rate),
        "margin": figures.percent(result.margin),
        "currency": terms.currency,
        "as_of": figures.day(result.as_of, context.language),
        "timing": context.text("lifetime.moment"),
    }
    yield Facts(tuple((context.text(f"lifetime.{key}"), value) for key, value in pairs.items()))
    yield Words(context.text("lifetime.frozen" if result.frozen else "lifetime.fitted"), "note")


def _kind(result: Lifetimes) -> str:
    return "bg_nbd" if "a" in result.buying.model.names else "pareto_nbd"


def _spread(result: Lifetimes, context: Context) -> Iterator[Block]:
    values = result.frame["clv"].to_numpy()
    spread = concentration(values)
    said = context.text(
        "lifetime.concentration",
        top=figures.percent(TOP, 0),
        share=figures.percent(spread.top_share(TOP)),
        gini=figures.number(spread.gini, 3),
    )
    yield Words(said)
    shares = (np.arange(values.size) + 0.5) / values.size
    points = list(zip(shares.tolist(), np.sort(values)[::-1].tolist(), strict=True))
    yield Picture(
        charts.curves(
            "clv-distribution",
            context.text("lifetime.distribution"),
            context.text("lifetime.distribution_says"),
            [charts.Curve("CLV", points)],
            (context.text("lifetime.share_of_customers"), f"CLV ({result.terms.currency})"),
            format_=(".0%", "~s"),
        )
    )
    pareto = list(zip(spread.customers.tolist(), spread.pareto.tolist(), strict=True))
    even = charts.Curve(context.text("customers.concentration.equal"), [(0, 0), (1, 1)], reference=True)
    yield Picture(
        charts.curves(
            "clv-concentration",
            context.text("lifetime.cumulative"),
            context.text("lifetime.cumulative_says"),
            [charts.Curve("CLV", pareto), even],
            (context.text("lifetime.share_of_customers"), context.text("lifetime.share_of_clv")),
        )
    )


def _highest(result: Lifetimes, context: Context) -> Block:
    first = result.frame.sort(["clv", "id"], descending=[True, False])
    heads = [
        Head(context.text("ranking.id"), "id"),
        Head(context.text("ranking.name")),
        Head(context.text("lifetime.p_alive"), "percent"),
        Head(context.text("lifetime.purchases"), "quantity"),
        Head(context.text("lifetime.spend"), "quantity"),
        Head(f"CLV ({result.terms.currency})", "quantity"),
    ]
    columns = ["id", "p_alive", "expected_purchases", "expected_spend", "clv"]
    return table("", heads, named(context, first.select(columns)), most=FIRST)


def _held_out(tested: HeldOut, context: Context) -> Iterator[Block]:
    test = tested.test
    yield Words(
        context.text(
            "lifetime.held_out_says",
            calibration=figures.day(tested.calibration_end, context.language),
            end=figures.day(tested.observation_end, context.language),
            customers=test.customers,
            expected=figures.number(test.expected, 0),
            actual=figures.number(test.actual, 0),
            off=figures.percent(test.expected / test.actual - 1 if test.actual else None),
            correlation=figures.number(test.correlation, 3),
        ),
        "lead",
    )
    names = {key: context.text(f"lifetime.{key}") for key in ("actual", "expected")}
    track = tested.track
    lines = [
        charts.Curve(names[key], list(zip(track["time"], track[key], strict=True)), reference=key == "actual")
        for key in ("expected", "actual")
    ]
    yield Picture(
        charts.curves(
            "clv-tracking",
            context.text("lifetime.tracking"),
            context.text(
                "lifetime.tracking_says",
                time=figures.quantity(float(_calibrated(track))),
                unit=_unit(tested, context),
            ),
            lines,
            (_unit(tested, context), context.text("lifetime.repeat_purchases")),
            format_=(",d", "~s"),
        )
    )
    by = test.by_frequency
    lines = [
        charts.Curve(names[key], list(zip(by["frequency"], by[key], strict=True)), reference=key == "actual")
        for key in ("expected", "actual")
    ]
    yield Picture(
        charts.curves(
            "clv-holdout",
            context.text("lifetime.by_frequency"),
            context.text("lifetime.by_frequency_says", most=int(by["frequency"][-1])),
            lines,
            (context.text("lifetime.frequency"), context.text("lifetime.mean_purchases")),
            format_=(",d", ".1f"),
        )
    )
    heads = [
        Head(context.text("lifetime.frequency"), "count"),
        Head(context.text("customers.count"), "count"),
        Head(names["actual"], "ratio"),
        Head(names["expected"], "ratio"),
    ]
    yield table(context.text("lifetime.by_frequency"), heads, by)
    if tested.newcomers:
        yield Words(context.text("lifetime.newcomers", count=tested.newcomers))


def _calibrated(track: pl.DataFrame) -> float:
    seen = track.filter(~pl.col("holdout"))["time"]
    return float(seen[-1]) if len(seen) else 0.0


def _unit(tested: HeldOut, context: Context) -> str:
    return context.text(f"lifetime.units.{tested.unit}")


def _parameters(result: Lifetimes, context: Context) -> Iterator[Block]:
    rows = [
        (context.text(f"lifetime.models.{model}"), name, value, error if np.isfinite(error) else None)
        for model, estimate in (
            (_kind(result), result.buying.estimate),
            ("gamma_gamma", result.spend.estimate),
        )
        for name, value, error in zip(estimate.names, estimate.values, estimate.errors, strict=True)
    ]
    heads = [
        Head(context.text("lifetime.model")),
        Head(context.text("lifetime.parameter")),
        Head(context.text("lifetime.estimate"), "ratio"),
        Head(context.text("lifetime.error"), "ratio"),
    ]
    frame = pl.DataFrame(rows, schema=["model", "name", "value", "error"], orient="row")
    yield Words(
        context.text(
            "lifetime.based_on",
            customers=result.buying.customers,
            repeaters=result.buying.repeaters,
            correlation=figures.number(result.spend.correlation, 3),
        )
    )
    yield table("", heads, frame.with_columns(pl.col("value", "error").cast(pl.Float64)))
