"""Draws of every weight of a tree: what else the experts' answers, or given weights, could have been."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from evaluator import ahp
from evaluator.brief import Brief
from evaluator.weighing.answers import Answers, Array, used_answers
from evaluator.weighing.panel import OWN_PRIORITIES
from evaluator.weighing.weights import GroupWeights, Weights

_LEAST = 1e-9  # a share of exactly 0 or 1 has no χ²
Ground = Literal["panel", "contradictions", "spread", "fixed"]


@dataclass(frozen=True)
class WeightDraws(Brief):
    """Weights of every node in each of a number of draws.

    Attributes
    ----------
    local, global_ : (draws,) by node. grounds : by group what its draws rest on: how the experts differ
        (``panel``), how one or two contradict themselves (``contradictions``), a stated ``spread``, or
        nothing (``fixed``): its weights are the same in every draw.
    """

    draws: int
    seed: int
    local: Mapping[str, Array] = field(repr=False)
    global_: Mapping[str, Array] = field(repr=False)
    grounds: Mapping[str, Ground]

    @property
    def fixed(self) -> bool:
        """Whether no weight varies."""
        return all(ground == "fixed" for ground in self.grounds.values())


def weight_draws(
    weights: Weights, *, draws: int = 2_000, seed: int = 0, spread: float | None = None
) -> WeightDraws:
    """Return draws of the weights of a tree; the same seed gives the same draws.

    With three experts or more in a group the draws show how experts differ (`ahp.panel_draws`); with one or
    two, only how they contradict themselves. An expert is the same person in every group and in every
    profile of weights drawn with one seed. Who was left out stays left out.

    Parameters
    ----------
    spread : standard deviation of the logarithm of each given weight. Default: given weights are fixed.

    Raises
    ------
    ValueError
        when there is no draw, or the spread is negative.

    >>> from evaluator.tree import load_tree
    >>> from evaluator.weighing import weigh
    >>> found = weight_draws(weigh(load_tree("current_value")), draws=3, seed=1, spread=0.2)
    >>> set(found.grounds.values()), bool((found.local['gross_profit'] > 0).all())
    ({'spread'}, True)
    """
    if draws < 1 or (spread is not None and not 0 <= spread < np.inf):
        raise ValueError(f"at least one draw and a spread of 0 or more, not {draws} and {spread}")
    root = weights.tree.root.id
    local, total = {root: np.ones(draws)}, {root: np.ones(draws)}
    grounds: dict[str, Ground] = {}
    for group in weights.groups:
        drawn, grounds[group.group] = _drawn(group, weights, draws, seed, spread)
        for child, column in zip(group.children, drawn.T, strict=True):
            local[child], total[child] = column, column * total[group.group]
    return WeightDraws(draws, seed, local, total, grounds)


def _drawn(
    group: GroupWeights, weights: Weights, draws: int, seed: int, spread: float | None
) -> tuple[Array, Ground]:
    center, fixed = np.array(group.local), np.broadcast_to(np.array(group.local), (draws, len(group.local)))
    answers = used_answers(group)
    if len(group.children) < 2:
        return fixed, "fixed"
    if not answers.experts:
        if not spread:
            return fixed, "fixed"
        moved = center * np.exp(spread * _normals(group.children, "weight", draws, seed))
        return moved / moved.sum(-1, keepdims=True), "spread"
    uniforms = _random("chi-squared", "", seed).uniform(_LEAST, 1.0 - _LEAST, draws)
    if len(answers.experts) >= ahp.LEAST_EXPERTS:
        return _of_panel(
            answers, weights, _normals(answers.experts, "expert", draws, seed), uniforms
        ), "panel"
    if weights.form != "pairs":
        return fixed, "fixed"  # scores and the like cannot contradict each other
    normals = _normals(group.children, "contradiction", draws, seed)
    own = ahp.own_draws(answers.matrices, answers.say, normals, uniforms, center)
    return (fixed, "fixed") if own is None else (own, "contradictions")


def _of_panel(answers: Answers, weights: Weights, normals: Array, uniforms: Array) -> Array:
    if weights.form in OWN_PRIORITIES:
        return ahp.priority_draws(
            answers.priorities, answers.say, normals, uniforms, aggregation=weights.aggregation
        )
    return ahp.panel_draws(
        answers.matrices, answers.say, normals, uniforms, method=weights.method,
        aggregation=weights.aggregation,
    )  # fmt: skip


def _normals(names: tuple[str, ...], what: str, draws: int, seed: int) -> Array:
    """Return a column of normal numbers for each name, the same whoever else is there."""
    return np.stack([_random(what, name, seed).standard_normal(draws) for name in names], axis=-1)


def _random(what: str, name: str, seed: int) -> np.random.Generator:
    key = int.from_bytes(hashlib.sha256(f"{what}\0{name}".encode()).digest()[:16])
    return np.random.default_rng([seed, key])
