"""The two distributions the figures need, in closed form for whole degrees of freedom."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from evaluator.ahp.matrices import Array


def chi_squared_tail(x: ArrayLike, df: int) -> Array:
    """Return P(χ² > x) for `df` = 1, 2, … degrees of freedom; NaN stays NaN.

    References
    ----------
    Abramowitz, M., Stegun, I.A. (1964), Handbook of Mathematical Functions, 26.4.4 and 26.4.5.

    >>> chi_squared_tail([3.841459, 9.487729], 1)[0].round(6), chi_squared_tail(9.487729, 4).round(6)
    (np.float64(0.05), np.float64(0.05))
    """
    half = np.maximum(np.asarray(x, dtype=np.float64), 0.0) / 2
    erfc = np.vectorize(math.erfc, otypes=[np.float64])
    first = 0.5 if df % 2 else 0.0
    tail = erfc(np.sqrt(half)) if df % 2 else np.zeros_like(half)
    for power in np.arange(first, df / 2):
        tail = tail + np.exp(-half) * half**power / math.gamma(power + 1)
    return np.asarray(tail)


def student_quantile(probability: float, df: int) -> float:
    """Return the quantile of Student's t for `df` = 1, 2, … degrees of freedom.

    References
    ----------
    Abramowitz, M., Stegun, I.A. (1964), Handbook of Mathematical Functions, 26.7.3 and 26.7.4.

    >>> round(student_quantile(0.975, 1), 4), round(student_quantile(0.975, 10), 4)
    (12.7062, 2.2281)
    """
    if not 0 < probability < 1:
        raise ValueError(f"a probability lies between 0 and 1, not {probability}")
    low, high = 0.0, math.pi / 2
    wanted = abs(2 * probability - 1)
    for _ in range(200):  # halves the interval of θ = arctan(t / √df) down to the last bit
        middle = (low + high) / 2
        low, high = (middle, high) if _within(middle, df) < wanted else (low, middle)
    return math.copysign(math.sqrt(df) * math.tan((low + high) / 2), probability - 0.5)


def _within(angle: float, df: int) -> float:
    """Return P(|t| < √df tan θ), a finite sum of powers of cos θ."""
    sine, cosine = math.sin(angle), math.cos(angle)
    term = cosine if df % 2 else 1.0
    total = 0.0
    for power in range(1 if df % 2 else 0, df - 1, 2):
        total += term
        term *= cosine**2 * (power + 1) / (power + 2)
    return 2 / math.pi * (angle + sine * total) if df % 2 else sine * total
