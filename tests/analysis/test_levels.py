"""The next level of one alone: worked by hand, exact at the bound of the grade, rules included."""

import polars as pl
import pytest

from evaluator import documents, scoring, weighing
from evaluator.analysis.levels import next_levels
from evaluator.scoring import Model
from evaluator.tree import Tree

TREE = """
schema: 1
id: leveled
name: Leveled
subject: firm
status: custom
source: A test
weights_source: A test
grades:
  - {id: good, name: Good, score: 90, from: 80}
  - {id: fair, name: Fair, score: 70, from: 60}
  - {id: poor, name: Poor, score: 40, from: 0}
root:
  id: leveled
  name: Leveled
  children:
    - {id: days, name: Days, measure: days, direction: cost, weight: 3,
       scale: {kind: piecewise, points: [[0, 100], [10, 60], [20, 0]]}}
    - {id: share, name: Share, measure: share, direction: benefit, weight: 1,
       scale: {kind: linear, worst: 0, best: 1}}
    - {id: system, name: System, measure: system, direction: benefit, weight: 1,
       scale: {kind: lookup, scores: {none: 0, files: 50, tool: 70, suite: 95}}}
    - {id: view, name: View, measure: view, direction: benefit, weight: 1, scale: {kind: graded}}
    - {id: bent, name: Bent, measure: bent, direction: benefit, weight: 1,
       scale: {kind: logistic, half: 5, nine_tenths: 8}}
RULES
"""
ROW = {"id": ["US"], "days": [15.0], "share": [0.7], "system": ["files"], "view": [85.0], "bent": [2.0]}


def model_of(rules: str = "") -> tuple[Model, pl.DataFrame]:
    tree = documents.validate(documents.parse(TREE.replace("RULES", rules), "t.yaml"), Tree)
    frame = pl.DataFrame(ROW)
    return scoring.fit(tree, weighing.weigh(tree), frame), frame


def test_each_step_is_the_nearest_measure_of_the_next_grade_and_the_largest_gain_comes_first() -> None:
    steps = {step.indicator: step for step in next_levels(*model_of(), "US")}
    assert list(steps) == ["days", "system", "share"]  # view is in the best grade, bent has a curve
    assert [(one.level, one.next) for one in steps.values()] == [
        ("poor", "fair"), ("poor", "fair"), ("fair", "good"),
    ]  # fmt: skip
    assert [one.needed for one in steps.values()] == [10.0, "tool", pytest.approx(0.8)]
    assert [one.gain for one in steps.values()] == pytest.approx([30 * 3 / 7, 20 / 7, 10 / 7])


def test_the_steps_so_far_come_to_the_score_of_all_their_measures_together() -> None:
    model, frame = model_of()
    steps = next_levels(model, frame, "US")
    moved = frame.with_columns(days=pl.lit(10.0), system=pl.lit("tool"), share=pl.lit(0.8))
    together = scoring.score(model, moved)
    assert steps[-1].total == pytest.approx(together["score"][0])
    assert steps[-1].grade == together["grade"][0]


def test_rules_are_part_of_what_a_step_gains() -> None:
    veto = "rules: [{id: late, kind: veto, name: Late, when: days > 9, at_most: 50, reason: test}]"
    plain = {step.indicator: step.gain for step in next_levels(*model_of(), "US")}
    held = {step.indicator: step.gain for step in next_levels(*model_of(veto), "US")}
    model, frame = model_of()
    assert held["days"] == pytest.approx(50 - scoring.score(model, frame)["score"][0])
    assert plain["days"] > held["days"]
