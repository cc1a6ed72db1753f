"""Lifetime value from customer events and from profits so far, customer by customer."""

from __future__ import annotations

from dataclasses import replace
from math import fsum

import polars as pl

from evaluator.customers.models.lifetime.events import EventValues
from evaluator.customers.models.lifetime.fitting import ProfitForecast
from evaluator.customers.models.lifetime.forecasts_study import Opportunities, Profits
from evaluator.customers.models.lifetime.options import EventTerms, OpportunityTerms, ProfitTerms
from evaluator.customers.terms_view import terms_of
from evaluator.present import charts
from evaluator.present.blocks import View, customer_table, heads, words
from evaluator.present.kinds import Kind
from evaluator.present.reader import Reader

SHOWN = 40


def events(result: EventValues, chosen: EventTerms, reader: Reader) -> View:
    """Yield what the events foreseen of single customers are worth."""
    frame, reader = pl.DataFrame(result.frame), replace(reader, currency=result.terms.currency)
    yield words(
        reader, "forecasts.events_says", "lead",
        count=frame.height,
        events=int(frame["events"].sum()),
        low=reader.say(fsum(frame["low"]), "money"),
        base=reader.say(fsum(frame["base"]), "money"),
        high=reader.say(fsum(frame["high"]), "money"),
        draws=reader.say(result.draws, "count"),
        seed=result.seed,
    )  # fmt: skip
    yield terms_of(result.terms, reader)
    kinds: dict[str, Kind] = {
        "events": "count", "low": "money", "base": "money", "high": "money", "p5": "money",
        "p50": "money", "p95": "money", "loss": "share",
    }  # fmt: skip
    ordered = frame.sort(["base", "id"], descending=[True, False]).select("id", *kinds)
    yield customer_table(reader, "", heads(reader, "forecasts", kinds), ordered, most=SHOWN)
    yield words(reader, "forecasts.judged")


def opportunities(result: Opportunities, chosen: OpportunityTerms, reader: Reader) -> View:
    """Yield who still uses opportunities, and how many of the next ones."""
    frame, model = result.frame, result.fitted.model
    yield words(
        reader, "forecasts.opportunities_says", "lead",
        count=frame.height,
        ahead=chosen.ahead,
        uses=reader.say(fsum(frame["ahead"]), "count"),
        alive=reader.say(fsum(frame["alive"]), "count"),
    )  # fmt: skip
    values = ", ".join(f"{name} = {reader.say(getattr(model, name), 'coefficient')}" for name in model.names)
    yield words(
        reader, "forecasts.opportunities_model", values=values, rate=reader.say(chosen.discount_rate, "share")
    )
    kinds: dict[str, Kind] = {
        "opportunities": "count", "frequency": "count", "recency": "count", "alive": "share",
        "ahead": "points",
    }  # fmt: skip
    ordered = frame.sort(["ahead", "id"], descending=[True, False]).select("id", *kinds)
    yield customer_table(reader, "", heads(reader, "forecasts", kinds), ordered, most=SHOWN)


def profits(result: Profits, chosen: ProfitTerms, reader: Reader) -> View:
    """Yield how the profits of single customers go on."""
    reader = replace(reader, currency=result.terms.currency)
    ordered = result.frame.sort(["lifetime", "id"], descending=[True, False], nulls_last=True)
    count = {"count": ordered.height, "curves": len(result.forecasts)}
    yield words(reader, "forecasts.profits_says", "lead", **count)
    yield terms_of(result.terms, reader)
    first = ordered["id"][0]
    if first in result.forecasts:
        yield _curve(result.forecasts[first], str(reader.named(ordered.head(1))["name"][0]), reader)
    kinds: dict[str, Kind] = {
        "periods": "count", "curve": "text", "r_squared": "coefficient", "history": "money",
        "future": "money", "lifetime": "money",
    }  # fmt: skip
    yield customer_table(
        reader, "", heads(reader, "forecasts", kinds), ordered.select("id", *kinds), most=SHOWN
    )


def _curve(forecast: ProfitForecast, name: str, reader: Reader) -> charts.Chart:
    known = len(forecast.fitted)
    ahead = range(known, known + len(forecast.forecast))
    whole = [*forecast.fitted.tolist(), *forecast.forecast.tolist()]
    bands = [
        charts.curve(reader.text(f"forecasts.{key}"), ahead, band.tolist(), reference=True)
        for key, band in (("band_low", forecast.low), ("band_high", forecast.high))
        if len(band) > 1
    ]
    return charts.curves(
        "profit-curve",
        reader.text("forecasts.curve_of", name=name),
        reader.text("forecasts.curve_says", curve=forecast.curve, known=known),
        [charts.curve(reader.text("forecasts.curve"), map(float, range(len(whole))), whole), *bands],
        (reader.text("forecasts.period"), reader.text("forecasts.profit")),
        format_=(",d", "~s"),
    )
