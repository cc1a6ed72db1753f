"""How sure weights are: analytic errors against draws, and draws of whole panels."""

import numpy as np
import pytest

from evaluator.ahp import (
    eigenvector_error,
    llsm_covariance,
    priorities,
    priority_intervals,
    scatter,
)
from evaluator.ahp.distributions import chi_squared_tail, student_quantile

RNG = np.random.default_rng(8)


def judgments(count: int, w: np.ndarray, noise: float) -> np.ndarray:
    """Return matrices of noisy ratios of weights."""
    n = len(w)
    i, j = np.triu_indices(n, 1)
    ratios = np.exp(np.log(w[i] / w[j]) + RNG.normal(0, noise, (count, len(i))))
    A = np.ones((count, n, n))
    A[:, i, j], A[:, j, i] = ratios, 1 / ratios
    return A


TRUE = np.array([0.4, 0.3, 0.2, 0.1])


def open_pairs(A: np.ndarray, *pairs: tuple[int, int]) -> np.ndarray:
    A = A.copy()
    for i, j in pairs:
        A[..., i, j] = A[..., j, i] = np.nan
    return A


@pytest.mark.parametrize("blanks", [(), ((0, 1),), ((0, 1), (2, 3))])
def test_the_covariance_is_that_of_drawn_judgments(blanks: tuple) -> None:
    A = open_pairs(judgments(40_000, TRUE, 0.2), *blanks)
    y = np.log(priorities(A, "geometric_mean"))
    y -= y.mean(-1, keepdims=True)
    np.testing.assert_allclose(np.cov(y.T), llsm_covariance(A[0], sigma=0.2), rtol=0.08, atol=3e-4)


def test_the_scatter_tells_the_noise() -> None:
    squares, df = scatter(open_pairs(judgments(20_000, TRUE, 0.3), (0, 1)))
    assert (df == 2).all()
    assert (squares / df).mean() == pytest.approx(0.09, rel=0.03)


def test_two_complete_weights_differ_with_twice_the_variance_over_n() -> None:
    C = llsm_covariance(judgments(1, TRUE, 0.2)[0], sigma=0.5)
    assert C[0, 0] + C[3, 3] - 2 * C[0, 3] == pytest.approx(2 * 0.25 / 4, rel=1e-12)


def test_intervals_hold_the_true_weights_as_often_as_they_say() -> None:
    """Student's interval at three degrees of freedom; the normal one would hold four in five."""
    found = priority_intervals(judgments(4_000, TRUE, 0.1), level=0.9)
    held = ((found.low <= TRUE) & (found.high >= TRUE)).mean()
    assert held == pytest.approx(0.9, abs=0.02)
    assert ((found.low > 0) & (found.high < 1)).all()


def test_without_redundancy_there_is_no_interval_and_none_for_unconnected_parts() -> None:
    A = judgments(1, TRUE, 0.2)[0]
    tree = open_pairs(A, (0, 2), (0, 3), (1, 3))
    apart = open_pairs(A, (0, 2), (0, 3), (1, 2), (1, 3))
    found = priority_intervals([tree, apart, A])
    assert np.isnan(found.low[:2]).all()
    assert found.df.tolist() == [0, 0, 3]
    assert np.isfinite(found.priorities[0]).all()
    assert np.isfinite(found.low[2]).all()
    assert np.isnan(llsm_covariance(apart, sigma=0.2)).all()


def test_a_consistent_matrix_has_no_error() -> None:
    A = TRUE[:, None] / TRUE
    np.testing.assert_allclose(eigenvector_error(A), 0, atol=1e-12)
    found = priority_intervals(A)
    np.testing.assert_allclose(found.low, TRUE, rtol=1e-6)


@pytest.mark.parametrize(
    ("x", "df", "tail"),
    [(3.841459, 1, 0.05), (5.991465, 2, 0.05), (11.344867, 3, 0.01), (18.307038, 10, 0.05)],
)
def test_chi_squared_as_tabled(x: float, df: int, tail: float) -> None:
    assert float(chi_squared_tail(x, df)) == pytest.approx(tail, abs=1e-7)


@pytest.mark.parametrize(
    ("p", "df", "t"), [(0.975, 1, 12.7062), (0.95, 2, 2.91999), (0.995, 3, 5.84091), (0.025, 7, -2.36462),
                       (0.975, 30, 2.04227)]
)  # fmt: skip
def test_student_as_tabled(p: float, df: int, t: float) -> None:
    assert student_quantile(p, df) == pytest.approx(t, abs=6e-5)


def test_a_quantile_needs_a_probability() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        student_quantile(1.0, 3)
