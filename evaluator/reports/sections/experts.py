"""Who was asked, how consistently they judged, and what each judgment matrix gives."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from evaluator.columns import reaches
from evaluator.present import charts
from evaluator.reports.context import Context
from evaluator.weighing import EXPERT_WEIGHTS, authority
from evaluator.weighing.panel import Expert
from evaluator.weighing.support import TESTABLE
from evaluator.weighing.weights import ExpertEvidence, GroupWeights, Judged, Verdict


@dataclass(frozen=True)
class Member:
    """An expert: the answers given of those asked, and the criteria in which they do not count.

    `authority` is (Ca, Cs, Cr) where the experts' say rests on it.
    """

    code: str
    role: str
    weight: float
    authority: tuple[float, float, float] | None
    answered: int
    asked: int
    used: int
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class Evidence:
    """One expert's judgment matrix of one criterion with what it gives; `say` is the share of the word."""

    code: str
    judged: Judged
    verdict: str
    strict_verdict: str
    used: bool
    reason: str
    say: float | None


@dataclass(frozen=True)
class Criterion:
    """One criterion: every matrix, the experts' joint one, and the weights with nobody left out.

    `shift` is the largest change of a weight that leaving inconsistent experts out makes; None where
    nobody was left out for that. `blanks` tells of answers not given, `planned` of comparisons that were
    not asked of everybody, `thin` names the pairs that some who were asked did not compare, with the
    share of the say that did, `remarks` is what experts wrote beside their answers.
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
    blanks: tuple[str, ...]
    planned: str
    thin: tuple[tuple[str, float], ...]
    remarks: tuple[tuple[str, str], ...]

    @property
    def points(self) -> float:
        """The shift in percentage points."""
        return 100 * (self.shift or 0.0)

    @property
    def everyone(self) -> bool:
        """Whether nobody was left out, for whatever reason."""
        return all(evidence.used for evidence in self.evidence)


@dataclass(frozen=True)
class Level:
    """The consistency of the total ranking on one level of the tree, and the criteria that entered it."""

    level: int
    tested: tuple[str, ...]
    ci: float
    ri: float
    cr: float
    limit: float
    verdict: str
    kind: Verdict


@dataclass(frozen=True)
class Experts:
    """The panel and its judgments; empty when the weights were given.

    `intro` says how the experts were asked and what is tested, `basis` what their say rests on; `tested`
    whether answers of this form can be tested at all, `advice` whether the strict limits are another verdict.
    """

    given: bool
    source: str
    intro: str
    tested: bool
    advice: bool
    basis: str
    members: tuple[Member, ...]
    criteria: tuple[Criterion, ...]
    levels: tuple[Level, ...]


def build(context: Context) -> Experts:
    """Return the experts' judgments with their consistency."""
    weights, tree = context.evaluation.weights, context.tree
    judged = [group for group in weights.groups if group.experts]
    source = tree.weights_source[context.language] if tree.weights_source else ""
    return Experts(
        given=weights.source == "given",
        source=source if weights.source == "given" else "",
        intro=context.text(f"form.{weights.form}.intro"),
        tested=weights.form in TESTABLE,
        advice=weights.convention != "strict",
        basis=EXPERT_WEIGHTS[weights.expert_weights].title[context.language]
        if weights.expert_weights
        else "",
        members=tuple(_members(context)) if weights.source == "experts" else (),
        criteria=tuple(_criterion(group, context) for group in judged),
        levels=tuple(_levels(context)),
    )


def there(context: Context) -> Experts | None:
    """Return the experts' judgments; None where the weights were given and nobody was asked."""
    built = context.built(build)
    return None if built.given else built


def draw(experts: Experts, context: Context) -> tuple[charts.Chart, ...]:
    """Return every consistency ratio against its limit."""
    dots = [
        charts.Ratio(criterion.name, evidence.code, evidence.judged.cr, evidence.judged.limit, evidence.used)
        for criterion in experts.criteria
        for evidence in criterion.evidence
        if not math.isnan(evidence.judged.cr)
    ]
    drawn = dots if experts.tested else []
    return (charts.consistency("consistency", tuple(drawn), context.text),) if drawn else ()


def _members(context: Context) -> list[Member]:
    evaluation = context.evaluation
    assert evaluation.panel is not None
    panel, groups = evaluation.panel, [group for group in context.tree.groups if group.pairs]
    asked = [sum(counts) for counts in zip(*map(panel.asked, groups), strict=True)]
    answered = [sum(counts) for counts in zip(*map(panel.answered, groups), strict=True)]
    found = defaultdict[str, list[tuple[str, ExpertEvidence]]](list)
    for group in evaluation.weights.groups:
        for one in group.experts:
            found[one.expert].append((group.group, one))
    members = []
    for number, expert in enumerate(panel.experts):
        evidence = found[expert.id]
        members.append(
            Member(
                code=context.reader.experts[expert.id],
                role=expert.role,
                weight=expert.weight,
                authority=_authority(expert) if evaluation.weights.expert_weights == "authority" else None,
                answered=answered[number],
                asked=asked[number],
                used=sum(e.used for _, e in evidence),
                left_out=tuple(
                    context.name(group) for group, e in evidence if not e.used and e.reason != "not_asked"
                ),
            )
        )
    return members


def _authority(expert: Expert) -> tuple[float, float, float] | None:
    if expert.ca is None or expert.cs is None:
        return None
    return expert.ca, expert.cs, authority(expert.ca, expert.cs)


def shift_of(group: GroupWeights) -> float | None:
    """Return the largest change of a weight if inconsistent answers counted; None where all do."""
    if not group.with_all or all(evidence.reason != "inconsistent" for evidence in group.experts):
        return None
    return max(abs(used - every) for used, every in zip(group.local, group.with_all.weights, strict=True))


def _criterion(group: GroupWeights, context: Context) -> Criterion:
    return Criterion(
        id=group.group,
        name=context.name(group.group),
        children=tuple(context.name(child) for child in group.children),
        weights=group.local,
        evidence=tuple(_evidence(evidence, context) for evidence in group.experts),
        joint=group.joint,
        joint_verdict=context.text(f"verdict.{group.joint.verdict}") if group.joint else "",
        with_all=group.with_all,
        shift=shift_of(group),
        blanks=tuple(_blanks(one, context) for one in group.experts if one.answered < one.asked),
        planned=_planned(group, context),
        thin=tuple(_thin(group, context)),
        remarks=tuple(_remarks(group, context)),
    )


def _blanks(one: ExpertEvidence, context: Context) -> str:
    """Return what happened to an expert's blanks: estimated, not linked, or more than a method bears."""
    key = "completed" if one.used else "parts" if one.parts else "blanks"
    parts = " | ".join(context.reader.listed([context.name(child) for child in part]) for part in one.parts)
    answered = {"answered": one.answered, "asked": one.asked}
    return context.text(f"experts.{key}", expert=context.reader.experts[one.expert], parts=parts, **answered)


def _planned(group: GroupWeights, context: Context) -> str:
    """Return how much of a criterion was asked of whom, where it was not all of everybody."""
    n = len(group.children)
    pairs = n * (n - 1) // 2
    asked = [one.asked for one in group.experts]
    if context.evaluation.weights.form != "pairs" or all(count == pairs for count in asked):
        return ""
    said = [count for count in asked if count]
    return context.text(
        "experts.planned",
        pairs=pairs,
        least=min(said, default=0),
        most=max(said, default=0),
        experts=len(said),
    )


def _thin(group: GroupWeights, context: Context) -> Iterator[tuple[str, float]]:
    panel = context.evaluation.panel
    if panel is None or panel.form != "pairs" or not group.coverage:
        return
    used = [one for one in group.experts if one.used]
    for row, a in enumerate(group.children):
        for column, b in enumerate(group.children):
            if row < column:
                asked = math.fsum(
                    one.say or 0.0 for one in used if (one.expert, group.group, a, b) not in panel.unasked
                )
                if not reaches(group.coverage[row][column], asked):
                    yield context.pair(a, b), group.coverage[row][column]


def _remarks(group: GroupWeights, context: Context) -> Iterator[tuple[str, str]]:
    panel, reader = context.evaluation.panel, context.reader
    for remark in panel.remarks if panel else ():
        if remark.group == group.group:
            yield reader.experts.get(remark.expert, reader.coded(remark.expert)), reader.coded(remark.text)


def _levels(context: Context) -> Iterator[Level]:
    judgment = context.evaluation.judgment
    for level in judgment.levels if judgment else ():
        yield Level(
            level=level.level,
            tested=tuple(context.name(group) for group in level.tested),
            ci=level.ci,
            ri=level.ri,
            cr=level.cr,
            limit=level.limit,
            verdict=context.text(f"verdict.{level.verdict}"),
            kind=level.verdict,
        )


def _evidence(evidence: ExpertEvidence, context: Context) -> Evidence:
    return Evidence(
        code=context.reader.experts.get(evidence.expert, evidence.expert),
        judged=evidence.judged,
        verdict=context.text(f"verdict.{evidence.judged.verdict}"),
        strict_verdict=context.text(f"verdict.{evidence.strict_verdict}"),
        used=evidence.used,
        reason=context.text(f"left_out.{evidence.reason}") if evidence.reason else "",
        say=evidence.say,
    )
