"""Sums repeat to the last bit, on every engine, and money in decimals is added without an error."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import duckdb
import narwhals as nw
import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.columns import (
    decimals_of,
    exact_mean,
    exact_sum,
    from_units,
    mean_from,
    mean_terms,
    to_polars,
)
from evaluator.errors import EvaluationError


@pytest.mark.parametrize(
    ("amounts", "decimals"),
    [
        ([1.0, 2e9, None], 0),
        ([0.5], 2),
        ([100_000_000.01, -19.99], 2),
        ([3 * 0.1], 2),  # 0.30000000000000004
        ([0.125, 7.0], 4),
        ([0.000125], 6),
        ([None], 0),
        ([], 0),
    ],
)
def test_the_unit_has_the_decimals_seen(amounts: list[float | None], decimals: int) -> None:
    assert decimals_of(pl.DataFrame({"x": pl.Series(amounts, dtype=pl.Float64)}), ["x"]) == decimals


def test_numbers_without_a_last_decimal_are_added_in_the_finest_unit_that_fits() -> None:
    converted = pl.DataFrame({"x": [1e9 / 7.1, 1e9 / 3]})
    found = decimals_of(converted, ["x"], reach=24)
    assert 4 <= found < 15
    assert 24 * converted["x"].sum() * 10**found < 2**62


@pytest.mark.parametrize("amounts", [[1e17 + 16, 0.01], [1e12 / 3] * 2000, [1.7e308] * 2])
def test_what_would_overflow_is_refused(amounts: list[float]) -> None:
    with pytest.raises(EvaluationError) as raised:
        decimals_of(pl.DataFrame({"x": amounts}), ["x"])
    assert [(issue.code, issue.subject) for issue in raised.value.issues] == [("DATA-481", "orders")]


@given(st.lists(st.integers(-(2**50), 2**50), min_size=1, max_size=50), st.sampled_from([0, 2, 4, 6, 11]))
def test_units_become_the_nearest_number(units: list[int], decimals: int) -> None:
    frame = pl.DataFrame({"u": pl.Series(units, dtype=pl.Int64)})
    found = frame.select(from_units(pl.col("u"), decimals))["u"].to_list()
    assert found == [float(Decimal(unit).scaleb(-decimals)) for unit in units]


def _lines(rng: np.random.Generator, *, ends: bool) -> pl.DataFrame:
    cents = rng.integers(-(10**10), 10**10, 30_000)
    amounts = cents / 100 if ends else cents / 710
    return pl.DataFrame({"id": rng.integers(0, 50, len(cents)), "amount": amounts})


def _sums(frame: nw.LazyFrame[Any], decimals: int) -> list[tuple[int, float]]:
    return to_polars(frame.group_by("id").agg(exact_sum(nw.col("amount"), decimals)).sort("id")).rows()


@pytest.mark.parametrize("ends", [True, False])
def test_sums_in_groups_are_the_same_in_any_order_and_on_every_engine(ends: bool) -> None:
    rng = np.random.default_rng(14)
    lines = _lines(rng, ends=ends)
    decimals = decimals_of(lines, ["amount"])
    first = _sums(nw.from_native(lines.lazy()), decimals)
    for seed in range(3):
        shuffled = lines.sample(fraction=1.0, shuffle=True, seed=seed)
        assert _sums(nw.from_native(shuffled.lazy()), decimals) == first
        on_duckdb = nw.from_native(duckdb.from_arrow(shuffled.to_arrow()))
        assert _sums(on_duckdb.lazy(), decimals) == first
    if ends:
        of_cents = lines.group_by("id").agg((pl.col("amount") * 100).round(0).cast(pl.Int64).sum())
        assert first == [(key, cents / 100) for key, cents in of_cents.sort("id").iter_rows()]


def test_a_sum_of_exact_money_reaches_exactly_its_cut() -> None:
    line = pl.DataFrame({"id": ["a"] * 300, "amount": [33_333.33] * 299 + [10_000_000 - 299 * 33_333.33]})
    assert line.select(exact_sum(pl.col("amount"), 2)).item() == 10_000_000.0
    assert math.isclose(line.select(exact_mean(pl.col("amount"), 2)).item(), 10_000_000 / 300, rel_tol=1e-15)


def test_means_of_scores_are_the_same_in_any_order_and_on_every_engine() -> None:
    rng = np.random.default_rng(15)
    scores = pl.DataFrame({"score": [*(100 * rng.random(50_000)), None]})
    found = set()
    for seed in range(3):
        shuffled = scores.sample(fraction=1.0, shuffle=True, seed=seed)
        for frame in (shuffled.lazy(), duckdb.from_arrow(shuffled.to_arrow())):
            terms = nw.from_native(frame).lazy().select(*mean_terms(nw.col("score"), "score"))
            found.add(mean_from(to_polars(terms).row(0, named=True), "score"))
    [mean] = found
    assert mean == pytest.approx(math.fsum(scores["score"].drop_nulls()) / 50_000, abs=1e-12)
    nobody = to_polars(nw.from_native(scores.tail(1).lazy()).select(*mean_terms(nw.col("score"), "score")))
    assert mean_from(nobody.row(0, named=True), "score") is None
