"""Whether ABC, RFM, lifetime value and other ratings of the same customers agree, and who differs."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from evaluator.customers.models.agreement.agreement import Agreement
from evaluator.customers.models.agreement.options import AgreementOptions
from evaluator.customers.sources import MODEL_MEASURES
from evaluator.customers.view_parts import BARRED
from evaluator.present import charts
from evaluator.present.blocks import Head, Heading, View, customer_table, heads, table, words
from evaluator.present.reader import Reader

DIFFERING = 50


def view(result: Agreement, chosen: AgreementOptions, reader: Reader) -> View:
    """Yield the agreement of methods, where at least two of them rated the customers."""
    if not (result.pairs.height or result.tables):
        return
    yield words(reader, "customers.methods.lead", "lead")
    if result.pairs.height:
        titles = {name: reader.measure(name) for name in {*result.pairs["a"], *result.pairs["b"]}}
        shown = heads(reader, "customers.methods", {
            "a": "text", "b": "text", "customers.count": "count", "spearman": "coefficient",
            "kendall": "coefficient",
        })  # fmt: skip
        frame = result.pairs.with_columns(pl.col("a", "b").replace(titles))
        yield table("", shown, frame, note=reader.text("customers.methods.limits"))
    yield Heading(reader.text("customers.methods.classes"))
    for (a, b), counts in result.tables.items():
        yield from _crossed(a, b, counts, reader)
    if result.differing.height:
        yield Heading(reader.text("customers.methods.differing"))
        yield from _differing(result.differing, reader)


def _classes(name: str, values: Iterable[str], reader: Reader) -> dict[str, str]:
    """Return the names of the classes of a method."""
    if name in MODEL_MEASURES and MODEL_MEASURES[name].function.classes:
        return {value: MODEL_MEASURES[name].function.say(value, reader.language) for value in values}
    return {value: value for value in values}


def _crossed(a: str, b: str, counts: pl.DataFrame, reader: Reader) -> View:
    rows = list(_classes(a, counts[a], reader).values())
    columns = _classes(b, (column for column in counts.columns if column != a), reader)
    cells = [
        charts.Value(row, title, count, f"{count:,}")
        for row, values in zip(rows, counts.select(*columns).iter_rows(), strict=True)
        for title, count in zip(columns.values(), values, strict=True)
        if count
    ]
    if cells:
        first, second = reader.measure(a), reader.measure(b)
        yield charts.grid(
            f"methods-{a}-{b}",
            reader.text("customers.methods.crossed", a=first, b=second),
            reader.text("customers.methods.crossed_says"),
            cells,
            rows,
            list(columns.values()),
            (second, first),
            (reader.text("customers.count"), BARRED),
        )


def _differing(frame: pl.DataFrame, reader: Reader) -> View:
    methods = [name for name in frame.columns if name != "id"]
    named = [
        pl.col(name).replace(_classes(name, frame[name].drop_nulls().unique(), reader)) for name in methods
    ]
    note = reader.text("customers.methods.furthest", total=frame.height)
    shown = [Head(reader.measure(name)) for name in methods]
    yield customer_table(reader, "", shown, frame.with_columns(named), names=False, note=note, most=DIFFERING)
