"""Draws of a panel's priorities: how far they could lie from those of all experts of the kind asked."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluator.ahp.groups import AGGREGATIONS, aggregate_judgments, aggregate_priorities, experts_say
from evaluator.ahp.matrices import Array, as_matrices
from evaluator.ahp.priority_methods import priorities
from evaluator.ahp.uncertainty import scatter

LEAST_EXPERTS = 3
"""So many experts show how much experts differ; two could be alike by chance."""
_CELLS = 4_000_000  # numbers held at once while drawing
_FARTHEST = 20.0  # a ratio of e²⁰ gives one side everything; three experts draw such ratios now and then


def panel_draws(
    A: ArrayLike,
    expert_weights: ArrayLike,
    normals: ArrayLike,
    uniforms: ArrayLike,
    *,
    method: str = "eigenvector",
    aggregation: str = "aij",
) -> Array:
    """Return the group's priorities in each draw, (k, n, n) → (draws, n).

    A draw of the logarithm of a joint judgment (with ``aip``, of a joint priority) is

    m + √(k/(k−1)) · Σ_j w_j g_j (x_j − m) / √(χ²/(k−1)),

    x_j being expert j's, w_j the experts' shares, m their mean, g_j one normal per expert and χ² a
    chi-squared number with k − 1 degrees of freedom: with equal shares a t-distribution around m, and the
    same g_j and χ² in every group of a tree keep an expert one person. k counts who made the comparison.

    Parameters
    ----------
    A : judgments of k ≥ 3 experts; NaN is a comparison not made.
    expert_weights : (k,), the experts' say.
    normals : (draws, k), standard normal. uniforms : (draws,), from 0 to 1, from which χ² is taken.

    Raises
    ------
    EvaluationError
        when there is no such method or aggregation.
    ValueError
        when the shapes do not fit, or there are fewer than three experts.

    >>> A = [[[1, 2], [1 / 2, 1]], [[1, 4], [1 / 4, 1]], [[1, 8], [1 / 8, 1]]]
    >>> panel_draws(A, [1, 1, 1], [[0, 0, 0], [1, 0, -1]], [0.5, 0.5]).round(2)
    array([[0.8  , 0.2  ],
           [0.67, 0.33]])
    """
    matrices, normal, uniform = as_matrices(A), np.asarray(normals, float), np.asarray(uniforms, float)
    say = np.asarray(expert_weights, dtype=np.float64)
    k = len(matrices)
    if matrices.ndim != 3 or say.shape != (k,) or normal.shape != (len(uniform), k) or k < LEAST_EXPERTS:
        raise ValueError(f"three experts or more, each with a weight and a normal number, not {say.shape}")
    experts_say(say, say.shape)
    n = matrices.shape[-1]
    if AGGREGATIONS[aggregation].function.of == "judgments":
        i, j = np.triu_indices(n, 1)
        joint = np.log(aggregate_judgments(matrices, say)[i, j])
        drawn = _drawn(np.log(matrices[:, i, j]), joint, say, normal, uniform)
        size = max(1, _CELLS // (n * n))
        return np.concatenate(
            [priorities(_matrices(drawn[at : at + size], n), method) for at in range(0, len(drawn), size)]
        )
    return priority_draws(priorities(matrices, method), say, normal, uniform, aggregation=aggregation)


def priority_draws(
    P: ArrayLike, expert_weights: ArrayLike, normals: ArrayLike, uniforms: ArrayLike, *, aggregation: str
) -> Array:
    """Return draws as `panel_draws`, of experts who gave priorities, (k, n) → (draws, n).

    A child to which an expert gives nothing has no logarithm: it keeps the group's priority in proportion.

    >>> P = [[0.2, 0.8], [0.5, 0.5], [0.8, 0.2]]
    >>> priority_draws(P, [1, 1, 1], [[0, 0, 0], [1, 0, -1]], [0.5, 0.5], aggregation="aip").round(2)
    array([[0.5, 0.5],
           [0.2, 0.8]])
    """
    own, say = np.asarray(P, dtype=np.float64), np.asarray(expert_weights, dtype=np.float64)
    mean = "geometric" if aggregation == "aip_geometric" else "arithmetic"
    group = aggregate_priorities(own, say, mean)
    given = (own > 0).all(0)
    with np.errstate(divide="ignore"):
        logs = np.where(given, np.log(own), np.nan)
    drawn = _drawn(logs, np.log(np.maximum(group, np.finfo(float).tiny)), say, normals, uniforms)
    weights = np.exp(drawn) * (group > 0)
    return np.asarray(weights / weights.sum(-1, keepdims=True))


def own_draws(
    A: ArrayLike, expert_weights: ArrayLike, normals: ArrayLike, uniforms: ArrayLike, center: ArrayLike
) -> Array | None:
    """Return draws around `center` that show only the experts' own contradictions, (draws, n).

    The logarithm of a priority has the variance Σ w_j² s²/n, s² being the experts' Σe² over its degrees of
    freedom, (n−1)(n−2)/2 for each complete matrix. None where no judgment could contradict another.

    Parameters
    ----------
    normals : (draws, n). uniforms : (draws,). center : (n,), the priorities.
    """
    matrices, say = as_matrices(A), np.asarray(expert_weights, dtype=np.float64)
    squares, degrees = scatter(matrices)
    df = int(degrees.sum())
    if not df:
        return None
    n = matrices.shape[-1]
    variance = float(np.nansum(squares)) / df * float(((say / say.sum()) ** 2).sum()) / n
    scale = np.sqrt(variance) / _chi(np.asarray(uniforms, float), df)
    away = np.clip(np.asarray(normals) * scale[:, None], -_FARTHEST, _FARTHEST)
    weights = np.asarray(center) * np.exp(away)
    return np.asarray(weights / weights.sum(-1, keepdims=True))


def _drawn(logs: Array, joint: Array, say: Array, normals: ArrayLike, uniforms: ArrayLike) -> Array:
    """Return draws of joint logarithms: (k, p) of the experts and (p,) of the group → (draws, p)."""
    made = np.isfinite(logs)
    share = np.where(made, say[:, None], 0.0)
    share /= np.where(made.any(0), share.sum(0), 1.0)
    values = np.where(made, logs, 0.0)
    away = np.where(made, values - (share * values).sum(0), 0.0) * share
    shift = np.asarray(normals, dtype=np.float64) @ away
    counts = made.sum(0)
    for count in np.unique(counts):
        these = counts == count
        if count < 2:  # one answer shows no difference
            shift[:, these] = 0.0
            continue
        widened = np.sqrt(count / (count - 1)) / _chi(np.asarray(uniforms, float), int(count) - 1)
        shift[:, these] *= widened[:, None]
    return np.asarray(joint + np.clip(shift, -_FARTHEST, _FARTHEST))


def _chi(uniforms: NDArray[np.float64], df: int) -> Array:
    """Return √(χ²/df) at so many shares of its distribution."""
    from scipy.special import chdtri  # here, because it takes as long to load as a study without draws to run

    return np.sqrt(np.asarray(chdtri(df, 1.0 - uniforms)) / df)


def _matrices(logs: Array, n: int) -> Array:
    i, j = np.triu_indices(n, 1)
    matrices = np.ones((*logs.shape[:-1], n, n))
    matrices[..., i, j], matrices[..., j, i] = np.exp(logs), np.exp(-logs)
    return matrices
