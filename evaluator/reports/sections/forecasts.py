"""Lifetime value from customer events and from profits so far, customer by customer."""

from __future__ import annotations

from collections.abc import Iterator
from math import fsum

import polars as pl

from evaluator.customers.clv import EventValues, ProfitForecast
from evaluator.customers.models.forecasts import Profits
from evaluator.present import charts, figures
from evaluator.present.charts import Chart
from evaluator.reports.blocks import (
    Block,
    Blocks,
    Head,
    Kind,
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
from evaluator.reports.sections.retention import terms_of

FIRST = 20


def build(context: Context) -> Blocks | None:
    """Return what is foretold of single customers."""
    return section(
        Part(context.text("forecasts.events"), tuple(_events(context))),
        Part(context.text("forecasts.profits"), tuple(_profits(context))),
    )


def _events(context: Context) -> Iterator[Block]:
    result: EventValues | None = found(context, "events")
    yield from told(context, "events", result)
    if result is None:
        return
    frame = pl.DataFrame(result.frame)
    yield Words(
        context.text(
            "forecasts.events_says",
            count=frame.height,
            events=int(frame["events"].sum()),
            low=figures.quantity(fsum(frame["low"])),
            base=figures.quantity(fsum(frame["base"])),
            high=figures.quantity(fsum(frame["high"])),
            currency=result.terms.currency,
            draws=figures.number(result.draws, 0),
            seed=result.seed,
        ),
        "lead",
    )
    yield terms_of(result.terms, context)
    kinds: dict[str, Kind] = {
        "events": "count", "low": "quantity", "base": "quantity", "high": "quantity", "p5": "quantity",
        "p50": "quantity", "p95": "quantity", "loss": "percent",
    }  # fmt: skip
    ordered = frame.sort(["base", "id"], descending=[True, False]).select("id", *kinds)
    yield table("", _heads(context, kinds), named(context, ordered), most=2 * FIRST)
    yield Words(context.text("forecasts.judged"))


def _profits(context: Context) -> Iterator[Block]:
    result: Profits | None = found(context, "profits")
    yield from told(context, "profits", result)
    if result is None:
        return
    ordered = result.frame.sort(["lifetime", "id"], descending=[True, False], nulls_last=True)
    yield Words(
        context.text("forecasts.profits_says", count=ordered.height, curves=len(result.forecasts)), "lead"
    )
    yield terms_of(result.terms, context)
    first = ordered["id"][0]
    if first in result.forecasts:
        yield Picture(
            _curve(result.forecasts[first], str(named(context, ordered.head(1))["name"][0]), context)
        )
    kinds: dict[str, Kind] = {
        "periods": "count", "curve": "text", "r_squared": "ratio", "history": "quantity",
        "future": "quantity", "lifetime": "quantity",
    }  # fmt: skip
    yield table("", _heads(context, kinds), named(context, ordered.select("id", *kinds)), most=2 * FIRST)


def _curve(found_: ProfitForecast, name: str, context: Context) -> Chart:
    known = len(found_.fitted)
    ahead = range(known, known + len(found_.forecast))
    fitted = [*enumerate(found_.fitted.tolist()), *zip(ahead, found_.forecast.tolist(), strict=True)]
    bands = [
        charts.Curve(
            context.text(f"forecasts.{key}"), list(zip(ahead, band.tolist(), strict=True)), reference=True
        )
        for key, band in (("band_low", found_.low), ("band_high", found_.high))
        if len(band) > 1
    ]
    return charts.curves(
        "profit-curve",
        context.text("forecasts.curve_of", name=name),
        context.text("forecasts.curve_says", curve=found_.curve, known=known),
        [charts.Curve(context.text("forecasts.curve"), [(float(x), y) for x, y in fitted]), *bands],
        (context.text("forecasts.period"), context.text("forecasts.profit")),
        format_=(",d", "~s"),
    )


def _heads(context: Context, kinds: dict[str, Kind]) -> list[Head]:
    own = [Head(context.text(f"forecasts.{name}"), kind) for name, kind in kinds.items()]
    return [Head(context.text("ranking.id"), "id"), Head(context.text("ranking.name")), *own]
