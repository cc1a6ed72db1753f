"""What an expert may be asked to look at again in a group, with what it would change."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from evaluator import ahp
from evaluator.brief import Brief
from evaluator.errors import not_among, raise_errors
from evaluator.tree import Group, Tree
from evaluator.weighing.checks import check_panel
from evaluator.weighing.panel import Panel

Array = NDArray[np.float64]


@dataclass(frozen=True)
class SuggestedChange:
    """One answer: `a` over `b`, as it is and as it might be."""

    a: str
    b: str
    before: float
    after: float


@dataclass(frozen=True)
class AnswerRange:
    """How far one answer may move, all others as they are, before CR reaches its limit; NaN: nowhere."""

    a: str
    b: str
    value: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Suggestion(Brief):
    """Changes of one expert's answers to a group that make them consistent, and what they would do.

    `fewest` says that no smaller number of changes would do. Weights and ranks are by child. `ranges`
    are of the answers that would do alone: where each may lie, all others as they are.
    """

    expert: str
    group: str
    changes: tuple[SuggestedChange, ...]
    cr_before: float
    cr: float
    limit: float
    weights_before: Mapping[str, float]
    weights: Mapping[str, float]
    ranks_before: Mapping[str, int]
    ranks: Mapping[str, int]
    fewest: bool
    ranges: tuple[AnswerRange, ...] = ()

    @property
    def keeps_ranking(self) -> bool:
        """Whether the order of the children stays as it was."""
        return self.ranks == self.ranks_before


def suggest(
    tree: Tree,
    panel: Panel,
    expert: str,
    group: str,
    *,
    method: str = "eigenvector",
    convention: str = "strict",
    scale: str = "linear",
    count: int = 5,
) -> tuple[Suggestion, ...]:
    """Return the smallest changes that make an expert's answers to a group consistent, best first.

    Empty when they are consistent already or cannot be tested. Nothing is changed: a suggestion the
    expert agrees to becomes a `Revision`.

    Raises
    ------
    EvaluationError
        no such expert, group or method, and what `check_panel` finds.
    """
    (answers,), children = _answers(tree, panel, (expert,), group)
    found = ahp.repairs(answers, method, convention=convention, scale=scale, count=count)
    return tuple(_suggestion(expert, group, children, repair) for repair in found)


def answer_ranges(
    tree: Tree,
    panel: Panel,
    expert: str,
    group: str,
    *,
    method: str = "eigenvector",
    convention: str = "strict",
    scale: str = "linear",
) -> tuple[AnswerRange, ...]:
    """Return how far each answer of an expert to a group may move while CR stays below its limit.

    Raises
    ------
    EvaluationError
        as `suggest`.
    """
    answers, children = _answers(tree, panel, (expert,), group)
    found = ahp.stability(answers, method, convention=convention, scale=scale)
    return _ranges(children, answers[0], found.lower[0], found.upper[0])


def best_suggestions(
    tree: Tree,
    panel: Panel,
    experts: Sequence[str],
    group: str,
    *,
    method: str = "eigenvector",
    convention: str = "strict",
    scale: str = "linear",
) -> tuple[Suggestion, ...]:
    """Return the best suggestion for each of these experts in a group, with the answers that would do alone.

    What `suggest` and `answer_ranges` find, for panels of any size: the panel is checked once, all matrices
    are computed together, and the same answers once.

    Raises
    ------
    EvaluationError
        as `suggest`.
    """
    answers, children = _answers(tree, panel, experts, group)
    limits = ahp.stability(answers, method, convention=convention, scale=scale)
    repairs: dict[bytes, list[ahp.Repair]] = {}
    found = []
    for expert, matrix, lower, upper in zip(experts, answers, limits.lower, limits.upper, strict=True):
        if (same := matrix.tobytes()) not in repairs:
            repairs[same] = ahp.repairs(matrix, method, convention=convention, scale=scale, count=1)
        ranges = _ranges(children, matrix, lower, upper)
        alone = tuple(one for one in ranges if math.isfinite(one.lower) and math.isfinite(one.upper))
        found += [replace(_suggestion(expert, group, children, one), ranges=alone) for one in repairs[same]]
    return tuple(found)


def _suggestion(expert: str, group: str, children: tuple[str, ...], repair: ahp.Repair) -> Suggestion:
    """Return a repair of the answers of an expert with the names of what was compared."""
    return Suggestion(
        expert=expert,
        group=group,
        changes=tuple(
            SuggestedChange(children[change.i], children[change.j], change.before, change.after)
            for change in repair.changes
        ),
        cr_before=repair.cr_before,
        cr=repair.cr,
        limit=repair.limit,
        weights_before=dict(zip(children, repair.weights_before.tolist(), strict=True)),
        weights=dict(zip(children, repair.weights.tolist(), strict=True)),
        ranks_before=dict(zip(children, repair.ranks_before.tolist(), strict=True)),
        ranks=dict(zip(children, repair.ranks.tolist(), strict=True)),
        fewest=repair.fewest,
    )


def _ranges(children: tuple[str, ...], answers: Array, lower: Array, upper: Array) -> tuple[AnswerRange, ...]:
    """Return how far each answer that was given may move."""
    i, j = np.nonzero(np.triu(ahp.made(answers), 1))
    return tuple(
        AnswerRange(children[a], children[b], float(answers[a, b]), low, high)
        for a, b, low, high in zip(
            i.tolist(), j.tolist(), lower[i, j].tolist(), upper[i, j].tolist(), strict=True
        )
    )


def _answers(tree: Tree, panel: Panel, experts: Sequence[str], group: str) -> tuple[Array, tuple[str, ...]]:
    """Return the answers of experts to one group as matrices, (k, n, n), and the children they compare."""
    places = {one.id: place for place, one in enumerate(panel.experts)}
    groups: dict[str, Group] = {one.id: one for one in tree.groups}
    raise_errors([*not_among("WEIGH-507", experts, places), *not_among("WEIGH-508", [group], groups)])
    raise_errors(check_panel(tree, panel))
    children = tuple(child.id for child in groups[group].children)
    return panel.matrices(groups[group])[[places[expert] for expert in experts]], children
