"""From scores to status, grade and class: every boundary is a cut, and nothing unknown falls below one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from evaluator.columns import Step, bands, reaches
from evaluator.errors import EvaluationError, Issue
from evaluator.registry import Registry
from evaluator.scoring.model import MatrixCuts, Model
from evaluator.scoring.synthesis import clamped, excluding
from evaluator.tree import Matrix, Tree
from evaluator.tree.types import FixedCut, MatrixAxis, MeanCut, QuantileCut

# A cut of its own type and the scores of the rated customers on its axis (n,) → the cuts, rising.
CutFunction = Callable[..., tuple[float, ...]]

CUTS: Registry[CutFunction] = Registry("cut")


@CUTS.register("fixed", zh="固定分界", en="fixed cuts", reference="stated scores")
def fixed(cut: FixedCut, scores: NDArray[np.float64]) -> tuple[float, ...]:
    """Return the stated scores."""
    return cut.at


@CUTS.register("mean", zh="均值分界", en="cut at the mean", reference="arithmetic mean", laws=("relative",))
def mean(cut: MeanCut, scores: NDArray[np.float64]) -> tuple[float, ...]:
    """Return the mean score of the rated customers."""
    return (float(scores.mean()),)


@CUTS.register(
    "quantile",
    zh="分位数分界",
    en="cuts at quantiles",
    reference="type 7 of Hyndman & Fan (1996), doi:10.1080/00031305.1996.10473566",
    laws=("relative",),
)
def quantile(cut: QuantileCut, scores: NDArray[np.float64]) -> tuple[float, ...]:
    """Return the quantiles of the rated customers' scores."""
    return tuple(float(q) for q in np.quantile(scores, cut.at))


def is_relative(axis: MatrixAxis) -> bool:
    """Say whether an axis is cut where the fitted population stands."""
    return "relative" in CUTS[axis.cut.kind].laws


def frozen_cuts(tree: Tree, scores: Mapping[str, NDArray[np.float64]]) -> dict[str, MatrixCuts]:
    """Return the cuts of every matrix.

    Parameters
    ----------
    scores : the rated customers' scores by axis; needed for the axes that are cut relatively.

    Raises
    ------
    EvaluationError
        SCORE-623 where nobody is rated to cut an axis at.
    """
    issues = [
        Issue("SCORE-623", matrix.id, {"axis": axis.axis})
        for matrix in tree.matrices
        for axis in (matrix.x, matrix.y)
        if is_relative(axis) and not len(scores[axis.axis])
    ]
    if issues:
        raise EvaluationError(issues)
    return {
        matrix.id: MatrixCuts(x=_cuts(matrix.x, scores), y=_cuts(matrix.y, scores))
        for matrix in tree.matrices
    }


def totals(model: Model) -> Step:
    """Return the step that takes score, coverage and clamped measures of the whole tree and its axes."""
    tree = model.tree
    outputs = {"score": nw.col(f"score_{tree.root.id}"), "coverage": nw.col(f"observed_{tree.root.id}")}
    outputs |= {f"coverage_{axis}": nw.col(f"observed_{group.id}") for axis, group in tree.axes.items()}
    return Step("totals", outputs | {"clamped": clamped(tree)})


def status(model: Model) -> Step:
    """Return the step that says who is rated, and for whom not, the first reason.

    ``excluded``: a leaf is missing without which nobody is rated; the reason is the leaf.
    ``insufficient``: less weight was observed than `min_coverage`; the reason is the axis, else the root.
    """
    tree, least = model.tree, model.conventions.min_coverage
    excluded = [(leaf.id, nw.col(f"score_{leaf.id}").is_null()) for leaf in excluding(tree.root)]
    thin = [(axis, ~reaches(nw.col(f"coverage_{axis}"), least)) for axis in tree.axes]
    thin += [(tree.root.id, ~reaches(nw.col("coverage"), least) | nw.col("score").is_null())]
    standing, reason = nw.lit("rated", nw.String), nw.lit(None, nw.String)
    for word, conditions in (("insufficient", thin), ("excluded", excluded)):
        for subject, condition in reversed(conditions):
            reason = nw.when(condition).then(nw.lit(subject, nw.String)).otherwise(reason)
        if conditions:
            met = reduce(lambda a, b: a | b, (condition for _, condition in conditions))
            standing = nw.when(met).then(nw.lit(word, nw.String)).otherwise(standing)
    return Step("status", {"status": standing, "reason": reason})


def grades_and_classes(model: Model) -> Step:
    """Return the step that grades and classifies the rated customers."""
    tree = model.tree
    rising = [(grade.from_, grade.id) for grade in reversed(tree.grades)]
    outputs = {"grade": _rated(bands(nw.col("score"), rising, nw.lit(None, nw.String)))}
    if model.fuzzy:
        outputs["fuzzy_grade"] = _rated(nw.col("largest_grade"))
    for matrix in tree.matrices:
        outputs[f"class_{matrix.id}"] = _rated(_class(matrix, model))
    return Step("classes", outputs)


def _cuts(axis: MatrixAxis, scores: Mapping[str, NDArray[np.float64]]) -> tuple[float, ...]:
    return CUTS[axis.cut.kind].function(axis.cut, scores.get(axis.axis, np.empty(0)))


def _rated(value: nw.Expr) -> nw.Expr:
    return nw.when(nw.col("status") == "rated").then(value)


def _class(matrix: Matrix, model: Model) -> nw.Expr:
    cuts = model.cuts[matrix.id]
    cells = {(entry.x, entry.y): entry.id for entry in matrix.classes}
    x, y = (nw.col(f"score_{model.tree.axes[side.axis].id}") for side in (matrix.x, matrix.y))
    columns = []
    for x_level in matrix.x.levels:
        first, *higher = (cells[x_level, y_level] for y_level in matrix.y.levels)
        columns.append(bands(y, list(zip(cuts.y, higher, strict=True)), first))
    return bands(x, list(zip(cuts.x, columns[1:], strict=True)), columns[0])
