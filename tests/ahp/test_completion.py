"""Comparisons not made: what is filled in, when, and what is not."""

from itertools import product

import numpy as np
import pytest

from evaluator.ahp import (
    complete,
    components,
    connected,
    consistency,
    fill,
    harker,
    pattern_index,
    priorities,
    random_index,
    redundancy,
)


def judged(n: int, answers: dict[tuple[int, int], float]) -> np.ndarray:
    A = np.full((n, n), np.nan)
    A[range(n), range(n)] = 1
    for (i, j), value in answers.items():
        A[i, j], A[j, i] = value, 1 / value
    return A


STUBBORN = judged(6, {(0, 5): 1 / 8, (1, 5): 7, (3, 4): 3, (1, 2): 1 / 9, (0, 1): 1 / 9, (0, 4): 1 / 3,
                      (3, 5): 1 / 8})  # fmt: skip


def test_newton_ends_where_the_usual_search_by_coordinates_runs_on() -> None:
    """Seven answers on six elements that keep a cyclic line search without a cap busy for minutes."""
    found = complete(STUBBORN)
    assert found.converged
    assert found.iterations <= 10
    np.testing.assert_array_equal(found.matrix[~np.isnan(STUBBORN)], STUBBORN[~np.isnan(STUBBORN)])
    blank = np.isnan(STUBBORN)
    u, v = priorities(found.matrix.T), priorities(found.matrix)
    stationary = np.sqrt(np.outer(v, u) / np.outer(u, v))
    np.testing.assert_allclose(found.matrix[blank], stationary[blank], rtol=1e-10)


def test_the_least_root_of_one_blank_is_found_by_trying() -> None:
    A = judged(4, {(0, 1): 3, (0, 2): 1 / 5, (1, 2): 7, (1, 3): 2, (2, 3): 1 / 4})
    found = complete(A)
    tried = found.matrix[0, 3] * np.exp(np.linspace(-0.5, 0.5, 101))
    matrices = np.stack([found.matrix] * 101)
    matrices[:, 0, 3], matrices[:, 3, 0] = tried, 1 / tried
    assert consistency(matrices, ri=1.0).lambda_max.argmin() == 50


def test_a_filled_value_may_lie_beyond_the_scale() -> None:
    A = judged(3, {(0, 1): 9, (1, 2): 9})
    assert complete(A).matrix[0, 2] == pytest.approx(81, rel=1e-9)


def test_what_is_complete_stays_as_it_is() -> None:
    A = np.stack([np.ones((3, 3)), judged(3, {(0, 1): 2, (1, 2): 3})])
    found = complete(A)
    np.testing.assert_array_equal(found.matrix[0], A[0])
    assert found.iterations[0] == 0
    assert found.converged.tolist() == [True, True]


@pytest.mark.parametrize("value", [0.0, -3.0, np.inf])
def test_unconnected_and_unsound_judgments_are_not_filled(value: float) -> None:
    apart = judged(4, {(0, 1): 3, (2, 3): 5})
    broken = judged(4, {(0, 1): 3, (1, 2): 5, (2, 3): 2})
    broken[0, 1] = value
    found = complete(np.stack([apart, broken]))
    assert not found.converged.any()
    np.testing.assert_array_equal(found.matrix, np.stack([apart, broken]))
    for method in ("eigenvector", "harker", "geometric_mean"):
        assert np.isnan(priorities([apart, broken], method)).all()
        np.testing.assert_array_equal(fill([apart, broken], method), np.stack([apart, broken]))


def test_a_comparison_given_on_one_side_only_is_not_made() -> None:
    A = judged(3, {(0, 1): 2, (1, 2): 3})
    A[0, 2] = 5
    assert np.isnan(A[2, 0])
    assert complete(A).matrix[0, 2] == pytest.approx(6)


def test_the_input_stays_as_it_was() -> None:
    before = STUBBORN.copy()
    complete(STUBBORN), harker(STUBBORN), priorities(STUBBORN, "geometric_mean"), consistency(STUBBORN)
    np.testing.assert_array_equal(STUBBORN, before)


def test_parts_are_numbered_by_their_first_element() -> None:
    A = judged(6, {(0, 4): 3, (1, 2): 5, (2, 5): 2})
    assert components(A).tolist() == [0, 1, 1, 2, 0, 1]
    assert not connected(A)
    assert components(np.stack([A, np.ones((6, 6))])).shape == (2, 6)
    assert components([[1.0]]).tolist() == [0]


def test_redundancy_runs_from_all_triads_down_to_a_tree() -> None:
    assert redundancy(np.ones((5, 5))) == 6
    assert redundancy(judged(5, {(0, k): 2 for k in range(1, 5)})) == 0


def test_harkers_eigenvector_is_that_of_his_own_completion() -> None:
    A = judged(5, {(0, 1): 3, (0, 2): 1 / 5, (1, 2): 7, (1, 3): 2, (2, 4): 1 / 4, (3, 4): 2})
    w = priorities(A, "harker")
    H = harker(A)
    np.testing.assert_allclose(H @ w, w * ((H @ w) / w)[0], rtol=1e-11)
    filled = np.where(np.isnan(A), w[:, None] / w, A)
    np.testing.assert_allclose(priorities(filled), w, rtol=1e-11)


def test_harkers_root_is_not_used_for_the_ratio() -> None:
    """It is never below the least root, which the random index for missing comparisons belongs to."""
    A = judged(4, {(0, 1): 9, (1, 2): 9, (0, 2): 1 / 9, (2, 3): 2, (1, 3): 1 / 7})
    assert consistency(A, "harker").cr == pytest.approx(float(consistency(A).cr), rel=1e-10)
    own = (harker(A) @ priorities(A, "harker"))[0] / priorities(A, "harker")[0]
    assert own > consistency(A).lambda_max + 0.01


def spanning_trees(n: int, edges: list[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    trees = []
    for chosen in product([False, True], repeat=len(edges)):
        tree = [edge for edge, take in zip(edges, chosen, strict=True) if take]
        if len(tree) == n - 1 and connected(judged(n, dict.fromkeys(tree, 1.0))):
            trees.append(tree)
    return trees


def test_least_squares_is_the_geometric_mean_of_all_spanning_trees() -> None:
    """Bozóki & Tsyganok 2019, doi:10.1080/03081079.2019.1585432."""
    answers = {(0, 1): 3.0, (1, 2): 1 / 4, (0, 2): 5.0, (2, 3): 2.0, (1, 3): 1 / 7, (3, 4): 9.0}
    trees = spanning_trees(5, list(answers))
    each = np.log([priorities(judged(5, {edge: answers[edge] for edge in tree})) for tree in trees])
    mean = np.exp(each.mean(0))
    np.testing.assert_allclose(
        priorities(judged(5, answers), "geometric_mean"), mean / mean.sum(), rtol=1e-10
    )


@pytest.mark.parametrize(("n", "blanks", "expected"), [(4, 1, 0.581), (4, 2, 0.282), (5, 3, 0.547)])
def test_the_index_of_a_pattern_agrees_with_simulations_of_others(
    n: int, blanks: int, expected: float
) -> None:
    """Of n = 4 with two blanks there are two patterns, near 0.28 on average; the line is 2 % off at most."""
    A = np.ones((n, n))
    for i, j in [(0, 1), (2, 3), (0, 2)][:blanks]:
        A[i, j] = A[j, i] = np.nan
    found = pattern_index(A, matrices=4_000)
    assert found == pytest.approx(expected, abs=0.04)
    line = random_index(n) * float(redundancy(A)) / ((n - 1) * (n - 2) / 2)
    assert found == pytest.approx(line, abs=0.05)


def test_a_pattern_without_redundancy_has_no_index() -> None:
    assert np.isnan(pattern_index(judged(3, {(0, 1): 2, (1, 2): 3})))
    assert np.isnan(pattern_index(judged(4, {(0, 1): 2, (1, 2): 3, (0, 2): 5})))
    with pytest.raises(ValueError, match="one matrix"):
        pattern_index(np.ones((2, 3, 3)))


def test_more_random_matrices_pass_when_the_full_index_is_used_for_incomplete_ones() -> None:
    """The known defect: with the index of complete matrices, twice as many random answers pass."""
    rng = np.random.default_rng(3)
    place = rng.integers(-8, 9, (4_000, 6))
    answers = np.where(place >= 0, 1.0 + abs(place), 1 / (1.0 + abs(place)))
    i, j = np.triu_indices(4, 1)
    A = np.ones((4_000, 4, 4))
    A[:, i, j], A[:, j, i] = answers, 1 / answers
    left_out = rng.permuted(np.tile(np.arange(6), (4_000, 1)), axis=1)[:, :2]
    k = np.arange(4_000)[:, None]
    A[k, i[left_out], j[left_out]] = A[k, j[left_out], i[left_out]] = np.nan
    adjusted, full = consistency(A), consistency(A, ri=random_index(4))
    assert (adjusted.cr <= 0.1).mean() == pytest.approx(0.234, abs=0.03)
    assert (full.cr <= 0.1).mean() > 1.5 * (adjusted.cr <= 0.1).mean()
