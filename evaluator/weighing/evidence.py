"""One group: every expert tested alone, then the judgments of those who count put together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from evaluator import ahp
from evaluator.errors import Issue, Location, Severity
from evaluator.tree import Group
from evaluator.weighing.options import Policy
from evaluator.weighing.panel import Panel
from evaluator.weighing.weights import ExpertEvidence, GroupWeights, Judged, Matrix, Reason, Verdict

Array = NDArray[np.float64]

Weighed = tuple[GroupWeights | None, list[Issue]]

_CONTRADICTORY: dict[Policy, tuple[str, Severity]] = {
    "leave_out": ("WEIGH-502", Severity.WARNING),
    "stop": ("WEIGH-505", Severity.ERROR),
    "keep": ("WEIGH-506", Severity.WARNING),
}


@dataclass(frozen=True, slots=True)
class Convention:
    """How judgments become weights: names of methods, and the policy for contradictory experts."""

    method: str
    aggregation: str
    profile: str
    inconsistent: Policy


def weigh_group(group: Group, panel: Panel, convention: Convention) -> Weighed:
    """Return the weights of a group's children with their evidence, and what must be said about them.

    None in place of weights, with WEIGH-503, when nobody's judgments count. Further issues:
    WEIGH-501 (answers missing), WEIGH-502, WEIGH-505, WEIGH-506 (contradictory answers left out,
    not accepted, or kept), WEIGH-516 (the joint judgments contradict each other).
    """
    children = tuple(child.id for child in group.children)
    if len(children) == 1:
        return GroupWeights(group.id, children, (1.0,)), []
    A = panel.matrices(group)
    evidence = _evidence(A, panel, convention)
    issues = list(_expert_issues(group, panel, evidence, convention))
    used = np.array([one.used for one in evidence])
    if not used.any():
        heard = ", ".join(_found(one, group) for one in evidence)
        return None, [Issue("WEIGH-503", group.id, {"experts": heard}), *issues]
    say = np.array([expert.weight for expert in panel.experts])
    joint = _joint(A[used], say[used], convention)
    complete = ahp.missing(A) == 0
    if joint.verdict == "inconsistent":
        detail = {"cr": joint.cr, "limit": joint.limit}
        issues.append(Issue("WEIGH-516", group.id, detail, severity=Severity.WARNING))
    weights = GroupWeights(
        group=group.id,
        children=children,
        local=joint.weights,
        experts=evidence,
        joint=joint,
        with_all=_joint(A[complete], say[complete], convention),
    )
    return weights, issues


def _evidence(A: Array, panel: Panel, convention: Convention) -> tuple[ExpertEvidence, ...]:
    judged, figures = _judged(A, convention)
    strict = figures.under("strict").verdict.tolist()
    leave_out = convention.inconsistent == "leave_out"
    entries = []
    for expert, one, verdict, blanks in zip(
        panel.experts, judged, strict, figures.missing.tolist(), strict=True
    ):
        reason: Reason = ""
        if blanks:
            reason = "incomplete"
        elif leave_out and one.verdict == "inconsistent":
            reason = "inconsistent"
        entries.append(ExpertEvidence(expert.id, expert.weight, one, verdict, not reason, reason))
    return tuple(entries)


def _joint(A: Array, say: Array, convention: Convention) -> Judged:
    """Return the joint judgments with what they give.

    Where priorities are put together, the weights are theirs and the figures of consistency remain
    those of the joint judgments, which say how the answers lie together.
    """
    judged = _judged(ahp.aggregate_judgments(A, say)[None], convention)[0][0]
    if ahp.AGGREGATIONS[convention.aggregation].function.of == "judgments":
        return judged
    w = ahp.group_priorities(A, say, method=convention.method, aggregation=convention.aggregation)
    return replace(judged, weights=tuple(w.tolist()))


def _judged(A: Array, convention: Convention) -> tuple[list[Judged], ahp.Consistency]:
    """Return matrices (k, n, n) with what they give, as plain values, and their figures as arrays."""
    figures = ahp.consistency(A, convention.method, profile=convention.profile)
    columns = (A, figures.priorities, figures.lambda_max, figures.ci, figures.ri, figures.cr, figures.limit)
    verdicts: list[Verdict] = figures.verdict.tolist()
    rows = zip(*(column.tolist() for column in columns), verdicts, strict=True)
    return [Judged(_rows(matrix), tuple(w), *others) for matrix, w, *others in rows], figures


def _rows(matrix: list[list[float]]) -> Matrix:
    return tuple(tuple(row) for row in matrix)


def _expert_issues(
    group: Group, panel: Panel, evidence: tuple[ExpertEvidence, ...], convention: Convention
) -> Iterator[Issue]:
    places = _places(panel, group)
    for one in evidence:
        where = places.get(one.expert)
        if one.reason == "incomplete":
            detail = {"group": group.id, "answered": _answered(one), "pairs": group.pairs}
            yield Issue("WEIGH-501", one.expert, detail, where=where, severity=Severity.WARNING)
        elif one.judged.verdict == "inconsistent":
            detail = {"group": group.id, "cr": one.judged.cr, "limit": one.judged.limit}
            code, severity = _CONTRADICTORY[convention.inconsistent]
            yield Issue(code, one.expert, detail, where=where, severity=severity)


def _places(panel: Panel, group: Group) -> dict[str, Location]:
    """Return the file and sheet that hold each expert's answers to a group."""
    places: dict[str, Location] = {}
    for answer in panel.by_group.get(group.id, ()):
        if answer.where:
            places.setdefault(answer.expert, Location(answer.where.file, sheet=answer.where.sheet))
    return places


def _answered(one: ExpertEvidence) -> int:
    matrix = np.array(one.judged.matrix)
    return int(np.isfinite(matrix[np.triu_indices(len(matrix), 1)]).sum())


def _found(one: ExpertEvidence, group: Group) -> str:
    if one.reason == "incomplete":
        return f"{one.expert} ({_answered(one)}/{group.pairs})"
    return f"{one.expert} (CR {one.judged.cr:.4f})"
