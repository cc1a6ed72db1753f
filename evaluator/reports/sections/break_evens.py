"""From which weight on somebody else is first, and a class has lost or gained a tenth of its customers."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from evaluator.analysis import BreakEvens, break_even_weights
from evaluator.present.blocks import Cell, Table, Words, heads, table, words
from evaluator.present.kinds import Kind
from evaluator.reports.context import Context
from evaluator.tree.types import GRADE

MOST = 5_000  # customers; ten times as many take some ten seconds, which no report is made to wait for
TENTHS = 10  # members of a class; a tenth of fewer is less than one
SHOWN = 15  # nodes, those that take the least change first
MOVES = ("loses_down", "gains_down", "loses_up", "gains_up")
_OF_ONE = {"loses": "leaves", "gains": "enters"}  # whoever stands alone has no tenths


def break_evens(context: Context) -> Iterator[Words | Table]:
    """Yield the break-even weights of an evaluation, those nearest to the weights there are first."""
    reader, evaluation = context.reader, context.evaluation
    if not context.rated.height:
        return
    if context.rated.height > MOST:
        yield words(reader, "certainty.too_many", most=MOST)
        return
    found = break_even_weights(evaluation.model, evaluation.measured.frame)
    first, classes = _first(found, context), _classes(found, context)
    said = [reader.text(f"certainty.reason.{name}") for name in _reasons(found)]
    if said:
        yield words(reader, "certainty.without", reasons=reader.listed(said))
    if first.rows:
        yield first
    elif not said and context.rated.height > 1:
        yield words(reader, "certainty.nobody_new")
    if context.alone and not said and not classes.rows:
        yield words(reader, "certainty.same_grade")
    if classes.rows:
        yield classes


def _reasons(found: BreakEvens) -> list[str]:
    """Return why nodes have none, but for those that share their weight with nobody."""
    reasons = found.nodes["reason"].drop_nulls().unique().sort().to_list()
    return [reason for reason in reasons if reason != "alone"]


def _first(found: BreakEvens, context: Context) -> Table:
    reader = context.reader
    names = dict(context.results.select("id", "name").iter_rows())
    away = [(pl.col(name) - pl.col("weight")).abs() for name in ("first_down", "first_up")]
    near = found.nodes.with_columns(away=pl.min_horizontal(away)).drop_nulls("away").sort("away", "node")
    rows = [
        (context.name(row["node"]), row["weight"], row["first_down"], names.get(row["first_down_id"], ""),
         row["first_up"], names.get(row["first_up_id"], ""))
        for row in near.head(SHOWN).iter_rows(named=True)
    ]  # fmt: skip
    kinds: dict[str, Kind] = {
        "node": "text", "weight": "weight", "down": "weight", "who": "text", "up": "weight",
        "who_up": "text",
    }  # fmt: skip
    return table(
        reader.text("certainty.new_first"), heads(reader, "certainty.column", kinds), rows,
        note=reader.text("certainty.siblings"),
    )  # fmt: skip


def _classes(found: BreakEvens, context: Context) -> Table:
    """Return for every node the class that has lost or gained a tenth first, below and above its weight."""
    reader, weights = context.reader, dict(found.nodes.select("node", "weight").iter_rows())
    known = context.grades if found.deciding == GRADE else context.classes[found.deciding]
    decided = context.rated["grade" if found.deciding == GRADE else f"class_{found.deciding}"].cast(pl.String)
    counts = dict(decided.value_counts().iter_rows())
    long = found.classes.unpivot(MOVES, index=["node", "value"], variable_name="move", value_name="at")
    long = long.drop_nulls("at").with_columns(
        weight=pl.col("node").replace_strict(weights, return_dtype=pl.Float64)
    )
    away = (pl.col("at") - pl.col("weight")).abs()
    side = pl.col("move").str.split("_").list.last()
    near = long.with_columns(away=away, side=side).sort("away", "value", "move")
    order = near.unique("node", keep="first", maintain_order=True)["node"].head(SHOWN).to_list()
    rows: list[tuple[Cell, ...]] = []
    for node in order:
        own = {
            row["side"]: row for row in near.filter(pl.col("node") == node).reverse().iter_rows(named=True)
        }
        row: list[Cell] = [context.name(node), weights[node]]
        for name in ("down", "up"):
            one = own.get(name)
            if one is None:
                row += [None, ""]
                continue
            few = counts.get(one["value"], 0) < TENTHS
            row += [one["at"], _moved(one["move"].split("_")[0], known[one["value"]], context, few=few)]
        rows.append(tuple(row))
    kinds: dict[str, Kind] = {
        "node": "text", "weight": "weight", "down": "weight", "what": "text", "up": "weight",
        "what_up": "text",
    }  # fmt: skip
    what = reader.text(f"certainty.what.{'grade' if found.deciding == GRADE else 'class'}")
    title = reader.text("certainty.tenth" if context.rated.height > 1 else "certainty.changes", what=what)
    return table(title, heads(reader, "certainty.column", kinds), rows)


def _moved(move: str, name: str, context: Context, *, few: bool) -> str:
    """Return what a class loses or gains: a tenth, one of `few`; the only one leaves or enters it."""
    key = _OF_ONE[move] if context.rated.height == 1 else f"{move}_few" if few else move
    return context.text(f"certainty.{key}", name=name)
