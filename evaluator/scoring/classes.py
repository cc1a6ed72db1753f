"""From scores to status, grade and class: every boundary is a cut, and nothing unknown falls below one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from itertools import pairwise

import narwhals as nw
import numpy as np

from evaluator.columns import TOLERANCE, Step, bands, bins_of, flag, reaches, within
from evaluator.columns.cuts import COLUMN_CUTS
from evaluator.columns.statistics import Numbers, quantiles
from evaluator.errors import EvaluationError, Issue, Severity, raise_errors
from evaluator.messages import Named
from evaluator.scoring.model import MatrixCuts, Model
from evaluator.scoring.rules import gates
from evaluator.scoring.synthesis import clamped, excluding, observable
from evaluator.tree import Matrix, Tree
from evaluator.tree.passes import Changes, changed
from evaluator.tree.types import MatrixAxis, NaturalCut

CUTS = COLUMN_CUTS
"""Cuts of scores are cuts of a column: the scores of the rated customers on an axis."""


def is_relative(axis: MatrixAxis) -> bool:
    """True if an axis is cut where the fitted population stands."""
    return "relative" in CUTS[axis.cut.kind].laws


def frozen_cuts(tree: Tree, scores: Mapping[str, Numbers]) -> dict[str, MatrixCuts]:
    """Return the cuts of every matrix.

    Parameters
    ----------
    scores : the rated customers' scores by axis; needed for the axes that are cut relatively.

    Raises
    ------
    EvaluationError
        where nobody is rated to cut an axis at.
    """
    raise_errors(
        Issue("SCORE-623", matrix.id, {"axis": axis.axis})
        for matrix in tree.matrices
        for axis in (matrix.x, matrix.y)
        if is_relative(axis) and not len(scores[axis.axis])
    )
    return {
        matrix.id: MatrixCuts(
            x=_cuts(matrix.x, scores),
            y=_cuts(matrix.y, scores),
            x_bins=_bins(matrix.x, scores),
            y_bins=_bins(matrix.y, scores),
        )
        for matrix in tree.matrices
    }


def frozen_grades(tree: Tree, scores: Numbers) -> Tree:
    """Return a tree whose grades by share are earned from a score on, where their shares came to.

    The bounds are quantiles of the rated customers' scores: who ties with the last of a grade earns it
    too. Trees with grades by score stay as they are.

    Raises
    ------
    EvaluationError
        where nobody is rated to take the shares of.
    """
    shares = [grade.share for grade in tree.grades if grade.share is not None]
    if not shares:
        return tree
    if not len(scores):
        raise EvaluationError([Issue("SCORE-665", tree.id)])
    above = np.clip(1.0 - np.cumsum(shares[:-1]), 0.0, 1.0)
    bounds = [*quantiles(scores, above.tolist()), tree.score_range[0]]
    return changed(tree, Changes(bounds=bounds))


def empty_levels(model: Model) -> Iterator[Issue]:
    """Yield what keeps levels of a matrix empty.

    A note where cuts coincide, a warning where nobody has an indicator of an axis.
    """
    for matrix in model.tree.matrices:
        for axis in (matrix.x, matrix.y):
            if not observable(model.tree.axes[axis.axis], model):
                yield Issue(
                    "SCORE-669",
                    Named(matrix.id, matrix.name),
                    {"axis": model.tree.axes[axis.axis].called},
                    severity=Severity.WARNING,
                )
        cuts = model.cuts[matrix.id]
        for axis, at in ((matrix.x, cuts.x), (matrix.y, cuts.y)):
            for level, (low, high) in zip(axis.levels[1:], pairwise(at), strict=False):
                if high - low <= TOLERANCE:
                    detail = {"level": level, "axis": model.tree.axes[axis.axis].called, "at": low}
                    yield Issue("SCORE-664", Named(matrix.id, matrix.name), detail, severity=Severity.NOTE)
    by_share = [grade for grade in model.tree.grades if grade.share is not None]
    for better, worse in pairwise(by_share):
        if better.bound - worse.bound <= TOLERANCE and worse is not by_share[-1]:
            detail = {"level": worse.id, "axis": "score", "at": worse.bound}
            yield Issue("SCORE-664", worse.id, detail, severity=Severity.NOTE)


def totals(model: Model) -> Step:
    """Return the step that takes score, coverage and clamped measures of the whole tree and its axes."""
    tree = model.tree
    outputs = {"score": nw.col(f"score_{tree.root.id}"), "coverage": nw.col(f"observed_{tree.root.id}")}
    outputs |= {f"coverage_{axis}": nw.col(f"observed_{group.id}") for axis, group in tree.axes.items()}
    return Step("totals", outputs | {"clamped": clamped(tree)})


def status(model: Model) -> Step:
    """Return the step that says who is rated, and for whom not, the first reason.

    ``excluded``: a gate among the rules holds, or a leaf is missing without which nobody is rated; the
    reason is the rule or the leaf.
    ``insufficient``: less weight was observed than `min_coverage`; the reason is the axis, else the root.
    An axis of which nobody had an indicator when the model was fitted counts against nobody.
    """
    tree, least = model.tree, model.conventions.min_coverage
    excluded = list(gates(tree))
    excluded += [(leaf.id, nw.col(f"score_{leaf.id}").is_null()) for leaf in excluding(tree.root, model)]
    seen = [axis for axis, group in tree.axes.items() if observable(group, model)]
    thin = [(axis, ~reaches(nw.col(f"coverage_{axis}"), least)) for axis in seen]
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
    rising = [(grade.bound, grade.id) for grade in reversed(tree.grades)]
    outputs = {"grade": _rated(bands(nw.col("score"), rising, nw.lit(None, nw.String)))}
    if model.fuzzy:
        outputs["fuzzy_grade"] = _rated(nw.col("largest_grade"))
    for matrix in tree.matrices:
        outputs[f"class_{matrix.id}"] = _rated(_class(matrix, model))
    return Step("classes", outputs)


def borderline(model: Model) -> Iterator[Step]:
    """Yield the step that flags the rated who lie within the stated margin of a cut, where there is one.

    ``borderline_grade`` is 1 near the bound of a grade above or below, ``borderline_<matrix>`` near a cut
    of either axis, else 0.
    """
    if model.borderline is None:
        return
    bounds = [grade.bound for grade in model.tree.grades[:-1]]
    outputs = {"borderline_grade": _near("score", bounds, model.borderline)}
    for matrix in model.tree.matrices:
        cuts = model.cuts[matrix.id]
        x, y = (
            _near(f"score_{model.tree.axes[side.axis].id}", at, model.borderline)
            for side, at in ((matrix.x, cuts.x), (matrix.y, cuts.y))
        )
        outputs[f"borderline_{matrix.id}"] = x | y
    yield Step("borderline", {name: _rated(flag(near)) for name, near in outputs.items()})


def _near(column: str, cuts: Iterable[float], margin: float) -> nw.Expr:
    value = nw.col(column)
    return reduce(lambda a, b: a | b, (within(value, cut, margin) for cut in cuts))


def _cuts(axis: MatrixAxis, scores: Mapping[str, Numbers]) -> tuple[float, ...]:
    return CUTS[axis.cut.kind].function(axis.cut, scores.get(axis.axis, np.empty(0)))


def _bins(axis: MatrixAxis, scores: Mapping[str, Numbers]) -> int | None:
    return bins_of(scores[axis.axis]) if isinstance(axis.cut, NaturalCut) else None


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
