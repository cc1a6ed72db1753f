"""Weight profiles: each customer's own weights, on every engine, and the default ones for the rest."""

from types import SimpleNamespace
from typing import Any

import duckdb
import polars as pl
import pytest

from evaluator.analysis import explain
from evaluator.errors import EvaluationError
from evaluator.scoring import Model, ScoringOptions, check_measures, fit, load_model, result_issues, score
from evaluator.tree import Tree
from evaluator.weighing import profile_weights, weigh

PROFILES = {
    "by": "stage",
    "source": "test",
    "of": (
        {"id": "young", "name": "young", "values": ("new", "新"), "weights": {"now": 1.0, "later": 3.0}},
        {"id": "old", "name": "old", "values": ("old",), "weights": {"a": 1.0, "b": 1.0}},
    ),
}


@pytest.fixture(scope="module")
def tree(build: SimpleNamespace) -> Tree:
    made: Tree = build.two_axes(profiles=PROFILES)
    return made


@pytest.fixture(scope="module")
def frame(build: SimpleNamespace) -> pl.DataFrame:
    """Five customers alike in everything but their stage, and one with a gap."""
    frame: pl.DataFrame = build.customers(a=[100.0] * 5 + [None], b=[0.0] * 6, c=[50.0] * 6, d=[50.0] * 6)
    return frame.with_columns(stage=pl.Series(["new", "新", "old", "lost", None, "old"]))


def fitted(tree: Tree, frame: pl.DataFrame, **options: Any) -> Model:
    weights = weigh(tree)
    profiles = profile_weights(tree, weights)
    return fit(tree, weights, frame, options=ScoringOptions(**options), profiles=profiles)


# now is 100 · 0.75 + 0 · 0.25, or half of each for the old; later is 50
EXPECTED = [0.25 * 75 + 0.75 * 50] * 2 + [0.6 * 50 + 0.4 * 50] + [0.6 * 75 + 0.4 * 50] * 2 + [0.4 * 50]


def test_each_customer_is_scored_with_the_weights_of_its_profile(tree: Tree, frame: pl.DataFrame) -> None:
    result = score(fitted(tree, frame), frame)
    assert result["profile"].to_list() == ["young", "young", "old", "default", "default", "old"]
    assert result["score"].to_list() == pytest.approx(EXPECTED)
    assert result["coverage"].to_list() == pytest.approx([1, 1, 1, 1, 1, 0.7])


@pytest.mark.parametrize("synthesis", ["weighted_sum", "weighted_product", "minimum", "topsis"])
@pytest.mark.parametrize("fuzzy", [None, "weighted_average", "min_max"])
def test_a_profile_is_a_model_with_other_weights(
    tree: Tree, frame: pl.DataFrame, synthesis: str, fuzzy: str | None
) -> None:
    """Whatever joins the scores, a customer comes out as if everybody had its weights."""
    options: dict[str, Any] = {"synthesis": {"kind": synthesis}}
    if fuzzy:
        options["fuzzy"] = {"operator": fuzzy}
    model = fitted(tree, frame, **options)
    found = score(model, frame)
    for profile in ("young", "old", "default"):
        plain = model.of_profile(profile).model_copy(
            update={"profiles": (), "tree": model.tree.model_copy(update={"profiles": None})}
        )
        mine = found.filter(pl.col("profile") == profile)
        other = score(plain, frame).filter(pl.col("id").is_in(mine["id"].implode()))
        for column in other.columns:
            left, right = mine[column].to_list(), other[column].to_list()
            assert left == (pytest.approx(right) if other[column].dtype.is_float() else right), column


def test_every_engine_and_a_saved_model_give_the_same(tree: Tree, frame: pl.DataFrame, tmp_path: Any) -> None:
    model = fitted(tree, frame)
    model.save(tmp_path / "model.json")
    assert score(load_model(tmp_path / "model.json"), frame)["score"].to_list() == pytest.approx(EXPECTED)
    assert score(model, frame.to_pandas())["score"].tolist() == pytest.approx(EXPECTED)
    connection = duckdb.connect()
    connection.register("measures", frame.to_arrow())
    relation = score(model, connection.sql("select * from measures"))
    found = dict(relation.project("id, score").fetchall())
    assert [found[name] for name in frame["id"]] == pytest.approx(EXPECTED)


def test_an_explanation_uses_the_customers_own_weights(tree: Tree, frame: pl.DataFrame) -> None:
    model = fitted(tree, frame)
    for name, profile, now in (("k1", "young", 0.25), ("k3", "old", 0.6), ("k4", "default", 0.6)):
        found = explain(model, frame, name)
        assert found.profile == profile
        assert sum(part.points or 0.0 for part in found.contributions) == pytest.approx(found.score)
        own = {part.indicator: part.weight for part in found.contributions}
        assert own["a"] + own["b"] == pytest.approx(now)
        assert own["a"] == pytest.approx(now * (0.5 if profile == "old" else 0.75))


def test_effects_of_a_product_rest_on_the_customers_own_weights(tree: Tree, frame: pl.DataFrame) -> None:
    varied = frame.with_columns(m_b=pl.Series([10.0, 20.0, 30.0, 40.0, 50.0, 60.0]))
    model = fitted(tree, varied, synthesis={"kind": "weighted_product"})
    for name in ("k1", "k3", "k4"):
        found = explain(model, varied, name)
        whole = found.reference + sum(part.points or 0.0 for part in found.contributions) + found.remainder
        assert whole == pytest.approx(found.score)
        alone = explain(model, varied.filter(pl.col("id") == name), name)
        assert alone == found


def test_profiles_are_off_unless_their_weights_are_given(tree: Tree, frame: pl.DataFrame) -> None:
    model = fit(tree, weigh(tree), frame)
    assert model.profiles == ()
    assert model.tree.profiles is None
    assert "profile" not in score(model, frame.drop("stage")).columns


def test_customers_without_a_profile_of_their_own_are_counted(tree: Tree, frame: pl.DataFrame) -> None:
    model = fitted(tree, frame)
    (issue,) = result_issues(model, score(model, frame), frame)
    assert (issue.code, issue.subject, issue.detail) == (
        "SCORE-662",
        "stage",
        {"count": 2, "values": "lost, –"},
    )


def test_a_frame_without_the_attribute_is_refused(tree: Tree, frame: pl.DataFrame) -> None:
    with pytest.raises(EvaluationError) as raised:
        score(fitted(tree, frame), frame.drop("stage"))
    assert [issue.code for issue in raised.value.issues] == ["SCORE-660"]
    assert [issue.code for issue in check_measures(tree, frame.drop("stage"))] == ["SCORE-660"]


def test_weights_for_other_profiles_than_the_trees_are_refused(tree: Tree, frame: pl.DataFrame) -> None:
    weights = weigh(tree)
    with pytest.raises(EvaluationError) as raised:
        fit(tree, weights, frame, profiles={"young": weights, "odl": weights})
    assert {(issue.code, issue.subject) for issue in raised.value.issues} == {
        ("SCORE-666", "odl"),
        ("SCORE-666", "old"),
    }
    with pytest.raises(EvaluationError) as raised:
        profile_weights(tree, weights, {"yung": weights})
    assert [(issue.code, issue.hint) for issue in raised.value.issues] == [("WEIGH-560", ("young",))]
