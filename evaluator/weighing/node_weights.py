"""From a panel, or from the weights a tree gives, to the weight of every node."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import get_args

import numpy as np

from evaluator import ahp
from evaluator.errors import Issue, Severity, nearest, raise_errors
from evaluator.messages import Term
from evaluator.tree import Group, Tree
from evaluator.weighing.checks import beyond_scale, check_panel
from evaluator.weighing.evidence import weigh_group
from evaluator.weighing.expert_weights import EXPERT_WEIGHTS, authorities
from evaluator.weighing.options import Models, Policy
from evaluator.weighing.panel import Form, Panel
from evaluator.weighing.procedure import Procedure, offered
from evaluator.weighing.support import support_issues
from evaluator.weighing.weights import GroupWeights, Weights

_BLANK = ("WEIGH-501", "WEIGH-519", "WEIGH-551")  # what is said of blanks that leave an expert out of a group

_NOTHING_CAME = ("JUDGE-213", "JUDGE-223", "JUDGE-224")  # what reading says of one of whom nothing is used


def weigh(
    tree: Tree,
    panel: Panel | None = None,
    *,
    method: str | None = None,
    aggregation: str | None = None,
    convention: str | None = None,
    inconsistent: Policy = "leave_out",
    expert_weights: str = "given",
    scale: str = "linear",
    models: Models = "show",
) -> Weights:
    """Return local and global weights of every node, with the evidence they rest on.

    Every expert's answers to a group are tested alone before they are put together. Blanks are completed from
    the expert's other answers as the priority method has it, for the weights alone; who left too many to tie
    the children together is left out of that group, and so is one whose answers contradict each other beyond
    the convention's limit, unless the policy says otherwise. All are named, and the result with everybody
    stands beside the one without; so are groups whose weights rest on one expert alone or on answers nobody
    could test.

    Parameters
    ----------
    panel : the experts and their judgments; None takes the weights the tree gives.
    method : a name in `ahp.PRIORITIES`, default ``eigenvector``; for answers by the best–worst method one
        in `ahp.BEST_WORST`, default the linear model. Scores read as shares are weights themselves.
    aggregation : a name in `ahp.AGGREGATIONS`, default ``aij``; answers that give priorities without a
        judgment matrix (best–worst, shares) are put together as priorities, default ``aip``.
    convention : a name in `ahp.CONVENTIONS`: random index and limit of CR; default ``strict``.
    inconsistent : ``leave_out``, ``keep`` (with a warning), ``down_weight`` (kept with a say of
        limit / CR) or ``stop``. Every group with such an expert shows what each policy would give.
    expert_weights : a name in `EXPERT_WEIGHTS`: what multiplies the experts' given weights.
    scale : a name in `ahp.SCALES`: what the answers 1 to 9 are worth, applied to each expert's.
    models : ``show`` answers that say they come from a model beside the weights, or ``count`` them as well.

    Raises
    ------
    EvaluationError
        with everything that is wrong: unknown name, or one that the form of the answers does not have; nobody
        left in a group; no given weights; contradictory answers, policy ``stop``; a panel that cannot be
        weighed; an answer beyond 9 on a scale that ends there; authority not stated, or out of range.

    >>> from evaluator.tree import load_tree
    >>> weights = weigh(load_tree("current_value"))
    >>> round(sum(weights.global_[leaf.id] for leaf in weights.tree.indicators), 12)
    1.0
    """
    form: Form = panel.form if panel else "pairs"
    procedure = _procedure(
        form, method, aggregation, convention or "strict", inconsistent, expert_weights, scale, models
    )
    if panel is None:
        return _given(tree, procedure.convention)
    stated = authorities(panel) if expert_weights == "authority" else ()
    raise_errors((*check_panel(tree, panel), *beyond_scale(panel, scale), *stated))
    weighed = [weigh_group(group, panel, procedure) for group in tree.groups]
    said = _unanswered(tree, panel, [issue for _, found in weighed for issue in found])
    raise_errors((*said, *panel.issues))  # why answers are missing: a code with a wrong letter, two files
    groups = tuple(group for group, _ in weighed if group)
    issues = (*said, *_of_models(panel, groups), *support_issues(groups, form))
    local, global_ = products(groups, tree)
    return Weights(
        tree, "experts", procedure.convention, procedure.method, procedure.aggregation, groups, local,
        global_, issues, expert_weights, scale, form,
    )  # fmt: skip


def _of_models(panel: Panel, groups: Sequence[GroupWeights]) -> Iterable[Issue]:
    """Yield a line for everyone whose answers say that they come from a model, and whether they count."""
    for expert in panel.experts:
        answered = [(group, panel.model(expert, group.group)) for group in groups]
        models = dict.fromkeys(model for _, model in answered if model)
        if models:
            counts = any(one.used for group, model in answered if model
                         for one in group.experts if one.expert == expert.id)  # fmt: skip
            detail = {"model": ", ".join(models)}
            code, severity = ("WEIGH-571", Severity.WARNING) if counts else ("WEIGH-570", Severity.NOTE)
            yield Issue(code, expert.id, detail, severity=severity)


def _unanswered(tree: Tree, panel: Panel, issues: Sequence[Issue]) -> tuple[Issue, ...]:
    """Return the issues with one line for each expert who answered nothing at all.

    Whom the panel already tells of, as reading found nothing, is not named again.
    """
    heard = {one.expert for one in panel.judgments}
    heard |= {one.expert for one in panel.scores} | {one.expert for one in panel.best_worst}
    asked = np.array([panel.asked(group) for group in tree.groups if group.pairs]).sum(0)
    silent = [
        expert.id
        for expert, wanted in zip(panel.experts, asked, strict=True)
        if wanted and expert.id not in heard
    ]
    told = {issue.subject for issue in panel.issues if issue.code in _NOTHING_CAME}
    names = {expert.id: expert.name or expert.id for expert in panel.experts}
    once = [Issue("WEIGH-523", one, severity=Severity.WARNING) for one in silent if names[one] not in told]
    return (*once, *(issue for issue in issues if issue.code not in _BLANK or issue.subject not in silent))


def _procedure(
    form: Form,
    method: str | None,
    aggregation: str | None,
    convention: str,
    inconsistent: Policy,
    expert_weights: str,
    scale: str,
    models: Models,
) -> Procedure:
    methods, aggregations = offered(form)
    chosen = Procedure(
        method or methods[0], aggregation or aggregations[0], convention, inconsistent, expert_weights, scale,
        models,
    )  # fmt: skip
    scales = ahp.SCALES.names() if form == "pairs" else (ahp.SCALES.names()[0],)
    choices = (
        (chosen.method, "priority" if form == "pairs" else form, methods),
        (chosen.aggregation, "aggregation", aggregations),
        (convention, "convention", ahp.CONVENTIONS.names()),
        (inconsistent, "policy", get_args(Policy)),
        (expert_weights, "expert_weights", EXPERT_WEIGHTS.names()),
        (scale, "judgment_scale", scales),
    )
    raise_errors(
        Issue("METHOD-001", name, {"kind": Term(f"kind.{kind}")}, nearest(name, known) or known)
        for name, kind, known in choices
        if name not in known
    )
    return chosen


def _given(tree: Tree, convention: str) -> Weights:
    raise_errors(Issue("WEIGH-504", group.id) for group in tree.groups if not _has_weights(group))
    groups = tuple(_shares(group) for group in tree.groups)
    local, global_ = products(groups, tree)
    return Weights(tree, "given", convention, "", "", groups, local, global_)


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
