"""Rust's drivers of customer equity: value, brand and retention, own against competitors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from evaluator import messages
from evaluator.columns import at_most, enter, exact_means, exact_sums, reaches, to_polars, weighted_mean
from evaluator.customers.terms import above, check, numbers
from evaluator.displayed import Displayed
from evaluator.errors import EvaluationError, Issue, nearest, not_among, raise_errors

EQUITIES = ("value", "brand", "retention")
DRIVERS: Mapping[str, str] = {
    "quality": "value",
    "price": "value",
    "convenience": "value",
    "awareness": "brand",
    "attitude": "brand",
    "ethics": "brand",
    "loyalty": "retention",
    "recognition": "retention",
    "community": "retention",
    "knowledge": "retention",
}
"""The usual drivers with their equity; names and levers stand in the catalogues under ``equity``."""


@dataclass(frozen=True)
class DriverPositions(Displayed):
    """Where the firm stands on what customer equity comes from.

    Attributes
    ----------
    drivers : driver, equity, importance (shares of 1), own, competitor (mean rating of the others),
        best (of them), gap (own less competitor), priority (importance times what is lacking to the
        best, never below 0), quadrant (``improve``, ``keep``, ``watch``, ``enough``); highest priority
        first.
    equities : equity, importance (which of the three matters here), own, competitor, gap; ratings are
        means weighted by importance.
    weakest : driver of the highest priority, None where the firm is the best in all.
    """

    drivers: pl.DataFrame
    equities: pl.DataFrame
    weakest: str | None


def equity_drivers(
    native: Any,
    importance: Mapping[str, float],
    *,
    own: str,
    equities: Mapping[str, str] = DRIVERS,
) -> DriverPositions:
    """Return importance and performance of each driver, and where improvement counts most.

    quadrant: at least mean importance and behind the competitors ``improve``, not behind ``keep``; less
    important and behind ``watch``, not behind ``enough``.

    Parameters
    ----------
    native : ratings, one row each: `brand`, `driver`, `score` on one scale (more is better); several of
        a brand and driver are averaged.
    importance : above 0 per driver, from AHP or a regression; brought to the sum of 1.
    own : the firm's brand. equities : which equity each driver belongs to.

    Raises
    ------
    EvaluationError
        importance that is not finite or out of range; a column, driver or brand that is not there; no
        competitor to compare with, or a driver that one side is not rated on.

    References
    ----------
    Rust, R. T., Zeithaml, V. A., Lemon, K. N. (2000), Driving Customer Equity, Free Press.

    >>> ratings = pl.DataFrame({"brand": ["we", "we", "they", "they"], "score": [4, 2, 3, 5],
    ...                         "driver": ["quality", "loyalty"] * 2})
    >>> found = equity_drivers(ratings, {"quality": 1, "loyalty": 3}, own="we")
    >>> found.weakest, found.drivers.select("driver", "gap", "quadrant").row(0)
    ('loyalty', ('loyalty', -3.0, 'improve'))
    """
    check(*(above(f"importance of {name}", numbers(name, value)) for name, value in importance.items()))
    table = _ratings(native, importance, own, equities)
    total = sum(importance.values())
    weights = pl.DataFrame(
        {
            "driver": list(importance),
            "equity": [equities[name] for name in importance],
            "importance": [value / total for value in importance.values()],
        }
    )
    rivals = table.filter(pl.col("brand") != own)
    [competitor] = exact_means(rivals, "score", subject="score")
    positions = (
        weights.join(table.filter(pl.col("brand") == own).select("driver", own="score"), on="driver")
        .join(
            rivals.group_by("driver").agg(competitor.alias("competitor"), best=pl.col("score").max()),
            on="driver",
        )
        .with_columns((pl.col("own") - pl.col("competitor")).alias("gap"))
        .with_columns(
            (pl.col("importance") * (pl.col("best") - pl.col("own")).clip(0.0)).alias("priority"),
            _quadrant(1 / len(importance)),
        )
        .sort(["priority", "importance", "driver"], descending=[True, True, False])
    )
    if positions.height < weights.height:
        lacking = sorted(set(importance) - set(positions["driver"]))
        raise EvaluationError(Issue("CLV-932", name, {"own": own}) for name in lacking)
    by_equity = positions.group_by("equity").agg(**_of_equity(positions))
    by_equity = by_equity.with_columns((pl.col("own") - pl.col("competitor")).alias("gap")).sort("equity")
    weakest = str(positions["driver"][0]) if not at_most(float(positions["priority"][0]), 0.0) else None
    return DriverPositions(positions, by_equity, weakest)


def lever(driver: str, language: str) -> str:
    """Return what can be done about a weak driver, from the catalogue; an own driver has no text.

    >>> lever("community", "en")
    'Bring customers together: user groups, events, shared knowledge'
    """
    key = f"equity.lever.{driver}"
    return messages.text(key, language) if messages.known(key, language) else ""


def _quadrant(mean: float) -> pl.Expr:
    matters = reaches(pl.col("importance"), mean)
    behind = ~reaches(pl.col("own"), pl.col("competitor"))
    return (
        pl.when(matters & behind)
        .then(pl.lit("improve"))
        .when(matters)
        .then(pl.lit("keep"))
        .when(behind)
        .then(pl.lit("watch"))
        .otherwise(pl.lit("enough"))
        .alias("quadrant")
    )


def _of_equity(positions: pl.DataFrame) -> dict[str, pl.Expr]:
    weight, sides = pl.col("importance"), ("own", "competitor")
    means = {side: weighted_mean(positions, pl.col(side), weight, subject="score") for side in sides}
    return exact_sums(positions, subject="importance", importance=weight) | means


def _ratings(
    native: Any, importance: Mapping[str, float], own: str, equities: Mapping[str, str]
) -> pl.DataFrame:
    frame = to_polars(enter(native).frame)
    wrong = [*not_among("CLV-931", ("brand", "driver", "score"), frame.columns)]
    wrong += not_among("CLV-931", importance, equities)
    if not wrong and own not in (brands := frame["brand"].cast(pl.String).to_list()):
        wrong.append(Issue("CLV-931", own, {}, nearest(own, [brand for brand in brands if brand])))
    raise_errors(wrong)
    numbers("score", frame["score"].to_numpy())
    read = frame.with_columns(pl.col("brand", "driver").cast(pl.String), pl.col("score").cast(pl.Float64))
    return read.group_by("brand", "driver").agg(exact_means(read, "score", subject="score"))
