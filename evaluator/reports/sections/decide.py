"""The decision on one screen: whom to act on, the ledger of all, what changed, what to be careful about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

import polars as pl

from evaluator.actions.decided import Decisions
from evaluator.present import charts, figures
from evaluator.reports.context import Context
from evaluator.reports.population import Share, shares
from evaluator.reports.sections import matrices
from evaluator.reports.sections.careful import Caution, beware, cautions
from evaluator.reports.sections.changed import changes
from evaluator.reports.sections.ledger import NOTHING, Ledger, LedgerLine, ledger
from evaluator.tree.types import GRADE, Matrix

NAMED = 4  # actions the headline names; three more than that are "others"
BARS = 8
HEIGHT = 230


@dataclass(frozen=True, slots=True)
class Bar:
    """Something that is larger or smaller: a class with its customers, a gap with its points, a weight."""

    name: str
    figure: str
    share: float


@dataclass(frozen=True)
class Bars:
    """What stands in the ledger's place where no customer is given an action."""

    title: str
    rows: tuple[Bar, ...]


@dataclass(frozen=True)
class Decide:
    """What an evaluation comes to; whatever is not known is left out, or stands among the `cautions`.

    Parameters
    ----------
    beware : what must be known before the headline: that the most valuable are not rated.
    headline : whom to act on; or what the evaluation says where nobody is acted on.
    under : sentences under it: money and certainty.
    ledger : what is done with all rated customers; None where no action is given, `bars` stand there then.
    cuts : where the matrix of the picture is cut; empty where there is none.
    changed : what changed since the evaluation before; empty where there is none.
    """

    beware: tuple[str, ...]
    headline: str
    under: tuple[str, ...]
    ledger: Ledger | None
    bars: Bars | None
    cuts: str
    changed: tuple[str, ...]
    cautions: tuple[Caution, ...]


def build(context: Context) -> Decide:
    """Return the decision."""
    found = ledger(context) if context.rated.height else None
    headline, under, bars = (*of_ledger(found, context), None) if found else _without_actions(context)
    if context.evaluation.only and found:
        headline = context.text("decide.some", headline=headline)
    decisions = context.evaluation.decisions
    if found and decisions and decisions.limits and not found.planned:
        under = (context.text("decide.planned_apart", subject=context.subject), *under)
    deciding = matrices.deciding(context)
    cuts = next((p.cut for p in context.built(matrices.build).plots if p.id == deciding and p.total), "")
    return Decide(
        beware(context),
        headline,
        under,
        found,
        bars,
        cuts,
        tuple(changes(context)),
        cautions(context),
    )


def message(decide: Decide, context: Context) -> str:
    """Return whom to act on."""
    return decide.headline


def draw(decide: Decide, context: Context) -> tuple[charts.Chart, ...]:
    """Return the matrix that decides, under what it says."""
    plots = {plot.id: plot for plot in context.built(matrices.build).plots}
    shown = (matrix for matrix in _deciding(context) if plots[matrix.id].total)
    return tuple(matrices.picture(plots[m.id], context, matrix_message(m, context), HEIGHT) for m in shown)


def _deciding(context: Context) -> tuple[Matrix, ...]:
    """Return the matrix whose class decides, else the first; nothing where the tree has none."""
    deciding = matrices.deciding(context)
    return tuple(matrix for matrix in context.tree.matrices if matrix.id == deciding)


def matrix_message(matrix: Matrix, context: Context) -> str:
    """Return what a matrix says: how many are in its best class, and what they bring where that is known."""
    shared = shares(context.rated, f"class_{matrix.id}", context.classes[matrix.id])
    top = next(e.id for e in matrix.classes if (e.x, e.y) == (matrix.x.levels[-1], matrix.y.levels[-1]))
    best = next(share for share in shared if share.id == top)
    largest = max(shared, key=lambda share: share.count)
    values = {
        "subject": context.subject, "rated": context.rated.height, "best": best.name, "count": best.count,
        "share": best.share or 0.0, "largest": largest.name, "largest_count": largest.count,
    }  # fmt: skip
    tied = sum(share.count == largest.count for share in shared) > 1
    if largest.count == context.rated.height:
        return context.text("decide.matrix_all", **values)
    if not best.count:
        return context.text("decide.matrix_none_tied" if tied else "decide.matrix_none", **values)
    money = _money_of(matrix, top, context)
    if money is None:
        same = "matrix_tied" if tied else "matrix_largest" if best.id == largest.id else "matrix"
        return context.text(f"decide.{same}", **values)
    key = "matrix_money_some" if context.evaluation.only else "matrix_money"
    return context.text(f"decide.{key}", money=money[0], stake=money[1], **values)


def explored(section: matrices.Matrices, context: Context) -> str:
    """Return what the matrix that decides says, which stands above all that can be worked with."""
    plots = {plot.id for plot in section.plots if plot.total}
    return next((matrix_message(m, context) for m in _deciding(context) if m.id in plots), "")


def _money_of(matrix: Matrix, top: str, context: Context) -> tuple[float, str] | None:
    """Return the share of what is at stake that the best class holds, and what that is."""
    held, known = staked_by_class(matrix.id, context), ledger(context)
    return (held[top], known.stake) if held.get(top) and known and known.stake else None


def staked_by_class(matrix_id: str, context: Context) -> Mapping[str, float]:
    """Return the share of what is at stake with the rated that each class holds, where it is known."""
    found = context.evaluation.decisions
    known = ledger(context) if found and matrix_id == context.tree.deciding else None
    if found is None or known is None or not known.stake:
        return {}
    each = context.rated.select("id", class_=f"class_{matrix_id}").join(
        _stakes(found), on="id", maintain_order="left"
    )
    total = fsum(each["stake"].drop_nulls())
    parts = each.drop_nulls("class_").group_by("class_", maintain_order=True)
    held = {str(name): fsum(rows["stake"].drop_nulls()) for (name,), rows in parts}
    return {name: part / total for name, part in held.items()} if total > 0 <= min(held.values()) else {}


def _stakes(found: Decisions) -> pl.DataFrame:
    """Return what is at stake with everybody rated, given an action or not."""
    by = found.candidates.stake_by
    if by in found.frame.columns:
        return found.frame.select("id", stake=pl.col(by).cast(pl.Float64))
    return found.candidates.rows.unique("id").select("id", "stake")


def of_ledger(found: Ledger, context: Context) -> tuple[str, tuple[str, ...]]:
    """Return whom to act on, and the sentences under it."""
    soon = found.soon
    count = sum(line.count for line in soon)
    values = {"count": count, "rated": found.rated, "subject": context.subject}
    if found.planned:
        key = "decide.plan" if soon else "decide.plan_none"
        return context.text(key, names=_named(soon, context), **values), tuple(_under(found, context))
    if context.tree.subject == "prospect":
        given = [line for line in found.lines if line.action not in NOTHING]
        names = _named(given, context, in_order=True)  # whom to win comes before whom to decline
        return context.text("decide.decided", names=names, **values), tuple(
            _sure(given, found.varied, context)
        )
    if soon:
        days = max(line.days or 0 for line in soon)
        key = "decide.act" if count < found.rated else "decide.act_all"
        headline = context.text(key, days=days, names=_named(soon, context), **values)
        return headline, tuple(_under(found, context))
    given = [line for line in found.lines if line.action not in NOTHING]
    return context.text("decide.treat", actions=len(given), names=_named(given, context), **values), ()


def _named(lines: Sequence[LedgerLine], context: Context, *, in_order: bool = False) -> str:
    """Return the largest lines, or the first, with their counts, and how many stand in the others.

    The largest are those that gain most, where that is known.
    """
    gains = {line.action: line.amount for line in lines if line.money == "gain" and line.amount is not None}
    first = (
        list(lines)
        if in_order
        else sorted(lines, key=lambda line: (-gains.get(line.action, 0.0), -line.count))
    )
    if len(first) > NAMED:
        first, rest = first[: NAMED - 1], first[NAMED - 1 :]
    else:
        rest = []
    said = [context.text("decide.each", name=line.name, count=line.count) for line in first]
    if rest:
        said.append(context.text("decide.others", count=sum(line.count for line in rest)))
    return context.reader.listed(said)


def _under(found: Ledger, context: Context) -> Iterator[str]:
    """Yield what the customers of the headline are worth, and how certain their actions are."""
    plan = context.evaluation.decisions and context.evaluation.decisions.plan
    staked = [line.amount for line in found.soon if line.money == "stake" and line.amount is not None]
    if plan:
        value, cost = context.reader.say(plan.value, "money"), context.reader.say(plan.cost, "money")
        yield context.text("decide.under_gain", value=value, cost=cost)
    elif staked and found.stake:
        total = fsum(line.amount for line in found.lines if line.amount is not None)
        if total > 0:
            share = figures.percent(fsum(staked) / total, 0)
            key = "under_stake_some" if context.evaluation.only else "under_stake"
            yield context.text(f"decide.{key}", share=share, stake=found.stake)
    yield from _sure(found.soon, found.varied, context)
    later = [line for line in found.lines if not line.soon and line.action not in NOTHING]
    if later and not plan:
        yield context.text("decide.after", names=_named(later, context))
    if found.further:
        yield context.text("decide.further", count=found.further, subject=context.subject)


def _sure(lines: Sequence[LedgerLine], varied: str, context: Context) -> Iterator[str]:
    """Yield in which share of the draws the customers of some lines keep their action."""
    sure = [(line.count, line.certain) for line in lines if line.certain is not None]
    if count := sum(count for count, _ in sure):
        share = figures.percent(fsum(count * share for count, share in sure) / count, 0)
        yield context.text("decide.under_sure", share=share, varied=varied)


def _without_actions(context: Context) -> tuple[str, tuple[str, ...], Bars | None]:
    """Return what stands first where no customer is given an action."""
    everybody = context.results.height + len(context.evaluation.unrated)
    if not everybody:
        return _of_weights(context)
    if not context.rated.height:
        headline = context.text("decide.nobody", all=everybody, subject=context.subject)
        return headline, (context.text("decide.nobody_why", subject=context.subject),), None
    if context.tree.subject == "firm" and context.rated.height == 1:
        return _of_firm(context)
    return _of_classes(context)


def _of_weights(context: Context) -> tuple[str, tuple[str, ...], Bars | None]:
    weights = context.evaluation.model.global_
    leaves = sorted(context.tree.indicators, key=lambda leaf: -weights[leaf.id])
    rows = tuple(
        Bar(
            context.name(leaf.id), figures.percent(weights[leaf.id]), weights[leaf.id] / weights[leaves[0].id]
        )
        for leaf in leaves[: 2 * BARS]  # there is nothing else to show
    )
    said = [context.text("decide.weight", name=row.name, weight=row.figure) for row in rows[:3]]
    headline = context.text("decide.weights", names=context.reader.listed(said))
    return headline, (context.text("decide.no_customers"),), Bars(context.text("decide.heaviest"), rows)


def _of_firm(context: Context) -> tuple[str, tuple[str, ...], Bars | None]:
    """Return where the firm loses most: the weighted distance of each indicator from the best score."""
    model, row = context.evaluation.model, context.rated.row(0, named=True)
    high = context.tree.score_range[1]
    lost = {
        leaf.id: (high - score) * (model.global_[leaf.id] if model.additive else 1.0)
        for leaf in context.tree.indicators
        if (score := row.get(f"score_{leaf.id}")) is not None
    }
    largest = sorted((leaf for leaf in lost if lost[leaf] > 0), key=lambda leaf: -lost[leaf])[:BARS]
    most = lost[largest[0]] if largest else 1.0
    rows = tuple(Bar(context.name(leaf), figures.number(lost[leaf]), lost[leaf] / most) for leaf in largest)
    said = [context.text("decide.gap", name=row.name, points=row.figure) for row in rows[:3]]
    headline = context.text(
        "decide.firm" if said else "decide.firm_whole", score=figures.number(row["score"]),
        most=figures.number(high, 0), grade=context.grades.get(row["grade"] or "", ""),
        names=context.reader.listed(said),
    )  # fmt: skip
    return headline, (), Bars(context.text("decide.gaps"), rows) if rows else None


def _of_classes(context: Context) -> tuple[str, tuple[str, ...], Bars | None]:
    """Return how the rated customers share out among the classes that decide, or the grades."""
    matrix = next(iter(_deciding(context)), None) if context.tree.deciding != GRADE else None
    column = f"class_{matrix.id}" if matrix else "grade"
    shared = shares(context.rated, column, context.classes[matrix.id] if matrix else context.grades)
    title = context.text("decide.classes" if matrix else "decide.grades")
    rows = tuple(Bar(one.name, figures.number(one.count, 0), one.share or 0.0) for one in shared)
    return _finding(shared, context), (context.text("decide.no_action"),), Bars(title, rows)


def _finding(shared: Sequence[Share], context: Context) -> str:
    said = [
        context.text("decide.each", name=one.name, count=one.count) for one in shared if one.count
    ]  # fmt: skip
    return context.text(
        "decide.shared",
        rated=context.rated.height,
        subject=context.subject,
        names=context.reader.listed(said),
    )
