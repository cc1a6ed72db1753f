"""The next level of one evaluated alone: what each indicator adds to the score, one grade higher."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import polars as pl

from evaluator.brief import Brief
from evaluator.columns import enter, reaches, to_polars
from evaluator.scoring import score
from evaluator.scoring.model import Model
from evaluator.tree import Indicator
from evaluator.tree.shapes import Shape, shape_of
from evaluator.tree.types import Grade

_STRAIGHT = ("line", "lines", "sides")


@dataclass(frozen=True)
class LevelStep(Brief):
    """An indicator raised to the next grade.

    Attributes
    ----------
    measure, score, level : what it is, and the grade its score would earn.
    next, needed : the next grade, and the nearest measure whose score reaches it.
    gain : what the total gains by this step alone, rules included.
    total, grade : of all steps up to this one together.
    """

    indicator: str
    measure: float | str
    score: float
    level: str
    next: str
    needed: float | str
    gain: float
    total: float
    grade: str


def level_of(value: float, grades: Sequence[Grade]) -> str:
    """Return the grade that a score earns; the last is that of all below the others.

    >>> from evaluator.tree import load_tree
    >>> grades = load_tree("crm_capability").grades
    >>> level_of(80.0, grades), level_of(79.9, grades)
    ('good', 'fair')
    """
    return next((grade.id for grade in grades if reaches(value, grade.bound)), grades[-1].id)


def next_levels(model: Model, measures: Any, id_: str) -> tuple[LevelStep, ...]:
    """Return what one gains where an indicator reaches its next grade, the largest gain first.

    Left out are indicators in the best grade, without a measure, or on a scale that cannot be read backwards:
    one that is curved, or stated by the population.

    Parameters
    ----------
    measures : the dataframe that was scored.
    """
    frame = to_polars(enter(measures).frame)
    row = frame.filter(pl.col("id").cast(pl.String) == id_).with_columns(pl.col(pl.Int64).cast(pl.Float64))
    now = _scored(model, row, [{}])[0]
    known = dict(_changes(model, row.row(0, named=True), now))
    leaves = {leaf.id: leaf for leaf in model.tree.indicators}
    single = _scored(model, row, [{leaves[leaf].measure: needed} for leaf, (_, needed) in known.items()])
    gains = {
        leaf: found["score"] - now["score"]
        for leaf, found in zip(known, single, strict=True)
        if reaches(found[f"score_{leaf}"], known[leaf][0].bound)
    }
    order = sorted(gains, key=lambda leaf: -gains[leaf])
    so_far = [{leaves[leaf].measure: known[leaf][1] for leaf in order[: n + 1]} for n in range(len(order))]
    return tuple(
        LevelStep(
            leaf,
            row[leaves[leaf].measure][0],
            now[f"score_{leaf}"],
            level_of(now[f"score_{leaf}"], model.tree.grades),
            known[leaf][0].id,
            known[leaf][1],
            gains[leaf],
            found["score"],
            found["grade"],
        )
        for leaf, found in zip(order, _scored(model, row, so_far), strict=True)
    )


def _changes(
    model: Model, measured: Mapping[str, Any], now: Mapping[str, Any]
) -> Iterator[tuple[str, tuple[Grade, float | str]]]:
    """Yield each indicator that can rise with its next grade and the measure that reaches it."""
    grades = {grade.id: grade for grade in model.tree.grades}
    order = list(grades)
    for leaf in model.tree.indicators:
        own, value = now.get(f"score_{leaf.id}"), measured.get(leaf.measure)
        if own is None or value is None or not order:
            continue
        place = order.index(level_of(own, model.tree.grades))
        if place == 0:
            continue
        higher = grades[order[place - 1]]
        needed = _needed(leaf, model, value, higher.bound)
        if needed is not None:
            yield leaf.id, (higher, needed)


def _needed(leaf: Indicator, model: Model, value: float | str, target: float) -> float | str | None:
    """Return the measure nearest to a value whose score reaches a target; None where none is known."""
    shape = shape_of(leaf.scale, model.basis(leaf))
    if shape.join == "grades":
        return target
    if shape.join == "categories":
        enough = [(own, word) for word, own in shape.points if reaches(own, target)]
        return str(min(enough)[1]) if enough else None
    if shape.join == "steps":
        found = [at for at, own in shape.points if reaches(own, target) and math.isfinite(at)]
    else:
        found = list(_crossings(shape, target)) if shape.join in _STRAIGHT else []
    return min(found, key=lambda at: abs(at - float(value)), default=None)


def _crossings(shape: Shape, target: float) -> Iterator[float]:
    """Yield the measures at which straight pieces come to a score."""
    for (x0, y0), (x1, y1) in pairwise(shape.points):
        if min(y0, y1) <= target <= max(y0, y1):
            yield x0 if y0 == y1 else x0 + (x1 - x0) * (target - y0) / (y1 - y0)


def _scored(model: Model, row: pl.DataFrame, changes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the results of one row with each of some changes of its measures."""
    if not changes:
        return []
    rows = pl.concat([row] * len(changes))
    columns = {name for change in changes for name in change}
    moved = {
        name: pl.Series([change.get(name, row[name][0]) for change in changes], dtype=row.schema[name])
        for name in columns
    }
    ids = pl.Series([str(number) for number in range(len(changes))])
    return to_polars(enter(score(model, rows.with_columns(id=ids, **moved))).frame).to_dicts()
