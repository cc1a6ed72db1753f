"""Where an expert's answers contradict each other, what each policy makes of it, and what was revised."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from evaluator.reports.context import Context
from evaluator.weighing.revisions import Revision
from evaluator.weighing.suggestions import Suggestion
from evaluator.weighing.weights import ExpertEvidence, GroupWeights, PolicyOutcome, Verdict


@dataclass(frozen=True)
class Worst:
    """The answer that fits an expert's others least: what it is, how many times too large, what fits."""

    pair: str
    value: float
    error: float
    suggested: float


@dataclass(frozen=True)
class Flaw:
    """One expert's answers to one criterion that contradict each other.

    `strict` says that only the strict limits are exceeded. `cycles` counts triads a over b over c
    over a, `reversed` the pairs judged against the weights that all answers together give.
    """

    code: str
    criterion: str
    cr: float
    limit: float
    verdict: str
    kind: Verdict
    strict: bool
    worst: Worst | None
    cycles: int
    reversed: tuple[str, ...]
    handling: str


@dataclass(frozen=True)
class Outcome:
    """What a policy would make of a criterion; `used` where these are the weights of the evaluation."""

    policy: str
    weights: tuple[float, ...]
    cr: float
    verdict: str
    kind: Verdict
    left_out: tuple[str, ...]
    used: bool


@dataclass(frozen=True)
class SideBySide:
    """Every policy for one criterion."""

    name: str
    children: tuple[str, ...]
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True)
class Proposal:
    """Answers an expert may be asked to look at again: (pair, as it is, as it might be), and the effect.

    `ranking` says what becomes of the order, `weights` what of each weight: (name, as it is, as it would
    be); `fewest` that no smaller number of changes would do. `alone` are the answers that would do by
    themselves: (pair, as it is, from, to).
    """

    code: str
    criterion: str
    changes: tuple[tuple[str, float, float], ...]
    cr_before: float
    cr: float
    limit: float
    ranking: str
    weights: tuple[tuple[str, float, float], ...]
    fewest: bool
    alone: tuple[tuple[str, float, float, float], ...]


@dataclass(frozen=True)
class Revised:
    """An answer that an expert has changed, by whom it was recorded, when and why."""

    code: str
    criterion: str
    pair: str
    before: float
    after: float
    author: str
    date: date
    reason: str


@dataclass(frozen=True)
class Contradictions:
    """What contradicts itself; each tuple is empty where there is nothing of the kind."""

    flaws: tuple[Flaw, ...]
    minor: tuple[Flaw, ...]
    policies: tuple[SideBySide, ...]
    proposals: tuple[Proposal, ...]
    revisions: tuple[Revised, ...]


def build(context: Context) -> Contradictions | None:
    """Return the contradictions of an evaluation; None where weights are given or nothing contradicts."""
    groups = context.evaluation.weights.groups
    found = [_flaw(one, group, context) for group in groups for one in group.experts if _contradicts(one)]
    judgment = context.evaluation.judgment
    revisions = judgment.revisions if judgment else ()
    if not found and not revisions:
        return None
    return Contradictions(
        flaws=tuple(flaw for flaw in found if flaw.worst),
        minor=tuple(flaw for flaw in found if not flaw.worst),
        policies=tuple(_side_by_side(group, context) for group in groups if group.policies),
        proposals=tuple(_proposal(one, context) for one in (judgment.suggestions if judgment else ())),
        revisions=tuple(_revised(revision, context) for revision in revisions),
    )


def _contradicts(one: ExpertEvidence) -> bool:
    return bool(one.worst or one.cycles or one.reversed)


def _flaw(one: ExpertEvidence, group: GroupWeights, context: Context) -> Flaw:
    judged, worst = one.judged, one.worst
    strict = judged.verdict != "inconsistent" and one.strict_verdict == "inconsistent"
    return Flaw(
        code=context.reader.experts[one.expert],
        criterion=context.name(group.group),
        cr=judged.cr,
        limit=judged.limit,
        verdict=context.text(f"verdict.{judged.verdict}"),
        kind=judged.verdict,
        strict=strict,
        worst=Worst(context.pair(worst.a, worst.b), worst.value, worst.error, worst.suggested)
        if worst
        else None,
        cycles=one.cycles,
        reversed=tuple(context.pair(a, b) for a, b in one.reversed),
        handling=context.text("contradictions.counts" if one.used else "contradictions.not_counted"),
    )


def _side_by_side(group: GroupWeights, context: Context) -> SideBySide:
    return SideBySide(
        name=context.name(group.group),
        children=tuple(context.name(child) for child in group.children),
        outcomes=tuple(_outcome(outcome, group, context) for outcome in group.policies),
    )


def _outcome(outcome: PolicyOutcome, group: GroupWeights, context: Context) -> Outcome:
    return Outcome(
        policy=context.text(f"policy.{outcome.policy}"),
        weights=outcome.weights,
        cr=outcome.cr,
        verdict=context.text(f"verdict.{outcome.verdict}"),
        kind=outcome.verdict,
        left_out=tuple(context.reader.experts[expert] for expert in outcome.left_out),
        used=all(
            abs(theirs - used) <= 1e-12 for theirs, used in zip(outcome.weights, group.local, strict=True)
        ),
    )


def _proposal(one: Suggestion, context: Context) -> Proposal:
    return Proposal(
        code=context.reader.experts[one.expert],
        criterion=context.name(one.group),
        changes=tuple((context.pair(c.a, c.b), c.before, c.after) for c in one.changes),
        cr_before=one.cr_before,
        cr=one.cr,
        limit=one.limit,
        ranking=context.text("contradictions.ranking_kept")
        if one.keeps_ranking
        else context.reader.listed(list(_moves(one, context))),
        weights=tuple(
            (context.name(child), before, one.weights[child]) for child, before in one.weights_before.items()
        ),
        fewest=one.fewest,
        alone=tuple((context.pair(r.a, r.b), r.value, r.lower, r.upper) for r in one.ranges),
    )


def _moves(one: Suggestion, context: Context) -> Iterator[str]:
    """Yield every child that would change its rank, with both ranks."""
    for child, before in one.ranks_before.items():
        after = one.ranks[child]
        if after != before:
            yield context.text("contradictions.moves", name=context.name(child), before=before, after=after)


def _revised(one: Revision, context: Context) -> Revised:
    return Revised(
        code=context.reader.experts.get(one.expert, context.reader.coded(one.expert)),
        criterion=context.name(one.group),
        pair=context.pair(one.a, one.b),
        before=one.before,
        after=one.after,
        author=context.reader.coded(one.author),
        date=one.date,
        reason=context.reader.coded(one.reason),
    )
