"""Customer events: what may happen with each customer, how likely, and what it brings and costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import fsum
from typing import Any
from zlib import crc32

import numpy as np
import polars as pl

from evaluator.customers.records import as_given, records
from evaluator.customers.terms import Array, Terms, at_least, check, money_terms, probabilities
from evaluator.displayed import Displayed
from evaluator.errors import Issue, raise_errors

_AMOUNTS = ("probability", "revenue", "cost")
_QUANTILES = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class EventValues(Displayed):
    """One row per customer: id, events, low, base, high, and of the draws mean, sd, p5, p50, p95, loss.

    `low`, `base`, `high` are values today of the three forecasts; `loss` is the share of draws below 0.
    The method rests on the judgment of whoever forecast the events: the spread belongs to the result.
    """

    frame: Any
    draws: int
    seed: int
    terms: Terms


def customer_events(
    native: Any,
    *,
    discount_rate: float,
    currency: str,
    as_of: date | None = None,
    draws: int = 2000,
    seed: int = 0,
) -> EventValues:
    """Return NPV = Σ P·(R − C)/(1+d)^t per customer, with low and high forecast and Monte-Carlo draws.

    In a draw each event happens or not with its probability, independently of the others, and brings and
    costs amounts drawn from triangles (low, base, high). A customer's draws depend on the seed and their
    id alone, not on who else is in the table.

    Parameters
    ----------
    native : one row per event: `id`, `time` in years from today (or `date`, with `as_of`), `probability`,
        `revenue`, `cost`; where known `…_low` and `…_high` of the three. Without them all three
        forecasts are the same and only chance spreads the draws. The low forecast takes low
        probability and revenue and high cost.
    draws : per customer.

    Raises
    ------
    EvaluationError
        as `records`; an event in the past; a value is missing; low, base and high are not in this order.

    >>> table = pl.DataFrame({"id": ["a", "a"], "time": [1.0, 2.0], "probability": [1.0, 0.5],
    ...                       "revenue": [110.0, 121.0], "cost": [0.0, 0.0]})
    >>> customer_events(table, discount_rate=0.1, currency="CNY").frame.select(
    ...     pl.col("base", "p95").round(6)).row(0)
    (150.0, 200.0)
    """
    check(money_terms(discount_rate, None), at_least("draws", draws, 1))
    frame = _read(native, as_of)
    factor = (1.0 + discount_rate) ** -frame["time"].to_numpy()
    frame = frame.with_columns(
        pl.Series("low", _net(frame, ("_low", "_low", "_high"), factor)),
        pl.Series("base", _net(frame, ("", "", ""), factor)),
        pl.Series("high", _net(frame, ("_high", "_high", "_low"), factor)),
        pl.Series("factor", factor),
    ).sort("id", maintain_order=True)
    rows = [_customer(events, draws, seed) for events in frame.partition_by("id", maintain_order=True)]
    last = float(frame["time"].max() or 0.0)  # type: ignore[arg-type]
    terms = Terms("customer", discount_rate, last, 1.0, currency, "moment", "moment")
    return EventValues(as_given(native, pl.DataFrame(rows)), draws, seed, terms)


def _read(native: Any, as_of: date | None) -> pl.DataFrame:
    ends = tuple(f"{name}_{end}" for name in _AMOUNTS for end in ("low", "high"))
    frame = records(
        native,
        numbers=(*(() if as_of else ("time",)), *_AMOUNTS, *ends),
        dates=("date",) if as_of else (),
        optional=ends,
        repeated=True,
    )
    if as_of:
        frame = frame.with_columns(((pl.col("date") - as_of).dt.total_days() / 365.25).alias("time"))
    frame = frame.with_columns(
        pl.col(f"{name}_{end}").fill_null(pl.col(name)) for name in _AMOUNTS for end in ("low", "high")
    )
    raise_errors(_wrong(frame))
    return frame


def _wrong(frame: pl.DataFrame) -> Iterator[Issue]:
    for name in ("time", *_AMOUNTS):
        lacking = frame.filter(pl.col(name).is_null())
        if lacking.height:
            few = ", ".join(lacking["id"].unique().sort().head(5))
            yield Issue("CLV-918", name, {"count": lacking.height, "examples": few})
    known = frame.drop_nulls(["time", *_AMOUNTS])
    yield from at_least("time", known["time"].to_numpy())
    for end in ("", "_low", "_high"):
        yield from probabilities(f"probability{end}", known[f"probability{end}"].to_numpy())
    for name in _AMOUNTS:
        bent = known.filter((pl.col(f"{name}_low") > pl.col(name)) | (pl.col(name) > pl.col(f"{name}_high")))
        if bent.height:
            few = ", ".join(bent["id"].unique().sort().head(5))
            yield Issue("CLV-919", name, {"count": bent.height, "examples": few})


def _net(frame: pl.DataFrame, ends: tuple[str, str, str], factor: Array) -> Array:
    chance, revenue, cost = (
        frame[f"{name}{end}"].to_numpy() for name, end in zip(_AMOUNTS, ends, strict=True)
    )
    return np.asarray(chance * (revenue - cost) * factor)


def _customer(events: pl.DataFrame, draws: int, seed: int) -> dict[str, object]:
    random = np.random.default_rng([seed, crc32(str(events["id"][0]).encode())])
    happens = random.random((draws, events.height)) < _drawn(random, events, "probability", draws)
    revenue, cost = _drawn(random, events, "revenue", draws), _drawn(random, events, "cost", draws)
    values = (happens * (revenue - cost)) @ events["factor"].to_numpy()
    p5, p50, p95 = (float(value) for value in np.quantile(values, _QUANTILES))
    return {
        "id": events["id"][0],
        "events": events.height,
        **{name: fsum(events[name]) for name in ("low", "base", "high")},
        "mean": float(values.mean()),
        "sd": float(values.std(ddof=1)) if draws > 1 else None,
        "p5": p5,
        "p50": p50,
        "p95": p95,
        "loss": float((values < 0).mean()),
    }


def _drawn(random: np.random.Generator, events: pl.DataFrame, name: str, draws: int) -> Array:
    """Draw from triangles by inversion; an event without spread keeps its value."""
    low, mode, high = (events[f"{name}{end}"].to_numpy() for end in ("_low", "", "_high"))
    width = high - low
    u = random.random((draws, events.height))
    peak = np.divide(mode - low, width, out=np.zeros_like(width), where=width > 0)
    rising = low + np.sqrt(u * width * (mode - low))
    falling = high - np.sqrt((1 - u) * width * (high - mode))
    return np.asarray(np.where(u < peak, rising, falling))
