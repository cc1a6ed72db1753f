"""Criteria that rest on one expert alone, or on answers nobody could test, are named."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from evaluator import messages
from evaluator.errors import Severity
from evaluator.tree import Tree
from evaluator.weighing import Panel, weigh
from evaluator.weighing.support import lone_experts, untested

CONSISTENT = {"root": (2, 4, 2), "three": (2, 6, 3), "four": (1, 2, 4, 2, 4, 2), "two": (3,)}
CYCLE = (9, 1 / 9, 9)
TREE_OF_ANSWERS = (2, None, 2)  # two comparisons of three elements: they cannot contradict each other
Make = Callable[..., Panel]


def said(weights, code: str) -> list[tuple[str, dict[str, object]]]:
    assert all(issue.severity is Severity.WARNING for issue in weights.issues if issue.code == code)
    return [(issue.subject, dict(issue.detail)) for issue in weights.issues if issue.code == code]


def test_two_experts_who_count_everywhere_need_no_word(tree: Tree, answered: Make) -> None:
    weights = weigh(tree, answered({"li": CONSISTENT, "wu": CONSISTENT}))
    assert not said(weights, "WEIGH-524")
    assert not said(weights, "WEIGH-525")
    assert not lone_experts(weights.groups)


@pytest.mark.parametrize("why", [CYCLE, (9, None, None), ()], ids=["inconsistent", "incomplete", "silent"])
def test_the_one_expert_left_is_named_with_the_groups(tree: Tree, answered: Make, why: tuple) -> None:
    weights = weigh(tree, answered({"li": CONSISTENT, "wu": {**CONSISTENT, "three": why}}))
    assert said(weights, "WEIGH-524") == [("li", {"count": 1, "groups": "three"})]
    assert lone_experts(weights.groups) == {"li": ("three",)}


def test_a_policy_that_keeps_the_other_leaves_nobody_alone(tree: Tree, answered: Make) -> None:
    panel = answered({"li": CONSISTENT, "wu": {**CONSISTENT, "three": CYCLE}})
    assert not said(weigh(tree, panel, inconsistent="keep"), "WEIGH-524")


def test_a_panel_of_one_is_named_once_for_all_groups(tree: Tree, answered: Make) -> None:
    weights = weigh(tree, answered({"li": CONSISTENT}))
    assert said(weights, "WEIGH-524") == [("li", {"count": 4, "groups": "root, three, four, two"})]
    assert not said(weights, "WEIGH-525"), "two elements can never be tested, and that says nothing"


def test_different_experts_alone_in_different_groups_are_each_named(tree: Tree, answered: Make) -> None:
    panel = answered({"li": {**CONSISTENT, "three": CYCLE}, "wu": {**CONSISTENT, "root": CYCLE}})
    assert dict(lone_experts(weigh(tree, panel).groups)) == {"li": ("root",), "wu": ("three",)}


def test_the_one_expert_left_who_could_not_be_tested_is_named_for_both(tree: Tree, answered: Make) -> None:
    panel = answered({"li": {**CONSISTENT, "three": TREE_OF_ANSWERS}, "wu": {**CONSISTENT, "three": CYCLE}})
    weights = weigh(tree, panel)
    assert said(weights, "WEIGH-524") == [("li", {"count": 1, "groups": "three"})]
    assert said(weights, "WEIGH-525") == [("three", {"experts": "li"})]


def test_answers_nobody_could_test_are_named_and_one_who_could_be_tested_is_enough(
    tree: Tree, answered: Make
) -> None:
    thin = {**CONSISTENT, "three": TREE_OF_ANSWERS}
    weights = weigh(tree, answered({"li": thin, "wu": thin}))
    assert said(weights, "WEIGH-525") == [("three", {"experts": "li, wu"})]
    assert untested(weights.groups, "pairs") == ("three",)
    assert not said(weigh(tree, answered({"li": thin, "wu": CONSISTENT})), "WEIGH-525")


def test_the_hint_works(tree: Tree, answered: Make) -> None:
    """One comparison more, as WEIGH-525 advises, can be tested; another expert ends WEIGH-524."""
    weights = weigh(tree, answered({"li": CONSISTENT, "wu": {**CONSISTENT, "three": TREE_OF_ANSWERS}}))
    assert not [issue for issue in weights.issues if issue.code in ("WEIGH-524", "WEIGH-525")]


def test_scores_are_never_tested_and_never_said_to_be(tree: Tree, answered: Make) -> None:
    weights = weigh(tree, answered({"li": {**CONSISTENT, "three": TREE_OF_ANSWERS}}))
    assert untested(replace(weights, form="score_differences").groups, "score_differences") == ()


def test_given_weights_rest_on_no_expert(flat: Callable[..., Tree]) -> None:
    weights = weigh(flat(1.0, 2.0))
    assert not lone_experts(weights.groups)
    assert untested(weights.groups, weights.form) == ()


@pytest.mark.parametrize("language", messages.LANGUAGES)
@pytest.mark.parametrize("code", ["WEIGH-524", "WEIGH-525"])
def test_both_say_what_to_do(tree: Tree, answered: Make, language: str, code: str) -> None:
    panel = answered({"li": {**CONSISTENT, "three": TREE_OF_ANSWERS}, "wu": {**CONSISTENT, "three": CYCLE}})
    (issue,) = (issue for issue in weigh(tree, panel).issues if issue.code == code)
    assert "three" in issue.text(language)
    assert messages.known(f"{code}.hint", language)
