"""Mistakes known from other tools for groups and weights: none of them is ours."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from evaluator.ahp import aggregate_judgments, aggregate_priorities, group_priorities, leave_one_out
from evaluator.tree import Tree
from evaluator.weighing import Panel, critic, entropy, weigh

CONSISTENT = {"root": (2, 4, 2), "three": (2, 6, 3), "four": (1, 2, 4, 2, 4, 2), "two": (3,)}
CYCLE = {**CONSISTENT, "three": (9, 1 / 9, 9)}
Make = Callable[..., Panel]


def pair(value: float) -> list[list[float]]:
    return [[1.0, value], [1 / value, 1.0]]


def test_geometric_priorities_of_a_group_sum_to_1() -> None:
    """ahpsurvey leaves the geometric mean of priorities at 0.987."""
    P = np.random.default_rng(1).dirichlet(np.ones(5), 200)
    assert aggregate_priorities(P, mean="geometric").sum() == pytest.approx(1, abs=1e-14)


def test_no_aggregation_is_an_arithmetic_mean_of_judgments() -> None:
    """9 and 1/9 make 4.56 both ways in tools that offer it."""
    for name in ("aij", "aip", "aip_geometric"):
        w = group_priorities([pair(9), pair(1 / 9)], aggregation=name)
        np.testing.assert_allclose(w, 0.5, rtol=1e-14)


def test_joint_judgments_heed_the_experts_weights() -> None:
    """AHP-OS states a weighted geometric mean and takes the plain one; pyanp's has no weights."""
    assert aggregate_judgments([pair(9), pair(1)], [3, 1])[0, 1] == pytest.approx(9**0.75)


@pytest.mark.parametrize("aggregation", ["aij", "aip", "aip_geometric"])
@pytest.mark.parametrize("basis", ["given", "consistency", "closeness", "authority"])
def test_experts_weights_go_by_name_and_not_by_position(
    tree: Tree, answered: Make, aggregation: str, basis: str
) -> None:
    """gluc/ahp matches decision makers' weights by their place in the file."""
    panel = answered({"li": {**CONSISTENT, "two": (8,)}, "wu": CONSISTENT}, {"li": 4, "wu": 1})
    people = tuple(replace(one, ca=0.5 + one.weight / 10, cs=0.5) for one in panel.experts)
    options = {"aggregation": aggregation, "expert_weights": basis}
    found = weigh(tree, replace(panel, experts=people), **options)
    turned = weigh(tree, replace(panel, experts=people[::-1], judgments=panel.judgments[::-1]), **options)
    assert turned.local == pytest.approx(found.local, rel=1e-12)


@pytest.mark.parametrize("policy", ["leave_out", "keep", "down_weight"])
def test_contradictory_answers_never_become_equal_weights(tree: Tree, answered: Make, policy: str) -> None:
    """gluc/ahp replaces a matrix above the limit by equal weights without a word."""
    weights = weigh(tree, answered({"li": CONSISTENT, "wu": CYCLE}), inconsistent=policy)
    assert weights.local["a1"] > weights.local["a3"] * 1.2
    assert any(issue.subject == "wu" for issue in weights.issues)


def test_what_an_expert_moves_is_taken_from_his_own_answers() -> None:
    """ahpsurvey judges every respondent by the first one's weights."""
    A = [pair(2), pair(2), pair(1 / 9)]
    shift = np.abs(leave_one_out(A) - group_priorities(A)).max(-1)
    assert shift[0] == pytest.approx(shift[1])
    assert shift[2] > 1.5 * shift[0]


def test_constant_columns_and_zeros_do_not_end_in_nothing() -> None:
    """CRITIC divides by zero on a constant column, entropy takes the logarithm of 0, in older tools."""
    X = [[1, 7, 0], [2, 7, 4], [4, 7, 1]]
    for weights in (critic(X), entropy(X)):
        assert weights[1] == 0
        assert np.isfinite(weights).all()
        assert weights.sum() == pytest.approx(1)


@pytest.mark.parametrize("n", [1, 2, 16, 20])
@pytest.mark.parametrize("aggregation", ["aij", "aip", "aip_geometric"])
def test_groups_of_any_size_are_put_together(n: int, aggregation: str) -> None:
    """Tables that end at 15 stop other tools there."""
    w = np.random.default_rng(n).dirichlet(np.ones(n) * 5, 3)
    found = group_priorities(w[:, :, None] / w[:, None, :], aggregation=aggregation)
    assert found.sum() == pytest.approx(1)
