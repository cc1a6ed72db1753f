"""Models of customers who buy again and again until, unseen, they stop: what each of them must tell.

Time counts in one unit from a customer's first purchase: x repeat purchases, the last of them at t_x,
and T how long the customer is known.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluator.customers.terms import Array
from evaluator.registry import Registry


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
    def discounted(self, force: float, horizon: float | None, x: Array, T: Array) -> Array:
        """Return ∫_0^horizon e^(−force·t) dE(t) of who is alive at T, E the expected purchases.

        Without a horizon it goes on without end, which needs a force above 0. x and T are (n,).
        """

    def discounted_forever(self, force: float, x: ArrayLike, T: ArrayLike) -> Array:
        """Return the discounted expected residual transactions, DERT, of who is alive at T."""
        return self.discounted_if_alive(None, (force,), x, T)[0]

    def discounted_if_alive(
        self, horizon: float | None, forces: tuple[float, ...], x: ArrayLike, T: ArrayLike
    ) -> tuple[Array, ...]:
        """Return the purchases of (T, T + horizon] of who is alive at T, each discounted by e^(−force·t)."""
        x, T = np.broadcast_arrays(np.asarray(x, dtype=np.float64), np.asarray(T, dtype=np.float64))
        ux, uT, places = _cases(x.ravel(), T.ravel())
        found = [self.discounted(force, horizon, ux, uT) for force in forces]
        return tuple(np.asarray(values[places].reshape(x.shape)) for values in found)


BUYING: Registry[type[BuyingModel]] = Registry("buying_model")
"""The models `fit_buying` knows, each declared in its module; the laws of tests/laws hold for each."""


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
