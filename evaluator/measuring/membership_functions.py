"""Memberships: how far a measure or score belongs to each grade. One implementation for each type."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import narwhals as nw
import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from evaluator.columns import polyline, ratio, sums, to_polars
from evaluator.registry import Registry
from evaluator.tree import Grade
from evaluator.tree.types import Gaussian, Ladder, Membership, Trapezoidal, Triangular

# A membership of its own type and a column of numbers → the membership in each grade, by grade id;
# null where the number is. Each function takes only its own type.
MembershipFunction = Callable[..., dict[str, nw.Expr]]

MEMBERSHIPS: Registry[MembershipFunction] = Registry("membership")
"""Law of all: memberships lie in 0–1 and sum to 1, at every number."""


def membership_columns(membership: Membership, value: nw.Expr) -> dict[str, nw.Expr]:
    """Return the membership of a number in each grade."""
    return MEMBERSHIPS[membership.kind].function(membership, value)


def reached_columns(membership: Membership, value: nw.Expr, grades: Sequence[str]) -> dict[str, nw.Expr]:
    """Return how far a number reaches each grade or a better one; the worst is left out, for all reach it.

    Parameters
    ----------
    grades : their ids, best first.
    """
    if isinstance(membership, Ladder) and list(grades) == _falling(membership):
        return _rungs(membership, value)
    columns = membership_columns(membership, value)
    found = [columns[grade] for grade in grades]
    return {grade: sums(found[: place + 1]) for place, grade in enumerate(grades[:-1])}


def reached_curves(curves: Mapping[str, nw.Expr], grades: Sequence[str]) -> dict[str, nw.Expr]:
    """Return what `reached_columns` does, of bell curves that are columns already."""
    total = sums(list(curves.values()))
    found = [ratio(curves[grade], total) for grade in grades]
    return {grade: sums(found[: place + 1]) for place, grade in enumerate(grades[:-1])}


def between(reached: Mapping[str, nw.Expr], worst: str) -> dict[str, nw.Expr]:
    """Return memberships from what is reached: what neighbouring grades differ by, the rest the worst's."""
    best, *others = reached
    found = {best: reached[best]}
    found |= {grade: reached[grade] - reached[above] for above, grade in pairwise(reached)}
    last = others[-1] if others else best
    return {**found, worst: (1.0 - reached[last]).clip(0.0, 1.0)}


def score_ladder(grades: Sequence[Grade]) -> Ladder:
    """Return the ladder between the scores that the grades of a tree stand for.

    >>> from evaluator.tree import load_tree
    >>> score_ladder(load_tree("current_value").grades).centres["excellent"]
    95.0
    """
    return Ladder(kind="ladder", centres={grade.id: grade.score for grade in grades})


def memberships(values: ArrayLike, membership: Membership) -> NDArray[np.float64]:
    """Return the memberships of numbers in each grade, (n,) → (n, m), in the order they are stated in.

    >>> ladder = Ladder(kind="ladder", centres={"good": 85.0, "fair": 75.0, "poor": 50.0})
    >>> memberships([82, 40], ladder).round(3)
    array([[0.7, 0.3, 0. ],
           [0. , 0. , 1. ]])
    """
    numbers = pl.Series("x", np.asarray(values, dtype=np.float64), nan_to_null=True)
    frame = nw.from_native(numbers.to_frame().lazy())
    columns = membership_columns(membership, nw.col("x"))
    return to_polars(frame.select(*(column.alias(grade) for grade, column in columns.items()))).to_numpy()


@MEMBERSHIPS.register(
    "ladder", zh="梯级隶属函数", en="linear between grade centres", reference="相邻评语间线性内插"
)
def ladder(membership: Ladder, value: nw.Expr) -> dict[str, nw.Expr]:
    """Return memberships that pass straight from each centre to the next; beyond the outer ones 1 holds."""
    *_, worst = _falling(membership)
    # What two neighbours reach differs by the membership between them: half the work of a shape per
    # grade, and a sum of 1 whatever the rounding.
    found = between(_rungs(membership, value), worst)
    return {grade: found[grade] for grade in membership.centres}


@MEMBERSHIPS.register(
    "triangular",
    zh="三角隶属函数",
    en="triangular",
    reference="Zadeh (1965), doi:10.1016/S0019-9958(65)90241-X",
)
def triangular(membership: Triangular, value: nw.Expr) -> dict[str, nw.Expr]:
    """Return memberships with a peak each; beyond the whole range those at its ends hold."""
    return _shapes(value, {grade: (a, b, b, c) for grade, (a, b, c) in membership.grades.items()})


@MEMBERSHIPS.register(
    "trapezoid",
    zh="梯形隶属函数",
    en="trapezoidal",
    reference="Zadeh (1965), doi:10.1016/S0019-9958(65)90241-X",
)
def trapezoid(membership: Trapezoidal, value: nw.Expr) -> dict[str, nw.Expr]:
    """Return memberships with a plateau each; beyond the whole range those at its ends hold."""
    return _shapes(value, membership.grades)


@MEMBERSHIPS.register(
    "gaussian",
    zh="高斯隶属函数（归一化）",
    en="Gaussian, normalised",
    reference="exp(−(x − c)² / 2w²)",
)
def gaussian(membership: Gaussian, value: nw.Expr) -> dict[str, nw.Expr]:
    """Return bell curves divided by their sum; beyond the outer centres the memberships there hold."""
    curves = bell_curves(membership, value)
    total = sums(list(curves.values()))
    return {grade: ratio(curve, total) for grade, curve in curves.items()}


def bell_curves(membership: Gaussian, value: nw.Expr) -> dict[str, nw.Expr]:
    """Return the curve of each grade, the nearest of them 1; divided by their sum they are memberships."""
    centres = [centre for centre, _ in membership.grades.values()]
    within = value.clip(min(centres), max(centres))
    distances = {
        grade: ((within - centre) / width) * ((within - centre) / width) * 0.5
        for grade, (centre, width) in membership.grades.items()
    }
    # Measured from the nearest curve, so that one of them is 1 and far from all none is 0/0.
    nearest = nw.min_horizontal(*distances.values())
    return {grade: (nearest - distance).exp() for grade, distance in distances.items()}


def _rungs(membership: Ladder, value: nw.Expr) -> dict[str, nw.Expr]:
    """Return how far a number has come to each centre from the one below it, the highest centre first."""
    centres = membership.centres
    return {
        grade: polyline(value, [(centres[below], 0.0), (centres[grade], 1.0)])
        for grade, below in pairwise(_falling(membership))
    }


def _falling(membership: Ladder) -> list[str]:
    return sorted(membership.centres, key=lambda grade: -membership.centres[grade])


def _shapes(value: nw.Expr, shapes: Mapping[str, tuple[float, float, float, float]]) -> dict[str, nw.Expr]:
    """Return each shape's height; an upright side stands only at an end of the range, where 1 holds on."""
    result = {}
    for grade, (a, b, c, d) in shapes.items():
        corners = ([(a, 0.0)] if a < b else []) + [(b, 1.0)]
        corners += ([(c, 1.0)] if c > b else []) + ([(d, 0.0)] if d > c else [])
        result[grade] = polyline(value, corners)
    return result
