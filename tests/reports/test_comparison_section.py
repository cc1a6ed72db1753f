"""The section on what changed since the last evaluation."""

from dataclasses import replace

import polars as pl

from evaluator.analysis import Side, compare
from evaluator.evaluation import Evaluation
from evaluator.present.blocks import Table
from evaluator.reports.context import Context
from evaluator.reports.sections import comparison


def test_changes_of_the_mean_have_their_sign_and_the_means_stand_apart(evaluation_of) -> None:
    evaluation: Evaluation = evaluation_of("en", customers=40)
    frame = evaluation.measured.frame
    leaf = next(leaf for leaf in evaluation.tree.indicators if frame[leaf.measure].n_unique() > 1)
    other = frame.with_columns(pl.col(leaf.measure).shuffle(seed=3))
    found = compare(Side(evaluation.model, other), Side(evaluation.model, frame))
    built = comparison.build(Context(replace(evaluation, comparison=found), "en"))
    assert built is not None
    (steps,) = [block for block in built.parts[0].blocks if isinstance(block, Table)]
    assert [head.kind for head in steps.heads] == ["text", "shift", "points"]
    (_, none, last), *changes, (_, nothing, now) = steps.rows
    assert (none, last, nothing, now) == (None, found.last, None, found.now)
    assert [change for _, change, _ in changes] == [*found.steps.values(), found.composition]
    assert not any(mean for _, _, mean in changes)
