"""From what people bought, in order, to how often they went from one brand to another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from evaluator.customers.records import records
from evaluator.customers.terms import Array
from evaluator.errors import EvaluationError, Issue, nearest


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
    found = read["brand"].unique().sort().to_list()
    listed = tuple(found if brands is None else brands)
    unknown = [brand for brand in found if brand not in listed]
    if unknown:
        raise EvaluationError(
            Issue("CUST-908", brand, {"column": "brand"}, nearest(brand, listed)) for brand in unknown
        )
    moves = read.sort("id", "period").with_columns(pl.col("brand").shift(-1).over("id").alias("next"))
    counts = np.zeros((len(listed), len(listed)))
    for before, after, times in moves.drop_nulls("next").group_by("brand", "next").agg(pl.len()).iter_rows():
        counts[listed.index(before), listed.index(after)] = times
    return listed, counts
