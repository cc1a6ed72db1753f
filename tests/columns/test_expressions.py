"""Idioms on null, NaN and cuts, on every engine at hand."""

import math
from collections.abc import Callable
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.columns import (
    bands,
    beyond,
    enter,
    finite,
    flag,
    polyline,
    ratio,
    reaches,
    sums,
    to_polars,
)

Engine = Callable[[dict[str, list[float | None]]], Any]


def on_polars(data: dict[str, list[float | None]]) -> Any:
    return pl.LazyFrame(data, schema=dict.fromkeys(data, pl.Float64))


def on_duckdb(data: dict[str, list[float | None]]) -> Any:
    duckdb = pytest.importorskip("duckdb")
    rows = ", ".join(
        "(" + ", ".join("NULL::double" if x is None else f"'{x}'::double" for x in row) + ")"
        for row in zip(*data.values(), strict=True)
    )
    return duckdb.sql(f"SELECT * FROM (VALUES {rows}) t({', '.join(data)})")


@pytest.fixture(params=[on_polars, on_duckdb], ids=["polars", "duckdb"])
def compute(request: pytest.FixtureRequest) -> Callable[..., list[Any]]:
    def run(expression: nw.Expr, **data: list[float | None]) -> list[Any]:
        frame = enter(request.param(data)).frame
        return to_polars(frame.select(expression.alias("result")))["result"].to_list()

    return run


def test_a_sum_with_a_null_is_null(compute: Callable[..., list[Any]]) -> None:
    total = sums([nw.col("a"), nw.col("b"), nw.col("c")])
    assert compute(total, a=[1.0, 1.0], b=[2.0, None], c=[4.0, 4.0]) == [7.0, None]


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8])
def test_a_sum_takes_every_term_once(count: int) -> None:
    frame = enter(pl.DataFrame({f"x{i}": [2.0**i] for i in range(count)})).frame
    total = frame.select(sums([nw.col(f"x{i}") for i in range(count)]).alias("sum"))
    assert to_polars(total).item() == 2.0**count - 1


def test_a_cut_is_reached_within_the_tolerance(compute: Callable[..., list[Any]]) -> None:
    reached = reaches(nw.col("x"), 60)
    assert compute(reached, x=[60.0, 60 - 5e-10, 60 - 2e-9, None]) == [True, True, False, None]


def test_division_by_nothing_is_null(compute: Callable[..., list[Any]]) -> None:
    share = ratio(nw.col("a"), nw.col("b"))
    assert compute(share, a=[1.0, 1.0, 1.0, None], b=[2.0, 0.0, None, 2.0]) == [0.5, None, None, None]


def test_nan_and_infinity_become_null(compute: Callable[..., list[Any]]) -> None:
    values = [1.5, float("nan"), float("inf"), float("-inf"), None]
    assert compute(finite(nw.col("x")), x=values) == [1.5, None, None, None, None]


def test_what_is_unknown_is_not_flagged(compute: Callable[..., list[Any]]) -> None:
    assert compute(flag(nw.col("x") > 1), x=[2.0, 1.0, None]) == [1, 0, 0]
    assert compute(beyond(nw.col("x"), 0, 1), x=[-0.1, 0.0, 1.0, 1.1, None]) == [1, 0, 0, 1, 0]


def test_the_highest_band_reached_counts_and_null_reaches_none(compute: Callable[..., list[Any]]) -> None:
    words = bands(nw.col("x"), [(10, "middle"), (20, "high")], "low")
    found = compute(words, x=[5.0, 10.0, 19.9, 20 - 1e-10, 25.0, None])
    assert found == ["low", "middle", "middle", "high", "high", None]


def test_lines_hold_their_ends_and_null_stays_null(compute: Callable[..., list[Any]]) -> None:
    line = polyline(nw.col("x"), [(0, 10), (10, 60), (20, 60), (30, 0)])
    assert compute(line, x=[-5.0, 0.0, 5.0, 15.0, 25.0, 99.0, None]) == [10, 10, 35, 60, 30, 0, None]
    level = polyline(nw.col("x"), [(0, 7), (1, 7)])
    assert compute(level, x=[0.5, None]) == [7, None]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=8, unique=True),
    st.lists(st.floats(-1.5e6, 1.5e6), min_size=1, max_size=20),
    st.randoms(use_true_random=False),
)
def test_lines_agree_with_interpolation_and_never_fall_where_points_rise(
    xs: list[float], values: list[float], random: Any
) -> None:
    xs = sorted({round(x, 2) for x in xs})
    ys = sorted(random.uniform(0, 100) for _ in xs)
    if len(xs) < 2:
        return
    around = [beside for x in xs for beside in (math.nextafter(x, -math.inf), x, math.nextafter(x, math.inf))]
    values = sorted([*values, *around])
    frame = enter(pl.DataFrame({"x": values})).frame
    line = polyline(nw.col("x"), list(zip(xs, ys, strict=True)))
    found = to_polars(frame.select(line.alias("y")))["y"].to_numpy()
    assert found == pytest.approx(np.interp(values, xs, ys), abs=1e-9)
    assert (np.diff(found) >= 0).all()
    assert [found[values.index(x)] for x in xs] == ys
