"""Ranks of the rated, ties sharing the better one."""

import pandas as pd
import polars as pl

from evaluator.scoring import ranked

RESULT = {
    "id": ["a", "b", "c", "d", "e", "f"],
    "score": [70.0, None, 90.0, 70.0 - 1e-12, 95.0, 60.0],
    "status": ["rated", "excluded", "rated", "rated", "insufficient", "rated"],
}
WANTED = [("c", 1), ("a", 2), ("d", 2), ("f", 4), ("e", None), ("b", None)]


def test_ties_share_the_better_rank_and_the_unrated_follow() -> None:
    assert ranked(pl.DataFrame(RESULT)).select("id", "rank").rows() == WANTED


def test_a_lazy_result_is_computed() -> None:
    assert ranked(pl.LazyFrame(RESULT)).select("id", "rank").rows() == WANTED


def test_pandas_rows_keep_their_index_labels() -> None:
    out = ranked(pd.DataFrame(RESULT, index=list("uvwxyz")))
    assert out.index.tolist() == ["w", "u", "x", "z", "y", "v"]
    assert [(i, None if pd.isna(r) else r) for i, r in zip(out["id"], out["rank"], strict=True)] == WANTED


def test_nobody_rated_ranks_nobody() -> None:
    frame = pl.DataFrame({"id": ["a"], "score": [50.0], "status": ["insufficient"]})
    assert ranked(frame)["rank"].to_list() == [None]
    assert ranked(frame.clear()).shape == (0, 4)
