"""Score: a frozen model applied to customers, by the named steps an explanation reads as well."""

from __future__ import annotations

from typing import Any

from evaluator.columns import Plan, Step, enter
from evaluator.errors import raise_errors
from evaluator.scoring.checks import column_issues, content_issues, missing_issues, needed
from evaluator.scoring.classes import grades_and_classes, status, totals
from evaluator.scoring.closeness import closeness_steps
from evaluator.scoring.fuzzy_steps import fuzzy_columns, fuzzy_steps, leaf_memberships, votes
from evaluator.scoring.model import Model
from evaluator.scoring.synthesis import fillings, groups, measures, scales
from evaluator.tree import Tree


def score(model: Model, frame: Any) -> Any:
    """Return the scores, grade and classes of every customer, as the same kind of frame.

    Parameters
    ----------
    frame : dataframe with ``id``, ``name`` where known, and one column per measure of the model's
        tree. pandas keeps its index; lazy frames stay lazy, and only their columns are checked before
        they are computed: infinite measures then count as missing (see `check_measures`).

    Returns
    -------
    The same kind of frame: ``id``, ``name``, ``score_<node>`` for every indicator and every group below
    the root, ``score``, ``coverage`` and ``coverage_<axis>`` (0–1), ``clamped`` (measures beyond the
    ends of their scale), ``status`` (rated, insufficient, excluded), ``reason`` (the axis, root or
    indicator), ``grade`` and ``class_<matrix>``. Only the rated have a grade and classes; the score of
    the insufficient rests on what was observed, the excluded have none. A model with a fuzzy
    evaluation adds ``crisp_score``, ``fuzzy_score``, ``fuzzy_grade`` (largest membership) with its
    ``alpha`` and ``validity`` (full, high, fair, weak), ``membership_<grade>`` of the whole and
    ``membership_<grade>@<group>`` of every group below the root.

    Raises
    ------
    EvaluationError
        SCORE-611 to SCORE-617, as `check_measures`.

    >>> import polars as pl
    >>> from evaluator.scoring import fit
    >>> from evaluator.tree import load_tree
    >>> from evaluator.weighing import weigh
    >>> tree = load_tree("current_value")
    >>> customers = pl.DataFrame({"id": ["a", "b"]} | {leaf.measure: [1.0, None] for leaf in tree.indicators})
    >>> score(fit(tree, weigh(tree), customers), customers)["status"].to_list()
    ['rated', 'excluded']
    """
    entered = enter(frame, needed(model.tree, model.votes))
    raise_errors(tuple(column_issues(model.tree, entered, model.votes)))
    if entered.eager:
        raise_errors(tuple(content_issues(model.tree, entered, model.votes)))
    raise_errors(tuple(missing_issues(model.tree, entered)))
    keys = tuple(key for key in ("id", "name") if key in entered.frame.collect_schema())
    scored = scoring_plan(model, keys).apply(entered.frame)
    return entered.leave(scored.select(*keys, *result_columns(model.tree), *fuzzy_columns(model)))


def scoring_plan(model: Model, keys: tuple[str, ...]) -> Plan:
    """Return all named steps from measures to classes."""
    rating = rating_plan(model, keys)
    return Plan(keys, (*rating.steps, grades_and_classes(model)))


def rating_plan(model: Model, keys: tuple[str, ...]) -> Plan:
    """Return the named steps from measures to who is rated; they need no cuts yet."""
    return Plan(keys, (*leaf_steps(model), *upward_steps(model), status(model)))


def leaf_steps(model: Model) -> tuple[Step, ...]:
    """Return the steps from measures to the score of every leaf, and its memberships."""
    read = (measures(model.tree), *votes(model))
    # one first step: it alone reads the frame, of which only the keys are left afterwards
    first = Step("measures", {name: value for step in read for name, value in step.outputs.items()})
    return (first, scales(model), *fillings(model.tree), *leaf_memberships(model))


def upward_steps(model: Model) -> tuple[Step, ...]:
    """Return the steps from the leaves up the tree to the score of the whole."""
    return (*groups(model), *closeness_steps(model), *fuzzy_steps(model), totals(model))


def result_columns(tree: Tree) -> tuple[str, ...]:
    """Return the names of the columns a score consists of, in their order."""
    nodes = (f"score_{node}" for node in tree.nodes if node != tree.root.id)
    coverages = (f"coverage_{axis}" for axis in tree.axes)
    classes = (f"class_{matrix.id}" for matrix in tree.matrices)
    return (*nodes, "score", "coverage", *coverages, "clamped", "status", "reason", "grade", *classes)
