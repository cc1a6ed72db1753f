"""Fitting a customer's profit history: to curves of former customers, or to curves with a formula."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from evaluator.customers.models.lifetime.formulas import FORMULAS, fit_formula
from evaluator.customers.models.lifetime.history import Lifetime, history_and_future
from evaluator.customers.terms import Array, above, at_least, check, numbers
from evaluator.displayed import Displayed
from evaluator.errors import EvaluationError, Issue, Severity

LEAST_POINTS = 4  # below, any curve fits
LEAST_R2 = 0.6  # below, none does


@dataclass(frozen=True)
class ProfitForecast(Displayed):
    """A customer's profit as the best curve continues it.

    Attributes
    ----------
    curve : its name. parameters : of a formula, or the scale of a former customer's curve.
    fitted : (k,) the curve over the history. forecast, low, high : (h,) each further period, and the
        band of `width` residual standard errors around it.
    r_squared : 1 − RSS/TSS; NaN where the history does not vary.
    candidates : curve, error (RMSE over the mean absolute profit), r_squared, and of formulas parameters
        and aicc (null where the history is too short to tell), the best first.
    lifetime : history compounded and forecast discounted.
    """

    curve: str
    parameters: Mapping[str, float]
    fitted: Array
    forecast: Array
    low: Array
    high: Array
    r_squared: float
    candidates: pl.DataFrame
    lifetime: Lifetime
    issues: tuple[Issue, ...] = ()


def match_profits(
    profits: ArrayLike,
    library: Mapping[str, ArrayLike],
    *,
    horizon: int,
    discount_rate: float,
    currency: str,
    period: float = 1.0,
    width: float = 2.0,
) -> ProfitForecast:
    """Continue a history like the former customer whose curve, scaled, comes closest.

    Each curve L is scaled by a = Σ p_t·L_t/Σ L_t² over the k periods known; the one with the smallest
    RMSE gives the future a·L_{k+1}, a·L_{k+2} … as far as it goes.

    Parameters
    ----------
    profits : (k,) of each period since acquisition.
    library : profits of former customers from their acquisition to their end, by name; those not longer
        than the history cannot continue it and are passed over.
    horizon : further periods, at most as many as the curve has left.

    Raises
    ------
    EvaluationError
        fewer than two profits, or no curve can continue the history. Fewer than 4 periods and R² below 0.6
        are warnings of the result.

    >>> past = {"steady": [10, 10, 10, 10, 10, 10], "rising": [5, 10, 15, 20, 25, 30]}
    >>> found = match_profits([1, 2, 3, 4], past, horizon=5, discount_rate=0.1, currency="CNY")
    >>> found.curve, found.forecast, [issue.code for issue in found.issues]
    ('rising', array([5., 6.]), ['CLV-922'])
    """
    p = _history(profits, horizon, width)
    curves = {name: np.atleast_1d(numbers(name, curve)) for name, curve in library.items()}
    scaled = {
        name: (float(p @ curve[: p.size] / squares), curve)
        for name, curve in curves.items()
        if curve.size > p.size and (squares := float(curve[: p.size] @ curve[: p.size])) > 0
    }
    if not scaled:
        raise EvaluationError([Issue("CLV-923", "library", {"count": len(library), "periods": p.size})])
    rows = [(name, *_quality(p, a * curve[: p.size])) for name, (a, curve) in scaled.items()]
    candidates = pl.DataFrame(rows, schema=["curve", "error", "r_squared"], orient="row").sort(
        "error", maintain_order=True
    )
    best = str(candidates["curve"][0])
    a, curve = scaled[best]
    left = curve.size - p.size
    ahead = a * curve[p.size : p.size + horizon]
    return _forecast(
        p, best, {"scale": a}, a * curve[: p.size], ahead, candidates, 1, width,
        _capped(horizon, left), (discount_rate, currency, period),
    )  # fmt: skip


def fit_profits(
    profits: ArrayLike,
    *,
    horizon: int,
    discount_rate: float,
    currency: str,
    period: float = 1.0,
    most_beyond: float = 1.0,
    width: float = 2.0,
) -> ProfitForecast:
    """Continue a history by the formula of `FORMULAS` with the lowest AICc.

    AICc = n·ln(RSS/n) + 2k + 2k(k+1)/(n−k−1), k counting the parameters and the variance; formulas with
    n ≤ k + 1 are not tried.

    Parameters
    ----------
    profits : (n,) of each period since acquisition, t = 0, 1 … n − 1.
    horizon : further periods; at most `most_beyond` times those observed are foretold.
    width : of the band, in residual standard errors.

    Raises
    ------
    EvaluationError
        too short for any formula. R² below 0.6 and a horizon cut are warnings of the result.

    References
    ----------
    Hurvich, C. M., Tsai, C.-L. (1989), Biometrika 76(2), 297–307. doi:10.1093/biomet/76.2.297

    >>> fit_profits([3.0, 4.0], horizon=3, discount_rate=0.1, currency="CNY")
    Traceback (most recent call last):
    evaluator.errors.EvaluationError: CLV-920 ...
    """
    p = _history(profits, horizon, width)
    check(above("most_beyond", most_beyond))
    t = np.arange(p.size, dtype=np.float64)
    tried = {entry.name: fit_formula(entry.function(), t, p) for entry in FORMULAS.methods()}
    fits = {name: fit for name, fit in tried.items() if fit is not None}
    if not fits:
        raise EvaluationError([_short(p.size, Severity.ERROR)])
    rows = [(name, *_quality(p, fit.fitted), len(fit.parameters), fit.aicc) for name, fit in fits.items()]
    candidates = pl.DataFrame(
        rows, schema=["curve", "error", "r_squared", "parameters", "aicc"], orient="row"
    ).sort("aicc", maintain_order=True)
    best = str(candidates["curve"][0])
    most = int(most_beyond * p.size + 1e-9)
    fit = fits[best]
    ahead = fit.at(p.size + np.arange(min(horizon, most), dtype=np.float64))
    return _forecast(
        p, best, fit.parameters, fit.fitted, ahead, candidates, len(fit.parameters), width,
        _capped(horizon, most), (discount_rate, currency, period),
    )  # fmt: skip


def _history(profits: ArrayLike, horizon: int, width: float) -> Array:
    p = np.atleast_1d(numbers("profits", profits))
    check(at_least("horizon", horizon), at_least("width", width))
    if p.size < 2:
        raise EvaluationError([_short(p.size, Severity.ERROR)])
    return p


def _short(periods: int, severity: Severity) -> Issue:
    return Issue("CLV-920", "profits", {"periods": periods, "least": LEAST_POINTS}, severity=severity)


def _capped(horizon: int, most: int) -> list[Issue]:
    if horizon <= most:
        return []
    return [Issue("CLV-922", "horizon", {"asked": horizon, "most": most}, severity=Severity.WARNING)]


def _quality(p: Array, fitted: Array) -> tuple[float, float]:
    """Return RMSE over the mean absolute profit, and R²."""
    rss, spread = float(((p - fitted) ** 2).sum()), float(((p - p.mean()) ** 2).sum())
    size = float(np.abs(p).mean())
    error = (rss / p.size) ** 0.5 / size if size else 0.0
    return error, 1 - rss / spread if spread else float("nan")


def _forecast(
    p: Array, curve: str, parameters: Mapping[str, float], fitted: Array, ahead: Array,
    candidates: pl.DataFrame, used: int, width: float, found: list[Issue], money: tuple[float, str, float],
) -> ProfitForecast:  # fmt: skip
    r2 = _quality(p, fitted)[1]
    if p.size < LEAST_POINTS:
        found.append(_short(p.size, Severity.WARNING))
    if r2 < LEAST_R2:
        found.append(Issue("CLV-921", curve, {"r2": r2, "least": LEAST_R2}, severity=Severity.WARNING))
    spread = width * (float(((p - fitted) ** 2).sum()) / max(p.size - used, 1)) ** 0.5
    rate, currency, period = money
    lifetime = history_and_future(p, ahead, discount_rate=rate, currency=currency, period=period)
    return ProfitForecast(
        curve,
        parameters,
        fitted,
        ahead,
        ahead - spread,
        ahead + spread,
        r2,
        candidates,
        lifetime,
        tuple(found),
    )
