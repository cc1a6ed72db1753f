"""The matrices in the workbook: their classes and pictures, recomputing where the scores do.

Where everybody recomputes, the pictures read the table ``points``, which has a row for each row of the table
of customers and a column per class. Otherwise they show values, of a share of the customers where all are
too many for a picture. Who is in a class, a filter of the table of customers tells.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from evaluator.html.reach import for_templates
from evaluator.reports import listings
from evaluator.reports.context import Context
from evaluator.reports.listings import Column, Listing
from evaluator.reports.live import Live
from evaluator.reports.live_cells import axis_score, class_cell
from evaluator.reports.sections import classes, matrices
from evaluator.reports.sections.classes import MatrixClasses, Profile, best_first
from evaluator.tree import Matrix

Series = tuple[str, int, str, str]  # title, place of the colour, and the cells of x and y


@dataclass(frozen=True, slots=True)
class End:
    """An end of a line in a picture: for each axis the cell it follows, and the score it has now."""

    name: str
    x_cell: str
    x: float
    y_cell: str
    y: float


@dataclass(frozen=True, slots=True)
class CutLine:
    """The line of a cut across a picture; `side` and `number` tell which cut."""

    side: str
    number: int
    axis: str
    kind: str
    ends: tuple[End, End]

    @property
    def cell(self) -> tuple[str, float]:
        """The cell of the cut and the score it is at."""
        first = self.ends[0]
        return (first.x_cell, first.x) if self.side == "x" else (first.y_cell, first.y)

    @for_templates
    def points(self, side: str) -> str:
        """The cells of both ends on one axis."""
        return ":".join(f"{end.name}.{side}" for end in self.ends)


@dataclass(frozen=True)
class Mapped:
    """A matrix in the workbook: its classes, its picture, and the customers that values would show in it.

    `x_score` and `y_score` are the columns of the ranking that its axes show, `total` how many have a class.
    """

    matrix: MatrixClasses
    plot: matrices.Plot
    plotted: Listing
    x_score: str
    y_score: str
    live: bool

    @property
    def total(self) -> int:
        """How many customers have a class."""
        return self.plotted.total

    @property
    def sampled(self) -> bool:
        """Whether the picture shows some of the customers only."""
        return not self.live and self.plotted.height < self.total

    @property
    def present(self) -> tuple[Profile, ...]:
        """The classes that have points in the picture."""
        drawn = set(self.plotted.frame["class_id"])
        return tuple(profile for profile in self.matrix.profiles if profile.id in drawn)

    @property
    def series(self) -> tuple[Series, ...]:
        """The points of each class, of empty ones too where customers may move into them."""
        of = self.matrix.id
        if self.live:
            x = f"points.{of}.x"
            return tuple(
                (profile.name, profile.place, x, f"points.{of}.in.{profile.id}")
                for profile in self.matrix.profiles
            )
        return tuple(
            (p.name, p.place, f"plotted_{of}.{p.id}.x", f"plotted_{of}.{p.id}.y") for p in self.present
        )

    @cached_property
    def lines(self) -> tuple[CutLine, ...]:
        """The lines of the cuts, those of the horizontal axis first."""
        sides = (("x", self.plot.x), ("y", self.plot.y))
        return tuple(
            self._line(side, number, axis, at)
            for side, axis in sides
            for number, at in enumerate(axis.cuts, start=1)
        )

    def _line(self, side: str, number: int, axis: matrices.Axis, at: float) -> CutLine:
        low, high = self.plot.score_range
        cut = f"cut.{self.matrix.id}.{side}.{number}"

        def end(which: str, cell: str, score: float) -> End:
            name = f"line.{self.matrix.id}.{side}{number}.{which}"
            return End(name, cut, at, cell, score) if side == "x" else End(name, cell, score, cut, at)

        ends = end("from", "score.least", low), end("to", "score.most", high)
        return CutLine(side, number, axis.name, axis.kind, ends)


def mapped(live: Live) -> tuple[Mapped, ...]:
    """Return the matrices of an evaluation."""
    context = live.context
    if (found := classes.build(context)) is None:
        return ()
    pairs = zip(found.matrices, matrices.build(context).plots, strict=True)
    return tuple(_mapped(classified, plot, live) for classified, plot in pairs)


def _mapped(classified: MatrixClasses, plot: matrices.Plot, live: Live) -> Mapped:
    context = live.context
    shown = listings.plotted(listings.classified(classified, context))
    matrix = next(matrix for matrix in context.tree.matrices if matrix.id == classified.id)
    x, y = (axis_score(axis.axis, context.tree) for axis in (matrix.x, matrix.y))
    return Mapped(classified, plot, shown, x, y, live.all and bool(shown.total))


def points(mappings: tuple[Mapped, ...], scores: Listing, context: Context) -> Listing:
    """Return what the live pictures read, in the rows of the table of customers: x, and y under the class."""
    number = Column("number", context.text("workbook.number"), "integer center muted", "customer")
    columns, frame = [number], scores.frame.select(number=pl.int_range(1, pl.len() + 1))
    for mapping in (mapping for mapping in mappings if mapping.live):
        columns += _points(mapping, context)
        frame = frame.with_columns(_coordinates(mapping, scores, context))
    frame = frame if len(columns) > 1 else frame.clear()
    return Listing(frame, tuple(columns), frame.height, frame.height)


def _points(mapping: Mapped, context: Context) -> Iterator[Column]:
    of, block = mapping.matrix.id, f"matrix.{mapping.matrix.id}"
    at = f"{{scores.{mapping.x_score}@}}"
    x = f"IF(ISNUMBER({at}),{at},{{score.least}})"
    yield Column(f"{of}.x", mapping.matrix.x, "score", block, x)
    for entry in best_first(_matrix(of, context)):
        own = f"{{scores.class_{of}@}}={class_cell(_matrix(of, context), entry)}"
        y = f"IF({own},{{scores.{mapping.y_score}@}},NA())"
        yield Column(f"{of}.in.{entry.id}", context.classes[of][entry.id], "score", block, y, gap=True)


def _coordinates(mapping: Mapped, scores: Listing, context: Context) -> list[pl.Series]:
    of, frame = mapping.matrix.id, scores.frame
    found = [frame[mapping.x_score].fill_null(mapping.plot.score_range[0]).alias(f"{of}.x")]
    for profile in mapping.matrix.profiles:
        own = pl.when(pl.col(f"class_{of}") == context.classes[of][profile.id]).then(mapping.y_score)
        found.append(frame.select(own).to_series().alias(f"{of}.in.{profile.id}"))
    return found


def _matrix(of: str, context: Context) -> Matrix:
    return next(matrix for matrix in context.tree.matrices if matrix.id == of)
