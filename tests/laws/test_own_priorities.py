"""Laws of the ways to ask that give priorities of their own: best–worst models, and readings of scores."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.ahp import BEST_WORST, SCORE_READINGS, consistency, priorities

LEVELS = st.integers(1, 9)


@st.composite
def answers(draw) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows of best and worst on the 1–9 grid, the best first and the worst last."""
    n = draw(st.integers(2, 7))
    top = draw(st.integers(1, 9))
    B = np.array([1, *(draw(LEVELS) for _ in range(n - 2)), top], dtype=float)
    W = np.array([top, *(draw(LEVELS) for _ in range(n - 2)), 1], dtype=float)
    return B, W


def obeying(registry, law: str) -> list[str]:
    return [method.name for method in registry.methods() if law in method.laws]


@pytest.mark.parametrize("name", obeying(BEST_WORST, "simplex"))
@given(rows=answers())
def test_weights_are_at_least_0_and_sum_to_1(name: str, rows) -> None:
    B, W = rows
    w = BEST_WORST[name].function(B, W, best=0, worst=len(B) - 1).weights
    assert (w >= -1e-12).all()
    assert w.sum() == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("name", obeying(BEST_WORST, "relabelling"))
@given(rows=answers(), seed=st.integers(0, 1000))
def test_relabelling_permutes_the_weights(name: str, rows, seed: int) -> None:
    B, W = rows
    n = len(B)
    order = np.random.default_rng(seed).permutation(n)
    function = BEST_WORST[name].function
    w = function(B, W, best=0, worst=n - 1)
    turned = function(
        B[order], W[order], best=int((order == 0).argmax()), worst=int((order == n - 1).argmax())
    )
    assert turned.xi == pytest.approx(w.xi, abs=1e-9)
    np.testing.assert_allclose(turned.ranges, w.ranges[order], atol=1e-7)


@pytest.mark.parametrize("name", obeying(BEST_WORST, "generator"))
@given(w=st.lists(st.floats(1, 9), min_size=2, max_size=7))
def test_consistent_answers_give_the_weights_they_were_made_of(name: str, w: list[float]) -> None:
    v = np.array([max(w), *w, min(w)])
    result = BEST_WORST[name].function(v[0] / v, v / v[-1], best=0, worst=len(v) - 1)
    np.testing.assert_allclose(result.weights, v / v.sum(), rtol=1e-7)
    assert result.xi == pytest.approx(0, abs=1e-7)


@pytest.mark.parametrize("name", SCORE_READINGS.names())
@given(scores=st.lists(st.integers(1, 10), min_size=2, max_size=8))
def test_scores_give_reciprocal_judgments_in_their_own_order(name: str, scores: list[int]) -> None:
    S = np.array(scores, dtype=float)
    A = SCORE_READINGS[name].function(S)
    assert {"reciprocal", "monotone"} <= SCORE_READINGS[name].laws
    np.testing.assert_allclose(A * A.T, 1)
    w = priorities(A)
    higher = S[:, None] > S[None, :]
    assert (w[:, None] - w[None, :])[higher].min(initial=1) > 0
    if "consistent" in SCORE_READINGS[name].laws and len(S) > 2:
        assert consistency(A).ci == pytest.approx(0, abs=1e-9)
