"""Drift: the stability index, what a model keeps of its population, and models that keep nothing."""

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.scoring import (
    DriftOptions,
    drift,
    drift_issues,
    load_model,
    score,
    stability_index,
    with_baseline,
)
from evaluator.scoring.model import Model
from evaluator.scoring.spreads import Spread, shares_in


def test_the_index_is_the_one_worked_by_hand() -> None:
    then, now = [0.2, 0.3, 0.5], [0.3, 0.3, 0.4]
    assert stability_index(then, now) == pytest.approx(0.1 * np.log(1.5) + 0.1 * np.log(1.25))
    assert stability_index(then, then) == 0
    assert stability_index([1.0, 0.0], [0.5, 0.5]) == pytest.approx(0.5 * np.log(2) + 0.4999 * np.log(5000))


shares = st.lists(st.floats(0.001, 1.0), min_size=2, max_size=12)


@given(shares, shares)
def test_the_index_is_symmetric_and_never_below_zero(one: list[float], other: list[float]) -> None:
    size = min(len(one), len(other))
    a, b = (np.array(x[:size]) / sum(x[:size]) for x in (one, other))
    assert stability_index(a, b) >= 0
    assert stability_index(a, b) == pytest.approx(stability_index(b, a))


@pytest.fixture(scope="module")
def fitted(build: SimpleNamespace) -> tuple[Model, pl.DataFrame]:
    values = [float(n) for n in range(100)]
    kinds = ["x"] * 60 + ["y"] * 30 + [None] * 10
    tree = build.made(build.leaf("a"), build.leaf("f", {"kind": "lookup", "scores": {"x": 20.0, "y": 80.0}}))
    frame = build.customers(a=values, f=kinds)
    model = build.fitted(tree, frame)
    return with_baseline(model, frame, score(model, frame)), frame


def test_the_same_customers_have_not_drifted(fitted: tuple[Model, pl.DataFrame]) -> None:
    model, frame = fitted
    found = drift(model, frame, score(model, frame))
    assert found is not None
    assert found.indicators["index"].to_list() == [0.0, 0.0]
    assert not found.passed
    assert list(drift_issues(model, found)) == []


def test_a_shift_a_gap_and_a_new_category_are_seen(fitted: tuple[Model, pl.DataFrame]) -> None:
    model, frame = fitted
    late = frame.with_columns(pl.col("m_a") + 40.0, m_f=pl.lit("z"))
    late = late.with_columns(m_f=pl.when(pl.int_range(pl.len()) < 50).then("m_f"))
    found = drift(model, late, score(model, late), DriftOptions(indicators=0.3, classes=0.05))
    assert found is not None
    rows = {row["indicator"]: row for row in found.indicators.iter_rows(named=True)}
    assert rows["f"]["missing_then"] == 0.1
    assert rows["f"]["missing_now"] == 0.5
    assert rows["a"]["passed"]
    assert rows["f"]["passed"]
    codes = [issue.code for issue in drift_issues(model, found)]
    assert codes.count("SCORE-691") == 2
    assert codes.count("SCORE-692") == found.classes["passed"].sum() > 0


def test_ties_leave_fewer_bins_and_all_fall_into_one() -> None:
    spread = Spread(edges=(0.0,), shares=(0.0, 0.5, 0.5))
    assert shares_in(pl.Series([0.0, 0.0, None, 5.0]), spread) == (0.0, 0.75, 0.25)
    assert shares_in(pl.Series([], dtype=pl.Float64), spread) == ()


def test_a_model_of_before_tells_nothing_and_stays_valid(
    build: SimpleNamespace, fitted: tuple[Model, pl.DataFrame], tmp_path: Path
) -> None:
    model, frame = fitted
    old = model.model_copy(update={"baseline": None})
    old.save(tmp_path / "old.json")
    assert "baseline" not in json.loads((tmp_path / "old.json").read_text("utf-8"))
    read = load_model(tmp_path / "old.json")
    assert read.digest == old.digest
    assert drift(read, frame, score(read, frame)) is None
    assert [issue.code for issue in drift_issues(read, None)] == ["SCORE-690"]
    model.save(tmp_path / "new.json")
    again = load_model(tmp_path / "new.json")
    assert again.baseline == model.baseline
    assert score(again, frame).equals(score(old, frame))
