"""Dynamic retention: customers whose chance to stay changes with the age of the relationship."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from evaluator.customers.likelihoods.likelihood import Estimate, maximize
from evaluator.customers.terms import Array, above, at_least, check, numbers
from evaluator.displayed import Displayed
from evaluator.errors import EvaluationError, Issue, raise_errors


@dataclass(frozen=True)
class Weibull:
    """S(t) = exp[−(t/λ)^κ]: with κ < 1 customers grow loyal, with κ > 1 they tire, κ = 1 is constant.

    Parameters
    ----------
    scale : λ in years, when 1/e of the customers are left. shape : κ.

    Raises `EvaluationError` where one of them is not above 0.

    >>> Weibull(scale=5, shape=0.8)(np.array([0.0, 1.0, 5.0])).round(4)
    array([1.    , 0.7589, 0.3679])
    """

    scale: float
    shape: float
    names: ClassVar[tuple[str, ...]] = ("scale", "shape")

    def __post_init__(self) -> None:
        check(above("scale", self.scale), above("shape", self.shape))

    def __call__(self, t: Array) -> Array:
        """Return the share of customers left after t years."""
        return np.asarray(np.exp(-((np.asarray(t, dtype=np.float64) / self.scale) ** self.shape)))

    def retention(self, year: ArrayLike) -> Array:
        """Return r(t) = S(t)/S(t − 1), the share of those left who stay through their t-th year."""
        t = np.asarray(year, dtype=np.float64)
        return np.asarray(np.exp(((t - 1) / self.scale) ** self.shape - (t / self.scale) ** self.shape))


@dataclass(frozen=True)
class FittedWeibull(Displayed):
    """The curve fitted to one cohort, with standard errors of its parameters."""

    model: Weibull
    estimate: Estimate


def fit_weibull(customers: ArrayLike, years: ArrayLike | None = None) -> FittedWeibull:
    """Fit by maximum likelihood to the customers of one cohort still there at several ages.

    Σ_t (N_{t−1} − N_t)·ln[S(t−1) − S(t)] + N_n·ln S(n).

    Parameters
    ----------
    customers : (n + 1,) the first at age 0; at least three. Percentages give the same curve, and the
        standard errors of a hundred customers.
    years : (n + 1,) their ages, rising from 0. Default 0, 1, 2 …

    Raises
    ------
    EvaluationError
        an empty cohort; the cohort grew; nobody left, or everybody at once.

    References
    ----------
    Lawless, J. F. (2003), Statistical Models and Methods for Lifetime Data, 2nd ed., Wiley.

    >>> fit_weibull([100, 80, 90])
    Traceback (most recent call last):
    evaluator.errors.EvaluationError: CLV-909 ...
    """
    counts = np.atleast_1d(numbers("customers", customers))
    ages = np.arange(counts.size, dtype=np.float64) if years is None else numbers("years", years)
    check_cohort(counts)
    if ages.shape != counts.shape:
        raise EvaluationError([Issue("CLV-904", "years", {"found": ages.size, "expected": counts.size})])
    check(above("years", np.diff(ages)), at_least("years", -abs(ages[0])))
    typical = float(ages[-1] / max(-np.log(max(counts[-1], 0.5) / counts[0]), 1e-3))
    estimate = maximize(
        lambda theta: _likelihood(theta, counts, ages),
        Weibull.names,
        [[typical, 1.0], [typical, 0.5]],
        observations=float(counts[0]),
    )
    return FittedWeibull(Weibull(*map(float, estimate.values)), estimate)


def check_cohort(counts: Array) -> None:
    """Raise what is wrong with the customers of a cohort over time."""
    raise_errors(cohort_issues("customers", counts, least=3))
    if counts[-1] == counts[0] or counts[1] == 0:
        raise EvaluationError([Issue("CLV-911", "retention", {"value": float(counts[-1] > 0)})])


def cohort_issues(name: str, counts: Array, *, least: int) -> Iterator[Issue]:
    """Yield the first thing that is wrong with a cohort."""
    if issues := tuple(at_least(name, counts)):
        yield from issues
    elif counts.size < least:
        yield Issue("CLV-904", name, {"found": counts.size, "expected": least})
    elif counts[0] == 0:
        yield Issue("CLV-907", name)
    elif (grew := np.flatnonzero(np.diff(counts) > 0)).size:
        yield Issue("CLV-909", name, {"period": int(grew[0]) + 1})


def _likelihood(theta: Array, counts: Array, ages: Array) -> tuple[float, Array]:
    scale, shape = theta
    with np.errstate(divide="ignore", invalid="ignore"):
        hazard = (ages / scale) ** shape
        left = np.exp(-hazard)
        by_scale = left * hazard * shape / scale
        by_shape = np.where(ages > 0, -left * hazard * np.log(ages / scale), 0.0)
    lost = -np.diff(counts)
    gone = np.maximum(-np.diff(left), 1e-300)
    value = lost @ np.log(gone) - counts[-1] * hazard[-1]
    slope = [
        -(lost @ (np.diff(by) / gone)) + counts[-1] * by[-1] / max(left[-1], 1e-300)
        for by in (by_scale, by_shape)
    ]
    return float(value), np.array(slope)
