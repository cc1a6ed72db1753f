"""Maximum likelihood for models of repeat buying: parameters above 0, with standard errors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from evaluator.customers.clv.terms import Array
from evaluator.errors import EvaluationError, Issue, Severity

Objective = Callable[[Array], tuple[float, Array]]
"""Log-likelihood and its gradient at parameters (k,)."""

_REACH = 12.0  # parameters are looked for within e^±12 of the starts: beyond, one has run away
_STEP = 1e-4  # of ln θ, for second derivatives from the gradient
_FLAT = 1e-6  # largest slope per observation that still counts as a maximum


@dataclass(frozen=True)
class Estimate:
    """Parameters of a maximum of the likelihood.

    Attributes
    ----------
    names, values, errors : of each parameter; its standard error is NaN where the likelihood has no
        clear peak (CLV-916 says so).
    covariance : (k, k) of the values. observations : what was counted; `log_likelihood` is their sum.
    """

    names: tuple[str, ...]
    values: Array
    errors: Array
    covariance: Array
    log_likelihood: float
    observations: float
    issues: tuple[Issue, ...] = ()


def scipy(module: str) -> Any:
    """Return a module of SciPy; raises CLV-910 where it is not installed."""
    try:
        return import_module(f"scipy.{module}")
    except ImportError:
        raise EvaluationError([Issue("CLV-910", f"scipy.{module}")]) from None


def maximize(
    objective: Objective,
    names: Sequence[str],
    starts: Sequence[Sequence[float]],
    *,
    observations: float,
    may_vanish: Sequence[str] = (),
) -> Estimate:
    """Return the parameters θ > 0 of the highest likelihood found from several starts.

    The search runs over ln θ and ends with Newton steps; standard errors come from the second
    derivatives at the maximum.

    Parameters
    ----------
    may_vanish : parameters that may run away without harm, because what they describe then settles: the
        result stands at the edge of the search, and CLV-924 warns that they say nothing by themselves.

    Raises
    ------
    EvaluationError
        CLV-910 (SciPy is not installed), CLV-911 (no maximum: the search ended on a slope, or a
        parameter ran out of every range).
    """
    optimize = scipy("optimize")

    def downhill(log_theta: Array) -> tuple[float, Array]:
        theta = np.exp(log_theta)
        value, slope = objective(theta)
        return -value / observations, -slope * theta / observations

    begun = np.log(np.asarray(starts, dtype=np.float64))
    bounds = np.stack([begun.min(0) - _REACH, begun.max(0) + _REACH], axis=-1)
    found = None
    for start in begun:
        tried = optimize.minimize(
            downhill, start, jac=True, method="L-BFGS-B", bounds=bounds,
            options={"maxiter": 500, "ftol": 1e-15, "gtol": 1e-9},
        )  # fmt: skip
        if np.isfinite(tried.fun) and (found is None or tried.fun < found.fun - 1e-12):
            found = tried
    at = np.full(len(names), np.nan) if found is None else np.asarray(found.x, dtype=np.float64)
    with np.errstate(all="ignore"):
        at, hessian = _newton(downhill, at)
    vanished = _reject(names, at, downhill(at)[1], bounds, may_vanish)
    value = -downhill(at)[0] * observations
    theta = np.exp(at)
    covariance, issues = _covariance(hessian * observations, theta, names)
    errors = np.sqrt(np.diag(covariance))
    return Estimate(tuple(names), theta, errors, covariance, value, observations, (*vanished, *issues))


def _newton(downhill: Objective, at: Array) -> tuple[Array, Array]:
    """Finish with Newton steps where they lead down; return the place and the second derivatives."""
    hessian = _second(downhill, at)
    for _ in range(3):
        value, slope = downhill(at)
        if not np.isfinite(hessian).all() or np.linalg.eigvalsh(hessian).min() <= 0:
            break
        step = np.clip(np.linalg.solve(hessian, slope), -0.5, 0.5)
        if not downhill(at - step)[0] <= value:
            break
        at = at - step
        hessian = _second(downhill, at)
    return at, hessian


def _second(downhill: Objective, at: Array) -> Array:
    rows = []
    for k in range(len(at)):
        step = np.zeros(len(at))
        step[k] = _STEP
        rows.append((downhill(at + step)[1] - downhill(at - step)[1]) / (2 * _STEP))
    hessian = np.array(rows)
    return np.asarray((hessian + hessian.T) / 2)


def _reject(
    names: Sequence[str], at: Array, slope: Array, bounds: Array, may_vanish: Sequence[str]
) -> tuple[Issue, ...]:
    """Raise where there is no maximum; return what is to be said of parameters that vanished."""
    away = ~((at > bounds[:, 0] + 1) & (at < bounds[:, 1] - 1))
    steep = ~(np.abs(slope) < _FLAT)
    gone = [name for name, is_away in zip(names, away, strict=True) if is_away]
    if gone and set(gone) <= set(may_vanish) and not steep.any():
        values = ", ".join(f"{np.exp(place):.3g}" for place, is_away in zip(at, away, strict=True) if is_away)
        return (Issue("CLV-924", ", ".join(gone), {"values": values}, severity=Severity.WARNING),)
    bad = away if away.any() else steep
    if bad.any():
        raise EvaluationError(
            Issue("CLV-911", name, {"value": float(np.exp(place))})
            for name, place, is_bad in zip(names, at, bad, strict=True)
            if is_bad
        )
    return ()


def _covariance(information: Array, theta: Array, names: Sequence[str]) -> tuple[Array, tuple[Issue, ...]]:
    """Return the covariance of θ by the delta method from the information about ln θ."""
    size = len(theta)
    eigenvalues = np.linalg.eigvalsh(information) if np.isfinite(information).all() else np.zeros(1)
    if eigenvalues.min() <= 1e-9 * abs(eigenvalues.max()):
        issue = Issue("CLV-916", ", ".join(names), severity=Severity.WARNING)
        return np.full((size, size), np.nan), (issue,)
    return np.asarray(np.linalg.inv(information) * np.outer(theta, theta)), ()
