"""Fuzzy weights of a tree beside the crisp ones."""

from collections.abc import Callable

import pytest

from evaluator.errors import EvaluationError
from evaluator.tree import Tree
from evaluator.weighing import Panel, fuzzy_weights, weigh

CONSISTENT = {"root": (2, 4, 2), "three": (2, 6, 3), "four": (1, 2, 4, 2, 4, 2), "two": (3,)}
STEEP = {**CONSISTENT, "four": (3, 5, 7, 3, 5, 3)}
Make = Callable[..., Panel]


def test_without_spread_the_fuzzy_weights_are_the_geometric_mean(tree: Tree, answered: Make) -> None:
    weights = weigh(
        tree, answered({"li": CONSISTENT, "wu": STEEP}), method="geometric_mean", inconsistent="keep"
    )
    found = fuzzy_weights(weights, spread=0)
    for name, triangle in found.global_.items():
        assert triangle == pytest.approx((weights.global_[name],) * 3)
        assert found.crisp_global[name] == pytest.approx(weights.global_[name])


def test_triangles_hold_the_modal_weights_of_every_group(tree: Tree, answered: Make) -> None:
    found = fuzzy_weights(weigh(tree, answered({"li": CONSISTENT, "wu": CONSISTENT}, {"li": 5, "wu": 1})))
    for group in found.groups:
        assert sum(group.crisp) == pytest.approx(1)
        for (low, likely, high), modal in zip(group.fuzzy, group.modal, strict=True):
            assert low <= likely <= high
            assert likely == pytest.approx(modal)
    low, likely, high = found.global_["a1"]
    assert low < likely < high
    assert likely == pytest.approx(4 / 7 * 0.6)


def test_extent_analysis_names_the_group_that_loses_criteria(tree: Tree, answered: Make) -> None:
    found = fuzzy_weights(weigh(tree, answered({"li": STEEP})), method="chang", largest=10)
    issues = {issue.detail["group"]: issue for issue in found.issues}
    assert issues["four"].code == "METHOD-002"
    assert issues["four"].detail["zeros"] == 2
    four = next(group for group in found.groups if group.group == "four")
    assert four.crisp[2:] == (0, 0)
    assert min(four.modal) > 0, "the crisp result stands beside"


def test_given_weights_have_nothing_to_make_fuzzy(flat) -> None:
    with pytest.raises(EvaluationError) as caught:
        fuzzy_weights(weigh(flat(1, 2)))
    assert [issue.code for issue in caught.value.issues] == ["WEIGH-540"]
