"""Rank correlations against their definition, and what differs between classifications."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.customers import agreement, kendall, spearman
from evaluator.errors import EvaluationError

columns = st.integers(2, 25).flatmap(
    lambda n: st.tuples(*[st.lists(st.integers(0, 6), min_size=n, max_size=n) for _ in range(2)])
)


@settings(max_examples=80, deadline=None)
@given(columns)
def test_kendall_counts_every_pair(pair: tuple[list[int], list[int]]) -> None:
    x, y = (np.array(values) for values in pair)
    dx, dy = np.sign(x[:, None] - x), np.sign(y[:, None] - y)
    scale = np.sqrt((dx**2).sum() * (dy**2).sum())
    expected = (dx * dy).sum() / scale if scale else np.nan
    assert kendall(x, y) == pytest.approx(expected, abs=1e-12, nan_ok=True)


@settings(max_examples=50, deadline=None)
@given(columns)
def test_spearman_is_the_correlation_of_mean_ranks(pair: tuple[list[int], list[int]]) -> None:
    ranks = [pl.Series(values).rank("average") for values in pair]
    frame = pl.DataFrame({"x": ranks[0], "y": ranks[1]})
    constant = any(series.n_unique() == 1 for series in ranks)
    expected = np.nan if constant else frame.select(pl.corr("x", "y")).item()
    assert spearman(*pair) == pytest.approx(expected, abs=1e-9, nan_ok=True)


FRAME = pl.DataFrame(
    {
        "id": list("abcd"),
        "clv": [9.0, 5.0, None, 1.0],
        "rfm": [5, 3, 4, 1],
        "abc": ["A", "B", "A", "C"],
        "type": ["high", "high", "high", "low"],
    }
)


def test_methods_are_compared_where_both_speak_and_differences_are_named() -> None:
    found = agreement(FRAME, ["clv", "rfm"], {"abc": ["A", "B", "C"], "type": ["high", "low"]})
    assert found.pairs.rows() == [("clv", "rfm", 3, 1.0, 1.0)]
    assert found.tables["abc", "type"].rows() == [("A", 2, 0), ("B", 1, 0), ("C", 0, 1)]
    assert found.differing["id"].to_list() == ["b"]


def test_a_constant_rating_agrees_with_nothing_and_is_named() -> None:
    found = agreement(FRAME.with_columns(rfm=pl.lit(1.0)), ["clv", "rfm"])
    assert found.pairs.row(0)[3:] == (None, None)
    assert [(issue.code, issue.subject) for issue in found.issues] == [("CUST-906", "rfm")]


def test_an_unknown_class_is_named() -> None:
    with pytest.raises(EvaluationError) as caught:
        agreement(FRAME, ["clv"], {"abc": ["A", "B"]})
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [("CUST-908", "C")]
