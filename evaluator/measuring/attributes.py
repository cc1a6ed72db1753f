"""Attributes: what is known of customers besides their measures, for rules and profiles to read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from evaluator.data.conversion import Written, converted
from evaluator.data.tables import Column, TableSchema
from evaluator.errors import EvaluationError, Issue, Severity
from evaluator.tree import Tree
from evaluator.tree.names import attributes, attributes_named

if TYPE_CHECKING:
    from evaluator.customers import Sources


def with_attribute_columns(schema: TableSchema, tree: Tree) -> TableSchema:
    """Return the schema of a table that may hold a tree's attributes as well."""
    known = set(schema.names)
    further = (
        Column(entry.id, entry.kind, headers=(entry.name.zh, entry.name.en))
        for entry in attributes(tree)
        if entry.id not in known
    )
    return replace(schema, columns=(*schema.columns, *further), attributes=True)


def with_attributes(
    frame: pl.DataFrame, tree: Tree, sources: Sources
) -> tuple[pl.DataFrame, tuple[Issue, ...]]:
    """Return measured customers with a column per attribute that rules or profiles speak of.

    An attribute is a column of the measures or customers table, else comes from orders or a customer
    model, as measures do. Where nothing gives one it is null for everybody, with a warning: the
    rules that speak of it are then unknown.
    """
    issues: list[Issue] = []
    spoken = attributes_named(tree)
    for entry in (entry for entry in attributes(tree) if entry.id in spoken):
        try:
            found = sources.columns([entry.id])
        except EvaluationError:
            issues.append(Issue("DATA-470", entry.id, severity=Severity.WARNING))
            nothing = pl.lit(None, pl.String if entry.kind == "text" else pl.Float64)
            frame = frame.with_columns(nothing.alias(entry.id))
            continue
        values, unread = (
            (found[entry.id].cast(pl.String), ()) if entry.kind == "text" else numbers(found, entry.id)
        )
        issues.extend(unread)
        columns = found.select("id", values.alias(entry.id)).unique("id", keep="first")
        frame = frame.join(columns, on="id", how="left", maintain_order="left")
    return frame, tuple(issues)


def numbers(frame: pl.DataFrame, name: str) -> tuple[pl.Series, tuple[Issue, ...]]:
    """Return a column as numbers; text that should be one is read, and what is none is named."""
    series = frame[name]
    if series.dtype != pl.String:
        return series.cast(pl.Float64), ()
    results = converted(Written(series), Column(name, "number"))
    bad = frame.select("id", pl.col(name)).filter(results["problem"].is_not_null())
    if not bad.height:
        return results["value"], ()
    shown = ", ".join(f"{who} «{text}»" for who, text in bad.head(5).iter_rows())
    detail = {"count": bad.height, "examples": shown}
    return results["value"], (Issue("DATA-408", name, detail, severity=Severity.WARNING),)
