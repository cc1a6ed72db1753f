"""Judgment scales: what answers become, and their random indices."""

import numpy as np
import pytest

from evaluator.ahp import SCALES, aggregate_judgments, apply_scale, consistency, random_index
from evaluator.errors import EvaluationError


def pair(value: float) -> np.ndarray:
    return np.array([[1, value], [1 / value, 1]])


def test_the_scale_goes_before_the_mean() -> None:
    """9 and 1/5 on the balanced scale: 1.96 if each answer is scaled first, 1.07 if the mean is."""
    answers = np.stack([pair(9), pair(1 / 5)])
    first = aggregate_judgments(apply_scale(answers, "balanced"))[0, 1]
    late = apply_scale(aggregate_judgments(answers), "balanced")[0, 1]
    assert (round(first, 2), round(late, 2)) == (1.96, 1.07)


@pytest.mark.parametrize("scale", SCALES.names())
def test_blanks_stay_and_the_input_is_not_touched(scale: str) -> None:
    A = np.array([[1, np.nan, 5], [np.nan, 1, 1 / 3], [1 / 5, 3, 1]])
    before = A.copy()
    found = apply_scale(A, scale)
    np.testing.assert_array_equal(np.isnan(found), np.isnan(A))
    np.testing.assert_array_equal(A, before)
    assert found is not A


@pytest.mark.parametrize("scale", [name for name in SCALES.names() if name != "linear"])
@pytest.mark.parametrize("value", [9.5, 1 / 10, 0.0, -3.0, np.inf])
def test_answers_beyond_nine_are_on_no_other_scale_than_the_linear(scale: str, value: float) -> None:
    A = np.ones((2, 2))
    A[0, 1] = value
    assert np.isnan(apply_scale(A, scale)[0, 1])


def test_nine_typed_as_a_rounded_reciprocal_is_nine() -> None:
    assert apply_scale(pair(1 / (1 / 9)), "geometric")[0, 1] == pytest.approx(256)


def test_answers_between_the_grid_have_a_ratio_too() -> None:
    assert apply_scale(pair(3.5), "balanced")[0, 1] == pytest.approx(12.5 / 7.5)


def test_an_unknown_scale_is_answered_with_the_nearest() -> None:
    with pytest.raises(EvaluationError) as caught:
        apply_scale(pair(3), "ballanced")
    assert [(i.code, i.hint[0]) for i in caught.value.issues] == [("METHOD-001", "balanced")]


@pytest.mark.parametrize("scale", SCALES.names())
def test_every_scale_has_its_own_random_index(scale: str) -> None:
    """All 4,913 matrices for n = 3; a seeded sample for n = 5 and, beyond the table, n = 17."""
    numbers = np.arange(17**3)[:, None] // 17 ** np.arange(3) % 17
    rng = np.random.default_rng(7)
    grid = np.array([1 / k for k in range(9, 1, -1)] + list(range(1, 10)))
    for n, places in ((3, numbers), (5, rng.integers(0, 17, (6000, 10))),
                      (17, rng.integers(0, 17, (800, 136)))):  # fmt: skip
        A = np.ones((len(places), n, n))
        i, j = np.triu_indices(n, 1)
        A[:, i, j], A[:, j, i] = grid[places], grid[16 - places]
        ci = consistency(apply_scale(A, scale), ri=1.0).ci
        error = 1e-4 if n == 3 else 4 * ci.std() / np.sqrt(len(ci))
        assert ci.mean() == pytest.approx(random_index(n, scale=scale), abs=error)


def test_the_random_indices_of_the_scales_differ_widely() -> None:
    at_5 = {scale: random_index(5, scale=scale) for scale in SCALES.names()}
    assert at_5["root"] < 0.3 < at_5["linear"] < 2 < at_5["geometric"]
    values = np.array([[random_index(n, scale=scale) for n in range(3, 80)] for scale in SCALES.names()])
    assert (np.diff(values, axis=1) >= 0).all()
