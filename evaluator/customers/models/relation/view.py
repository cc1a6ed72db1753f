"""States of the relation and types of customers: how many are in each, and who moved."""

from __future__ import annotations

import polars as pl

from evaluator.customers.models.relation.study import RelationChoices, RelationHistory
from evaluator.customers.models.relation.types_study import TypeChoices, TypeHistory
from evaluator.customers.view_parts import BARRED, moves, once_bought, treated
from evaluator.present import charts, figures
from evaluator.present.blocks import Heading, View, head, heads, notes, table, words
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
        labels=[reader.say(count, "count") for _, count in rows], format_=BARRED,
    )  # fmt: skip
    yield words(
        reader, "customers.relation.rules",
        score=reader.say(options.loyal_score, "quantity"),
        purchases=options.loyal_purchases,
        intervals=reader.say(options.lost_intervals, "quantity"),
        once=once_bought(options.lost_days, reader),
        alive=_alive(options.lost_alive, reader),
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


def _alive(below: float | None, reader: Reader) -> str:
    """Return from which probability on a customer counts as lost; empty where none is stated."""
    if below is None:
        return ""
    return reader.text("customers.relation.not_alive", alive=figures.percent(below, 0))


def types(result: TypeHistory, chosen: TypeChoices, reader: Reader) -> View:
    """Yield of which types the customers are."""
    known, unknown = int(result.profile["customers"].sum()), result.frame["type"].null_count()
    yield words(reader, "customers.types.lead", "lead", count=known)
    if unknown:
        yield words(reader, "customers.types.unknown", count=unknown)
    names = reader.terms("customers.type", result.profile["type"])
    shown = [
        *heads(reader, "customers", {"customers.types.type": "text", "count": "count", "share": "share"}),
        head(reader, reader.value, reader.value_kind),
        *heads(reader, "customers.types", {"value_share": "share"}),
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
