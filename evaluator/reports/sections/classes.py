"""The classes of each matrix: who is in them, how they look, and how they are treated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from evaluator.columns import mean_of
from evaluator.customers.view_parts import strategy_lines
from evaluator.reports.context import Context
from evaluator.reports.sections.near_cuts import Borderline, borderline, graded_near
from evaluator.tree import Matrix
from evaluator.tree.types import MatrixClass

MEMBERS = 6


@dataclass(frozen=True)
class Profile:
    """A class: how many customers it has, their mean scores, its first members, and its strategy.

    Means are None for an empty class; `kept` is the mean share of draws in which its members stay in it, None
    where that is not known. `strategy` holds (aspect, sentence), in the order of reading;
    `place` counts the classes in the order of the tree, which decides the colour of each.
    """

    id: str
    place: int
    name: str
    x: str
    y: str
    count: int
    share: float | None
    score: float | None
    x_score: float | None
    y_score: float | None
    members: tuple[tuple[str, str], ...]
    strategy: tuple[tuple[str, str], ...]
    kept: float | None = None


@dataclass(frozen=True)
class GridRow:
    """A level of the vertical axis: for each level of the other its class, its count and its share."""

    level: str
    cells: tuple[tuple[str, int, float | None], ...]


@dataclass(frozen=True)
class MatrixClasses:
    """The classes of one matrix, the best first; `grid` counts them by level, the highest on top.

    Of two levels each the classes themselves say it, so there is none.
    """

    id: str
    name: str
    x: str
    y: str
    profiles: tuple[Profile, ...]
    unclassified: int
    grid: tuple[GridRow, ...] = ()
    x_levels: tuple[str, ...] = ()
    borderline: Borderline | None = None


@dataclass(frozen=True)
class Classes:
    """The classes of every matrix of the tree, and what there is to say of the grades, in sentences."""

    subject: str
    matrices: tuple[MatrixClasses, ...]
    grades: tuple[str, ...] = ()


def build(context: Context) -> Classes | None:
    """Return the classes of an evaluation with their strategies; None where it has none, or nobody yet."""
    if context.results.is_empty():
        return None
    matrices = tuple(_matrix(matrix, context) for matrix in context.tree.matrices)
    told = tuple(filter(None, (_by_share(context), graded_near(context))))
    return Classes(context.subject, matrices, told) if matrices or told else None


def message(classes: Classes, context: Context) -> str:
    """Return which class has most of the customers; nothing where there is no class, or nobody in any."""
    profiles = (
        [profile for profile in classes.matrices[0].profiles if profile.count] if classes.matrices else []
    )
    if not profiles:
        return ""
    largest = max(profiles, key=lambda profile: profile.count)
    if largest.count == context.rated.height:
        return context.text(
            "decide.matrix_all", rated=largest.count, subject=context.subject, largest=largest.name
        )
    tied = [profile.name for profile in profiles if profile.count == largest.count]
    if len(tied) > 1:
        names = context.reader.listed(context.text("classes.quoted", name=name) for name in tied)
        return context.text(
            "classes.message.tied", names=names, count=largest.count, share=largest.share,
            rated=context.rated.height, subject=context.subject,
        )  # fmt: skip
    most = "most" if 2 * largest.count > context.rated.height else "largest"
    return context.text(
        f"classes.message.{most}", name=largest.name, count=largest.count, share=largest.share,
        rated=context.rated.height, subject=context.subject,
    )  # fmt: skip


def _by_share(context: Context) -> str:
    if not any(grade.share for grade in context.tree.grades):
        return ""
    count = context.evaluation.model.population
    return context.text("share_grades", count=count, subject=context.subject)


def best_first(matrix: Matrix) -> list[MatrixClass]:
    """Return the classes of a matrix, those of the highest levels first."""
    return sorted(
        matrix.classes,
        key=lambda entry: matrix.x.levels.index(entry.x) + matrix.y.levels.index(entry.y),
        reverse=True,
    )


def _matrix(matrix: Matrix, context: Context) -> MatrixClasses:
    x, y = (context.tree.axes[axis.axis].id for axis in (matrix.x, matrix.y))
    return MatrixClasses(
        id=matrix.id,
        name=matrix.name[context.language],
        x=context.name(x),
        y=context.name(y),
        profiles=tuple(_profile(entry, matrix, (x, y), context) for entry in best_first(matrix)),
        unclassified=context.rated[f"class_{matrix.id}"].null_count(),
        grid=tuple(_grid(matrix, context)) if len(matrix.classes) > 4 else (),
        x_levels=tuple(context.level(level) for level in matrix.x.levels),
        borderline=borderline(matrix, context),
    )


def _grid(matrix: Matrix, context: Context) -> Iterator[GridRow]:
    total = context.rated.height
    counts: dict[str, int] = dict(context.rated.group_by(f"class_{matrix.id}").len().iter_rows())
    cells = {(entry.x, entry.y): entry for entry in matrix.classes}
    for y in reversed(matrix.y.levels):
        row = [cells[x, y] for x in matrix.x.levels]
        yield GridRow(
            context.level(y),
            tuple(
                (entry.name[context.language], count, count / total if total else None)
                for entry, count in ((entry, counts.get(entry.id, 0)) for entry in row)
            ),
        )


def _profile(entry: MatrixClass, matrix: Matrix, axes: tuple[str, str], context: Context) -> Profile:
    members = context.rated.filter(pl.col(f"class_{matrix.id}") == entry.id)
    means = [mean_of(members[column]) for column in ("score", *(f"score_{axis}" for axis in axes))]
    total = context.rated.height
    return Profile(
        id=entry.id,
        place=matrix.classes.index(entry),
        name=entry.name[context.language],
        x=context.level(entry.x),
        y=context.level(entry.y),
        count=members.height,
        share=members.height / total if total else None,
        score=means[0],
        x_score=means[1],
        y_score=means[2],
        members=tuple(members.select("id", "name").head(MEMBERS).iter_rows()),
        strategy=strategy_lines(entry.strategy, context.reader),
        kept=_mean_certainty(f"kept_class_{matrix.id}", members, context),
    )


def _mean_certainty(column: str, members: pl.DataFrame, context: Context) -> float | None:
    found = context.evaluation.certainty
    if found is None or not found.known or not found.sources:
        return None
    return mean_of(found.customers.join(members.select("id"), on="id", how="semi")[column])
