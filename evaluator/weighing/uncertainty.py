"""How sure the weights of a tree are: intervals and ranks over draws of its weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from evaluator.displayed import Displayed
from evaluator.errors import EvaluationError, Issue
from evaluator.weighing.answers import Array
from evaluator.weighing.weight_sampling import Ground, weight_draws
from evaluator.weighing.weights import Weights


@dataclass(frozen=True)
class WeightInterval:
    """A weight with the range that holds it in the middle `level` of the draws, and their deviation."""

    weight: float
    low: float
    high: float
    deviation: float


@dataclass(frozen=True)
class Uncertainty(Displayed):
    """Intervals of every weight of a tree.

    Attributes
    ----------
    grounds : by group, what its draws rest on; see `WeightDraws`.
    local, global_ : interval by node.
    indicators, acceptability : share of the draws in which each indicator (row) has each rank (column)
        by global weight.
    """

    draws: int
    seed: int
    level: float
    grounds: Mapping[str, Ground]
    local: Mapping[str, WeightInterval]
    global_: Mapping[str, WeightInterval]
    indicators: tuple[str, ...]
    acceptability: tuple[tuple[float, ...], ...]


def weight_uncertainty(
    weights: Weights, *, draws: int = 10_000, level: float = 0.95, seed: int = 0, spread: float | None = None
) -> Uncertainty:
    """Return how far every weight may lie from the one that all experts of the kind asked would give.

    Parameters
    ----------
    draws, seed, spread : see `weight_draws`. level : share of the draws an interval holds.

    Raises
    ------
    EvaluationError
        when the weights are given and no spread is stated, or one or two experts gave no answer that could
        contradict another.
    ValueError
        when draws, level or spread are out of range.

    References
    ----------
    Rank acceptability: Lahdelma, R., Salminen, P. (2001), Operations Research 49(3), 444–454.
    doi:10.1287/opre.49.3.444.11220
    """
    if not 0 < level < 1:
        raise ValueError(f"a level between 0 and 1, not {level}")
    drawn = weight_draws(weights, draws=draws, seed=seed, spread=spread)
    if drawn.fixed:
        judged = any(one.used for group in weights.groups for one in group.experts)
        raise EvaluationError([Issue("WEIGH-541" if judged else "WEIGH-540", weights.tree.id)])
    leaves = [indicator.id for indicator in weights.tree.indicators]
    return Uncertainty(
        draws,
        seed,
        level,
        drawn.grounds,
        {name: _interval(weights.local[name], column, level) for name, column in drawn.local.items()},
        {name: _interval(weights.global_[name], column, level) for name, column in drawn.global_.items()},
        tuple(leaves),
        _acceptability(np.stack([drawn.global_[leaf] for leaf in leaves], -1)),
    )


def _interval(weight: float, drawn: Array, level: float) -> WeightInterval:
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2]).tolist()
    return WeightInterval(weight, low, high, float(drawn.std()))


def _acceptability(drawn: Array) -> tuple[tuple[float, ...], ...]:
    draws, n = drawn.shape
    ranks = (-drawn).argsort(-1).argsort(-1)
    counts = np.bincount((np.arange(n) * n + ranks).ravel(), minlength=n * n).reshape(n, n)
    return tuple(tuple(row) for row in (counts / draws).tolist())
