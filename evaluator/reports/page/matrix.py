"""The matrix as an instrument: where its fields lie, how many customers and how much money each holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any

from evaluator.present.charts.axes import Range, palette
from evaluator.reports.context import Context
from evaluator.reports.page.columns import ListColumn, rounded
from evaluator.reports.page.finder import Finder, class_key
from evaluator.reports.sections.matrices import Axis, Field, Matrices, Plot, view

TEXTS = tuple(f"matrix.{word}" for word in (
    "says", "dots", "counts", "sized", "band", "draw", "inside", "to_list", "by_numbers", "from", "to",
    "class", "count", "share", "of_money", "first", "first_money",
))  # fmt: skip
"""What the script says: keys of the report's texts."""
POINTS = 2000
"""Beyond so many customers dots hide each other, and the page draws how many stand where."""
NAMES = 5


@dataclass(frozen=True)
class Side:
    """An axis: the key of its column in the list, its name, its cuts, the scores in view, and its scale."""

    key: str
    name: str
    cuts: tuple[float, ...]
    view: Range
    scale: Range


@dataclass(frozen=True)
class MatrixField:
    """A field of the matrix: the place of its class among the words of the list, and what it holds.

    `first` are the rows of the five customers worth most, or of the highest scores where no money is known.
    """

    place: int
    name: str
    colour: str
    x: Range
    y: Range
    count: int
    share: float | None
    money: float | None
    first: tuple[int, ...]


@dataclass(frozen=True)
class Instrument:
    """A matrix over the columns of the finder; `money` is the key of the column that sizes the dots."""

    id: str
    name: str
    classes: str
    x: Side
    y: Side
    cells: tuple[MatrixField, ...]
    margin: float | None
    money: str
    most: int

    def compact(self) -> dict[str, Any]:
        """Return the matrix as the page's script reads it."""
        return {
            **self.__dict__,
            "x": self.x.__dict__,
            "y": self.y.__dict__,
            "cells": [cell.__dict__ for cell in self.cells],
        }


def build(matrices: Matrices, found: Finder, context: Context) -> tuple[Instrument, ...]:
    """Return the instruments of the matrices that hold customers."""
    columns = {column.key: column for column in found.columns}
    return tuple(_instrument(plot, columns, found, context) for plot in matrices.plots if plot.total)


def _instrument(plot: Plot, columns: Mapping[str, ListColumn], found: Finder, context: Context) -> Instrument:
    matrix = next(matrix for matrix in context.tree.matrices if matrix.id == plot.id)
    keys = tuple(context.tree.axes[side.axis].id for side in (matrix.x, matrix.y))
    classes = columns[class_key(plot.id, context)]
    money = next((columns[key] for key in ("stake", "value") if key in columns), None)
    x, y = (
        _side(key, axis, columns[key].values, plot.score_range, named=axis is plot.y)
        for key, axis in zip(keys, (plot.x, plot.y), strict=True)
    )
    colours = palette(len(plot.fields))
    return Instrument(
        id=plot.id,
        name=plot.name,
        classes=classes.key,
        x=x,
        y=y,
        cells=tuple(_cell(field, colour, classes, money, plot.total, found)
                    for field, colour in zip(plot.fields, colours, strict=True)),
        margin=context.evaluation.model.borderline,
        money=money.key if money else "",
        most=POINTS,
    )  # fmt: skip


def _side(
    key: str,
    axis: Axis,
    values: Sequence[float | int | None],
    score_range: Range,
    *,
    named: bool,
) -> Side:
    """Return an axis with what is in view of it; of one with `named` fields, with room for their names."""
    there = [value for value in values if value is not None]
    seen = view(there, axis.cuts, None if named else score_range)
    return Side(key, axis.name, axis.cuts, seen, score_range)


def _cell(
    field: Field, colour: str, classes: ListColumn, money: ListColumn | None, total: int, found: Finder
) -> MatrixField:
    place = next(place for place, word in enumerate(classes.words) if word[0] == field.id)
    rows = [row for row, value in enumerate(classes.values) if value == place]
    amounts = {row: money.values[row] or 0 for row in rows} if money else {}
    known = [value for row in rows if money and (value := money.values[row]) is not None]
    return MatrixField(
        place=place,
        name=field.name,
        colour=colour,
        x=field.x,
        y=field.y,
        count=field.count,
        share=rounded(field.count / total, "share") if total else None,
        money=rounded(fsum(known), money.kind) if money and known and not found.left else None,
        first=tuple(sorted(rows, key=lambda row: (-amounts.get(row, 0), row))[:NAMES]),
    )
