"""Laws of priorities and consistency, over every registered method."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.ahp import CONVENTIONS, PRIORITIES, consistency, priorities

SCALE = [1 / k for k in range(9, 1, -1)] + [float(k) for k in range(1, 10)]
METHODS = {law: [m.name for m in PRIORITIES.methods() if law in m.laws]
           for law in ("simplex", "relabelling", "generator", "eigenvector")}  # fmt: skip


def matrix(n: int, upper: list[float]) -> np.ndarray:
    A = np.ones((n, n))
    i, j = np.triu_indices(n, 1)
    A[i, j], A[j, i] = upper, 1 / np.array(upper)
    return A


def answers(values: st.SearchStrategy[float], n: int) -> st.SearchStrategy[np.ndarray]:
    pairs = n * (n - 1) // 2
    return st.lists(values, min_size=pairs, max_size=pairs).map(lambda upper: matrix(n, upper))


ratios = st.sampled_from(SCALE) | st.floats(1 / 9, 9)
matrices = st.integers(1, 9).flatmap(lambda n: answers(ratios, n))
generators = st.lists(st.floats(1e-3, 1.0), min_size=1, max_size=20).map(lambda w: np.array(w) / sum(w))


def test_every_law_is_claimed_and_every_claim_is_a_law() -> None:
    """A method registered with a law nobody tests, or with none, would escape these tests."""
    for method in PRIORITIES.methods():
        assert method.laws, method.name
        assert method.laws <= METHODS.keys(), method.name
        assert method.reference
        assert set(method.title) == {"zh", "en"}


@pytest.mark.parametrize("method", METHODS["simplex"])
@given(A=matrices)
def test_priorities_are_at_least_0_and_sum_to_1(method: str, A: np.ndarray) -> None:
    w = priorities(A, method)
    assert (w >= 0).all()
    assert w.sum() == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("method", METHODS["relabelling"])
@given(A=matrices, seed=st.integers(0, 2**32 - 1))
def test_relabelling_permutes(method: str, A: np.ndarray, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(A))
    moved = priorities(A[np.ix_(order, order)], method)
    np.testing.assert_allclose(moved, priorities(A, method)[order], rtol=1e-11)


@pytest.mark.parametrize("method", METHODS["generator"])
@given(w=generators)
def test_a_consistent_matrix_returns_its_generator(method: str, w: np.ndarray) -> None:
    np.testing.assert_allclose(priorities(w[:, None] / w, method), w, rtol=1e-12)


@pytest.mark.parametrize("method", METHODS["eigenvector"])
@given(A=matrices)
def test_the_eigenvector_is_one(method: str, A: np.ndarray) -> None:
    w = priorities(A, method)
    np.testing.assert_allclose(A @ w, consistency(A, method).lambda_max * w, rtol=1e-11)


@pytest.mark.parametrize("method", PRIORITIES.names())
@pytest.mark.parametrize("convention", CONVENTIONS.names())
@given(A=matrices)
def test_the_consistency_ratio_is_at_least_0_and_0_only_for_consistent_judgments(
    method: str, convention: str, A: np.ndarray
) -> None:
    result = consistency(A, method, convention=convention)
    if len(A) < 3:
        assert np.isnan(result.cr)
        assert result.verdict == "not_testable"
        return
    w = priorities(A, method)
    assert result.cr >= 0
    assert result.lambda_max >= len(A)
    assert (result.cr < 1e-20) == bool(np.allclose(A, w[:, None] / w, rtol=1e-9, atol=0))


@pytest.mark.parametrize("method", PRIORITIES.names())
@given(w=generators.filter(lambda w: len(w) >= 3))
def test_consistent_judgments_pass_every_convention(method: str, w: np.ndarray) -> None:
    for convention in CONVENTIONS.names():
        result = consistency(w[:, None] / w, method, convention=convention)
        assert 0 <= result.cr < 1e-12
        assert result.verdict == "consistent"


@pytest.mark.parametrize("method", PRIORITIES.names())
@settings(max_examples=30)
@given(A=st.lists(answers(ratios, 4), min_size=1, max_size=6), blank=st.integers(0, 5))
def test_a_result_depends_on_its_own_matrix_alone(method: str, A: list[np.ndarray], blank: int) -> None:
    """Batches, and blanks elsewhere in them, change nothing."""
    batch = np.stack(A)
    batch[blank % len(A), 0, 1] = np.nan
    found = priorities(batch, method)
    for k, one in enumerate(batch):
        np.testing.assert_allclose(found[k], priorities(one, method), rtol=1e-13)
