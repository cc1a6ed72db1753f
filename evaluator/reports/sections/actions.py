"""What to do with whom: the actions given, who comes first under each of them, and the flags raised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import fsum

import polars as pl

from evaluator.actions.choosing import NONE_STATED, STAKES
from evaluator.actions.decided import Decisions
from evaluator.actions.stopped import NOT_PLANNED
from evaluator.present import figures
from evaluator.present.blocks import (
    Blocks,
    Head,
    Part,
    Table,
    Words,
    customer_table,
    head,
    heads,
    notes,
    table,
    words,
)
from evaluator.present.kinds import Kind
from evaluator.reports.context import Context
from evaluator.reports.orders import all_orders_said
from evaluator.reports.reasons import with_reasons

YEAR = (365, 366)  # days of a year
LEAST_GAP = 0.0001  # of what a plan may miss of the best: no less is claimed
FIRST = 50  # customers listed; actions.csv has them all
_GIVEN = {"action": pl.String, "customers": pl.Int64, "stake": pl.Float64, "due": pl.Date, "do": pl.String}


def build(context: Context) -> Blocks | None:
    """Return the actions of the rated customers, None where the firm itself is evaluated."""
    found = context.evaluation.decisions
    if found is None or not found.customers.height:
        return None
    reader = context.reader
    parts = (
        Part("", (*_lead(found, context), _actions(found, context))),
        Part(reader.text("actions.first"), tuple(_customers(found, context))),
        Part(reader.text("actions.flags"), tuple(_flags(found, context))),
    )
    return Blocks(tuple(part for part in parts if part.blocks))


def _lead(found: Decisions, context: Context) -> Iterator[Words | Table]:
    reader, plan = context.reader, found.plan
    worked = found.customers.filter(~pl.col("action").is_in([NONE_STATED, NOT_PLANNED]))
    lead = "actions.planned" if plan is not None else "actions.lead"
    yield words(reader, lead, "lead", count=worked["id"].n_unique(), actions=worked["action"].n_unique(),
                subject=context.subject)  # fmt: skip
    if plan is not None:
        value, cost = reader.say(plan.value, "money"), reader.say(plan.cost, "money")
        gap = figures.percent(max(plan.gap, LEAST_GAP), 2)
        yield words(reader, "actions.plan", "lead", value=value, cost=cost, gap=gap)
    yield from notes(reader, found.issues, "note")


def _actions(found: Decisions, context: Context) -> Table:
    reader, customers = context.reader, found.customers
    known = {action.id: action for action in found.actions}
    rows = []
    for name, count in found.given().items():
        of = customers.filter(pl.col("action") == name)
        action = known.get(name)
        title = action.name[context.language] if action else reader.text(f"actions.{name}")
        stakes = of["stake"].drop_nulls().to_list() if "stake" in of.columns else []
        stake = fsum(stakes) if stakes else None
        due = min(of["due"].drop_nulls(), default=None)
        rows.append((title, count, stake, due, action.do[context.language] if action else ""))
    frame = pl.DataFrame(rows, schema=_GIVEN, orient="row")
    kinds: dict[str, Kind] = {"action": "text", "customers": "count", **_stake(found, context)}
    kinds |= {"due": "day", "do": "text"}
    if not frame["due"].count():
        del kinds["due"]
    titles = _named(heads(reader, "actions", kinds), kinds, found, context)
    return table(reader.text("actions.given"), titles, frame.select(*kinds))


def _customers(found: Decisions, context: Context) -> Iterator[Words | Table]:
    reader = context.reader
    kinds: dict[str, Kind] = {"action_name": "text", "reason": "text", "flags": "text", "due": "day"}
    money: dict[str, Kind] = {"net": "money", "cost": "money"} if found.plan else _stake(found, context)
    shown = [name for name in ("owner", *kinds, *money) if name in found.customers.columns]
    worked = found.customers.filter(~pl.col("action").is_in([NONE_STATED, NOT_PLANNED]))
    told = with_reasons(worked, context)
    shown = [name for name in shown if name not in ("due", "flags") or any(told[name])]
    frame = told.select("id", *shown)
    all_kinds: dict[str, Kind] = {"owner": "text", **kinds, **money}
    asked = {name: all_kinds[name] for name in shown}
    titles = _named(heads(reader, "actions", asked), asked, found, context)
    yield customer_table(reader, "", titles, frame, names=False, most=FIRST)
    yield Words(all_orders_said(context), "hint")
    yield words(reader, "actions.list")


def _flags(found: Decisions, context: Context) -> Iterator[Words | Table]:
    reader, language = context.reader, context.language
    there = [flag for flag in found.flags if found.counts.get(flag.id, (0, 0))[0]]
    rows = [(f.name[language], f.says[language], *found.counts[f.id], f.source[language]) for f in there]

    kinds: dict[str, Kind] = {
        "flag": "text", "says": "text", "carry": "count", "unknown": "count", "source": "text",
    }  # fmt: skip
    if rows:
        yield table("", heads(reader, "actions", kinds), rows)
    if silent := [flag.name[language] for flag in found.flags if flag not in there]:
        yield words(reader, "actions.silent", names=reader.listed(silent))


def _named(
    titles: Sequence[Head], kinds: Mapping[str, Kind], found: Decisions, context: Context
) -> tuple[Head, ...]:
    """Return heads of columns, what is at stake by the measure it is taken from."""
    reader, by = context.reader, found.candidates.stake_by
    if by not in STAKES:  # an amount of the study's own
        return tuple(titles)
    named = context.text("actions.staked", measure=reader.inside(reader.measure(by)))
    places = zip(kinds.items(), titles, strict=True)
    return tuple(head(reader, named, kind) if name == "stake" else title for (name, kind), title in places)


def _stake(found: Decisions, context: Context) -> dict[str, Kind]:
    """Return the column of what is at stake, of a year where the window is one; none of mere scores."""
    by = found.candidates.stake_by
    if by in (None, "score"):
        return {}
    window = context.evaluation.measured.window
    yearly = window is not None and (window[1] - window[0]).days + 1 in YEAR
    return {"stake": "money/year" if yearly and by in STAKES else "money"}
