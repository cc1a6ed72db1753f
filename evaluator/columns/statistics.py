"""Statistics of a column of known numbers, at hand or in an engine: the same whatever order its rows have.

Of a column in an engine only figures come back: counts, sums of integers, and the values at some places.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from statistics import fmean
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl
from numpy.typing import NDArray

from evaluator.columns.frames import to_polars

Array = NDArray[np.float64]
_BITS = 62  # of a sum in whole units, so that 64 hold it with its sign
_FINEST = 1_000  # powers of two that doubles hold, with room
_SHARE = 1e-12


class EngineColumn:
    """The known numbers of a column of a lazy frame, which stay where they are.

    >>> column = EngineColumn(nw.from_native(pl.LazyFrame({"x": [4.0, 1.0, None, 4.0]})), nw.col("x"))
    >>> len(column), column.distinct, column.quantiles([0.0, 0.25, 0.5]), column.mean()
    (3, 2, (1.0, 2.5, 4.0), 3.0)
    """

    def __init__(self, frame: nw.LazyFrame[Any], value: nw.Expr) -> None:
        self._rows = frame.select(value.cast(nw.Float64).alias("value")).filter(~nw.col("value").is_null())

    def __len__(self) -> int:
        return int(self._extent["count"])

    @property
    def least(self) -> float:
        """The smallest number; there must be one."""
        return float(self._extent["least"])

    @property
    def most(self) -> float:
        """The largest number; there must be one."""
        return float(self._extent["most"])

    @property
    def distinct(self) -> int:
        """How many different numbers there are."""
        return int(self._shares["distinct"])

    def clipped(self, low: float, high: float) -> EngineColumn:
        """Return the column with its numbers limited on both sides."""
        return EngineColumn(self._rows, nw.col("value").clip(low, high))

    def quantiles(self, shares: Sequence[float]) -> tuple[float, ...]:
        """Return quantiles as `numpy.quantile` interpolates them: type 7 of Hyndman & Fan (1996)."""
        places = [share * (len(self) - 1) for share in shares]
        there = self._at({end for place in places for end in (math.floor(place), math.ceil(place))})
        ends = ((there[math.floor(place)], there[math.ceil(place)], place % 1) for place in places)
        return tuple(float(np.quantile([low, high], between)) for low, high, between in ends)

    def median(self) -> float:
        """Return the median: the number in the middle, or the mean of the two there."""
        last = len(self) - 1
        return float(np.median(list(self._at({last // 2, (last + 1) // 2}).values())))

    def mean(self) -> float:
        """Return the arithmetic mean."""
        return self._mean(nw.col("value"), max(abs(self.least), abs(self.most)))

    def deviation(self) -> float:
        """Return the standard deviation with n as divisor; that of a constant is 0."""
        if self.least == self.most:
            return 0.0
        mean = self.mean()
        apart = nw.col("value") - mean
        return math.sqrt(self._mean(apart * apart, max(mean - self.least, self.most - mean) ** 2))

    def counts(self) -> tuple[Array, NDArray[np.int64]]:
        """Return the different numbers, rising, and how often each is there: for columns of few."""
        found = to_polars(self._counted.select("value", "count")).sort("value")
        return found["value"].to_numpy(), found["count"].cast(pl.Int64).to_numpy()

    def mid_ranks(self, most: int) -> tuple[Array, Array]:
        """Return `mid_ranks` of the column, at most so many of them."""
        if self.distinct <= most:
            return mid_ranks(*self.counts(), most)
        terms = []
        for place, wanted in enumerate(np.linspace(self._shares["first"], self._shares["last"], most)):
            there = nw.col("share") >= float(wanted) - _SHARE
            terms += [
                nw.when(there).then(nw.col(name)).min().alias(f"{name}_{place}")
                for name in ("value", "share")
            ]
        found = to_polars(self._counted.select(*terms)).row(0)
        values, ranks = np.array(found[::2]), np.array(found[1::2])
        _, kept = np.unique(values, return_index=True)
        return values[kept], ranks[kept]

    def bins(self, count: int) -> tuple[Array, Array, Array, Array]:
        """Return least, largest and mean number and how many there are, of every bin of equal width."""
        least, width = self.least, (self.most - self.least) / count
        place = (nw.col("value") - least) / nw.lit(width)
        number = nw.when(place < count).then(place.floor()).otherwise(nw.lit(float(count - 1)))
        inside = (place - nw.col("bin")) * float(2**30)  # below one bin, or at its end
        rows = self._rows.with_columns(number.alias("bin"))
        found = to_polars(
            rows.with_columns(inside.floor().cast(nw.Int64).alias("inside"))
            .group_by("bin")
            .agg(
                nw.col("value").min().alias("least"),
                nw.col("value").max().alias("most"),
                nw.col("inside").sum().cast(nw.Float64).alias("inside"),
                nw.len().cast(nw.Float64).alias("count"),
            )
        ).sort("bin")
        counts = found["count"].to_numpy()
        means = least + width * (found["bin"].to_numpy() + found["inside"].to_numpy() / counts / 2**30)
        return found["least"].to_numpy(), found["most"].to_numpy(), means, counts

    @cached_property
    def _extent(self) -> dict[str, Any]:
        value = nw.col("value")
        terms = (nw.len().alias("count"), value.min().alias("least"), value.max().alias("most"))
        return to_polars(self._rows.select(*terms)).row(0, named=True)

    @cached_property
    def _shares(self) -> dict[str, Any]:
        share = nw.col("share")
        terms = (nw.len().alias("distinct"), share.min().alias("first"), share.max().alias("last"))
        return to_polars(self._counted.select(*terms)).row(0, named=True)

    @property
    def _counted(self) -> nw.LazyFrame[Any]:
        """The different numbers: how often each is there, how many are no larger, and its mid-rank share."""
        counted = self._rows.group_by("value").agg(nw.len().cast(nw.Int64).alias("count"))
        counted = counted.with_columns(nw.col("count").cum_sum().over(order_by="value").alias("upto"))
        below = nw.col("upto").cast(nw.Float64) - nw.col("count").cast(nw.Float64) / 2
        return counted.with_columns((below / nw.lit(float(len(self)))).alias("share"))

    def _at(self, places: set[int]) -> dict[int, float]:
        """Return the numbers at some places of the rising order, counted from 0."""
        upto, value = nw.col("upto"), nw.col("value")
        terms = [nw.when(upto > place).then(value).min().alias(str(place)) for place in sorted(places)]
        found = to_polars(self._counted.select(*terms)).row(0)
        return dict(zip(sorted(places), map(float, found), strict=True))

    def _mean(self, value: nw.Expr, largest: float) -> float:
        """Return a mean, summed in whole parts of powers of two and then in parts of these.

        Parameters
        ----------
        largest : no number is larger in size.
        """
        if not largest:
            return 0.0
        fine = _BITS - len(self).bit_length()
        power = min(fine - math.frexp(largest)[1], _FINEST)
        scaled = value * math.ldexp(1.0, power)
        whole = scaled.floor()
        rest = ((scaled - whole) * math.ldexp(1.0, fine)).floor()
        terms = [part.cast(nw.Int64).sum().cast(nw.Int64).alias(name)
                 for name, part in (("whole", whole), ("rest", rest))]  # fmt: skip
        found = to_polars(self._rows.select(*terms)).row(0)
        total = Fraction(found[0]) + Fraction(found[1], 2**fine)
        return float(total / len(self) / Fraction(2) ** power)


Numbers = Array | EngineColumn
"""A column of known numbers: (n,) finite, or where it lies."""


def known_numbers(frame: nw.LazyFrame[Any], value: nw.Expr) -> Numbers:
    """Return the numbers of a column that are known, at hand where Polars computes the frame."""
    if not frame.implementation.is_polars():
        return EngineColumn(frame, value)
    column = to_polars(frame.select(value.cast(nw.Float64).alias("value")))["value"]
    return column.drop_nulls().to_numpy()


def quantiles(numbers: Numbers, shares: Sequence[float]) -> tuple[float, ...]:
    """Return quantiles: type 7 of Hyndman & Fan (1996).

    >>> quantiles(np.array([1.0, 2.0, 4.0]), [0.25, 0.5])
    (1.5, 2.0)
    """
    if isinstance(numbers, EngineColumn):
        return numbers.quantiles(shares)
    return tuple(float(value) for value in np.quantile(numbers, shares))


def median(numbers: Numbers) -> float:
    """Return the median."""
    return numbers.median() if isinstance(numbers, EngineColumn) else float(np.median(numbers))


def mean(numbers: Numbers) -> float:
    """Return the arithmetic mean, whose last digit does not depend on the order of the numbers."""
    return numbers.mean() if isinstance(numbers, EngineColumn) else fmean(numbers)


def deviation(numbers: Numbers) -> float:
    """Return the standard deviation with n as divisor; that of a constant is 0.

    >>> deviation(np.array([0.1, 0.1, 0.1])), deviation(np.array([1.0, 3.0]))
    (0.0, 1.0)
    """
    if isinstance(numbers, EngineColumn):
        return numbers.deviation()
    if numbers.min() == numbers.max():  # a constant's deviation is 0, not a rounding
        return 0.0
    return math.sqrt(math.fsum((numbers - fmean(numbers)) ** 2) / len(numbers))


def clipped(numbers: Numbers, low: float, high: float) -> Numbers:
    """Return the numbers, limited on both sides."""
    return numbers.clipped(low, high) if isinstance(numbers, EngineColumn) else np.clip(numbers, low, high)


def mid_ranks(distinct: Array, counts: NDArray[np.int64], most: int) -> tuple[Array, Array]:
    """Return numbers and the share of each: of smaller ones plus half of those equal to it.

    Of more than `most` different numbers those nearest to evenly spaced shares are kept, the ends always; the
    share of a number that is kept is exact.

    Parameters
    ----------
    distinct : the different numbers, rising. counts : how often each is there.
    """
    shares = (np.cumsum(counts) - counts / 2) / counts.sum()
    if len(distinct) > most:
        wanted = np.arange(most) * ((shares[-1] - shares[0]) / (most - 1)) + shares[0]
        wanted[-1] = shares[-1]
        found = np.searchsorted(shares, wanted - _SHARE)
        kept = found[np.diff(found, prepend=-1) > 0]
        distinct, shares = distinct[kept], shares[kept]
    return distinct, shares
