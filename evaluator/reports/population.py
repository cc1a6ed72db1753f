"""Counting customers: how they share out among grades and classes, and how their scores spread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from evaluator.present.charts import Bin


@dataclass(frozen=True, slots=True)
class Share:
    """How many customers a grade or class has; `share` is of all rated ones, None when there are none."""

    id: str
    name: str
    count: int
    share: float | None


@dataclass(frozen=True, slots=True)
class Spread:
    """The scores of the rated customers in five numbers."""

    mean: float
    median: float
    lowest: float
    highest: float
    deviation: float | None


def shares(frame: pl.DataFrame, column: str, names: Mapping[str, str]) -> tuple[Share, ...]:
    """Return how the rows share out among named ids, in the order of the names, empty ones included.

    >>> frame = pl.DataFrame({"grade": ["good", "fair", "good"]})
    >>> [(s.name, s.count) for s in shares(frame, "grade", {"good": "Good", "poor": "Poor"})]
    [('Good', 2), ('Poor', 0)]
    """
    counted = frame.group_by(column).len() if column in frame.columns else None
    counts: dict[str, int] = dict(counted.iter_rows()) if counted is not None else {}
    total = frame.height
    return tuple(
        Share(key, name, counts.get(key, 0), counts.get(key, 0) / total if total else None)
        for key, name in names.items()
    )


def histogram(scores: pl.Series, low: float, high: float, bins: int = 20) -> tuple[Bin, ...]:
    """Return how many scores fall into equal bins of the range of scores.

    >>> [bin.count for bin in histogram(pl.Series([0.0, 49.0, 50.0, 100.0]), 0, 100, bins=2)]
    [2, 2]
    """
    width = (high - low) / bins
    places = ((scores - low) / width).floor().clip(0, bins - 1).cast(pl.Int64)
    counts: dict[int, int] = dict(places.value_counts().iter_rows())
    return tuple(Bin(low + i * width, low + (i + 1) * width, counts.get(i, 0)) for i in range(bins))


def spread(scores: pl.Series) -> Spread | None:
    """Return the five numbers of the scores, or None when there are no scores."""
    if scores.is_empty():
        return None
    values = np.sort(scores.cast(pl.Float64).to_numpy())  # in order, so that no other order adds otherwise
    return Spread(
        mean=float(values.mean()),
        median=float(np.median(values)),
        lowest=float(values[0]),
        highest=float(values[-1]),
        deviation=float(values.std(ddof=1)) if len(values) > 1 else None,
    )
