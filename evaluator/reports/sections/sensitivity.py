"""How firm the result is: what becomes of ranks, grades and classes when a top-level weight differs."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.analysis.shifts import Shift, sensitivity
from evaluator.reports.context import Context
from evaluator.reports.sections.firmness import groundless, steady
from evaluator.tree import Matrix, Tree

CHANGE = 0.2


@dataclass(frozen=True)
class Row:
    """One changed weight, under the name of its criterion; `classes` in the order of the matrices."""

    name: str
    shift: Shift
    classes: tuple[int, ...]


@dataclass(frozen=True)
class Sensitivity:
    """The effect of each top-level weight, down and up; no rows where there is only one.

    `unreached` are the matrices whose classes these weights cannot change, since their axes lie below;
    `below` is whether their own sheet says what lower weights do.
    """

    change: float
    matrices: tuple[str, ...]
    unreached: tuple[str, ...]
    below: bool
    rows: tuple[Row, ...]


def build(context: Context) -> Sensitivity:
    """Return how sensitive an evaluation is to its top-level weights."""
    matrices = [matrix for matrix in context.tree.matrices if _reached(matrix, context.tree)]
    unreached = [matrix for matrix in context.tree.matrices if matrix not in matrices]
    model = context.evaluation.model
    shifts = sensitivity(model, context.evaluation.measured.frame, change=CHANGE)
    return Sensitivity(
        change=CHANGE,
        matrices=tuple(matrix.name[context.language] for matrix in matrices),
        unreached=tuple(matrix.name[context.language] for matrix in unreached),
        below=not groundless(model) and any(steady(f"class_{matrix.id}", context) for matrix in unreached),
        rows=tuple(
            Row(context.name(shift.node), shift, tuple(shift.classes[matrix.id] for matrix in matrices))
            for shift in shifts
        ),
    )


def _reached(matrix: Matrix, tree: Tree) -> bool:
    """Whether a weight at the top can change a class: by an axis that is the whole, or by a rule."""
    whole = any(tree.axes[axis.axis] is tree.root for axis in (matrix.x, matrix.y))
    return whole or any(rule.kind == "override" for rule in tree.rules)
