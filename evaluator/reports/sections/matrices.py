"""Each matrix as a picture: where the customers stand on its two axes, and where it is cut."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from evaluator.present import charts, figures
from evaluator.present.charts.axes import Range
from evaluator.reports.context import Context
from evaluator.tree import Matrix

POINTS = 2000  # beyond this many customers dots hide each other, and a picture of counts says more
CELLS = 40
ROOM = 0.04
"""Of what is in view, around customers and cuts."""
NAMED = 0.12
"""The same above and below them, where the names of the fields stand."""
NAME = 26
"""Pixels of such a name in a picture, with the dots that must not lie under it."""


@dataclass(frozen=True)
class Axis:
    """One side of a matrix: what it plots and the scores it is cut at, with the kind of cut in words."""

    name: str
    cuts: tuple[float, ...]
    kind: str


@dataclass(frozen=True)
class Field:
    """The rectangle of scores that belongs to a class."""

    id: str
    name: str
    x: tuple[float, float]
    y: tuple[float, float]
    count: int


@dataclass(frozen=True)
class Square:
    """How many customers a small square holds."""

    x: float
    y: float
    count: int


@dataclass(frozen=True)
class Plot:
    """A matrix: customers as points, or counted in cells where there are too many for points.

    `cut` says where it is cut, and that customers are counted where they are.
    """

    id: str
    name: str
    source: str
    cut: str
    x: Axis
    y: Axis
    fields: tuple[Field, ...]
    points: tuple[charts.Dot, ...]
    cells: tuple[Square, ...]
    total: int
    score_range: tuple[float, float]


@dataclass(frozen=True)
class Matrices:
    """The matrices of the tree; none is an answer too."""

    subject: str
    plots: tuple[Plot, ...]


def build(context: Context) -> Matrices:
    """Return the matrices of an evaluation with the customers in them."""
    return Matrices(context.subject, tuple(_plot(matrix, context) for matrix in context.tree.matrices))


def there(context: Context) -> Matrices | None:
    """Return the matrices in which anybody stands; None where nobody stands in any."""
    plots = tuple(plot for plot in context.built(build).plots if plot.total)
    return Matrices(context.subject, plots) if plots else None


def deciding(context: Context) -> str | None:
    """Return the id of the matrix whose class decides, else of the first; None where the tree has none."""
    ids = [matrix.id for matrix in context.tree.matrices]
    return context.tree.deciding if context.tree.deciding in ids else next(iter(ids), None)


def draw(matrices: Matrices, context: Context) -> tuple[charts.Chart, ...]:
    """Return one scatter, or one picture of counts, per matrix besides the one that the decision shows."""
    shown = deciding(context)
    return tuple(picture(plot, context) for plot in matrices.plots if plot.total and plot.id != shown)


def picture(plot: Plot, context: Context, title: str = "", height: int = 420) -> charts.Chart:
    """Return a matrix as a picture zoomed to its customers, under a title of its own or its name."""
    low, high = context.tree.score_range
    side = (high - low) / CELLS if plot.cells else 0.0
    marks = plot.points or plot.cells
    seen = [[getattr(mark, key) + more for mark in marks for more in (0.0, side)] for key in ("x", "y")]
    across = view(seen[0], plot.x.cuts, (low, high))
    upwards = view(seen[1], plot.y.cuts, None, NAME / (height - 2 * NAME))
    return charts.matrix(
        f"matrix-{plot.id}",
        title or plot.name,
        (charts.PlaneSide(plot.x.name, plot.x.cuts), charts.PlaneSide(plot.y.name, plot.y.cuts)),
        tuple(charts.Area(field.name, field.x, field.y) for field in plot.fields),
        (low, high),
        context.text,
        dots=plot.points,
        cells=tuple((cell.x, cell.y, cell.count) for cell in plot.cells),
        cell=(high - low) / CELLS,
        height=height,
        views=(across, upwards),
    )


def view(
    values: Sequence[float], cuts: Sequence[float], score_range: Range | None, named: float = NAMED
) -> Range:
    """Return the scores of an axis that hold the customers and the cuts, and little besides.

    Without ends of the scale, as upwards, there is room beyond, `named` of it, for the names of the fields.
    """
    low, high = min([*values, *cuts]), max([*values, *cuts])
    room = (ROOM if score_range else named) * ((high - low) or 1.0)
    if score_range is None:
        return low - room, high + room
    return max(score_range[0], low - room), min(score_range[1], high + room)


def _plot(matrix: Matrix, context: Context) -> Plot:
    x, y = (context.tree.axes[axis.axis].id for axis in (matrix.x, matrix.y))
    column = f"class_{matrix.id}"
    frame = context.rated.select(
        "id", "name", x=f"score_{x}", y=f"score_{y}", class_=pl.col(column).cast(pl.String)
    ).drop_nulls(["x", "y"])
    many = frame.height > POINTS
    sides = _axis(matrix, "x", context), _axis(matrix, "y", context)
    return Plot(
        id=matrix.id,
        name=matrix.name[context.language],
        source=matrix.source[context.language] if matrix.source else "",
        cut=context.reader.sentences(_cut(sides, frame.height if many else 0, context)),
        x=sides[0],
        y=sides[1],
        fields=_fields(matrix, frame, context),
        points=() if many else _points(frame, context.classes[matrix.id]),
        cells=_cells(frame, context.tree.score_range) if many else (),
        total=frame.height,
        score_range=context.tree.score_range,
    )


def _cut(sides: tuple[Axis, Axis], counted: int, context: Context) -> Iterator[str]:
    x, y = sides
    x_cuts, y_cuts = (context.reader.listed(figures.number(cut) for cut in side.cuts) for side in sides)
    yield context.text(
        "matrices.cuts", x=x.name, y=y.name, x_cuts=x_cuts, y_cuts=y_cuts, x_kind=x.kind, y_kind=y.kind
    )
    if counted:
        yield context.text("matrices.counted", total=counted, subject=context.subject)


def _axis(matrix: Matrix, side: str, context: Context) -> Axis:
    axis = matrix.x if side == "x" else matrix.y
    cuts = context.evaluation.model.cuts.get(matrix.id)
    at: tuple[float, ...] = getattr(cuts, side) if cuts else ()
    return Axis(context.name(context.tree.axes[axis.axis].id), at, context.text(f"cut.{axis.cut.kind}"))


def _fields(matrix: Matrix, frame: pl.DataFrame, context: Context) -> tuple[Field, ...]:
    cuts = context.evaluation.model.cuts.get(matrix.id)
    if cuts is None:
        return ()
    low, high = context.tree.score_range
    spans = [
        dict(zip(axis.levels, pairwise((low, *at, high)), strict=True))
        for axis, at in ((matrix.x, cuts.x), (matrix.y, cuts.y))
    ]
    counts: dict[str, int] = dict(frame.group_by("class_").len().iter_rows())
    return tuple(
        Field(
            entry.id,
            entry.name[context.language],
            spans[0][entry.x],
            spans[1][entry.y],
            counts.get(entry.id, 0),
        )
        for entry in matrix.classes
    )


def _points(frame: pl.DataFrame, names: Mapping[str, str]) -> tuple[charts.Dot, ...]:
    return tuple(
        charts.Dot(id_, name, x, y, names.get(key, "")) for id_, name, x, y, key in frame.iter_rows()
    )


def _cells(frame: pl.DataFrame, score_range: tuple[float, float]) -> tuple[Square, ...]:
    low, high = score_range
    width = (high - low) / CELLS
    place = ((pl.col("x", "y") - low) / width).floor().clip(0, CELLS - 1)
    counted = frame.select(place).group_by("x", "y").len().sort("x", "y")
    return tuple(Square(low + x * width, low + y * width, count) for x, y, count in counted.iter_rows())
