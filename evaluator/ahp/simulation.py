"""The random index of an actual pattern of comparisons, by simulation."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from evaluator.ahp.consistency_ratio import consistency
from evaluator.ahp.graph import connected, made, redundancy
from evaluator.ahp.scales import LARGEST, apply_scale

_CHUNK = 2_000


def pattern_index(A: ArrayLike, *, scale: str = "linear", matrices: int = 10_000, seed: int = 0) -> float:
    """Return the mean CI of random answers to just the comparisons that were made, (n, n) → number.

    The random index for missing comparisons counts how many are missing; this one also knows which.
    Pass it on as `ri=` of `consistency`. With 10,000 matrices its standard error is about 1 % of the
    value. NaN where no comparison is redundant, or the comparisons are not connected.

    Raises
    ------
    EvaluationError
        when there is no such scale.
    ValueError
        when A is not one square matrix.

    References
    ----------
    That the index depends on the pattern: Ágoston & Csató (2025), arXiv:2510.27011.

    >>> nan = float("nan")
    >>> square = [[1, 2, nan, 3], [1 / 2, 1, 4, nan], [nan, 1 / 4, 1, 2], [1 / 3, nan, 1 / 2, 1]]
    >>> 0.2 < pattern_index(square, matrices=500) < 0.4
    True
    """
    known = made(A)
    if known.ndim != 2:
        raise ValueError(f"the pattern is that of one matrix, (n, n), not {known.shape}")
    if not connected(A) or redundancy(A) <= 0:
        return float("nan")
    return _simulated(known.tobytes(), len(known), scale, matrices, seed)


@lru_cache(maxsize=256)
def _simulated(pattern: bytes, n: int, scale: str, matrices: int, seed: int) -> float:
    known = np.frombuffer(pattern, np.bool_).reshape(n, n)
    p, q = np.nonzero(np.triu(known, 1))
    rng = np.random.default_rng(seed)
    total = 0.0
    for start in range(0, matrices, _CHUNK):
        count = min(_CHUNK, matrices - start)
        place = rng.integers(1 - int(LARGEST), int(LARGEST), (count, len(p)))
        answers = np.where(place >= 0, 1.0 + abs(place), 1 / (1.0 + abs(place)))
        A = np.full((count, n, n), np.nan)
        A[:, range(n), range(n)] = 1.0
        A[:, p, q], A[:, q, p] = answers, 1 / answers
        total += float(consistency(apply_scale(A, scale), ri=1.0).ci.sum())
    return total / matrices
