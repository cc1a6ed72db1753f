"""Importance scores as weights and as judgments."""

import numpy as np
import pytest

from evaluator.ahp import score_ratios, score_weights, valid


def test_each_experts_scores_count_by_their_shares() -> None:
    """One scores half as high throughout and has the same say."""
    np.testing.assert_allclose(score_weights([[8, 2], [1, 3]]), [(0.8 + 0.25) / 2, (0.2 + 0.75) / 2])


def test_experts_are_weighted_and_who_left_one_out_is_not_counted() -> None:
    S = [[8, 2], [1, 3], [np.nan, 9], [0, 0], [-1, 2]]
    np.testing.assert_allclose(score_weights(S, [1, 3, 9, 9, 9]), [(0.8 + 0.75) / 4, (0.2 + 2.25) / 4])


def test_differences_become_ratios() -> None:
    A = score_ratios([[9, 7, 1], [5, 5, 10]])
    np.testing.assert_allclose(A[0], [[1, 3, 9], [1 / 3, 1, 7], [1 / 9, 1 / 7, 1]])
    np.testing.assert_allclose(A[1], [[1, 1, 1 / 6], [1, 1, 1 / 6], [6, 6, 1]])
    assert valid(A).all()


@pytest.mark.parametrize("left_out", [np.nan, np.inf])
def test_a_score_left_out_opens_its_comparisons(left_out: float) -> None:
    A = score_ratios([4, left_out, 2])
    assert np.isnan(A[0, 1])
    assert np.isnan(A[1, 2])
    assert (A[0, 2], A[1, 1]) == (3, 1)
