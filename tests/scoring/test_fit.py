"""What a model freezes: distributions, weights, cuts, conventions."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest

from evaluator.errors import EvaluationError
from evaluator.scoring import fit, score
from evaluator.scoring.fitting import KNOTS, distribution
from evaluator.tree import Tree, tree_fingerprint
from evaluator.weighing import weigh

PERCENTILE = {"kind": "percentile", "best": "high"}


def test_shares_are_mid_ranks_and_ties_collapse() -> None:
    found = distribution(np.array([5.0, 1.0, 5.0, 5.0, 9.0]))
    assert found.knots == ((1.0, 0.1), (5.0, 0.5), (9.0, 0.9))
    assert found.count == 5


def test_a_large_population_keeps_exact_shares_at_few_knots() -> None:
    values = np.random.default_rng(3).lognormal(3, 2, 20_000).round(1)
    found = distribution(values)
    assert len(found.knots) <= KNOTS
    assert found.knots[0][0] == values.min()
    assert found.knots[-1][0] == values.max()
    for value, share in found.knots:
        assert share == pytest.approx((values < value).mean() + (values == value).mean() / 2, abs=1e-12)
    xs, shares = zip(*found.knots, strict=True)
    exact = np.array([(values < x).mean() + (values == x).mean() / 2 for x in values[:300]])
    assert np.abs(np.interp(values[:300], xs, shares) - exact).max() < 0.01


def test_a_heavy_tie_is_one_knot() -> None:
    values = np.concatenate([np.zeros(900), np.arange(1.0, 101.0)])
    assert distribution(values).knots[0] == (0.0, 0.45)


def test_the_model_says_what_it_was_made_from(build: SimpleNamespace) -> None:
    tree = build.two_axes()
    frame = build.customers(a=[1.0, 2.0], b=[1.0, 2.0], c=[1.0, 2.0], d=[1.0, None])
    weights = weigh(tree)
    model = fit(tree, weights, frame, as_of=date(2025, 1, 1))
    assert model.population == 2
    assert model.as_of == date(2025, 1, 1)
    assert model.fingerprint == tree_fingerprint(tree)
    assert model.conventions.model_dump() == {
        "source": "given",
        "convention": weights.convention,
        "method": weights.method,
        "aggregation": weights.aggregation,
        "min_coverage": 0.6,
    }
    assert model.local["now"] == pytest.approx(0.6)
    assert model.global_ == pytest.approx(
        {"value": 1, "now": 0.6, "later": 0.4, "a": 0.45, "b": 0.15, "c": 0.2, "d": 0.2}
    )


def test_weights_of_another_tree_are_refused(build: SimpleNamespace) -> None:
    tree, frame = build.two_axes(), build.customers(a=[1.0], b=[1.0], c=[1.0], d=[1.0])
    weights = weigh(tree)
    local = {("e" if node == "d" else node): weight for node, weight in weights.local.items()}
    with pytest.raises(EvaluationError) as raised:
        fit(tree, replace(weights, local=local), frame)
    (issue,) = raised.value.issues
    assert (issue.code, issue.detail) == ("SCORE-621", {"lacking": "d", "strange": "e"})


def test_a_percentile_scale_needs_a_population(build: SimpleNamespace) -> None:
    tree = build.made(build.leaf("a"), build.leaf("b", PERCENTILE))
    with pytest.raises(EvaluationError) as raised:
        build.fitted(tree, build.customers(a=[1.0], b=[2.0]).head(0))
    (issue,) = raised.value.issues
    assert (issue.code, issue.subject, issue.detail) == ("SCORE-622", "m_b", {"indicator": "b"})


def test_a_measure_nobody_has_cannot_be_placed_and_its_weight_passes_on(build: SimpleNamespace) -> None:
    """Growth over two years is missing for everyone in a history of one; nobody is refused for it."""
    tree = build.made(build.leaf("a"), build.leaf("b", PERCENTILE))
    frame = build.customers(a=[30.0, 50.0], b=[None, None])
    model = build.fitted(tree, frame)
    assert model.distributions["b"].knots == ()
    later = score(model, build.customers(a=[30.0], b=[7.0]))
    assert later["score_b"].to_list() == [None]
    assert later["score"].to_list() == score(model, frame)["score"].head(1).to_list()


def test_relative_cuts_rest_on_the_rated_customers_only(build: SimpleNamespace) -> None:
    """The third customer lacks the axis later, so its score does not move the cuts."""
    tree = build.two_axes(matrices=(build.matrix({"kind": "mean"}, {"kind": "quantile", "at": (0.25,)}),))
    frame = build.customers(
        a=[10.0, 30.0, 100.0], b=[10.0, 30.0, 100.0], c=[20.0, 60.0, None], d=[20.0, 60.0, None]
    )
    cuts = build.fitted(tree, frame).cuts["plane"]
    assert cuts.x == pytest.approx((20,))
    assert cuts.y == pytest.approx((30,))


def test_relative_cuts_without_anyone_rated_are_refused(build: SimpleNamespace) -> None:
    tree = build.two_axes(matrices=(build.matrix({"kind": "mean"}, {"kind": "fixed", "at": (50.0,)}),))
    with pytest.raises(EvaluationError) as raised:
        build.fitted(tree, build.customers(a=[10.0, None], b=[1.0, None], c=[None, 5.0], d=[None, 5.0]))
    (issue,) = raised.value.issues
    assert (issue.code, issue.subject, issue.detail) == ("SCORE-623", "plane", {"axis": "now"})


def test_next_quarters_customers_do_not_move_the_model(build: SimpleNamespace) -> None:
    tree = build.made(build.leaf("a", PERCENTILE))
    model = build.fitted(tree, build.customers(a=[1.0, 2.0, 3.0]))
    assert score(model, build.customers(a=[2.0, 900.0, 800.0]))["score"].to_list() == pytest.approx(
        [50, 250 / 3, 250 / 3]
    )


def population(build: SimpleNamespace) -> tuple[Tree, pl.DataFrame]:
    """Return a tree that reads all it can from its population, and one of 3,000 customers."""
    random = np.random.default_rng(5)
    measured = {name: random.lognormal(3, 1, 3_000).round(2) for name in "abc"}
    lost = {name: random.random(3_000) < 0.1 for name in "abc"}
    frame = build.customers(**{name: measured[name].tolist() for name in "abc"}).with_columns(
        pl.when(~pl.Series(lost[name])).then(f"m_{name}").alias(f"m_{name}") for name in "abc"
    )
    zscore = {"kind": "z", "best": "high", "reach": 2.0}
    shares = (("good", 90.0, 0.2), ("fair", 60.0, 0.5), ("poor", 20.0, 0.3))
    tree = build.made(
        build.group("now", build.leaf("a", PERCENTILE), axis="now"),
        build.group("later", build.leaf("b", zscore, winsorise=(0.02, 0.98)), build.leaf("c"), axis="later"),
        matrices=(build.matrix({"kind": "natural"}, {"kind": "quantile", "at": (0.7,)}),),
        grades=tuple(
            {"id": name, "name": name, "score": score, "share": part} for name, score, part in shares
        ),
    )
    return tree, frame


@pytest.mark.parametrize("engine", ["duckdb", "spark"])
def test_a_population_in_an_engine_gives_the_same_model(
    build: SimpleNamespace, engine: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    tree, frame = population(build)
    frame.write_parquet(tmp_path / "measures.parquet")
    if engine == "spark":
        far = request.getfixturevalue("spark").read.parquet(str(tmp_path / "measures.parquet"))
    else:
        far = pytest.importorskip("duckdb").read_parquet(str(tmp_path / "measures.parquet"))
    wanted = build.fitted(tree, frame, synthesis={"kind": "weighted_product"})
    found = build.fitted(tree, far, synthesis={"kind": "weighted_product"})
    assert wanted.cuts["plane"].x_bins
    assert near(found.model_dump(), wanted.model_dump())


def near(one: Any, other: Any) -> bool:
    """Whether two documents are equal, numbers to the last digits but one."""
    if isinstance(one, float):
        return one == pytest.approx(other, rel=1e-13, abs=1e-13)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(near(value, other[key]) for key, value in one.items())
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(near(*pair) for pair in zip(one, other, strict=True))
    return bool(one == other)
