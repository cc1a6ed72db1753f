"""Priorities of judgment matrices, alone and in batches."""

import numpy as np
import pytest

from evaluator.ahp import PRIORITIES, fill, missing, priorities, valid
from evaluator.errors import EvaluationError

METHODS = PRIORITIES.names()


def reciprocal(upper: list[float]) -> np.ndarray:
    n = round((1 + (1 + 8 * len(upper)) ** 0.5) / 2)
    A = np.ones((n, n))
    i, j = np.triu_indices(n, 1)
    A[i, j], A[j, i] = upper, 1 / np.array(upper)
    return A


def random_matrices(count: int, n: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    values = np.array([1 / k for k in range(9, 1, -1)] + list(range(1, 10)))
    return np.array([reciprocal(rng.choice(values, n * (n - 1) // 2)) for _ in range(count)])


@pytest.mark.parametrize("n", [3, 4, 7, 9, 16, 20])
def test_the_eigenvector_agrees_with_a_general_eigenvalue_solver(n: int) -> None:
    A = random_matrices(200, n)
    values, vectors = np.linalg.eig(A)
    first = np.abs(vectors[np.arange(200), :, values.real.argmax(-1)].real)
    np.testing.assert_allclose(priorities(A), first / first.sum(-1, keepdims=True), rtol=1e-11)


def test_the_most_contradictory_matrix_of_the_scale_is_exact() -> None:
    """A full cycle of nines: three equal elements, second eigenvalue 84 % of the first."""
    np.testing.assert_allclose(priorities(reciprocal([9, 1 / 9, 9])), [1 / 3] * 3, rtol=1e-14)


@pytest.mark.parametrize("size", [1e2, 1e4, 1e6])
def test_far_beyond_the_scale_it_goes_on_until_it_has_settled(size: float) -> None:
    """Eigenvalues that nearly coincide need more than eight squarings, and are given them."""
    A = reciprocal([size, 3 / size, size])
    t = 3 ** (1 / 3)  # the 3 × 3 eigenvector is the row geometric mean
    expected = np.array([t, 1.0, 1 / t])
    np.testing.assert_allclose(priorities(A), expected / expected.sum(), rtol=1e-7)


@pytest.mark.parametrize("method", METHODS)
def test_one_element_has_all_the_weight(method: str) -> None:
    assert priorities([[1.0]], method).tolist() == [1.0]


@pytest.mark.parametrize("method", METHODS)
def test_two_elements_share_by_their_ratio(method: str) -> None:
    np.testing.assert_allclose(priorities([[1, 3], [1 / 3, 1]], method), [0.75, 0.25], rtol=1e-15)


@pytest.mark.parametrize("method", METHODS)
def test_unconnected_comparisons_make_their_own_matrix_nan_and_no_other(method: str) -> None:
    A = random_matrices(3, 4)
    expected = priorities(A, method)
    A[1, 0, 1:] = A[1, 1:, 0] = np.nan
    found = priorities(A, method)
    assert np.isnan(found[1]).all()
    np.testing.assert_array_equal(found[[0, 2]], expected[[0, 2]])


def test_a_method_that_needs_every_comparison_gives_nan_for_a_blank() -> None:
    A = random_matrices(2, 4)
    A[1, 0, 2] = A[1, 2, 0] = np.nan
    assert np.isnan(priorities(A, "normalized_columns")).all(-1).tolist() == [False, True]


@pytest.mark.parametrize("method", [m.name for m in PRIORITIES.methods() if m.function.fill])
def test_blanks_are_filled_from_the_answers_and_weigh_the_same(method: str) -> None:
    A = random_matrices(20, 6)
    A[:, 0, 2] = A[:, 2, 0] = A[:, 3, 4] = A[:, 4, 3] = np.nan
    whole = fill(A, method)
    assert valid(whole).all()
    np.testing.assert_array_equal(whole[~np.isnan(A)], A[~np.isnan(A)])
    np.testing.assert_allclose(priorities(whole, method), priorities(A, method), rtol=1e-9)


@pytest.mark.parametrize("value", [0.0, -3.0, np.inf, 5.0])
def test_values_that_are_no_ratio_or_contradict_their_mirror_give_nan(value: float) -> None:
    A = reciprocal([3, 5, 2])
    A[0, 1] = value
    assert np.isnan(priorities(A)).all()


def test_reciprocals_typed_with_two_decimals_are_taken_as_typed() -> None:
    A = [[1, 3, 8], [0.33, 1, 3], [0.13, 0.33, 1]]
    np.testing.assert_allclose(priorities(A), priorities(reciprocal([3, 8, 3])), atol=0.01)


def test_batches_of_any_shape_give_what_single_matrices_give() -> None:
    A = random_matrices(12, 5).reshape(3, 4, 5, 5)
    batch = priorities(A)
    assert batch.shape == (3, 4, 5)
    np.testing.assert_allclose(batch[2, 1], priorities(A[2, 1]), rtol=1e-14)


def test_an_empty_batch_gives_an_empty_result() -> None:
    assert priorities(np.ones((0, 4, 4))).shape == (0, 4)


def test_the_input_stays_as_it_was() -> None:
    A = reciprocal([9, 5, 2, 1 / 2, 1 / 3, 1 / 9])
    before = A.copy()
    for method in METHODS:
        priorities(A, method)
    np.testing.assert_array_equal(A, before)


@pytest.mark.parametrize("shape", [(3,), (2, 3), (0, 0), (4, 3, 2)])
def test_an_array_that_is_not_square_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="shape"):
        priorities(np.ones(shape))


def test_an_unknown_method_is_named_with_the_nearest() -> None:
    with pytest.raises(EvaluationError) as caught:
        priorities([[1.0]], "geometric_means")
    assert [(i.code, i.hint) for i in caught.value.issues] == [("METHOD-001", ("geometric_mean",))]


def test_missing_comparisons_are_counted_once_per_pair() -> None:
    A = reciprocal([3, 5, 2])
    A[0, 1] = A[1, 0] = A[1, 2] = np.nan
    assert missing([A, reciprocal([1, 1, 1])]).tolist() == [2, 0]
    assert valid([A, reciprocal([1, 1, 1])]).tolist() == [False, True]
