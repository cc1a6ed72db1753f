"""One decision over the trees of a study: what is done with all their customers, and what each tree says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum

import polars as pl

from evaluator.actions.choosing import NONE_STATED
from evaluator.actions.decided import Decisions
from evaluator.actions.stopped import NOT_PLANNED
from evaluator.analysis import plan_of
from evaluator.evaluation import Evaluation
from evaluator.messages import Noun
from evaluator.reports.context import Context
from evaluator.reports.options import ReportOptions
from evaluator.reports.sections import decide
from evaluator.reports.sections.careful import beware
from evaluator.reports.sections.ledger import NOTHING, Ledger, LedgerLine, ledger


@dataclass(frozen=True, slots=True)
class TreeLine:
    """One of the trees: how many of whom it rates, what it says of them, and where its report lies."""

    name: str
    report: str
    rated: int
    everybody: int
    subject: Noun
    says: str


@dataclass(frozen=True)
class Overall:
    """What the trees of a study come to together; `ledger` is None where no customer is given an action.

    `beware`, `headline` and `under` are as those of `decide.Decide`; `notes` are sentences that follow.
    `contexts` are the evaluations as their reader sees them, each with what is decided over all.
    """

    beware: tuple[str, ...]
    headline: str
    under: tuple[str, ...]
    ledger: Ledger | None
    trees: tuple[TreeLine, ...]
    notes: tuple[str, ...]
    contexts: tuple[Context, ...]


def build(evaluations: Mapping[str, Evaluation], language: str, options: ReportOptions) -> Overall:
    """Return the decision over several evaluations, each under the address of its report."""
    contexts = {link: Context(one, language, options) for link, one in evaluations.items()}
    decisions = [one.decisions for one in evaluations.values() if one.decisions]
    lines = tuple(_line(link, context) for link, context in contexts.items())
    alike = {line.name for line in lines if [other.name for other in lines].count(line.name) > 1}
    lines = tuple(_told_apart(line) if line.name in alike else line for line in lines)
    whole = next((c for c in contexts.values() if c.evaluation.decisions), next(iter(contexts.values())))
    found = None
    if decisions:
        together = replace(whole.evaluation, decisions=_together(decisions), certainty=None)
        found = ledger(Context(together, language, options))
        whole = Context(together, language, options)
    if found:
        found = _by_days(found if found.planned else _certain(found, tuple(contexts.values())))
        headline, under = decide.of_ledger(found, whole)
    else:
        rated = sum(line.rated for line in lines)
        headline, under = (
            whole.text("overall.rated", count=rated, trees=len(lines), subject=whole.subject),
            (),
        )
    said = tuple(dict.fromkeys(s for context in contexts.values() for s in beware(context)))
    notes = tuple(_notes(found, whole, tuple(contexts.values())))
    told = tuple(_decided(context, whole.evaluation.decisions) for context in contexts.values())
    return Overall(said, headline, under, found, lines, notes, told)


def _decided(context: Context, whole: Decisions | None) -> Context:
    """Return an evaluation with what the plan over all trees gives its customers, where there is one."""
    own = context.evaluation.decisions
    if own is None or whole is None or whole.plan is None:
        return context
    as_of = context.evaluation.provenance.as_of
    days = {action.id: action.within_days for action in whole.actions if action.within_days is not None}
    given = whole.customers.select("id", "action", "net", "cost").with_columns(
        due=pl.lit(as_of)
        + pl.duration(days=pl.col("action").replace_strict(days, default=None, return_dtype=pl.Int64))
    )
    first = own.customers.unique("id", keep="first", maintain_order=True).drop(
        "action", "net", "cost", "due", strict=False
    )
    rows = first.join(given, on="id", how="left", maintain_order="left")
    decisions = replace(own, customers=rows, plan=whole.plan)
    return Context(replace(context.evaluation, decisions=decisions), context.language, context.options)


def _line(link: str, context: Context) -> TreeLine:
    everybody = context.results.height + len(context.evaluation.unrated)
    says = context.built(decide.build).headline
    name = context.tree.name[context.language]
    return TreeLine(name, link, context.rated.height, everybody, context.subject, says)


def _told_apart(line: TreeLine) -> TreeLine:
    """Return a line of a tree that several entries of the study use, with the id of its own."""
    return replace(line, name=f"{line.name} · {line.report.split('/')[0]}")


def _together(decisions: Sequence[Decisions]) -> Decisions:
    """Return the decisions of all trees as one, with the plan over all where the study states one."""
    first = decisions[0]
    actions = {action.id: action for one in decisions for action in one.actions}
    stakes = {one.candidates.stake_by for one in decisions}
    stake = stakes.pop() if len(stakes) == 1 else None if stakes & {None, "score"} else "any of several"
    gains = any(action.gain is not None for action in actions.values())
    plan = plan_of(decisions).plan if first.limits and gains else None
    customers = pl.concat([one.customers for one in decisions], how="diagonal_relaxed")
    if plan is not None:
        given = plan.rows.with_columns(net=pl.col("gain") - pl.col("cost")).select(
            "id", "action", "net", "cost"
        )
        applies = pl.concat([one.candidates.rows.select("id") for one in decisions]).unique()
        rest = customers.unique("id").join(given, on="id", how="anti").select("id")
        why = pl.when(pl.col("id").is_in(applies["id"].implode())).then(pl.lit(NOT_PLANNED))
        customers = pl.concat(
            [given, rest.with_columns(action=why.otherwise(pl.lit(NONE_STATED)))], how="diagonal_relaxed"
        )
    return replace(
        first, actions=tuple(actions.values()), customers=customers, plan=plan,
        candidates=replace(first.candidates, stake_by=stake),
    )  # fmt: skip


def _certain(found: Ledger, contexts: Sequence[Context]) -> Ledger:
    """Return the ledger with how certain its lines are: the mean of the trees that know, by customers."""
    known: dict[str, list[tuple[int, float]]] = {}
    for own in filter(None, map(ledger, contexts)):
        for line in own.lines:
            if line.certain is not None:
                known.setdefault(line.action, []).append((line.count, line.certain))

    def sure(line: LedgerLine) -> LedgerLine:
        parts = known.get(line.action, [])
        if sum(count for count, _ in parts) < line.count:
            return line
        return replace(line, certain=fsum(count * share for count, share in parts) / line.count)

    return replace(found, lines=tuple(map(sure, found.lines)))


def _by_days(found: Ledger) -> Ledger:
    """Return the ledger with what is due first before the rest: the trees order only their own actions."""
    last = max((line.days or 0 for line in found.lines), default=0) + 1
    lines = sorted(found.lines, key=lambda line: (not line.soon, line.action in NOTHING, line.days or last))
    return replace(found, lines=tuple(lines))


def _notes(found: Ledger | None, context: Context, contexts: Sequence[Context]) -> Iterator[str]:
    routing = context.evaluation.routing
    if found and found.certain is not None and any(line.certain is None for line in found.lines):
        unsure = [
            one for one in contexts if not (one.evaluation.certainty and one.evaluation.certainty.known)
        ]
        if unsure:
            names = context.reader.listed(one.tree.name[context.language] for one in unsure)
            yield context.text("overall.unsure", names=names, subject=context.subject)
    if routing and routing.outside:
        yield context.text("decide.outside", count=len(routing.outside), subject=context.subject)
    if found and found.planned:
        yield context.text("overall.planned")
    yield context.text("routing.comparable" if routing and routing.comparable else "routing.apart")
