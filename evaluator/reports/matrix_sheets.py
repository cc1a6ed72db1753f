"""The matrices in the workbook: their classes, members and pictures, recomputing where the scores do.

Where everybody recomputes, the kth row of ``members_<matrix>`` holds the kth customer in the order of
classes and ranks, wherever that customer stands in ``scores``; the pictures read the table ``points``,
which has a column per class. Otherwise both are values.
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
from evaluator.reports.live_order import axis_score, class_cell
from evaluator.reports.sections import classes, matrices
from evaluator.reports.sections.classes import MatrixClasses, Profile, best_first

Series = tuple[str, str, str]  # title, and the cells of x and y


@dataclass(frozen=True, slots=True)
class End:
    """An end of a line in a picture: for each axis the cell it follows, and the score it has now."""

    name: str
    x_cell: str
    x: float
    y_cell: str
    y: float


@dataclass(frozen=True, slots=True)
class Line:
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
    """A matrix in the workbook: its classes, its picture, its members, and those of them in the picture.

    `x_score` and `y_score` are the columns of the ranking that its axes show.
    """

    matrix: MatrixClasses
    plot: matrices.Plot
    members: Listing
    plotted: Listing
    x_score: str
    y_score: str
    live: bool

    @property
    def sampled(self) -> bool:
        """Whether the picture shows some of the members only, or more than the list can hold."""
        return not self.live and (
            self.plotted.frame.height < self.members.total or self.members.frame.height < self.members.total
        )

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
                (profile.name, x, f"points.{of}.in.{profile.id}") for profile in self.matrix.profiles
            )
        shown = f"{'plotted' if self.sampled else 'members'}_{of}"
        return tuple((p.name, f"{shown}.{p.id}.x", f"{shown}.{p.id}.y") for p in self.present)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The lines of the cuts, those of the horizontal axis first."""
        sides = (("x", self.plot.x), ("y", self.plot.y))
        return tuple(
            self._line(side, number, axis, at)
            for side, axis in sides
            for number, at in enumerate(axis.cuts, start=1)
        )

    def _line(self, side: str, number: int, axis: matrices.Axis, at: float) -> Line:
        low, high = self.plot.score_range
        cut = f"cut.{self.matrix.id}.{side}.{number}"

        def end(which: str, cell: str, score: float) -> End:
            name = f"line.{self.matrix.id}.{side}{number}.{which}"
            return End(name, cut, at, cell, score) if side == "x" else End(name, cell, score, cut, at)

        ends = end("from", "score.least", low), end("to", "score.most", high)
        return Line(side, number, axis.name, axis.kind, ends)


def mapped(live: Live, scores: Listing) -> tuple[Mapped, ...]:
    """Return the matrices of an evaluation; `scores` is its ranking as `Live.scores` has it."""
    context = live.context
    pairs = zip(classes.build(context).matrices, matrices.build(context).plots, strict=True)
    return tuple(_mapped(classified, plot, live, scores) for classified, plot in pairs)


def _mapped(classified: MatrixClasses, plot: matrices.Plot, live: Live, scores: Listing) -> Mapped:
    context = live.context
    whole = listings.classified(classified, context)
    matrix = next(matrix for matrix in context.tree.matrices if matrix.id == classified.id)
    x, y = (axis_score(axis.axis, context.tree) for axis in (matrix.x, matrix.y))
    follows = live.all and bool(whole.total)
    members = _members(classified.id, (x, y), whole, scores) if follows else listings.members(whole)
    return Mapped(classified, plot, members, listings.plotted(whole), x, y, follows)


def _members(matrix: str, axes: tuple[str, str], whole: Listing, scores: Listing) -> Listing:
    """Return the members as formulas: a row for everybody, blank from the last one with a class on."""
    source = {"class": f"class_{matrix}", "x": axes[0], "y": axes[1]}
    keys = {column.key: source.get(column.key, column.key) for column in whole.columns}
    at = f"{{points.{matrix}.at@}}"
    columns = tuple(
        Column(c.key, c.heading, c.style, formula=f'IF({at}="","",INDEX({{scores.{keys[c.key]}}},{at}))')
        for c in whole.columns
    )
    ordered = scores.frame.sort(f"order_{matrix}", nulls_last=True)
    placed = pl.col(f"order_{matrix}").is_not_null()
    frame = ordered.select(pl.when(placed).then(pl.col(key)).alias(name) for name, key in keys.items())
    return Listing(frame, columns, whole.total, frame.height)


def points(mappings: tuple[Mapped, ...], scores: Listing, context: Context) -> Listing:
    """Return what the live pictures read: where the kth member stands, x, and y under the class."""
    number = Column("number", context.text("workbook.number"), "integer center muted", "customer")
    columns, frame = [number], scores.frame.select(number=pl.int_range(1, pl.len() + 1))
    for mapping in (mapping for mapping in mappings if mapping.live):
        columns += _points(mapping, context)
        frame = frame.with_columns(_coordinates(mapping, scores))
    frame = frame if len(columns) > 1 else frame.clear()
    return Listing(frame, tuple(columns), frame.height, frame.height)


def _points(mapping: Mapped, context: Context) -> Iterator[Column]:
    of, block = mapping.matrix.id, f"matrix.{mapping.matrix.id}"
    order, at = f"{{scores.order_{of}}}", f"{{@{of}.at}}"
    place = f'IFERROR(MATCH(SMALL({order},{{@number}}),{order},0),"")'
    yield Column(f"{of}.at", context.text("workbook.place_in_ranking"), "integer center muted", block, place)
    x = f'IF({at}="",{{score.least}},INDEX({{scores.{mapping.x_score}}},{at}))'
    yield Column(f"{of}.x", mapping.matrix.x, "score", block, x)
    (matrix,) = (matrix for matrix in context.tree.matrices if matrix.id == of)
    names = context.classes[of]
    for entry in best_first(matrix):
        own = f"INDEX({{scores.class_{of}}},{at})={class_cell(matrix, entry)}"
        y = f'IF({at}="",NA(),IF({own},INDEX({{scores.{mapping.y_score}}},{at}),NA()))'
        yield Column(f"{of}.in.{entry.id}", names[entry.id], "score", block, y, gap=True)


def _coordinates(mapping: Mapped, scores: Listing) -> list[pl.Series]:
    of, members = mapping.matrix.id, mapping.members.frame
    ordered = scores.frame.sort(f"order_{of}", nulls_last=True)
    there = ordered.select(pl.when(pl.col(f"order_{of}").is_not_null()).then("place")).to_series()
    found = [there.alias(f"{of}.at"), members["x"].fill_null(mapping.plot.score_range[0]).alias(f"{of}.x")]
    for profile in mapping.matrix.profiles:
        own = members.select(pl.when(pl.col("class") == profile.name).then("y")).to_series()
        found.append(own.alias(f"{of}.in.{profile.id}"))
    return found
