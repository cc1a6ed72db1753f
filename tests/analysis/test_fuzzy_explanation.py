"""The explanation of a fuzzy evaluation: memberships of every node, and points or effects that add up."""

from math import fsum
from typing import Any

import polars as pl
import pytest

from evaluator.analysis import Explanation, explain, explanations
from evaluator.scoring import OPERATORS, Model, ScoringOptions, fit, score
from evaluator.tree import Tree
from evaluator.weighing import weigh

FRAME = pl.DataFrame(
    {
        "id": ["k1", "k2", "k3", "k4"],
        "m_a": [80.0, 120.0, None, 35.0],
        "m_b": [40.0, None, None, 75.0],
        "m_c": [40.0, 40.0, 20.0, 90.0],
        "m_d": [60.0, 60.0, 60.0, 10.0],
    }
)


def leaf(name: str, missing: str = "redistribute") -> dict[str, Any]:
    scale = {"kind": "linear", "worst": 0.0, "best": 100.0}
    entry = {"id": name, "name": name, "measure": f"m_{name}", "direction": "benefit", "scale": scale}
    return {**entry, "weight": 1.0, "missing": missing}


def model_with(operator: str, leading: str, missing: str = "redistribute") -> Model:
    """Return now (0.5: a, b) and later (0.5: c, d) between grades at 90, 70 and 30."""
    groups = (
        {"id": "now", "name": "now", "weight": 1.0, "children": (leaf("a", missing), leaf("b"))},
        {"id": "later", "name": "later", "weight": 1.0, "children": (leaf("c"), leaf("d"))},
    )
    scale = (("good", 90.0, 80.0), ("fair", 70.0, 60.0), ("poor", 30.0, 0.0))
    grades = tuple({"id": name, "name": name, "score": at, "from": from_} for name, at, from_ in scale)
    head = {"schema": 1, "id": "value", "name": "value", "status": "custom", "source": "test"}
    root = {"id": "value", "name": "value", "children": groups}
    tree = Tree.model_validate({**head, "weights_source": "test", "grades": grades, "root": root})
    stated = {"leading": leading, "fuzzy": {"operator": operator}, "min_coverage": 0.0}
    return fit(tree, weigh(tree), FRAME, options=ScoringOptions.model_validate(stated))


def total(found: Explanation) -> float:
    return fsum([found.reference, *(row.points or 0.0 for row in found.contributions), found.remainder])


@pytest.mark.parametrize("leading", ["crisp", "fuzzy"])
@pytest.mark.parametrize("operator", OPERATORS.names())
def test_reference_points_and_remainder_add_up_to_the_score(operator: str, leading: str) -> None:
    model = model_with(operator, leading)
    wanted = score(model, FRAME)["score"].to_list()
    for found, value in zip(explanations(model, FRAME), wanted, strict=True):
        assert found.score == pytest.approx(value)
        assert total(found) == pytest.approx(value, abs=1e-9)
        if model.additive:
            assert (found.reference, found.remainder) == (0.0, 0.0)


def test_a_leading_weighted_average_is_explained_by_grade_weighted_scores() -> None:
    found = explain(model_with("weighted_average", "fuzzy"), FRAME, "k2")
    rows = {row.indicator: row for row in found.contributions}
    assert rows["a"].score == 100
    assert rows["a"].memberships == pytest.approx({"good": 1, "fair": 0, "poor": 0})
    assert rows["a"].points == pytest.approx(0.5 * 90)
    assert rows["b"].memberships == {"good": None, "fair": None, "poor": None}
    assert rows["b"].points == 0


def test_an_effect_is_what_the_score_loses_at_the_reference() -> None:
    model = model_with("min_max", "fuzzy")
    assert model.reference == pytest.approx({"a": 215 / 3, "b": 57.5, "c": 47.5, "d": 47.5})
    found = explain(model, FRAME, "k1")
    changed = score(model, FRAME.with_columns(m_d=pl.lit(47.5)))["score"][0]
    point = {row.indicator: row.points for row in found.contributions}
    assert point["d"] == pytest.approx(found.score - changed)
    everywhere = pl.DataFrame(
        {"id": ["r"]} | {f"m_{name}": [value] for name, value in model.reference.items()}
    )
    assert found.reference == pytest.approx(score(model, everywhere)["score"].item())


def test_a_missing_leaf_has_no_effect_and_the_excluded_have_no_points() -> None:
    found = explain(model_with("min_max", "fuzzy"), FRAME, "k3")
    assert [row.points for row in found.contributions][:2] == [0.0, 0.0]
    excluded = explain(model_with("min_max", "fuzzy", "exclude"), FRAME, "k3")
    assert (excluded.score, excluded.reference, excluded.remainder) == (None, 0.0, 0.0)
    assert all(row.points is None for row in excluded.contributions)


def test_the_fuzzy_evaluation_stands_beside_the_score() -> None:
    model = model_with("weighted_average", "crisp")
    found = explain(model, FRAME, "k1").fuzzy
    row = score(model, FRAME).row(0, named=True)
    assert found is not None
    assert (found.operator, found.leading) == ("weighted_average", "crisp")
    assert found.memberships == pytest.approx(
        {name: row[f"membership_{name}"] for name in ("good", "fair", "poor")}
    )
    assert found.groups["value"] == found.memberships
    assert found.groups["now"]["good"] == pytest.approx(row["membership_good@now"])
    assert (found.score, found.crisp_score, found.alpha) == pytest.approx(
        (row["fuzzy_score"], row["crisp_score"], row["alpha"])
    )
    assert (found.grade, found.validity) == (row["fuzzy_grade"], row["validity"])


def test_without_fuzzy_evaluation_there_is_none_to_explain() -> None:
    model = model_with("weighted_average", "crisp")
    plain = fit(model.tree, weigh(model.tree), FRAME)
    assert explain(plain, FRAME, "k1").fuzzy is None
    assert explain(plain, FRAME, "k1").contributions[0].memberships is None
