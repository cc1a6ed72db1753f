"""Consistency: figures, conventions and verdicts."""

import numpy as np
import pytest

from evaluator.ahp import PROFILES, RANDOM_INDICES, consistency, priorities, random_index
from evaluator.errors import EvaluationError

A3 = np.array([[1, 2, 1 / 3], [1 / 2, 1, 1 / 2], [3, 2, 1]])  # CR 0.117 by Saaty 1980


def consistent(n: int) -> np.ndarray:
    w = np.arange(1.0, n + 1)
    return w[:, None] / w[None, :]


def random_matrices(count: int, n: int) -> np.ndarray:
    rng = np.random.default_rng(n)
    A = np.exp(rng.normal(0, 1, (count, n, n)))
    return np.sqrt(A / np.swapaxes(A, -2, -1))


@pytest.mark.parametrize("n", [3, 4, 6, 9, 16])
def test_lambda_max_is_the_largest_eigenvalue(n: int) -> None:
    A = random_matrices(50, n)
    expected = np.linalg.eigvals(A).real.max(-1)
    np.testing.assert_allclose(consistency(A).lambda_max, expected, rtol=1e-12)


@pytest.mark.parametrize("method", ["geometric_mean", "normalized_columns"])
def test_other_priorities_estimate_lambda_max_by_the_mean_ratio(method: str) -> None:
    """The stated convention, the mean of (A w)_i / w_i: it may lie above or below the eigenvalue."""
    A = random_matrices(50, 5)
    w = priorities(A, method)
    mean = ((A @ w[..., None])[..., 0] / w).mean(-1)
    np.testing.assert_allclose(consistency(A, method).lambda_max, mean, rtol=1e-12)


@pytest.mark.parametrize("n", [1, 2])
@pytest.mark.parametrize("profile", PROFILES.names())
def test_one_and_two_elements_are_not_testable(n: int, profile: str) -> None:
    """Two elements cannot contradict each other: no CR, and not a passed test."""
    result = consistency(consistent(n), profile=profile)
    assert result.verdict == "not_testable"
    assert result.lambda_max == pytest.approx(n)
    assert np.isnan([result.ri, result.cr, result.gci, result.limit]).all()


@pytest.mark.parametrize("n", [3, 15, 16, 20, 40])
def test_consistent_judgments_of_any_size_have_a_ratio_of_zero(n: int) -> None:
    result = consistency(consistent(n))
    assert 0 <= result.cr < 1e-12
    assert 0 <= result.gci < 1e-12
    assert result.verdict == "consistent"


def test_a_matrix_with_a_blank_is_not_testable_and_leaves_the_batch_alone() -> None:
    A = np.stack([A3, A3, A3])
    A[1, 0, 1] = A[1, 1, 0] = np.nan
    result = consistency(A)
    assert result.missing.tolist() == [0, 1, 0]
    assert result.verdict.tolist() == ["inconsistent", "not_testable", "inconsistent"]
    assert np.isnan([result.lambda_max[1], result.ci[1], result.cr[1], result.gci[1]]).all()
    assert result.cr[0] == result.cr[2] > 0


def test_values_that_are_no_ratio_are_not_testable() -> None:
    A = A3.copy()
    A[0, 1] = -2
    result = consistency(A)
    assert result.verdict == "not_testable"
    assert np.isnan([result.cr, result.gci]).all()


def test_fields_have_the_shape_of_the_batch() -> None:
    result = consistency(random_matrices(6, 4).reshape(2, 3, 4, 4))
    for name in ("n", "missing", "lambda_max", "ci", "ri", "cr", "gci", "limit", "verdict"):
        assert getattr(result, name).shape == (2, 3), name
    assert (result.n == 4).all()


def test_an_empty_batch_has_empty_fields() -> None:
    result = consistency(np.ones((0, 5, 5)))
    assert result.cr.shape == result.verdict.shape == (0,)


def test_the_profiles_differ_in_random_index_and_limit() -> None:
    """The same matrix passes in Chinese practice and fails the stricter limit."""
    A = np.array([[1, 2, 1 / 2], [1 / 2, 1, 1 / 2], [2, 2, 1]])
    cn, strict = consistency(A, profile="cn"), consistency(A, profile="strict")
    assert (float(cn.ri), float(cn.limit), str(cn.verdict)) == (0.58, 0.10, "consistent")
    assert (float(strict.limit), str(strict.verdict)) == (0.05, "inconsistent")
    assert strict.ri == random_index(3, "simulated")


@pytest.mark.parametrize("n", range(3, 12))
def test_the_strict_limits_rise_to_a_tenth(n: int) -> None:
    expected = {3: 0.05, 4: 0.08}.get(n, 0.10)
    assert PROFILES["strict"].function(n) == expected
    assert PROFILES["cn"].function(n) == 0.10


def test_another_profile_can_judge_the_same_figures() -> None:
    A = random_matrices(20, 4)
    first, again = consistency(A, profile="cn"), consistency(A, profile="strict")
    np.testing.assert_array_equal(first.under("strict").cr, again.cr)
    assert first.under("strict").verdict.tolist() == again.verdict.tolist()
    assert first.under("strict").profile == "strict"


def test_a_number_serves_as_random_index() -> None:
    assert consistency(A3, ri=0.5).cr == pytest.approx(consistency(A3).ci / 0.5, rel=1e-15)


def test_a_ratio_just_at_the_limit_is_not_below_it() -> None:
    ci = float(consistency(A3).ci)
    assert consistency(A3, ri=ci / 0.05).verdict == "inconsistent"
    assert consistency(A3, ri=ci / 0.0499).verdict == "consistent"


@pytest.mark.parametrize("ri", [0.0, -0.58, float("nan"), float("inf")])
def test_a_random_index_must_be_a_positive_number(ri: float) -> None:
    with pytest.raises(ValueError, match="positive"):
        consistency(A3, ri=ri)


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        ({"ri": "saaty1908"}, ("saaty1980",)),
        ({"profile": "stict"}, ("strict",)),
        ({"method": "eigen_vector"}, ("eigenvector",)),
        ({"scale": "linera"}, ("linear",)),
    ],
)
def test_unknown_conventions_are_named_with_the_nearest(options: dict[str, str], hint: tuple[str]) -> None:
    with pytest.raises(EvaluationError) as caught:
        consistency(A3, **options)
    assert [issue.code for issue in caught.value.issues] == ["METHOD-001"]
    assert caught.value.issues[0].hint[0] == hint[0]


@pytest.mark.parametrize("table", RANDOM_INDICES.names())
def test_every_table_holds_for_any_size_and_rises(table: str) -> None:
    """A table that falls from one n to the next has a misprint; n = 16 is as good as n = 15."""
    values = [random_index(n, table) for n in range(3, 120)]
    assert np.isfinite(values).all()
    assert (np.diff(values) >= 0).all()
    assert np.isnan([random_index(1, table), random_index(2, table)]).all()


def test_the_simulated_table_is_what_a_simulation_gives() -> None:
    """All 4,913 matrices for n = 3; a seeded sample for n = 6 and n = 18, within four standard errors."""
    scale = np.array([1 / k for k in range(9, 1, -1)] + list(range(1, 10)))
    numbers = np.arange(17**3)[:, None] // 17 ** np.arange(3) % 17
    rng = np.random.default_rng(0)
    for n, answers in ((3, numbers), (6, rng.integers(0, 17, (8000, 15))),
                       (18, rng.integers(0, 17, (1000, 153)))):  # fmt: skip
        A = np.ones((len(answers), n, n))
        i, j = np.triu_indices(n, 1)
        A[:, i, j], A[:, j, i] = scale[answers], scale[16 - answers]
        ci = consistency(A).ci
        error = 5e-5 if n == 3 else 4 * ci.std() / np.sqrt(len(ci))
        assert ci.mean() == pytest.approx(random_index(n), abs=error)
