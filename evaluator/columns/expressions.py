"""Idioms that mean the same on every engine, with nothing known (null) never taken for a number."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, TypeVar, overload

import narwhals as nw
import numpy as np
import polars as pl
from numpy.typing import NDArray

TOLERANCE = 1e-9
RELATIVE = 1e-12


Array = NDArray[np.floating[Any]]
Column = TypeVar("Column", nw.Expr, pl.Expr)


@overload
def leeway(cut: float) -> float: ...
@overload
def leeway(cut: Array) -> Array: ...
@overload
def leeway(cut: Column) -> Column: ...
def leeway(cut: Any) -> Any:
    """Return how far below a cut a value still reaches it, for sums that rounding left just short.

    >>> leeway(60.0), round(leeway(10_000_000.0), 9)
    (1e-09, 1e-05)
    """
    if isinstance(cut, np.ndarray):
        return np.maximum(TOLERANCE, RELATIVE * np.abs(cut))
    if not isinstance(cut, nw.Expr | pl.Expr):
        return max(TOLERANCE, RELATIVE * abs(cut))
    kind: Any = pl if isinstance(cut, pl.Expr) else nw
    relative = cut.abs() * RELATIVE
    return kind.when(relative > TOLERANCE).then(relative).otherwise(kind.lit(TOLERANCE))


@overload
def reaches(value: float, cut: float) -> bool: ...
@overload
def reaches(value: Array, cut: float | Array) -> NDArray[np.bool_]: ...
@overload
def reaches(value: pl.Series, cut: float) -> pl.Series: ...
@overload
def reaches(value: Column, cut: float | Column) -> Column: ...
def reaches(value: Any, cut: Any) -> Any:
    """Return whether a value is at least the cut, give or take its `leeway`: the one rule of all cuts.

    Numbers, arrays, series and columns alike; null where a column is null.

    >>> reaches(10_000_000 - 1e-6, 10_000_000.0), reaches(9_999_999.99, 10_000_000.0)
    (True, False)
    """
    return value >= cut - leeway(cut)


@overload
def at_most(value: float, cut: float) -> bool: ...
@overload
def at_most(value: Array, cut: float | Array) -> NDArray[np.bool_]: ...
@overload
def at_most(value: pl.Series, cut: float) -> pl.Series: ...
@overload
def at_most(value: Column, cut: float | Column) -> Column: ...
def at_most(value: Any, cut: Any) -> Any:
    """Return whether a value is no more than the cut, give or take its `leeway`; `reaches` from above.

    >>> at_most(10_000_000 + 1e-6, 10_000_000.0), at_most(10_000_000.01, 10_000_000.0)
    (True, False)
    """
    return value <= cut + leeway(cut)


def within(value: Column, cut: float, margin: float) -> Column:
    """Return whether a value lies no further than a margin from a cut, on either side."""
    return reaches(value, cut - margin) & at_most(value, cut + margin)


Value = TypeVar("Value", float, str)


def sums(terms: Sequence[nw.Expr]) -> nw.Expr:
    """Return the sum of columns; null where any of them is null.

    Horizontal sums take null for 0 on every engine, so the terms are added with ``+``, in pairs:
    a chain of hundreds of additions would take query planners longer than the data.
    """
    row = list(terms)
    while len(row) > 1:
        row = [a + b for a, b in zip(row[::2], row[1::2], strict=False)] + row[len(row) & ~1 :]
    return row[0]


def ratio(part: nw.Expr, whole: nw.Expr) -> nw.Expr:
    """Return part / whole; null where the whole is null or not above 0.

    Engines disagree on division by zero (infinite, NaN or null), so it is never done.
    """
    # Polars divides by a single row as by a constant, through the reciprocal, and by more rows exactly:
    # with the reciprocal always, a customer's last bit does not depend on who else is in the frame.
    return part * (nw.lit(1.0) / nw.when(whole > 0).then(whole))


def finite(value: nw.Expr) -> nw.Expr:
    """Return a number as float64; null where it is NaN or infinite.

    NaN compares as the largest number on Polars, DuckDB and Spark: it must not get past the door.
    """
    number = value.cast(nw.Float64)
    return nw.when(number.is_finite()).then(number)


def present(value: nw.Expr) -> nw.Expr:
    """Return 1.0 where there is a value and 0.0 where there is none."""
    return nw.when(~value.is_null()).then(nw.lit(1.0)).otherwise(nw.lit(0.0))


def flag(condition: nw.Expr) -> nw.Expr:
    """Return 1 where the condition holds and 0 where it does not or is unknown."""
    return nw.when(condition).then(nw.lit(1, nw.Int16)).otherwise(nw.lit(0, nw.Int16))


def beyond(value: nw.Expr, low: float, high: float) -> nw.Expr:
    """Return 1 where a value lies outside low–high, else 0; clamping it there loses something."""
    return flag((value < low) | (value > high))


def polyline(value: nw.Expr, points: Sequence[tuple[float, float]]) -> nw.Expr:
    """Return the height at `value` of the straight lines through points (x, y), x rising.

    Beyond the ends the end heights hold. Where the points rise the result never falls, not even in its
    last bit. The segment of a value is found by halving, which no planner takes for a deep expression.
    """
    (first, start), (last, end) = points[0], points[-1]
    before = nw.when(~value.is_null()).then(nw.lit(float(start), nw.Float64))
    if len(points) == 1:
        return before
    passed = nw.when(value < last).then(_lines(value, list(pairwise(points)))).otherwise(nw.lit(float(end)))
    return nw.when(value > first).then(passed).otherwise(before)


def _lines(value: nw.Expr, segments: Sequence[tuple[tuple[float, float], tuple[float, float]]]) -> nw.Expr:
    if len(segments) == 1:
        [((x0, y0), (x1, y1))] = segments
        if y0 == y1:
            return nw.lit(float(y0))
        rise = (value - x0) * slope(x0, y0, x1, y1)
        return rise + y0 if y0 else rise
    middle = len(segments) // 2
    (bound, _), _ = segments[middle]
    lower, upper = _lines(value, segments[:middle]), _lines(value, segments[middle:])
    return nw.when(value < bound).then(lower).otherwise(upper)


def slope(x0: float, y0: float, x1: float, y1: float) -> float:
    """Return the slope of the line from (x0, y0) to (x1, y1), so that y1 is not passed before x1 by rounding.

    >>> slope(0.0, 0.0, 20.0, 40.0)
    2.0
    """
    found, nearest = (y1 - y0) / (x1 - x0), math.nextafter(x1, x0)
    if math.isinf(found):  # the points stand closer than can be divided by: a step
        return 0.0
    while y0 < y1 < y0 + (nearest - x0) * found or y0 > y1 > y0 + (nearest - x0) * found:
        found = math.nextafter(found, 0.0)
    return found


def polyline_on_polars(value: pl.Expr, points: Sequence[tuple[float, float]]) -> pl.Expr:
    """Return what `polyline` returns, by searching the segment of each value; with many points faster.

    Polars computes every line for every value, where other engines compute the one that holds.
    """
    x, y = (np.array(side, dtype=np.float64) for side in zip(*points, strict=True))
    if len(x) == 1:
        return pl.when(value.is_not_null()).then(pl.lit(float(y[0])))
    slopes = np.array([slope(*low, *high) for low, high in pairwise(points)])

    def heights(series: pl.Series) -> pl.Series:
        values = np.clip(series.to_numpy(), x[0], x[-1])  # null becomes NaN here and stays so
        place = np.clip(np.searchsorted(x, values, side="right") - 1, 0, len(slopes) - 1)
        inside = y[place] + (values - x[place]) * slopes[place]
        return pl.Series(series.name, np.where(values == x[-1], y[-1], inside), nan_to_null=True)

    return value.map_batches(heights, return_dtype=pl.Float64, is_elementwise=True)


def bands(value: nw.Expr, steps: Sequence[tuple[float, Value | nw.Expr]], below: Value | nw.Expr) -> nw.Expr:
    """Return what the highest step reached stands for, `below` where none is; null where value is null.

    Parameters
    ----------
    steps : (lower bound, what it stands for), bounds rising; the latter a number, a text or a column.
    """
    result = _constant(below)
    for bound, stands_for in steps:
        result = nw.when(reaches(value, bound)).then(_constant(stands_for)).otherwise(result)
    return nw.when(~value.is_null()).then(result)


def _constant(value: float | str | nw.Expr) -> nw.Expr:
    if isinstance(value, nw.Expr):
        return value
    return nw.lit(value, nw.String) if isinstance(value, str) else nw.lit(float(value), nw.Float64)
