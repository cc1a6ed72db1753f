"""Curves with a formula that a profit history may follow, fitted by least squares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from evaluator.brief import Brief
from evaluator.customers.models.retention.curves import BergerNasr
from evaluator.customers.terms import Array
from evaluator.registry import Registry

Height = Callable[[Array, Array], Array]


@dataclass(frozen=True)
class Formula(Brief):
    """A curve: names of its parameters θ, its height at times t, and where a search starts."""

    names: tuple[str, ...]
    height: Height
    starts: Callable[[Array, Array], list[list[float]]]
    unsigned: tuple[int, ...] = ()  # parameters whose sign means nothing


@dataclass(frozen=True)
class FormulaFit(Brief):
    """A formula fitted to a history."""

    formula: Formula
    theta: Array
    fitted: Array
    aicc: float

    @property
    def parameters(self) -> Mapping[str, float]:
        """The parameters by name."""
        return dict(zip(self.formula.names, map(float, self.theta), strict=True))

    def at(self, t: Array) -> Array:
        """Return the height at other times."""
        return self.formula.height(t, self.theta)


FORMULAS: Registry[Callable[[], Formula]] = Registry("formula")
_USUAL = "Usual form"


@FORMULAS.register("linear", zh="直线", en="Line", reference=_USUAL)
def linear() -> Formula:
    """Profit changes by the same amount each period: a + b·t."""
    return Formula(("a", "b"), lambda t, q: q[0] + q[1] * t, lambda t, y: [[y.mean(), 0.0]])


@FORMULAS.register("quadratic", zh="二次曲线", en="Parabola", reference=_USUAL)
def quadratic() -> Formula:
    """Profit rises and falls again: a + b·t + c·t²."""
    return Formula(
        ("a", "b", "c"), lambda t, q: q[0] + q[1] * t + q[2] * t**2, lambda t, y: [[y.mean(), 0.0, 0.0]]
    )


@FORMULAS.register("exponential", zh="指数曲线", en="Exponential", reference=_USUAL)
def exponential() -> Formula:
    """Profit changes by the same share each period: a·e^(b·t)."""
    return Formula(
        ("a", "b"),
        lambda t, q: q[0] * np.exp(np.clip(q[1] * t, -700, 700)),
        lambda t, y: [[y[0] or 1.0, 0.1], [y[0] or 1.0, -0.1]],
    )


@FORMULAS.register("logistic", zh="逻辑斯蒂曲线", en="Logistic", reference="Verhulst 1838")
def logistic() -> Formula:
    """Profit saturates, as steeply before its middle t₀ as after it: K/(1 + e^(−b·(t−t₀)))."""
    return Formula(
        ("K", "b", "t0"),
        lambda t, q: q[0] / (1 + np.exp(np.clip(-q[1] * (t - q[2]), -700, 700))),
        lambda t, y: [[y.max() * 1.2, 1.0, float(t.mean())], [y.max() * 2, 0.3, float(t[-1])]],
    )


@FORMULAS.register(
    "gompertz", zh="龚珀兹曲线", en="Gompertz", reference="Gompertz 1825, doi:10.1098/rstl.1825.0026"
)
def gompertz() -> Formula:
    """Profit saturates, more slowly after its steepest point: K·exp(−e^(−b·(t−t₀)))."""
    return Formula(
        ("K", "b", "t0"),
        lambda t, q: q[0] * np.exp(-np.exp(np.clip(-q[1] * (t - q[2]), -700, 700))),
        lambda t, y: [[y.max() * 1.2, 0.7, float(t.mean())], [y.max() * 2, 0.2, float(t[-1])]],
    )


@FORMULAS.register(
    "berger_nasr", zh="Berger–Nasr 利润曲线", en="Berger–Nasr", reference="Berger & Nasr 1998, case 3"
)
def berger_nasr() -> Formula:
    """Profit grows with the square of time until g, then saturates; see `BergerNasr`."""
    return Formula(
        ("h", "v", "g", "ceiling"),
        lambda t, q: BergerNasr(q[0], q[1], abs(q[2]), q[3])(t),
        lambda t, y: [[0.1 * (np.ptp(y) or 1), y[0], g * t[-1], np.ptp(y) / 2] for g in (0.3, 0.6)],
        unsigned=(2,),
    )


def fit_formula(formula: Formula, t: Array, y: Array) -> FormulaFit | None:
    """Return the least-squares fit; None where the history is too short or no search converged."""
    from scipy.optimize import least_squares  # takes longer to load than most studies to run

    n, k = y.size, len(formula.names) + 1
    if n <= k + 1:
        return None
    size = float(np.abs(y).max()) or 1.0
    best = None
    for start in formula.starts(t, y):
        found = least_squares(
            lambda q: (formula.height(t, q) - y) / size, np.asarray(start, float), x_scale="jac",
            max_nfev=2000, xtol=1e-13, ftol=1e-13, gtol=1e-13,
        )  # fmt: skip
        if found.success and np.isfinite(found.cost) and (best is None or found.cost < best.cost):
            best = found
    if best is None:
        return None
    # an exact fit has no finite AICc: below rounding all curves count as equally close
    rss = max(2 * float(best.cost), n * 1e-20)
    aicc = n * np.log(rss * size**2 / n) + 2 * k + 2 * k * (k + 1) / (n - k - 1)
    theta = np.asarray(best.x, dtype=np.float64)
    theta[list(formula.unsigned)] = np.abs(theta[list(formula.unsigned)])
    return FormulaFit(formula, theta, formula.height(t, theta), float(aicc))
