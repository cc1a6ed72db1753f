"""What must hold of every fuzzy operator, whatever the weights and memberships."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.scoring import OPERATORS, comprehensive_evaluation, normalized, validity

LAWFUL = settings(max_examples=25, deadline=None)
SHAPES = st.tuples(st.integers(1, 7), st.integers(2, 6), st.integers(0, 2**32 - 1))


def drawn(shape: tuple[int, int, int]) -> tuple[np.ndarray, np.ndarray]:
    n, m, seed = shape
    random = np.random.default_rng(seed)
    return random.dirichlet(np.ones(n)), random.dirichlet(np.ones(m), n)


@pytest.mark.parametrize("operator", OPERATORS.names())
@LAWFUL
@given(SHAPES)
def test_memberships_stay_in_range_and_factors_may_change_places(
    operator: str, shape: tuple[int, int, int]
) -> None:
    W, R = drawn(shape)
    B = comprehensive_evaluation(W, R, operator)
    assert ((B >= 0) & (B <= 1 + 1e-12)).all()
    assert normalized(B).sum() == pytest.approx(1)
    order = np.random.default_rng(0).permutation(len(W))
    np.testing.assert_allclose(comprehensive_evaluation(W[order], R[order], operator), B, atol=1e-12)


@pytest.mark.parametrize(
    "operator", [entry.name for entry in OPERATORS.methods() if "additive" in entry.laws]
)
@LAWFUL
@given(SHAPES)
def test_an_additive_operator_keeps_the_sum_and_lies_between(
    operator: str, shape: tuple[int, int, int]
) -> None:
    W, R = drawn(shape)
    B = comprehensive_evaluation(W, R, operator)
    assert B.sum() == pytest.approx(1)
    assert (R.min(0) - 1e-12 <= B).all()
    assert (R.max(0) + 1e-12 >= B).all()


@LAWFUL
@given(SHAPES)
def test_validity_is_never_negative_and_two_equal_leaders_are_weak(shape: tuple[int, int, int]) -> None:
    _, R = drawn(shape)
    assert (validity(R) >= -1e-12).all()
    tied = np.sort(R, axis=-1)
    tied[:, -2] = tied[:, -1]
    assert (validity(tied) < 0.5).all()
