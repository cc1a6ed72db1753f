"""A value reaches a cut whatever way its sum was formed; a cent short of ten million does not."""

from datetime import date, timedelta
from itertools import pairwise

import narwhals as nw
import numpy as np
import polars as pl
import pytest

from evaluator.columns import condition, holds, leeway, reaches
from evaluator.customers import RfmOptions, rfm
from evaluator.customers.models.rfm.totals import Thresholds

CUT = 10_000_000.0


def summed() -> pl.Series:
    """300 sums of 300 amounts in cents that come to exactly ten million, in whatever order each was added."""
    random = np.random.default_rng(5)
    sums = []
    for _ in range(300):
        between = np.sort(random.integers(1, 10**9, 299)).tolist()
        cents = [b - a for a, b in pairwise([0, *between, 10**9])]
        sums.append(float(np.cumsum(np.array(cents) / 100)[-1]))
    return pl.Series("x", sums)


def holding(series: pl.Series, said: str) -> int:
    found = holds(condition(said, {"x": "number"}), {"x": nw.col("x")})
    return int(nw.from_native(series.to_frame()).select(hit=found)["hit"].sum())


def test_sums_that_come_to_the_cut_reach_it_and_a_cent_less_does_not() -> None:
    sums = summed()
    assert (sums < CUT - 1e-9).any()
    frame = nw.from_native(pl.concat([sums, pl.Series("x", [CUT - 0.01])]).to_frame())
    assert frame.select(hit=reaches(nw.col("x"), CUT))["hit"].to_list() == [True] * 300 + [False]
    assert leeway(-CUT) == pytest.approx(1e-5)


@pytest.mark.parametrize(("said", "count"), [(">=", 300), ("<", 0), ("<=", 300), (">", 0), ("==", 300)])
def test_conditions_compare_sums_the_same_way(said: str, count: int) -> None:
    assert holding(summed(), f"x {said} 10000000") == count
    assert holding(pl.Series("x", [CUT - 0.01]), f"x {said} 10000000") == int(said in ("<", "<="))


def orders(amount: float) -> pl.DataFrame:
    day = date(2024, 1, 1)
    rows = [(f"c{number}", day + timedelta(days=number % 3), amount + number) for number in range(9)]
    return pl.DataFrame(rows, schema=["id", "date", "amount"], orient="row")


@pytest.mark.parametrize("split", ["mean_score", "mean_value", "median_value"])
def test_where_all_are_alike_below_the_stated_cuts_nobody_is_high(split: str) -> None:
    """One-time buyers below every cut are no key customers; above every cut they are high."""
    cuts = Thresholds(frequency=(5.0, 10.0), monetary=(1e6, 2e6), recency=(30.0, 60.0))
    options = RfmOptions(bins=3, thresholds=cuts, split=split)
    found = rfm(orders(100.0), options=options).frame
    assert set(found["f"]) == {1}
    assert not {name for name in found["class"] if name in ("key_value", "general_value")}
    often = RfmOptions(bins=3, thresholds=cuts.model_copy(update={"frequency": (0.2, 0.5)}), split=split)
    classes = set(rfm(orders(100.0), options=often).frame["class"])
    assert classes & {"key_value", "general_value", "key_keep", "general_keep"}
