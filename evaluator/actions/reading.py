"""What flags and actions read beside measures and results: scores by their names, the nearest cut."""

from __future__ import annotations

from collections.abc import Collection

import narwhals as nw

from evaluator.scoring import Model
from evaluator.tree import Tree
from evaluator.tree.names import condition_names
from evaluator.tree.types import GRADE


def read_besides(tree: Tree, model: Model, there: Collection[str]) -> dict[str, nw.Expr]:
    """Return the columns that conditions may name beside those there are.

    Parameters
    ----------
    there : the columns of measures and results.
    """
    scores = {
        name: "score" if meaning.of == tree.root.id else f"score_{meaning.of}"
        for name, meaning in condition_names(tree).items()
        if meaning.what == "score" and name not in there
    }
    columns = {name: nw.col(column) for name, column in scores.items() if column in there}
    return columns | {"cut_distance": _cut_distance(tree, model)}


def _cut_distance(tree: Tree, model: Model) -> nw.Expr:
    """Return how many points a customer is from the next cut of what decides."""
    if tree.deciding == GRADE:
        cuts = {"score": [grade.bound for grade in model.tree.grades[:-1]]}
    else:
        matrix = next(matrix for matrix in tree.matrices if matrix.id == tree.deciding)
        at = model.cuts[matrix.id]
        sides = ((matrix.x.axis, at.x), (matrix.y.axis, at.y))
        cuts = {f"score_{tree.axes[axis].id}": list(cut) for axis, cut in sides}
    distances = [(nw.col(column) - cut).abs() for column, at in cuts.items() for cut in at]
    return nw.min_horizontal(*distances)
