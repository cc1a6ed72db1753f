"""Customers by size and margin, the firm's quadrant, the baseline, and how many each criterion leaves."""

from __future__ import annotations

import polars as pl

from evaluator.customers.models.matrices.options import BaselineOptions, SizeProfitChoice
from evaluator.customers.models.matrices.quadrant import FirmQuadrant, QuadrantOptions
from evaluator.customers.models.matrices.screening import Baseline, Criterion, ScreenedCustomers
from evaluator.customers.models.matrices.size_profit import SizeProfit
from evaluator.present.blocks import Facts, Head, View, fact, facts, head, heads, table, words
from evaluator.present.reader import Reader


def size_profit(result: SizeProfit, chosen: SizeProfitChoice, reader: Reader) -> View:
    """Yield customers by size and margin."""
    sizes = {key: reader.text(f"customers.size.{key}") for key in ("small", "medium", "large")}
    levels = {key: reader.text(f"level.{key}") for key in ("low", "high")}
    frame = result.table.with_columns(
        pl.col("size_class").replace_strict(sizes), pl.col("margin_class").replace_strict(levels)
    )
    capacity = chosen.capacity
    shown = [
        Head(reader.measure(chosen.size)),
        *heads(reader, "customers", {"margin": "text", "count": "count"}),
        *(head(reader, reader.measure(name), reader.kind(name)) for name in (chosen.size, chosen.profit)),
        *([head(reader, reader.measure(capacity), reader.kind(capacity))] if capacity else []),
        *heads(reader, "customers", {"margin": "share"}),
        *(heads(reader, "customers", {"per_capacity": "quantity"}) if capacity else []),
    ]
    size = reader.listed(reader.say(cut, reader.kind(chosen.size)) for cut in result.cuts["size"])
    margin = reader.listed(reader.say(cut, "share") for cut in result.cuts["margin"])
    note = reader.text("customers.concentration.size_cuts", size=size, margin=margin)
    yield table(reader.text("customers.concentration.size_profit"), shown, frame, note=note)


def quadrant(result: FirmQuadrant, chosen: QuadrantOptions, reader: Reader) -> View:
    """Yield what kind of business it is by the spread and the diversity of its customers."""
    yield words(reader, f"customers.quadrant.{result.quadrant}", "lead")
    yield facts(
        reader, "customers.quadrant",
        {
            "skew": (result.skew, "coefficient"),
            "skew_cut": (result.options.skew_cut, "coefficient"),
            "half": (result.half, "share"),
            "diversity": (result.diversity, "coefficient"),
            "diversity_cut": (result.options.diversity_cut, "coefficient"),
        },
    )  # fmt: skip


def baseline(result: Baseline, chosen: BaselineOptions, reader: Reader) -> View:
    """Yield the plain split into high and low that more criteria are compared with."""
    counts = dict(result.frame["class"].drop_nulls().value_counts().iter_rows())
    yield words(
        reader, "customers.concentration.baseline_says", cut=reader.say(result.cut, reader.value_kind)
    )
    names = reader.terms("customers.baseline", ("high_end", "low_end"))
    yield Facts(tuple(fact(reader, name, counts.get(key, 0), "count") for key, name in names.items()))


def screening(result: ScreenedCustomers, chosen: tuple[Criterion, ...], reader: Reader) -> View:
    """Yield how many customers each criterion leaves."""
    rows = [
        (criterion.name[reader.language] if criterion.name else reader.measure(criterion.column),
         _bounds(criterion, reader), *counts)
        for criterion, (_, *counts) in zip(chosen, result.funnel.iter_rows(), strict=True)
    ]  # fmt: skip
    kept = int(result.frame["eligible"].sum())
    yield words(reader, "customers.screening.says", "lead", kept=kept, total=result.frame.height)
    shown = heads(reader, "customers.screening", {
        "criterion": "text", "condition": "text", "before": "count", "left_out": "count", "unknown": "count"
    })  # fmt: skip
    yield table("", shown, rows)


def _bounds(criterion: Criterion, reader: Reader) -> str:
    column = criterion.column
    bounds = {name: getattr(criterion, name) for name in ("at_least", "at_most", "one_of")}
    stated = (
        (name, reader.listed(value) if isinstance(value, tuple) else reader.say(value, reader.kind(column)))
        for name, value in bounds.items()
        if value is not None
    )
    return reader.listed(reader.text(f"customers.screening.{name}", value=value) for name, value in stated)
