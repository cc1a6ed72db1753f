"""Stages of the lifecycle: how many customers are in each, who moved, what they cost and earn."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from evaluator import messages
from evaluator.customers import Lifecycle
from evaluator.customers.models.stages import DeclineCards
from evaluator.present import charts, figures
from evaluator.reports.blocks import (
    Block,
    Blocks,
    Cards,
    Head,
    Kind,
    Part,
    Picture,
    Words,
    found,
    listed,
    section,
    table,
    told,
    who,
)
from evaluator.reports.context import Context
from evaluator.reports.state_blocks import moves, treated


def build(context: Context) -> Blocks | None:
    """Return the lifecycle of a study's customers."""
    result: Lifecycle | None = found(context, "lifecycle")
    if result is None:
        return section(Part("", tuple(told(context, "lifecycle"))))
    return section(
        Part("", tuple(_stages(result, context))),
        Part(context.text("customers.moves.title"), tuple(_moves_of_stages(result, context))),
        Part(context.text("customers.lifecycle.accounts"), tuple(_accounts(context))),
        Part(context.text("customers.lifecycle.decline"), tuple(_decline(context))),
        Part(context.text("customers.treatments"), (_stage_cards(result, context),)),
    )


def _stages(result: Lifecycle, context: Context) -> Iterator[Block]:
    known = int(result.distribution["customers"].sum())
    held = result.current.filter(pl.col("source") == "held").height
    decided = result.current.filter(pl.col("source") == "override").height
    yield Words(context.text("customers.lifecycle.lead", count=known, held=held, decided=decided), "lead")
    rows = [
        (messages.text(f"customers.stage.{stage}", context.language), count)
        for stage, count in result.distribution.select("stage", "customers").iter_rows()
    ]
    labels = [
        f"{figures.number(count, 0)} · {figures.percent(share)}"
        for count, share in result.distribution.select("customers", "share").iter_rows()
    ]
    title, says = context.text("customers.lifecycle.stages"), context.text("customers.lifecycle.stages_says")
    yield Picture(
        charts.bars("stages", title, says, rows, context.text("customers.count"), labels=labels, format_=",d")
    )
    options = result.options
    lost_days = figures.number(options.lost_days, 0) if options.lost_days else figures.ABSENT
    yield Words(
        context.text(
            "customers.lifecycle.rules",
            growth=figures.percent(options.steady_growth),
            share=figures.percent(options.mature_share, 0),
            months=figures.quantity(options.mature_months),
            regular=figures.number(options.regular, 2),
            intervals=figures.quantity(options.lost_intervals),
            days=lost_days,
            confirm=options.confirm,
        )
    )
    yield from told(context, "lifecycle", result)


def _moves_of_stages(result: Lifecycle, context: Context) -> Iterator[Block]:
    if result.moves is not None:
        yield from moves("stage-moves", result.moves, "customers.stage", context)


def _accounts(context: Context) -> Iterator[Block]:
    result: pl.DataFrame | None = found(context, "stage_accounts")
    yield from told(context, "stage_accounts")
    if result is None:
        return
    stages = result["stage"].to_list()
    names = {stage: messages.text(f"customers.stage.{stage}", context.language) for stage in stages}
    said = pl.col("stage").replace(names)
    kinds: dict[str, Kind] = {
        "customers": "count",
        "spent": "quantity",
        "income": "quantity",
        "ratio": "ratio",
    }
    heads = [
        Head(context.text("customers.lifecycle.stage")),
        *(Head(context.text(f"customers.lifecycle.{key}"), kind) for key, kind in kinds.items()),
    ]
    yield table("", heads, result.with_columns(said), note=context.text("customers.lifecycle.accounts_says"))


def _decline(context: Context) -> Iterator[Block]:
    result: DeclineCards | None = found(context, "decline")
    yield from told(context, "decline", result)
    if result is None:
        return
    options = result.options
    yield Words(
        context.text(
            "customers.lifecycle.decline_says",
            margin=figures.percent(options.margin_rate, 0),
            cost=figures.quantity(options.cost),
            probability=figures.percent(options.probability, 0),
            retention=figures.percent(options.retention, 0),
            declining=figures.percent(options.declining_retention, 0),
            rate=figures.percent(options.discount_rate, 1),
            periods=options.periods,
        )
    )
    if not result.frame.height:
        yield Words(context.text("customers.lifecycle.no_decline"))
        return
    said = {key: context.text(f"customers.lifecycle.{key}") for key in ("reinvest", "let_go")}
    frame = listed(context, result.frame).with_columns(pl.col("decision").replace_strict(said))
    money = ("before", "now", "reinvest_value", "let_go_value", "advantage")
    heads = [
        *who(context),
        *(Head(context.text(f"customers.lifecycle.{key}"), "quantity") for key in money),
        Head(context.text("customers.lifecycle.break_even"), "percent"),
        Head(context.text("customers.lifecycle.decision")),
    ]
    yield table(context.text("customers.lifecycle.decline"), heads, frame, most=50)


def _stage_cards(result: Lifecycle, context: Context) -> Cards:
    rows = result.distribution.select("stage", "customers", "share").rows()
    return treated("stage", rows, "customers.stage", context)
