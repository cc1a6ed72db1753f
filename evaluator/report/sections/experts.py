"""Who was asked, how consistently they judged, and what each judgment matrix gives."""

from __future__ import annotations

import math
from dataclasses import dataclass

from evaluator.report import charts
from evaluator.report.context import Context
from evaluator.weighing.weights import ExpertEvidence, GroupWeights, Judged


@dataclass(frozen=True)
class Member:
    """An expert: the answers given of those asked, and the criteria in which they do not count."""

    code: str
    role: str
    weight: float
    answered: int
    asked: int
    used: int
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class Evidence:
    """One expert's judgment matrix of one criterion with what it gives."""

    code: str
    judged: Judged
    verdict: str
    strict_verdict: str
    used: bool
    reason: str


@dataclass(frozen=True)
class Criterion:
    """One criterion: every matrix, the experts' joint one, and the weights with nobody left out.

    `shift` is the largest change of a weight that leaving inconsistent experts out makes; None where
    nobody was left out for that.
    """

    id: str
    name: str
    children: tuple[str, ...]
    weights: tuple[float, ...]
    evidence: tuple[Evidence, ...]
    joint: Judged | None
    joint_verdict: str
    with_all: Judged | None
    shift: float | None

    @property
    def everyone(self) -> bool:
        """Whether nobody was left out, for whatever reason."""
        return all(evidence.used for evidence in self.evidence)


@dataclass(frozen=True)
class Experts:
    """The panel and its judgments; both empty when the weights were given."""

    given: bool
    source: str
    members: tuple[Member, ...]
    criteria: tuple[Criterion, ...]


def build(context: Context) -> Experts:
    """Return the experts' judgments with their consistency."""
    weights, tree = context.evaluation.weights, context.tree
    judged = [group for group in weights.groups if group.experts]
    source = tree.weights_source[context.language] if tree.weights_source else ""
    return Experts(
        given=weights.source == "given",
        source=source if weights.source == "given" else "",
        members=tuple(_members(context)) if weights.source == "experts" else (),
        criteria=tuple(_criterion(group, context) for group in judged),
    )


def draw(experts: Experts, context: Context) -> tuple[charts.Chart, ...]:
    """Return every consistency ratio against its limit."""
    dots = [
        charts.Ratio(criterion.name, evidence.code, evidence.judged.cr, evidence.judged.limit, evidence.used)
        for criterion in experts.criteria
        for evidence in criterion.evidence
        if not math.isnan(evidence.judged.cr)
    ]
    return (charts.consistency("consistency", tuple(dots), context.text),) if dots else ()


def _members(context: Context) -> list[Member]:
    evaluation = context.evaluation
    assert evaluation.panel is not None
    answers: dict[str, set[tuple[str, str, str]]] = {}
    for judgment in evaluation.panel.judgments:
        pair = (judgment.group, *sorted((judgment.a, judgment.b)))
        answers.setdefault(judgment.expert, set()).add((pair[0], pair[1], pair[2]))
    members = []
    for expert in evaluation.panel.experts:
        evidence = [
            (g.group, e) for g in evaluation.weights.groups for e in g.experts if e.expert == expert.id
        ]
        members.append(
            Member(
                code=context.experts[expert.id],
                role=expert.role,
                weight=expert.weight,
                answered=len(answers.get(expert.id, ())),
                asked=context.tree.pairs,
                used=sum(e.used for _, e in evidence),
                left_out=tuple(context.name(group) for group, e in evidence if not e.used),
            )
        )
    return members


def _criterion(group: GroupWeights, context: Context) -> Criterion:
    names = {child.id: child.name[context.language] for g in context.tree.groups for child in g.children}
    shift = None
    if group.with_all and any(evidence.reason == "inconsistent" for evidence in group.experts):
        pairs = zip(group.local, group.with_all.weights, strict=True)
        shift = max(abs(used - every) for used, every in pairs)
    return Criterion(
        id=group.group,
        name=context.name(group.group),
        children=tuple(names[child] for child in group.children),
        weights=group.local,
        evidence=tuple(_evidence(evidence, context) for evidence in group.experts),
        joint=group.joint,
        joint_verdict=context.text(f"verdict.{group.joint.verdict}") if group.joint else "",
        with_all=group.with_all,
        shift=shift,
    )


def _evidence(evidence: ExpertEvidence, context: Context) -> Evidence:
    return Evidence(
        code=context.experts.get(evidence.expert, evidence.expert),
        judged=evidence.judged,
        verdict=context.text(f"verdict.{evidence.judged.verdict}"),
        strict_verdict=context.text(f"verdict.{evidence.strict_verdict}"),
        used=evidence.used,
        reason=context.text(f"left_out.{evidence.reason}") if evidence.reason else "",
    )
