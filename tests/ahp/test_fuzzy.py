"""Triangular judgments: how they are made, joined, and turned into weights."""

import numpy as np
import pytest

from evaluator.ahp import FUZZY_PRIORITIES, aggregate_fuzzy, fuzzify, fuzzy_priorities, priorities
from evaluator.errors import EvaluationError, Severity

A = np.array([[1, 3, 5, 7], [1 / 3, 1, 3, 5], [1 / 5, 1 / 3, 1, 3], [1 / 7, 1 / 5, 1 / 3, 1]])


def pair(value: float) -> np.ndarray:
    return np.array([[1.0, value], [1 / value, 1.0]])


@pytest.mark.parametrize(
    ("value", "options", "expected"),
    [
        (3, {}, (2, 3, 4)),
        (1 / 3, {}, (1 / 4, 1 / 3, 1 / 2)),
        (9, {}, (8, 9, 9)),
        (9, {"largest": 10}, (8, 9, 10)),
        (12, {}, (11, 12, 12)),
        (1.5, {}, (1, 1.5, 2.5)),
        (4, {"spread": 0.5}, (3.5, 4, 4.5)),
        (1, {}, (1, 1, 1)),
        (1, {"equal": "around"}, (1 / 2, 1, 2)),
    ],
)
def test_a_crisp_judgment_becomes_a_triangle_around_it(value: float, options: dict, expected: tuple) -> None:
    T = fuzzify(pair(value), **options)
    np.testing.assert_allclose(T[0, 1], expected, rtol=1e-15)
    np.testing.assert_allclose(T[1, 0], [1 / x for x in expected[::-1]], rtol=1e-15)
    assert (T[0, 0] == 1).all()


def test_a_comparison_not_made_stays_open_and_spoils_its_own_matrix_alone() -> None:
    blank = A.copy()
    blank[0, 1] = blank[1, 0] = np.nan
    T = fuzzify([A, blank])
    assert np.isnan(T[1, 0, 1]).all()
    result = fuzzy_priorities(T)
    assert np.isnan(result.crisp[1]).all()
    np.testing.assert_array_equal(result.crisp[0], fuzzy_priorities(fuzzify(A)).crisp)


@pytest.mark.parametrize("triangle", [(3, 2, 4), (0, 1, 2), (-1, 1, 2), (1, 2, np.inf), (2, 3, 3)], ids=str)
def test_what_is_no_reciprocal_triangle_gives_no_weights(triangle: tuple[float, ...]) -> None:
    T = fuzzify(pair(3))
    T[0, 1] = triangle
    assert np.isnan(fuzzy_priorities(T).crisp).all()


@pytest.mark.parametrize("method", ["buckley", "constrained"])
def test_crisp_judgments_give_the_geometric_mean(method: str) -> None:
    result = fuzzy_priorities(fuzzify(A, spread=0), method)
    expected = priorities(A, "geometric_mean")
    np.testing.assert_allclose(result.crisp, expected, rtol=1e-12)
    np.testing.assert_allclose(result.fuzzy, expected[:, None] * np.ones(3), rtol=1e-12)


def test_the_crisp_result_stands_beside_every_fuzzy_one() -> None:
    for method in FUZZY_PRIORITIES.methods():
        result = fuzzy_priorities(fuzzify(A), method.name)
        np.testing.assert_allclose(result.modal, priorities(A, "geometric_mean"), rtol=1e-12)


def test_extent_analysis_says_that_it_gives_zeros() -> None:
    """Its order contradicts the judgments: the third criterion beats the fourth three to one, both get 0."""
    result = fuzzy_priorities(fuzzify(A, largest=10), "chang")
    np.testing.assert_allclose(result.crisp, [0.739, 0.261, 0, 0], atol=5e-4)
    (issue,) = result.issues
    assert (issue.code, issue.subject, issue.severity) == ("METHOD-002", "chang", Severity.WARNING)
    assert issue.detail == {"zeros": 2, "matrices": 1}
    assert fuzzy_priorities(fuzzify(A)).issues == ()


def test_constrained_weights_are_no_wider_than_buckleys() -> None:
    T = fuzzify(A)
    narrow, wide = fuzzy_priorities(T, "constrained").fuzzy, fuzzy_priorities(T).fuzzy
    assert (narrow[:, 0] >= wide[:, 0] - 1e-12).all()
    assert (narrow[:, 2] <= wide[:, 2] + 1e-12).all()
    assert (narrow[:, 2] - narrow[:, 0] < 0.9 * (wide[:, 2] - wide[:, 0])).all()


def test_constrained_weights_hold_every_matrix_within_the_triangles() -> None:
    """Ten thousand reciprocal matrices drawn inside: none leaves the bounds, and some come close."""
    rng = np.random.default_rng(5)
    T = fuzzify(A)
    i, j = np.triu_indices(4, 1)
    logs = np.log(T[i, j])
    drawn = logs[:, 0] + rng.beta(0.1, 0.1, (10_000, 6)) * (logs[:, 2] - logs[:, 0])
    X = np.ones((10_000, 4, 4))
    X[:, i, j], X[:, j, i] = np.exp(drawn), np.exp(-drawn)
    w = priorities(X, "geometric_mean")
    bounds = fuzzy_priorities(T, "constrained").fuzzy
    assert (w >= bounds[:, 0] - 1e-12).all()
    assert (w <= bounds[:, 2] + 1e-12).all()
    np.testing.assert_allclose(w.min(0), bounds[:, 0], rtol=0.02)
    np.testing.assert_allclose(w.max(0), bounds[:, 2], rtol=0.02)


def test_beyond_seven_elements_constrained_bounds_are_not_had() -> None:
    result = fuzzy_priorities(fuzzify(np.ones((8, 8))), "constrained")
    assert np.isnan(result.fuzzy[:, 0]).all()
    np.testing.assert_allclose(result.fuzzy[:, 1], 1 / 8)


def test_experts_join_by_the_geometric_mean_of_each_end() -> None:
    T = fuzzify([pair(2), pair(8)], largest=10)
    np.testing.assert_allclose(aggregate_fuzzy(T, [3, 1])[0, 1], [7**0.25, 8**0.5 * 1.0, 3**0.75 * 9**0.25])


def test_an_unknown_method_and_another_shape_are_refused() -> None:
    with pytest.raises(EvaluationError) as caught:
        fuzzy_priorities(fuzzify(A), "buckly")
    assert [(issue.code, issue.hint) for issue in caught.value.issues] == [("METHOD-001", ("buckley",))]
    with pytest.raises(ValueError, match="triangular"):
        fuzzy_priorities(A)
