"""Draws of a panel's priorities: their shape, their scatter, and how often they cover what is true."""

import numpy as np
import pytest

from evaluator.ahp import group_priorities, own_draws, panel_draws, priorities, priority_draws

TRUE = np.array([0.5, 0.3, 0.2])


def panels(count: int, k: int, truth: np.ndarray, seed: int) -> np.ndarray:
    """Return judgments of panels, (count, k, n, n): experts differ, and contradict themselves a little."""
    rng, n = np.random.default_rng(seed), len(truth)
    own = np.log(truth) + rng.normal(0, 0.4, (count, k, n))
    i, j = np.triu_indices(n, 1)
    logs = own[..., i] - own[..., j] + rng.normal(0, 0.2, (count, k, len(i)))
    A = np.ones((count, k, n, n))
    A[..., i, j], A[..., j, i] = np.exp(logs), np.exp(-logs)
    return A


def random_numbers(draws: int, k: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.standard_normal((draws, k)), rng.random(draws)


@pytest.mark.parametrize("k", [3, 5, 8])
def test_intervals_said_to_cover_90_percent_do_so(k: int) -> None:
    """4,000 panels whose experts scatter around known weights."""
    inside = np.zeros(len(TRUE))
    for number, A in enumerate(panels(4_000, k, TRUE, seed=k)):
        drawn = panel_draws(A, np.ones(k), *random_numbers(300, k, seed=number), method="geometric_mean")
        low, high = np.quantile(drawn, [0.05, 0.95], axis=0)
        inside += (low <= TRUE) & (high >= TRUE)
    assert (inside / 4_000).mean() == pytest.approx(0.90, abs=0.02)


@pytest.mark.parametrize("aggregation", ["aij", "aip", "aip_geometric"])
def test_draws_at_zero_are_the_group_itself(aggregation: str) -> None:
    A, say = panels(1, 4, TRUE, seed=3)[0], np.array([3.0, 1, 2, 1])
    drawn = panel_draws(A, say, np.zeros((2, 4)), [0.3, 0.9], aggregation=aggregation)
    expected = group_priorities(A, say, aggregation=aggregation)
    np.testing.assert_allclose(drawn, [expected] * 2, rtol=1e-12)


def test_experts_who_agree_leave_nothing_to_draw() -> None:
    A = np.stack([TRUE[:, None] / TRUE] * 3)
    drawn = panel_draws(A, np.ones(3), *random_numbers(50, 3))
    np.testing.assert_allclose(drawn, [TRUE] * 50, rtol=1e-12)


def test_the_logarithm_of_a_joint_judgment_is_a_t_distribution() -> None:
    """Equal shares: mean ± t(k−1) · s/√k, as the textbook has it for k observations."""
    A = panels(1, 5, np.array([0.6, 0.4]), seed=4)[0]
    logs = np.log(A[:, 0, 1])
    drawn = panel_draws(A, np.ones(5), *random_numbers(200_000, 5))
    quantile = np.quantile(np.log(drawn[:, 0] / drawn[:, 1]), 0.95)
    assert quantile == pytest.approx(logs.mean() + 2.1318 * logs.std(ddof=1) / np.sqrt(5), rel=0.01)


def test_who_has_no_say_changes_nothing() -> None:
    A = panels(1, 4, TRUE, seed=5)[0]
    A[3] = 1.0
    normals, uniforms = random_numbers(20, 4)
    drawn = panel_draws(A, [1, 1, 1, 0], normals, uniforms)
    again = panel_draws(A, [1, 1, 1, 0], normals * [1, 1, 1, 7], uniforms)
    np.testing.assert_array_equal(drawn, again)


def test_a_comparison_only_one_expert_made_shows_no_difference() -> None:
    A = np.stack([TRUE[:, None] / TRUE] * 3) * 1.0
    A[1:, 0, 1] = A[1:, 1, 0] = np.nan
    A[1, 0, 2], A[1, 2, 0] = 5.0, 0.2
    drawn = panel_draws(A, np.ones(3), *random_numbers(200, 3), method="geometric_mean")
    assert np.isfinite(drawn).all()
    assert drawn.std(0).min() > 0


def test_priorities_of_zero_stay_zero() -> None:
    drawn = priority_draws([[0.5, 0.5, 0], [0.6, 0.4, 0], [0.2, 0.8, 0]], np.ones(3), *random_numbers(30, 3),
                           aggregation="aip")  # fmt: skip
    assert (drawn[:, 2] == 0).all()
    np.testing.assert_allclose(drawn.sum(-1), 1)


def test_one_expert_shows_only_contradictions() -> None:
    """Var(ln w_i) = s²/n around the priorities; judgments without a contradiction show nothing."""
    A = panels(1, 1, np.array([0.4, 0.3, 0.2, 0.1]), seed=6)[0]
    center = priorities(A[0], "geometric_mean")
    rng = np.random.default_rng(2)
    found = own_draws(A, [1.0], rng.standard_normal((100_000, 4)), np.full(100_000, 0.5), center)
    ratio = np.log(found[:, 0] / found[:, 1])
    y = np.log(center)
    i, j = np.triu_indices(4, 1)
    s2 = ((np.log(A[0, i, j]) - y[i] + y[j]) ** 2).sum() / 3
    median = 2.366  # of χ² with three degrees of freedom
    assert ratio.std() == pytest.approx(np.sqrt(2 * s2 / 4 * 3 / median), rel=0.01)
    assert own_draws([[[1, 2], [0.5, 1]]], [1.0], [[0.0, 0.0]], [0.5], [2 / 3, 1 / 3]) is None


@pytest.mark.parametrize(("k", "normals"), [(2, 2), (3, 2)])
def test_three_experts_each_with_a_number(k: int, normals: int) -> None:
    with pytest.raises(ValueError, match="three experts"):
        panel_draws(np.ones((k, 3, 3)), np.ones(k), np.zeros((4, normals)), np.full(4, 0.5))


def test_one_expert_with_a_single_degree_of_freedom_never_draws_beyond_numbers() -> None:
    """A share near 0 of χ² with one degree of freedom makes the spread as wide as one likes."""
    A = [[[1, 3, 5], [1 / 3, 1, 2], [1 / 5, 1 / 2, 1]]]
    found = own_draws(A, [1.0], [[3.0, -1.0, -2.0], [0.1, 0.2, 0.3]], [1e-12, 0.5], [0.65, 0.23, 0.12])
    np.testing.assert_allclose(found.sum(-1), 1)
    assert found[0, 0] == pytest.approx(1)
