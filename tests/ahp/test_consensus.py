"""Agreement of experts: on weights, in clusters, and on the order."""

import numpy as np
import pytest

from evaluator.ahp import clusters, concordance, consensus, consensus_band, similarity

EXTREMES = np.array([[9, 1, 1], [1, 9, 1], [1, 1, 9]]) / 11


def test_one_opinion_is_full_agreement_and_opposite_extremes_are_none() -> None:
    assert consensus(EXTREMES[[0, 0]]) == pytest.approx(1, abs=1e-12)
    assert consensus(EXTREMES) == pytest.approx(0, abs=1e-12)
    assert consensus(EXTREMES[:2]) == pytest.approx(0.276, abs=5e-4)


def test_priorities_beyond_the_scale_fall_below_nothing() -> None:
    assert consensus(np.eye(3)) < 0


def test_a_say_of_nothing_and_no_priorities_leave_an_expert_out() -> None:
    assert consensus(EXTREMES, expert_weights=[1, 0, 0]) == pytest.approx(1, abs=1e-12)
    blank = np.full((1, 3), np.nan)
    assert consensus(np.concatenate([EXTREMES[:2], blank])) == pytest.approx(float(consensus(EXTREMES[:2])))
    assert np.isnan(consensus(blank))


def test_one_element_leaves_nothing_to_agree_on() -> None:
    assert np.isnan(consensus([[1.0], [1.0]]))


def test_panels_are_batches() -> None:
    np.testing.assert_allclose(consensus([EXTREMES, EXTREMES[[0, 0, 0]]]), [0, 1], atol=1e-12)


@pytest.mark.parametrize(
    ("value", "band"),
    [(-0.2, "very_low"), (0.4999, "very_low"), (0.5, "low"), (0.625, "moderate"), (0.75 - 1e-12, "high"),
     (0.875, "very_high"), (1.0, "very_high"), (np.nan, "")],
)  # fmt: skip
def test_bands(value: float, band: str) -> None:
    assert consensus_band(value) == band


def test_similarity_is_the_consensus_of_two() -> None:
    S = similarity(EXTREMES)
    np.testing.assert_allclose(S, np.where(np.eye(3), 1, float(consensus(EXTREMES[:2]))), atol=1e-12)


def test_camps_are_found_the_largest_first() -> None:
    P = np.array([[8, 1, 1], [1, 8, 1], [7, 2, 1], [8, 2, 2], [1, 7, 1], [np.nan] * 3])
    P /= P.sum(-1, keepdims=True)
    assert clusters(similarity(P), 0.9).tolist() == [0, 1, 0, 0, 1, -1]
    assert clusters(similarity(P), 0.1).tolist() == [0, 0, 0, 0, 0, -1]


def test_members_reach_the_threshold_with_their_centre() -> None:
    """A chain of small steps does not tie its two ends together."""
    shares = np.linspace(0.1, 0.9, 30)
    S = similarity(np.stack([shares, 1 - shares], -1))
    labels = clusters(S, 0.85)
    for label in range(labels.max() + 1):
        members = labels == label
        assert (S[np.ix_(members, members)] >= 0.85).all(-1).any()
    assert labels.max() > 0


def test_everybody_ranks_alike_or_the_opposite() -> None:
    same = concordance([[3, 2, 1], [30, 20, 10], [0.6, 0.3, 0.1]])
    assert (float(same.w), float(same.chi2), same.df, int(same.experts)) == (1, 6, 2, 3)
    assert float(same.p) == pytest.approx(np.exp(-3))
    assert concordance([[1, 2, 3], [3, 2, 1]]).w == 0


def test_ties_share_their_rank() -> None:
    """By hand: ranks (1.5, 1.5, 3) and (1, 2, 3); S = 6.5, 12 · 6.5 / (4 · 24 − 2 · 6) = 13/14."""
    assert concordance([[1, 1, 2], [1, 2, 3]]).w == pytest.approx(13 / 14)
    rounding = np.array([1, 1 + 1e-13, 2])
    assert concordance([rounding, [1, 2, 3]]).w == pytest.approx(13 / 14)


def test_no_concordance_of_one_expert_of_ties_alone_or_of_blanks() -> None:
    assert np.isnan(concordance([[1, 2, 3]]).w)
    assert np.isnan(concordance([[1, 1], [2, 2]]).w)
    assert np.isnan(concordance([[1, 1], [2, 2]]).p)
    assert concordance([[1, 2], [1, 2], [np.nan, 1]]).experts == 2
