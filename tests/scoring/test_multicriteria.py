"""Second opinions by hand, their refusals, and the agreement of two rankings."""

from typing import Any

import numpy as np
import pytest

from evaluator.errors import EvaluationError
from evaluator.scoring import (
    fuzzy_group,
    fuzzy_topsis,
    grey_relational,
    rank_agreement,
    second_opinion,
    topsis,
    vikor,
)

X = [[1.0, 9.0], [5.0, 6.0], [9.0, 1.0]]


def test_with_a_stated_reference_nobody_depends_on_the_others() -> None:
    reference = ([0.0, 10.0], [10.0, 0.0])
    together = topsis(X, [2, 1], ["benefit", "cost"], reference)
    alone = [topsis([row], [2, 1], ["benefit", "cost"], reference)[0] for row in X]
    assert together.tolist() == alone
    assert topsis([[-5.0, 20.0], [20.0, -5.0]], [1, 1], ["benefit", "cost"], reference).tolist() == [0, 1]


@pytest.mark.parametrize("reference", [([0.0, 0.0], [10.0, 10.0]), ([0.0, 0.0], [0.0, -1.0]), ([0.0], [1.0])])
def test_a_reference_runs_in_the_direction_of_every_column(reference: Any) -> None:
    with pytest.raises(ValueError, match="worst and the best"):
        topsis(X, [1, 1], ["benefit", "cost"], reference)


@pytest.mark.parametrize("method", ["topsis", "vikor", "grey_relational"])
def test_alternatives_that_are_all_the_same_are_equally_close(method: str) -> None:
    found = second_opinion([[2.0, 0.0], [2.0, 0.0]], [1, 1], method=method)
    assert found[0] == found[1]
    assert 0 <= found[0] <= 1


def test_grey_relational_grades_by_hand() -> None:
    """Losses (0, 1), (0.5, 0.375), (1, 0) of each column; relation 0.5 / (loss + 0.5)."""
    found = grey_relational(X, [1, 1])
    assert found == pytest.approx([(1 / 3 + 1) / 2, (0.5 + 0.5 / 0.875) / 2, (1 + 1 / 3) / 2])


def test_a_clear_leader_is_the_compromise_alone_and_an_unclear_one_is_not() -> None:
    assert vikor([[9, 9], [1, 1], [0, 0]], [1, 1]).solution == (0,)
    assert vikor([[9.0, 9.0], [8.9, 9.0], [0, 0]], [1, 1]).solution == (0, 1)
    assert vikor([[3.0]], [1]).solution == (0,)


@pytest.mark.parametrize(
    ("X", "weights", "directions"),
    [
        ([[1.0, np.nan]], [1, 1], None),
        ([1.0, 2.0], [1, 1], None),
        (np.empty((0, 2)), [1, 1], None),
        ([[1.0, 2.0]], [1], None),
        ([[1.0, 2.0]], [0, 0], None),
        ([[1.0, 2.0]], [2, -1], None),
        ([[1.0, 2.0]], [1, 1], ["benefit"]),
    ],
)
def test_what_is_no_weighted_matrix_is_refused(X: Any, weights: Any, directions: Any) -> None:
    with pytest.raises(ValueError, match=r"alternatives|weight|directions"):
        topsis(X, weights, directions)


def test_unknown_directions_and_methods_are_named() -> None:
    for call in (
        lambda: topsis(X, [1, 1], ["benefits", "cost"]),
        lambda: second_opinion(X, [1, 1], method="topsi"),
    ):
        with pytest.raises(EvaluationError) as raised:
            call()
        assert [(i.code, i.hint[0]) for i in raised.value.issues] in (
            [("METHOD-001", "benefit")], [("METHOD-001", "topsis")])  # fmt: skip


def test_parameters_outside_their_range_are_refused() -> None:
    with pytest.raises(ValueError, match="majority"):
        vikor(X, [1, 1], majority=1.5)
    with pytest.raises(ValueError, match="distinguishing"):
        grey_relational(X, [1, 1], distinguishing=0)


def test_fuzzy_costs_are_turned_round() -> None:
    """A cost is divided into the smallest one, which turns least and largest of each number round."""
    found = fuzzy_topsis([[[1.0, 2.0, 4.0]], [[2.0, 4.0, 8.0]]], [[1, 1, 1]], ["cost"])
    mirrored = fuzzy_topsis([[[0.25, 0.5, 1.0]], [[0.125, 0.25, 0.5]]], [[1, 1, 1]])
    assert found == pytest.approx(mirrored)
    assert found[0] > found[1]


@pytest.mark.parametrize(
    ("X", "weights"),
    [
        ([[[3, 2, 1]]], [[1, 1, 1]]),
        ([[[-1, 2, 3]]], [[1, 1, 1]]),
        ([[[1, 2]]], [[1, 1]]),
        ([[[1, 2, 3]]], [[1, 1, 1], [1, 1, 1]]),
        ([[[0, 0, 0]]], [[1, 1, 1]]),
    ],
)
def test_what_is_no_fuzzy_number_is_refused(X: Any, weights: Any) -> None:
    with pytest.raises(ValueError, match=r"fuzzy number|do not fit|above 0"):
        fuzzy_topsis(X, weights)


def test_a_cost_of_nothing_cannot_be_turned_round() -> None:
    with pytest.raises(ValueError, match="none at 0"):
        fuzzy_topsis([[[0, 1, 2]]], [[1, 1, 1]], ["cost"])


def test_judges_together_say_the_least_the_mean_and_the_largest() -> None:
    assert fuzzy_group([[1, 2, 3, 4], [2, 4, 5, 9]]).tolist() == [1, 3, 4, 9]


def test_agreement_with_ties_by_hand() -> None:
    """Of six pairs three agree, two are opposite, one is tied in the second: τ-b = 1 / √(6 · 5)."""
    found = rank_agreement([4, 3, 2, 1], [3, 3 + 1e-12, 4, 1])
    assert found.ranks[:, 1].tolist() == [2.5, 2.5, 1, 4]
    assert found.kendall == pytest.approx(1 / np.sqrt(30))
    assert found.moved.tolist() == [-1.5, -0.5, 2, 0]
    assert found.spearman == pytest.approx(np.corrcoef([1, 2, 3, 4], [2.5, 2.5, 1, 4])[0, 1])


def test_the_same_order_agrees_fully_and_the_opposite_not_at_all() -> None:
    found, opposite = rank_agreement([1, 2, 3], [10, 20, 30]), rank_agreement([1, 2, 3], [3, 2, 1])
    assert (found.spearman, found.kendall) == pytest.approx((1, 1))
    assert (opposite.spearman, opposite.kendall) == pytest.approx((-1, -1))
    assert np.isnan(rank_agreement([1, 2], [5, 5]).kendall)


@pytest.mark.parametrize(("one", "other"), [([1], [1]), ([1, 2], [1, 2, 3]), ([1, np.nan], [1, 2])])
def test_rankings_of_different_customers_are_not_compared(one: Any, other: Any) -> None:
    with pytest.raises(ValueError, match=r"two or more|without a value"):
        rank_agreement(one, other)
