"""An evaluation as reports show it: names and attributes of customers keep their place."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from evaluator.columns.legible import label, labels
from evaluator.evaluation import Evaluation, Outside, Routing, Unrated
from evaluator.workbook.book import unprintable


def legible(evaluation: Evaluation) -> Evaluation:
    """Return the evaluation with the names and attributes of customers as a report shows them."""
    routing = evaluation.routing
    return replace(
        evaluation,
        results=_readable(evaluation.results),
        attributes=_legible_texts(evaluation.attributes),
        unrated=tuple(_unrated(lost) for lost in evaluation.unrated),
        routing=_routed(routing) if routing else None,
    )


def unprintable_characters(evaluation: Evaluation) -> int:
    """Return how many characters names and attributes lose here that no cell could hold."""
    columns = (evaluation.results[name].drop_nulls() for name in _shown(evaluation.results))
    return sum(unprintable(text) for column in columns for text in column.unique()) + sum(
        unprintable(lost.name) for lost in evaluation.unrated if lost.name
    )


def _readable(results: pl.DataFrame) -> pl.DataFrame:
    return results.with_columns(labels(results[name]) for name in _shown(results))


def _legible_texts(attributes: pl.DataFrame) -> pl.DataFrame:
    texts = [name for name, kind in attributes.schema.items() if kind == pl.String and name != "id"]
    return attributes.with_columns(labels(attributes[name]) for name in texts)


def _shown(results: pl.DataFrame) -> list[str]:
    texts = (name for name, kind in results.schema.items() if kind == pl.String)
    return [name for name in texts if name == "name" or name.startswith("attribute_")]


def _unrated(lost: Unrated) -> Unrated:
    return replace(lost, name=label(lost.name) or None if lost.name else None)


def _routed(routing: Routing) -> Routing:
    outside = tuple(Outside(one.id, label(one.name) or None if one.name else None) for one in routing.outside)
    return replace(routing, outside=outside)
