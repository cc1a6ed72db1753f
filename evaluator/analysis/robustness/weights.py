"""The weights of a model in every draw: of everybody and of each profile, as fitting would have made them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from evaluator.scoring.model import Model, Objective
from evaluator.tree import Group, Indicator, Tree
from evaluator.tree.profiles import DEFAULT
from evaluator.weighing.objective import combine
from evaluator.weighing.weight_sampling import WeightDraws

Array = NDArray[np.float64]
Local = Mapping[str, Array]  # a node's weight among its siblings in every draw, by node


def local_draws(
    model: Model, draws: int, weights: WeightDraws | None, profiles: Mapping[str, WeightDraws]
) -> dict[str, Local]:
    """Return the local weights of a model in every draw, by profile; without draws, those it has.

    What fitting does to weights is done in each draw: indicators that nobody had weigh nothing, and weights
    from the data (as they were found) join those drawn.
    """
    stated = {node: np.full(draws, weight) for node, weight in model.local.items()}
    everybody: Local = stated
    if weights is not None:
        drawn = dict(weights.local)
        if model.objective:
            drawn = _joined(model.tree, drawn, model.objective)
        everybody = _without_unweighted(model.tree, drawn, model.local)
    found = {DEFAULT: everybody}
    for entry in model.profiles:
        if weights is None or entry.id not in profiles:
            own = {node: np.full(draws, weight) for node, weight in entry.local.items()}
        else:
            local = _without_unweighted(
                model.tree, profiles[entry.id].local, model.of_profile(entry.id).local
            )
            own = {node: local[node] for node in entry.local}
        found[entry.id] = {**everybody, **own}
    return found


def shares(node: Group | Indicator, local: Local, counted: Mapping[str, bool]) -> dict[str, Array]:
    """Return the share of each leaf in the score of a node where scores are weighted sums; empty: no score.

    Parameters
    ----------
    counted : by leaf, whether it has a score; one that has none hands its weight to its siblings.

    >>> from evaluator.tree import load_tree
    >>> tree = load_tree("current_value")
    >>> local = {node: np.array([0.25]) for node in tree.nodes}
    >>> counted = {leaf.id: leaf.id != "gross_profit" for leaf in tree.indicators}
    >>> sum(float(share[0]) for share in shares(tree.root, local, counted).values())
    1.0
    """
    if isinstance(node, Indicator):
        return {node.id: np.ones(1)} if counted[node.id] else {}
    parts = [(local[child.id], found) for child in node.children if (found := shares(child, local, counted))]
    parts = [(weight, found) for weight, found in parts if weight.any()]
    if not parts:
        return {}
    total = np.sum([weight for weight, _ in parts], axis=0)
    return {leaf: share * (weight / total) for weight, found in parts for leaf, share in found.items()}


def _without_unweighted(tree: Tree, drawn: Local, stated: Mapping[str, float]) -> Local:
    """Return drawn weights in which whoever weighs nothing in the model weighs nothing here either."""
    found = {tree.root.id: drawn[tree.root.id]}
    for group in tree.groups:
        children = [child.id for child in group.children]
        kept = [drawn[child] * (stated[child] > 0) for child in children]
        total = np.sum(kept, axis=0)
        some = bool((total > 0).all())
        for child, weight in zip(children, kept, strict=True):
            found[child] = weight / total if some else np.full_like(weight, stated[child])
    return found


def _joined(tree: Tree, drawn: Local, objective: Objective) -> dict[str, Array]:
    """Return drawn weights joined with those of the data; local weights follow from those of the leaves."""
    everything = {leaf.id: True for leaf in tree.indicators}
    subjective = shares(tree.root, drawn, everything)
    data = {row.indicator: row.objective for row in objective.rows}
    leaves = [leaf.id for leaf in tree.indicators]
    draws = len(drawn[tree.root.id])
    joint = combine(
        np.stack([np.broadcast_to(subjective.get(leaf, np.zeros(1)), draws) for leaf in leaves], axis=-1),
        np.broadcast_to([data[leaf] for leaf in leaves], (draws, len(leaves))),
        objective.combine,
        alpha=objective.alpha,
    )
    totals = dict(zip(leaves, joint.T, strict=True))
    found = dict(drawn)
    for group in reversed(tree.groups):  # each comes before those below it
        totals[group.id] = np.sum([totals[child.id] for child in group.children], axis=0)
        if (totals[group.id] > 0).all():
            found |= {child.id: totals[child.id] / totals[group.id] for child in group.children}
    return found
