"""Which comparisons to ask of whom within a budget."""

from collections import Counter

import numpy as np
import pytest

from evaluator.ahp import components, consistency
from evaluator.errors import EvaluationError
from evaluator.tree import Tree
from evaluator.weighing import Expert, fewest_questions, plan_questions

EXPERTS = [Expert(f"e{number}") for number in range(7)]


def asked(tree: Tree, group_id: str, pairs: tuple[tuple[str, str], ...]) -> np.ndarray:
    children = [child.id for child in tree.nodes[group_id].children]
    A = np.full((len(children), len(children)), np.nan)
    np.fill_diagonal(A, 1)
    for a, b in pairs:
        A[children.index(a), children.index(b)] = A[children.index(b), children.index(a)] = 1
    return A


def test_the_fewest_questions_are_a_ring_in_each_group(tree: Tree) -> None:
    assert tree.pairs == 3 + 3 + 6 + 1
    assert fewest_questions(tree) == 3 + 3 + 4 + 1


@pytest.mark.parametrize("size", [4, 5, 7, 9])
@pytest.mark.parametrize("spare", [0, 1, 4])
def test_everybodys_answers_hang_together_and_can_be_tested(flat, size: int, spare: int) -> None:
    tree = flat(*[None] * size)
    budget = min(size + spare, size * (size - 1) // 2)
    plan = plan_questions(tree, EXPERTS, budget)
    for expert in EXPERTS:
        pairs = plan.by_expert[expert.id]["root"]
        assert len(set(pairs)) == len(pairs) == budget
        A = asked(tree, "root", pairs)
        assert (components(A) == 0).all()
        assert (np.isfinite(A).sum(-1) >= 3).all(), "every child is compared at least twice"
        assert consistency(A).verdict == "consistent", "which not_testable would not be"


@pytest.mark.parametrize("size", [5, 7, 9])
def test_over_the_panel_every_comparison_is_asked_about_as_often(flat, size: int) -> None:
    tree = flat(*[None] * size)
    plan = plan_questions(tree, [Expert(f"e{number}") for number in range(20)], size + 2)
    counts = Counter(pair for one in plan.questions for pair in one.pairs)
    assert len(counts) == size * (size - 1) // 2
    assert max(counts.values()) - min(counts.values()) <= 3


def test_what_the_budget_leaves_goes_where_least_is_to_spare(tree: Tree) -> None:
    plan = plan_questions(tree, EXPERTS[:1], 12)
    numbers = {group: len(pairs) for group, pairs in plan.by_expert["e0"].items()}
    assert numbers == {"root": 3, "three": 3, "four": 5, "two": 1}


def test_a_budget_beyond_all_comparisons_asks_all_of_them(tree: Tree) -> None:
    plan = plan_questions(tree, EXPERTS[:2], 100)
    assert {sum(len(pairs) for pairs in groups.values()) for groups in plan.by_expert.values()} == {
        tree.pairs
    }


def test_the_seed_decides_and_the_same_seed_plans_the_same(flat) -> None:
    tree = flat(*[None] * 8)
    first, again, other = (plan_questions(tree, EXPERTS, 10, seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert first.questions != other.questions


def test_too_small_a_budget_says_how_much_is_needed(tree: Tree) -> None:
    with pytest.raises(EvaluationError) as caught:
        plan_questions(tree, EXPERTS, 10)
    (issue,) = caught.value.issues
    assert (issue.code, issue.subject, issue.detail) == ("WEIGH-539", "example", {"budget": 10, "fewest": 11})


def test_a_plan_needs_experts(tree: Tree) -> None:
    with pytest.raises(EvaluationError) as caught:
        plan_questions(tree, [], 20)
    assert [issue.code for issue in caught.value.issues] == ["WEIGH-517"]
