"""One group: every expert tested alone, then the judgments of those who count put together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from evaluator import ahp
from evaluator.errors import Issue, Location, Severity
from evaluator.messages import Listing, Named, Phrase
from evaluator.tree import Group
from evaluator.weighing.expert_weights import down_weights, expert_shares
from evaluator.weighing.options import Policy
from evaluator.weighing.panel import Panel
from evaluator.weighing.procedure import Procedure
from evaluator.weighing.reading import Reading, judged_matrices, matrix_rows, read
from evaluator.weighing.weights import ExpertEvidence, GroupWeights, PolicyOutcome, Reason

Array = NDArray[np.float64]

Weighed = tuple[GroupWeights | None, list[Issue]]

_CONTRADICTORY: dict[Policy, tuple[str, Severity]] = {
    "leave_out": ("WEIGH-502", Severity.WARNING),
    "stop": ("WEIGH-505", Severity.ERROR),
    "keep": ("WEIGH-506", Severity.WARNING),
    "down_weight": ("WEIGH-532", Severity.WARNING),
}
_NEVER: tuple[Reason, ...] = ("incomplete", "not_asked", "model")
"""Why answers count under no policy for contradictory ones."""
_SIDE_BY_SIDE: tuple[Policy, ...] = ("leave_out", "keep", "down_weight")


def weigh_group(group: Group, panel: Panel, procedure: Procedure) -> Weighed:
    """Return the weights of a group's children with their evidence, and what must be said about them.

    None in place of weights when nobody's judgments count. Answers that are missing, contradictory answers
    (left out, not accepted, kept, or kept with less say) and joint judgments that contradict each other are
    named in the issues.
    """
    children = tuple(child.id for child in group.children)
    if len(children) == 1:
        return GroupWeights(group.id, children, (1.0,)), []
    found = read(group, panel, procedure)
    evidence = _evidence(found, group, panel, procedure)
    issues = list(_expert_issues(group, panel, evidence, procedure))
    if not any(one.used for one in evidence):
        heard = ", ".join(_found(one) for one in evidence if one.reason not in ("not_asked", "model"))
        return None, [Issue("WEIGH-503", group.called, {"experts": heard or "–"}), *issues]
    used = np.array([one.used for one in evidence])
    say = _expert_say(found.figures, panel, procedure)
    joint = found.joint(used, say)
    given = np.array([expert.weight for expert in panel.experts])
    complete = np.array([one.reason not in _NEVER for one in evidence])
    if joint.verdict == "inconsistent":
        detail = {"cr": joint.cr, "limit": joint.limit}
        issues.append(Issue("WEIGH-516", group.called, detail, severity=Severity.WARNING))
    weights = GroupWeights(
        group=group.id,
        children=children,
        local=joint.weights,
        experts=evidence,
        joint=joint,
        with_all=found.joint(complete, given),
        policies=_side_by_side(found, evidence, complete, panel, procedure),
        coverage=matrix_rows(ahp.coverage(found.ratios[used], say[used]).tolist()),
    )
    return weights, issues


def _expert_say(figures: ahp.Consistency, panel: Panel, procedure: Procedure) -> Array:
    """Return each expert's say as the procedure has it, before anybody is left out."""
    say = expert_shares(panel, figures, procedure.expert_weights)
    return say * down_weights(figures.cr, figures.limit) if procedure.inconsistent == "down_weight" else say


def _side_by_side(
    found: Reading,
    evidence: tuple[ExpertEvidence, ...],
    complete: NDArray[np.bool_],
    panel: Panel,
    procedure: Procedure,
) -> tuple[PolicyOutcome, ...]:
    contradictory = found.figures.verdict == "inconsistent"
    if not (contradictory & complete).any():
        return ()
    outcomes = []
    for policy in _SIDE_BY_SIDE:
        used = complete & ~contradictory if policy == "leave_out" else complete
        left_out = tuple(
            one.expert
            for one, counts in zip(evidence, used, strict=True)
            if not counts and one.reason not in ("not_asked", "model")
        )
        if used.any():
            joint = found.joint(
                used, _expert_say(found.figures, panel, replace(procedure, inconsistent=policy))
            )
            outcomes.append(PolicyOutcome(policy, joint.weights, joint.cr, joint.verdict, left_out))
        else:
            nothing = (float("nan"),) * found.ratios.shape[-1]
            outcomes.append(PolicyOutcome(policy, nothing, float("nan"), "not_testable", left_out))
    return tuple(outcomes)


def _evidence(found: Reading, group: Group, panel: Panel, procedure: Procedure) -> tuple[ExpertEvidence, ...]:
    figures, reasons = found.figures, _reasons(found, group, panel, procedure)
    say = np.where([not reason for reason in reasons], _expert_say(figures, panel, procedure), 0.0)
    shares = (say / max(say.sum(), np.finfo(np.float64).tiny)).tolist()
    whole: list[list[list[float]]] = [[]] * len(reasons)
    if figures.missing.any():
        whole = found.whole.tolist()
    return tuple(
        ExpertEvidence(
            expert=expert.id,
            weight=expert.weight,
            judged=judged,
            strict_verdict=verdict,
            used=not reason,
            reason=reason,
            say=share,
            asked=asked,
            answered=answered,
            missing=blanks,
            filled=matrix_rows(filled) if blanks and not reason else (),
            **finding,
        )
        for expert, judged, verdict, reason, share, asked, answered, blanks, filled, finding in zip(
            panel.experts, judged_matrices(found.ratios, figures), found.strict, reasons, shares,
            found.asked, found.answered, figures.missing.tolist(), whole, found.findings,
            strict=True,
        )
    )  # fmt: skip


def _reasons(found: Reading, group: Group, panel: Panel, procedure: Procedure) -> list[Reason]:
    """Return why each expert does not count; empty for those who do."""
    weighed = np.atleast_1d(np.isfinite(found.figures.priorities).all(-1)).tolist()
    leave_out = procedure.inconsistent == "leave_out"
    reasons: list[Reason] = []
    for expert, counts, verdict, asked, answered in zip(
        panel.experts, weighed, found.figures.verdict.tolist(), found.asked, found.answered, strict=True
    ):
        if not counts:
            reasons.append("incomplete" if asked or answered else "not_asked")
        elif procedure.models == "show" and panel.model(expert, group.id):
            reasons.append("model")
        else:
            reasons.append("inconsistent" if leave_out and verdict == "inconsistent" else "")
    return reasons


def _expert_issues(
    group: Group, panel: Panel, evidence: tuple[ExpertEvidence, ...], procedure: Procedure
) -> Iterator[Issue]:
    places = _places(panel, group)
    for one in evidence:
        where = places.get(one.expert)
        if one.reason == "incomplete" or one.answered < one.asked:
            yield _incomplete(one, group, panel, procedure, where)
        if one.reason not in ("incomplete", "model") and one.judged.verdict == "inconsistent":
            detail = {"group": group.called, "cr": one.judged.cr, "limit": one.judged.limit}
            code, severity = _CONTRADICTORY[procedure.inconsistent]
            if procedure.inconsistent == "down_weight":
                detail["factor"] = float(down_weights(one.judged.cr, one.judged.limit))
            yield Issue(code, one.expert, detail, where=where, severity=severity)


def _incomplete(
    one: ExpertEvidence, group: Group, panel: Panel, procedure: Procedure, where: Location | None
) -> Issue:
    """Say what happened to an expert's blanks: estimated, too many, or more than the method allows."""
    detail = {"group": group.called, "answered": one.answered, "asked": one.asked}
    if one.reason != "incomplete":
        return Issue("WEIGH-518", one.expert, detail, where=where, severity=Severity.NOTE)
    if panel.form != "pairs":
        return Issue("WEIGH-551", one.expert, detail, where=where, severity=Severity.WARNING)
    if one.parts:
        called = {child.id: child.called for child in group.children}
        detail["parts"] = Listing(tuple(_part([called[child] for child in part]) for part in one.parts))
        return Issue("WEIGH-501", one.expert, detail, where=where, severity=Severity.WARNING)
    detail["method"] = procedure.method
    return Issue("WEIGH-519", one.expert, detail, where=where, severity=Severity.WARNING)


def _part(children: Sequence[Named]) -> Phrase:
    return Phrase("weighing.part", {"names": Listing(tuple(children))})


def _places(panel: Panel, group: Group) -> dict[str, Location]:
    """Return the file and sheet that hold each expert's answers to a group."""
    places: dict[str, Location] = {}
    for answer in panel.by_group.get(group.id, ()):
        if answer.where:
            places.setdefault(answer.expert, Location(answer.where.file, sheet=answer.where.sheet))
    return places


def _found(one: ExpertEvidence) -> str:
    if one.reason == "incomplete":
        return f"{one.expert} ({one.answered}/{one.asked})"
    return f"{one.expert} (CR {one.judged.cr:.4f})"
