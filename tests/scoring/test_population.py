"""Scales and limits that a model freezes from its population, and their faster way on Polars."""

from types import SimpleNamespace
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pytest

from evaluator.columns import polyline, polyline_on_polars
from evaluator.errors import EvaluationError
from evaluator.scoring import load_model, score
from evaluator.scoring.score_steps import leaf_steps

Z = {"kind": "z", "best": "high", "reach": 2.0}


def test_a_z_scale_reads_mean_and_deviation_once(build: SimpleNamespace) -> None:
    tree = build.made(build.leaf("a", Z))
    model = build.fitted(tree, build.customers(a=[1.0, 3.0, None, 5.0, 7.0]))
    assert model.moments["a"].model_dump() == pytest.approx({"mean": 4, "deviation": np.sqrt(5), "count": 4})
    alone = score(model, build.customers(a=[4.0 + np.sqrt(5), 100.0, None]))
    assert alone["score_a"].to_list() == [pytest.approx(75), 100, None]
    assert alone["clamped"].to_list() == [0, 1, 0]


@pytest.mark.parametrize(("values", "count"), [([0.1, 0.1, 0.1], 3), ([None, None, None], 0)])
def test_a_constant_or_absent_measure_has_no_deviation(
    build: SimpleNamespace, values: list[Any], count: int
) -> None:
    model = build.fitted(
        build.made(build.leaf("a", Z), build.leaf("b")), build.customers(a=values, b=[1.0] * 3)
    )
    assert (model.moments["a"].deviation, model.moments["a"].count) == (0, count)


def test_winsorised_measures_end_where_the_population_says(build: SimpleNamespace) -> None:
    """Of 0, 1, …, 100 the 5 % and 95 % quantiles are 5 and 95; the z scale sees nothing beyond them."""
    tree = build.made(build.leaf("a", winsorise=(0.05, 0.95)), build.leaf("b", Z, winsorise=(0.0, 0.5)))
    values = [float(x) for x in range(101)]
    model = build.fitted(tree, build.customers(a=values, b=values))
    assert model.limits == {"a": (5.0, 95.0), "b": (0.0, 50.0)}
    limited = np.minimum(np.arange(101), 50)
    assert model.moments["b"].mean == pytest.approx(limited.mean())
    found = score(model, build.customers(a=[2.0, 50.0, 99.0, None], b=[80.0, 50.0, 0.0, None]))
    assert found["score_a"].to_list() == [5, 50, 95, None]
    assert found["score_b"][0] == found["score_b"][1]
    assert found["clamped"].to_list() == [2, 0, 2, 0]  # 0 lies beyond the lower end of the z scale as well


def test_nobody_to_winsorise_by_limits_nothing(build: SimpleNamespace) -> None:
    tree = build.made(build.leaf("a", winsorise=(0.05, 0.95)), build.leaf("b"))
    model = build.fitted(tree, build.customers(a=[None], b=[1.0]))
    assert model.limits == {}
    assert score(model, build.customers(a=[70.0], b=[1.0]))["score_a"].item() is None


def test_a_relative_scale_needs_a_population(build: SimpleNamespace) -> None:
    with pytest.raises(EvaluationError) as raised:
        build.fitted(build.made(build.leaf("a", Z)), build.customers(a=[1.0]).head(0))
    assert [(issue.code, issue.subject) for issue in raised.value.issues] == [("SCORE-622", "m_a")]


def test_frozen_statistics_are_saved(build: SimpleNamespace, tmp_path: Any) -> None:
    tree = build.made(build.leaf("a", Z, winsorise=(0.1, 0.9)))
    model = build.fitted(tree, build.customers(a=[1.0, 2.0, 9.0]))
    model.save(tmp_path / "model.json")
    assert load_model(tmp_path / "model.json") == model
    for part in ({"moments": {}}, {"limits": {"b": (0.0, 1.0)}}):
        model.model_copy(update=part).save(tmp_path / "changed.json")
        with pytest.raises(EvaluationError) as raised:
            load_model(tmp_path / "changed.json")
        assert [(i.code, i.detail["part"]) for i in raised.value.issues] == [("SCORE-604", next(iter(part)))]


@pytest.mark.parametrize("falling", [False, True])
@pytest.mark.parametrize("count", [1, 2, 101])
def test_the_way_on_polars_gives_what_every_engine_gives(count: int, falling: bool) -> None:
    random = np.random.default_rng(count)
    x, y = np.sort(random.uniform(-5, 5, count)), np.sort(random.uniform(0, 100, count))
    points = list(zip(x.tolist(), (y[::-1] if falling else y).tolist(), strict=True))
    values = np.sort(
        np.concatenate([random.uniform(-6, 6, 5000), x, np.nextafter(x, -9), np.nextafter(x, 9)])
    )
    frame = pl.DataFrame({"x": [*values.tolist(), None]}).lazy()
    plain = nw.from_native(frame).select(polyline(nw.col("x"), points).alias("y")).collect()["y"].to_numpy()
    for engine in ("in-memory", "streaming"):
        found = frame.select(polyline_on_polars(pl.col("x"), points).alias("y")).collect(engine=engine)["y"]
        np.testing.assert_array_equal(found.to_numpy(), plain)
        steps = np.diff(found.to_numpy()[:-1])
        assert ((steps <= 0) if falling else (steps >= 0)).all()
        assert found[-1] is None


def test_a_large_population_is_scored_the_fast_way_and_the_same(build: SimpleNamespace) -> None:
    random = np.random.default_rng(2)
    frame = build.customers(a=[*random.normal(0, 1, 2000).tolist(), None])
    model = build.fitted(build.made(build.leaf("a", {"kind": "percentile", "best": "low"})), frame)
    assert "score_a" in leaf_steps(model)[1].on_polars
    fast = score(model, frame)["score_a"].to_numpy()
    slow = (
        nw.from_native(frame.lazy())
        .select(measure_a=nw.col("m_a"))
        .select(leaf_steps(model)[1].outputs["score_a"])
    )
    np.testing.assert_array_equal(fast, slow.collect().to_numpy()[:, 0])
    pandas = score(model, pd.DataFrame({"id": frame["id"].to_list(), "m_a": frame["m_a"].to_numpy()}))
    np.testing.assert_array_equal(pandas["score_a"].to_numpy(), fast)
