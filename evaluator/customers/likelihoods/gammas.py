"""Quotients of gamma functions in logs, where the difference of two logs would lose their digits."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from evaluator.customers.terms import Array

_LARGE = 16.0  # from here on Stirling's series is exact to rounding
_STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360)


def log_rising(a: ArrayLike, n: ArrayLike) -> Array:
    """Return ln Γ(a + n)/Γ(a) for a > 0, n ≥ 0; n may be a fraction.

    >>> log_rising(2.0, [0, 1, 2]).round(6)
    array([0.      , 0.693147, 1.791759])
    >>> round(float(log_rising(1e12, 1)), 6)
    27.631021
    """
    a, n = np.broadcast_arrays(np.asarray(a, dtype=np.float64), np.asarray(n, dtype=np.float64))
    large = np.maximum(a, _LARGE)
    far = (large + n - 0.5) * np.log1p(n / large) + n * (np.log(large) - 1)
    far = far + _correction(large + n) - _correction(large)
    near = _log_gamma(a + n) - _log_gamma(a)
    return np.asarray(np.where(a < _LARGE, near, far))


def log_beta(a: ArrayLike, b: ArrayLike) -> Array:
    """Return ln B(a, b), also where both are huge.

    >>> round(float(np.exp(-log_beta(2, 3))), 9)
    12.0
    """
    low, high = np.minimum(a, b), np.maximum(a, b)
    large, larger = np.maximum(low, _LARGE), np.maximum(high, _LARGE)
    far = (large - 0.5) * np.log(large / (large + larger)) - larger * np.log1p(large / larger)
    far = far + 0.5 * (np.log(2 * np.pi) - np.log(larger))
    far = far + _correction(large) + _correction(larger) - _correction(large + larger)
    near = _log_gamma(low) - log_rising(high, low)
    return np.asarray(np.where(low < _LARGE, near, far))


def digamma(x: ArrayLike) -> Array:
    """Return ψ(x), the slope of ln Γ(x)."""
    from scipy.special import digamma as psi  # takes longer to load than most studies to run

    return np.asarray(psi(x))


def _log_gamma(x: ArrayLike) -> Array:
    from scipy.special import gammaln

    return np.asarray(gammaln(x))


def _correction(x: Array) -> Array:
    """Return ln Γ(x) − [(x − ½)·ln x − x + ½·ln 2π] for x ≥ 16; Abramowitz & Stegun (1964), 6.1.41."""
    total, square = np.zeros_like(x), 1 / (x * x)
    for coefficient in reversed(_STIRLING):
        total = total * square + coefficient
    return np.asarray(total / x)
