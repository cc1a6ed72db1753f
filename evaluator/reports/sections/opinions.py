"""Second opinions: what other methods make of the same scores, how far they agree, who moves and why."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.reports.context import Context
from evaluator.scoring import OPINIONS
from evaluator.scoring.opinions import Mover, SecondOpinions

SHOWN = 20
_FUZZY_TOPSIS = "Chen, Lin & Huang (2006), doi:10.1016/j.ijpe.2005.03.009"


@dataclass(frozen=True)
class OpinionAgreement:
    """How far a method agrees with the score; both coefficients 1 where the order is the same."""

    name: str
    reference: str
    spearman: float
    kendall: float
    moved: int


@dataclass(frozen=True)
class RankRow:
    """A customer's rank by the score and by every other method."""

    rank: int
    name: str
    others: tuple[int, ...]


@dataclass(frozen=True)
class Move:
    """A customer whom a method ranks elsewhere, and the indicator that explains it."""

    name: str
    rank: int
    other: int
    moved: int
    leaf: str
    without: int


@dataclass(frozen=True)
class Opinions:
    """The agreement of every method, the first customers' ranks side by side, and who moves most."""

    finding: str
    subject: str
    agreements: tuple[OpinionAgreement, ...]
    rows: tuple[RankRow, ...]
    moves: tuple[tuple[str, tuple[Move, ...]], ...]
    total: int


def build(context: Context) -> Opinions | None:
    """Return what other methods say; None where the study asks for no second opinion."""
    found = context.evaluation.opinions
    if found is None:
        return None
    names = dict(context.rated.select("id", "name").iter_rows())
    agreements = tuple(
        OpinionAgreement(*_method(one.method, context), one.spearman, one.kendall, one.moved)
        for one in found.opinions
    )
    return Opinions(
        finding=_finding(agreements, found, context),
        subject=context.subject,
        agreements=agreements,
        rows=tuple(
            RankRow(rank, names[customer], tuple(one.ranks[place] for one in found.opinions))
            for place, (customer, rank) in enumerate(zip(found.ids[:SHOWN], found.ranks, strict=False))
        ),
        moves=tuple(
            (agreement.name, tuple(_move(mover, names[mover.id], context) for mover in one.movers))
            for agreement, one in zip(agreements, found.opinions, strict=True)
            if one.movers
        ),
        total=len(found.ids),
    )


def _method(method: str, context: Context) -> tuple[str, str]:
    """Return what a method is called, and where it was published."""
    if method == "fuzzy_topsis":
        return context.text(
            "opinions.fuzzy_topsis"
        ), "Chen, Lin & Huang (2006), doi:10.1016/j.ijpe.2005.03.009"
    return OPINIONS[method].title[context.language], OPINIONS[method].reference


def _finding(agreements: tuple[OpinionAgreement, ...], found: SecondOpinions, context: Context) -> str:
    least = min(agreements, key=lambda one: one.spearman)
    first = found.ids[0]
    agreed = sum(one.ranks[0] == 1 for one in found.opinions)
    name = dict(context.rated.select("id", "name").iter_rows())[first]
    values = {"methods": len(agreements), "agreed": agreed, "name": name, "subject": context.subject}
    return context.text("opinions.finding", least=least.name, spearman=least.spearman, **values)


def _move(mover: Mover, name: str, context: Context) -> Move:
    leaf = context.name(mover.leaf) if mover.leaf else ""
    return Move(name, mover.rank, mover.other, mover.moved, leaf, mover.without)
