"""From a panel, or from the weights a tree gives, to the weight of every node."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

from evaluator import ahp
from evaluator.errors import EvaluationError, Issue, nearest, raise_errors
from evaluator.messages import Term
from evaluator.tree import Group, Tree
from evaluator.weighing.checks import beyond_scale, check_panel
from evaluator.weighing.evidence import Convention, weigh_group
from evaluator.weighing.options import Policy
from evaluator.weighing.panel import Panel
from evaluator.weighing.say import SAY, authorities
from evaluator.weighing.weights import GroupWeights, Weights


def weigh(
    tree: Tree,
    panel: Panel | None = None,
    *,
    method: str = "eigenvector",
    aggregation: str = "aij",
    profile: str | None = None,
    inconsistent: Policy = "leave_out",
    expert_weights: str = "given",
    scale: str = "linear",
) -> Weights:
    """Return local and global weights of every node, with the evidence they rest on.

    Every expert's answers to a group are tested alone before they are put together. Blanks are
    completed from the expert's other answers as the priority method has it, for the weights alone;
    who left too many to tie the children together is left out of that group, and so is one whose
    answers contradict each other beyond the profile's limit, unless the policy says otherwise. All
    are named, and the result with everybody stands beside the one without.

    Parameters
    ----------
    panel : the experts and their judgments; None takes the weights the tree gives.
    method : a name in `ahp.PRIORITIES`. aggregation : a name in `ahp.AGGREGATIONS`.
    profile : a name in `ahp.PROFILES`: random index and limit of CR; default ``strict``.
    inconsistent : ``leave_out``, ``keep`` (with a warning), ``down_weight`` (kept with a say of
        limit / CR) or ``stop``. Every group with such an expert shows what each policy would give.
    expert_weights : a name in `SAY`: what multiplies the experts' given weights.
    scale : a name in `ahp.SCALES`: what the answers 1 to 9 are worth, applied to each expert's.

    Raises
    ------
    EvaluationError
        with everything that is wrong: METHOD-001 (unknown name), WEIGH-503 (nobody left in a
        group), WEIGH-504 (no given weights), WEIGH-505 (contradictory answers, policy ``stop``),
        WEIGH-507 to WEIGH-513 and WEIGH-517 (a panel that cannot be weighed), WEIGH-520 (an answer
        beyond 9 on a scale that ends there), WEIGH-530, WEIGH-531 (authority not stated, or out of
        range).

    >>> from evaluator.tree import load_tree
    >>> weights = weigh(load_tree("current_value"))
    >>> round(sum(weights.global_[leaf.id] for leaf in weights.tree.indicators), 12)
    1.0
    """
    convention = _convention(method, aggregation, profile or "strict", inconsistent, expert_weights, scale)
    if panel is None:
        return _given(tree, convention.profile)
    stated = authorities(panel) if expert_weights == "authority" else ()
    raise_errors((*check_panel(tree, panel), *beyond_scale(panel, scale), *stated))
    weighed = [weigh_group(group, panel, convention) for group in tree.groups]
    issues = tuple(issue for _, found in weighed for issue in found)
    raise_errors(issues)
    groups = tuple(group for group, _ in weighed if group)
    local, global_ = products(groups, tree)
    return Weights(
        tree, "experts", convention.profile, method, aggregation, groups, local, global_, issues,
        expert_weights, scale,
    )  # fmt: skip


def _convention(
    method: str, aggregation: str, profile: str, inconsistent: Policy, expert_weights: str, scale: str
) -> Convention:
    chosen = (
        (method, "priority", ahp.PRIORITIES.names()),
        (aggregation, "aggregation", ahp.AGGREGATIONS.names()),
        (profile, "profile", ahp.PROFILES.names()),
        (inconsistent, "policy", get_args(Policy)),
        (expert_weights, "expert_weights", SAY.names()),
        (scale, "judgment_scale", ahp.SCALES.names()),
    )
    raise_errors(
        [
            Issue("METHOD-001", name, {"kind": Term(f"kind.{kind}")}, nearest(name, known))
            for name, kind, known in chosen
            if name not in known
        ]
    )
    return Convention(method, aggregation, profile, inconsistent, expert_weights, scale)


def _given(tree: Tree, profile: str) -> Weights:
    if lacking := [group for group in tree.groups if not _has_weights(group)]:
        raise EvaluationError(Issue("WEIGH-504", group.id) for group in lacking)
    groups = tuple(_shares(group) for group in tree.groups)
    local, global_ = products(groups, tree)
    return Weights(tree, "given", profile, "", "", groups, local, global_)


def _has_weights(group: Group) -> bool:
    return len(group.children) == 1 or all(child.weight is not None for child in group.children)


def _shares(group: Group) -> GroupWeights:
    """Return the given points of siblings as shares of 1; an only child has all of it."""
    points = [1.0 if child.weight is None else child.weight for child in group.children]
    total = sum(points)
    return GroupWeights(
        group.id, tuple(child.id for child in group.children), tuple(point / total for point in points)
    )


def products(groups: Iterable[GroupWeights], tree: Tree) -> tuple[dict[str, float], dict[str, float]]:
    """Return local and global weights by node; groups come with the root first, each before those below."""
    local, global_ = {tree.root.id: 1.0}, {tree.root.id: 1.0}
    for group in groups:
        for child, weight in zip(group.children, group.local, strict=True):
            local[child], global_[child] = weight, weight * global_[group.group]
    return local, global_
