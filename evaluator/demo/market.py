"""The customers of the demo: what each is like underneath, before any record of it exists.

Everything a study later measures follows from a few hidden traits, so that records, grades and
surveys of one customer agree with one another as they do in a real company: a large customer buys
much, a close one stays, pays in time and is graded well, and the two go together only partly.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

CUSTOMERS = 300
FIRST = date(2023, 1, 1)
AS_OF = date(2026, 1, 1)
DAYS = (AS_OF - FIRST).days
_TRAITS = np.array(  # size, bond, drive, credit: how far they go together
    [[1.00, 0.05, 0.05, 0.15], [0.05, 1.00, 0.35, 0.40], [0.05, 0.35, 1.00, 0.10], [0.15, 0.40, 0.10, 1.00]]
)
_NEW, _LAPSED, _NEVER = 0.12, 0.11, 0.01  # shares of the customers


@dataclass(frozen=True)
class Market:
    """Hidden traits of every customer (arrays of one length), mostly standard normal.

    Parameters
    ----------
    size : how much it needs, `bond` how close it is to us, `drive` how it grows, `credit` how it pays.
    yearly : what it buys from us in a year at the middle of the period, in CNY.
    orders : how often it orders in a year.
    growth : growth of its purchases per year, as a difference of logarithms.
    share : part of its needs it buys from us.
    start, stop : first day it is a customer and the first day it no longer is, counted from `FIRST`.
    """

    size: Numbers
    bond: Numbers
    drive: Numbers
    credit: Numbers
    yearly: Numbers
    orders: Numbers
    growth: Numbers
    share: Numbers
    start: NDArray[np.int64]
    stop: NDArray[np.int64]

    @property
    def count(self) -> int:
        """How many customers there are."""
        return len(self.size)


def market(rng: np.random.Generator, count: int = CUSTOMERS) -> Market:
    """Return customers with coherent traits.

    >>> market(np.random.default_rng(1), 50).count
    50
    """
    size, bond, drive, credit = rng.multivariate_normal(np.zeros(4), _TRAITS, count, method="cholesky").T
    share = 1 / (1 + np.exp(-(-0.7 + 0.8 * bond + rng.normal(0, 0.5, count))))
    yearly = np.exp(12.05 + 1.15 * size + 0.15 * bond + rng.normal(0, 0.25, count))
    orders = np.clip(np.exp(2.3 + 0.35 * size + 0.1 * bond + rng.normal(0, 0.2, count)), 2, 60)
    start, stop = _lives(rng, bond)
    return Market(
        size=size,
        bond=bond,
        drive=drive,
        credit=credit,
        yearly=yearly,
        orders=orders,
        growth=0.04 + 0.16 * drive + rng.normal(0, 0.05, count),
        share=share,
        start=start,
        stop=stop,
    )


def day(number: int) -> date:
    """Return the date of a day counted from the first one."""
    return FIRST + timedelta(days=number)


def _lives(rng: np.random.Generator, bond: Numbers) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return first and last days: most stay throughout, some are new, the distant ones tend to lapse."""
    count = len(bond)
    start, stop = np.zeros(count, dtype=np.int64), np.full(count, DAYS, dtype=np.int64)
    new = rng.random(count) < _NEW
    start[new] = rng.integers(DAYS // 3, DAYS - 60, new.sum())
    tendency = bond + rng.normal(0, 1, count) + 10 * new
    lapsed = np.argsort(tendency)[: round(_LAPSED * count)]
    stop[lapsed] = DAYS - rng.integers(90, 600, len(lapsed))
    never = np.argsort(tendency)[::-1][: round(_NEVER * count)]
    start[never] = DAYS
    return start, stop
