"""The fewest changes of best–worst answers: enough, no fewer would do, and none where none is needed."""

from itertools import combinations, product

import numpy as np
import pytest

from evaluator.ahp import best_worst, best_worst_repair

GRID = range(1, 10)


def answers(seed: int, n: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    top = float(rng.integers(2, 10))
    B, W = rng.integers(1, 10, (2, n)).astype(float)
    B[0], B[-1], W[0], W[-1] = 1, top, top, 1
    return B, W


def accepted(B: np.ndarray, W: np.ndarray) -> np.ndarray:
    n = B.shape[-1]
    return (
        best_worst(B, W, best=np.zeros(len(B), int), worst=np.full(len(B), n - 1)).verdict != "inconsistent"
    )


@pytest.mark.parametrize("seed", range(20))
def test_the_repaired_answers_are_accepted(seed: int) -> None:
    B, W = answers(seed, 6)
    found = best_worst_repair(B, W, best=0, worst=5)
    if found is None:
        assert accepted(B[None], W[None]).all()
        return
    assert accepted(found.best_to_others[None], found.others_to_worst[None]).all()
    apart = (found.best_to_others != B).sum() + (found.others_to_worst[1:] != W[1:]).sum()
    assert apart == found.changes


@pytest.mark.parametrize("seed", range(12))
def test_no_smaller_number_of_changes_would_do(seed: int) -> None:
    """Every way to change one answer less is tried."""
    B, W = answers(seed, 4)
    found = best_worst_repair(B, W, best=0, worst=3)
    places = [("B", 1), ("B", 2), ("W", 1), ("W", 2), ("top", 0)]
    for count in range(0 if found is None else found.changes):
        tried_B, tried_W = [], []
        for chosen in combinations(places, count):
            for values in product(GRID, repeat=count):
                b, w = B.copy(), W.copy()
                for (row, j), value in zip(chosen, values, strict=True):
                    if row == "top":
                        b[3] = w[0] = max(value, 2)
                    else:
                        (b if row == "B" else w)[j] = value
                tried_B.append(b)
                tried_W.append(w)
        assert not accepted(np.array(tried_B), np.array(tried_W)).any()


def test_answers_are_not_altered() -> None:
    B, W = np.array([1.0, 2, 9, 4]), np.array([4.0, 2, 9, 1])
    best_worst_repair(B, W, best=0, worst=3)
    assert B.tolist() == [1, 2, 9, 4]
    assert W.tolist() == [4, 2, 9, 1]
