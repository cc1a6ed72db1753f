"""A population, at hand or in an engine: how its measures spread, and who has which grade and class."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from itertools import pairwise
from typing import Any, Protocol

import narwhals as nw
import numpy as np
import polars as pl

from evaluator.columns import enter, to_polars
from evaluator.columns.statistics import EngineColumn
from evaluator.scoring.checks import needed
from evaluator.scoring.spreads import Spread, class_shares, shares_in
from evaluator.scoring.synthesis import measure
from evaluator.tree import Tree

BINS = 10  # tenths of the population, the usual choice
_TENTHS = np.arange(1, BINS) / BINS


class Population(Protocol):
    """Measured and scored customers."""

    @property
    def customers(self) -> int:
        """How many there are."""

    def spreads(self) -> dict[str, Spread]:
        """Return how every indicator's measure spreads: over tenths of the known values, or categories."""

    def shares(self, like: Mapping[str, Spread]) -> dict[str, tuple[float, ...]]:
        """Return which share of the customers falls into each bin of the spreads of some indicators."""

    def classes(self, column: str) -> dict[str, float]:
        """Return which share of the customers has each value of a column of the results."""


def population(tree: Tree, measures: Any, results: Any) -> Population:
    """Return the customers of a frame of measures with their scores; frames of an engine stay there."""
    if isinstance(results, pl.DataFrame):
        return AtHand(tree, measures, results)
    return InEngine(tree, measures, results)


class AtHand:
    """Customers at hand: a frame of any kind, and their scores in Polars."""

    def __init__(self, tree: Tree, measures: Any, results: pl.DataFrame) -> None:
        frame = enter(measures, needed(tree)).frame
        found = to_polars(frame.select(*(measure(leaf).alias(leaf.id) for leaf in tree.indicators)))
        self._columns = {leaf.id: found[leaf.id] for leaf in tree.indicators}
        self._results = results

    @property
    def customers(self) -> int:
        """How many there are."""
        return len(self._results)

    def spreads(self) -> dict[str, Spread]:
        """Return how every indicator's measure spreads: over tenths of the known values, or categories."""
        return {name: _spread(column) for name, column in self._columns.items()}

    def shares(self, like: Mapping[str, Spread]) -> dict[str, tuple[float, ...]]:
        """Return which share of the customers falls into each bin of the spreads of some indicators."""
        return {name: shares_in(self._columns[name], spread) for name, spread in like.items()}

    def classes(self, column: str) -> dict[str, float]:
        """Return which share of the customers has each value of a column of the results."""
        return class_shares(self._results[column])


class InEngine:
    """Customers in an engine, of which only figures come back."""

    def __init__(self, tree: Tree, measures: Any, results: Any) -> None:
        self._tree = tree
        self._measures = enter(measures, needed(tree)).frame
        self._results: nw.LazyFrame[Any] = nw.from_native(results)

    @cached_property
    def customers(self) -> int:
        """How many there are."""
        return int(to_polars(self._results.select(nw.len())).item())

    def spreads(self) -> dict[str, Spread]:
        """Return how every indicator's measure spreads: over tenths of the known values, or categories."""
        bins = {leaf.id: self._bins(leaf.id) for leaf in self._tree.indicators}
        shares = self.shares(bins)
        return {name: spread.model_copy(update={"shares": shares[name]}) for name, spread in bins.items()}

    def shares(self, like: Mapping[str, Spread]) -> dict[str, tuple[float, ...]]:
        """Return which share of the customers falls into each bin of the spreads of some indicators."""
        terms = [nw.len().alias("rows")]
        for name, spread in like.items():
            value = self._value(name)
            terms.append(value.count().alias(f"known_{name}"))
            held = [value >= edge for edge in spread.edges] or [value == word for word in spread.categories]
            for place, condition in enumerate(held):
                one = nw.when(condition).then(nw.lit(1, nw.Int64)).otherwise(nw.lit(0, nw.Int64))
                terms.append(one.sum().alias(f"{place}_of_{name}"))
        found = to_polars(self._measures.select(*terms)).row(0, named=True)
        return {name: _shares(found, name, spread) for name, spread in like.items()}

    def classes(self, column: str) -> dict[str, float]:
        """Return which share of the customers has each value of a column of the results."""
        counted = self._results.group_by(column).agg(nw.len().alias("count"))
        found = to_polars(counted.filter(~nw.col(column).is_null())).sort(column)
        return {value: count / self.customers for value, count in found.iter_rows()}

    def _value(self, leaf: str) -> nw.Expr:
        return measure(next(entry for entry in self._tree.indicators if entry.id == leaf))

    def _bins(self, leaf: str) -> Spread:
        value = self._value(leaf)
        kind = self._measures.select(value.alias("value")).collect_schema()["value"]
        if kind == nw.String:
            words = self._measures.select(value.alias("value")).filter(~nw.col("value").is_null()).unique()
            return Spread(categories=tuple(sorted(to_polars(words)["value"])), shares=())
        column = EngineColumn(self._measures, value)
        if not len(column):
            return Spread(shares=())
        return Spread(edges=tuple(dict.fromkeys(column.quantiles(_TENTHS.tolist()))), shares=())


def _spread(column: pl.Series) -> Spread:
    """Return a spread over tenths of the known values, fewer where many are equal, or over categories."""
    known = column.drop_nulls()
    if column.dtype == pl.String:
        bins = Spread(categories=tuple(sorted(known.unique())), shares=())
    elif not len(known):
        bins = Spread(shares=())
    else:
        edges = np.unique(np.quantile(known.to_numpy(), _TENTHS))
        bins = Spread(edges=tuple(edges.tolist()), shares=())
    return bins.model_copy(update={"shares": shares_in(column, bins)})


def _shares(found: Mapping[str, int], name: str, spread: Spread) -> tuple[float, ...]:
    """Return the shares of bins from how many reach each edge, or have each category."""
    rows, known = found["rows"], found[f"known_{name}"]
    if not rows:
        return ()
    counts = [int(found[f"{place}_of_{name}"]) for place in range(len(spread.edges or spread.categories))]
    if spread.edges:
        reached = [known, *counts, 0]
        counts = [low - high for low, high in pairwise(reached)]
    else:
        counts = [*counts, known - sum(counts)]
    return tuple(count / rows for count in (*counts, rows - known))
