"""Whether ABC, RFM, lifetime value and other ratings of the same customers agree, and who differs."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from evaluator.customers import MODEL_MEASURES, Agreement
from evaluator.present import charts
from evaluator.reports.blocks import (
    Block,
    Blocks,
    Head,
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
from evaluator.reports.sections.concentration import measure_title

DIFFERING = 50


def build(context: Context) -> Blocks | None:
    """Return the agreement of methods, where at least two of them rated the customers."""
    result: Agreement | None = found(context, "agreement")
    issues = tuple(told(context, "agreement", result))
    if result is None or not (result.pairs.height or result.tables):
        return section(Part("", issues if result is None else ()))
    return section(
        Part("", (*_ratings(result, context), *issues)),
        Part(context.text("customers.methods.classes"), tuple(_crossed(result, context))),
        Part(context.text("customers.methods.differing"), tuple(_differing(result, context))),
    )


def _ratings(result: Agreement, context: Context) -> Iterator[Block]:
    yield Words(context.text("customers.methods.lead"), "lead")
    if not result.pairs.height:
        return
    names = {*result.pairs["a"], *result.pairs["b"]}
    titles = pl.col("a", "b").replace({name: measure_title(name, context) for name in names})
    heads = [
        Head(context.text("customers.methods.a")),
        Head(context.text("customers.methods.b")),
        Head(context.text("customers.count"), "count"),
        Head(context.text("customers.methods.spearman"), "ratio"),
        Head(context.text("customers.methods.kendall"), "ratio"),
    ]
    yield table("", heads, result.pairs.with_columns(titles), note=context.text("customers.methods.limits"))


def _said(name: str, value: str, context: Context) -> str:
    if name in MODEL_MEASURES and MODEL_MEASURES[name].function.classes:
        return MODEL_MEASURES[name].function.say(value, context.language)
    return value


def _crossed(result: Agreement, context: Context) -> Iterator[Block]:
    for (a, b), counts in result.tables.items():
        columns = [column for column in counts.columns if column != a]
        rows = [_said(a, value, context) for value in counts[a]]
        titles = {column: _said(b, column, context) for column in columns}
        cells = [
            charts.Value(row, titles[column], count, f"{count:,}")
            for row, values in zip(rows, counts.select(columns).iter_rows(), strict=True)
            for column, count in zip(columns, values, strict=True)
            if count
        ]
        if cells:
            yield Picture(
                charts.grid(
                    f"methods-{a}-{b}",
                    context.text(
                        "customers.methods.crossed", a=measure_title(a, context), b=measure_title(b, context)
                    ),
                    context.text("customers.methods.crossed_says"),
                    cells,
                    rows,
                    list(titles.values()),
                    (measure_title(b, context), measure_title(a, context)),
                    (context.text("customers.count"), ",d"),
                )
            )


def _differing(result: Agreement, context: Context) -> Iterator[Block]:
    frame = result.differing
    if not frame.height:
        return
    classes = [name for name in frame.columns if name != "id"]
    said = [
        pl.col(name).replace(
            {value: _said(name, value, context) for value in frame[name].drop_nulls().unique()}
        )
        for name in classes
    ]
    heads = [
        *who(context),
        *(Head(measure_title(name, context)) for name in classes),
    ]
    note = context.text("customers.methods.furthest", total=frame.height)
    yield table("", heads, listed(context, frame.with_columns(said)), note=note, most=DIFFERING)
