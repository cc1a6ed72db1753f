"""Importance scores instead of comparisons: every element rated for itself, such as 1 to 9 or 1 to 10."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from evaluator.ahp.groups import aggregate_priorities
from evaluator.ahp.matrices import Array
from evaluator.registry import Registry

SCORE_READINGS: Registry[Callable[[ArrayLike], Array]] = Registry("score_reading")
"""What importance scores say of two elements: (..., n) → judgment matrices (..., n, n). Laws:
``reciprocal``, ``monotone`` (who is scored higher is more important), ``consistent`` (no three
contradict each other)."""


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


@SCORE_READINGS.register(
    "differences",
    zh="评分之差（差值加 1 作为比值）",
    en="difference of scores (plus 1, as a ratio)",
    reference="practice of expert scoring in China: a_ij = s_i − s_j + 1 where s_i ≥ s_j",
    laws=("reciprocal", "monotone"),
)
def score_ratios(S: ArrayLike) -> Array:
    """Return judgment matrices from differences of importance scores, (..., n) → (..., n, n).

    With d = s_i − s_j the ratio is 1 + d where i scores at least as high, and 1 / (1 − d) where it does
    not: equal scores are equally important, and the widest difference on 1 to 9 is nine to one. The
    matrices are reciprocal but not always consistent; what inconsistency they have comes of this reading,
    since scores cannot contradict each other. A score left out (NaN, or not finite) makes its
    comparisons open.

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


@SCORE_READINGS.register(
    "shares",
    zh="评分归一化（评分之比）",
    en="normalised scores (ratio of scores)",
    reference="practice of expert scoring in China: scores brought to the sum of 1",
    laws=("reciprocal", "monotone", "consistent"),
)
def score_quotients(S: ArrayLike) -> Array:
    """Return judgment matrices of importance scores taken as ratios, (..., n) → (..., n, n).

    Their priorities are the scores brought to the sum of 1. A score left out, or not above 0, makes its
    comparisons open.

    >>> score_quotients([8, 4, 2])[0]
    array([1., 2., 4.])
    """
    scores = np.asarray(S, dtype=np.float64)
    scores = np.where(np.isfinite(scores) & (scores > 0), scores, np.nan)
    ratios = scores[..., :, None] / scores[..., None, :]
    ratios[..., range(scores.shape[-1]), range(scores.shape[-1])] = 1.0
    return np.asarray(ratios)
