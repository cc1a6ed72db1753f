"""What would lift a customer: exact on every kind of scale, with the rules, and nothing less would do."""

import math
from typing import Any

import numpy as np
import polars as pl
import pytest
from tree_strategies import SCALES

from evaluator import documents, scoring, weighing
from evaluator.analysis import Lift, what_would_lift
from evaluator.analysis.lifting import better_than
from evaluator.errors import EvaluationError
from evaluator.scoring import Model
from evaluator.tree import Tree, load_tree, tree_fingerprint

TREE = """
schema: 1
id: lifted
name: Lifted
status: custom
source: A test
weights_source: A test
grades:
  - {id: good, name: Good, score: 90, from: 70}
  - {id: fair, name: Fair, score: 60, from: 40}
  - {id: poor, name: Poor, score: 40, from: 0}
attributes: [{id: late, name: Late}]
root:
  id: lifted
  name: Lifted
  children:
    - {id: x, name: X, measure: x, direction: DIRECTION, weight: 3, EXTRA scale: SCALE}
    - {id: other, name: Other, measure: other, direction: benefit, weight: 1, scale: {kind: graded}}
rules: [RULES]
"""
LINEAR = "{kind: linear, worst: 0, best: 200}"
OTHER = 40.0
NEEDED = (40.0 - 0.25 * OTHER) / 0.75  # of x's score, so that 0.75 x + 0.25 other is 40, a fair grade


def tree_of(scale: str = LINEAR, direction: str = "benefit", rules: str = "", extra: str = "") -> Tree:
    text = TREE.replace("SCALE", scale).replace("DIRECTION", direction)
    return documents.validate(
        documents.parse(text.replace("RULES", rules).replace("EXTRA", extra), "t.yaml"), Tree
    )


def model_of(tree: Tree, x: float, late: float = 0.0) -> tuple[Model, pl.DataFrame]:
    values = [x, *np.linspace(-20, 120, 60)]
    frame = pl.DataFrame({"id": [f"k{n}" for n in range(61)], "x": values, "other": [OTHER] * 61,
                          "late": [late] * 61})  # fmt: skip
    if tree.indicators[0].scale.kind == "graded":
        frame = frame.with_columns(pl.col("x").clip(0, 100))
    return scoring.fit(tree, weighing.weigh(tree), frame), frame


def yaml_of(scale: dict[str, Any]) -> str:
    def said(value: object) -> str:
        return f"[{', '.join(map(said, value))}]" if isinstance(value, tuple) else str(value)

    return "{" + ", ".join(f"{key}: {said(value)}" for key, value in scale.items()) + "}"


def grade_at(model: Model, frame: pl.DataFrame, x: float) -> str:
    row = frame.head(1).with_columns(x=pl.lit(x))
    return scoring.score(model, row)["grade"][0]


def lifted(model: Model, frame: pl.DataFrame) -> tuple[Lift, Any]:
    found = what_would_lift(model, frame, "k0", target=["fair", "good"])
    return found, next((step for step in found.steps if step.indicator == "x"), None)


@pytest.mark.parametrize(("direction", "scale"), SCALES, ids=[f"{d}-{s['kind']}" for d, s in SCALES])
@pytest.mark.parametrize("start", [-1e3, 1e3])
def test_the_first_value_that_reaches_is_exact_on_every_scale(
    direction: str, scale: dict[str, Any], start: float
) -> None:
    """From either end: what is needed reaches, and a little less does not, nor does anything in between."""
    model, frame = model_of(tree_of(yaml_of(scale), direction), start)
    x = frame["x"][0]
    found, step = lifted(model, frame)
    if found.now != "poor":
        assert (found.why, step) == ("best", None)
        return
    assert step.needed is not None
    assert grade_at(model, frame, step.needed) == step.class_ != "poor"
    size = max(1.0, abs(step.needed))
    less = step.needed + np.sign(x - step.needed) * 1e-7 * size
    assert grade_at(model, frame, less) == "poor"
    for between in np.linspace(x, less, 25):
        assert grade_at(model, frame, float(between)) == "poor"


def at_share(low: float, high: float) -> float:
    return low + (high - low) * NEEDED / 100


CLOSED = [
    ("benefit", "{kind: linear, worst: -20, best: 80}", -50.0, at_share(-20, 80)),
    ("cost", "{kind: linear, worst: 90, best: 5}", 100.0, at_share(90, 5)),
    ("benefit", "{kind: piecewise, points: [[0, 10], [30, 60], [80, 95]]}", -3.0, 30 * (NEEDED - 10) / 50),
    ("interval", "{kind: trapezoid, points: [0, 30, 50, 90]}", -5.0, at_share(0, 30)),
    ("interval", "{kind: trapezoid, points: [0, 30, 50, 90]}", 99.0, at_share(90, 50)),
    ("benefit", "{kind: step, below: 0, steps: [[10, 35], [60, 90]]}", 3.0, 60.0),
    ("benefit", "{kind: logarithmic, worst: 2, best: 90}", 1.0, 2 * math.exp(math.log(45) * NEEDED / 100)),
    ("benefit", "{kind: graded}", 5.0, NEEDED),
]


@pytest.mark.parametrize(("direction", "scale", "start", "needed"), CLOSED)
def test_closed_forms(direction: str, scale: str, start: float, needed: float) -> None:
    model, frame = model_of(tree_of(scale, direction), start)
    found, step = lifted(model, frame)
    assert (found.now, step.class_) == ("poor", "fair" if "step" not in scale else "good")
    assert step.needed == pytest.approx(needed, abs=1e-6)


def test_a_rule_that_holds_down_is_named_instead() -> None:
    cap = "{id: cap, kind: grade_cap, name: Cap, when: late > 5, grade: poor, reason: test}"
    model, frame = model_of(tree_of(rules=cap), 10.0, late=9.0)
    found, step = lifted(model, frame)
    assert (step.needed, step.held_by, found.held_by) == (None, ("cap",), ())
    veto = "{id: lid, kind: veto, name: Lid, when: x > 120, at_most: 30, reason: test}"
    model, frame = model_of(tree_of(rules=veto), 200.0)
    found, step = lifted(model, frame)
    assert (found.now, found.held_by) == ("poor", ("lid",))
    assert step.needed == pytest.approx(120.0)
    assert grade_at(model, frame, 120.001) == "poor"


def test_effort_and_reach_are_kept() -> None:
    easy = tree_of(extra="actionable: {effort: 2, up_to: 150},")
    model, frame = model_of(easy, 10.0)
    found = what_would_lift(model, frame, "k0")
    assert found.better == ("good", "fair")
    (step,) = found.steps  # only x is actionable
    assert step.needed == pytest.approx(2 * NEEDED)
    assert step.effort == pytest.approx(2 * (step.needed - 10.0))
    assert step.share == pytest.approx((step.needed - 10.0) / 200)
    short, frame = model_of(tree_of(extra="actionable: {effort: 2, up_to: 50},"), 10.0)
    assert what_would_lift(short, frame, "k0").steps[0].needed is None


def test_the_words_leave_fingerprints_as_they_are() -> None:
    plain = tree_fingerprint(tree_of())
    assert tree_fingerprint(tree_of(extra="actionable: {effort: 2, up_to: 150},")) == plain
    other = tree_of(extra="actionable: {effort: 2},")
    assert other.indicators[0].actionable is not None


@pytest.mark.parametrize(
    ("tree", "now", "better"),
    [("lifecycle_signals", "early", ("growing", "mature")), ("telecom", "basic", ("core", "growing")),
     ("orders_value", "occasional", ("core", "rising")),
     ("loyalty_causes", "captive", ("earned", "secured"))],
)  # fmt: skip
def test_nobody_is_advised_to_decline_or_to_be_at_risk(tree: str, now: str, better: tuple[str, ...]) -> None:
    """Such a class lies above by its axes: who buys more and stays as little bound as before."""
    assert better_than(load_tree(tree), now) == better


def test_the_best_and_the_unrated_are_told_apart() -> None:
    model, frame = model_of(tree_of(), 200.0)
    best = what_would_lift(model, frame.with_columns(other=pl.lit(100.0)), "k0")
    assert (best.now, best.why, best.steps) == ("good", "best", ())
    unrated = what_would_lift(model, frame.with_columns(x=pl.lit(None, pl.Float64)), "k0")
    assert unrated.why == "not_rated"
    with pytest.raises(EvaluationError) as raised:
        what_would_lift(model, frame, "k99")
    assert [issue.code for issue in raised.value.issues] == ["SCORE-651"]
