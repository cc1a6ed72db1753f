"""Brand switching: lifetime value with every brand a customer may choose, and what an improvement returns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from evaluator.customers.models.retention.migration import chain
from evaluator.customers.terms import (
    Array,
    Terms,
    above,
    at_least,
    check,
    discount,
    money_terms,
    numbers,
    probabilities,
    same_length,
)
from evaluator.displayed import Displayed
from evaluator.errors import EvaluationError, Issue


@dataclass(frozen=True)
class BrandValues(Displayed):
    """Lifetime values of customers with each of m brands.

    Attributes
    ----------
    values : (n, m) CLV_ij of customer i with brand j. equity : (m,) mean CLV · population.
    share : (m,) of the equity of all brands, CES.
    """

    values: Array
    equity: Array
    share: Array
    population: float
    terms: Terms


@dataclass(frozen=True)
class Effect:
    """What one driver, raised by `step`, adds to the equity of the own brand."""

    driver: str
    step: float
    gain: float
    share_gain: float


def choice_probabilities(utilities: ArrayLike, inertia: float) -> Array:
    """Return M (…, m, m), M_jk = softmax_k(β₀·[k = j] + u_k): who last bought j buys k next.

    Parameters
    ----------
    utilities : (…, m) u_k = x_k·β₁ of each brand, from a survey.
    inertia : β₀, the pull of the brand bought last.

    References
    ----------
    Rust, R. T., Lemon, K. N., Zeithaml, V. A. (2004), Journal of Marketing 68(1), 109–127.
    doi:10.1509/jmkg.68.1.109.24030

    >>> choice_probabilities([0.0, 0.0], np.log(3)).round(2)
    array([[0.75, 0.25],
           [0.25, 0.75]])
    """
    u = np.atleast_1d(numbers("utilities", utilities))
    pull = u[..., None, :] + float(numbers("inertia", inertia)) * np.eye(u.shape[-1])
    odds = np.exp(pull - pull.max(-1, keepdims=True))
    return np.asarray(odds / odds.sum(-1, keepdims=True))


def brand_switching(
    switching: ArrayLike,
    first: ArrayLike,
    *,
    margin_per_purchase: ArrayLike,
    purchases_per_year: ArrayLike,
    years: float,
    discount_rate: float,
    currency: str,
    population: float,
) -> BrandValues:
    """Return CLV_ij = Σ_{t=0..⌊H·f_i⌋} (1+d)^(−t/f_i)·V_i·B_ijt with B_it = A_i·M_i^t.

    Parameters
    ----------
    switching : M (m, m), or (n, m, m) of each customer; rows sum to at most 1. From a survey by
        `choice_probabilities`, from observed choices by `clv.transition_matrix` with smoothing.
    first : A (n, m) or (m,), the chance of each brand at the purchase t = 0.
    margin_per_purchase : V·π (n,) or one number; every brand is taken to earn the same.
    purchases_per_year : f (n,) or one number, of the whole category.
    years : H. population : customers the n stand for.

    Raises
    ------
    EvaluationError
        for numbers that are not finite or out of range, and shapes that do not fit.

    References
    ----------
    Rust, Lemon & Zeithaml (2004), as above.

    >>> found = brand_switching([[0.7, 0.3], [0.2, 0.8]], [1, 0], margin_per_purchase=10,
    ...                         purchases_per_year=2, years=3, discount_rate=0.1, currency="CNY",
    ...                         population=1000)
    >>> found.values.round(3), found.share.round(3)
    (array([[35.783, 25.168]]), array([0.587, 0.413]))
    """
    A = np.atleast_2d(numbers("first", first))
    n, m = A.shape
    M = _switching(switching, n, m)
    V, f = (
        np.asarray(np.broadcast_to(_each(name, value, n), (n,)))
        for name, value in (
            ("margin_per_purchase", margin_per_purchase),
            ("purchases_per_year", purchases_per_year),
        )
    )
    check(
        probabilities("first", A),
        above("purchases_per_year", f),
        above("population", numbers("population", population)),
        money_terms(discount_rate, float(numbers("years", years))),
    )
    if (A.sum(-1) > 1 + 1e-6).any():
        raise EvaluationError([Issue("CLV-906", "first", {"sum": float(A.sum(-1).max())})])
    last = np.floor(years * f + 1e-9)
    values, B = np.zeros((n, m)), A
    for t in range(int(last.max(initial=0)) + 1):
        worth = V * discount(discount_rate, t / f) * (t <= last)
        values += worth[:, None] * B
        B = np.einsum("nj,njk->nk", B, M)
    equity = values.mean(0) * population
    total = equity.sum()
    share = equity / total if total > 0 else np.full(m, np.nan)
    terms = Terms("customer", discount_rate, years, 1.0, currency, "moment")
    return BrandValues(values, equity, share, population, terms)


def return_on_improvement(
    before: float, after: float, outlays: ArrayLike, *, discount_rate: float, period: float = 1.0
) -> float:
    """Return ROI = (ΔCE − E)/E, E the discounted spending; 0.2 brings back 1.2 times what it costs.

    Parameters
    ----------
    before, after : customer equity without and with the improvement.
    outlays : spending at the start of each period, the first now.

    Raises
    ------
    EvaluationError
        nothing is spent, or a rate or period out of range.

    >>> round(return_on_improvement(1000, 1150, [55, 49.5], discount_rate=0.1), 4)
    0.5
    """
    spent = np.atleast_1d(numbers("outlays", outlays))
    check(at_least("outlays", spent), money_terms(discount_rate, None, period))
    cost = float(spent @ discount(discount_rate, np.arange(spent.size) * period))
    check(above("outlays", cost))
    gained = float(numbers("after", after)) - float(numbers("before", before))
    return (gained - cost) / cost


def driver_effects(
    ratings: ArrayLike,
    coefficients: ArrayLike,
    drivers: tuple[str, ...],
    first: ArrayLike,
    *,
    inertia: float,
    own: int,
    step: float,
    margin_per_purchase: ArrayLike,
    purchases_per_year: ArrayLike,
    years: float,
    discount_rate: float,
    currency: str,
    population: float,
) -> tuple[Effect, ...]:
    """Return ΔCE of the own brand when each driver alone is rated `step` better, the largest first.

    Parameters
    ----------
    ratings : x (m, k) of the brands, or (n, m, k) of each customer. coefficients : β₁ (k,).
    drivers : (k,) their names. own : place of the own brand. step : such as 0.1.
    first, inertia and the rest : as `brand_switching` and `choice_probabilities`.

    Raises
    ------
    EvaluationError
        as `brand_switching`.

    >>> effects = driver_effects([[3, 4], [3, 4]], [0.5, 0.1], ("quality", "loyalty"), [0.5, 0.5],
    ...     inertia=1.0, own=0, step=0.1, margin_per_purchase=10, purchases_per_year=2, years=3,
    ...     discount_rate=0.1, currency="CNY", population=1000)
    >>> [effect.driver for effect in effects], effects[0].gain > effects[1].gain > 0
    (['quality', 'loyalty'], True)
    """
    x, beta = numbers("ratings", ratings), np.atleast_1d(numbers("coefficients", coefficients))
    check(
        same_length("ratings", x.shape[-1] if x.ndim else 1, beta.size),
        same_length("drivers", len(drivers), beta.size),
    )

    def valued(rated: Array) -> BrandValues:
        return brand_switching(
            choice_probabilities(rated @ beta, inertia), first, margin_per_purchase=margin_per_purchase,
            purchases_per_year=purchases_per_year, years=years, discount_rate=discount_rate,
            currency=currency, population=population,
        )  # fmt: skip

    now = valued(x)
    effects = []
    for place, driver in enumerate(drivers):
        better = x.copy()
        better[..., own, place] += step
        then = valued(better)
        gain, share = then.equity[own] - now.equity[own], then.share[own] - now.share[own]
        effects.append(Effect(driver, step, float(gain), float(share)))
    return tuple(sorted(effects, key=lambda effect: -effect.gain))


def _each(subject: str, value: ArrayLike, n: int) -> Array:
    read = numbers(subject, value)
    if read.ndim:
        check(same_length(subject, read.size, n))
    return read


def _switching(switching: ArrayLike, n: int, m: int) -> Array:
    M = numbers("switching", switching)
    if M.ndim == 2:
        M = chain(M)
        check(same_length("switching", len(M), m))
        return np.asarray(np.broadcast_to(M, (n, m, m)))
    if M.shape != (n, m, m):
        raise EvaluationError([Issue("CLV-904", "switching", {"found": M.size, "expected": n * m * m})])
    check(probabilities("switching", M))
    if (M.sum(-1) > 1 + 1e-6).any():
        raise EvaluationError([Issue("CLV-906", "switching", {"sum": float(M.sum(-1).max())})])
    return M
