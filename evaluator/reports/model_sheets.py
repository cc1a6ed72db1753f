"""Customer models in the workbook: the sections' blocks on one sheet, every customer on another."""

from __future__ import annotations

import polars as pl

from evaluator.customers import CustomerColumn
from evaluator.present.blocks import Blocks
from evaluator.reports.context import Context
from evaluator.reports.listings import ROWS, Column, Listing, names
from evaluator.reports.sections import drawn, sections


def model_sections(context: Context) -> tuple[tuple[str, Blocks], ...]:
    """Return the sections made of blocks with their titles, in the order of reading."""
    built = ((section, context.built(section.build)) for section in sections() if section.draw is drawn)
    return tuple((section.title(context), data) for section, data in built if isinstance(data, Blocks))


def customer_models(context: Context) -> Listing:
    """Return what every model found for each customer, a column per figure or class, by id."""
    findings = context.evaluation.customers
    columns = findings.columns if findings else ()
    if not columns:
        return Listing(pl.DataFrame(schema={"id": pl.String}), (), 0)
    everyone = pl.concat([column.values.select("id") for column in columns]).unique().drop_nulls().sort("id")
    frame = everyone.join(context.results.select("id", "name"), on="id", how="left", maintain_order="left")
    frame = frame.with_columns(pl.coalesce("name", "id").alias("name"))
    heads = [Column("id", context.text("chart.id"), "id")]
    heads += [Column("name", context.text("chart.name"), "text")] if names(context) else []
    for column in columns:
        values = column.values.rename({"value": column.name})
        frame = frame.join(values, on="id", how="left", maintain_order="left")
        frame = _named_classes(frame, column, context)
        heads.append(Column(column.name, column.title[context.language], _style(frame[column.name])))
    return Listing(frame.head(ROWS).select(head.key for head in heads), tuple(heads), frame.height)


def _style(values: pl.Series) -> str:
    """Return how a column is shown: two decimals throughout, none where all are whole."""
    if values.dtype == pl.String:
        return "text"
    known = values.drop_nulls()
    return "integer" if (known.dtype.is_integer() or (known == known.round()).all()) else "number"


def _named_classes(frame: pl.DataFrame, column: CustomerColumn, context: Context) -> pl.DataFrame:
    """Return the frame with the classes of a column by their names."""
    if column.say is None:
        return frame
    known = frame[column.name].drop_nulls().unique().to_list()
    said = {value: column.say(value, context.language) for value in known}
    return frame.with_columns(pl.col(column.name).replace_strict(said, default=None, return_dtype=pl.String))
