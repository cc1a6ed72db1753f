"""Fuzzy weights of a tree beside the crisp ones they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from evaluator import ahp
from evaluator.brief import Brief
from evaluator.displayed import Displayed
from evaluator.errors import EvaluationError, Issue
from evaluator.weighing.answers import used_answers
from evaluator.weighing.panel import OWN_PRIORITIES
from evaluator.weighing.weights import Figure, GroupWeights, Weights

Triangle = tuple[Figure, Figure, Figure]


@dataclass(frozen=True)
class FuzzyGroup(Brief):
    """Fuzzy weights of a group's children: triangles, the crisp weights they stand for, and the modal ones.

    `modal` are geometric-mean priorities of the joint judgments without any fuzziness.
    """

    group: str
    children: tuple[str, ...]
    fuzzy: tuple[Triangle, ...]
    crisp: tuple[Figure, ...]
    modal: tuple[Figure, ...]


@dataclass(frozen=True)
class FuzzyWeights(Displayed):
    """Fuzzy weights of a tree; `global_` multiplies triangles end by end from the root to each node."""

    method: str
    spread: float
    groups: tuple[FuzzyGroup, ...]
    global_: Mapping[str, Triangle]
    crisp_global: Mapping[str, Figure]
    issues: tuple[Issue, ...] = ()


def fuzzy_weights(
    weights: Weights,
    *,
    method: str = "buckley",
    spread: float = 1.0,
    largest: float = 9.0,
    equal: Literal["exact", "around"] = "exact",
) -> FuzzyWeights:
    """Return fuzzy weights from the judgments that count in `weights`; crisp weights are not touched.

    Answers become triangles (`ahp.fuzzify`), are put together by the experts' say, and give fuzzy weights
    by a method in `ahp.FUZZY_PRIORITIES`. A group without judgments keeps its crisp weights.

    Raises
    ------
    EvaluationError
        when there is no such method, when the weights rest on no judgments, when the answers are no
        comparisons that could be taken as fuzzy numbers (best–worst, shares).
    """
    if weights.form in OWN_PRIORITIES:
        raise EvaluationError([Issue("WEIGH-554", weights.tree.id)])
    if not any(one.used for group in weights.groups for one in group.experts):
        raise EvaluationError([Issue("WEIGH-540", weights.tree.id)])
    root = weights.tree.root.id
    groups: list[FuzzyGroup] = []
    issues: list[Issue] = []
    total: dict[str, Triangle] = {root: (1.0, 1.0, 1.0)}
    crisp = {root: 1.0}
    for group in weights.groups:
        one, found = _fuzzy_group(group, method, spread, largest, equal)
        groups.append(one)
        issues += found
        above = total[group.group]
        for child, triangle, weight in zip(one.children, one.fuzzy, one.crisp, strict=True):
            total[child] = (above[0] * triangle[0], above[1] * triangle[1], above[2] * triangle[2])
            crisp[child] = weight * crisp[group.group]
    return FuzzyWeights(method, spread, tuple(groups), total, crisp, tuple(issues))


def _fuzzy_group(
    group: GroupWeights, method: str, spread: float, largest: float, equal: Literal["exact", "around"]
) -> tuple[FuzzyGroup, tuple[Issue, ...]]:
    answers = used_answers(group)
    if not answers.experts:
        exact = tuple((weight, weight, weight) for weight in group.local)
        return FuzzyGroup(group.group, group.children, exact, group.local, group.local), ()
    triangles = ahp.fuzzify(answers.matrices, spread=spread, largest=largest, equal=equal)
    result = ahp.fuzzy_priorities(ahp.aggregate_fuzzy(triangles, answers.say), method)
    fuzzy = tuple((least, likely, most) for least, likely, most in result.fuzzy.tolist())
    issues = tuple(
        Issue(issue.code, issue.subject, {**issue.detail, "group": group.group}, severity=issue.severity)
        for issue in result.issues
        if np.any(result.zeros)
    )
    crisp, modal = tuple(result.crisp.tolist()), tuple(result.modal.tolist())
    return FuzzyGroup(group.group, group.children, fuzzy, crisp, modal), issues
