"""States of the relation and types of customers: how many are in each, and who moved."""

from __future__ import annotations

import polars as pl

from evaluator.customers.models.relation.study import RelationChoices, RelationHistory
from evaluator.customers.models.relation.types_study import TypeChoices, TypeHistory
from evaluator.customers.view_parts import BARRED, moves, treated
from evaluator.present import charts, figures
from evaluator.present.blocks import Head, Heading, View, heads, notes, table, words
from evaluator.present.reader import Reader


def relation(result: RelationHistory, chosen: RelationChoices, reader: Reader) -> View:
    """Yield where customers stand in their relation to the firm."""
    funnel, options = result.now.funnel, result.now.options
    names = reader.terms("customers.relation", funnel["state"])
    rows = [(names[state], count) for state, count in funnel.iter_rows()]
    total = int(funnel["customers"].sum())
    yield words(reader, "customers.relation.lead", "lead", count=total)
    yield charts.bars(
        "relation-funnel", *reader.caption("customers.relation.funnel"), rows, reader.text("customers.count"),
        labels=[figures.number(count, 0) for _, count in rows], format_=BARRED,
    )  # fmt: skip
    absent = figures.ABSENT
    yield words(
        reader, "customers.relation.rules",
        score=figures.quantity(options.loyal_score),
        purchases=options.loyal_purchases,
        intervals=figures.quantity(options.lost_intervals),
        days=figures.number(options.lost_days, 0) if options.lost_days else absent,
        alive=figures.percent(options.lost_alive, 0) if options.lost_alive is not None else absent,
    )  # fmt: skip
    yield from notes(reader, result.now.issues)
    if result.moves is not None and result.earlier is not None:
        yield Heading(reader.text("customers.moves.title"))
        yield words(reader, "customers.relation.since", day=reader.day(result.earlier))
        names = reader.terms("customers.relation", result.moves.states)
        yield from moves("relation-moves", result.moves, names, reader)
    yield Heading(reader.text("customers.treatments"))
    shares = ((state, count, count / max(total, 1)) for state, count in funnel.iter_rows())
    yield treated("relation", shares, reader.terms("customers.relation", funnel["state"]), reader)


def types(result: TypeHistory, chosen: TypeChoices, reader: Reader) -> View:
    """Yield of which types the customers are."""
    known, unknown = int(result.profile["customers"].sum()), result.frame["type"].null_count()
    yield words(reader, "customers.types.lead", "lead", count=known)
    if unknown:
        yield words(reader, "customers.types.unknown", count=unknown)
    names = reader.terms("customers.type", result.profile["type"])
    shown = [
        *heads(reader, "customers", {"customers.types.type": "text", "count": "count", "share": "percent"}),
        Head(reader.value, "quantity"),
        *heads(reader, "customers.types", {"value_share": "percent"}),
    ]
    yield table("", shown, result.profile.with_columns(pl.col("type").replace(names)))
    if result.moves is not None and result.earlier is not None:
        yield Heading(reader.text("customers.moves.title"))
        yield words(reader, "customers.types.since", day=reader.day(result.earlier))
        yield from moves(
            "type-moves", result.moves, reader.terms("customers.type", result.moves.states), reader
        )
    yield Heading(reader.text("customers.treatments"))
    rows = result.profile.select("type", "customers", pl.col("share").fill_null(0.0))
    yield treated("type", rows.iter_rows(), names, reader)
