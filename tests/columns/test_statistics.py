"""Statistics of a column are the same at hand and where it lies, whatever order its rows have."""

from typing import Any

import narwhals as nw
import numpy as np
import polars as pl
import pytest

from evaluator.columns import bins_of, natural_breaks
from evaluator.columns.breaks import DISTINCT
from evaluator.columns.statistics import (
    EngineColumn,
    deviation,
    known_numbers,
    mean,
    median,
    mid_ranks,
    quantiles,
)

RANDOM = np.random.default_rng(7)
COLUMNS = {
    "money": RANDOM.lognormal(3, 1, 5_000).round(2),
    "large": RANDOM.normal(0, 1e12, 3_000),
    "close": RANDOM.normal(5, 1e-8, 500),
    "tied": RANDOM.uniform(0, 10, 2_000).round(),
    "heavy": np.concatenate([np.zeros(900), np.arange(1.0, 1_300.0)]),
    "constant": np.full(7, 0.1),
    "one": np.array([3.0]),
    "tiny": RANDOM.uniform(1, 2, 300) * 1e-120,
}
SHARES = (0.0, 0.01, 0.25, 1 / 3, 0.5, 0.999, 1.0)


def on_duckdb(values: Any) -> EngineColumn:
    duckdb = pytest.importorskip("duckdb")
    known = [None, *values.tolist(), None]
    return EngineColumn(nw.from_native(duckdb.from_arrow(pl.DataFrame({"x": known}).to_arrow())), nw.col("x"))


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_in_an_engine_has_the_statistics_of_its_numbers(name: str) -> None:
    values = COLUMNS[name]
    column = on_duckdb(values)
    assert len(column) == len(values)
    assert column.quantiles(SHARES) == quantiles(values, SHARES)
    assert median(column) == median(values)
    assert mean(column) == mean(values)
    assert deviation(column) == pytest.approx(deviation(values), rel=1e-15, abs=0)
    for mine, theirs in zip(
        column.mid_ranks(101), mid_ranks(*np.unique(values, return_counts=True), 101), strict=True
    ):
        assert mine.tolist() == theirs.tolist()
    assert bins_of(column) == bins_of(values)
    assert natural_breaks(column, 3) == natural_breaks(values, 3)


def test_these_columns_have_few_and_many_different_numbers() -> None:
    distinct = {name: len(np.unique(values)) for name, values in COLUMNS.items()}
    assert sum(count > DISTINCT for count in distinct.values()) >= 2
    assert sum(101 < count <= DISTINCT for count in distinct.values()) >= 2
    assert sum(count <= 101 for count in distinct.values()) >= 2


def test_numbers_that_polars_computes_are_at_hand() -> None:
    frame = nw.from_native(pl.LazyFrame({"x": [2, None, 1]}))
    found = known_numbers(frame, nw.col("x"))
    assert isinstance(found, np.ndarray)
    assert found.tolist() == [2.0, 1.0]
