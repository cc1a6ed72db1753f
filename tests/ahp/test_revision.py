"""Which judgment to look at again."""

import numpy as np
import pytest

from evaluator.ahp import consistency, errors, influence, worst_judgment


def random_matrices(count: int, n: int) -> np.ndarray:
    rng = np.random.default_rng(n)
    A = np.exp(rng.normal(0, 1, (count, n, n)))
    return np.sqrt(A / np.swapaxes(A, -2, -1))


def test_the_influence_is_the_derivative_of_the_root() -> None:
    A, step = random_matrices(5, 5), 1e-6
    slopes = influence(A)
    for i, j in ((0, 1), (3, 1), (2, 4)):
        up, down = A.copy(), A.copy()
        up[:, i, j] *= np.exp(step)
        up[:, j, i] /= np.exp(step)
        down[:, i, j] /= np.exp(step)
        down[:, j, i] *= np.exp(step)
        rise = (consistency(up).lambda_max - consistency(down).lambda_max) / (2 * step)
        np.testing.assert_allclose(slopes[:, i, j], rise, rtol=1e-5, atol=1e-8)


def test_errors_are_one_where_judgments_agree_with_the_weights() -> None:
    w = np.array([0.5, 0.3, 0.2])
    np.testing.assert_allclose(errors(w[:, None] / w), np.ones((3, 3)), rtol=1e-14)


def test_one_slip_among_consistent_answers_is_found_with_what_it_should_be() -> None:
    """4 typed for 1/4: found whichever way it is looked for, and the others say 1/4."""
    w = np.array([1.0, 2, 4, 8, 2])
    A = w[:, None] / w
    A[2, 3], A[3, 2] = 4, 1 / 4
    for by in ("influence", "error"):
        found = worst_judgment(A, by=by)
        assert found.pair.tolist() == [2, 3]
        assert found.value == 4
        assert found.suggested == pytest.approx(0.5, rel=1e-9)
        assert found.error > 2
        assert found.influence > 0


def test_consistent_judgments_have_no_worst() -> None:
    w = np.array([1.0, 2, 4])
    found = worst_judgment(np.stack([w[:, None] / w, random_matrices(1, 3)[0]]))
    assert found.pair[0].tolist() == [-1, -1]
    assert np.isnan([found.value[0], found.error[0], found.influence[0], found.suggested[0]]).all()
    assert (found.pair[1] >= 0).all()


@pytest.mark.parametrize("n", [1, 2])
def test_one_and_two_elements_have_no_worst(n: int) -> None:
    assert (worst_judgment(np.full((3, n, n), 1.0)).pair == -1).all()
    assert worst_judgment([[1, 5], [1 / 5, 1]]).pair.tolist() == [-1, -1]


def test_blanks_are_never_the_worst() -> None:
    A = random_matrices(20, 5)
    A[:, 0, 1] = A[:, 1, 0] = A[:, 2, 4] = A[:, 4, 2] = np.nan
    found = worst_judgment(A)
    pairs = {tuple(sorted(pair)) for pair in found.pair.tolist()}
    assert not pairs & {(0, 1), (2, 4)}
    assert np.isfinite(found.suggested).all()
    assert np.isnan(influence(A)[:, 0, 1]).all()


def test_unconnected_judgments_have_no_worst() -> None:
    A = np.full((4, 4), np.nan)
    A[range(4), range(4)] = 1
    A[0, 1], A[1, 0] = 3, 1 / 3
    assert worst_judgment(A).pair.tolist() == [-1, -1]


def test_another_order_is_refused() -> None:
    with pytest.raises(ValueError, match="influence or error"):
        worst_judgment(np.ones((3, 3)), by="size")
