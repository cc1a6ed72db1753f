"""Weights per profile: other weights for customers in another stage, or of another type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from evaluator.errors import not_among, raise_errors
from evaluator.tree import Tree
from evaluator.tree.types import Profile
from evaluator.weighing.node_weights import products
from evaluator.weighing.panel import Panel
from evaluator.weighing.weights import GroupWeights, Weights


def profile_weights(
    tree: Tree, weights: Weights, judged: Mapping[str, Weights] | None = None
) -> dict[str, Weights]:
    """Return the weights of every profile of a tree, by its id.

    A profile changes the criteria it names weights below, and no other: there the default weights hold.

    Parameters
    ----------
    weights : the default ones, of everybody without a profile.
    judged : for profiles whose weights come from experts, what their answers gave; the others take the
        shares the tree states.

    Raises
    ------
    EvaluationError
        for a profile the tree does not have.

    >>> from evaluator.tree import load_tree
    >>> from evaluator.weighing import weigh
    >>> tree = load_tree("current_value")
    >>> profile_weights(tree, weigh(tree))
    {}
    """
    profiles = tree.profiles.of if tree.profiles else ()
    judged = judged or {}
    known = [profile.id for profile in profiles]
    raise_errors(not_among("WEIGH-560", judged, known))
    return {profile.id: _own(profile, tree, weights, judged.get(profile.id)) for profile in profiles}


def profile_panel(profile: Profile, tree: Tree, everyone: Panel, asked: Panel) -> Panel:
    """Return the panel of a profile: what experts said for it, and their other answers as they stand.

    Parameters
    ----------
    everyone : the answers of the default weights. asked : the answers given for this profile.
    """
    groups = asked_for(profile, tree)
    kept = tuple(judgment for judgment in everyone.judgments if judgment.group not in groups)
    own = tuple(judgment for judgment in asked.judgments if judgment.group in groups)
    unasked = frozenset(entry for entry in everyone.unasked if entry[1] not in groups) | frozenset(
        entry for entry in asked.unasked if entry[1] in groups
    )
    experts = tuple({expert.id: expert for expert in (*everyone.experts, *asked.experts)}.values())
    return replace(everyone, experts=experts, judgments=(*kept, *own), unasked=unasked, remarks=())


def asked_for(profile: Profile, tree: Tree) -> tuple[str, ...]:
    """Return the criteria whose children a profile weighs otherwise."""
    return tuple(group.id for group in tree.groups if group.children[0].id in profile.weights)


def _own(profile: Profile, tree: Tree, weights: Weights, judged: Weights | None) -> Weights:
    changed = asked_for(profile, tree)
    source = {group.group: group for group in judged.groups} if judged else {}
    groups = tuple(
        (source.get(group.group) or _stated(group, profile)) if group.group in changed else group
        for group in weights.groups
    )
    local, global_ = products(groups, tree)
    return replace(
        weights, groups=groups, local=local, global_=global_, issues=judged.issues if judged else ()
    )


def _stated(group: GroupWeights, profile: Profile) -> GroupWeights:
    points = [profile.weights[child] for child in group.children]
    return GroupWeights(group.group, group.children, tuple(point / sum(points) for point in points))
