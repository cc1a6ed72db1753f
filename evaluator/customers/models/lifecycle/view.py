"""Stages of the lifecycle: how many customers are in each, who moved, what they cost and earn."""

from __future__ import annotations

from dataclasses import replace
from math import expm1

import polars as pl

from evaluator.customers.models.lifecycle.options import DeclineOptions
from evaluator.customers.models.lifecycle.stages import Lifecycle
from evaluator.customers.models.lifecycle.study import DeclineCards, LifecycleChoices, Statuses
from evaluator.customers.view_parts import moves, once_bought, shares_chart, treated
from evaluator.present import figures
from evaluator.present.blocks import Cell, Heading, Table, View, customer_table, heads, table, words
from evaluator.present.reader import Reader


def stages(result: Lifecycle, chosen: LifecycleChoices, reader: Reader) -> View:
    """Yield how many customers are in each stage, and who moved."""
    known = int(result.distribution["customers"].sum())
    held = result.current.filter(pl.col("source") == "held").height
    decided = result.current.filter(pl.col("source") == "override").height
    yield words(reader, "customers.lifecycle.lead", "lead", count=known)
    for name, count in (("held", held), ("decided", decided)):
        if count:
            yield words(reader, f"customers.lifecycle.{name}", count=count)
    names = reader.terms("customers.stage", result.distribution["stage"])
    counted = result.distribution.select("stage", "customers", "share").iter_rows()
    rows = ((names[stage], count, share) for stage, count, share in counted)
    caption, axis = reader.caption("customers.lifecycle.stages"), reader.text("customers.count")
    yield shares_chart("stages", caption, rows, axis)
    options = result.options
    yield words(
        reader, "customers.lifecycle.rules",
        growth=reader.say(expm1(12 * options.steady_growth), "share"),  # a log slope per month
        share=figures.percent(options.mature_share, 0),
        months=reader.say(options.mature_months, "quantity"),
        regular=figures.number(options.regular, 2),
        intervals=reader.say(options.lost_intervals, "quantity"),
        once=once_bought(options.lost_days, reader),
        confirm=options.confirm,
    )  # fmt: skip
    if result.moves is not None:
        yield Heading(reader.text("customers.moves.title"))
        yield from moves(
            "stage-moves", result.moves, reader.terms("customers.stage", result.moves.states), reader
        )


def statuses(result: Statuses, chosen: None, reader: Reader) -> View:
    """Yield how many customers have each status of the firm's own, and who moved."""
    known = result.frame.height
    says = {"first": reader.day(result.first), "last": reader.day(result.last)}
    yield words(reader, "customers.lifecycle.statuses_lead", "lead", count=known, **says)
    counts = dict(result.frame["stage"].value_counts().iter_rows())
    rows = [(name, count, count / known) for name in result.moves.states if (count := counts.get(name, 0))]
    caption, axis = reader.caption("customers.lifecycle.by_status"), reader.text("customers.count")
    yield shares_chart("statuses", caption, rows, axis)
    yield from moves("status-moves", result.moves, {name: name for name in result.moves.states}, reader)


def treatments(result: Lifecycle, chosen: LifecycleChoices, reader: Reader) -> View:
    """Yield how customers are treated in each stage."""
    rows = result.distribution.select("stage", "customers", "share").iter_rows()
    yield treated("stage", rows, reader.terms("customers.stage", result.distribution["stage"]), reader)


def accounts(result: pl.DataFrame, chosen: None, reader: Reader) -> View:
    """Yield what each stage costs and earns."""
    names = reader.terms("customers.stage", result["stage"])
    shown = heads(reader, "customers.lifecycle", {
        "stage": "text", "customers": "count", "spent": "money", "income": "money", "ratio": "coefficient",
    })  # fmt: skip
    frame = result.with_columns(pl.col("stage").replace(names))
    yield table("", shown, frame, note=reader.text("customers.lifecycle.accounts_says"))


def decline(result: DeclineCards, chosen: DeclineOptions, reader: Reader) -> View:
    """Yield whom of the declining to win back, and whom to let go."""
    options = result.options
    yield words(
        reader, "customers.lifecycle.decline_says",
        margin=figures.percent(options.margin_rate, 0),
        cost=reader.say(options.cost, "money"),
        probability=figures.percent(options.probability, 0),
        retention=figures.percent(options.retention, 0),
        declining=figures.percent(options.declining_retention, 0),
        rate=figures.percent(options.discount_rate, 1),
        periods=options.periods,
    )  # fmt: skip
    if not result.frame.height:
        yield words(reader, "customers.lifecycle.no_decline")
        return
    decisions = {key: reader.text(f"customers.lifecycle.{key}") for key in ("reinvest", "let_go")}
    shown = heads(reader, "customers.lifecycle", {
        "before": "money", "now": "money", "reinvest_value": "money", "let_go_value": "money",
        "advantage": "money", "break_even": "share", "decision": "text",
    })  # fmt: skip
    frame = result.frame.with_columns(pl.col("decision").replace_strict(decisions))
    title = reader.text("customers.lifecycle.decline")
    cards = customer_table(reader, title, shown, frame, names=False, most=50)
    yield _attainable(cards, reader)


def _attainable(cards: Table, reader: Reader) -> Table:
    """Return the cards with words where winning back would not pay even if it were certain to succeed."""
    place = len(cards.heads) - 2  # break even stands before the decision
    none = reader.text("customers.lifecycle.no_probability")

    def row(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
        least = cells[place]
        paying = isinstance(least, float) and least <= 1
        return (*cells[:place], least if paying else none, *cells[place + 1 :])

    return replace(cards, rows=tuple(map(row, cards.rows)))
