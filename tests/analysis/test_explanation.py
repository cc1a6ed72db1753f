"""Where a score comes from: points that add up, and what was done about missing leaves."""

from math import fsum
from typing import Any

import pandas as pd
import polars as pl
import pytest

from evaluator.analysis import Contribution, Explanation, explain, explanations
from evaluator.errors import EvaluationError
from evaluator.scoring import Model, fit
from evaluator.tree import Tree
from evaluator.weighing import weigh

FIXED = {"kind": "fixed", "at": (50.0,)}
MEASURES: dict[str, list[float | None]] = {
    "m_a": [80.0, 120.0, None, 80.0],
    "m_b": [40.0, None, None, 40.0],
    "m_c": [40.0, 40.0, 40.0, 40.0],
    "m_d": [60.0, 60.0, 60.0, None],
}
FRAME = pl.DataFrame({"id": ["k1", "k2", "k3", "k4"], "name": ["甲", "乙", None, "丁"]} | MEASURES)


def leaf(name: str, weight: float, missing: str = "redistribute") -> dict[str, Any]:
    scale = {"kind": "linear", "worst": 0.0, "best": 100.0}
    entry = {"id": name, "name": name, "measure": f"m_{name}", "direction": "benefit", "scale": scale}
    return {**entry, "weight": weight, "missing": missing}


def model_with(missing_b: str = "redistribute", missing_d: str = "redistribute") -> Model:
    """Return now (0.6: a 0.75, b 0.25) and later (0.4: c 0.5, d 0.5); each score is its measure."""
    now = {"id": "now", "name": "now", "weight": 6.0, "axis": "now",
           "children": (leaf("a", 3.0), leaf("b", 1.0, missing_b))}  # fmt: skip
    later = {"id": "later", "name": "later", "weight": 4.0, "axis": "later",
             "children": (leaf("c", 1.0), leaf("d", 1.0, missing_d))}  # fmt: skip
    classes = tuple(
        {"id": f"{x}_{y}", "name": x, "x": x, "y": y} for x in ("low", "high") for y in ("low", "high")
    )
    tree = Tree.model_validate(
        {
            "schema": 1, "id": "value", "name": "value", "status": "custom", "source": "test",
            "weights_source": "test",
            "grades": ({"id": "good", "name": "good", "score": 80.0, "from": 60.0},
                       {"id": "poor", "name": "poor", "score": 30.0, "from": 0.0}),
            "root": {"id": "value", "name": "value", "children": (now, later)},
            "matrices": ({"id": "plane", "name": "plane", "classes": classes,
                          "x": {"axis": "now", "cut": FIXED}, "y": {"axis": "later", "cut": FIXED}},),
        }
    )  # fmt: skip
    return fit(tree, weigh(tree), FRAME.head(1))


def parts(explanation: Explanation) -> dict[str, Contribution]:
    return {row.indicator: row for row in explanation.contributions}


def test_a_complete_customer_is_explained_to_the_point() -> None:
    found = explain(model_with(), FRAME, "k1")
    assert (found.id, found.name, found.status, found.reasons) == ("k1", "甲", "rated", ())
    assert (found.score, found.grade, found.classes) == (pytest.approx(62), "good", {"plane": "high_high"})
    assert found.groups == pytest.approx({"value": 62, "now": 70, "later": 50})
    assert (found.coverage, found.coverages) == (pytest.approx(1), pytest.approx({"now": 1, "later": 1}))
    rows = parts(found)
    assert {name: row.points for name, row in rows.items()} == pytest.approx(
        {"a": 36, "b": 6, "c": 8, "d": 12}
    )
    assert {name: row.weight for name, row in rows.items()} == pytest.approx(
        {"a": 0.45, "b": 0.15, "c": 0.2, "d": 0.2}
    )
    assert {row.handling for row in rows.values()} == {"observed"}
    assert not any(row.clamped for row in rows.values())


def test_a_redistributed_weight_and_a_clamp_are_shown() -> None:
    found = explain(model_with(), FRAME, "k2")
    a, b = parts(found)["a"], parts(found)["b"]
    assert (a.measure, a.score, a.clamped) == (120, 100, True)
    assert (a.weight, a.effective_weight, a.points) == pytest.approx((0.45, 0.6, 60))
    assert (b.measure, b.score, b.effective_weight, b.points) == (None, None, 0.0, 0.0)
    assert b.handling == "redistribute"
    assert found.score == pytest.approx(80)


@pytest.mark.parametrize(("missing", "score", "points"), [("neutral", 50.0, 7.5), ("worst", 0.0, 0.0)])
def test_a_filled_score_is_shown_as_such(missing: str, score: float, points: float) -> None:
    found = explain(model_with(missing), FRAME, "k2")
    b = parts(found)["b"]
    assert (b.measure, b.score, b.handling) == (None, score, missing)
    assert (b.effective_weight, b.points) == pytest.approx((0.15, points))
    assert fsum(row.points or 0 for row in found.contributions) == pytest.approx(found.score, abs=1e-9)


def test_an_insufficient_customer_is_told_why() -> None:
    """Nothing observed on the axis now: its weight went to the other axis, and nobody is rated so."""
    found = explain(model_with(), FRAME, "k3")
    assert (found.status, found.reasons, found.grade) == ("insufficient", ("now", "value"), None)
    assert found.classes == {"plane": None}
    assert found.coverages == pytest.approx({"now": 0, "later": 1})
    assert found.groups["now"] is None
    assert {row.indicator: row.effective_weight for row in found.contributions} == pytest.approx(
        {"a": 0, "b": 0, "c": 0.5, "d": 0.5}
    )


def test_an_excluded_customer_is_told_every_reason() -> None:
    found = explain(model_with("exclude", "exclude"), FRAME, "k4")
    assert (found.status, found.reasons, found.score) == ("excluded", ("d",), None)
    rows = parts(found)
    assert (rows["d"].handling, rows["a"].handling) == ("exclude", "observed")
    assert all(row.points is None and row.effective_weight is None for row in rows.values())
    assert rows["a"].score == 80


def test_many_are_explained_together_in_the_order_asked_for() -> None:
    model = model_with()
    both = explanations(model, FRAME, ["k4", "k1"])
    assert [entry.id for entry in both] == ["k4", "k1"]
    assert both[1] == explain(model, FRAME, "k1")
    assert [entry.id for entry in explanations(model, FRAME)] == ["k1", "k2", "k3", "k4"]


@pytest.mark.parametrize(
    "frame", [FRAME.lazy(), pd.DataFrame({c.name: c.to_list() for c in FRAME}, index=[9, 8, 7, 6])]
)
def test_any_kind_of_frame_is_explained(frame: Any) -> None:
    model = model_with()
    assert explain(model, frame, "k2") == explain(model, FRAME, "k2")


def test_an_unknown_customer_is_named_with_the_nearest() -> None:
    with pytest.raises(EvaluationError) as raised:
        explain(model_with(), FRAME, "k22")
    (issue,) = raised.value.issues
    assert (issue.code, issue.subject, issue.hint[0]) == ("SCORE-651", "k22", "k2")


def test_a_repeated_id_cannot_be_explained() -> None:
    with pytest.raises(EvaluationError) as raised:
        explain(model_with(), pl.concat([FRAME, FRAME]), "k1")
    (issue,) = raised.value.issues
    assert (issue.code, issue.detail) == ("SCORE-615", {"count": 1, "ids": "k1"})


def test_a_frame_without_the_measures_is_refused() -> None:
    with pytest.raises(EvaluationError) as raised:
        explain(model_with(), FRAME.drop("m_a"), "k1")
    assert [(issue.code, issue.subject) for issue in raised.value.issues] == [("SCORE-612", "m_a")]


def ruled(model: Model, **stated: Any) -> Model:
    """Return the model under a bonus, a veto and a gate on the measures a and d."""
    rules: tuple[dict[str, Any], ...] = (
        {
            "kind": "bonus",
            "id": "more",
            "when": "m_a >= 80",
            "points": 2.0,
            "per": "m_d / 20",
            "at_most": 5.0,
        },
        {"kind": "veto", "id": "limit", "when": "m_a > 100", "at_most": 50.0},
        {"kind": "gate", "id": "shut", "when": "m_d > 100"},
    )
    said = [{"name": rule["id"], "reason": "test", **rule} for rule in rules]
    data = model.tree.model_dump(by_alias=True) | {"rules": tuple(said)} | stated
    return fit(Tree.model_validate(data), weigh(Tree.model_validate(data)), FRAME.head(1))


def test_points_add_up_to_the_score_before_rules_and_the_rules_to_the_rest() -> None:
    found = explain(ruled(model_with()), FRAME, "k1")
    assert (found.unadjusted, found.score) == (pytest.approx(62), pytest.approx(67))
    assert fsum(row.points or 0 for row in found.contributions) == pytest.approx(found.unadjusted, abs=1e-9)
    assert found.unadjusted + found.adjustment == pytest.approx(found.score, abs=1e-9)
    assert [(rule.rule, rule.outcome, rule.points) for rule in found.rules] == [
        ("more", "hit", 5),
        ("limit", "no", 0),
        ("shut", "no", 0),
    ]


def test_a_vetoed_customer_loses_what_is_above_the_limit() -> None:
    found = explain(ruled(model_with()), FRAME, "k2")
    assert (found.unadjusted, found.score, found.adjustment) == pytest.approx((80, 50, -30))
    assert [rule.outcome for rule in explain(ruled(model_with()), FRAME, "k4").rules] == [
        "unknown",
        "no",
        "unknown",
    ]


def test_whom_a_gate_stops_is_explained_all_the_same() -> None:
    stopped = FRAME.with_columns(m_d=pl.lit(200.0))
    found = explain(ruled(model_with()), stopped, "k1")
    assert (found.status, found.reasons, found.score) == ("excluded", ("shut",), None)
    assert found.unadjusted == pytest.approx(fsum(row.points or 0 for row in found.contributions))
    assert found.adjustment == 0


def test_effects_of_a_product_are_those_before_rules() -> None:
    """The remainder tells what leaves do together, and nothing of what rules did."""
    root = model_with().tree.model_dump(by_alias=True)["root"] | {"synthesis": {"kind": "weighted_product"}}
    model = ruled(model_with(), root=root)
    for name in ("k1", "k2"):
        found = explain(model, FRAME, name)
        told = fsum([found.reference, found.remainder, *(row.points or 0 for row in found.contributions)])
        assert told == pytest.approx(found.unadjusted, abs=1e-9)
        assert told + found.adjustment == pytest.approx(found.score, abs=1e-9)
