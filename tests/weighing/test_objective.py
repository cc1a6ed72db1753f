"""Weights from data, their guards, and their combination with experts' weights down a tree."""

from collections.abc import Callable

import numpy as np
import pytest

from evaluator.errors import EvaluationError, Severity
from evaluator.tree import Tree
from evaluator.weighing import (
    OBJECTIVE,
    Panel,
    coefficient_of_variation,
    combine,
    combined_weights,
    critic,
    entropy,
    objective_weights,
    standard_deviation,
    weigh,
    weigh_objectively,
    with_leaf_weights,
)

NAN = float("nan")
RNG = np.random.default_rng(3)
X = RNG.uniform(1, 10, (40, 4)) * [1, 10, 100, 1]
CONSISTENT = {"root": (2, 4, 2), "three": (2, 6, 3), "four": (1, 2, 4, 2, 4, 2), "two": (3,)}


def test_the_functions_are_the_registered_methods() -> None:
    for function in (entropy, critic, coefficient_of_variation, standard_deviation):
        np.testing.assert_array_equal(function(X), objective_weights(X, method=function.__name__))


def test_critic_by_hand() -> None:
    """Two columns that say the same share what the third, partly opposite one has alone."""
    np.testing.assert_allclose(critic([[1, 1, 4], [2, 2, 1], [3, 3, 3], [4, 4, 2]]), [0.25, 0.25, 0.5])


def test_cost_turns_a_column_round() -> None:
    directions = ["benefit", "cost", "benefit", "benefit"]
    turned = X.copy()
    turned[:, 1] = X[:, 1].max() + X[:, 1].min() - X[:, 1]
    np.testing.assert_allclose(critic(X, directions), critic(turned), rtol=1e-12)
    reciprocal = X.copy()
    reciprocal[:, 1] = 1 / X[:, 1]
    np.testing.assert_allclose(entropy(X, directions), entropy(reciprocal), rtol=1e-12)


def test_a_share_of_nothing_adds_nothing_to_entropy() -> None:
    """0 ln 0 is 0: by hand, d = (1 − 1, 1 − (ln 2)/(ln 3)) → only the second tells anything."""
    w = entropy([[1, 1], [1, 1], [1, 0]])
    np.testing.assert_allclose(w, [0, 1], atol=1e-15)


@pytest.mark.parametrize("method", OBJECTIVE.names())
def test_negative_values_are_moved_onto_0_to_1(method: str) -> None:
    moved = X - [0, 50, 0, 0]
    w = objective_weights(moved, method=method)
    assert np.isfinite(w).all()
    assert (w > 0).all()
    found = weigh_objectively(moved, "abcd", method=method)
    named = [issue.subject for issue in found.issues if issue.code == "WEIGH-535"]
    assert named == (["b"] if "proportions" in OBJECTIVE[method].laws else [])


@pytest.mark.parametrize("method", OBJECTIVE.names())
def test_blanks_are_left_out_of_their_column(method: str) -> None:
    blank = X.copy()
    blank[3, 0] = NAN
    w = objective_weights(blank, method=method)
    assert w.sum() == pytest.approx(1)
    np.testing.assert_allclose(w, objective_weights(X, method=method), rtol=0.3)


@pytest.mark.parametrize("method", OBJECTIVE.names())
@pytest.mark.parametrize(
    "matrix", [[[1, 2]], np.ones((5, 2)), np.zeros((5, 2)), np.full((5, 2), NAN), np.empty((0, 2))], ids=str
)
def test_where_nobody_is_told_apart_there_are_no_weights(method: str, matrix: object) -> None:
    assert np.isnan(objective_weights(matrix, method=method)).all()
    with pytest.raises(EvaluationError) as caught:
        weigh_objectively(matrix, "ab", method=method)
    assert caught.value.issues[0].code == "WEIGH-536"


def test_what_must_be_said_beside_the_weights() -> None:
    found = weigh_objectively([[1, 5, 2], [4, 5, 3], [2, 5, 1]], ["a", "b", "c"], method="critic")
    assert [(issue.code, issue.subject, issue.severity) for issue in found.issues] == [
        ("WEIGH-533", "critic", Severity.WARNING),
        ("WEIGH-534", "b", Severity.WARNING),
    ]
    assert found.weights["b"] == 0
    assert found.customers == 3
    assert weigh_objectively(X, "abcd").issues == ()


@pytest.mark.parametrize("matrix", [[1, 2], [[1, np.inf], [1, 2]]])
def test_no_matrix_and_infinite_values_are_refused(matrix: object) -> None:
    with pytest.raises(ValueError, match="finite"):
        entropy(matrix)


def test_unknown_names_are_answered_with_the_nearest() -> None:
    for call, hint in (
        (lambda: objective_weights(X, method="entropie"), "entropy"),
        (lambda: entropy(X, ["benefit", "costs", "cost", "cost"]), "cost"),
        (lambda: combine([1], [1], "multiplicativ"), "multiplicative"),
    ):
        with pytest.raises(EvaluationError) as caught:
            call()
        assert (caught.value.issues[0].code, caught.value.issues[0].hint[0]) == ("METHOD-001", hint)
        assert caught.value.issues[0].text("zh")
    with pytest.raises(ValueError, match="directions"):
        entropy(X, ["cost"])
    with pytest.raises(ValueError, match="names"):
        weigh_objectively(X, "ab")


S, D = np.array([0.5, 0.3, 0.2]), np.array([0.2, 0.2, 0.6])


def test_combinations_by_hand() -> None:
    np.testing.assert_allclose(combine(S, D), S * D / (S * D).sum())
    np.testing.assert_allclose(combine(S, D, "additive", alpha=0.75), 0.75 * S + 0.25 * D)
    both = S**0.75 * D**0.25
    np.testing.assert_allclose(combine(S, D, "geometric", alpha=0.75), both / both.sum())
    np.testing.assert_allclose(combine(10 * S, D), combine(S, D), err_msg="only proportions count")


def test_least_deviation_lies_on_the_line_between_and_solves_its_conditions() -> None:
    w = combine(S, D, "least_deviation")
    share = (w - D)[0] / (S - D)[0]
    np.testing.assert_allclose(w, share * S + (1 - share) * D)
    a, b = np.linalg.solve([[S @ S, S @ D], [S @ D, D @ D]], [S @ S, D @ D])
    assert share == pytest.approx(abs(a) / (abs(a) + abs(b)))
    np.testing.assert_allclose(combine(S, S, "least_deviation"), S)


def test_a_product_keeps_what_either_side_gives_nothing_at_nothing() -> None:
    np.testing.assert_allclose(combine([0.5, 0.5, 0], [0, 0.5, 0.5]), [0, 1, 0])
    assert np.isnan(combine([1, 0], [0, 1])).all()


@pytest.mark.parametrize(
    ("s", "o", "options", "message"),
    [
        ([1, 2], [1], {}, "one shape"),
        ([1, -2], [1, 1], {}, "at least 0"),
        ([0, 0], [1, 1], {}, "at least 0"),
        ([1, NAN], [1, 1], {}, "finite"),
        ([1, 1], [1, 1], {"alpha": 1.5}, "alpha"),
    ],
)
def test_weights_that_cannot_be_combined(s: list, o: list, options: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        combine(s, o, **options)


def test_a_tree_weighs_what_its_indicators_weigh(tree: Tree, answered: Callable[..., Panel]) -> None:
    weights = weigh(tree, answered({"li": CONSISTENT}))
    leaves = [leaf.id for leaf in tree.indicators]
    data = dict(zip(leaves, np.arange(1.0, len(leaves) + 1), strict=True))
    found = combined_weights(weights, data)
    joint = combine([weights.global_[leaf] for leaf in leaves], list(data.values()))
    assert [row.combined for row in found.rows] == pytest.approx(joint.tolist())
    assert sum(row.objective for row in found.rows) == pytest.approx(1)
    for row in found.rows:
        assert found.weights.global_[row.indicator] == pytest.approx(row.combined)
    assert found.weights.global_["three"] == pytest.approx(joint[:3].sum())
    for group in found.weights.groups:
        assert sum(group.local) == pytest.approx(1)
    assert found.weights.groups[0].joint == weights.groups[0].joint, "the evidence stays"
    assert weights.local != found.weights.local


def test_equal_objective_weights_change_nothing(tree: Tree, answered: Callable[..., Panel]) -> None:
    weights = weigh(tree, answered({"li": CONSISTENT}))
    found = combined_weights(weights, {leaf.id: 1.0 for leaf in tree.indicators}).weights
    assert found.global_ == pytest.approx(weights.global_)


def test_a_group_whose_indicators_all_weigh_nothing_keeps_its_local_weights(
    tree: Tree, answered: Callable[..., Panel]
) -> None:
    weights = weigh(tree, answered({"li": CONSISTENT}))
    leaves = {
        leaf.id: 0.0 if leaf.id.startswith("a") else weights.global_[leaf.id] for leaf in tree.indicators
    }
    found = with_leaf_weights(weights, leaves)
    assert found.global_["three"] == 0
    assert found.local["a1"] == weights.local["a1"]
    assert sum(found.global_[leaf.id] for leaf in tree.indicators) == pytest.approx(1)


def test_a_missing_objective_weight_and_an_empty_product_are_named(flat) -> None:
    weights = weigh(flat(1, 1))
    with pytest.raises(EvaluationError) as caught:
        combined_weights(weights, {"x1": 1.0, "x3": 1.0})
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [("WEIGH-537", "x2")]
    nothing = with_leaf_weights(weights, {"x1": 1.0, "x2": 0.0})
    with pytest.raises(EvaluationError) as caught:
        combined_weights(nothing, {"x1": 0.0, "x2": 1.0})
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [("WEIGH-538", "example")]


def test_columns_that_all_say_the_same_have_no_critic_weights() -> None:
    """Two customers, or columns that rise together: there is no conflict to weigh by, and it is said."""
    assert np.isnan(critic([[1, 2], [4, 16]])).all()
    with pytest.raises(EvaluationError) as caught:
        weigh_objectively([[1, 2], [4, 16]], "ab", method="critic")
    assert [issue.code for issue in caught.value.issues] == ["WEIGH-536", "WEIGH-533"]
