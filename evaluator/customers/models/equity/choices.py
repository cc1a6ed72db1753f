"""From what people bought, or say they will buy, to how often they go from one brand to another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from evaluator.columns import enter, exact_sums, to_polars
from evaluator.customers.records import records
from evaluator.customers.terms import Array, at_least, check, numbers
from evaluator.errors import not_among, raise_errors


def choice_counts(choices: Any, *, brands: Sequence[str] | None = None) -> tuple[tuple[str, ...], Array]:
    """Return the brands and (m, m) counts of moves, row = brand bought before, column = bought next.

    Parameters
    ----------
    choices : one row per purchase: `id`, `period` (a number that orders the purchases of a person), `brand`.
    brands : the brands in their order; default: those bought, sorted.

    Raises
    ------
    EvaluationError
        as `records`; a brand that is not listed.

    Probabilities follow with `clv.transition_matrix`, smoothed where moves are few.

    >>> brands = ["x", "x", "y", "y"]
    >>> bought = pl.DataFrame({"id": ["a"] * 3 + ["b"], "period": [1, 2, 3, 1], "brand": brands})
    >>> choice_counts(bought)
    (('x', 'y'), array([[1., 1.],
           [0., 0.]]))
    """
    read = records(choices, numbers=["period"], texts=["brand"], repeated=True).drop_nulls()
    listed = _listed(read["brand"], brands, "brand")
    moves = read.sort("id", "period").select(last="brand", next=pl.col("brand").shift(-1).over("id"))
    return listed, _counted(moves.drop_nulls().with_columns(count=1.0), listed)


def switching_counts(answers: Any, *, brands: Sequence[str] | None = None) -> tuple[tuple[str, ...], Array]:
    """Return the brands and (m, m) counts of people, row = brand bought last, column = intended next.

    Parameters
    ----------
    answers : one row per person: `last` and `next`; or one per pair of brands with a `count`, 0 or more.
        Rows without one of them count nobody; rows of one pair add up.
    brands : the brands in their order; default: those named, sorted.

    Raises
    ------
    EvaluationError
        a column is missing; a count is below 0 or not finite; a brand that is not listed.

    Limits: what people intend is not yet what they buy.

    >>> switching_counts(pl.DataFrame({"last": ["x", "x", "y"], "next": ["x", "y", "y"]}))
    (('x', 'y'), array([[1., 1.],
           [0., 1.]]))
    """
    frame = to_polars(enter(answers).frame)
    raise_errors(
        not_among("CUST-901", ("last", "next"), frame.columns, {"headers": ", ".join(frame.columns)})
    )
    count = pl.col("count").cast(pl.Float64) if "count" in frame.columns else pl.lit(1.0)
    read = frame.select(pl.col("last", "next").cast(pl.String), count.alias("count")).drop_nulls()
    check(at_least("count", numbers("count", read["count"].to_numpy())))
    listed = _listed(pl.concat([read["last"], read["next"]]), brands, "last, next")
    return listed, _counted(read, listed)


def _listed(found: pl.Series, brands: Sequence[str] | None, column: str) -> tuple[str, ...]:
    """Return the brands in their order; all that are found must be among them."""
    there = found.unique().sort().to_list()
    listed = tuple(there if brands is None else brands)
    raise_errors(not_among("CUST-908", there, listed, {"column": column}))
    return listed


def _counted(moves: pl.DataFrame, brands: Sequence[str]) -> Array:
    counts = np.zeros((len(brands), len(brands)))
    added = moves.group_by("last", "next").agg(**exact_sums(moves, subject="count", count=pl.col("count")))
    for before, after, times in added.iter_rows():
        counts[brands.index(before), brands.index(after)] = times
    return counts
