"""Ranking: the rated customers in order of their score."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import polars as pl

from evaluator.columns import TOLERANCE, enter, to_polars

_STANDINGS = ("rated", "insufficient", "excluded")


def ranked(result: Any) -> Any:
    """Return scored customers with their ``rank``, best first; those not rated follow, without rank.

    Ties, give or take 1e-9, share the better rank (1, 2, 2, 4) and keep their order. Ranking needs all
    customers at once: a lazy frame is computed, and comes back as an eager Polars frame.

    >>> scores = {"id": ["a", "b", "c", "d"], "score": [70.0, 90.0, 70.0, None],
    ...           "status": ["rated", "rated", "rated", "insufficient"]}
    >>> ranked(pl.DataFrame(scores)).select("id", "rank").rows()
    [('b', 1), ('a', 2), ('c', 2), ('d', None)]
    """
    scores = to_polars(enter(result, ("score", "status")).frame.select("score", "status"))
    standing = pl.col("status").replace_strict(_STANDINGS, range(3), return_dtype=pl.Int8)
    ordered = scores.with_row_index("row").sort(
        standing, pl.col("score"), descending=[False, True], nulls_last=True, maintain_order=True
    )
    worse = pl.col("score").diff().fill_null(-1.0) < -TOLERANCE
    first = pl.when(worse).then(pl.int_range(1, pl.len() + 1)).forward_fill()
    ranks = ordered.select("row", rank=pl.when(pl.col("status") == "rated").then(first))
    if nw.dependencies.is_pandas_dataframe(result):
        import pandas as pd  # here, because most frames are not of it and it takes long to load

        rank = pd.array(ranks["rank"].to_list(), dtype="Int64")
        return result.iloc[ranks["row"].to_numpy()].assign(rank=rank)
    frame = result if isinstance(result, pl.DataFrame) else to_polars(enter(result).frame)
    return frame[ranks["row"]].with_columns(ranks["rank"])
