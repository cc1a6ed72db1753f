"""Raters drawn anew: what their grades come to when other raters of the kind had been asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evaluator.analysis.robustness.customers import Customers
from evaluator.brief import Brief
from evaluator.measuring.grades import Ratings
from evaluator.tree.types import Graded

Array = NDArray[np.float64]

_SAME = 1e-9


@dataclass(frozen=True)
class Rated(Brief):
    """The scores of one indicator, (raters, customers) with NaN where there is none, and whose they are."""

    columns: NDArray[np.intp]
    given: Array


def rated(customers: Customers, ratings: Ratings | None) -> tuple[int, dict[str, Rated]]:
    """Return how many raters there are and what they gave, by indicator; nothing where there is one rater.

    Only cells are taken whose measure is what the raters came to: others were measured otherwise.
    """
    if ratings is None or ratings.given["rater"].n_unique() < 2:
        return 0, {}
    raters = sorted(ratings.given["rater"].unique().to_list())
    return len(raters), dict(_rated(customers, ratings, raters))


def _rated(customers: Customers, ratings: Ratings, raters: list[str]) -> Iterator[tuple[str, Rated]]:
    place = {name: number for number, name in enumerate(customers.leaves["id"].to_list())}
    row = {rater: number for number, rater in enumerate(raters)}
    for leaf in customers.model.tree.indicators:
        own = ratings.given.filter(pl.col("indicator") == leaf.id, pl.col("id").is_in(list(place)))
        if not isinstance(leaf.scale, Graded) or not own.height or leaf.id in customers.model.unobserved:
            continue
        given = np.full((len(raters), customers.count), np.nan)
        given[
            [row[rater] for rater in own["rater"]], [place[name] for name in own["id"]]
        ] = own["score"].to_numpy()  # fmt: skip
        together = combined(given, np.ones((1, len(raters))), ratings.combine)[0]
        measure = customers.leaves[f"measure_{leaf.id}"].to_numpy()
        columns = np.flatnonzero(np.abs(together - measure) <= _SAME)
        if len(columns):
            yield leaf.id, Rated(columns, given[:, columns])


def combined(given: Array, times: Array, combine: str) -> Array:
    """Return the raters' combined scores when each is heard so many times; NaN where nobody is.

    Parameters
    ----------
    given : (raters, customers). times : (draws, raters).

    >>> combined(np.array([[60.0], [80.0], [90.0]]), np.array([[1, 1, 1], [2, 1, 0]]), "median").tolist()
    [[80.0], [60.0]]
    """
    heard = np.isfinite(given)
    values = np.where(heard, given, 0.0)
    count = times @ heard
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(count > 0, times @ values / count, np.nan)
    if combine == "mean":
        return mean
    order = np.argsort(np.where(heard, given, np.inf), axis=0, kind="stable")
    ranked = np.take_along_axis(values, order, axis=0)
    so_many = times[:, order] * np.take_along_axis(heard, order, axis=0)
    passed = np.cumsum(so_many, axis=1)
    if combine == "median":
        middle = (_nth(ranked, passed, (count + 1) // 2) + _nth(ranked, passed, count // 2 + 1)) / 2
        return np.where(count > 0, middle, np.nan)
    ends = _nth(ranked, passed, np.ones_like(count)) + _nth(ranked, passed, count)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(count >= 3, (times @ values - ends) / (count - 2), mean)


def _nth(ranked: Array, passed: Array, n: Array) -> Array:
    """Return the n-th smallest score, (draws, customers)."""
    at = (passed >= n[:, None, :]).argmax(axis=1)
    return np.asarray(np.take_along_axis(ranked, at, axis=0))
