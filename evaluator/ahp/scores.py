"""Importance scores instead of comparisons: every element rated for itself, such as 1 to 9 or 1 to 10."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from evaluator.ahp.groups import aggregate_priorities
from evaluator.ahp.matrices import Array


def score_weights(S: ArrayLike, expert_weights: ArrayLike | None = None) -> Array:
    """Return the weights of importance scores, the mean of each expert's shares, (..., k, n) → (..., n).

    Every expert's scores are first brought to the sum of 1, so that one who scores high throughout
    has no more say than another. An expert who left one out (NaN), or scored nothing above 0, is
    left out.

    >>> score_weights([[9, 6, 3], [6, 4, 2]])
    array([0.5       , 0.33333333, 0.16666667])
    """
    scores = np.asarray(S, dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        sound = np.where((scores >= 0) & np.isfinite(scores), scores, np.nan)
        shares = sound / sound.sum(-1, keepdims=True)
    return aggregate_priorities(shares, expert_weights)


def score_ratios(S: ArrayLike) -> Array:
    """Return judgment matrices from differences of importance scores, (..., n) → (..., n, n).

    With d = s_i − s_j the ratio is 1 + d where i scores at least as high, and 1 / (1 − d) where it does
    not: equal scores are equally important, and the widest difference on 1 to 9 is nine to one. The
    matrices are reciprocal but not always consistent, so they are tested like any other judgments. A
    score left out (NaN, or not finite) makes its comparisons open.

    >>> score_ratios([9, 7, 1])[0]
    array([1., 3., 9.])
    """
    scores = np.asarray(S, dtype=np.float64)
    scores = np.where(np.isfinite(scores), scores, np.nan)
    apart = scores[..., :, None] - scores[..., None, :]
    ratios = np.where(apart >= 0, 1 + apart, 1 / (1 + np.abs(apart)))
    ratios[np.isnan(apart)] = np.nan
    ratios[..., range(scores.shape[-1]), range(scores.shape[-1])] = 1.0
    return ratios
