"""Laws of putting experts together, over every registered aggregation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.ahp import AGGREGATIONS, consensus, coverage, group_priorities, leave_one_out, priorities

LAWS = {"reciprocal", "between", "unanimous", "simplex"}
SCALE = [1 / k for k in range(9, 1, -1)] + [float(k) for k in range(1, 10)]
ratios = st.sampled_from(SCALE) | st.floats(1 / 9, 9)


def claiming(law: str) -> list[str]:
    return [method.name for method in AGGREGATIONS.methods() if law in method.laws]


def matrix(n: int, upper: list[float]) -> np.ndarray:
    A = np.ones((n, n))
    i, j = np.triu_indices(n, 1)
    A[i, j], A[j, i] = upper, 1 / np.array(upper)
    return A


@st.composite
def panels(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    n, k = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    pairs = n * (n - 1) // 2
    answers = st.lists(ratios, min_size=pairs, max_size=pairs)
    A = np.stack([matrix(n, draw(answers)) for _ in range(k)])
    say = np.array(draw(st.lists(st.floats(0.1, 10), min_size=k, max_size=k)))
    return A, say


def values(method: str, A: np.ndarray) -> np.ndarray:
    """Return what the method puts together: the judgments, or the priorities they give."""
    return A if AGGREGATIONS[method].function.of == "judgments" else priorities(A)


def test_every_law_is_claimed_and_every_claim_is_a_law() -> None:
    for method in AGGREGATIONS.methods():
        assert method.laws, method.name
        assert method.laws <= LAWS, method.name
        assert method.reference
        assert set(method.title) == {"zh", "en"}
    assert all(claiming(law) for law in LAWS)


@pytest.mark.parametrize("method", claiming("reciprocal"))
@given(panel=panels())
def test_joint_judgments_stay_reciprocal(method: str, panel: tuple[np.ndarray, np.ndarray]) -> None:
    joint = AGGREGATIONS[method].function(*panel)
    np.testing.assert_allclose(joint * joint.T, np.ones_like(joint), rtol=1e-12)


@pytest.mark.parametrize("method", claiming("between"))
@given(panel=panels())
def test_joint_values_lie_between_the_experts(method: str, panel: tuple[np.ndarray, np.ndarray]) -> None:
    own = values(method, panel[0])
    joint = AGGREGATIONS[method].function(own, panel[1])
    assert (joint >= own.min(0) * (1 - 1e-12)).all()
    assert (joint <= own.max(0) * (1 + 1e-12)).all()


@pytest.mark.parametrize("method", claiming("unanimous"))
@given(panel=panels())
def test_what_everybody_says_is_the_joint_value(method: str, panel: tuple[np.ndarray, np.ndarray]) -> None:
    A, say = panel
    same = np.repeat(values(method, A)[:1], len(say), axis=0)
    np.testing.assert_allclose(AGGREGATIONS[method].function(same, say), same[0], rtol=1e-12)


@pytest.mark.parametrize("method", claiming("simplex"))
@given(panel=panels())
def test_joint_priorities_are_at_least_0_and_sum_to_1(
    method: str, panel: tuple[np.ndarray, np.ndarray]
) -> None:
    joint = AGGREGATIONS[method].function(values(method, panel[0]), panel[1])
    assert (joint >= 0).all()
    assert joint.sum() == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("method", AGGREGATIONS.names())
@settings(max_examples=40)
@given(panel=panels())
def test_the_order_of_experts_does_not_matter_and_only_proportions_of_their_say(
    method: str, panel: tuple[np.ndarray, np.ndarray]
) -> None:
    A, say = panel
    found = group_priorities(A, say, aggregation=method)
    turned = group_priorities(A[::-1], 3 * say[::-1], aggregation=method)
    np.testing.assert_allclose(turned, found, rtol=1e-10)


@pytest.mark.parametrize("method", AGGREGATIONS.names())
@settings(max_examples=40)
@given(panel=panels())
def test_leaving_an_expert_out_is_a_panel_without_him(
    method: str, panel: tuple[np.ndarray, np.ndarray]
) -> None:
    A, say = panel
    found = leave_one_out(A, say, aggregation=method)
    for k in range(len(say)):
        if len(say) == 1:
            expected = np.full(A.shape[-1], np.nan)
        else:
            expected = group_priorities(np.delete(A, k, 0), np.delete(say, k), aggregation=method)
        np.testing.assert_allclose(found[k], expected, rtol=1e-8)


@settings(max_examples=40)
@given(panel=panels())
def test_geometric_priorities_of_joint_judgments_are_the_joint_geometric_priorities(
    panel: tuple[np.ndarray, np.ndarray],
) -> None:
    A, say = panel
    by_judgments = group_priorities(A, say, method="geometric_mean", aggregation="aij")
    by_priorities = group_priorities(A, say, method="geometric_mean", aggregation="aip_geometric")
    np.testing.assert_allclose(by_judgments, by_priorities, rtol=1e-11)


@settings(max_examples=40)
@given(panel=panels())
def test_consensus_is_at_most_1_and_1_for_one_opinion(panel: tuple[np.ndarray, np.ndarray]) -> None:
    A, say = panel
    P = priorities(A)
    if A.shape[-1] == 1:
        assert np.isnan(consensus(P, expert_weights=say))
        return
    assert consensus(P, expert_weights=say) <= 1 + 1e-12
    assert consensus(P[[0] * len(say)], expert_weights=say) == pytest.approx(1, abs=1e-12)


@given(panel=panels())
def test_complete_answers_cover_every_pair(panel: tuple[np.ndarray, np.ndarray]) -> None:
    np.testing.assert_allclose(coverage(*panel), 1, rtol=1e-12)
