"""Objective weights of named indicators, and experts' weights combined with them down a tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from evaluator.displayed import Displayed
from evaluator.errors import EvaluationError, Issue, Severity, not_among, raise_errors
from evaluator.tree import Tree
from evaluator.weighing.node_weights import products
from evaluator.weighing.objective import combine, constant_columns, moved_columns, objective_weights
from evaluator.weighing.weights import GroupWeights, Weights

FEW = 10


@dataclass(frozen=True)
class ObjectiveWeights(Displayed):
    """Weights that the data give, by indicator; `customers` is how many they were taken from."""

    method: str
    weights: Mapping[str, float]
    customers: int
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True)
class CombinedRow:
    """One indicator's global weights: the experts', the data's, and both together."""

    indicator: str
    subjective: float
    objective: float
    combined: float


@dataclass(frozen=True)
class CombinedWeights(Displayed):
    """The three columns side by side, and the weights of the tree that follow from the last."""

    how: str
    alpha: float
    rows: tuple[CombinedRow, ...]
    weights: Weights
    issues: tuple[Issue, ...] = ()


def weigh_objectively(
    X: ArrayLike, names: Sequence[str], directions: Sequence[str] | None = None, *, method: str = "entropy"
) -> ObjectiveWeights:
    """Return weights by how much each indicator tells customers apart, with what must be said about them.

    Parameters
    ----------
    X : customers times indicators, in the order of `names`: measures, or better their scores, which
        are all benefit and all on one scale.
    method : a name in `OBJECTIVE`.

    Raises
    ------
    EvaluationError
        when no column tells anybody apart, and for unknown names. Few customers, a constant column (it has no
        weight) and a column that was moved onto 0–1 first are said beside the result.

    >>> found = weigh_objectively([[1, 2, 3], [4, 16, 3]], ["margin", "orders", "region"])
    >>> round(found.weights["margin"], 4), [issue.code for issue in found.issues]
    (0.3589, ['WEIGH-533', 'WEIGH-534'])
    """
    matrix = np.asarray(X, dtype=np.float64)
    if matrix.ndim != 2 or matrix.shape[1] != len(names):
        raise ValueError(f"{len(names)} names for a matrix of the shape {matrix.shape}")
    found = objective_weights(matrix, directions, method)
    issues = []
    if len(matrix) < FEW:
        detail = {"customers": len(matrix), "wanted": FEW}
        issues.append(Issue("WEIGH-533", method, detail, severity=Severity.WARNING))
    same = constant_columns(matrix) if len(matrix) else np.ones(len(names), dtype=np.bool_)
    issues += [
        Issue("WEIGH-534", name, {"method": method}, severity=Severity.WARNING)
        for name, constant in zip(names, same, strict=True)
        if constant
    ]
    if np.isnan(found).any():
        raise EvaluationError([Issue("WEIGH-536", method, {"customers": len(matrix)}), *issues])
    moved = moved_columns(matrix, directions, method) & ~same
    issues += [
        Issue("WEIGH-535", name, {"method": method}, severity=Severity.NOTE)
        for name, was_moved in zip(names, moved, strict=True)
        if was_moved
    ]
    return ObjectiveWeights(method, dict(zip(names, found.tolist(), strict=True)), len(matrix), tuple(issues))


def combined_weights(
    weights: Weights,
    objective: ObjectiveWeights | Mapping[str, float],
    *,
    how: str = "multiplicative",
    alpha: float = 0.5,
) -> CombinedWeights:
    """Return the weights of a tree combined with objective weights of its indicators.

    Global weights of the indicators are combined (`combine`); groups then weigh what their indicators
    weigh together, and local weights follow. The evidence of the experts stays as it was.

    Raises
    ------
    EvaluationError
        for every indicator without an objective weight, when nothing is left with a weight on both sides, and
        when there is no such combination.
    """
    tree = weights.tree
    given = objective.weights if isinstance(objective, ObjectiveWeights) else objective
    leaves = [indicator.id for indicator in tree.indicators]
    raise_errors(not_among("WEIGH-537", leaves, given))
    subjective = np.array([weights.global_[leaf] for leaf in leaves])
    data = np.array([given[leaf] for leaf in leaves])
    joint = combine(subjective, data, how, alpha=alpha)
    if np.isnan(joint).any():
        raise EvaluationError([Issue("WEIGH-538", tree.id)])
    shares = (data / data.sum()).tolist()
    rows = tuple(
        CombinedRow(leaf, *figures)
        for leaf, *figures in zip(leaves, subjective.tolist(), shares, joint.tolist(), strict=True)
    )
    issues = objective.issues if isinstance(objective, ObjectiveWeights) else ()
    leaf_weights = dict(zip(leaves, joint.tolist(), strict=True))
    return CombinedWeights(how, alpha, rows, with_leaf_weights(weights, leaf_weights), issues)


def with_leaf_weights(weights: Weights, leaf_weights: Mapping[str, float]) -> Weights:
    """Return weights whose indicators have these global weights, local weights following from them.

    A group of indicators that all weigh nothing keeps its local weights, which then count for nothing.
    """
    totals = _totals(weights.tree, leaf_weights)
    groups = tuple(_following(group, totals) for group in weights.groups)
    local, global_ = products(groups, weights.tree)
    return replace(weights, groups=groups, local=local, global_=global_)


def _totals(tree: Tree, leaf_weights: Mapping[str, float]) -> dict[str, float]:
    totals = dict(leaf_weights)
    for group in reversed(tree.groups):  # each comes before those below it
        totals[group.id] = sum(totals[child.id] for child in group.children)
    return totals


def _following(group: GroupWeights, totals: Mapping[str, float]) -> GroupWeights:
    whole = sum(totals[child] for child in group.children)
    if whole <= 0:
        return group
    return replace(group, local=tuple(totals[child] / whole for child in group.children))
