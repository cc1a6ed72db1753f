"""The best–worst method: both models exact, consistency, and answers that cannot be meant."""

import numpy as np
import pytest

from evaluator.ahp import best_worst


def deviation(w: np.ndarray, B: np.ndarray, W: np.ndarray) -> float:
    """Return the largest deviation of weights, the first element being the best and the last the worst."""
    return max(np.abs(w[0] - B * w).max(), np.abs(w - W * w[-1]).max())


def answers(seed: int, n: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    top = rng.integers(2, 10)
    B, W = rng.integers(1, top + 1, (2, n)).astype(float)
    B[0], B[-1], W[0], W[-1] = 1, top, top, 1
    return B, W


@pytest.mark.parametrize("n", [3, 4, 5, 7, 9])
@pytest.mark.parametrize("seed", range(8))
def test_no_other_weights_deviate_less(seed: int, n: int) -> None:
    B, W = answers(seed, n)
    result = best_worst(B, W, best=0, worst=n - 1)
    assert deviation(result.weights, B, W) == pytest.approx(float(result.xi), abs=1e-10)
    rng = np.random.default_rng(seed)
    for size in (0.3, 0.03, 0.003):
        for w in result.weights * np.exp(rng.normal(0, size, (100, n))):
            assert deviation(w / w.sum(), B, W) >= result.xi - 1e-10


@pytest.mark.parametrize("seed", range(8))
def test_every_weight_of_the_nonlinear_model_lies_in_its_range(seed: int) -> None:
    """Weights drawn at random deviate by less than a hundredth above ξ only within the ranges."""
    B, W = answers(seed, 4)
    result = best_worst(B, W, best=0, worst=3, model="nonlinear")
    rng = np.random.default_rng(seed)
    low, high = result.ranges.T
    drawn = rng.uniform(low * 0.8, high * 1.2, (20_000, 4))
    with np.errstate(invalid="ignore"):
        apart = np.maximum(
            np.abs(drawn[:, :1] / drawn - B).max(-1), np.abs(drawn / drawn[:, -1:] - W).max(-1)
        )
    assert apart.min() >= result.xi - 1e-9
    near = drawn[apart <= result.xi + 1e-9]
    shares = near / near.sum(-1, keepdims=True)
    assert (shares >= low - 1e-9).all()
    assert (shares <= high + 1e-9).all()


@pytest.mark.parametrize("model", ["linear", "nonlinear"])
def test_consistent_answers_give_the_weights_behind_them(model: str) -> None:
    w = np.array([0.5, 0.25, 0.125, 0.125])
    result = best_worst(w[0] / w, w / w[-1], model=model)
    np.testing.assert_allclose(result.weights, w, rtol=1e-12)
    assert result.xi == pytest.approx(0, abs=1e-12)
    assert result.input_cr == pytest.approx(0, abs=1e-12)
    assert result.verdict == "consistent"


def test_nearly_consistent_answers_are_solved_as_well() -> None:
    B, W = np.array([1, 2.0001, 4, 8]), np.array([8, 4, 2, 1])
    result = best_worst(B, W)
    assert deviation(result.weights, B, W) == pytest.approx(float(result.xi), rel=1e-4)
    assert 0 < result.xi < 1e-4
    np.testing.assert_allclose(result.weights, np.array([8, 4, 2, 1]) / 15, atol=1e-4)


def test_two_elements_and_equal_ones_are_not_testable() -> None:
    two = best_worst([1, 3], [3, 1])
    np.testing.assert_allclose(two.weights, [0.75, 0.25])
    assert (str(two.verdict), bool(np.isnan(two.input_cr))) == ("not_testable", True)
    same = best_worst([1, 1, 1], [1, 1, 1], best=0, worst=2)
    np.testing.assert_allclose(same.weights, 1 / 3)
    assert same.verdict == "not_testable"


def test_contradictory_answers_are_not_consistent() -> None:
    """Everything is nine times better than the worst, and the best nine times better than everything."""
    result = best_worst([1, 9, 9, 9], [9, 9, 9, 1], best=0, worst=3)
    assert result.verdict == "inconsistent"
    assert result.output_cr == pytest.approx(1, abs=1e-12)
    assert result.input_cr == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize(
    ("B", "W"),
    [
        ([1, 2, 8], [7, 4, 1]),
        ([1, 0.5, 8], [8, 4, 1]),
        ([1, np.nan, 8], [8, 4, 1]),
        ([1, np.inf, 8], [8, 4, 1]),
        ([2, 3, 8], [8, 4, 1]),
    ],
)
@pytest.mark.parametrize("model", ["linear", "nonlinear"])
def test_answers_that_cannot_be_meant_give_no_weights_alone_in_their_batch(
    B: list[float], W: list[float], model: str
) -> None:
    result = best_worst([B, [1, 2, 8]], [W, [8, 4, 1]], best=0, worst=2, model=model)
    assert np.isnan(result.weights[0]).all()
    assert result.verdict[0] == "not_testable"
    np.testing.assert_allclose(result.weights[1], np.array([8, 4, 1]) / 13, rtol=1e-9)


def test_shapes_and_models_are_checked() -> None:
    with pytest.raises(ValueError, match="one shape"):
        best_worst([1, 2], [2, 1, 1])
    with pytest.raises(ValueError, match="linear or nonlinear"):
        best_worst([1, 2], [2, 1], model="quadratic")
