"""Models of customers who buy again and again until, unseen, they stop: what each of them must tell.

Time counts in one unit from a customer's first purchase: x repeat purchases, the last of them at t_x,
and T how long the customer is known.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Literal, Self, TypeVar

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from evaluator.customers.clv.likelihood import Estimate, maximize
from evaluator.customers.clv.terms import Array
from evaluator.customers.records import records
from evaluator.errors import EvaluationError, Issue, Severity, raise_errors
from evaluator.registry import Registry

Unit = Literal["day", "week", "month", "year"]
PER_YEAR: dict[str, float] = {"day": 365.25, "week": 365.25 / 7, "month": 12.0, "year": 1.0}


class BuyingModel(ABC):
    """A model with its parameters; all methods take arrays and are vectorised."""

    names: ClassVar[tuple[str, ...]]
    stopping: ClassVar[tuple[str, ...]]
    """Those of the names that say how chances to stop are spread: without stopping they run away."""

    @property
    @abstractmethod
    def values(self) -> Array:
        """The parameters in the order of `names`."""

    @classmethod
    @abstractmethod
    def likelihood(cls, theta: Array, x: Array, t_x: Array, T: Array, weights: Array) -> tuple[float, Array]:
        """Return the log-likelihood of weighted histories, and its gradient."""

    @classmethod
    @abstractmethod
    def starts(cls, x: Array, T: Array) -> list[list[float]]:
        """Return parameters to start a search from."""

    @abstractmethod
    def p_alive(self, x: ArrayLike, t_x: ArrayLike, T: ArrayLike) -> Array:
        """Return the chance that a customer still buys at T."""

    @abstractmethod
    def purchases_if_alive(self, t: ArrayLike, x: ArrayLike, T: ArrayLike) -> Array:
        """Return the expected purchases in (T, T + t] of who is alive at T after x repeat purchases."""

    @classmethod
    def of(cls, values: ArrayLike) -> Self:
        """Return the model with parameters in the order of `names`."""
        return cls(*(float(value) for value in np.asarray(values)))

    def expected_purchases(self, t: ArrayLike) -> Array:
        """Return the expected repeat purchases of a new customer in (0, t]."""
        return self.purchases_if_alive(t, 0, 0)

    def future_purchases(self, t: ArrayLike, x: ArrayLike, t_x: ArrayLike, T: ArrayLike) -> Array:
        """Return the expected purchases in (T, T + t] of a customer with this history."""
        return np.asarray(self.p_alive(x, t_x, T) * self.purchases_if_alive(t, x, T))

    @abstractmethod
    def discounted_forever(self, force: float, x: ArrayLike, T: ArrayLike) -> Array:
        """Return ∫_0^∞ e^(−force·t) dE(t) of who is alive at T: discounted expected residual transactions."""

    def discounted_if_alive(
        self, horizon: float | None, forces: tuple[float, ...], x: ArrayLike, T: ArrayLike
    ) -> tuple[Array, ...]:
        """Return the purchases of (T, T + horizon] of who is alive at T, each discounted by e^(−force·t).

        ∫ e^(−δt) dE(t) = e^(−δH)·E(H) + δ·∫_0^H e^(−δt)·E(t) dt, by Gauss–Legendre; without a horizon
        the closed form, which needs a force above 0.
        """
        x, T = np.broadcast_arrays(np.asarray(x, dtype=np.float64), np.asarray(T, dtype=np.float64))
        ux, uT, places = _cases(x.ravel(), T.ravel())
        if horizon is None:
            found = [self.discounted_forever(force, ux, uT) for force in forces]
        else:
            found = [self._within(horizon, force, ux, uT) for force in forces]
        return tuple(np.asarray(values[places].reshape(x.shape)) for values in found)

    def _within(self, horizon: float, force: float, x: Array, T: Array) -> Array:
        total = np.exp(-force * horizon) * self.purchases_if_alive(horizon, x, T)
        for t, weight in zip(*_times(horizon), strict=True) if force else ():
            total = total + force * weight * np.exp(-force * t) * self.purchases_if_alive(t, x, T)
        return np.asarray(total)


Model = TypeVar("Model", bound=BuyingModel)
BUYING: Registry[type[BuyingModel]] = Registry("buying_model")
"""The models `fit_buying` knows; the laws of tests/laws hold for each of them."""


@dataclass(frozen=True)
class FittedBuying(Generic[Model]):
    """A model fitted to the histories of many customers, in one unit of time.

    `customers` were counted, of whom `repeaters` bought again.
    """

    model: Model
    estimate: Estimate
    unit: Unit
    customers: int
    repeaters: int
    issues: tuple[Issue, ...] = ()


def histories(native: Any) -> pl.DataFrame:
    """Return id, frequency, recency and T as the models read them; `purchase_history` makes them.

    Raises
    ------
    EvaluationError
        CUST-901 … CUST-905 (columns, ids, numbers), CLV-913 (histories that cannot be: a value is
        missing, the last purchase after the end, a repeat purchase at time 0, parts of a purchase).

    >>> histories(pl.DataFrame({"id": ["a"], "frequency": [1], "recency": [2.0], "T": [9.0]})).row(0)
    ('a', 1.0, 2.0, 9.0)
    """
    names = ("frequency", "recency", "T")
    frame = records(native, numbers=names, non_negative=names)
    x, t_x, T = (pl.col(name) for name in names)
    wrong = frame.filter(
        pl.any_horizontal(pl.col(*names).is_null())
        | (t_x > T + 1e-9)
        | (x != x.round())
        | ((x > 0) & (t_x == 0))
        | ((x == 0) & (t_x > 0))
    )
    if wrong.height:
        detail = {"count": wrong.height, "examples": ", ".join(wrong["id"].fill_null("–").head(5))}
        raise EvaluationError([Issue("CLV-913", "histories", detail)])
    return frame


def fit_buying(
    native: Any, *, unit: Unit, model: str = "bg_nbd", least_repeaters: int = 30
) -> FittedBuying[BuyingModel]:
    """Fit a model of repeat buying by maximum likelihood.

    Parameters
    ----------
    native : one row per customer: `id`, `frequency` (repeat purchases), `recency` and `T` in `unit`;
        `customers.purchase_history` makes it from orders.
    unit : what one unit of time is; years of a discount rate are converted by it.
    model : name in `BUYING`.
    least_repeaters : customers who bought again, below which CLV-912 warns that the data are thin.

    Raises
    ------
    EvaluationError
        CLV-910, CLV-911 (no maximum), CLV-912 (nobody bought again), CLV-913, METHOD-001 and as
        `histories`.

    >>> frame = pl.DataFrame({"id": ["a", "b"], "frequency": 0, "recency": 0.0, "T": [9.5, 8.0]})
    >>> fit_buying(frame, unit="week")
    Traceback (most recent call last):
    evaluator.errors.EvaluationError: CLV-912 ...
    """
    kind = BUYING[model].function
    if unit not in PER_YEAR:
        raise ValueError(f"time counts in {', '.join(PER_YEAR)}, not in {unit!r}")
    frame = histories(native)
    repeaters = frame.filter(pl.col("frequency") > 0).height
    thin = repeaters < least_repeaters
    found = [
        Issue(
            "CLV-912",
            model,
            {"repeaters": repeaters, "customers": frame.height, "least": least_repeaters},
            severity=Severity.WARNING if repeaters else Severity.ERROR,
        )
    ] * thin
    raise_errors(found)
    groups = frame.group_by("frequency", "recency", "T", maintain_order=True).len("weights")
    x, t_x, T, weights = (groups[name].cast(pl.Float64).to_numpy() for name in groups.columns)
    estimate = maximize(
        lambda theta: kind.likelihood(theta, x, t_x, T, weights),
        kind.names,
        kind.starts(x, T),
        observations=float(frame.height),
        may_vanish=kind.stopping,
    )
    fitted = kind.of(estimate.values)
    return FittedBuying(fitted, estimate, unit, frame.height, repeaters, (*found, *estimate.issues))


def _cases(x: Array, T: Array) -> tuple[Array, Array, NDArray[np.intp]]:
    """Return each pair of a count and a time once, and the place of every customer among them."""
    times, at = np.unique(T, return_inverse=True)
    codes = x.astype(np.int64) * times.size + at
    if codes.size and codes.max() < 64 * codes.size:  # counting beats sorting where codes lie close
        there = np.bincount(codes) > 0
        known, places = np.flatnonzero(there), np.cumsum(there)[codes] - 1
    else:
        known, places = np.unique(codes, return_inverse=True)
    return (known // max(times.size, 1)).astype(np.float64), times[known % max(times.size, 1)], places


def _times(horizon: float) -> tuple[Array, Array]:
    """Return nodes and weights on (0, horizon], denser at its start, where customers still change."""
    x, w = np.polynomial.legendre.leggauss(8)
    edges = horizon * np.array([0.0, 1 / 8, 1.0])
    half = np.diff(edges)[:, None] / 2
    return (edges[:-1, None] + half * (1 + x)).ravel(), (half * w).ravel()
