"""Averages over a chance p that is spread by a beta distribution: nodes on (0, 1) and their weights."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from evaluator.customers.terms import Array

Nodes = tuple[Array, Array]

_GAUSS = 48
_TINY = 45.0  # parts below e^−45 are left out
_FINE = 0.25  # largest step of ln(p/(1−p)): what is averaged is smooth on this scale


@lru_cache(maxsize=4096)
def gauss_jacobi(a: float, b: float) -> Nodes:
    """Return 48 nodes p and weights, summing to 1, that average smooth f(p) over Beta(a, b).

    Golub, G. H., Welsch, J. H. (1969), Mathematics of Computation 23, 221–230.
    doi:10.1090/S0025-5718-69-99647-1

    >>> p, weights = gauss_jacobi(0.7, 1.3)
    >>> round(float(p @ weights), 12)
    0.35
    """
    k = np.arange(1, _GAUSS, dtype=np.float64)
    u, v = b - 1, a - 1
    s = 2 * k + u + v
    middle = np.concatenate([[(v - u) / (u + v + 2)], (v**2 - u**2) / (s * (s + 2))])
    # (k + u + v)/(s − 1) is 1 for k = 1, also where both are 0
    last = np.concatenate([[1.0], (k[1:] + u + v) / (s[1:] - 1)])
    side = np.sqrt(4 * k * (k + u) * (k + v) / (s**2 * (s + 1)) * last)
    z, vectors = np.linalg.eigh(np.diag(middle) + np.diag(side, 1) + np.diag(side, -1))
    # where hardly anybody stops p is 0 but for rounding; what is averaged has a limit there
    return np.maximum((1 + z) / 2, 1e-30), vectors[0] ** 2


@lru_cache(maxsize=4096)
def log_odds(a: float, b: float, depth: float = 0.0) -> Nodes:
    """Return nodes p, equally spaced in ln(p/(1−p)), and weights that average f(p) over Beta(a, b).

    As a function of the log odds every beta density is smooth, and so is every f that has no
    singularity but at p < 0. What lies below the first node and above the last is counted at these:
    there f has its limits.

    Parameters
    ----------
    depth : f has its limit for p → 0 only below e^(−depth).

    >>> p, weights = log_odds(0.7, 1.3)
    >>> round(float(p @ weights), 12)
    0.35
    """
    middle, step = math.log(a / b), min(_FINE, 0.6 * math.sqrt(1 / a + 1 / b))
    below = _extent(a, b, middle + _TINY + depth, _TINY + depth)
    above = _extent(b, a, _TINY - middle, _TINY + depth)
    x = middle + step * np.arange(-math.ceil(below / step), math.ceil(above / step) + 1)
    logs = -a * np.logaddexp(0, -x) - b * np.logaddexp(0, x)
    weights = np.exp(logs - logs.max())
    weights[[0, -1]] /= -np.expm1(-step * np.array([a, b]))  # the geometric series of what lies beyond
    return 1 / (1 + np.exp(-x)), weights / weights.sum()


def _extent(a: float, b: float, limit: float, fall: float) -> float:
    """Return how far below its middle the log density has fallen by `fall`, at most the limit."""
    middle = math.log(a / b)

    def fallen(distance: float) -> float:
        ends = [
            a * float(np.logaddexp(0, d - middle)) + b * float(np.logaddexp(0, middle - d))
            for d in (0.0, distance)
        ]
        return ends[1] - ends[0]

    low, high = 0.0, max(limit, 1.0)
    if fallen(high) <= fall:
        return high
    for _ in range(40):
        tried = (low + high) / 2
        low, high = (tried, high) if fallen(tried) < fall else (low, tried)
    return high
