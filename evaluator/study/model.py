"""The model of a study, fitted on its measures or frozen earlier, and the scores it gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import polars as pl

from evaluator.errors import EvaluationError, Issue
from evaluator.measuring import Measured
from evaluator.scoring import Fitted, Model, fitted, own_scales, ranked, read_model, score
from evaluator.study.setup import Setup
from evaluator.tree import Tree, tree_changes
from evaluator.weighing import Weights


def take_model(setup: Setup, tree: Tree, path: Path) -> Fitted:
    """Return a model frozen earlier, with what its file says of itself.

    Raises
    ------
    EvaluationError
        where it was frozen for another state of the tree; those of `scoring.read_model`.
    """
    model, notes = read_model(path)
    own = own_scales(tree, setup.file.scoring.scales)[0]
    if changes := tree_changes(model.tree, own):
        named = {name: ", ".join(ids) or "–" for name, ids in asdict(changes).items()}
        detail = {"tree": model.tree.id, "own": own.id, **named}
        raise EvaluationError([Issue("STUDY-307", str(path), detail)])
    return Fitted(model, notes)


def fit_model(
    setup: Setup, tree: Tree, weights: Weights, measures: Measured, profiles: Mapping[str, Weights] | None
) -> Fitted:
    """Return the model with what was noticed when it was fitted; raises as `scoring.fit`."""
    options = setup.file.weighting.objective
    choice = options.model_dump() if options else {}
    return fitted(
        tree,
        weights,
        measures.frame,
        options=setup.file.scoring,
        as_of=measures.as_of,
        objective=choice.get("method"),
        combine=choice.get("combine", "multiplicative"),
        alpha=choice.get("alpha", 0.5),
        customers=measures.customers,
        profiles=profiles,
        every_indicator=measures.frame.is_empty(),
    )


def score_customers(model: Model, measures: Measured) -> pl.DataFrame:
    """Return one row per customer: scores, grade, classes, rank."""
    results: pl.DataFrame = ranked(score(model, measures.frame))
    return results
