"""sBG: contracts that are renewed or not, period by period, with a beta-spread chance to leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from evaluator.customers.likelihoods.beta_average import log_odds
from evaluator.customers.likelihoods.gammas import digamma, log_rising
from evaluator.customers.likelihoods.likelihood import Estimate, maximize
from evaluator.customers.models.retention.retention import offset
from evaluator.customers.models.retention.survival import check_cohort, cohort_issues
from evaluator.customers.terms import (
    Array,
    Terms,
    Timing,
    at_least,
    check,
    discount,
    endless,
    money_terms,
    numbers,
)
from evaluator.displayed import Displayed
from evaluator.errors import EvaluationError, Issue, raise_errors


@dataclass(frozen=True)
class ShiftedBetaGeometric:
    """Chances to leave at a renewal ~ Beta(α, β): retention rises because who stays was loyal all along.

    References
    ----------
    Fader, P. S., Hardie, B. G. S. (2007), Journal of Interactive Marketing 21(1), 76–90.
    doi:10.1002/dir.20074

    >>> model = ShiftedBetaGeometric(0.704, 1.182)
    >>> model.survival([0, 1, 2]).round(3), model.retention([1, 2]).round(3)
    (array([1.   , 0.627, 0.474]), array([0.627, 0.756]))
    """

    alpha: float
    beta: float
    names: ClassVar[tuple[str, ...]] = ("alpha", "beta")

    def survival(self, renewals: ArrayLike) -> Array:
        """Return S(t) = B(α, β + t)/B(α, β), the share left after t renewals; t may be a fraction."""
        t = np.asarray(renewals, dtype=np.float64)
        return np.asarray(np.exp(log_rising(self.beta, t) - log_rising(self.alpha + self.beta, t)))

    def retention(self, renewal: ArrayLike) -> Array:
        """Return r(t) = (β + t − 1)/(α + β + t − 1), the share renewed at the t-th renewal, t ≥ 1."""
        t = np.asarray(renewal, dtype=np.float64)
        return np.asarray((self.beta + t - 1) / (self.alpha + self.beta + t - 1))


@dataclass(frozen=True)
class FittedContracts(Displayed):
    """The model fitted to one cohort, or to several."""

    model: ShiftedBetaGeometric
    estimate: Estimate


@dataclass(frozen=True)
class ContractValue(Displayed):
    """Value still to come of a contract after some renewals, mean of the group; `payments` expected."""

    value: float
    payments: float
    terms: Terms


def fit_contracts(customers: ArrayLike) -> FittedContracts:
    """Fit the model to the customers of one cohort still there after 0, 1, 2 … renewals.

    Parameters
    ----------
    customers : (n + 1,), at least two renewals. Percentages give the same parameters; standard errors
        are then those of a hundred customers.

    Raises
    ------
    EvaluationError
        fewer than three numbers, an empty cohort, the cohort grew, nobody or everybody left: nothing to tell
        customers apart by.

    >>> fit_contracts([1000, 631, 640])
    Traceback (most recent call last):
    evaluator.errors.EvaluationError: CLV-909 ...
    """
    counts = np.atleast_1d(numbers("customers", customers))
    check_cohort(counts)
    estimate = maximize(
        lambda theta: _likelihood(theta, counts),
        ShiftedBetaGeometric.names,
        [[1.0, 1.0], [1.0, 5.0]],
        observations=float(counts[0]),
    )
    return FittedContracts(ShiftedBetaGeometric(*map(float, estimate.values)), estimate)


def fit_cohorts(cohorts: Mapping[str, ArrayLike]) -> FittedContracts:
    """Fit one model to several cohorts, such as one for each year, each as far as it is observed.

    Parameters
    ----------
    cohorts : by name, the customers of a cohort still there after 0, 1, 2 … renewals; at least one
        renewal each, and two of one of them. What all left in the same way is one chance for all.

    Raises
    ------
    EvaluationError
        as `fit_contracts`, each problem under the name of its cohort.

    References
    ----------
    Fader, P. S., Hardie, B. G. S. (2007), as `ShiftedBetaGeometric`; cohorts are independent draws.

    >>> model = fit_cohorts({"2021": [1000, 631, 468], "2022": [900, 570]}).model
    >>> round(float(model.retention(1)), 3)
    0.632
    """
    counts = {name: np.atleast_1d(numbers(name, values)) for name, values in cohorts.items()}
    raise_errors(issue for name, values in counts.items() for issue in cohort_issues(name, values, least=2))
    longest = max(counts, key=lambda name: counts[name].size, default="cohorts")
    if not counts or counts[longest].size < 3:
        found = counts[longest].size if counts else 0
        raise EvaluationError([Issue("CLV-904", longest, {"found": found, "expected": 3})])
    stayed = all(values[-1] == values[0] for values in counts.values())
    if stayed or all(values[1] == 0 for values in counts.values()):
        raise EvaluationError([Issue("CLV-911", "retention", {"value": float(stayed)})])

    def likelihood(theta: Array) -> tuple[float, Array]:
        parts = [_likelihood(theta, values) for values in counts.values()]
        return float(sum(value for value, _ in parts)), np.sum([slope for _, slope in parts], axis=0)

    acquired = float(sum(values[0] for values in counts.values()))
    estimate = maximize(
        likelihood, ShiftedBetaGeometric.names, [[1.0, 1.0], [1.0, 5.0]], observations=acquired
    )
    return FittedContracts(ShiftedBetaGeometric(*map(float, estimate.values)), estimate)


def contract_value(
    model: ShiftedBetaGeometric,
    margin: float,
    *,
    renewals: int = 0,
    discount_rate: float,
    horizon: int | None,
    currency: str,
    period: float = 1.0,
    margins_at: Timing = "start",
) -> ContractValue:
    """Return margin·Σ_t S(n + t)/S(n)·(1+d)^−t of a customer who has renewed n times.

    With no renewal yet the first payment, t = 0, is counted: the customer is about to sign. After n ≥ 1
    renewals the sum starts with the next one, t = 1: what is paid is past.

    Parameters
    ----------
    margin : per period under contract. horizon : last period counted; None goes on without end.
    period : length of a contract in years; `discount_rate` is per year.

    Raises
    ------
    EvaluationError
        no discount and no horizon.

    References
    ----------
    Fader, P. S., Hardie, B. G. S. (2010), Marketing Science 29(1), 85–93. doi:10.1287/mksc.1080.0482

    >>> money = {"discount_rate": 0.1, "horizon": 4, "currency": "USD"}
    >>> round(contract_value(ShiftedBetaGeometric(0.668, 3.806), 100.0, **money).value, 2)
    331.05
    """
    gain = float(numbers("margin", margin))
    check(money_terms(discount_rate, horizon, period), at_least("renewals", renewals))
    first, left = int(renewals > 0), ShiftedBetaGeometric(model.alpha, model.beta + renewals)
    step = float(discount(discount_rate, period))
    if horizon is None:
        endless("discount_rate", step)
        # S(n + t)/S(n) is the mean of (1 − p)^t over those left, so the sum over t that of a geometric one
        p, weights = log_odds(left.alpha, left.beta, max(-float(np.log1p(-step)), 0.0))
        payments = float(weights @ ((step * (1 - p)) ** first / (1 - step + step * p)))
    else:
        t = np.arange(first, horizon + 1)
        payments = float(left.survival(t) @ step**t)
    payments *= step ** offset(margins_at)
    terms = Terms("group", discount_rate, horizon, period, currency, margins_at)
    return ContractValue(gain * payments, payments, terms)


def _likelihood(theta: Array, counts: Array) -> tuple[float, Array]:
    """Return Σ lost_t·ln P(T = t) + left·ln S(n) and its gradient; P(T=t) = α/(α+β+t−1)·S(t−1)."""
    a, b = theta
    lost, t = -np.diff(counts), np.arange(1, counts.size)
    left, n = counts[-1], counts.size - 1

    def log_survival(renewals: ArrayLike) -> Array:
        return log_rising(b, renewals) - log_rising(a + b, renewals)

    psi = digamma
    value = lost @ (np.log(a / (a + b + t - 1)) + log_survival(t - 1)) + left * float(log_survival(n))
    whole = lost @ (psi(a + b) - psi(a + b + t)) + left * (psi(a + b) - psi(a + b + n))
    da = lost.sum() / a + whole
    db = lost @ (psi(b + t - 1) - psi(b)) + left * (psi(b + n) - psi(b)) + whole
    return float(value), np.array([da, db])
