"""Outranking: how much speaks for preferring one alternative to another, and the flows that sum it up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Preference:
    """How a difference d > 0 of one criterion becomes a preference from 0 to 1.

    Parameters
    ----------
    kind : a key of `PREFERENCES`, the six types of Brans and Vincke (1985), Management Science 31(6),
        647–656. doi:10.1287/mnsc.31.6.647
    indifference : q, up to which a difference says nothing (``u_shape``, ``level``, ``linear``).
    preference : p, from which it decides (``v_shape``, ``level``, ``linear``).
    inflection : s of the ``gaussian`` type.

    >>> Preference("linear", indifference=50, preference=500).of(np.array([20.0, 275.0, 600.0]))
    array([0. , 0.5, 1. ])
    """

    kind: str = "usual"
    indifference: float = 0.0
    preference: float = 0.0
    inflection: float = 0.0

    def of(self, difference: Array) -> Array:
        """Return the preference at differences; 0 where they are not above 0."""
        d = np.maximum(difference, 0.0)
        return np.where(d > 0, PREFERENCES[self.kind](d, self), 0.0)


def _linear(d: Array, by: Preference) -> Array:
    span = by.preference - by.indifference
    return np.asarray(
        np.clip((d - by.indifference) / span, 0, 1) if span > 0 else 1.0 * (d > by.indifference)
    )


def _gaussian(d: Array, by: Preference) -> Array:
    return np.asarray(1 - np.exp(-(d**2) / (2 * by.inflection**2)) if by.inflection > 0 else np.ones_like(d))


PREFERENCES: dict[str, Callable[[Array, Preference], Array]] = {
    "usual": lambda d, by: np.ones_like(d),
    "u_shape": lambda d, by: np.where(d > by.indifference, 1.0, 0.0),
    "v_shape": lambda d, by: _linear(d, replace(by, indifference=0.0)),
    "level": lambda d, by: np.select([d > by.preference, d > by.indifference], [1.0, 0.5], 0.0),
    "linear": _linear,
    "gaussian": _gaussian,
}
"""The types I to VI in their order."""


@dataclass(frozen=True)
class Flows:
    """What PROMETHEE says of m alternatives, each (m).

    `positive` is how much each is preferred to the others on average, `negative` how much they are to it;
    `net`, their difference from −1 to 1, ranks them all.
    """

    positive: Array
    negative: Array

    @property
    def net(self) -> Array:
        """The net flow, φ⁺ − φ⁻."""
        return self.positive - self.negative


def flows(X: Array, weights: Array, signs: Array, preferences: Sequence[Preference]) -> Flows:
    """Return the flows of alternatives (m, n), with weights (n) that sum to 1, and signs (n)."""
    m = len(X)
    positive, negative = np.zeros(m), np.zeros(m)
    for column, weight, sign, preference in zip(X.T, weights, signs, preferences, strict=True):
        preferred = preference.of(sign * (column[:, None] - column[None, :]))
        positive += weight * preferred.sum(1)
        negative += weight * preferred.sum(0)
    others = max(1, m - 1)
    return Flows(positive / others, negative / others)
