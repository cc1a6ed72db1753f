"""What must be known before a decision is taken from an evaluation, most important first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import fsum

import polars as pl

from evaluator.analysis.robustness import relative
from evaluator.present.figures import stated
from evaluator.reports.context import Context
from evaluator.reports.sections.experts import shift_of
from evaluator.reports.unrated import reason_in_words
from evaluator.weighing.support import lone_experts, untested

REASONS = 3
"""Reasons for leaving customers out that are named."""
LARGE_HOLD = "SCORE-667"
"""The unrated hold more of the money than their share of heads."""

UNTOLD = "STUDY-378"
"""Flags and actions that the engine on which a study is computed cannot tell."""

OF_DATA = ("STUDY-343", "DATA-545", "DATA-546", "STUDY-379", "STUDY-392", "STUDY-394", "STUDY-399")
"""Files that no table reads, values far beyond the scale of their indicator, answers that were asked on a
narrower one, measures that changed since the evaluation before because the data reach less far or time
passed, or a day that rests on one order."""
TWICE = "DATA-588"
"""Lines of orders that count once more, and how much that adds."""
NOBODYS = "DATA-602"
"""Rows of a table whose ids no customer has, so that what they tell reaches nobody."""
AHEAD = "DATA-437"
"""Lines of orders on or after the day looked back from, which are not used."""
ALIKE = "DATA-587"
"""Ids that differ only in capitals, spaces and brackets, so that one customer may be rated as two."""
NOTICED, UNREAD = 0.01, ("data.dropped.missing", "data.dropped.unreadable")
"""The share of rows or money from which on it must be known that they count nowhere, and why, or twice."""


@dataclass(frozen=True, slots=True)
class Caution:
    """A sentence, and the section that tells more."""

    text: str
    link: str


def cautions(context: Context) -> tuple[Caution, ...]:
    """Return what a reader must know; of some customers only, that they were measured against all."""
    coded = [Caution(context.text("decide.anonymous"), "method")] if context.options.anonymous else []
    if context.evaluation.only:
        of_some = Caution(context.text("decide.only", subject=context.subject), "weights")
        return (of_some, *_of_engine(context), *_of_weights(context), *coded)
    return (
        *_of_tables(context),
        *_of_customers(context),
        *_of_engine(context),
        *_of_weights(context),
        *_of_decisions(context),
        *_of_model(context),
        *coded,
    )


def beware(context: Context) -> tuple[str, ...]:
    """Return what must be known before anything else: that the most valuable, or most, are not rated."""
    issues = (issue for issue in context.evaluation.issues if issue.code == LARGE_HOLD)
    parts = ((issue.message(context.language), issue.advice(context.language)) for issue in issues)
    said = [context.reader.coded(context.reader.sentences(filter(None, both))) for both in parts]
    rated, everybody = context.rated.height, context.results.height + len(context.evaluation.unrated)
    if 0 < 2 * rated < everybody and not context.evaluation.only:
        few = {"rated": rated, "all": everybody, "subject": context.subject}
        said.append(context.text("warning.few", **few))
    return tuple(said)


def _of_tables(context: Context) -> Iterator[Caution]:
    """Yield which rows of the data count nowhere, where they are many, and values that cannot well be."""
    for issue in context.evaluation.issues:
        share = issue.detail.get("share") if issue.code in (TWICE, NOBODYS, ALIKE, AHEAD) else None
        if issue.code in OF_DATA or (isinstance(share, float) and share >= NOTICED):
            yield Caution(context.reader.sentence(issue), "data")
    for note in context.evaluation.notes:
        for lost in note.dropped:
            if lost.reason in UNREAD and lost.rows >= NOTICED * note.rows_read:
                share, why = lost.rows / note.rows_read, note.why(lost, context.language)
                table = note.title(context.language, coded=context.reader.working)
                said = context.text("warning.dropped", table=table, count=lost.rows, share=share, why=why)
                yield Caution(said, "data")


def _of_customers(context: Context) -> Iterator[Caution]:
    evaluation, subject = context.evaluation, context.subject
    insufficient = context.results["status"].eq("insufficient").sum() if context.results.height else 0
    if insufficient:
        minimum = stated(evaluation.model.conventions.min_coverage)
        share = insufficient / context.results.height
        yield Caution(
            context.text("warning.insufficient", count=insufficient, share=share, minimum=minimum,
                         subject=subject), "data",
        )  # fmt: skip
    excluded = context.results.filter(pl.col("status") == "excluded")
    if excluded.height:
        counts = excluded["reason"].value_counts(sort=True).sort("count", "reason", descending=[True, False])
        reasons = [
            context.text("warning.reason_count", reason=_why(reason, context), count=count)
            for reason, count in counts.head(REASONS).iter_rows()
        ]
        share = excluded.height / context.results.height
        yield Caution(
            context.text("warning.excluded", count=excluded.height, share=share, subject=subject,
                         reasons=context.reader.listed(reasons)), "data",
        )  # fmt: skip
    if evaluation.unrated:
        count = len(evaluation.unrated)
        yield Caution(context.text("warning.unmeasured", count=count, subject=subject), "data")
    if unobserved := evaluation.model.unobserved:
        weights = evaluation.weights.global_
        share = fsum(weights[leaf] for leaf in unobserved if leaf in weights)
        count, of = len(unobserved), len(context.tree.indicators)
        yield Caution(context.text("decide.unobserved", count=count, of=of, share=share), "data")
    if evaluation.routing and evaluation.routing.outside:
        outside = len(evaluation.routing.outside)
        yield Caution(context.text("decide.outside", count=outside, subject=subject), "routing")


def _why(reason: str, context: Context) -> str:
    """Return why customers are left out, as it stands in a sentence."""
    rule = next((rule for rule in context.tree.rules if rule.id == reason), None)
    if rule is not None:
        return context.text("reason.rule", name=rule.name[context.language])
    return context.reader.inside(reason_in_words(reason, context))


def _of_weights(context: Context) -> Iterator[Caution]:
    """Yield who does not count, and which criteria rest on contradictory, single or untested answers."""
    weights = context.evaluation.weights
    unused = [
        (group.group, entry.expert)
        for group in weights.groups
        for entry in group.experts
        if not entry.used and entry.reason != "not_asked"
    ]
    if unused:
        experts = sorted({expert for _, expert in unused})
        names = context.reader.listed([context.reader.experts.get(expert, expert) for expert in experts])
        count = len({group for group, _ in unused})
        said = context.text("decide.left_out", names=names, count=count, criteria=len(weights.groups))
        shifts = [shift for group in weights.groups if (shift := shift_of(group)) is not None]
        if shifts:
            said += context.text("decide.left_out_shift", points=100 * max(shifts))
        yield Caution(said, "experts")
    alone = {group for groups in lone_experts(weights.groups).values() for group in groups}
    criteria = {
        "lone": [g.group for g in weights.groups if g.group in alone],
        "untested": untested(weights.groups, weights.form),
        "joint": [g.group for g in weights.groups if g.joint and g.joint.verdict == "inconsistent"],
    }
    for key, groups in criteria.items():
        if groups:
            names = context.reader.listed(context.name(id_) for id_ in groups)
            yield Caution(context.text(f"warning.{key}", names=names), "experts")
    if weights.source == "given":
        yield Caution(context.text("warning.given"), "weights")


def _of_decisions(context: Context) -> Iterator[Caution]:
    """Yield whether due dates have passed, and what is not known of money, plan and certainty."""
    found, sure = context.evaluation.decisions, context.evaluation.certainty
    if found is None or not found.customers.height:
        return
    made_on, as_of = context.evaluation.provenance.created.date(), context.evaluation.provenance.as_of
    if late := found.late(made_on):
        told = {"day": context.reader.day(as_of), "days": (made_on - as_of).days, "subject": context.subject}
        yield Caution(context.text("decide.past", count=late, **told), "actions")
    if found.candidates.stake_by in (None, "score"):
        gains = "net" in found.customers.columns and found.customers["net"].is_not_null().any()
        yield Caution(context.text("decide.no_stake" if gains else "decide.no_money"), "actions")
    elif found.plan is None and all(action.gain is None for action in found.actions):
        yield Caution(context.text("decide.no_plan"), "actions")
    for issue in found.issues:
        if issue.code != UNTOLD:
            yield Caution(context.reader.sentence(issue), "actions")
    if sure is not None and not sure.known:
        for issue in sure.issues:
            yield Caution(context.reader.sentence(issue), "method")


def _of_engine(context: Context) -> Iterator[Caution]:
    """Yield what the engine cannot tell of flags and actions, of some customers as of all."""
    found = context.evaluation.decisions
    for issue in found.issues if found else ():
        if issue.code == UNTOLD:
            yield Caution(context.reader.sentence(issue), "actions")


def _of_model(context: Context) -> Iterator[Caution]:
    model = context.evaluation.model
    if relative(model):
        count = model.population
        yield Caution(context.text("warning.relative", count=count, subject=context.subject), "method")
    if context.tree.status == "reconstructed":
        yield Caution(context.text("warning.reconstructed"), "hierarchy")
