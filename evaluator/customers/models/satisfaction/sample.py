"""How many customers to ask."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist

from evaluator.errors import Issue, raise_errors


def sample_margin(
    answers: int, *, confidence: float = 0.95, share: float = 0.5, population: int | None = None
) -> float:
    """Return half the width of the interval that so many answers give a share, d = z·√(p(1 − p)/n).

    In a finite population times √((N − n)/(N − 1)). Parameters and limits as `sample_size`, of which it is
    the inverse.

    Raises
    ------
    EvaluationError
        answers or population not above 0, confidence or share outside 0–1.

    >>> round(sample_margin(385), 4)
    0.0499
    """
    positive = {"answers": answers, "population": population}
    _raise_unfit(positive, {"confidence": 0 < confidence < 1, "share": 0 <= share <= 1})
    margin = NormalDist().inv_cdf(0.5 + confidence / 2) * math.sqrt(share * (1 - share) / answers)
    if population is not None and population > 1:
        margin *= math.sqrt(max(population - answers, 0) / (population - 1))
    return margin


@dataclass(frozen=True)
class SamplePlan:
    """How many answers are needed, how many must be invited for them, and the normal quantile used."""

    answers: int
    invitations: int
    z: float


def sample_size(
    margin: float,
    *,
    confidence: float = 0.95,
    share: float = 0.5,
    deviation: float | None = None,
    population: int | None = None,
    response: float = 1.0,
) -> SamplePlan:
    """Return how many answers a survey needs, n = z²·p(1 − p)/d².

    For a mean, n = (z·s/d)². In a finite population n becomes n/(1 + (n − 1)/N).

    Parameters
    ----------
    margin : d, half the width of the interval: a share (0.05 is five points), or in the unit of the mean.
    confidence : chance that the interval holds the true figure.
    share : p, the share expected; 0.5 asks the most.
    deviation : s, standard deviation of the answers, where a mean is wanted instead of a share.
    population : N, how many customers there are.
    response : share of those invited who answer.

    Raises
    ------
    EvaluationError
        a margin, deviation or population not above 0; confidence, share or response outside 0–1, or 0 where
        that asks infinitely many.

    Limits: holds for a random sample; those who answer are seldom one.

    References
    ----------
    Cochran (1977), Sampling Techniques, 3rd ed., Wiley, ch. 4.

    >>> sample_size(0.05).answers
    385
    """
    positive = {"margin": margin, "deviation": deviation, "population": population}
    fits = {"confidence": 0 < confidence < 1, "share": 0 <= share <= 1, "response": 0 < response <= 1}
    _raise_unfit(positive, fits)
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    variance = share * (1 - share) if deviation is None else deviation**2
    needed = z * z * variance / margin**2
    if population is not None:
        needed /= 1 + (needed - 1) / population
    answers = max(1, math.ceil(needed - 1e-9))
    return SamplePlan(answers, math.ceil(answers / response - 1e-9), z)


def _raise_unfit(positive: Mapping[str, float | None], fits: Mapping[str, bool]) -> None:
    """Raise what is stated and not above 0, and the shares that are none."""
    raise_errors(
        [
            *(Issue("CUST-922", n, {"value": x}) for n, x in positive.items() if x is not None and not x > 0),
            *(Issue("CUST-920", name) for name, fit in fits.items() if not fit),
        ]
    )
