"""Recency, frequency and monetary value: the grid of scores, the references, the eight classes."""

from __future__ import annotations

from collections.abc import Iterator
from math import fsum

import polars as pl

from evaluator import messages
from evaluator.customers import Rfm, load_treatments
from evaluator.customers.rfm_scores import DIMENSIONS
from evaluator.present import charts, figures
from evaluator.reports.blocks import (
    Block,
    Blocks,
    Card,
    Cards,
    Head,
    Part,
    Picture,
    Words,
    found,
    section,
    strategy_lines,
    table,
    told,
)
from evaluator.reports.context import Context


def build(context: Context) -> Blocks | None:
    """Return the RFM analysis of a study with orders."""
    result: Rfm | None = found(context, "rfm")
    issues = tuple(told(context, "rfm", result))
    if result is None:
        return section(Part("", issues))
    return section(
        Part("", (*_lead(result, context), *_grid(result, context), *issues)),
        Part(context.text("customers.rfm.classes"), (_cards(result, context),)),
        Part(context.text("customers.rfm.references"), tuple(_references(result, context))),
    )


def _lead(result: Rfm, context: Context) -> Iterator[Block]:
    options = result.options
    window = (
        context.text("customers.rfm.window", months=options.window_months)
        if options.window_months
        else context.text("customers.rfm.all_history")
    )
    yield Words(
        context.text(
            "customers.rfm.lead",
            count=result.frame.height,
            as_of=figures.day(result.as_of, context.language),
            window=window,
            purchase=context.text(f"customers.rfm.count_{options.count}"),
            amount=context.text(f"customers.rfm.amount_{options.amount}"),
            returns=context.text(f"customers.rfm.returns_{options.returns}"),
        ),
        "lead",
    )


def _grid(result: Rfm, context: Context) -> Iterator[Block]:
    if not result.grid.height:
        return
    levels = [str(score) for score in range(1, result.options.bins + 1)]
    cells = [
        charts.Value(str(f), str(r), count, f"{figures.number(count, 0)}\n{figures.quantity(mean)}")
        for r, f, count, mean in result.grid.select("r", "f", "customers", "monetary").iter_rows()
    ]
    yield Picture(
        charts.grid(
            "rfm-grid",
            context.text("customers.rfm.grid"),
            context.text("customers.rfm.grid_says"),
            cells,
            levels[::-1],
            levels,
            (context.text("customers.rfm.r"), context.text("customers.rfm.f")),
            (context.text("customers.count"), ",d"),
        )
    )


def _cards(result: Rfm, context: Context) -> Cards:
    known = load_treatments("rfm")
    total = fsum(result.profile["monetary"].drop_nulls()) or 1.0
    cards = [
        Card(
            messages.text(f"customers.rfm.{row['class']}", context.language),
            place,
            row["customers"],
            row["customers_share"],
            (row["monetary"], row["monetary"] / total, row["recency"], row["frequency"]),
            strategy_lines(known.strategies.get(row["class"]), context),
        )
        for place, row in enumerate(result.profile.iter_rows(named=True))
    ]
    split = result.options.split if result.options.split_at is None else "stated"
    at = context.text(
        f"customers.rfm.split_{split}",
        **{name: figures.number(value, 2) for name, value in zip(DIMENSIONS, result.split_at, strict=True)},
    )
    heads = (
        Head(context.text("customers.amount"), "quantity"),
        Head(context.text("customers.amount_share"), "percent"),
        Head(context.text("customers.rfm.recency"), "quantity"),
        Head(context.text("customers.rfm.frequency"), "quantity"),
    )
    return Cards(
        context.text("customers.rfm.classes"), heads, tuple(cards), f"{at} {known.source[context.language]}"
    )


def _references(result: Rfm, context: Context) -> Iterator[Block]:
    """Yield what the scores rest on: cuts, weights, and how a value passes a cut."""
    rows = [
        (
            context.text(f"customers.rfm.{name}"),
            result.options.weights[place],
            context.text(
                "customers.rfm.stated"
                if getattr(result.options.thresholds, name)
                else "customers.rfm.quantiles"
            ),
            context.listed([figures.quantity(cut) for cut in result.cuts[name]]) or figures.ABSENT,
        )
        for place, name in enumerate(DIMENSIONS)
    ]
    heads = (
        Head(context.text("customers.rfm.dimension")),
        Head(context.text("chart.weight"), "quantity"),
        Head(context.text("customers.rfm.kind")),
        Head(context.text("customers.rfm.cuts", count=result.options.bins - 1)),
    )
    frame = pl.DataFrame(rows, schema=["dimension", "weight", "kind", "cuts"], orient="row")
    yield table("", heads, frame, note=context.text("customers.rfm.relative"))
