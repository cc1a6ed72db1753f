"""What a population looked like when a model was fitted, so that later ones can be held against it."""

from __future__ import annotations

from typing import Any

from evaluator.scoring.model import Model
from evaluator.scoring.populations import population
from evaluator.scoring.spreads import Baseline
from evaluator.tree import Tree


def baseline(tree: Tree, measures: Any, results: Any) -> Baseline:
    """Return what a population looks like.

    Parameters
    ----------
    measures : its dataframe of measures. results : its scores, with ``grade`` and ``class_<matrix>``.
    """
    found = population(tree, measures, results)
    deciding = ["grade", *(f"class_{matrix.id}" for matrix in tree.matrices)]
    return Baseline(
        customers=found.customers,
        measures=found.spreads(),
        classes={name: found.classes(name) for name in deciding},
    )


def with_baseline(model: Model, measures: Any, results: Any) -> Model:
    """Return a model that tells of the population it was fitted on; see `baseline`."""
    return model.model_copy(update={"baseline": baseline(model.tree, measures, results)})
