"""Sums that repeat to the last bit, whatever the order of the rows and the number of threads.

Floating point numbers added in another order give another last digit, and no engine promises an order
within groups. So numbers are added as whole multiples of a decimal unit: a cent, a hundredth of it, or as
fine a unit as fits. Money stated in decimals is then added without any error.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any, TypeVar

import narwhals as nw
import numpy as np
import polars as pl

from evaluator.columns.frames import to_polars
from evaluator.errors import EvaluationError, Issue

Column = TypeVar("Column", nw.Expr, pl.Expr)

LEAST = 4
"""Decimals kept at least of numbers that have no last decimal, such as converted amounts."""
MOST = 15
LARGEST = 2.0**62  # what all rows together may come to, in units; half of what 64 bits hold
_TRIED = (0, 2, 4, 6)
_NOISE = 1e-15  # 3 · 0.1 = 0.30000000000000004 has one decimal
_COARSE = 1e6
_WHOLE = 2.0**51  # up to here a number times its unit and back is the same number


def in_units(value: Column, decimals: int) -> Column:
    """Return a column of numbers as whole multiples of 10^−decimals, int64."""
    # Engines round halves differently, and large numbers end in halves more often than one thinks.
    whole: Column = (value * 10.0**decimals + 0.5).floor().cast(_kind(value).Int64)
    return whole


def from_units(units: Column, decimals: int) -> Column:
    """Return what whole multiples of 10^−decimals come to: the float64 nearest to it, on every engine.

    Polars divides by a constant through its reciprocal (35 / 100 = 0.35000000000000003), others do not;
    rounding to the decimals gives the nearest on all.
    """
    # DuckDB adds 64 bits in 128, whose way to a double is another than that of 64.
    number = units.cast(_kind(units).Int64).cast(_kind(units).Float64)
    if not decimals:
        return number
    near = number * 10.0**-decimals
    nearest: Column = _kind(units).when(number.abs() < _WHOLE).then(near.round(decimals)).otherwise(near)
    return nearest


def exact_sum(value: Column, decimals: int) -> Column:
    """Return the sum of a column, in a frame or in groups; 0 where there is nothing to add.

    Parameters
    ----------
    value : of narwhals or Polars, finite or null.
    decimals : those kept of each number; see `decimals_of`.

    >>> frame = pl.DataFrame({"id": ["a", "a", "a"], "amount": [0.1, 0.2, -0.3]})
    >>> float(frame["amount"].sum()) == 0
    False
    >>> frame.group_by("id").agg(exact_sum(pl.col("amount"), 2))["amount"].to_list()
    [0.0]
    """
    return from_units(in_units(value, decimals).sum(), decimals)


def exact_mean(value: pl.Expr, decimals: int) -> pl.Expr:
    """Return the mean of what is known of a column on Polars; null where nothing is.

    >>> pl.DataFrame({"x": [0.1, 0.2, None]}).select(exact_mean(pl.col("x"), 2))["x"].round(12).to_list()
    [0.15]
    """
    return pl.when(value.count() > 0).then(exact_sum(value, decimals) / value.count())


def exact_sums(frame: pl.DataFrame, *, subject: str, **terms: pl.Expr) -> dict[str, pl.Expr]:
    """Return the sum of each term on Polars, in the decimals that its values in a frame need.

    >>> table = pl.DataFrame({"id": ["a", "a"], "x": [0.1, 0.2], "w": [1.0, 3.0]})
    >>> added = exact_sums(table, subject="x", weighted=pl.col("x") * pl.col("w"))
    >>> table.group_by("id").agg(**added).row(0)
    ('a', 0.7)
    """
    values = frame.select(**terms)
    return {name: exact_sum(term, _decimals_in(values[name], subject)) for name, term in terms.items()}


def exact_means(frame: pl.DataFrame, *names: str, subject: str) -> list[pl.Expr]:
    """Return the mean of what is known of each column on Polars, in the decimals its values need.

    >>> table = pl.DataFrame({"id": ["a", "a"], "x": [0.1, 0.2], "y": [None, 4.0]})
    >>> table.group_by("id").agg(exact_means(table, "x", "y", subject="x")).row(0)
    ('a', 0.15, 4.0)
    """
    return [exact_mean(pl.col(name), _decimals_in(frame[name], subject)) for name in names]


def weighted_mean(frame: pl.DataFrame, value: pl.Expr, weight: pl.Expr, *, subject: str) -> pl.Expr:
    """Return Σwx/Σw over what is known on Polars; null where no weight stands on anything known.

    >>> table = pl.DataFrame({"x": [0.1, 0.2, None], "w": [1.0, 3.0, 9.0]})
    >>> table.select(weighted_mean(table, pl.col("x"), pl.col("w"), subject="x")).item()
    0.175
    """
    known = pl.when(value.is_not_null()).then(weight)
    added = exact_sums(frame, subject=subject, top=value * weight, bottom=known)
    return pl.when(added["bottom"] > 0).then(added["top"] / added["bottom"])


def mean_of(column: pl.Series) -> float | None:
    """Return the mean of what is known of a column, None where nothing is; order and chunks do not matter.

    >>> mean_of(pl.Series([1e16, 1.0, -1e16, None])) == 1 / 3
    True
    """
    known = column.drop_nulls()
    return fmean(known) if len(known) else None


def mean_terms(value: nw.Expr, name: str) -> list[nw.Expr]:
    """Return the aggregates from which `mean_from` takes a mean that repeats, in one pass and to 10⁻¹².

    Parameters
    ----------
    value : bounded, such as scores: within ±1,000 for up to 10⁹ rows.
    """
    scaled = value * _COARSE
    whole = scaled.floor()
    rest = ((scaled - whole) * _COARSE + 0.5).floor()
    return [
        whole.cast(nw.Int64).sum().cast(nw.Int64).alias(f"_whole_{name}"),
        rest.cast(nw.Int64).sum().cast(nw.Int64).alias(f"_rest_{name}"),
        value.count().alias(f"_count_{name}"),
    ]


def mean_from(found: Mapping[str, Any], name: str) -> float | None:
    """Return the mean from what `mean_terms` found, None where nothing is known.

    >>> frame = nw.from_native(pl.DataFrame({"score": [0.25, 0.5, 0.75, None]}))
    >>> found = frame.select(*mean_terms(nw.col("score"), "score")).to_dict(as_series=False)
    >>> mean_from({key: value[0] for key, value in found.items()}, "score")
    0.5
    """
    count, fine = int(found[f"_count_{name}"] or 0), int(_COARSE)
    if not count:
        return None
    return (int(found[f"_whole_{name}"]) * fine + int(found[f"_rest_{name}"])) / (count * fine * fine)


def unit_terms(columns: Sequence[str]) -> list[nw.Expr]:
    """Return what one pass over the rows must find for `decimals_from`, as aggregates."""
    return [term for name in columns for term in (_turned(name), *(_beyond(name, d) for d in _TRIED))]


def decimals_from(
    found: Mapping[str, Any], columns: Sequence[str], *, reach: float = 1, subject: str = "orders"
) -> int:
    """Return the decimals in which columns of one unit are added, from what `unit_terms` found.

    As few as all their numbers have; where they have no last one, as many as fit.

    Parameters
    ----------
    reach : the largest weight a number is added with; moments over time have weights above 1.

    Raises
    ------
    EvaluationError
        where the numbers together come to more units than 64 bits hold.
    """
    turned = sum(float(found[f"_turned_{name}"] or 0.0) for name in columns) * reach
    fit = math.floor(math.log10(LARGEST / max(turned, 1.0))) if math.isfinite(turned) else -1
    finest = [d for d in _TRIED if not any(found[f"_beyond_{d}_{name}"] for name in columns)]
    wanted = finest[0] if finest else LEAST
    if wanted > fit:
        raise EvaluationError(
            [Issue("DATA-481", subject, {"total": f"{turned / reach:.3g}", "decimals": wanted})]
        )
    return wanted if finest else min(fit, MOST)


def decimals_of(frame: Any, columns: Sequence[str], *, reach: float = 1, subject: str = "orders") -> int:
    """Return the decimals in which columns of a frame are added, in one pass over it; see `decimals_from`.

    >>> decimals_of(pl.DataFrame({"amount": [19.99, -5.0], "cost": [12.5, None]}), ["amount", "cost"])
    2
    >>> decimals_of(pl.DataFrame({"amount": [100 / 7]}), ["amount"])
    15
    """
    terms = nw.from_native(frame).lazy() if not isinstance(frame, nw.LazyFrame) else frame
    found = to_polars(terms.select(*unit_terms(columns))).row(0, named=True)
    return decimals_from(found, columns, reach=reach, subject=subject)


def _decimals_in(column: pl.Series, subject: str) -> int:
    """Return `decimals_of` of a column that is here already: expressions cost more than few numbers do."""
    sizes = np.abs(column.drop_nulls().cast(pl.Float64).to_numpy())
    found: dict[str, float] = {"_turned_": math.fsum(sizes)}
    for decimals in _TRIED:
        scaled = sizes * 10.0**decimals
        found[f"_beyond_{decimals}_"] = (np.abs(scaled - np.rint(scaled)) > scaled * _NOISE).any()
    return decimals_from(found, [""], subject=subject)


def _turned(name: str) -> nw.Expr:
    return nw.col(name).cast(nw.Float64).abs().sum().alias(f"_turned_{name}")


def has_more(value: nw.Expr, decimals: int) -> nw.Expr:
    """Return whether a number has more than so many decimals."""
    scaled = value.cast(nw.Float64).abs() * 10.0**decimals
    return (scaled - scaled.round(0)).abs() > scaled * _NOISE


def _beyond(name: str, decimals: int) -> nw.Expr:
    """Say, as 1 or 0, whether any number of a column has more than so many decimals."""
    more = has_more(nw.col(name), decimals)
    one, none = nw.lit(1, nw.Int16), nw.lit(0, nw.Int16)
    return nw.when(more).then(one).otherwise(none).max().alias(f"_beyond_{decimals}_{name}")


def _kind(column: nw.Expr | pl.Expr) -> Any:
    return pl if isinstance(column, pl.Expr) else nw
