"""Which expectations are basic and which are potential: Kano's pair of questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from evaluator.customers.models.value.levers import KANO
from evaluator.customers.records import about, records
from evaluator.displayed import Displayed
from evaluator.errors import Issue, raise_errors

Array = NDArray[np.float64]

CLASSES = (*KANO, "questionable")
"""Must-be, one-dimensional, attractive, indifferent, reverse, questionable; the first of these that is
most frequent is an item's class. Names: ``customers.kano.<id>``."""

_M, _O, _A, _I, _R, _Q = CLASSES
TABLE = (
    (_Q, _A, _A, _A, _O),
    (_R, _I, _I, _I, _M),
    (_R, _I, _I, _I, _M),
    (_R, _I, _I, _I, _M),
    (_R, _R, _R, _R, _Q),
)
"""Rows: with the feature, columns: without it, both 1 I like it … 5 I dislike it."""

EXPECTATION = {"must": "basic", "one_dimensional": "basic", "attractive": "potential"}
"""Which kind of expectation a class is; the others are none."""


@dataclass(frozen=True)
class Kano(Displayed):
    """`items`: `item`, `answers`, a count per class, `class`, `expectation` (basic, potential or null),
    `better` and `worse`; `answers`: `id`, `respondent`, `item`, `class` of every pair of answers."""

    items: pl.DataFrame
    answers: pl.DataFrame


def kano(answers: Any) -> Kano:
    """Return the Kano class of every item by the 5×5 table, with Better and Worse.

    Parameters
    ----------
    answers : one row per respondent and item: `id` (customer), `respondent` (default: the customer),
        `item`, `functional` (how is it when the feature is there) and `dysfunctional` (and when it is
        not), both 1 I like it, 2 it must be so, 3 neutral, 4 I can live with it, 5 I dislike it. A pair
        with a missing half is not counted.

    Raises
    ------
    EvaluationError
        as `records`, rows without item, an answer that is none of 1 to 5.

    Limits: the most frequent class hides how divided customers are; see the counts. Of equally frequent
    classes the one that matters more stands, in the order of `CLASSES`.

    References
    ----------
    Kano et al. (1984), doi:10.20684/quality.14.2_147; Berger et al. (1993), Center for Quality of
    Management Journal 2(4).

    >>> table = pl.DataFrame({"id": ["a"], "item": ["speed"], "functional": [1], "dysfunctional": [5]})
    >>> kano(table).items.select("item", "class", "better", "worse").row(0)
    ('speed', 'one_dimensional', 1.0, -1.0)
    """
    sides = ["functional", "dysfunctional"]
    table = records(
        answers, numbers=sides, texts=["respondent", "item"], optional=["respondent"], repeated=True
    ).with_columns(pl.coalesce("respondent", "id").alias("respondent"))
    issues: list[Issue] = []
    for side in sides:
        bad = table.filter(~pl.col(side).is_in([1.0, 2.0, 3.0, 4.0, 5.0]))["id"]
        issues += about("CUST-944", side, bad)
    if lacking := table["item"].null_count():
        issues.append(Issue("CUST-926", "item", {"count": lacking}))
    raise_errors(issues)
    cells = [(float(f), float(d), name) for f, row in enumerate(TABLE, 1) for d, name in enumerate(row, 1)]
    named = pl.DataFrame(cells, schema=[*sides, "class"], orient="row")
    classed = table.join(named, on=sides, how="inner", maintain_order="left")
    return Kano(_items(classed), classed.select("id", "respondent", "item", "class"))


def better_worse(
    attractive: ArrayLike, one_dimensional: ArrayLike, must: ArrayLike, indifferent: ArrayLike
) -> tuple[Array, Array]:
    """Return Better = (A + O)/T and Worse = −(O + M)/T of counts or shares, T = A + O + M + I; each (...,).

    How far satisfaction rises with the feature (0 to 1) and falls without it (−1 to 0); NaN where all are 0.

    References
    ----------
    Berger et al. (1993), Center for Quality of Management Journal 2(4).

    >>> better, worse = better_worse(0.40, 0.25, 0.20, 0.15)
    >>> round(float(better), 2), round(float(worse), 2)
    (0.65, -0.45)
    """
    a, o, m, i = (
        np.asarray(part, dtype=np.float64) for part in (attractive, one_dimensional, must, indifferent)
    )
    total = np.asarray(a + o + m + i)
    empty = np.full(total.shape, np.nan)
    better = np.divide(a + o, total, out=empty.copy(), where=total > 0)
    worse = np.divide(-(o + m), total, out=empty, where=total > 0)
    return np.asarray(better), np.asarray(worse)


def _items(classed: pl.DataFrame) -> pl.DataFrame:
    counts = [(pl.col("class") == name).sum().cast(pl.Int64).alias(name) for name in CLASSES]
    found = classed.group_by("item").agg(pl.len().cast(pl.Int64).alias("answers"), *counts).sort("item")
    most = pl.max_horizontal(CLASSES)
    leading = pl.coalesce(pl.when(pl.col(name) == most).then(pl.lit(name)) for name in CLASSES)
    better, worse = better_worse(*(found[name].to_numpy() for name in (_A, _O, _M, _I)))
    return found.with_columns(
        leading.alias("class"),
        pl.Series("better", better, pl.Float64).fill_nan(None),
        pl.Series("worse", worse, pl.Float64).fill_nan(None),
    ).with_columns(
        pl.col("class").replace_strict(EXPECTATION, default=None, return_dtype=pl.String).alias("expectation")
    )
