"""Judgments of several experts put together."""

import numpy as np
import pytest

from evaluator.ahp import (
    aggregate_judgments,
    aggregate_priorities,
    coverage,
    disagreement,
    group_priorities,
    leave_one_out,
)
from evaluator.errors import EvaluationError


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


def test_priorities_are_averaged_by_the_experts_weights() -> None:
    P = [[0.8, 0.2], [0.5, 0.5]]
    np.testing.assert_allclose(aggregate_priorities(P, [2, 1]), [0.7, 0.3])
    geometric = np.array([0.8**2 * 0.5, 0.2**2 * 0.5]) ** (1 / 3)
    np.testing.assert_allclose(aggregate_priorities(P, [2, 1], "geometric"), geometric / geometric.sum())


def test_the_geometric_mean_of_priorities_is_brought_back_to_1() -> None:
    assert aggregate_priorities([[0.9, 0.1], [0.2, 0.8]], mean="geometric").sum() == pytest.approx(
        1, abs=1e-15
    )


def test_who_has_no_priorities_here_is_not_counted_here() -> None:
    nan = [np.nan, np.nan]
    np.testing.assert_allclose(aggregate_priorities([[0.8, 0.2], nan], [1, 5]), [0.8, 0.2])
    assert np.isnan(aggregate_priorities([nan, nan])).all()
    assert np.isnan(aggregate_priorities([nan, [0.5, 0.5]], [1, 0], "geometric")).all()


def test_a_priority_of_nothing_stays_nothing_in_the_geometric_mean() -> None:
    np.testing.assert_array_equal(aggregate_priorities([[1, 0], [0.5, 0.5]], mean="geometric"), [1, 0])


def test_an_unknown_mean_is_answered_with_the_nearest() -> None:
    with pytest.raises(EvaluationError) as caught:
        aggregate_priorities([[1.0], [1.0]], mean="geometrical")
    assert [(issue.code, issue.hint) for issue in caught.value.issues] == [("METHOD-001", ("geometric",))]


def test_priorities_of_one_expert_alone_are_no_panel() -> None:
    with pytest.raises(ValueError, match="several experts"):
        aggregate_priorities([0.5, 0.5])


def test_coverage_is_the_say_of_those_who_answered() -> None:
    A = np.ones((3, 3, 3))
    A[1, 0, 1] = A[1, 1, 0] = np.nan
    A[:, 1, 2] = A[:, 2, 1] = np.nan
    np.testing.assert_allclose(coverage(A, [1, 2, 1]), [[1, 0.5, 1], [0.5, 1, 0], [1, 0, 1]])


def test_disagreement_is_the_factor_around_the_joint_judgment() -> None:
    A = np.stack([pair(2), pair(8), pair(4), [[1, np.nan], [np.nan, 1]]])
    logs = np.log([2, 8, 4])
    spread = disagreement(A)
    assert spread[0, 1] == spread[1, 0] == pytest.approx(np.exp(logs.std()))
    assert spread[0, 0] == 1
    assert np.isnan(disagreement(A[3:])[0, 1])


@pytest.mark.parametrize("aggregation", ["aij", "aip", "aip_geometric"])
def test_without_an_expert_the_group_is_the_others(aggregation: str) -> None:
    A, say = np.stack([pair(9), pair(1), pair(1 / 3)]), [2.0, 1.0, 1.0]
    without = leave_one_out(A, say, aggregation=aggregation)
    expected = group_priorities(A[1:], say[1:], aggregation=aggregation)
    np.testing.assert_allclose(without[0], expected, rtol=1e-12)


def test_without_the_only_one_who_answered_nothing_is_left() -> None:
    A = np.ones((2, 2, 2))
    A[1, 0, 1] = A[1, 1, 0] = np.nan
    without = leave_one_out(A)
    assert np.isnan(without[0]).all()
    np.testing.assert_allclose(without[1], 0.5)
    assert np.isnan(leave_one_out([pair(2)])).all()


def test_an_unknown_aggregation_is_answered_with_the_nearest() -> None:
    with pytest.raises(EvaluationError) as caught:
        group_priorities([pair(2), pair(3)], aggregation="aipp")
    assert caught.value.issues[0].hint[0] == "aip"
