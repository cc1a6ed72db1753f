"""The ledger of a decision: what is done with how many, what money hangs on it, and how certain that is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum
from typing import Literal

import polars as pl

from evaluator.actions.choosing import NONE_STATED
from evaluator.actions.decided import Decisions
from evaluator.actions.stopped import NOT_PLANNED
from evaluator.present.kinds import Kind
from evaluator.reports.context import Context

NOTHING = (NOT_PLANNED, NONE_STATED)
HORIZONS = (90, 60, 30, 14, 7)
"""Days a decision may look ahead, the longest first."""


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """What is done with some of the rated customers; every customer stands in one line.

    Parameters
    ----------
    action : its id, or ``none_stated``, ``not_planned``.
    amount : money, which is the expected gain net of cost (``gain``), or the sum of what is at stake
        (``stake``); None where none is known. `share` is that of all lines.
    days : within how many days it is due. `certain` : mean share of draws in which its customers keep it.
    soon : True if it is one of those the headline counts.
    """

    action: str
    name: str
    count: int
    money: Literal["gain", "stake"]
    amount: float | None
    share: float | None
    do: str
    days: int | None
    certain: float | None
    soon: bool = False


@dataclass(frozen=True)
class Ledger:
    """All lines, those the headline counts first; their counts add up to the rated customers.

    `stake` names what is at stake as it stands in a sentence, empty where that is not known in money; `kind`
    is what its amounts are, in the `currency`. `further` counts customers with more than one action, who
    stand in the line of the first. `counted` is the title of the counts: who is counted. `varied` says what
    the draws behind the certainty vary.
    """

    lines: tuple[LedgerLine, ...]
    stake: str
    kind: Kind
    currency: str
    further: int
    planned: bool
    counted: str
    varied: str = ""

    @property
    def rated(self) -> int:
        """How many customers the lines are about."""
        return sum(line.count for line in self.lines)

    @property
    def gains(self) -> bool:
        """True if any line has a gain."""
        return any(line.money == "gain" and line.amount is not None for line in self.lines)

    @property
    def all_gains(self) -> bool:
        """True if every amount is a gain, so that the column may say so once."""
        return all(line.money == "gain" for line in self.lines if line.amount is not None)

    @property
    def dated(self) -> bool:
        """True if any line is due within some days."""
        return any(line.days for line in self.lines)

    @property
    def money(self) -> bool:
        """True if any line has an amount."""
        return any(line.amount is not None for line in self.lines)

    @property
    def certain(self) -> float | None:
        """The mean share of draws over all customers whose line has one; None where none has."""
        known = [(line.count, line.certain) for line in self.lines if line.certain is not None]
        total = sum(count for count, _ in known)
        return fsum(count * share for count, share in known) / total if total else None

    @property
    def soon(self) -> tuple[LedgerLine, ...]:
        """The lines the headline counts, the largest first."""
        return tuple(sorted((line for line in self.lines if line.soon), key=lambda line: -line.count))


def ledger(context: Context) -> Ledger | None:
    """Return the ledger of the actions given; None where no customer is given any."""
    found = context.evaluation.decisions
    if found is None or set(found.given()) <= set(NOTHING):
        return None
    first = found.customers.unique("id", keep="first", maintain_order=True)
    stake, kind = _stake(found, context)
    lines = tuple(_lines(found, first, context, staked=bool(stake)))
    decided = context.tree.subject == "prospect" and found.plan is None  # each is accepted or not
    soon = set() if decided else soonest(lines, planned=found.plan is not None)
    first_soon = sorted(lines, key=lambda line: line.action not in soon)
    return Ledger(
        tuple(replace(line, soon=line.action in soon) for line in first_soon),
        stake, kind, context.reader.currency, found.customers.height - first.height, found.plan is not None,
        context.counted, _varied(context),
    )  # fmt: skip


def _varied(context: Context) -> str:
    """Return what the draws behind the certainty vary, in brackets; blank for several trees together."""
    sure = context.evaluation.certainty
    sources = sure.sources if sure else ()
    names = [context.reader.inside(context.text(f"certainty.source.{name}")) for name in sources]
    return context.text("decide.varied", sources=context.reader.listed(names)) if names else ""


def _lines(found: Decisions, first: pl.DataFrame, context: Context, *, staked: bool) -> Iterator[LedgerLine]:
    known = {action.id: action for action in found.actions}
    sure = context.evaluation.certainty
    named = ("net", "stake")
    totals: dict[str, float] = {
        name: fsum(first[name].drop_nulls()) for name in named if name in first.columns
    }
    counts = dict(first["action"].value_counts().iter_rows())
    for name in (entry for entry in found.given() if entry in counts):
        members, action = first.filter(pl.col("action") == name), known.get(name)
        kind, amount, share = _amount(members, totals, staked=staked)
        yield LedgerLine(
            name,
            action.name[context.language] if action else context.text(f"actions.{name}"),
            counts[name], kind, amount, share,
            _first_sentence(action.do[context.language]) if action else _nothing(name, members, context),
            action.within_days if action else None,
            sure.actions.get(name) if sure else None,
        )  # fmt: skip


def _nothing(name: str, members: pl.DataFrame, context: Context) -> str:
    """Return why customers are given no action: none applies, or which limit of the plan stopped how many."""
    if name == NONE_STATED:
        return context.text("decide.none_stated")
    if "stopped" not in members.columns:
        return ""
    counts = (
        members["stopped"]
        .drop_nulls()
        .value_counts(sort=True)
        .sort("count", "stopped", descending=[True, False])
    )
    said = [context.text(f"decide.stopped.{why}", count=count) for why, count in counts.iter_rows()]
    return context.text("decide.stopped.all", reasons=context.reader.listed(said)) if said else ""


def _first_sentence(text: str) -> str:
    """Return the first sentence of what is done; the list of customers has it whole.

    >>> _first_sentence("Visit at once. Then report."), _first_sentence("立即上门。随后汇报。")
    ('Visit at once.', '立即上门。')
    """
    return re.split(r"(?<=[.!?])\s|(?<=[。！？])", text, maxsplit=1)[0]


def _amount(
    members: pl.DataFrame, totals: Mapping[str, float], *, staked: bool
) -> tuple[Literal["gain", "stake"], float | None, float | None]:
    """Return the money of some customers: what they gain net of cost where that is known, else the stake.

    Without `staked` what is at stake is no money.
    """
    for kind, column in (("gain", "net"), ("stake", "stake"))[: 2 if staked else 1]:
        known = members[column].drop_nulls() if column in members.columns else pl.Series([])
        if known.len():
            amount, total = fsum(known), totals[column]
            return kind, amount, amount / total if total > 0 and amount >= 0 else None  # type: ignore[return-value]
    return "stake", None, None


def _stake(found: Decisions, context: Context) -> tuple[str, Kind]:
    """Return what is at stake, by name and kind; nothing where it is only the score."""
    by = found.candidates.stake_by
    if by is None or by == "score":
        return "", "quantity"
    if not by.isidentifier():
        return context.text("decide.at_stake"), "money"
    return context.reader.inside(context.reader.measure(by)), context.reader.kind(by)


def soonest(lines: Sequence[LedgerLine], *, planned: bool) -> set[str]:
    """Return the actions that the headline counts: those of the plan, else those that are due soonest.

    Of the horizons the longest counts in which no more than half of the customers are due: what is due for
    everybody singles nobody out.
    """
    if planned:
        return {line.action for line in lines if line.action not in NOTHING}
    dated = [line for line in lines if line.days is not None]
    if not dated:
        return set()
    rated = sum(line.count for line in lines)
    for horizon in HORIZONS:
        due = [line for line in dated if (line.days or 0) <= horizon]
        if due and 2 * sum(line.count for line in due) <= rated:
            return {line.action for line in due}
    earliest = min(line.days or 0 for line in dated)
    return {line.action for line in dated if line.days == earliest}
