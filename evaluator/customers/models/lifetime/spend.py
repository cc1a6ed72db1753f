"""Gamma–Gamma: what a customer spends per purchase, between their own mean and everybody's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from evaluator.customers.likelihoods.gammas import digamma, log_beta
from evaluator.customers.likelihoods.likelihood import Estimate, maximize
from evaluator.customers.records import about, records
from evaluator.customers.terms import Array
from evaluator.displayed import Displayed
from evaluator.errors import EvaluationError, Issue, Severity, raise_errors


@dataclass(frozen=True)
class GammaGamma:
    """Amounts of a customer ~ Gamma(p, ν), their ν ~ Gamma(q, γ); independent of how often they buy.

    References
    ----------
    Fader, P. S., Hardie, B. G. S., Lee, K. L. (2005), Journal of Marketing Research 42(4), 415–430.
    doi:10.1509/jmkr.2005.42.4.415

    >>> model = GammaGamma(p=6.25, q=3.74, gamma=15.44)
    >>> model.expected_spend([0, 1, 7], [0, 22.35, 73.74]).round(2)
    array([35.22, 26.27, 71.47])
    """

    p: float
    q: float
    gamma: float
    names: ClassVar[tuple[str, ...]] = ("p", "q", "gamma")

    def expected_spend(self, x: ArrayLike, mean: ArrayLike) -> Array:
        """Return p·(γ + x·m)/(p·x + q − 1): a customer's mean amount, drawn towards that of all.

        Parameters
        ----------
        x : amounts known of the customer, 0 where there is none. mean : of them; any number at x = 0.

        Raises
        ------
        EvaluationError
            where the mean is infinite: q ≤ 1 and too few amounts to say better.
        """
        x, mean = np.asarray(x, dtype=np.float64), np.asarray(mean, dtype=np.float64)
        below = self.p * x + self.q - 1
        if not (below > 0).all():
            raise EvaluationError([Issue("CLV-914", "q", {"q": self.q, "count": int((below <= 0).sum())})])
        return np.asarray(self.p * (self.gamma + np.where(x > 0, x * mean, 0.0)) / below)


@dataclass(frozen=True)
class FittedSpend(Displayed):
    """A model of amounts fitted to `customers` with repeat purchases.

    `correlation` of number and mean of purchases: the model takes it for 0.
    """

    model: GammaGamma
    estimate: Estimate
    customers: int
    correlation: float
    issues: tuple[Issue, ...] = ()


def fit_spend(native: Any, *, most_correlation: float = 0.3, least_customers: int = 30) -> FittedSpend:
    """Fit Gamma–Gamma by maximum likelihood to the mean amounts of repeat purchases.

    Parameters
    ----------
    native : one row per customer: `id`, `frequency` (how many amounts), `monetary` (their mean, missing
        where there is none); `customers.purchase_history` makes it, without the first purchase.
    most_correlation : of frequency and mean amount, above which there is a warning.
    least_customers : with an amount, below which there is a warning.

    Raises
    ------
    EvaluationError
        nobody bought again, an amount is missing or not above 0.

    >>> fit_spend(pl.DataFrame({"id": ["a", "b"], "frequency": [1, 2], "monetary": [20.0, 0.0]}))
    Traceback (most recent call last):
    evaluator.errors.EvaluationError: CLV-917 ...
    """
    frame = amounts(native)
    known = frame.filter(pl.col("frequency") > 0)
    found = _thin(known.height, frame.height, least_customers)
    raise_errors(found)
    x, mean = known["frequency"].to_numpy(), known["monetary"].to_numpy()
    varied = len(x) > 1 and np.ptp(x) > 0 and np.ptp(mean) > 0
    correlation = float(np.corrcoef(x, mean)[0, 1]) if varied else 0.0
    if abs(correlation) > most_correlation:
        detail = {"correlation": correlation, "most": most_correlation}
        found.append(Issue("CLV-915", "monetary", detail, severity=Severity.WARNING))
    scale = float(mean.mean())
    estimate = maximize(
        lambda theta: _likelihood(theta, x, mean),
        GammaGamma.names,
        [[5.0, 4.0, scale * 0.6], [1.0, 2.0, scale]],
        observations=float(len(x)),
    )
    model = GammaGamma(*(float(value) for value in estimate.values))
    return FittedSpend(model, estimate, len(x), correlation, (*found, *estimate.issues))


def amounts(native: Any) -> pl.DataFrame:
    """Return id, frequency and monetary, checked."""
    frame = records(native, numbers=("frequency", "monetary"), non_negative=("frequency",))
    spent = pl.col("monetary")
    wrong = frame.filter(
        pl.col("frequency").is_null() | ((pl.col("frequency") > 0) & ~(spent > 0).fill_null(False))
    )
    raise_errors(about("CLV-917", "monetary", wrong["id"]))
    return frame


def _thin(repeaters: int, customers: int, least: int) -> list[Issue]:
    if repeaters >= least and repeaters > 0:
        return []
    detail = {"repeaters": repeaters, "customers": customers, "least": least}
    return [Issue("CLV-912", "gamma_gamma", detail,
                  severity=Severity.WARNING if repeaters else Severity.ERROR)]  # fmt: skip


def _likelihood(theta: Array, x: Array, mean: Array) -> tuple[float, Array]:
    """Return Σ ln w^(px)·(1−w)^q/[B(px, q)·m], w = xm/(γ+xm), and its gradient."""
    p, q, gamma = theta
    psi, shape, spent = digamma, p * x, x * mean
    log_w, log_rest = -np.log1p(gamma / spent), -np.log1p(spent / gamma)
    value = shape * log_w + q * log_rest - log_beta(shape, q) - np.log(mean)
    whole = psi(shape + q)
    dp = x * (whole - psi(shape) + log_w)
    dq = whole - psi(q) + log_rest
    dgamma = q / gamma - (shape + q) / (gamma + spent)
    return float(value.sum()), np.array([dp.sum(), dq.sum(), dgamma.sum()])
