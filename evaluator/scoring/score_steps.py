"""Score: a frozen model applied to customers, by the named steps an explanation reads as well."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import narwhals as nw
import polars as pl

from evaluator.columns import Step, StepPlan, by_batches, enter, is_spark, to_polars
from evaluator.errors import raise_errors
from evaluator.scoring.checks import column_issues, content_issues, missing_issues, needed
from evaluator.scoring.classes import borderline, grades_and_classes, status, totals
from evaluator.scoring.closeness import closeness_steps
from evaluator.scoring.fuzzy_steps import fuzzy_columns, fuzzy_steps, leaf_memberships, votes
from evaluator.scoring.model import Model
from evaluator.scoring.profiles import profile_columns, profile_steps
from evaluator.scoring.rules import attribute_values, rule_columns, rule_steps, settled
from evaluator.scoring.synthesis import fillings, groups, measures, scales


def score(model: Model, frame: Any) -> Any:
    """Return the scores, grade and classes of every customer, as the same kind of frame.

    Parameters
    ----------
    frame : dataframe with ``id``, ``name`` where known, and one column per measure of the model's
        tree. pandas keeps its index; lazy frames stay lazy, and only their columns are checked before
        they are computed: infinite measures then count as missing (see `check_measures`). A Spark frame
        becomes another step of its job, which Polars computes in the workers.

    Returns
    -------
    The same kind of frame: ``id``, ``name``, ``score_<node>`` for every indicator and every group below
    the root, ``score``, ``coverage`` and ``coverage_<axis>`` (0–1), ``clamped`` (measures beyond the
    ends of their scale), ``status`` (rated, insufficient, excluded), ``reason`` (the axis, root,
    indicator or gate), ``grade`` and ``class_<matrix>``. Only the rated have a grade and classes; the
    score of the insufficient rests on what was observed, the excluded have none. With a stated margin
    ``borderline_grade`` and ``borderline_<matrix>`` flag (1) who lies near a cut; with rules there are
    ``unadjusted_score`` and ``rule_<rule>`` (hit, no, unknown), with profiles ``profile``. A model with
    a fuzzy evaluation adds ``crisp_score``, ``fuzzy_score``, ``fuzzy_grade`` (largest membership) with
    its ``alpha`` and ``validity`` (full, high, fair, weak), ``membership_<grade>`` of the whole and
    ``membership_<grade>@<group>`` of every group below the root.

    Raises
    ------
    EvaluationError
        as `check_measures`.

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
    raise_errors(column_issues(model.tree, entered, model.votes))
    if entered.eager:
        raise_errors(content_issues(model.tree, entered, model.votes))
    raise_errors(missing_issues(model.tree, entered))
    return entered.leave(_scored(model, entered.frame))


def score_in_batches(
    model: Model, frame: nw.LazyFrame[Any], counted: Callable[[int], None] | None = None
) -> nw.LazyFrame[Any]:
    """Return the scores of a Spark frame, which Polars computes in Spark's workers; see `by_batches`."""
    return by_batches(frame, _read(model, frame), partial(_batch, model), counted)


def _batch(model: Model, rows: pl.DataFrame) -> pl.DataFrame:
    return to_polars(_scored(model, enter(rows).frame))


def planned(
    model: Model,
    plan: Callable[[Model], StepPlan],
    frame: nw.LazyFrame[Any],
    columns: Sequence[str],
) -> nw.LazyFrame[Any]:
    """Return columns of a plan's steps; those of a Spark frame are computed as its scores are.

    `plan` makes the plan of a model; for Spark it must survive pickling.
    """
    if is_spark(frame):
        return by_batches(frame, _read(model, frame), partial(_planned_batch, model, plan, tuple(columns)))
    return plan(model).apply(frame).select(*columns)


def _planned_batch(
    model: Model, plan: Callable[[Model], StepPlan], columns: tuple[str, ...], rows: pl.DataFrame
) -> pl.DataFrame:
    return to_polars(planned(model, plan, enter(rows).frame, columns))


def _read(model: Model, frame: nw.LazyFrame[Any]) -> list[str]:
    schema = frame.collect_schema()
    return [column for column in needed(model.tree, model.votes) if column in schema]


def _scored(model: Model, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    if is_spark(frame):
        return score_in_batches(model, frame)
    keys = tuple(key for key in ("id", "name") if key in frame.collect_schema())
    scored = scoring_plan(model, keys).apply(frame)
    return scored.select(*keys, *result_columns(model), *fuzzy_columns(model))


def scoring_plan(model: Model, keys: tuple[str, ...]) -> StepPlan:
    """Return all named steps from measures to classes."""
    return StepPlan(keys, (*leaf_steps(model), *upward_steps(model), *standing_steps(model)))


def leaf_plan(model: Model, keys: tuple[str, ...] = ("id",)) -> StepPlan:
    """Return the named steps from measures to the score of every leaf."""
    return StepPlan(keys, leaf_steps(model))


def rating_plan(model: Model, keys: tuple[str, ...] = ("id",)) -> StepPlan:
    """Return the named steps from measures to who is rated; they need no cuts yet."""
    return StepPlan(keys, (*leaf_steps(model), *upward_steps(model), *rule_steps(model), status(model)))


def leaf_steps(model: Model) -> tuple[Step, ...]:
    """Return the steps from measures to the score of every leaf, and its memberships."""
    read = (measures(model.tree), attribute_values(model.tree), *votes(model))
    # one first step: it alone reads the frame, of which only the keys are left afterwards
    first = Step("measures", {name: value for step in read for name, value in step.outputs.items()})
    return (first, scales(model), *fillings(model), *leaf_memberships(model))


def upward_steps(model: Model) -> tuple[Step, ...]:
    """Return the steps from the leaves up the tree to the score of the whole, before any rule."""
    return (*profile_steps(model), *weighted_steps(model))


def weighted_steps(model: Model) -> tuple[Step, ...]:
    """Return the upward steps of customers who have their weights already, where these vary."""
    return (*groups(model), *closeness_steps(model), *fuzzy_steps(model), totals(model))


def standing_steps(model: Model) -> tuple[Step, ...]:
    """Return the steps from the score of the whole to status, grade and classes."""
    ruled = (*rule_steps(model), status(model), grades_and_classes(model), *settled(model))
    return (*ruled, *borderline(model))


def result_columns(model: Model) -> tuple[str, ...]:
    """Return the names of the columns a score consists of, in their order."""
    tree = model.tree
    nodes = (f"score_{node}" for node in tree.nodes if node != tree.root.id)
    coverages = (f"coverage_{axis}" for axis in tree.axes)
    classes = [f"class_{matrix.id}" for matrix in tree.matrices]
    near = ["borderline_grade", *(f"borderline_{matrix.id}" for matrix in tree.matrices)]
    return (
        *nodes,
        *("score", "coverage", *coverages, "clamped", "status", "reason", "grade", *classes),
        *(near if model.borderline is not None else ()),
        *rule_columns(tree),
        *profile_columns(model),
    )
