"""Laws of incomplete judgments, over every method that completes them and every judgment scale."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from evaluator.ahp import (
    PRIORITIES,
    SCALES,
    apply_scale,
    complete,
    components,
    consistency,
    priorities,
    redundancy,
)

SCALE = [1 / k for k in range(9, 1, -1)] + [float(k) for k in range(1, 10)]
COMPLETING = [method.name for method in PRIORITIES.methods() if method.function.fill]


@st.composite
def incomplete(draw: st.DrawFn, largest: int = 7) -> np.ndarray:
    """Return judgments on the scale with at least a spanning tree of comparisons."""
    n = draw(st.integers(2, largest))
    tree = {(draw(st.integers(0, k - 1)), k) for k in range(1, n)}
    A = np.eye(n) + np.where(np.eye(n) == 1, 0, np.nan)
    for i, j in combinations(range(n), 2):
        if (i, j) in tree or draw(st.booleans()):
            A[i, j] = draw(st.sampled_from(SCALE))
            A[j, i] = 1 / A[i, j]
    return A


def closed(A: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Return consistent judgments with the blanks of A."""
    return np.where(np.isnan(A), np.nan, w[:, None] / w)


@pytest.mark.parametrize("method", COMPLETING)
@settings(max_examples=40)
@given(A=incomplete(), seed=st.integers(0, 2**32 - 1))
def test_consistent_judgments_with_blanks_return_their_generator(
    method: str, A: np.ndarray, seed: int
) -> None:
    w = np.random.default_rng(seed).dirichlet(np.full(len(A), 3.0)) + 1e-3
    w /= w.sum()
    np.testing.assert_allclose(priorities(closed(A, w), method), w, rtol=1e-9)


@pytest.mark.parametrize("method", COMPLETING)
@settings(max_examples=40)
@given(A=incomplete(), seed=st.integers(0, 2**32 - 1))
def test_relabelling_permutes_with_blanks_too(method: str, A: np.ndarray, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(A))
    moved = priorities(A[np.ix_(order, order)], method)
    np.testing.assert_allclose(moved, priorities(A, method)[order], rtol=1e-8)


@settings(max_examples=40)
@given(A=incomplete(), seed=st.integers(0, 2**32 - 1))
def test_no_other_completion_has_a_smaller_root(A: np.ndarray, seed: int) -> None:
    assume(np.isnan(A).any())
    found = complete(A)
    assert found.converged
    shift = np.random.default_rng(seed).normal(0, 0.3, A.shape)
    other = np.where(np.isnan(A), found.matrix * np.exp(shift - shift.T), A)
    assert consistency(found.matrix, ri=1.0).lambda_max <= consistency(other, ri=1.0).lambda_max + 1e-12


@settings(max_examples=40)
@given(A=incomplete())
def test_the_ratio_exists_exactly_where_a_comparison_is_redundant(A: np.ndarray) -> None:
    result = consistency(A)
    assert np.isnan(result.cr) == (redundancy(A) == 0)
    assert (result.verdict == "not_testable") == (redundancy(A) == 0)
    if redundancy(A) > 0:
        assert result.cr >= 0


@settings(max_examples=40)
@given(A=incomplete(), cut=st.integers(1, 5))
def test_parts_without_a_comparison_between_them_are_told_apart(A: np.ndarray, cut: int) -> None:
    assume(cut < len(A))
    A = A.copy()
    A[:cut, cut:] = A[cut:, :cut] = np.nan
    parts = components(A)
    for i, j in combinations(range(len(A)), 2):
        if not np.isnan(A[i, j]):
            assert parts[i] == parts[j]
        if i < cut <= j:
            assert parts[i] != parts[j]
    assert sorted(set(parts)) == list(range(parts.max() + 1))
    assert np.isnan(priorities(A)).all()


@pytest.mark.parametrize("scale", SCALES.names())
@given(n=st.integers(1, 20), answers=st.lists(st.floats(1, 9), min_size=2, max_size=6))
def test_a_scale_rises_with_the_answer_from_1_and_keeps_reciprocals(
    scale: str, n: int, answers: list[float]
) -> None:
    x = np.sort(np.array(answers))
    ratios = SCALES[scale].function(x, n)
    assert (np.diff(ratios) >= 0).all()
    assert (ratios >= 1 - 1e-12).all()
    assert SCALES[scale].function(np.ones(1), n) == pytest.approx(1, abs=1e-12)
    if n > 1:
        A = np.ones((n, n))
        A[0, 1], A[1, 0] = x[-1], 1 / x[-1]
        found = apply_scale(A, scale)
        assert found[0, 1] * found[1, 0] == pytest.approx(1, rel=1e-12)
        assert found[0, 1] == pytest.approx(ratios[-1], rel=1e-9)


def test_every_scale_claims_its_laws() -> None:
    for scale in SCALES.methods():
        assert scale.laws == {"monotone", "neutral"}
        assert set(scale.title) == {"zh", "en"}
        assert scale.reference
