"""Judgments of several experts put together."""

import numpy as np
import pytest

from evaluator.ahp import aggregate_judgments


def pair(value: float) -> list[list[float]]:
    return [[1.0, value], [1 / value, 1.0]]


def test_opposite_extremes_cancel() -> None:
    """The arithmetic mean of 9 and 1/9 would be 4.56 both ways."""
    np.testing.assert_allclose(aggregate_judgments([pair(9), pair(1 / 9)]), np.ones((2, 2)), rtol=1e-15)


def test_weights_are_exponents_and_only_their_proportions_count() -> None:
    joint = aggregate_judgments([pair(8), pair(1)], [2, 1])
    assert joint[0, 1] == pytest.approx(4.0, rel=1e-14)
    np.testing.assert_allclose(aggregate_judgments([pair(8), pair(1)], [20, 10]), joint, rtol=1e-14)


def test_a_blank_takes_the_weight_of_those_who_answered() -> None:
    A = np.ones((3, 3, 3))
    A[0, 0, 1], A[0, 1, 0] = 9, 1 / 9
    A[1, 0, 1] = A[1, 1, 0] = np.nan
    A[2, 0, 1], A[2, 1, 0] = 4, 1 / 4
    joint = aggregate_judgments(A, [1, 5, 1])
    assert joint[0, 1] == pytest.approx(6.0, rel=1e-14)
    assert joint[0, 1] * joint[1, 0] == pytest.approx(1.0, rel=1e-14)


def test_a_comparison_nobody_made_stays_open() -> None:
    A = np.ones((2, 3, 3))
    A[:, 0, 2] = A[:, 2, 0] = np.nan
    joint = aggregate_judgments(A)
    assert np.isnan(joint[0, 2])
    assert np.isnan(joint[2, 0])
    assert joint[0, 1] == 1.0


def test_who_has_no_say_answers_for_nobody() -> None:
    A = np.ones((2, 2, 2))
    A[1, 0, 1] = A[1, 1, 0] = np.nan
    assert np.isnan(aggregate_judgments(A, [0, 1])[0, 1])


@pytest.mark.parametrize("value", [0.0, -2.0, np.inf])
def test_a_value_that_is_no_ratio_spoils_its_cell_and_no_other(value: float) -> None:
    A = np.ones((2, 3, 3))
    A[0, 0, 1] = value
    joint = aggregate_judgments(A)
    assert np.isnan(joint[0, 1])
    assert joint[0, 2] == 1.0


def test_axes_before_the_experts_are_batches() -> None:
    A = np.stack([[pair(2), pair(8)], [pair(3), pair(27)]])
    joint = aggregate_judgments(A, [[1, 1], [2, 1]])
    np.testing.assert_allclose(joint[:, 0, 1], [4.0, 3 ** (5 / 3)], rtol=1e-14)


@pytest.mark.parametrize("weights", [[0, 0], [-1, 2], [np.nan, 1], [1, np.inf]])
def test_weights_must_be_a_say(weights: list[float]) -> None:
    with pytest.raises(ValueError, match="expert weights"):
        aggregate_judgments([pair(2), pair(3)], weights)


def test_a_single_matrix_is_no_panel() -> None:
    with pytest.raises(ValueError, match="several experts"):
        aggregate_judgments(pair(2))


def test_weights_of_another_number_of_experts_are_refused() -> None:
    with pytest.raises(ValueError, match="broadcast"):
        aggregate_judgments([pair(2), pair(3)], [1, 2, 3])
