"""Spreads: which share of a population falls into which bin, and how a model keeps that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from evaluator.documents import Format
from evaluator.labels import Count, Id, Share


class Spread(Format):
    """How the customers of a population spread over bins: by number from `edges` on, or by category.

    `shares` has one entry more than there are edges, or one per category and one for all others; the last
    of all is the share of those without a measure.
    """

    edges: tuple[float, ...] = ()
    categories: tuple[str, ...] = ()
    shares: tuple[Share, ...]


class Baseline(Format):
    """A population: how its measures spread, by indicator, and which share had each grade and class.

    `classes` hold shares of all `customers` by column and value; the rest had none.
    """

    customers: Count
    measures: dict[Id, Spread]
    classes: dict[str, dict[str, Share]]


def shares_in(column: pl.Series, like: Spread) -> tuple[float, ...]:
    """Return which share of some customers falls into each bin of a spread; empty columns have no shares.

    >>> shares_in(pl.Series([1.0, 2.0, 5.0, None]), Spread(edges=(2.0,), shares=(0.5, 0.5, 0.0)))
    (0.25, 0.5, 0.25)
    """
    if not len(column):
        return ()
    known = column.drop_nulls()
    if like.categories or column.dtype == pl.String:
        counts = _in_categories(known, like.categories)
    else:
        places = np.searchsorted(np.array(like.edges), known.to_numpy(), side="right")
        counts = np.bincount(places, minlength=len(like.edges) + 1).tolist()
    return tuple(count / len(column) for count in (*counts, column.null_count()))


def class_shares(column: pl.Series) -> dict[str, float]:
    """Return which share of some customers has each value of a column; nulls are left out."""
    counts: Mapping[str, int] = Counter(column.drop_nulls().to_list())
    return {value: counts[value] / len(column) for value in sorted(counts)}


def _in_categories(known: pl.Series, categories: Sequence[str]) -> list[int]:
    counts = Counter(known.to_list())
    listed = [counts[name] for name in categories]
    return [*listed, len(known) - sum(listed)]
