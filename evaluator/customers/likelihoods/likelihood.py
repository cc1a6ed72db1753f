"""Maximum likelihood for models of repeat buying: parameters above 0, with standard errors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluator.brief import Brief
from evaluator.customers.terms import Array
from evaluator.errors import Issue, Severity, raise_errors

Objective = Callable[[Array], tuple[float, Array]]
"""Log-likelihood and its gradient at parameters (k,)."""

_REACH = 12.0  # parameters are looked for within e^±12 of the starts: beyond, one has run away
_STEP = 1e-4  # of ln θ, for second derivatives from the gradient
_FLAT = 1e-6  # largest slope per observation that still counts as a maximum
_SETTLED = 1e-4  # the same at the edge of the search, where what is left to gain is a hundredth of it


@dataclass(frozen=True)
class Estimate(Brief):
    """Parameters of a maximum of the likelihood.

    Attributes
    ----------
    names, values, errors : of each parameter; its standard error is NaN where the likelihood has no
        clear peak.
    covariance : (k, k) of the values. observations : what was counted; `log_likelihood` is their sum.
    """

    names: tuple[str, ...]
    values: Array
    errors: Array
    covariance: Array
    log_likelihood: float
    observations: float
    issues: tuple[Issue, ...] = ()


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
        result stands at the edge of the search, and a warning tells that they say nothing by themselves.

    Raises
    ------
    EvaluationError
        for each parameter that ran away, out of every range; where none did, for each on whose slope the
        search ended.
    """

    from scipy.optimize import minimize  # takes longer to load than most studies to run

    def downhill(log_theta: Array) -> tuple[float, Array]:
        theta = np.exp(log_theta)
        value, slope = objective(theta)
        return -value / observations, -slope * theta / observations

    begun = np.log(np.asarray(starts, dtype=np.float64))
    bounds = np.stack([begun.min(0) - _REACH, begun.max(0) + _REACH], axis=-1)
    found = None
    for start in begun:
        tried = minimize(
            downhill, start, jac=True, method="L-BFGS-B", bounds=bounds,
            options={"maxiter": 500, "ftol": 1e-15, "gtol": 1e-9},
        )  # fmt: skip
        if np.isfinite(tried.fun) and (found is None or tried.fun < found.fun - 1e-12):
            found = tried
    at = np.full(len(names), np.nan) if found is None else np.asarray(found.x, dtype=np.float64)
    away = ~((at > bounds[:, 0] + 1) & (at < bounds[:, 1] - 1))
    free = ~away & ~(np.isin(names, may_vanish) & away.any())
    with np.errstate(all="ignore"):
        at, hessian = _newton(downhill, at, free)
    vanished = _reject(names, at, np.abs(downhill(at)[1]), away & ~np.isin(names, may_vanish), free)
    value = -downhill(at)[0] * observations
    theta = np.exp(at)
    covariance, issues = _covariance(hessian * observations, theta, names, free)
    errors = np.sqrt(np.diag(covariance))
    return Estimate(tuple(names), theta, errors, covariance, value, observations, (*vanished, *issues))


def _newton(downhill: Objective, at: Array, free: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Finish with Newton steps where they lead down; return the place and the second derivatives."""
    hessian = _second(downhill, at)
    for _ in range(3):
        value, slope = downhill(at)
        inner = hessian[np.ix_(free, free)]
        if not inner.size or not np.isfinite(inner).all() or np.linalg.eigvalsh(inner).min() <= 0:
            break
        step = np.zeros(len(at))
        step[free] = np.clip(np.linalg.solve(inner, slope[free]), -0.5, 0.5)
        if not downhill(at - step)[0] <= value + 1e-9 * abs(value):  # gamma functions have their noise
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
    names: Sequence[str], at: Array, slope: Array, away: NDArray[np.bool_], free: NDArray[np.bool_]
) -> tuple[Issue, ...]:
    """Raise where there is no maximum; return what is to be said of parameters that vanished."""
    steep = ~(slope < np.where(free, _FLAT, _SETTLED))
    named, values = np.array(names), np.exp(at)
    ran = [
        Issue("CLV-911", str(name), {"value": float(value)})
        for name, value in zip(named[away], values[away], strict=True)
    ]
    stuck = [
        Issue("CLV-925", str(name), {"value": float(value), "slope": float(up)})
        for name, value, up in zip(named[steep], values[steep], slope[steep], strict=True)
    ]
    raise_errors(ran or stuck)  # where one has run away, the slopes of the others are of its making
    if free.all():
        return ()
    far = ", ".join(f"{value:.3g}" for value in values[~free])
    return (Issue("CLV-924", ", ".join(named[~free]), {"values": far}, severity=Severity.WARNING),)


def _covariance(
    information: Array, theta: Array, names: Sequence[str], free: NDArray[np.bool_]
) -> tuple[Array, tuple[Issue, ...]]:
    """Return the covariance of θ by the delta method from the information about ln θ.

    Of parameters that vanished it is NaN, and that of the others is taken where those have settled.
    """
    covariance = np.full((len(theta), len(theta)), np.nan)
    inner = information[np.ix_(free, free)]
    eigenvalues = np.linalg.eigvalsh(inner) if np.isfinite(inner).all() else np.zeros(1)
    if eigenvalues.min() <= 1e-9 * abs(eigenvalues.max()):
        return covariance, (Issue("CLV-916", ", ".join(names), severity=Severity.WARNING),)
    covariance[np.ix_(free, free)] = np.linalg.inv(inner) * np.outer(theta[free], theta[free])
    return covariance, ()
