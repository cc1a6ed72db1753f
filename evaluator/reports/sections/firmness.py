"""How firm classes are: who stands close to a cut, and what slightly different weights would change."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from evaluator.columns import reaches
from evaluator.present.figures import stated
from evaluator.reports.context import Context
from evaluator.scoring import Model
from evaluator.scoring.classes import is_relative
from evaluator.tree import Matrix
from evaluator.tree.types import RELATIVE

SHOWN = 12
FEW = 30
"""Below so many customers, references that are read from them are no ground for shares of the stable."""


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


def steady(column: str, context: Context) -> tuple[str, ...]:
    """Return how firm the classes of a matrix, or the grades, are, in sentences."""
    found = context.evaluation.stability
    if found is None or not found.customers.height or not found.variants:
        return ()
    if groundless(context.evaluation.model):
        if column == "grade" and context.tree.matrices:
            return ()  # said once, with the classes
        count = context.evaluation.model.population
        return (context.text("stability.groundless", count=count, few=FEW, subject=context.subject),)
    looked, kept = found.customers.height, found.customers.filter(pl.col(column) >= 1.0).height
    values = {"kept": kept, "looked": looked, "share": kept / looked}
    if column == "grade":
        return (context.text("stability.grade", **values),)
    told = [
        context.text(
            "stability.class",
            change=stated(found.change),
            variants=found.variants,
            subject=context.subject,
            **values,
        )
    ]
    node, change, count = found.changes.sort(column, descending=True, maintain_order=True).select(
        "node", "change", column
    ).row(0)  # fmt: skip
    if count:
        name = context.name(node)
        told.append(context.text("stability.strongest", name=name, change=change, count=count))
    else:
        told.append(context.text("stability.none"))
    if looked < found.rated:
        told.append(context.text("stability.sampled", looked=looked, rated=found.rated))
    return tuple(told)


def stable_share(column: str, members: pl.DataFrame, context: Context) -> float | None:
    """Return the share of some customers who keep their class under every variant; None where unknown."""
    found = context.evaluation.stability
    if found is None or not found.variants or groundless(context.evaluation.model):
        return None
    own = found.customers.filter(pl.col("id").is_in(members["id"].implode()))
    return own.filter(pl.col(column) >= 1.0).height / own.height if own.height else None


def relative(model: Model) -> bool:
    """Whether scales, grades or cuts of a model are read from the customers it was fitted on."""
    scales = any(isinstance(node.scale, RELATIVE) for node in model.tree.indicators)
    shares = any(grade.share for grade in model.tree.grades)
    axes = (axis for matrix in model.tree.matrices for axis in (matrix.x, matrix.y))
    return scales or bool(model.limits) or shares or any(is_relative(axis) for axis in axes)


def groundless(model: Model) -> bool:
    """Whether nothing sure can be said of stability: references read from few, taken as if they were sure."""
    return relative(model) and model.population < FEW


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
