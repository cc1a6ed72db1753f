"""Sensitivity says what becomes of ranks, grades and classes when a weight at the top is different."""

import polars as pl
import pytest

from evaluator import documents, scoring, weighing
from evaluator.analysis import sensitivity
from evaluator.analysis.shifts import shifted
from evaluator.scoring import Model
from evaluator.tree import Tree

TREE = """
schema: 1
id: two
name: Two
status: custom
source: A test
grades:
  - {id: good, name: Good, score: 90, from: 60}
  - {id: poor, name: Poor, score: 40, from: 0}
root:
  id: two
  name: Two
  children:
    - {id: a, name: A, axis: now, weight: 50, children: [
       {id: x, name: X, measure: x, direction: benefit, weight: 1,
        scale: {kind: linear, worst: 0, best: 100}}]}
    - {id: b, name: B, axis: then, weight: 30, children: [
       {id: y, name: Y, measure: y, direction: benefit, weight: 1,
        scale: {kind: linear, worst: 0, best: 100}}]}
    - {id: z, name: Z, measure: z, direction: benefit, weight: 20, scale: {kind: linear, worst: 0, best: 100}}
matrices:
  - id: m
    name: M
    x: {axis: now, cut: {kind: fixed, at: [50]}}
    y: {axis: then, cut: {kind: fixed, at: [50]}}
    classes:
      - {id: ll, name: LL, x: low, y: low}
      - {id: lh, name: LH, x: low, y: high}
      - {id: hl, name: HL, x: high, y: low}
      - {id: hh, name: HH, x: high, y: high}
"""
MEASURES = pl.DataFrame(
    {"id": ["1", "2", "3", "4"], "x": [70.0, 55.0, 40.0, None], "y": [40.0, 60.0, 80.0, None],
     "z": [50.0, 59.0, 50.0, None]}
)  # fmt: skip


@pytest.fixture(scope="module")
def model() -> Model:
    tree = documents.validate(documents.parse(TREE, "two.yaml"), Tree)
    return scoring.fit(tree, weighing.weigh(tree), MEASURES)


def test_siblings_share_what_a_weight_gains_or_loses(model: Model) -> None:
    local = shifted(model, "a", 0.2).local
    assert [local[node] for node in ("a", "b", "z")] == pytest.approx([0.6, 0.4 * 0.6, 0.4 * 0.4])
    assert shifted(model, "a", 3.0).local["a"] == 1.0
    assert model.local["a"] == 0.5


def test_ranks_and_grades_move_as_worked_out_by_hand(model: Model) -> None:
    """Scores were 57, 57.3 and 54."""
    less, more, *_ = sensitivity(model, MEASURES)
    assert (less.node, less.change, less.changed) == ("a", -0.2, pytest.approx(0.4))
    # 0.4x + 0.36y + 0.24z: 54.4, 57.76, 56.8: the second stays first, the others change places
    assert (less.rated, less.moved, less.largest, less.grades) == (3, 2, 1, 0)
    # 0.6x + 0.24y + 0.16z: 59.6, 56.84, 51.2: the first two change places
    assert (more.moved, more.largest, more.kept, more.first) == (2, 1, 3, 3)


def test_classes_on_axes_of_the_top_level_do_not_depend_on_its_weights(model: Model) -> None:
    """An axis is the score of one criterion: weights above it cannot move it."""
    assert [dict(shift.classes) for shift in sensitivity(model, MEASURES)] == [{"m": 0}] * 6


def test_a_wider_change_reaches_a_grade(model: Model) -> None:
    """At 0.9 the first customer comes to 66.8, at 0.1 the third to 65.2: each alone reaches 60."""
    grades = {(s.node, s.change): s.grades for s in sensitivity(model, MEASURES, change=0.8)}
    assert grades["a", 0.8] == 1
    assert grades["a", -0.8] == 1


def test_an_only_child_and_nobody_rated_are_answers_too(model: Model) -> None:
    nobody = sensitivity(model, MEASURES.filter(pl.col("id") == "4"))
    assert [(shift.rated, shift.moved, shift.largest, shift.first) for shift in nobody] == [(0, 0, 0, 0)] * 6
    only = model.tree.root.model_copy(update={"children": model.tree.root.children[:1]})
    alone = model.model_copy(update={"tree": model.tree.model_copy(update={"root": only})})
    assert sensitivity(alone, MEASURES) == ()
