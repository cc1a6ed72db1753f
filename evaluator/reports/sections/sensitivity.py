"""How firm the result is: what becomes of ranks, grades and classes when a top-level weight differs."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.analysis.shifts import Shift, sensitivity
from evaluator.reports.context import Context

CHANGE = 0.2


@dataclass(frozen=True)
class Row:
    """One changed weight, under the name of its criterion; `classes` in the order of the matrices."""

    name: str
    shift: Shift
    classes: tuple[int, ...]


@dataclass(frozen=True)
class Sensitivity:
    """The effect of each top-level weight, down and up; no rows where there is only one."""

    change: float
    matrices: tuple[str, ...]
    rows: tuple[Row, ...]


def build(context: Context) -> Sensitivity:
    """Return how sensitive an evaluation is to its top-level weights."""
    matrices = context.tree.matrices
    shifts = sensitivity(context.evaluation.model, context.evaluation.measured.frame, change=CHANGE)
    return Sensitivity(
        change=CHANGE,
        matrices=tuple(matrix.name[context.language] for matrix in matrices),
        rows=tuple(
            Row(context.name(shift.node), shift, tuple(shift.classes[matrix.id] for matrix in matrices))
            for shift in shifts
        ),
    )
