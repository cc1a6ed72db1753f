"""Consistency: figures, conventions and verdicts."""

import numpy as np
import pytest

from evaluator import messages
from evaluator.ahp import CONVENTIONS, RANDOM_INDICES, consistency, gci_limit, priorities, random_index
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
@pytest.mark.parametrize("convention", CONVENTIONS.names())
def test_one_and_two_elements_are_not_testable(n: int, convention: str) -> None:
    """Two elements cannot contradict each other: no CR, and not a passed test."""
    result = consistency(consistent(n), convention=convention)
    assert result.verdict == "not_testable"
    assert result.lambda_max == pytest.approx(n)
    assert np.isnan([result.ri, result.cr, result.gci, result.limit]).all()


@pytest.mark.parametrize("n", [3, 15, 16, 20, 40])
def test_consistent_judgments_of_any_size_have_a_ratio_of_zero(n: int) -> None:
    result = consistency(consistent(n))
    assert 0 <= result.cr < 1e-12
    assert 0 <= result.gci < 1e-12
    assert result.verdict == "consistent"


def test_a_spanning_tree_of_judgments_has_weights_but_no_ratio_and_leaves_the_batch_alone() -> None:
    """Nothing contradicts anything, and nothing could: not testable, never CR = 0 and passed."""
    A = np.stack([A3, A3, A3])
    A[1, 0, 1] = A[1, 1, 0] = np.nan
    result = consistency(A)
    assert result.missing.tolist() == [0, 1, 0]
    assert result.verdict.tolist() == ["inconsistent", "not_testable", "inconsistent"]
    assert np.isnan([result.cr[1], result.gci[1], result.ri[1]]).all()
    assert result.lambda_max[1] == pytest.approx(3, rel=1e-14)
    assert result.priorities[1] == pytest.approx(np.array([2, 3, 6]) / 11)
    assert result.cr[0] == result.cr[2] > 0
    assert consistency(A, ri=0.5).verdict[1] == "not_testable"


def test_unconnected_judgments_have_no_figures() -> None:
    """a : b and c : d only: no weights, no λmax, and no CR of 0."""
    A = np.full((4, 4), np.nan)
    A[range(4), range(4)] = 1
    A[0, 1], A[1, 0], A[2, 3], A[3, 2] = 3, 1 / 3, 5, 1 / 5
    result = consistency(A)
    assert result.verdict == "not_testable"
    assert np.isnan([result.lambda_max, result.ci, result.cr, result.gci]).all()
    assert np.isnan(result.priorities).all()


def holed(A: np.ndarray, *pairs: tuple[int, int]) -> np.ndarray:
    B = A.copy()
    for i, j in pairs:
        B[..., i, j] = B[..., j, i] = np.nan
    return B


def test_the_random_index_falls_with_the_redundant_comparisons() -> None:
    A = random_matrices(1, 5)[0]
    full, two = consistency(A, convention="cn"), consistency(holed(A, (0, 1), (2, 4)), convention="cn")
    assert full.ri == 1.12
    assert two.ri == pytest.approx(1.12 * (1 - 2 * 2 / (4 * 3)), rel=1e-15)
    assert two.cr == pytest.approx(two.ci / two.ri)
    assert consistency(holed(A, (0, 1)), ri=0.9).ri == 0.9, "a number is taken as it is"


def test_contradiction_in_the_comparisons_that_were_made_is_found() -> None:
    """A cycle of nines among three of four elements, the fourth tied by one comparison."""
    A = np.full((4, 4), np.nan)
    for i, j, value in (
        (0, 0, 1),
        (1, 1, 1),
        (2, 2, 1),
        (3, 3, 1),
        (0, 1, 9),
        (1, 2, 9),
        (2, 0, 9),
        (2, 3, 2),
    ):
        A[i, j], A[j, i] = value, 1 / value
    result = consistency(A)
    assert result.verdict == "inconsistent"
    assert result.missing == 2
    assert result.gci > 1


def test_the_geometric_index_is_the_residual_variance() -> None:
    """Σ e² over the comparisons made, divided by those that are redundant, as a regression gives it."""
    A = holed(random_matrices(1, 5)[0], (0, 1), (2, 4), (1, 3))
    i, j = (index[~np.isnan(A[np.triu_indices(5, 1)])] for index in np.triu_indices(5, 1))
    design = (np.eye(5)[i] - np.eye(5)[j])[:, 1:]
    residuals = np.linalg.lstsq(design, np.log(A[i, j]), rcond=None)[1]
    assert consistency(A).gci == pytest.approx(residuals[0] / (len(i) - 4), rel=1e-12)


@pytest.mark.parametrize("n", [2, 3, 4, 5, 9])
def test_the_limit_of_the_geometric_index_goes_with_the_ratio(n: int) -> None:
    expected = {2: np.nan, 3: 0.3147, 4: 0.3526}.get(n, 0.370)
    assert gci_limit(n) == pytest.approx(expected, nan_ok=True)
    assert gci_limit(n, 0.05) == pytest.approx(expected / 2, nan_ok=True)


def test_a_convention_says_in_both_languages_how_it_differs() -> None:
    for convention in CONVENTIONS.methods():
        for language in messages.LANGUAGES:
            assert messages.text(f"convention.{convention.name}", language)


@pytest.mark.parametrize(
    ("convention", "n", "ri"),
    [
        ("saaty1980", 12, 1.48),
        ("saaty1980", 15, 1.59),
        ("cn", 12, 1.5364),
        ("spssau", 6, 1.26),
        ("spssau", 30, 1.6724),
    ],
)
def test_a_convention_has_the_random_index_of_its_tool(convention: str, n: int, ri: float) -> None:
    result = consistency(consistent(n), convention=convention)
    assert float(result.ri) == ri
    assert result.table == CONVENTIONS[convention].function.ri


def test_goepels_convention_gives_his_ratio_on_every_scale() -> None:
    """CR = (λ − n)/(2.7699 n − 4.3513 − n), for the 1–9 scale and, as AHP-OS does, for any other."""
    A = A3
    for scale in ("linear", "balanced"):
        result = consistency(A, convention="ahp-os", scale=scale)
        assert result.cr == pytest.approx((result.lambda_max - 3) / (2.7699 * 3 - 4.3513 - 3), rel=1e-12)


def test_a_table_that_does_not_hold_for_the_scale_gives_way_to_the_simulated_one() -> None:
    """The random index of 1–9 answers says nothing about ratios on another scale."""
    cn = consistency(A3, convention="cn", scale="balanced")
    assert cn.table == "simulated"
    assert cn.ri == random_index(3, "simulated", scale="balanced") < 0.3
    with pytest.raises(EvaluationError) as caught:
        consistency(A3, ri="saaty1980", scale="balanced")
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [("METHOD-001", "balanced")]


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


def test_the_conventions_differ_in_random_index_and_limit() -> None:
    """The same matrix passes in Chinese practice and fails the stricter limit."""
    A = np.array([[1, 2, 1 / 2], [1 / 2, 1, 1 / 2], [2, 2, 1]])
    cn, strict = consistency(A, convention="cn"), consistency(A, convention="strict")
    assert (float(cn.ri), float(cn.limit), str(cn.verdict)) == (0.58, 0.10, "consistent")
    assert (float(strict.limit), str(strict.verdict)) == (0.05, "inconsistent")
    assert strict.ri == random_index(3, "simulated")


@pytest.mark.parametrize("n", range(3, 12))
def test_the_strict_limits_rise_to_a_tenth(n: int) -> None:
    expected = {3: 0.05, 4: 0.08}.get(n, 0.10)
    assert CONVENTIONS["strict"].function(n) == expected
    assert CONVENTIONS["cn"].function(n) == 0.10


def test_another_convention_can_judge_the_same_figures() -> None:
    A = random_matrices(20, 4)
    first, again = consistency(A, convention="cn"), consistency(A, convention="strict")
    np.testing.assert_array_equal(first.under("strict").cr, again.cr)
    assert first.under("strict").verdict.tolist() == again.verdict.tolist()
    assert first.under("strict").convention == "strict"


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
        ({"convention": "stict"}, ("strict",)),
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
    values = np.array([random_index(n, table) for n in range(3, 120)])
    falls = [3 + int(k) + 1 for k in np.flatnonzero(np.diff(values) < 0)]
    assert np.isfinite(values).all()
    assert falls == {"saaty1980_printed": [12]}.get(table, []), "a misprint is kept only under its own name"
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
