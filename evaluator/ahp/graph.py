"""Comparisons made, seen as a graph: elements are its nodes, and each comparison is an edge."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluator.ahp.matrices import as_matrices, missing


def made(A: ArrayLike) -> NDArray[np.bool_]:
    """Say which comparisons were made, (..., n, n) → (..., n, n); both sides are there, or neither is."""
    known = ~np.isnan(as_matrices(A))
    return np.asarray(known & np.swapaxes(known, -1, -2))


def components(A: ArrayLike) -> NDArray[np.int64]:
    """Tell the parts of a judgment matrix that no comparison ties together, (..., n, n) → (..., n).

    Elements of one part have one number; parts count from 0 in the order of their first element.
    Weights exist only where there is a single part.

    >>> nan = float("nan")
    >>> components([[1, 3, nan, nan], [1 / 3, 1, nan, nan], [nan, nan, 1, 5], [nan, nan, 1 / 5, 1]])
    array([0, 0, 1, 1])
    """
    reach = made(A) | np.eye(as_matrices(A).shape[-1], dtype=np.bool_)
    for _ in range(reach.shape[-1].bit_length()):  # paths of 1, 2, 4, … steps
        reach = reach @ reach
    first = reach.argmax(-1)
    opens = first == np.arange(first.shape[-1])
    return np.asarray(np.take_along_axis(opens.cumsum(-1) - 1, first, -1))


def connected(A: ArrayLike) -> NDArray[np.bool_]:
    """True if the comparisons made tie all elements together, (..., n, n) → (...)."""
    return np.asarray((components(A) == 0).all(-1))


def redundancy(A: ArrayLike) -> NDArray[np.int64]:
    """Count the comparisons beyond those that just tie all elements together, (..., n, n) → (...).

    With E comparisons of n connected elements this is E − n + 1, from (n − 1)(n − 2)/2 when all are
    made down to 0 for a spanning tree, where no comparison can contradict any other.

    >>> nan = float("nan")
    >>> int(redundancy([[1, 2, nan], [1 / 2, 1, 3], [nan, 1 / 3, 1]]))
    0
    """
    n = as_matrices(A).shape[-1]
    return np.asarray(n * (n - 1) // 2 - missing(A) - (n - 1))
