"""One group: every expert tested alone, then the judgments of those who count put together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from evaluator import ahp
from evaluator.errors import Issue, Location, Severity
from evaluator.tree import Group
from evaluator.weighing.findings import findings
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
    scale: str = "linear"

    def judge(self, A: Array) -> ahp.Consistency:
        """Return the figures of ratios (k, n, n) under this convention."""
        return ahp.consistency(A, self.method, profile=self.profile, scale=self.scale)


def weigh_group(group: Group, panel: Panel, convention: Convention) -> Weighed:
    """Return the weights of a group's children with their evidence, and what must be said about them.

    None in place of weights, with WEIGH-503, when nobody's judgments count. Further issues:
    WEIGH-501, WEIGH-518, WEIGH-519 (answers missing: not tied together, completed, or needed by the
    method), WEIGH-502, WEIGH-505, WEIGH-506, WEIGH-532 (contradictory answers left
    out, not accepted, kept, or kept with less say), WEIGH-516 (the joint judgments contradict each other).
    """
    children = tuple(child.id for child in group.children)
    if len(children) == 1:
        return GroupWeights(group.id, children, (1.0,)), []
    A = ahp.apply_scale(panel.matrices(group), convention.scale)
    figures = convention.judge(A)
    evidence = _evidence(A, figures, panel, group, convention)
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
        coverage=_rows(ahp.coverage(A[used], _say(figures, panel, convention)[used]).tolist()),
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
    A: Array, figures: ahp.Consistency, panel: Panel, group: Group, convention: Convention
) -> tuple[ExpertEvidence, ...]:
    leave_out = convention.inconsistent == "leave_out"
    weighed = np.isfinite(figures.priorities).all(-1)
    reasons: list[Reason] = [
        "incomplete" if not counts else "inconsistent" if leave_out and verdict == "inconsistent" else ""
        for counts, verdict in zip(np.atleast_1d(weighed).tolist(), figures.verdict.tolist(), strict=True)
    ]
    say = np.where([not reason for reason in reasons], _say(figures, panel, convention), 0.0)
    shares = (say / max(say.sum(), np.finfo(np.float64).tiny)).tolist()
    strict = figures.under("strict").verdict.tolist()
    filled = ahp.fill(A, convention.method).tolist() if figures.missing.any() else [[]] * len(A)
    found = findings(A, figures, tuple(child.id for child in group.children))
    return tuple(
        ExpertEvidence(
            expert=expert.id,
            weight=expert.weight,
            judged=judged,
            strict_verdict=verdict,
            used=not reason,
            reason=reason,
            say=share,
            missing=blanks,
            filled=_rows(whole) if blanks and not reason else (),
            **finding,
        )
        for expert, judged, verdict, reason, share, blanks, whole, finding in zip(
            panel.experts, _plain(A, figures), strict, reasons, shares, figures.missing.tolist(), filled,
            found, strict=True,
        )
    )  # fmt: skip


def _joint(A: Array, say: Array, convention: Convention) -> Judged:
    """Return the joint judgments with what they give.

    Experts with blanks enter completed, so that who compared a pair does not shift it against the
    others; a pair nobody compared stays open. What the experts cannot contradict alone, each with
    nothing but a spanning tree, is not tested together. Where priorities are put together, the
    weights are theirs and the figures of consistency remain those of the joint judgments, which say
    how the answers lie together.
    """
    known = ahp.made(A)
    whole = A if known.all() else ahp.fill(A, convention.method)
    joint = np.where(known.any(0), ahp.aggregate_judgments(whole, say), np.nan)[None]
    (judged,) = _plain(joint, convention.judge(joint))
    if (ahp.redundancy(A) <= 0).all():
        judged = replace(judged, ri=float("nan"), cr=float("nan"), verdict="not_testable")
    if ahp.AGGREGATIONS[convention.aggregation].function.of == "judgments":
        return judged
    w = ahp.group_priorities(whole, say, method=convention.method, aggregation=convention.aggregation)
    return replace(judged, weights=tuple(w.tolist()))


def _plain(A: Array, figures: ahp.Consistency) -> list[Judged]:
    """Return matrices (k, n, n) with what they give, as plain values."""
    columns = (A, figures.priorities, figures.lambda_max, figures.ci, figures.ri, figures.cr, figures.limit)
    verdicts: list[Verdict] = figures.verdict.tolist()
    rows = zip(*(column.tolist() for column in columns), verdicts, figures.gci.tolist(), strict=True)
    return [Judged(_rows(matrix), tuple(w), *others) for matrix, w, *others in rows]


def _rows(matrix: list[list[float]]) -> Matrix:
    return tuple(tuple(row) for row in matrix)


def _expert_issues(
    group: Group, panel: Panel, evidence: tuple[ExpertEvidence, ...], convention: Convention
) -> Iterator[Issue]:
    places = _places(panel, group)
    for one in evidence:
        where = places.get(one.expert)
        if one.missing:
            yield _incomplete(one, group, convention, where)
        if one.reason != "incomplete" and one.judged.verdict == "inconsistent":
            detail = {"group": group.id, "cr": one.judged.cr, "limit": one.judged.limit}
            code, severity = _CONTRADICTORY[convention.inconsistent]
            if convention.inconsistent == "down_weight":
                detail["factor"] = one.judged.limit / one.judged.cr
            yield Issue(code, one.expert, detail, where=where, severity=severity)


def _incomplete(one: ExpertEvidence, group: Group, convention: Convention, where: Location | None) -> Issue:
    """Say what became of an expert's blanks: completed, too many, or more than the method can do without."""
    detail = {"group": group.id, "answered": group.pairs - one.missing, "pairs": group.pairs}
    if one.reason != "incomplete":
        return Issue("WEIGH-518", one.expert, detail, where=where, severity=Severity.NOTE)
    if one.parts:
        detail["parts"] = " | ".join(", ".join(part) for part in one.parts)
        return Issue("WEIGH-501", one.expert, detail, where=where, severity=Severity.WARNING)
    detail["method"] = convention.method
    return Issue("WEIGH-519", one.expert, detail, where=where, severity=Severity.WARNING)


def _places(panel: Panel, group: Group) -> dict[str, Location]:
    """Return the file and sheet that hold each expert's answers to a group."""
    places: dict[str, Location] = {}
    for answer in panel.by_group.get(group.id, ()):
        if answer.where:
            places.setdefault(answer.expert, Location(answer.where.file, sheet=answer.where.sheet))
    return places


def _found(one: ExpertEvidence, group: Group) -> str:
    if one.reason == "incomplete":
        return f"{one.expert} ({group.pairs - one.missing}/{group.pairs})"
    return f"{one.expert} (CR {one.judged.cr:.4f})"
