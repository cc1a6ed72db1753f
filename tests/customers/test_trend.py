"""The log slope of amounts over time."""

import narwhals as nw
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from evaluator.customers.trend import with_log_slope


def slopes(amounts: NDArray[np.float64]) -> list[float | None]:
    """Return the slope of each row of amounts (k, n)."""
    n = amounts.shape[1]
    centres = amounts @ (np.arange(n) - (n - 1) / 2) / amounts.sum(axis=1)
    frame = nw.from_native(pl.LazyFrame({"centre": centres}))
    return with_log_slope(frame, "centre", n).collect().to_native()["slope"].to_list()


@settings(max_examples=15, deadline=None)
@given(st.lists(st.floats(-2, 2), min_size=1), st.integers(2, 60))
def test_amounts_on_an_exponential_give_back_its_slope(wanted: list[float], n: int) -> None:
    """There the fit equals a line through the logarithms."""
    g = np.array(wanted)[:, None]
    amounts = np.exp(g * np.arange(n) - np.maximum(g * (n - 1), 0))
    assert slopes(amounts) == pytest.approx(wanted, abs=1e-9)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.floats(0, 1e6), min_size=6, max_size=24).filter(lambda ys: sum(y > 1 for y in ys) > 2))
def test_the_trend_has_the_centre_of_gravity_of_the_amounts(amounts: list[float]) -> None:
    """Periods without an amount count as 0, which a line through logarithms cannot do."""
    y = np.array(amounts)
    t = np.arange(len(y))
    (slope,) = slopes(y[None, :])
    assert slope is not None
    fitted = np.exp(slope * (t - (t[-1] if slope > 0 else 0)))
    assert fitted @ t / fitted.sum() == pytest.approx(y @ t / y.sum(), abs=1e-6)


def test_level_amounts_have_no_slope_and_reversed_ones_the_opposite() -> None:
    level, rising, falling = slopes(np.array([[5.0] * 4, [1.0, 0.0, 2.0, 4.0], [4.0, 2.0, 0.0, 1.0]]))
    assert level == 0
    assert rising == pytest.approx(-falling)
    assert rising > 0


def test_everything_in_one_end_period_fits_no_finite_slope() -> None:
    assert slopes(np.array([[0.0, 0.0, 3.0], [3.0, 0.0, 0.0]])) == [None, None]


def test_a_missing_centre_has_no_slope() -> None:
    frame = nw.from_native(pl.LazyFrame({"centre": [None]}, schema={"centre": pl.Float64}))
    assert with_log_slope(frame, "centre", 5, output="g").collect().to_native()["g"].to_list() == [None]
