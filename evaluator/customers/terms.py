"""What every lifetime value rests on: when money flows, how it is discounted, how far it is followed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluator.brief import Brief
from evaluator.errors import EvaluationError, Issue, raise_errors

Array = NDArray[np.float64]
Level = Literal["group", "customer"]
Timing = Literal["start", "middle", "end", "moment"]
Unit = Literal["day", "week", "month", "year"]

PER_YEAR: dict[str, float] = {"day": 365.25, "week": 365.25 / 7, "month": 12.0, "year": 1.0}

OFFSETS: dict[str, float] = {"start": 0.0, "middle": 0.5, "end": 1.0}
"""How far into its period a flow lies. ``moment`` has no offset: it is discounted when it happens."""


@dataclass(frozen=True, slots=True)
class Terms(Brief):
    """The conditions of a lifetime value; they are printed beside it.

    Attributes
    ----------
    level : whether the amount is the mean of a group or belongs to one customer; the two never mix.
    discount_rate : effective rate per year.
    horizon : how many periods are followed, None without end.
    period : length of a period in years.
    margins_at, costs_at : when in its period a flow counts; the catalogues say it under
        ``clv.timing.<name>``. Costs are None where the method has none of its own.
    """

    level: Level
    discount_rate: float
    horizon: float | None
    period: float
    currency: str
    margins_at: Timing
    costs_at: Timing | None = None


def discount(rate: float, years: ArrayLike) -> Array:
    """Return (1 + d)^−t, the value today of 1 after t years.

    >>> discount(0.1, [0, 1, 2]).round(4)
    array([1.    , 0.9091, 0.8264])
    """
    return np.asarray((1.0 + rate) ** -np.asarray(years, dtype=np.float64))


def numbers(subject: str, values: ArrayLike) -> Array:
    """Return values as float64; raises where one is no number, missing or infinite."""
    try:
        read = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise EvaluationError([Issue("CLV-902", subject, {"count": 1})]) from None
    if bad := int((~np.isfinite(read)).sum()):
        raise EvaluationError([Issue("CLV-902", subject, {"count": bad})])
    return read


def probabilities(subject: str, values: ArrayLike) -> Iterator[Issue]:
    """Yield an issue for values outside 0–1."""
    read = np.atleast_1d(np.asarray(values, dtype=np.float64))
    bad = read[~((read >= 0) & (read <= 1))]
    if bad.size:
        yield Issue("CLV-901", subject, {"found": ", ".join(f"{value:g}" for value in bad[:5])})


def above(subject: str, values: ArrayLike, limit: float = 0.0) -> Iterator[Issue]:
    """Yield an issue for values that are not above a limit."""
    read = np.atleast_1d(np.asarray(values, dtype=np.float64))
    yield from _bounded(subject, read[~(read > limit)], ">", limit)


def at_least(subject: str, values: ArrayLike, limit: float = 0.0) -> Iterator[Issue]:
    """Yield an issue for values below a limit."""
    read = np.atleast_1d(np.asarray(values, dtype=np.float64))
    yield from _bounded(subject, read[~(read >= limit)], "≥", limit)


def money_terms(discount_rate: float, horizon: float | None, period: float = 1.0) -> Iterator[Issue]:
    """Yield what is wrong with the conditions: a rate of −1 or less, a horizon below 0, no period."""
    yield from above("discount_rate", discount_rate, -1.0)
    yield from above("period", period)
    if horizon is not None:
        yield from at_least("horizon", horizon)


def same_length(subject: str, found: int, expected: int) -> Iterator[Issue]:
    """Yield an issue where there are more or fewer values than needed."""
    if found != expected:
        yield Issue("CLV-904", subject, {"found": found, "expected": expected})


def endless(subject: str, factor: float) -> None:
    """Refuse: a sum without end has no value: what stays each period is not below 1."""
    if not factor < 1:
        raise EvaluationError([Issue("CLV-905", subject, {"factor": factor})])


def check(*issues: Iterator[Issue]) -> None:
    """Raise everything that was found, together."""
    raise_errors(issue for found in issues for issue in found)


def _bounded(subject: str, bad: Array, relation: str, limit: float) -> Iterator[Issue]:
    if bad.size:
        found = ", ".join(f"{value:g}" for value in bad[:5])
        yield Issue("CLV-903", subject, {"found": found, "relation": relation, "limit": f"{limit:g}"})
