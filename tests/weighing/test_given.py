"""Given weights: points or shares among siblings."""

from collections.abc import Callable

import pytest

from evaluator.errors import EvaluationError
from evaluator.tree import Tree, load_tree
from evaluator.weighing import weigh


def test_points_and_shares_of_siblings_become_weights_that_sum_to_1(flat: Callable[..., Tree]) -> None:
    for points in ((60.0, 30.0, 10.0), (6.0, 3.0, 1.0), (0.6, 0.3, 0.1)):
        weights = weigh(flat(*points))
        assert weights.local == pytest.approx({"root": 1, "x1": 0.6, "x2": 0.3, "x3": 0.1})
    assert (weights.source, weights.method, weights.aggregation) == ("given", "", "")


def test_an_only_child_needs_no_weight(flat: Callable[..., Tree]) -> None:
    assert weigh(flat(None)).local["x1"] == 1


def test_every_group_without_weights_is_named(tree: Tree) -> None:
    """A group that nobody weighed never gets equal weights."""
    with pytest.raises(EvaluationError) as caught:
        weigh(tree)
    found = [(issue.code, issue.subject) for issue in caught.value.issues]
    assert found == [("WEIGH-504", name) for name in ("root", "three", "four", "two")]


def test_a_bundled_tree_has_weights_that_sum_to_1_over_its_leaves() -> None:
    tree = load_tree("current_value")
    weights = weigh(tree, convention="cn")
    assert sum(weights.global_[leaf.id] for leaf in tree.indicators) == pytest.approx(1, abs=1e-12)
    assert all(group.experts == () and group.joint is None for group in weights.groups)
    assert weights.convention == "cn"
