"""Natural breaks: where a column of numbers falls apart into groups."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evaluator.columns.statistics import EngineColumn, Numbers

DISTINCT = 1_000
"""Up to so many different values the breaks are exact; beyond, values count by so many equal bins."""

Array = NDArray[np.float64]
Places = NDArray[np.intp]


def natural_breaks(values: Numbers, groups: int = 2) -> tuple[float, ...]:
    """Return the cuts, rising, between groups whose members lie as close as can be to their group's mean.

    A cut lies midway between the groups. Where there are fewer different values than groups, the last
    cuts coincide on the largest value, and groups stay empty.

    Parameters
    ----------
    values : (n,), n > 0, finite, or a column of an engine. groups : at least 2.

    References
    ----------
    Fisher (1958), doi:10.1080/01621459.1958.10501479, minimises Σ_g Σ_{i∈g} (x_i − x̄_g)²; Jenks (1967),
    International Yearbook of Cartography 7, made it known.

    >>> natural_breaks(np.array([1.0, 2.0, 9.0, 10.0, 30.0]), 3)
    (5.5, 20.0)
    """
    least, most, means, counts = _places(values)
    reachable = min(groups, len(means))
    starts = _starts(means - means.mean(), counts, reachable)
    cuts = [float((most[start - 1] + least[start]) / 2) for start in starts]
    return (*cuts, *[float(most[-1])] * (groups - reachable))


def bins_of(values: Numbers) -> int | None:
    """Return on how many bins the breaks of these values are found; None where each counts by itself."""
    distinct = values.distinct if isinstance(values, EngineColumn) else len(np.unique(values))
    return DISTINCT if distinct > DISTINCT else None


def _places(values: Numbers) -> tuple[Array, Array, Array, Array]:
    """Return least, largest and mean value and the count of every place a cut may pass between."""
    if isinstance(values, EngineColumn):
        if values.distinct > DISTINCT:
            return values.bins(DISTINCT)
        distinct, counts = values.counts()
    else:
        distinct, counts = np.unique(values, return_counts=True)
    if len(distinct) <= DISTINCT:
        return distinct, distinct, distinct, counts.astype(np.float64)
    width = (distinct[-1] - distinct[0]) / DISTINCT
    bins = np.minimum(((distinct - distinct[0]) / width).astype(int), DISTINCT - 1)
    _, first = np.unique(bins, return_index=True)
    last = np.append(first[1:], len(distinct)) - 1
    weights = np.add.reduceat(counts, first).astype(np.float64)
    means = np.add.reduceat(distinct * counts, first) / weights
    return distinct[first], distinct[last], means, weights


def _starts(x: Array, counts: Array, groups: int) -> list[int]:
    """Return the index at which each group but the first begins, by dynamic programming over all."""
    weight, total, square = (
        np.concatenate([[0.0], np.cumsum(part)]) for part in (counts, counts * x, counts * x * x)
    )

    def within(first: Places, last: Places) -> Array:
        """Return the squared deviations within the group from one place to another; a group has a place."""
        w = np.maximum(weight[last + 1] - weight[first], 1.0)
        found = (square[last + 1] - square[first]) - (total[last + 1] - total[first]) ** 2 / w
        return np.where(first <= last, found, np.inf)

    places = np.arange(len(x))
    best, begins = within(places[:1], places), []
    for more in reversed(range(groups - 1)):
        ends = places if more else places[-1:]  # the last group ends with the values
        through = np.concatenate([[np.inf], best[:-1]])[:, None] + within(places[:, None], ends)
        begins.append(np.argmin(through, axis=0))
        best = np.min(through, axis=0)
    starts, end = [], -1
    for begin in reversed(begins):
        starts.append(int(begin[end]))
        end = starts[-1] - 1
    return starts[::-1]
