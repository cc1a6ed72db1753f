"""Whether several ways to tell good customers from others agree: ABC, RFM, lifetime value, any column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import polars as pl

from evaluator.customers.ranks import kendall, spearman
from evaluator.customers.records import as_given, equal_values, records
from evaluator.displayed import Displayed
from evaluator.errors import Issue, nearest, raise_errors


@dataclass(frozen=True)
class Agreement(Displayed):
    """How far ratings and classes of the same customers agree.

    Parameters
    ----------
    pairs : `a`, `b`, `customers` (rated by both), `spearman`, `kendall` (τ-b); null where one is constant.
    tables : per pair of classifications, a row per class of the first and a column per class of the second.
    differing : customers whose classes differ in standing: `id` and each classification; those furthest
        apart first. Standing is the place among the classes, 0 best to 1 last.
    """

    pairs: pl.DataFrame
    tables: Mapping[tuple[str, str], pl.DataFrame]
    differing: Any
    issues: tuple[Issue, ...] = ()


def agreement(
    frame: Any, ratings: Sequence[str], classes: Mapping[str, Sequence[str]] | None = None
) -> Agreement:
    """Compare methods run on one set of customers, as ABC, RFM and lifetime value (B7).

    Parameters
    ----------
    frame : one row per customer: `id`, the ratings (numbers, more is better), the classifications.
    classes : per classification its classes, best first.

    Raises
    ------
    EvaluationError
        as `records`, a class that is not listed.

    Limits: agreement is no proof of being right; methods fed by the same sales agree for that reason.

    References
    ----------
    Spearman (1904), doi:10.2307/1412159; Kendall (1945), doi:10.2307/2332303.

    >>> frame = pl.DataFrame({"id": list("abc"), "clv": [3, 2, 1], "rfm": [5.0, 3.0, 4.0]})
    >>> agreement(frame, ["clv", "rfm"]).pairs.row(0)
    ('clv', 'rfm', 3, 0.5, 0.333...)
    """
    classes = dict(classes or {})
    table = records(frame, numbers=ratings, texts=list(classes))
    raise_errors(
        Issue("CUST-908", value, {"column": name}, nearest(value, known))
        for name, known in classes.items()
        for value in table[name].drop_nulls().unique().sort()
        if value not in known
    )
    rows = [_pair(table, a, b) for a, b in combinations(ratings, 2)]
    schema = {
        "a": pl.String,
        "b": pl.String,
        "customers": pl.Int64,
        "spearman": pl.Float64,
        "kendall": pl.Float64,
    }
    tables = {(a, b): _cross(table, a, b, classes) for a, b in combinations(classes, 2)}
    issues = tuple(issue for name in ratings for issue in equal_values(name, table[name]))
    return Agreement(
        pl.DataFrame(rows, schema=schema, orient="row"),
        tables,
        as_given(frame, _differing(table, classes)),
        issues,
    )


def _pair(table: pl.DataFrame, a: str, b: str) -> tuple[str, str, int, float | None, float | None]:
    both = table.select(a, b).drop_nulls()
    x, y = both[a].to_numpy(), both[b].to_numpy()
    found = (
        [value if np.isfinite(value) else None for value in (spearman(x, y), kendall(x, y))] if len(x) else []
    )
    rho, tau = found or (None, None)
    return a, b, both.height, rho, tau


def _cross(table: pl.DataFrame, a: str, b: str, classes: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    both = table.select(a, b).drop_nulls()
    counts = {(x, y): n for x, y, n in both.group_by(a, b).len().iter_rows()}
    columns = {y: [counts.get((x, y), 0) for x in classes[a]] for y in classes[b]}
    return pl.DataFrame({a: list(classes[a]), **columns})


def _differing(table: pl.DataFrame, classes: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    standing = [_standing(name, known) for name, known in classes.items()]
    if len(standing) < 2:
        return table.select("id", *classes).clear()
    apart = pl.max_horizontal(standing) - pl.min_horizontal(standing)
    return (
        table.with_columns(apart.alias("_apart"))
        .filter(pl.col("_apart") > 1e-9)
        .sort(["_apart", "id"], descending=[True, False])
        .select("id", *classes)
    )


def _standing(name: str, known: Sequence[str]) -> pl.Expr:
    places = {value: place / max(len(known) - 1, 1) for place, value in enumerate(known)}
    return pl.col(name).replace_strict(places, default=None, return_dtype=pl.Float64)
