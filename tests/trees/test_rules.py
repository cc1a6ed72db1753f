"""The rules and profiles of the trees that ship: whom they touch, and what they do to them."""

import polars as pl
import pytest

from evaluator.scoring import fit, score
from evaluator.scoring.examples import _frame
from evaluator.tree import bundled, load_tree
from evaluator.weighing import weigh


def outcome(name: str, number: int = 0, **facts: float) -> dict[str, object]:
    """Return what one of the tree's own examples comes to with other facts about the customer."""
    tree = load_tree(name)
    measures = tree.tests[number].measures | facts
    frame = _frame(tree, {key: (value,) for key, value in measures.items()})
    found: pl.DataFrame = score(fit(tree, weigh(tree), frame), frame)
    return found.row(0, named=True)


@pytest.mark.parametrize(
    ("name", "facts", "grade"),
    [
        ("distributor", {"diversion": 1}, "pass"),
        ("distributor", {"grave_breach": 2}, "pass"),
        ("distributor", {"diversion": 0, "counterfeits": 0, "grave_breach": 0}, "good"),
        ("licensed_outlet", {"violation_count": 1}, "good"),
        ("licensed_outlet", {"violation_count": 2}, "pass"),
        ("credit", {"region_risk": 5}, "pass"),
    ],
)
def test_a_rule_caps_the_grade_and_leaves_the_score(name, facts, grade) -> None:
    found = outcome(name, **facts)
    assert found["grade"] == grade
    if grade == "pass":
        assert found["score"] > 70


def test_a_default_on_record_keeps_the_score_below_pass() -> None:
    assert outcome("credit")["grade"] == "excellent"
    found = outcome("credit", default_record=1)
    assert (found["score"], found["grade"]) == (59, "poor")


@pytest.mark.parametrize("name", [name for name in bundled() if load_tree(name).profiles])
def test_profiles_by_stage_weigh_every_branch_of_the_top(name) -> None:
    tree = load_tree(name)
    for profile in tree.profiles.of:
        assert set(profile.weights) == {child.id for child in tree.root.children}
    stages = {value for profile in tree.profiles.of for value in profile.values}
    assert {"acquisition", "growth", "mature", "decline"} <= stages
