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
from evaluator.weighing.say import down_weights, expert_say
from evaluator.weighing.weights import (
    ExpertEvidence,
    GroupWeights,
    Judged,
    Matrix,
    PolicyOutcome,
    Reason,
    Verdict,
)

Array = NDArray[np.float64]

Weighed = tuple[GroupWeights | None, list[Issue]]

_CONTRADICTORY: dict[Policy, tuple[str, Severity]] = {
    "leave_out": ("WEIGH-502", Severity.WARNING),
    "stop": ("WEIGH-505", Severity.ERROR),
    "keep": ("WEIGH-506", Severity.WARNING),
    "down_weight": ("WEIGH-532", Severity.WARNING),
}
_SIDE_BY_SIDE: tuple[Policy, ...] = ("leave_out", "keep", "down_weight")


@dataclass(frozen=True, slots=True)
class Convention:
    """How judgments become weights: names of methods, and the policy for contradictory experts."""

    method: str
    aggregation: str
    profile: str
    inconsistent: Policy
    expert_weights: str = "given"


def weigh_group(group: Group, panel: Panel, convention: Convention) -> Weighed:
    """Return the weights of a group's children with their evidence, and what must be said about them.

    None in place of weights, with WEIGH-503, when nobody's judgments count. Further issues:
    WEIGH-501 (answers missing), WEIGH-502, WEIGH-505, WEIGH-506, WEIGH-532 (contradictory answers left
    out, not accepted, kept, or kept with less say), WEIGH-516 (the joint judgments contradict each other).
    """
    children = tuple(child.id for child in group.children)
    if len(children) == 1:
        return GroupWeights(group.id, children, (1.0,)), []
    A = panel.matrices(group)
    figures = ahp.consistency(A, convention.method, profile=convention.profile)
    evidence = _evidence(A, figures, panel, convention)
    issues = list(_expert_issues(group, panel, evidence, convention))
    if not any(one.used for one in evidence):
        heard = ", ".join(_found(one, group) for one in evidence)
        return None, [Issue("WEIGH-503", group.id, {"experts": heard}), *issues]
    used = np.array([one.used for one in evidence])
    joint = _joint(A[used], _say(figures, panel, convention)[used], convention)
    given = np.array([expert.weight for expert in panel.experts])
    answered = np.array([one.reason != "incomplete" for one in evidence])
    if joint.verdict == "inconsistent":
        detail = {"cr": joint.cr, "limit": joint.limit}
        issues.append(Issue("WEIGH-516", group.id, detail, severity=Severity.WARNING))
    weights = GroupWeights(
        group=group.id,
        children=children,
        local=joint.weights,
        experts=evidence,
        joint=joint,
        with_all=_joint(A[answered], given[answered], convention),
        policies=_side_by_side(A, figures, answered, panel, convention),
    )
    return weights, issues


def _say(figures: ahp.Consistency, panel: Panel, convention: Convention) -> Array:
    """Return each expert's say as the convention has it, before anybody is left out."""
    say = expert_say(panel, figures, convention.expert_weights)
    return say * down_weights(figures) if convention.inconsistent == "down_weight" else say


def _side_by_side(
    A: Array, figures: ahp.Consistency, answered: NDArray[np.bool_], panel: Panel, convention: Convention
) -> tuple[PolicyOutcome, ...]:
    contradictory = figures.verdict == "inconsistent"
    if not (contradictory & answered).any():
        return ()
    outcomes = []
    for policy in _SIDE_BY_SIDE:
        used = answered & ~contradictory if policy == "leave_out" else answered
        say = _say(figures, panel, replace(convention, inconsistent=policy))
        left_out = tuple(one.id for one, counts in zip(panel.experts, used, strict=True) if not counts)
        if used.any():
            joint = _joint(A[used], say[used], convention)
            outcomes.append(PolicyOutcome(policy, joint.weights, joint.cr, joint.verdict, left_out))
        else:
            nothing = (float("nan"),) * A.shape[-1]
            outcomes.append(PolicyOutcome(policy, nothing, float("nan"), "not_testable", left_out))
    return tuple(outcomes)


def _evidence(
    A: Array, figures: ahp.Consistency, panel: Panel, convention: Convention
) -> tuple[ExpertEvidence, ...]:
    judged = _plain(A, figures)
    strict = figures.under("strict").verdict.tolist()
    leave_out = convention.inconsistent == "leave_out"
    reasons: list[Reason] = [
        "incomplete" if blanks else "inconsistent" if leave_out and verdict == "inconsistent" else ""
        for blanks, verdict in zip(figures.missing.tolist(), figures.verdict.tolist(), strict=True)
    ]
    say = np.where([not reason for reason in reasons], _say(figures, panel, convention), 0.0)
    shares = (say / max(say.sum(), np.finfo(np.float64).tiny)).tolist()
    return tuple(
        ExpertEvidence(expert.id, expert.weight, one, verdict, not reason, reason, share)
        for expert, one, verdict, reason, share in zip(
            panel.experts, judged, strict, reasons, shares, strict=True
        )
    )


def _joint(A: Array, say: Array, convention: Convention) -> Judged:
    """Return the joint judgments with what they give.

    Where priorities are put together, the weights are theirs and the figures of consistency remain
    those of the joint judgments, which say how the answers lie together.
    """
    joint = ahp.aggregate_judgments(A, say)[None]
    (judged,) = _plain(joint, ahp.consistency(joint, convention.method, profile=convention.profile))
    if ahp.AGGREGATIONS[convention.aggregation].function.of == "judgments":
        return judged
    w = ahp.group_priorities(A, say, method=convention.method, aggregation=convention.aggregation)
    return replace(judged, weights=tuple(w.tolist()))


def _plain(A: Array, figures: ahp.Consistency) -> list[Judged]:
    """Return matrices (k, n, n) with what they give, as plain values."""
    columns = (A, figures.priorities, figures.lambda_max, figures.ci, figures.ri, figures.cr, figures.limit)
    verdicts: list[Verdict] = figures.verdict.tolist()
    rows = zip(*(column.tolist() for column in columns), verdicts, strict=True)
    return [Judged(_rows(matrix), tuple(w), *others) for matrix, w, *others in rows]


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
            if convention.inconsistent == "down_weight":
                detail["factor"] = one.judged.limit / one.judged.cr
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
