"""Consistency of the total ranking, by level."""

import math
from collections.abc import Callable

import pytest

from evaluator.tree import Tree
from evaluator.weighing import Panel, total_ranking, weigh

ANSWERS = {"root": (2, 4, 3), "three": (2, 5, 3), "four": (1, 2, 4, 2, 5, 2), "two": (3,)}


def test_levels_are_weighted_by_the_groups_above(tree: Tree, answered: Callable[..., Panel]) -> None:
    weights = weigh(tree, answered({"li": ANSWERS}), convention="cn")
    first, second, third = total_ranking(weights)
    joint = {group.group: group.joint for group in weights.groups}
    assert (first.level, first.groups, first.tested) == (1, ("root",), ("root",))
    assert first.cr == pytest.approx(joint["root"].cr)
    assert (second.groups, second.tested) == (("three", "four", "two"), ("three", "four"))
    a = {name: weights.global_[name] for name in ("three", "four")}
    ci = sum(a[name] * joint[name].ci for name in a)
    ri = sum(a[name] * joint[name].ri for name in a)
    assert (second.ci, second.ri) == pytest.approx((ci, ri))
    assert second.cr == pytest.approx(ci / ri)
    assert (second.limit, second.verdict) == (0.10, "consistent")
    assert (third.groups, third.tested, third.verdict) == (("one",), (), "not_testable")
    assert math.isnan(third.cr)


def test_a_contradictory_group_may_hide_in_its_level(tree: Tree, answered: Callable[..., Panel]) -> None:
    """So the test of each group is never replaced by that of its level."""
    weights = weigh(
        tree, answered({"li": {**ANSWERS, "root": (1 / 9, 2, 9), "three": (2, 2, 1 / 2)}}),
        convention="strict", inconsistent="keep",
    )  # fmt: skip
    three = next(group for group in weights.groups if group.group == "three")
    assert three.joint.verdict == "inconsistent"
    assert total_ranking(weights)[1].verdict == "consistent"
