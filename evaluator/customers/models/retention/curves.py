"""Profit of a customer along the relationship: growth, saturation, and the decline at its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from evaluator.customers.terms import Array, above, at_least, check
from evaluator.errors import EvaluationError, Issue


class ProfitCurve(Protocol):
    """Profit per year at time t in years; smooth but at its knots."""

    @property
    def knots(self) -> tuple[float, ...]:
        """Times at which the curve changes its formula, rising."""

    def __call__(self, t: Array) -> Array:
        """Return the profit per year at each time."""


@dataclass(frozen=True)
class BergerNasr:
    """π(t) = h·t² + v up to t = g, then v + h·g² + N·(1 − e^−(t−g)).

    Parameters
    ----------
    h : acceleration of the growing years. v : profit per year at the start.
    g : years of growth. ceiling : N, what maturity adds in the end.

    >>> BergerNasr(h=2.5, v=10, g=4, ceiling=20)(np.array([0.0, 4.0, 5.0])).round(3)
    array([10.   , 50.   , 62.642])
    """

    h: float
    v: float
    g: float
    ceiling: float

    @property
    def knots(self) -> tuple[float, ...]:
        """The end of growth."""
        return (self.g,)

    def __call__(self, t: Array) -> Array:
        """Return the profit per year at each time."""
        growing = self.h * np.minimum(t, self.g) ** 2 + self.v
        return np.asarray(growing - self.ceiling * np.expm1(-np.maximum(t - self.g, 0.0)))


@dataclass(frozen=True)
class Degenerating:
    """A curve whose relationship degenerates from `start` on, continuous there.

    Parameters
    ----------
    start : g₂, years until the decline begins.
    rate : ``exponential``: k of π(g₂)·e^(−k(t−g₂)) per year; ``linear``: 1/years until profit is 0.

    Raises
    ------
    EvaluationError
        a start below 0, a rate not above 0; it starts before the curve's last knot.

    >>> curve = Degenerating(BergerNasr(2.5, 10, 4, 20), start=6, rate=0.5, shape="linear")
    >>> curve(np.array([6.0, 7.0, 9.0])).round(3)
    array([67.293, 33.647,  0.   ])
    """

    curve: ProfitCurve
    start: float
    rate: float
    shape: Literal["exponential", "linear"] = "exponential"

    def __post_init__(self) -> None:
        check(at_least("start", self.start), above("rate", self.rate))
        if self.curve.knots and self.start < self.curve.knots[-1]:
            raise EvaluationError(
                [Issue("CLV-908", "start", {"found": self.start, "knot": self.curve.knots[-1]})]
            )

    @property
    def knots(self) -> tuple[float, ...]:
        """Those of the curve, the start of the decline, and where a linear one reaches 0."""
        end = (self.start + 1 / self.rate,) if self.shape == "linear" else ()
        return (*self.curve.knots, self.start, *end)

    def __call__(self, t: Array) -> Array:
        """Return the profit per year at each time."""
        late = np.maximum(t - self.start, 0.0)
        left = np.maximum(1 - self.rate * late, 0.0) if self.shape == "linear" else np.exp(-self.rate * late)
        return np.asarray(self.curve(np.minimum(t, self.start)) * left)
