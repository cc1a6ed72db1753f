"""Laws of fuzzy weights, over every registered method."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.ahp import FUZZY_PRIORITIES, fuzzify, fuzzy_priorities, priorities

LAWS = {"simplex", "relabelling", "ordered", "positive", "crisp"}


def claiming(law: str) -> list[str]:
    return [method.name for method in FUZZY_PRIORITIES.methods() if law in method.laws]


@st.composite
def matrices(draw: st.DrawFn) -> np.ndarray:
    n = draw(st.integers(2, 5))
    i, j = np.triu_indices(n, 1)
    upper = np.array(draw(st.lists(st.floats(1 / 9, 9), min_size=len(i), max_size=len(i))))
    A = np.ones((n, n))
    A[i, j], A[j, i] = upper, 1 / upper
    return A


def test_every_law_is_claimed_and_every_claim_is_a_law() -> None:
    for method in FUZZY_PRIORITIES.methods():
        assert method.laws, method.name
        assert method.laws <= LAWS, method.name
        assert method.reference
        assert set(method.title) == {"zh", "en"}
    assert all(claiming(law) for law in LAWS)


@pytest.mark.parametrize("method", claiming("simplex"))
@settings(max_examples=40)
@given(A=matrices())
def test_crisp_weights_are_at_least_0_and_sum_to_1(method: str, A: np.ndarray) -> None:
    w = fuzzy_priorities(fuzzify(A), method).crisp
    assert (w >= 0).all()
    assert w.sum() == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("method", claiming("relabelling"))
@settings(max_examples=30)
@given(A=matrices(), seed=st.integers(0, 2**32 - 1))
def test_relabelling_permutes(method: str, A: np.ndarray, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(A))
    found, moved = (fuzzy_priorities(fuzzify(X), method) for X in (A, A[np.ix_(order, order)]))
    np.testing.assert_allclose(moved.crisp, found.crisp[order], rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(moved.fuzzy, found.fuzzy[order], rtol=1e-8)


@pytest.mark.parametrize("method", claiming("ordered"))
@settings(max_examples=40)
@given(A=matrices())
def test_the_most_likely_weight_lies_between_the_ends(method: str, A: np.ndarray) -> None:
    fuzzy = fuzzy_priorities(fuzzify(A), method).fuzzy
    assert (np.diff(fuzzy, axis=-1) >= -1e-9).all()


@pytest.mark.parametrize("method", claiming("positive"))
@settings(max_examples=40)
@given(A=matrices())
def test_no_element_that_counts_gets_nothing(method: str, A: np.ndarray) -> None:
    assert (fuzzy_priorities(fuzzify(A), method).crisp > 0).all()


@pytest.mark.parametrize("method", claiming("crisp"))
@settings(max_examples=40)
@given(A=matrices())
def test_crisp_judgments_give_the_geometric_mean(method: str, A: np.ndarray) -> None:
    found = fuzzy_priorities(fuzzify(A, spread=0), method)
    np.testing.assert_allclose(found.crisp, priorities(A, "geometric_mean"), rtol=1e-11)
