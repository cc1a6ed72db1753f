"""Berger and Nasr's cases: constant margins in cycles, and profits along a curve."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl

from evaluator.customers.models.retention.curves import ProfitCurve
from evaluator.customers.models.retention.retention import offset
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
    probabilities,
)
from evaluator.displayed import Displayed

Survival = Callable[[Array], Array]


@dataclass(frozen=True)
class RetainedValue(Displayed):
    """Lifetime value of the mean customer of a group, with the periods it is the sum of.

    `table` has one row per period from 0: period, staying (share still there), margin and cost (per
    customer acquired), present_value, cumulative. It is None without a horizon, and for an integral.
    """

    value: float
    table: pl.DataFrame | None
    terms: Terms


def berger_nasr(
    margin: float,
    cost: float,
    *,
    retention: float,
    discount_rate: float,
    horizon: float | None,
    currency: str,
    cycle: float = 1.0,
    margins_at: Timing = "start",
    costs_at: Timing = "middle",
) -> RetainedValue:
    """Return GC·Σ_{i=0..m} r^i/(1+d)^(i·q) − M·Σ_{i=1..m} r^(i−1)/(1+d)^((i−½)·q), cases 1 and 2.

    The sale that wins the customer counts as i = 0; its own acquisition cost does not.

    Parameters
    ----------
    margin : GC, gross contribution of one cycle. cost : M, promotion per customer of one cycle.
    retention : r, chance to stay from one cycle to the next, 0–1; below 1 where there is no horizon.
    discount_rate : d, per year.
    horizon : years followed; m = ⌊horizon/q⌋ cycles after the first sale. None goes on without end.
    cycle : q, length of a cycle in years: 1 is case 1, ½ two sales a year (case 2a), 3 one sale in
        three years (case 2b). Margin, cost and retention are per cycle.
    costs_at : when in its cycle promotion is paid; ``middle`` is the authors' choice.

    Raises
    ------
    EvaluationError
        r = 1 without a horizon: nobody would ever leave.

    References
    ----------
    Berger, P. D., Nasr, N. I. (1998), Journal of Interactive Marketing 12(1), 17–30.
    doi:10.1002/(SICI)1520-6653(199824)12:1<17::AID-DIR3>3.0.CO;2-K

    >>> case1 = berger_nasr(260, 50, retention=0.75, discount_rate=0.2, horizon=10, currency="USD")
    >>> round(case1.value, 2)
    568.78
    """
    gain, effort, r = (float(numbers(*pair)) for pair in
                       (("margin", margin), ("cost", cost), ("retention", retention)))  # fmt: skip
    check(
        probabilities("retention", r),
        at_least("cost", effort),
        money_terms(discount_rate, horizon, cycle),
    )
    terms = Terms("group", discount_rate, horizon, cycle, currency, margins_at, costs_at)
    first = discount(discount_rate, offset(margins_at) * cycle)
    paid = discount(discount_rate, offset(costs_at) * cycle)
    if horizon is None:
        endless("retention", r)
        kept = r * float(discount(discount_rate, cycle))
        endless("retention", kept)
        return RetainedValue(float((gain * first - effort * paid) / (1 - kept)), None, terms)
    i = np.arange(int(horizon / cycle + 1e-9) + 1)
    staying = r**i
    approached = np.concatenate([[0.0], staying[:-1]])  # whoever was there in the cycle before
    factor = discount(discount_rate, i * cycle)
    before = discount(discount_rate, (i - 1) * cycle)
    present = gain * staying * factor * first - effort * approached * before * paid
    table = pl.DataFrame(
        {
            "period": i,
            "staying": staying,
            "margin": gain * staying,
            "cost": effort * approached,
            "present_value": present,
            "cumulative": np.cumsum(present),
        }
    )
    return RetainedValue(float(present.sum()), table, terms)


def curve_value(
    curve: ProfitCurve,
    *,
    retention: float | Survival,
    discount_rate: float,
    horizon: float,
    currency: str,
    continuous: bool = False,
) -> RetainedValue:
    """Return Σ_{t=0..n} π(t)·S(t)/(1+d)^t, or ∫_0^n π(t)·S(t)/(1+d)^t dt: cases 3 and 4.

    Parameters
    ----------
    curve : π, profit per year at time t after acquisition; see `clv.curves`.
    retention : r per year, S(t) = r^t; or a survival function such as `Weibull`.
    horizon : n in years; the sum takes the whole years of it.
    continuous : whether profit flows all the time and is discounted at its moment.

    Raises
    ------
    EvaluationError
        for numbers that are not finite or out of range.

    References
    ----------
    Berger & Nasr (1998), cases 3 and 4, as above.

    >>> from evaluator.customers.models.retention.curves import BergerNasr
    >>> curve = BergerNasr(h=2.5, v=10, g=4, ceiling=20)
    >>> rates = {"retention": 0.9, "discount_rate": 0.2, "horizon": 8, "currency": "CNY"}
    >>> round(curve_value(curve, **rates).value, 4)
    103.1805
    >>> round(curve_value(curve, continuous=True, **rates).value, 4)
    94.6079
    """
    survival = retention if callable(retention) else geometric(retention)
    check(money_terms(discount_rate, float(numbers("horizon", horizon))))
    terms = Terms("group", discount_rate, horizon, 1.0, currency, "moment" if continuous else "start")
    if continuous:
        t, weights = _nodes(curve, horizon)
        flow = curve(t) * survival(t) * discount(discount_rate, t)
        return RetainedValue(float(weights @ flow), None, terms)
    t = np.arange(int(horizon + 1e-9) + 1, dtype=np.float64)
    staying = survival(t)
    present = curve(t) * staying * discount(discount_rate, t)
    table = pl.DataFrame(
        {
            "period": t.astype(np.int64),
            "staying": staying,
            "margin": curve(t) * staying,
            "cost": np.zeros(len(t)),
            "present_value": present,
            "cumulative": np.cumsum(present),
        }
    )
    return RetainedValue(float(present.sum()), table, terms)


def geometric(retention: float) -> Survival:
    """Return S(t) = r^t; raises where r is no probability.

    >>> geometric(0.5)(np.array([0.0, 2.0]))
    array([1.  , 0.25])
    """
    r = float(numbers("retention", retention))
    check(probabilities("retention", r))
    return lambda t: np.asarray(r ** np.asarray(t, dtype=np.float64))


def _nodes(curve: ProfitCurve, horizon: float) -> tuple[Array, Array]:
    """Return Gauss–Legendre nodes between the knots, at most half a year apart in each piece."""
    ends = sorted({0.0, float(horizon), *(knot for knot in curve.knots if 0 < knot < horizon)})
    x, w = np.polynomial.legendre.leggauss(12)
    pieces: list[tuple[Array, Array]] = []
    for low, high in pairwise(ends):
        edges = np.linspace(low, high, max(int(np.ceil((high - low) * 2)), 1) + 1)
        half = np.diff(edges)[:, None] / 2
        pieces.append(((edges[:-1, None] + half * (1 + x)).ravel(), (half * w).ravel()))
    if not pieces:
        return np.zeros(0), np.zeros(0)
    return np.concatenate([t for t, _ in pieces]), np.concatenate([weight for _, weight in pieces])
