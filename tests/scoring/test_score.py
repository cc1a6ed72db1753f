"""Scores computed by hand: synthesis, every missing policy, coverage, status, frames in and out."""

from types import SimpleNamespace
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pytest

from evaluator.errors import EvaluationError
from evaluator.scoring import score

# now 0.6 (a 0.75, b 0.25), later 0.4 (c 0.5, d 0.5)
COMPLETE = {"a": [80.0], "b": [40.0], "c": [40.0], "d": [60.0]}
WITHOUT_B = {**COMPLETE, "b": [None]}


def scored(build: SimpleNamespace, missing: str, columns: dict[str, list[Any]]) -> dict[str, Any]:
    tree, frame = build.two_axes(missing), build.customers(**columns)
    model = build.fitted(tree, build.customers(**COMPLETE))
    row: dict[str, Any] = score(model, frame).row(0, named=True)
    return row


@pytest.mark.parametrize("missing", ["redistribute", "neutral", "worst", "exclude", "error"])
def test_with_everything_observed_the_policy_does_not_matter(build: SimpleNamespace, missing: str) -> None:
    row = scored(build, missing, COMPLETE)
    assert row == {
        "id": "k1",
        "score_now": pytest.approx(70),
        "score_a": pytest.approx(80),
        "score_b": pytest.approx(40),
        "score_later": pytest.approx(50),
        "score_c": pytest.approx(40),
        "score_d": pytest.approx(60),
        "score": pytest.approx(62),
        "coverage": pytest.approx(1),
        "coverage_now": pytest.approx(1),
        "coverage_later": pytest.approx(1),
        "clamped": 0,
        "status": "rated",
        "reason": None,
        "grade": "fair",
    }
    assert list(row)[-8:] == [
        "score", "coverage", "coverage_now", "coverage_later", "clamped", "status", "reason", "grade",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("missing", "leaf", "now", "total", "grade"),
    [
        ("redistribute", None, 80.0, 68.0, "fair"),
        ("neutral", 50.0, 72.5, 63.5, "fair"),
        ("worst", 0.0, 60.0, 56.0, "poor"),
    ],
)
def test_a_missing_leaf_is_handled_as_its_policy_says(
    build: SimpleNamespace, missing: str, leaf: float | None, now: float, total: float, grade: str
) -> None:
    """Whatever the policy, only what was observed counts as covered."""
    row = scored(build, missing, WITHOUT_B)
    assert row["score_b"] == leaf
    assert (row["score_now"], row["score"]) == pytest.approx((now, total))
    assert (row["coverage"], row["coverage_now"]) == pytest.approx((0.85, 0.75))
    assert (row["status"], row["grade"]) == ("rated", grade)


def test_exclude_means_not_rated_and_names_the_leaf(build: SimpleNamespace) -> None:
    row = scored(build, "exclude", WITHOUT_B)
    assert (row["status"], row["reason"]) == ("excluded", "b")
    assert (row["score"], row["score_now"], row["grade"]) == (None, None, None)
    assert row["score_later"] == pytest.approx(50)
    assert row["coverage"] == pytest.approx(0.85)


@pytest.mark.parametrize("lazy", [False, True])
def test_error_names_the_customers(build: SimpleNamespace, lazy: bool) -> None:
    model = build.fitted(build.two_axes("error"), build.customers(**COMPLETE))
    frame = build.customers(a=[1.0, 2.0], b=[None, 1.0], c=[1.0, 2.0], d=[1.0, 2.0])
    with pytest.raises(EvaluationError) as raised:
        score(model, frame.lazy() if lazy else frame)
    (issue,) = raised.value.issues
    assert (issue.code, issue.subject) == ("SCORE-617", "m_b")
    assert issue.detail == {"indicator": "b", "count": 1, "ids": "k1"}


def test_a_group_with_nothing_observed_is_itself_missing(build: SimpleNamespace) -> None:
    row = scored(build, "redistribute", {"a": [None], "b": [None], "c": [40.0], "d": [60.0]})
    assert row["score_now"] is None
    assert row["score"] == pytest.approx(50)
    assert (row["status"], row["reason"], row["grade"]) == ("insufficient", "now", None)
    assert (row["coverage"], row["coverage_now"], row["coverage_later"]) == pytest.approx((0.4, 0, 1))


def test_nothing_observed_at_all_gives_no_score(build: SimpleNamespace) -> None:
    tree = build.made(build.leaf("a"), build.leaf("b"))
    model = build.fitted(tree, build.customers(a=[1.0], b=[1.0]), min_coverage=0.0)
    row = score(model, build.customers(a=[None], b=[None])).row(0, named=True)
    assert (row["score"], row["status"], row["reason"], row["grade"]) == (None, "insufficient", "value", None)


def test_coverage_exactly_at_the_least_suffices(build: SimpleNamespace) -> None:
    """0.1 + 0.2 + 0.3 misses 0.6 in floating point in neither direction."""
    tree = build.made(*(build.leaf(n, weight=w) for n, w in (("a", 1.0), ("b", 2.0), ("c", 3.0), ("d", 4.0))))
    model = build.fitted(tree, build.customers(**COMPLETE), min_coverage=0.6)
    frame = build.customers(a=[1.0, 1.0], b=[1.0, 1.0], c=[1.0, None], d=[None, 1.0])
    result = score(model, frame)
    assert result["coverage"].to_list() == pytest.approx([0.6, 0.7])
    assert result["status"].to_list() == ["rated", "rated"]


def test_clamped_measures_are_counted(build: SimpleNamespace) -> None:
    row = scored(build, "redistribute", {"a": [120.0], "b": [-3.0], "c": [100.0], "d": [None]})
    assert row["clamped"] == 2
    assert (row["score_a"], row["score_b"], row["score_c"]) == (100, 0, 100)


def test_the_name_and_only_the_name_is_carried_along(build: SimpleNamespace) -> None:
    model = build.fitted(build.two_axes(), build.customers(**COMPLETE))
    frame = build.customers(**COMPLETE).with_columns(name=pl.lit("=cmd|甲"), city=pl.lit("x"))
    result = score(model, frame)
    assert result.columns[:2] == ["id", "name"]
    assert result["name"].item() == "=cmd|甲"
    assert "city" not in result.columns


def test_a_measure_called_like_a_result_does_no_harm(build: SimpleNamespace) -> None:
    leaves = (build.leaf("a", measure="score_b"), build.leaf("b", measure="score"))
    frame = pl.DataFrame({"id": ["k1"], "score_b": [10.0], "score": [30.0]})
    row = score(build.fitted(build.made(*leaves), frame), frame).row(0, named=True)
    assert (row["score_a"], row["score_b"], row["score"]) == pytest.approx((10, 30, 20))


def test_nan_is_missing_not_large(build: SimpleNamespace) -> None:
    row = scored(build, "redistribute", {**COMPLETE, "b": [float("nan")]})
    assert row["score_b"] is None
    assert row["clamped"] == 0
    assert row["score"] == pytest.approx(68)


def test_in_a_lazy_frame_infinity_counts_as_missing(build: SimpleNamespace) -> None:
    model = build.fitted(build.two_axes(), build.customers(**COMPLETE))
    frame = build.customers(**{**COMPLETE, "b": [float("inf")]}).lazy()
    assert score(model, frame).collect()["score"].item() == pytest.approx(68)


def many(build: SimpleNamespace, rows: int) -> pl.DataFrame:
    random = np.random.default_rng(7)
    columns = {}
    for name in "abcd":
        values = random.uniform(-10, 110, rows)
        values[random.random(rows) < 0.2] = np.nan
        columns[name] = values
    frame: pl.DataFrame = build.customers(**columns)
    return frame


def test_pandas_gives_what_polars_gives_with_its_own_index(build: SimpleNamespace) -> None:
    frame = many(build, 500)
    tree = build.two_axes(matrices=(build.matrix({"kind": "mean"}, {"kind": "fixed", "at": (50.0,)}),))
    model = build.fitted(tree, frame)
    columns = {column.name: column.to_list() for column in frame}
    pandas = pd.DataFrame(columns, index=pd.RangeIndex(1000, 0, -2))
    result, wanted = score(model, pandas), score(model, frame)
    assert isinstance(result, pd.DataFrame)
    assert list(result.columns) == wanted.columns
    assert result.index.equals(pandas.index)
    for name in wanted.columns:
        mine, theirs = result[name], wanted[name]
        if theirs.dtype.is_float():
            np.testing.assert_allclose(mine.to_numpy(), theirs.to_numpy(), rtol=0, atol=1e-12)
        else:
            assert [None if pd.isna(x) else x for x in mine] == theirs.to_list()


def test_two_hundred_thousand_customers_are_scored_lazily(build: SimpleNamespace) -> None:
    """The lazy result is what arithmetic on whole columns gives."""
    frame = many(build, 200_000)
    model = build.fitted(build.two_axes(), frame)
    lazy = score(model, frame.lazy())
    assert isinstance(lazy, pl.LazyFrame)
    a, b, c, d = (np.clip(frame[f"m_{name}"].to_numpy(), 0, 100) for name in "abcd")
    weights, values = np.array([[3.0, 1.0], [1.0, 1.0]]), np.array([[a, b], [c, d]])
    seen = ~np.isnan(values)
    shares = (weights[:, :, None] * seen).sum(1)
    with np.errstate(invalid="ignore"):
        axes = (weights[:, :, None] * np.nan_to_num(values)).sum(1) / shares
    outer = np.array([[0.6], [0.4]]) * (shares > 0)
    with np.errstate(invalid="ignore"):
        total = (outer * np.nan_to_num(axes)).sum(0) / outer.sum(0)
    np.testing.assert_allclose(lazy.collect()["score"].to_numpy(), total, rtol=0, atol=1e-9)


def test_duckdb_gives_what_polars_gives(build: SimpleNamespace) -> None:
    duckdb = pytest.importorskip("duckdb")
    pytest.importorskip("pyarrow")
    frame = many(build, 300)
    tree = build.two_axes("neutral", matrices=(build.matrix({"kind": "mean"}, {"kind": "mean"}),))
    model = build.fitted(tree, frame)
    table = frame.to_arrow()
    result = nw.from_native(score(model, duckdb.from_arrow(table))).collect(backend="polars").to_native()
    wanted = score(model, frame)
    result = result.join(wanted.select("id"), on="id", how="right", maintain_order="right").select(
        wanted.columns
    )
    for name in wanted.columns:
        if wanted[name].dtype.is_float():
            np.testing.assert_allclose(result[name].to_numpy(), wanted[name].to_numpy(), rtol=0, atol=1e-9)
        else:
            assert result[name].to_list() == wanted[name].to_list()
