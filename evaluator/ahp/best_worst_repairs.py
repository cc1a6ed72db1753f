"""The fewest changes that make best–worst answers consistent."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import ArrayLike

from evaluator.ahp.best_worst_method import input_limit
from evaluator.ahp.matrices import Array

_GRID = tuple(float(level) for level in range(1, 10))
_EXACT = 1e-9


@dataclass(frozen=True)
class BestWorstRepair:
    """Best–worst answers brought below the limit by the fewest changes on the grid 1 to 9.

    Attributes
    ----------
    best_to_others, others_to_worst : (n), the rows as they might be. changes : how many answers differ;
        the comparison of best and worst, which stands in both rows, counts once.
    """

    best_to_others: Array
    others_to_worst: Array
    changes: int


def best_worst_repair(
    best_to_others: ArrayLike, others_to_worst: ArrayLike, *, best: int, worst: int
) -> BestWorstRepair | None:
    """Return the least change of best–worst answers that the consistency of the answers accepts.

    The answers on each element are measured against the comparison of best and worst alone, so the
    search is exact: for each value of that comparison, every element takes the fewest changes, and
    among these the smallest by their logarithms. None where the answers are accepted as they are.

    Parameters
    ----------
    best_to_others, others_to_worst : (n), complete, from 1 to 9. best, worst : their places.

    >>> found = best_worst_repair([1, 2, 9, 4], [4, 2, 9, 1], best=0, worst=3)
    >>> found.best_to_others, found.others_to_worst, found.changes
    (array([1., 2., 3., 9.]), array([9., 2., 9., 1.]), 2)
    """
    B, W = np.array(best_to_others, dtype=np.float64), np.array(others_to_worst, dtype=np.float64)
    others = [j for j in range(len(B)) if j not in (best, worst)]
    top = float(B[worst])
    found: list[tuple[int, float, float, dict[int, tuple[float, float]]]] = []
    for whole in dict.fromkeys((top, *_GRID[1:])):
        bound = float(input_limit(whole, len(B))) * (whole**2 - whole) + _EXACT
        chosen = {j: _nearest(float(B[j]), float(W[j]), whole, bound) for j in others}
        if None in chosen.values():
            continue
        kept = {j: (x, y) for j, one in chosen.items() if one for _, _, x, y in (one,)}
        changes = int(whole != top) + sum(one[0] for one in chosen.values() if one)
        distance = abs(np.log(whole / top)) + sum(one[1] for one in chosen.values() if one)
        found.append((changes, float(distance), whole, kept))
    changes, _, whole, kept = min(found, key=lambda one: one[:2])
    if not changes:
        return None
    for j, (x, y) in kept.items():
        B[j], W[j] = x, y
    B[worst] = W[best] = whole
    return BestWorstRepair(B, W, changes)


def _nearest(a: float, c: float, whole: float, bound: float) -> tuple[int, float, float, float] | None:
    """Return the fewest changes, and their size, after which a · c lies within the bound of a_BW."""
    candidates = [
        (int(x != a) + int(y != c), abs(np.log(x / a)) + abs(np.log(y / c)), x, y)
        for x, y in product(dict.fromkeys((a, *_GRID)), dict.fromkeys((c, *_GRID)))
        if abs(x * y - whole) <= bound
    ]
    return min(candidates, default=None)
