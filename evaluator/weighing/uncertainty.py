"""How sure the weights of a tree are: draws of judgments and experts, from the leaves to the whole."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from evaluator import ahp
from evaluator.errors import EvaluationError, Issue
from evaluator.weighing.answers import Answers, Array, used_answers
from evaluator.weighing.panel import OWN_PRIORITIES
from evaluator.weighing.weights import Weights


@dataclass(frozen=True)
class WeightInterval:
    """A weight with the range that holds it in the middle `level` of the draws, and their deviation."""

    weight: float
    low: float
    high: float
    deviation: float


@dataclass(frozen=True)
class Uncertainty:
    """Intervals of every weight of a tree.

    Attributes
    ----------
    noise : standard deviation of a judgment's logarithm that was drawn with. experts : whether they
        were resampled. local, global_ : interval by node.
    indicators, acceptability : share of the draws in which each indicator (row) has each rank (column)
        by global weight.
    """

    draws: int
    seed: int
    level: float
    noise: float
    experts: bool
    local: Mapping[str, WeightInterval]
    global_: Mapping[str, WeightInterval]
    indicators: tuple[str, ...]
    acceptability: tuple[tuple[float, ...], ...]


def weight_uncertainty(
    weights: Weights,
    *,
    draws: int = 10_000,
    noise: float | None = None,
    experts: bool = True,
    level: float = 0.95,
    seed: int = 0,
) -> Uncertainty:
    """Return how far every weight may move by the scatter of judgments and the choice of experts.

    Parameters
    ----------
    noise : standard deviation of a judgment's logarithm. Default: what the experts' own
        contradictions show, pooled over the panel and the tree; 0 for scores, which cannot contradict
        each other. Answers that give priorities without a judgment matrix are taken as they are.
    experts : resample the experts too (Bayesian bootstrap; the same experts in all groups of a draw).
    level : share of the draws an interval holds. seed : the same seed gives the same draws.

    Raises
    ------
    EvaluationError
        WEIGH-540 when the weights rest on no judgments, WEIGH-541 when no judgment is redundant and
        no noise is stated.
    ValueError
        when draws, level or noise are out of range.

    References
    ----------
    Rank acceptability: Lahdelma, R., Salminen, P. (2001), Operations Research 49(3), 444–454.
    doi:10.1287/opre.49.3.444.11220
    """
    if draws < 1 or not 0 < level < 1:
        raise ValueError(f"at least one draw and a level between 0 and 1, not {draws} and {level}")
    answers = {group.group: used_answers(group) for group in weights.groups}
    spread = _spread(weights, answers, noise)
    names = dict.fromkeys(name for one in answers.values() for name in one.experts)
    if not names:
        raise EvaluationError([Issue("WEIGH-540", weights.tree.id)])
    place = {name: number for number, name in enumerate(names)}
    seeds = np.random.SeedSequence(seed).generate_state(len(weights.groups) + 1).tolist()
    say = (
        ahp.bootstrap(np.ones(len(names)), draws, seed=seeds[0]) if experts else np.ones((draws, len(names)))
    )
    local, total = {weights.tree.root.id: np.ones(draws)}, {weights.tree.root.id: np.ones(draws)}
    for group, own_seed in zip(weights.groups, seeds[1:], strict=True):
        one = answers[group.group]
        drawn = np.broadcast_to(np.array(group.local), (draws, len(group.children)))
        if one.experts:
            theirs = say[:, [place[name] for name in one.experts]] * one.say
            drawn = _drawn(one, theirs, weights, spread, own_seed)
        for child, column in zip(group.children, drawn.T, strict=True):
            local[child], total[child] = column, column * total[group.group]
    leaves = [indicator.id for indicator in weights.tree.indicators]
    return Uncertainty(
        draws,
        seed,
        level,
        spread,
        experts,
        {name: _interval(weights.local[name], drawn, level) for name, drawn in local.items()},
        {name: _interval(weights.global_[name], drawn, level) for name, drawn in total.items()},
        tuple(leaves),
        _acceptability(np.stack([total[leaf] for leaf in leaves], -1)),
    )


def _spread(weights: Weights, answers: Mapping[str, Answers], noise: float | None) -> float:
    """Return the noise to draw with: only comparisons in pairs show their own, others are taken as given."""
    if weights.form in OWN_PRIORITIES:
        return 0.0
    if noise is not None:
        return noise
    return _noise(weights, answers) if weights.form == "pairs" else 0.0


def _drawn(one: Answers, say: Array, weights: Weights, noise: float, seed: int) -> Array:
    """Return a group's priorities for each draw of the experts' say, (draws, n)."""
    if weights.form in OWN_PRIORITIES:
        mean = "geometric" if weights.aggregation == "aip_geometric" else "arithmetic"
        return ahp.aggregate_priorities(np.broadcast_to(one.priorities, (len(say), *one.priorities.shape)),
                                        say, mean)  # fmt: skip
    return ahp.sample_priorities(
        one.matrices, say, noise=noise, seed=seed, method=weights.method, aggregation=weights.aggregation
    )


def _noise(weights: Weights, answers: Mapping[str, Answers]) -> float:
    squares, degrees = 0.0, 0
    for one in answers.values():
        if one.experts:
            own, df = ahp.scatter(one.matrices)
            squares, degrees = squares + float(own.sum()), degrees + int(df.sum())
    if not degrees and any(one.experts for one in answers.values()):
        raise EvaluationError([Issue("WEIGH-541", weights.tree.id)])
    return math.sqrt(squares / degrees) if degrees else 0.0


def _interval(weight: float, drawn: Array, level: float) -> WeightInterval:
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2]).tolist()
    return WeightInterval(weight, low, high, float(drawn.std()))


def _acceptability(drawn: Array) -> tuple[tuple[float, ...], ...]:
    draws, n = drawn.shape
    ranks = (-drawn).argsort(-1).argsort(-1)
    counts = np.bincount((np.arange(n) * n + ranks).ravel(), minlength=n * n).reshape(n, n)
    return tuple(tuple(row) for row in (counts / draws).tolist())
