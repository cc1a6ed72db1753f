"""What a population looked like when a model was fitted, so that later ones can be held against it."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from evaluator.columns import enter, to_polars
from evaluator.scoring.checks import needed
from evaluator.scoring.model import Model
from evaluator.scoring.spreads import Baseline, Spread, class_shares, shares_in
from evaluator.scoring.synthesis import measure
from evaluator.tree import Tree

BINS = 10  # tenths of the population, the usual choice


def baseline(tree: Tree, measures: Any, results: pl.DataFrame) -> Baseline:
    """Return what a population looks like.

    Parameters
    ----------
    measures : its dataframe of measures. results : its scores, with ``grade`` and ``class_<matrix>``.
    """
    columns = known_measures(tree, measures)
    spreads = {name: _spread(column) for name, column in columns.items()}
    deciding = ["grade", *(f"class_{matrix.id}" for matrix in tree.matrices)]
    return Baseline(
        customers=len(results),
        measures=spreads,
        classes={name: class_shares(results[name]) for name in deciding},
    )


def with_baseline(model: Model, measures: Any, results: pl.DataFrame) -> Model:
    """Return a model that tells of the population it was fitted on; see `baseline`."""
    return model.model_copy(update={"baseline": baseline(model.tree, measures, results)})


def known_measures(tree: Tree, measures: Any) -> dict[str, pl.Series]:
    """Return the measure of every indicator as scoring reads it: a finite number, or a text."""
    frame = enter(measures, needed(tree)).frame
    found = to_polars(frame.select(*(measure(leaf).alias(leaf.id) for leaf in tree.indicators)))
    return {leaf.id: found[leaf.id] for leaf in tree.indicators}


def _spread(column: pl.Series) -> Spread:
    """Return a spread over tenths of the known values, fewer where many are equal, or over categories."""
    known = column.drop_nulls()
    if column.dtype == pl.String:
        return _filled(column, Spread(categories=tuple(sorted(known.unique())), shares=()))
    if not len(known):
        return _filled(column, Spread(shares=()))
    edges = np.unique(np.quantile(known.to_numpy(), np.arange(1, BINS) / BINS))
    return _filled(column, Spread(edges=tuple(edges.tolist()), shares=()))


def _filled(column: pl.Series, bins: Spread) -> Spread:
    return bins.model_copy(update={"shares": shares_in(column, bins)})
