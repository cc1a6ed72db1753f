"""The order of the ranking, and of each matrix class by class, as one whole number per customer.

Lists that recompute take their kth row by the kth smallest of these numbers. They stand in the table
``scores``; the names of the classes in the grid of the sheet of standards.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from evaluator.reports.context import Context
from evaluator.reports.listings import Column
from evaluator.reports.sections.classes import best_first
from evaluator.tree import Matrix, Tree
from evaluator.tree.types import MatrixClass

TIED = 10_000
"""More than there are live rows: among customers with the same rank the row decides."""


def axis_score(axis: str, tree: Tree) -> str:
    """Return the column of the ranking with the scores of an axis; of the root, those before the rules."""
    group = tree.axes[axis]
    if group is not tree.root:
        return f"score_{group.id}"
    return "unadjusted_score" if tree.rules else "score"


def class_cell(matrix: Matrix, entry: MatrixClass) -> str:
    """Return the cell with the name of a class, in the grid with the highest level of y on top."""
    row = len(matrix.y.levels) - matrix.y.levels.index(entry.y)
    return f"{{cell.{matrix.id}.{row}.{matrix.x.levels.index(entry.x) + 1}}}"


def order_columns(context: Context) -> Iterator[Column]:
    """Yield the columns of the ranking that put everybody in order, empty for those without a rank."""
    by_rank = f'IF(ISNUMBER({{@rank}}),{{@rank}}*{TIED}+{{@place}},"")'
    yield Column("order", context.text("workbook.order"), "integer muted", "live", by_rank)
    for matrix in context.tree.matrices:
        own = f"{{@class_{matrix.id}}}"
        places = "+".join(
            f"({own}={class_cell(matrix, entry)})*{place}"
            for place, entry in enumerate(best_first(matrix), start=1)
        )
        formula = f'IF(AND(ISNUMBER({{@rank}}),{own}<>""),({places})*{TIED**2}+{{@order}},"")'
        heading = context.text("workbook.order_in", name=matrix.name[context.language])
        yield Column(f"order_{matrix.id}", heading, "integer muted", "live", formula)


def order_values(context: Context) -> Iterator[pl.Expr]:
    """Yield the values of `order_columns`, of a frame with `rank`, `place` and the classes in words."""
    by_rank = pl.col("rank") * TIED + pl.col("place")
    yield by_rank.alias("order")
    for matrix in context.tree.matrices:
        names = context.classes[matrix.id]
        places = {names[entry.id]: place for place, entry in enumerate(best_first(matrix), start=1)}
        place = pl.col(f"class_{matrix.id}").replace_strict(places, default=None, return_dtype=pl.Int64)
        yield (place * TIED**2 + by_rank).alias(f"order_{matrix.id}")
