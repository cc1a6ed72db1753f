"""States of the relation and types of customers: how many are in each, and who moved."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from evaluator import messages
from evaluator.customers.models.stages import RelationHistory
from evaluator.customers.models.types import TypeHistory
from evaluator.present import charts, figures
from evaluator.reports.blocks import (
    Block,
    Blocks,
    Cards,
    Head,
    Part,
    Picture,
    Words,
    choices,
    found,
    section,
    table,
    told,
)
from evaluator.reports.context import Context
from evaluator.reports.sections.concentration import measure_title
from evaluator.reports.state_blocks import moves, treated


def build(context: Context) -> Blocks | None:
    """Return where customers stand in their relation to the firm."""
    result: RelationHistory | None = found(context, "relation")
    if result is None:
        return section(Part("", tuple(told(context, "relation"))))
    return section(
        Part("", tuple(_funnel(result, context))),
        Part(context.text("customers.moves.title"), tuple(_moves_of_states(result, context))),
        Part(context.text("customers.treatments"), (_state_cards(result, context),)),
    )


def build_types(context: Context) -> Blocks | None:
    """Return of which types the customers are."""
    result: TypeHistory | None = found(context, "types")
    if result is None:
        return section(Part("", tuple(told(context, "types"))))
    return section(
        Part("", tuple(_types(result, context))),
        Part(context.text("customers.moves.title"), tuple(_moves_of_types(result, context))),
        Part(context.text("customers.treatments"), (_type_cards(result, context),)),
    )


def _funnel(result: RelationHistory, context: Context) -> Iterator[Block]:
    funnel, options = result.now.funnel, result.now.options
    rows = [
        (messages.text(f"customers.relation.{state}", context.language), count)
        for state, count in funnel.iter_rows()
    ]
    yield Words(context.text("customers.relation.lead", count=int(funnel["customers"].sum())), "lead")
    yield Picture(
        charts.bars(
            "relation-funnel",
            context.text("customers.relation.funnel"),
            context.text("customers.relation.funnel_says"),
            rows,
            context.text("customers.count"),
            labels=[figures.number(count, 0) for _, count in rows],
            format_=",d",
        )
    )
    absent = figures.ABSENT
    yield Words(
        context.text(
            "customers.relation.rules",
            score=figures.quantity(options.loyal_score),
            purchases=options.loyal_purchases,
            intervals=figures.quantity(options.lost_intervals),
            days=figures.number(options.lost_days, 0) if options.lost_days else absent,
            alive=figures.percent(options.lost_alive, 0) if options.lost_alive is not None else absent,
        )
    )
    yield from (Words(context.told(issue)) for issue in result.now.issues)


def _moves_of_states(result: RelationHistory, context: Context) -> Iterator[Block]:
    if result.moves is None or result.earlier is None:
        return
    day = figures.day(result.earlier, context.language)
    yield Words(context.text("customers.relation.since", day=day))
    yield from moves("relation-moves", result.moves, "customers.relation", context)


def _state_cards(result: RelationHistory, context: Context) -> Cards:
    funnel = result.now.funnel
    total = max(int(funnel["customers"].sum()), 1)
    rows = [(state, count, count / total) for state, count in funnel.iter_rows()]
    return treated("relation", rows, "customers.relation", context)


def _types(result: TypeHistory, context: Context) -> Iterator[Block]:
    known, unknown = int(result.profile["customers"].sum()), result.frame["type"].null_count()
    yield Words(context.text("customers.types.lead", count=known), "lead")
    if unknown:
        yield Words(context.text("customers.types.unknown", count=unknown))
    heads = [
        Head(context.text("customers.types.type")),
        Head(context.text("customers.count"), "count"),
        Head(context.text("customers.share"), "percent"),
        Head(measure_title(choices(context).value, context), "quantity"),
        Head(context.text("customers.types.value_share"), "percent"),
    ]
    said = {
        name: messages.text(f"customers.type.{name}", context.language) for name in result.profile["type"]
    }
    yield table("", heads, result.profile.with_columns(pl.col("type").replace(said)))


def _moves_of_types(result: TypeHistory, context: Context) -> Iterator[Block]:
    if result.moves is None or result.earlier is None:
        return
    yield Words(context.text("customers.types.since", day=figures.day(result.earlier, context.language)))
    yield from moves("type-moves", result.moves, "customers.type", context)


def _type_cards(result: TypeHistory, context: Context) -> Cards:
    rows = result.profile.select("type", "customers", pl.col("share").fill_null(0.0)).rows()
    return treated("type", rows, "customers.type", context)
