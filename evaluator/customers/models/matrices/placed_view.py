"""Customers in a matrix of two measures, as views of several models show them: dots, and a card per class."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from evaluator.customers.models.matrices.placing import Placed
from evaluator.customers.view_parts import strategy_lines
from evaluator.present import charts
from evaluator.present.blocks import Card, Cards, Head
from evaluator.present.reader import Reader


def placed_names(placed: Placed, reader: Reader) -> dict[str, str]:
    """Return the names of the classes of a matrix by id."""
    return {entry.id: entry.name[reader.language] for entry in placed.matrix.classes}


def placed_dots(
    placed: Placed, frame: pl.DataFrame, columns: tuple[str, str], reader: Reader, *, most: int | None = None
) -> list[charts.Dot]:
    """Return the customers of a frame in a matrix: its columns of both sides and `class`.

    Of more than `most` customers it is an even sample by class, since dots would hide each other.
    """
    if most is not None:
        frame = frame.sort("class", "id").gather_every(max(1, -(-frame.height // most)))
    names = placed_names(placed, reader)
    rows = reader.named(frame.select("id", *columns, "class"))
    return [charts.Dot(id_, name, x, y, names[class_]) for id_, name, x, y, class_ in rows.iter_rows()]


def placed_chart(
    id_: str,
    caption: tuple[str, str],
    placed: Placed,
    dots: Sequence[charts.Dot],
    reader: Reader,
    *,
    equal: Sequence[float] = (),
) -> charts.Chart:
    """Return customers in a matrix; `equal` as `charts.scatter` takes it."""
    matrix, language = placed.matrix, reader.language
    sides = (
        charts.PlaneSide(matrix.x.name[language], placed.cuts["x"]),
        charts.PlaneSide(matrix.y.name[language], placed.cuts["y"]),
    )
    classes = list(placed_names(placed, reader).values())
    return charts.scatter(id_, *caption, dots, sides, classes, reader.text, equal=equal)


def placed_cards(
    placed: Placed, reader: Reader, *, heads: tuple[Head, ...] = (), columns: tuple[str, ...] = ()
) -> Cards:
    """Return a card per class of a matrix with its strategy, and the profile's columns as figures."""
    matrix, language = placed.matrix, reader.language
    entries = {entry.id: entry for entry in matrix.classes}
    cards = tuple(
        Card(
            entries[row["class"]].name[language],
            place,
            row["customers"],
            row["customers_share"],
            tuple(row[column] for column in columns),
            strategy_lines(entries[row["class"]].strategy, reader),
        )
        for place, row in enumerate(placed.profile.iter_rows(named=True))
    )
    return Cards(matrix.name[language], heads, cards, matrix.source[language])
