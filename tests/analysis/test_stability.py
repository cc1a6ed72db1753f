"""Stability: grades and classes under every small change of one weight, against scoring each change."""

import polars as pl
import pytest

from evaluator import documents, scoring, weighing
from evaluator.analysis import class_stability
from evaluator.analysis.shifts import shifted
from evaluator.scoring import Model
from evaluator.tree import Tree

TREE = """
schema: 1
id: two
name: Two
status: custom
source: A test
weights_source: A test
grades:
  - {id: good, name: Good, score: 90, from: 60}
  - {id: poor, name: Poor, score: 40, from: 0}
attributes: [{id: late, name: Late}]
root:
  id: two
  name: Two
  children:
    - {id: a, name: A, axis: now, weight: 60, children: [
       {id: x, name: X, measure: x, direction: benefit, weight: 3,
        scale: {kind: linear, worst: 0, best: 100}},
       {id: y, name: Y, measure: y, direction: benefit, weight: 1,
        scale: {kind: linear, worst: 0, best: 100}}]}
    - {id: b, name: B, axis: then, weight: 40, children: [
       {id: z, name: Z, measure: z, direction: benefit, weight: 1,
        scale: {kind: linear, worst: 0, best: 100}}]}
rules:
  - {id: stop, kind: gate, name: Stop, when: late > 9, reason: test}
  - {id: cap, kind: grade_cap, name: Cap, when: late > 5, grade: poor, reason: test}
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
profiles:
  by: stage
  source: A test
  of: [{id: young, name: Young, values: [new], weights: {x: 1, y: 3}}]
"""
FRAME = pl.DataFrame(
    {
        "id": [f"k{number}" for number in range(1, 8)],
        "x": [50.5, 90.0, 10.0, 40.0, 50.6, None, 70.0],
        "y": [50.0, 90.0, 10.0, 81.0, 48.0, None, 33.0],
        "z": [76.0, 90.0, 10.0, 49.9, 74.5, 9.0, 90.0],
        "late": [0.0, 0.0, 0.0, 0.0, 6.0, 0.0, 10.0],
        "stage": ["new", None, "old", "new", "old", "new", "new"],
    }
)


@pytest.fixture(scope="module", params=["profiles", "plain"])
def model(request: pytest.FixtureRequest) -> Model:
    tree = documents.validate(documents.parse(TREE, "two.yaml"), Tree)
    weights = weighing.weigh(tree)
    profiles = weighing.profile_weights(tree, weights) if request.param == "profiles" else None
    return scoring.fit(tree, weights, FRAME, profiles=profiles)


def test_every_variant_is_what_scoring_with_that_weight_gives(model: Model) -> None:
    found = class_stability(model, FRAME, change=0.1)
    assert found.nodes == ("a", "b", "x", "y")
    assert (found.variants, found.rated) == (8, 5)
    before = scoring.score(model, FRAME).filter(pl.col("status") == "rated")
    kept = {column: dict.fromkeys(before["id"], 0) for column in ("grade", "class_m")}
    for row in found.changes.iter_rows(named=True):
        after = scoring.score(shifted(model, row["node"], row["change"]), FRAME)
        both = before.join(after, on="id", suffix="_after")
        for column in kept:
            same = both.filter(pl.col(column).eq_missing(pl.col(f"{column}_after")))["id"]
            assert row[column] == before.height - len(same), row
            for name in same:
                kept[column][name] += 1
    for row in found.customers.iter_rows(named=True):
        for column in kept:
            assert row[column] == pytest.approx(kept[column][row["id"]] / 8)
    assert found.changes["grade"].max() > 0
    assert found.changes["class_m"].max() > 0


def test_of_many_customers_some_are_looked_at_evenly(model: Model) -> None:
    found = class_stability(model, FRAME, most=2)
    assert found.rated == 5
    assert found.customers["id"].to_list() == ["k1", "k4"]


def test_nobody_rated_leaves_nothing_to_say(model: Model) -> None:
    found = class_stability(model, FRAME.with_columns(late=pl.lit(99.0)))
    assert (found.rated, found.customers.height) == (0, 0)
    assert found.changes["grade"].to_list() == [0] * 8
