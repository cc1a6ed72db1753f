"""Ordinal checks: what a small ratio of consistency may hide."""

from itertools import combinations, permutations

import numpy as np
import pytest

from evaluator.ahp import consistency, contradictions, priorities


def reciprocal(upper: list[float]) -> np.ndarray:
    n = round((1 + (1 + 8 * len(upper)) ** 0.5) / 2)
    A = np.ones((n, n))
    i, j = np.triu_indices(n, 1)
    A[i, j], A[j, i] = upper, 1 / np.array(upper)
    return A


def random_matrices(count: int, n: int) -> np.ndarray:
    rng = np.random.default_rng(n)
    values = np.array([1 / k for k in range(9, 1, -1)] + list(range(1, 10)))
    return np.array([reciprocal(list(rng.choice(values, n * (n - 1) // 2))) for _ in range(count)])


def test_cycles_are_counted_by_hand() -> None:
    A = random_matrices(30, 6)
    for matrix, cycles in zip(A, contradictions(A).cycles, strict=True):
        by_hand = sum(
            matrix[a, b] > 1 and matrix[b, c] > 1 and matrix[c, a] > 1
            for a, b, c in permutations(range(6), 3)
        )
        assert cycles == by_hand / 3  # each cycle is met from each of its three elements


def test_the_worst_triad_is_the_largest_of_all() -> None:
    A = random_matrices(30, 5)
    found = contradictions(A)
    for k, matrix in enumerate(A):
        sizes = {
            (a, b, c): min(abs(1 - matrix[a, c] / (matrix[a, b] * matrix[b, c])),
                           abs(1 - matrix[a, b] * matrix[b, c] / matrix[a, c]))
            for a, b, c in combinations(range(5), 3)
        }  # fmt: skip
        assert found.koczkodaj[k] == pytest.approx(max(sizes.values()), abs=1e-12)
        assert sizes[tuple(found.triad[k].tolist())] == pytest.approx(max(sizes.values()), abs=1e-12)


def test_an_order_the_weights_reverse_is_named() -> None:
    """Accepted by every limit of CR, and yet one direct comparison points the other way."""
    A = reciprocal([2, 3, 7, 9, 2, 6, 8, 5, 6, 1 / 1.1])
    w = priorities(A)
    found = contradictions(A)
    assert consistency(A).verdict == "consistent"
    assert A[4, 3] > 1 > w[4] / w[3]
    assert np.argwhere(found.reversed).tolist() == [[4, 3]]


def test_consistent_judgments_contradict_nothing() -> None:
    w = np.array([0.4, 0.3, 0.1, 0.1, 0.1])
    found = contradictions(w[:, None] / w)
    assert (found.cycles, found.reversed.any(), found.dissonance) == (0, False, 0)
    assert found.koczkodaj == pytest.approx(0, abs=1e-12)


def test_triads_with_a_blank_are_not_looked_at() -> None:
    A = reciprocal([9, 1 / 9, 3, 9, 2, 4])  # 0 over 1 over 2 over 0
    assert contradictions(A).cycles == 1
    A[0, 2] = A[2, 0] = np.nan
    found = contradictions(A)
    assert found.cycles == 0
    assert 2 not in found.triad[[0]] or 0 not in found.triad


@pytest.mark.parametrize("n", [1, 2])
def test_without_triads_there_is_nothing_to_see(n: int) -> None:
    found = contradictions(np.ones((4, n, n)))
    assert np.isnan(found.dissonance).all()
    assert np.isnan(found.koczkodaj).all()
    assert found.cycles.tolist() == [0, 0, 0, 0]
    assert found.triad.tolist() == [[-1, -1, -1]] * 4


def test_a_broken_matrix_leaves_the_batch_alone() -> None:
    A = np.stack([reciprocal([9, 1 / 9, 9]), reciprocal([9, 1 / 9, 9])])
    A[1, 0, 1] = -1
    found = contradictions(A)
    assert found.cycles.tolist() == [1, 0]
    assert np.isnan(found.koczkodaj).tolist() == [False, True]
