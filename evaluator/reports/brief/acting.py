"""What a brief says of acting: the decision with its ledger, whom to begin with, what to be careful of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from evaluator.actions.decided import Decisions
from evaluator.present import charts, figures
from evaluator.present.blocks import Cards, Cell, Facts, Head, Heading, Table, Words, head, table
from evaluator.present.charts import Chart
from evaluator.present.kinds import Kind
from evaluator.reports.context import Context
from evaluator.reports.orders import all_orders_said
from evaluator.reports.reasons import in_brief, with_reasons
from evaluator.reports.sections import decide
from evaluator.reports.sections.decide import Bars
from evaluator.reports.sections.ledger import NOTHING, Ledger, LedgerLine
from evaluator.reports.sheets import titles

FIRST = 8  # customers named
CAREFUL = 7  # sentences that a slide holds


@dataclass(frozen=True)
class Told:
    """A message with the blocks under it."""

    message: str
    blocks: tuple[Table | Words | Facts | Chart | Cards | Heading, ...]


def decision(context: Context) -> Told:
    """Return what an evaluation comes to: the actions with their money, or what stands in their place."""
    found = context.built(decide.build)
    said = [Words(sentence, "note") for sentence in found.beware]
    if found.under:
        said.append(Words(context.reader.sentences(found.under), "lead"))
    if found.ledger:
        return Told(found.headline, (*said, _ledger(found.ledger, context)))
    return Told(found.headline, (*said, *([_bars(found.bars, context)] if found.bars else [])))


def _ledger(found: Ledger, context: Context) -> Table:
    """Return the ledger as a table: what is gained, and what is at stake where no gain is known."""
    columns = tuple(_columns(found, context))
    rows = tuple(tuple(_cell(key, line, found) for key, _ in columns) for line in found.lines)
    note = context.text("decide.certain_says", varied=found.varied) if found.certain is not None else ""
    return Table(context.text("actions.given"), tuple(head for _, head in columns), rows, note, len(rows))


def _columns(found: Ledger, context: Context) -> Iterator[tuple[str, Head]]:
    reader = context.reader
    yield "name", Head(context.text("decide.action"))
    yield "count", Head(found.counted, "count")
    staked = any(line.money == "stake" and line.amount is not None for line in found.lines)
    if found.gains:
        yield "gain", head(reader, context.text("brief.gain"), "money")
    if staked:
        yield "stake", head(reader, context.text("brief.stake", stake=found.stake), found.kind)
        yield "share", Head(context.text("customers.share"), "share")
    if found.dated:
        yield "days", Head(context.text("decide.due"), "days")
    yield "do", Head(context.text("decide.do"))
    if found.certain is not None:
        yield "certain", Head(context.text("decide.certain"), "share")


def _cell(key: str, line: LedgerLine, found: Ledger) -> Cell:
    match key:
        case "gain" | "stake":
            return line.amount if line.money == key else None
        case "share":
            return line.share if line.money == "stake" else None
        case "certain":
            return None if line.certain is None else figures.percent(line.certain, 0)
    value: Cell = getattr(line, key)
    return value


def _bars(found: Bars, context: Context) -> Chart:
    """Return what stands in the ledger's place as bars."""
    rows = [(row.name, row.share) for row in found.rows]
    labels = [row.figure for row in found.rows]
    return charts.bars("brief-decision", found.title, found.title, rows, "", labels=labels, format_="")


def first(context: Context) -> Told | None:
    """Return the customers to begin with: whose action is due first; None where nobody is acted on."""
    found = context.evaluation.decisions
    if found is None:
        return None
    worked = found.customers.filter(~pl.col("action").is_in(list(NOTHING)))
    if not worked.height:
        return None
    scores = context.rated.select("id", "score")
    worked = worked.join(scores, on="id", how="left", maintain_order="left")
    worked = with_reasons(worked, context, in_brief)
    columns = _customers(found, worked, context)
    frame = worked.head(FIRST).select(list(columns))
    listed = table("", tuple(columns.values()), frame)
    due = worked["due"].drop_nulls() if "due" in worked.columns else pl.Series([], dtype=pl.Date)
    if not due.len():
        message = context.text("brief.first", count=worked["id"].n_unique(), subject=context.subject)
    else:
        day = due.min()
        count = worked.filter(pl.col("due") == day)["id"].n_unique()
        message = context.text(
            "brief.first_due", count=count, all=worked["id"].n_unique(), day=context.reader.day(day),  # type: ignore[arg-type]
            subject=context.subject,
        )  # fmt: skip
    rest = worked.height - frame.height
    where = context.text("brief.rest", count=rest, sheet=titles(context)["customers"]) if rest else ""
    note = context.reader.sentences(filter(None, (all_orders_said(context), where)))
    return Told(message, (Table(listed.title, listed.heads, listed.rows, note, frame.height),))


def _customers(found: Decisions, worked: pl.DataFrame, context: Context) -> dict[str, Head]:
    """Return the columns of the customers to begin with: who, what, why, whose, by when, and what for.

    Where no money is known they are told apart by their scores; a reason that names the class alone is none.
    """
    reader, text = context.reader, context.text
    money: dict[str, tuple[str, Kind]] = {"net": (text("brief.gain"), "money")} if found.plan else {}
    if not money and (known := context.built(decide.build).ledger) and known.stake:
        money = {"stake": (text("brief.stake", stake=known.stake), known.kind)}
    if not money:
        money = {"score": (text("chart.score"), "points")}
    wanted: dict[str, tuple[str, Kind]] = {
        "name" if "name" in worked.columns else "id": (text("chart.name"), "text"),
        "action_name": (text("decide.action"), "text"), "reason": (text("actions.reason"), "text"),
        "owner": (text("actions.owner"), "text"), "due": (text("brief.by"), "day"), **money,
    }  # fmt: skip
    there = [name for name in wanted if name in worked.columns and worked[name].null_count() < worked.height]
    if "reason" in there and not _says_more(worked.head(FIRST)):
        there.remove("reason")
    return {name: head(reader, *wanted[name]) for name in there}


def _says_more(worked: pl.DataFrame) -> bool:
    """Return whether a reason says more than the class and the end of its sentence."""
    alone = worked["reason"].str.strip_chars(" .。") == worked["class_name"].str.strip_chars(" .。")
    return not alone.fill_null(True).all()


def careful(context: Context) -> Told | None:
    """Return what must be known before a decision is taken; None where there is nothing to warn of."""
    found = context.built(decide.build)
    said = [*found.beware, *(caution.text for caution in found.cautions)]
    if not said:
        return None
    shown = [Words(sentence, "note") for sentence in said[:CAREFUL]]
    if rest := len(said) - len(shown):
        shown.append(Words(context.text("decide.more", count=rest)))
    return Told(context.text("brief.careful", count=len(said)), tuple(shown))
