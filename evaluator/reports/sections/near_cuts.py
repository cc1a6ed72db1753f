"""Who stands close to a cut: classes and grades that a little would change."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from evaluator.columns import reaches
from evaluator.reports.context import Context
from evaluator.tree import Matrix

SHOWN = 12


@dataclass(frozen=True)
class Near:
    """A customer close to a cut of a matrix: its class, the cut, and the class on the other side."""

    id: str
    name: str
    class_: str
    axis: str
    cut: float
    distance: float
    beyond: str


@dataclass(frozen=True)
class Borderline:
    """The customers within the stated margin of a cut, the closest of them first."""

    told: str
    near: tuple[Near, ...]
    total: int


def borderline(matrix: Matrix, context: Context) -> Borderline | None:
    """Return who stands close to a cut of a matrix; None where the study states no margin."""
    margin = context.evaluation.model.borderline
    if margin is None:
        return None
    flagged = context.rated.filter(pl.col(f"borderline_{matrix.id}") == 1)
    near = sorted((_nearest(row, matrix, context) for row in flagged.iter_rows(named=True)),
                  key=lambda one: (abs(one.distance), one.id))  # fmt: skip
    values = {"margin": margin, "subject": context.subject}
    if not near:
        return Borderline(context.text("borderline.nobody", **values), (), 0)
    told = context.text("borderline.intro", count=len(near), rated=context.rated.height, **values)
    return Borderline(told, tuple(near[:SHOWN]), len(near))


def graded_near(context: Context) -> str:
    """Return how many stand close to the bound of a grade; empty where the study states no margin."""
    margin = context.evaluation.model.borderline
    if margin is None:
        return ""
    count = context.rated.filter(pl.col("borderline_grade") == 1).height
    rated = context.rated.height
    return context.text("borderline.grades", count=count, rated=rated, margin=margin, subject=context.subject)


def _nearest(row: dict[str, object], matrix: Matrix, context: Context) -> Near:
    """Return the cut a customer stands closest to; its class may be one that a rule has settled."""
    tree, cuts = context.tree, context.evaluation.model.cuts[matrix.id]
    sides = (("x", matrix.x, cuts.x), ("y", matrix.y, cuts.y))
    levels, options = {}, []
    for side, axis, at in sides:
        score = row[f"score_{tree.axes[axis.axis].id}"]
        assert isinstance(score, float)
        levels[side] = sum(reaches(score, cut) for cut in at)
        options += [(score - cut, side, place, cut) for place, cut in enumerate(at)]
    distance, side, place, cut = min(options, key=lambda option: abs(option[0]))
    other = {**levels, side: place if levels[side] > place else place + 1}
    cells = {(entry.x, entry.y): entry.id for entry in matrix.classes}
    names = context.classes[matrix.id]
    axis = matrix.x if side == "x" else matrix.y
    return Near(
        id=str(row["id"]),
        name=str(row["name"]),
        class_=names.get(str(row[f"class_{matrix.id}"]), ""),
        axis=context.name(tree.axes[axis.axis].id),
        cut=cut,
        distance=distance,
        beyond=names[cells[matrix.x.levels[other["x"]], matrix.y.levels[other["y"]]]],
    )
