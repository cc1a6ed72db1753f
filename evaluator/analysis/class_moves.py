"""Moves between grades and classes: how far from the cut on the way, and what carried a customer over it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evaluator.analysis.mixture_scores import Mixed
from evaluator.analysis.mixtures import SWITCHES
from evaluator.columns import reaches
from evaluator.scoring.model import Model
from evaluator.tree import Matrix, Tree

Array = NDArray[np.floating[Any]]
CONVENTIONS = SWITCHES.index("conventions")
SCHEMA = {
    **dict.fromkeys(("id", "name", "of", "before", "after", "axis"), pl.String),
    **dict.fromkeys(("distance_last", "distance_now", *SWITCHES), pl.Float64),
    "reason": pl.String,
}


def class_moves(last: Model, now: Model, both: pl.DataFrame, parts: Mixed | None) -> pl.DataFrame:
    """Return who of the compared customers has another grade, or another class of a matrix both know alike.

    Of a grade the score counts, of a class the axis that crossed a cut: its distance to that cut, last and
    now, and what each switch did to it; a cut that was moved is a convention. A move that no distance tells
    has rules for its reason: a grade was capped, or a class stated.
    """
    found = [_moves(column, axes, both, parts) for column, axes in _axes(last, now).items()]
    return pl.concat([pl.DataFrame(schema=SCHEMA), *found])


def unlike_classes(last: Tree, now: Tree) -> Iterator[str]:
    """Yield ``grade`` and the matrices whose classes are not the same in both trees."""
    if [g.id for g in last.grades] != [g.id for g in now.grades]:
        yield "grade"
    before, after = ({m.id: m for m in tree.matrices} for tree in (last, now))
    for name in {**before, **after}:
        if name not in before or name not in after or _cells(before[name]) != _cells(after[name]):
            yield name


def _cells(matrix: Matrix) -> object:
    sides = [(side.axis, side.levels) for side in (matrix.x, matrix.y)]
    return sides, sorted((entry.id, entry.x, entry.y) for entry in matrix.classes)


Axis = tuple[str, Sequence[float], Sequence[float]]
"""An axis, or the score of the whole, and where it is cut, rising, last and now."""


def _axes(last: Model, now: Model) -> dict[str, list[Axis]]:
    """Return by column of grades or classes the axes that are cut for it."""
    unlike = set(unlike_classes(last.tree, now.tree))
    found: dict[str, list[Axis]] = {}
    if "grade" not in unlike:
        bounds = [[grade.bound for grade in reversed(m.tree.grades[:-1])] for m in (last, now)]
        found["grade"] = [("score", bounds[0], bounds[1])]
    for matrix in now.tree.matrices:
        if matrix.id not in unlike:
            cuts = last.cuts[matrix.id], now.cuts[matrix.id]
            found[f"class_{matrix.id}"] = [
                (matrix.x.axis, cuts[0].x, cuts[1].x),
                (matrix.y.axis, cuts[0].y, cuts[1].y),
            ]
    return found


def _moves(column: str, axes: list[Axis], both: pl.DataFrame, parts: Mixed | None) -> pl.DataFrame:
    before, after = f"{column}_last", f"{column}_now"
    moved = both.with_row_index("row").filter(pl.col(before) != pl.col(after))
    of = pl.lit(column.removeprefix("class_")).alias("of")
    told = moved.select("id", "name", of, before=before, after=after)
    crossed = _crossed(axes, moved["row"].to_numpy(), parts) if parts else {}
    columns = [pl.Series(name, crossed.get(name, [None] * len(told)), kind) for name, kind in SCHEMA.items()]
    return told.with_columns(columns[5:]).select(*SCHEMA)


def _crossed(axes: list[Axis], rows: NDArray[Any], parts: Mixed) -> dict[str, Any]:
    """Return of each row the axis that crossed a cut furthest, its distances, their shares and the reason."""
    names = np.array([axis for axis, *_ in axes])
    found = [_distances(*axis, rows, parts) for axis in axes]
    span = np.stack([np.ptp(distances, axis=1) for distances, _ in found])
    furthest = np.argmax(np.nan_to_num(span, nan=-1.0), axis=0)
    place = furthest, np.arange(len(rows))
    distances, added = (np.stack(part)[place] for part in zip(*found, strict=True))
    untold = np.isnan(distances).any(axis=1)
    towards = np.nan_to_num(added) * np.sign(np.nan_to_num(np.diff(distances, axis=1)))
    reason = np.where(untold, "rules", np.array(SWITCHES)[np.argmax(towards, axis=1)])
    columns = {"distance_last": distances[:, 0], "distance_now": distances[:, 1]}
    columns |= {switch: np.where(untold, np.nan, added[:, n]) for n, switch in enumerate(SWITCHES)}
    told = {name: pl.Series(values).fill_nan(None) for name, values in columns.items()}
    return {"axis": pl.Series(names[furthest]).set(pl.Series(untold), None), "reason": reason, **told}


def _distances(
    axis: str, last: Sequence[float], now: Sequence[float], rows: NDArray[Any], parts: Mixed
) -> tuple[Array, Array]:
    """Return (m, 2) distances to the cut on the way, NaN where none was crossed, and (m, 6) their shares."""
    shares, scores = (parts.shares, parts.scores) if axis == "score" else parts.axes[axis]
    cuts = np.array([last, now])
    levels = reaches(scores[rows][:, :, None], cuts[None]).sum(-1)
    on_the_way = cuts[:, np.minimum(levels.min(1), cuts.shape[1] - 1)].T
    distances = np.where(levels[:, :1] == levels[:, 1:], np.nan, scores[rows] - on_the_way)
    added = shares[rows].copy()
    added[:, CONVENTIONS] -= on_the_way[:, 1] - on_the_way[:, 0]
    return distances, added
