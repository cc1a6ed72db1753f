"""Cells that the live sheets have in common: the scores of an axis, the names of classes."""

from __future__ import annotations

from evaluator.tree import Matrix, Tree
from evaluator.tree.types import MatrixClass


def axis_score(axis: str, tree: Tree) -> str:
    """Return the column of the ranking with the scores of an axis; of the root, those before the rules."""
    group = tree.axes[axis]
    if group is not tree.root:
        return f"score_{group.id}"
    return "unadjusted_score" if tree.rules else "score"


def class_cell(matrix: Matrix, entry: MatrixClass) -> str:
    """Return the cell with the name of a class, in the grid with the highest level of y on top."""
    row = len(matrix.y.levels) - matrix.y.levels.index(entry.y)
    return f"{{cell.{matrix.id}.{row}.{matrix.x.levels.index(entry.x) + 1}}}"
