"""Defects found in other tools, each with the input that shows it: none is ours.

Defects of reading (two answers to one comparison, code in a file, weights by position) have their
tests where judgments are read and weighed; those of groups beside the groups.
"""

import numpy as np
import pytest

from evaluator.ahp import (
    RANDOM_INDICES,
    SCALES,
    apply_scale,
    complete,
    consistency,
    harker,
    priorities,
    random_index,
    worst_judgment,
)


def judged(n: int, answers: dict[tuple[int, int], float]) -> np.ndarray:
    A = np.full((n, n), np.nan)
    A[range(n), range(n)] = 1
    for (i, j), value in answers.items():
        A[i, j], A[j, i] = value, 1 / value
    return A


def test_unconnected_comparisons_get_no_weights_and_no_ratio_of_0() -> None:
    result = consistency(judged(4, {(0, 1): 3, (2, 3): 3}))
    assert np.isnan(result.priorities).all()
    assert np.isnan(result.cr)
    assert result.verdict == "not_testable"


def test_a_spanning_tree_is_not_called_consistent() -> None:
    result = consistency(judged(4, {(0, 1): 3, (1, 2): 1 / 5, (2, 3): 7}))
    assert np.isfinite(result.priorities).all()
    assert np.isnan(result.cr)
    assert result.verdict == "not_testable"


def test_a_completion_ends_and_says_after_how_many_steps() -> None:
    """Random 6 × 6 matrices with eight blanks, where a search without a cap may run for ever."""
    rng = np.random.default_rng(11)
    i, j = np.triu_indices(6, 1)
    place = rng.integers(-8, 9, (400, 15))
    answers = np.where(place >= 0, 1.0 + abs(place), 1 / (1.0 + abs(place)))
    answers[np.arange(400)[:, None], rng.permuted(np.tile(np.arange(15), (400, 1)), axis=1)[:, :8]] = np.nan
    A = np.ones((400, 6, 6))
    A[:, i, j], A[:, j, i] = answers, 1 / answers
    found = complete(A)
    assert (found.converged | np.isnan(found.matrix).any((-2, -1))).all()
    assert found.converged.sum() > 300
    assert found.iterations.max() <= 60


def test_global_weights_are_not_made_of_rounded_ones() -> None:
    """Of 200 random vectors of seven weights rounded to four places, half miss 1 by more than 5e-5."""
    rng = np.random.default_rng(5)
    A = np.exp(rng.normal(0, 1, (200, 7, 7)))
    w = priorities(np.sqrt(A / np.swapaxes(A, -2, -1)))
    assert np.abs(w.sum(-1) - 1).max() < 1e-14
    assert (np.abs(w.round(4).sum(-1) - 1) > 5e-5).any(), "the example would show the defect"


def test_the_ratio_of_incomplete_judgments_is_not_that_of_complete_ones() -> None:
    A = judged(5, {(0, 1): 3, (0, 2): 1 / 2, (1, 2): 4, (1, 3): 2, (2, 4): 1 / 3, (3, 4): 5})
    result = consistency(A)
    assert result.ri == pytest.approx(random_index(5) * 2 / 6)
    assert result.cr == pytest.approx(float(result.ci / result.ri))
    assert result.cr > 2 * result.ci / random_index(5)


def test_two_elements_have_no_ratio_and_sixteen_have_one() -> None:
    assert consistency([[1, 9], [1 / 9, 1]]).verdict == "not_testable"
    w = np.arange(1.0, 17)
    sixteen = w[:, None] / w
    sixteen[0, 1], sixteen[1, 0] = 9, 1 / 9
    for table in RANDOM_INDICES.names():
        assert 0 < consistency(sixteen, ri=table).cr < 1


def test_random_indices_grow_beyond_the_tables() -> None:
    """Other tools end with an error at 16, or take the index of 15 for every larger matrix."""
    for table in RANDOM_INDICES.names():
        assert random_index(15, table) < random_index(16, table) < random_index(20, table)


def test_the_completion_that_never_ended_elsewhere_ends() -> None:
    A = judged(
        6, {(0, 5): 1 / 8, (1, 5): 7, (3, 4): 3, (1, 2): 1 / 9, (0, 1): 9, (0, 4): 1 / 3, (3, 5): 1 / 8}
    )
    found = complete(A)
    assert found.converged
    assert found.iterations < 60


def test_no_table_but_the_misprinted_one_falls_from_eleven_to_twelve() -> None:
    falling = [name for name in RANDOM_INDICES.names() if random_index(12, name) < random_index(11, name)]
    assert falling == ["saaty1980_printed"]


def test_the_root_is_the_largest_eigenvalue() -> None:
    """Not the mean of (A w)_i / w_i for a w that is no eigenvector."""
    A = judged(3, {(0, 1): 9, (1, 2): 5, (0, 2): 1 / 3})
    exact = np.linalg.eigvals(A).real.max()
    assert consistency(A).lambda_max == pytest.approx(exact, rel=1e-13)
    assert consistency(A, "normalized_columns").lambda_max != pytest.approx(exact, rel=1e-3)


def test_sides_that_are_not_reciprocal_are_refused() -> None:
    A = np.array([[1, 3, 5], [3, 1, 2], [1 / 5, 1 / 2, 1]])
    assert np.isnan(priorities(A)).all()


def test_a_value_below_0_is_refused() -> None:
    A = judged(3, {(0, 1): -2, (1, 2): 3, (0, 2): 4})
    assert np.isnan(priorities(A)).all()
    assert consistency(A).verdict == "not_testable"


def test_errors_of_one_expert_do_not_depend_on_the_others() -> None:
    """A package computes everybody's errors with the weights of the first respondent."""
    one = judged(3, {(0, 1): 2, (1, 2): 3, (0, 2): 4})
    two = judged(3, {(0, 1): 1 / 7, (1, 2): 5, (0, 2): 1 / 2})
    alone, together = worst_judgment(two), worst_judgment(np.stack([one, two]))
    assert together.error[1] == alone.error
    assert together.pair[1].tolist() == alone.pair.tolist()


def test_a_missing_judgment_changes_no_other_cell() -> None:
    """A package also zeroes the cell (n − i, n − j) of Harker's matrix."""
    A = judged(
        5, {(0, 2): 2, (0, 3): 1 / 3, (0, 4): 5, (1, 2): 3, (1, 3): 8, (2, 3): 4, (2, 4): 2, (3, 4): 7}
    )
    off = ~np.eye(5, dtype=bool)
    np.testing.assert_array_equal(harker(A)[off], np.where(np.isnan(A), 0, A)[off])


def test_a_missing_pair_is_not_equal_importance() -> None:
    A = judged(3, {(0, 1): 3, (1, 2): 3})
    even = A.copy()
    even[0, 2] = even[2, 0] = 1
    assert priorities(A)[0] == pytest.approx(9 / 13)
    assert priorities(even)[0] < 0.6


def test_contradictory_judgments_keep_their_weights() -> None:
    """A package replaces matrices above the limit by equal weights."""
    A = judged(3, {(0, 1): 9, (1, 2): 3, (0, 2): 1 / 2})
    result = consistency(A)
    assert result.verdict == "inconsistent"
    assert np.ptp(result.priorities) > 0.1


@pytest.mark.parametrize("scale", [name for name in SCALES.names() if name != "linear"])
def test_another_scale_is_not_judged_by_the_index_of_the_linear_one(scale: str) -> None:
    A = apply_scale(judged(4, {(0, 1): 3, (0, 2): 5, (0, 3): 7, (1, 2): 3, (1, 3): 4, (2, 3): 1 / 2}), scale)
    assert consistency(A, scale=scale).ri == random_index(4, scale=scale)
    assert abs(consistency(A, scale=scale).ri / random_index(4) - 1) > 0.1


def test_the_eigenvector_is_exact_where_others_stop_early() -> None:
    """The steepest scale: the power method stopped at a squared step of 1e-7 is off by 0.3 %."""
    A = judged(3, {(0, 1): 4, (0, 2): 16, (1, 2): 1 / 64})
    t = np.cbrt([4 * 16, 1 / 4 / 64, 64 / 16])  # of three elements the eigenvector is the geometric mean
    np.testing.assert_allclose(priorities(A), t / t.sum(), rtol=1e-12)
