"""BG/NBD: purchases at a gamma-spread rate; after each a customer may stop, by a beta-spread chance."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from evaluator.customers.clv.buying_model import BUYING, BuyingModel
from evaluator.customers.clv.likelihood import scipy
from evaluator.customers.clv.terms import Array

_NODES = 48
_LARGE, _TERMS = 20.0, 60


@BUYING.register(
    "bg_nbd",
    zh="BG/NBD 模型",
    en="BG/NBD",
    reference="Fader, Hardie & Lee 2005, doi:10.1287/mksc.1040.0098",
    laws=("p_alive_1_without_repeats",),
)
@dataclass(frozen=True)
class BgNbd(BuyingModel):
    """Rates λ ~ Gamma(r, α), chances to stop after a purchase p ~ Beta(a, b).

    A customer without repeat purchase cannot have stopped in this model: P(alive) is 1.

    References
    ----------
    Fader, P. S., Hardie, B. G. S., Lee, K. L. (2005), Marketing Science 24(2), 275–284.
    doi:10.1287/mksc.1040.0098

    >>> model = BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> history = (2, 30.43, 38.86)
    >>> round(float(model.p_alive(*history)), 3), round(float(model.future_purchases(39, *history)), 3)
    (0.727, 1.226)
    """

    r: float
    alpha: float
    a: float
    b: float
    names: ClassVar[tuple[str, ...]] = ("r", "alpha", "a", "b")
    stopping: ClassVar[tuple[str, ...]] = ("a", "b")

    @property
    def values(self) -> Array:
        """The parameters in the order of `names`."""
        return np.array([self.r, self.alpha, self.a, self.b])

    @classmethod
    def starts(cls, x: Array, T: Array) -> list[list[float]]:
        """Return parameters of about the observed rate."""
        rate = max(float(x.sum() / T.sum()), 1e-9)
        return [[r, r / rate, a, b] for r, a, b in ((0.5, 0.5, 2.0), (1.0, 1.0, 1.0))]

    @classmethod
    def likelihood(cls, theta: Array, x: Array, t_x: Array, T: Array, weights: Array) -> tuple[float, Array]:
        """Return Σ ln L and its gradient; L of the paper's equation (6)."""
        special = scipy("special")
        r, alpha, a, b = theta
        counts, places = np.unique(x, return_inverse=True)  # gamma functions of each count once
        n = np.bincount(places, weights)
        gone = np.where(x > 0, np.log(a) - np.log(np.maximum(b + x - 1, 1e-300)), -np.inf)
        gone = gone - (r + x) * np.log((alpha + t_x) / (alpha + T))
        both = np.logaddexp(0.0, gone)
        g, psi = special.gammaln, special.digamma
        total = weights.sum()
        value = n @ (g(r + counts) + g(b + counts) - g(a + b + counts))
        value += total * (r * np.log(alpha) + g(a + b) - g(r) - g(b))
        value += weights @ (both - (r + x) * np.log(alpha + T))
        share = np.exp(gone - both)  # of having stopped after the last purchase
        dr = total * (np.log(alpha) - psi(r)) + n @ psi(r + counts)
        dr -= weights @ ((1 - share) * np.log(alpha + T) + share * np.log(alpha + t_x))
        dalpha = total * r / alpha
        dalpha -= weights @ ((r + x) * ((1 - share) / (alpha + T) + share / (alpha + t_x)))
        da = total * psi(a + b) - n @ psi(a + b + counts) + weights @ share / a
        db = total * (psi(a + b) - psi(b)) + n @ (psi(b + counts) - psi(a + b + counts))
        db -= weights @ np.where(x > 0, share / np.maximum(b + x - 1, 1e-300), 0.0)
        return float(value), np.array([dr, dalpha, da, db])

    def p_alive(self, x: ArrayLike, t_x: ArrayLike, T: ArrayLike) -> Array:
        """Return 1/{1 + [x>0]·a/(b+x−1)·((α+T)/(α+t_x))^(r+x)}."""
        x, t_x, T = (np.asarray(value, dtype=np.float64) for value in (x, t_x, T))
        grown = (self.r + x) * np.log((self.alpha + T) / (self.alpha + t_x))
        odds = np.log(self.a) - np.log(np.where(x > 0, self.b + x - 1, 1.0)) + grown
        return np.asarray(np.where(x > 0, np.exp(-np.logaddexp(0.0, odds)), 1.0))

    def purchases_if_alive(self, t: ArrayLike, x: ArrayLike, T: ArrayLike) -> Array:
        """Return E over p ~ Beta(a, b + x) of {1 − [(α+T)/(α+T+p·t)]^(r+x)}/p.

        This is the paper's expression with ₂F₁, by Gauss–Jacobi: also where its a is 1 or a + b < 1.
        """
        t, x, T = np.broadcast_arrays(*(np.asarray(value, dtype=np.float64) for value in (t, x, T)))
        result = np.empty(t.shape)
        for count in np.unique(x):
            here = x == count
            p, weights = _beta_nodes(self.a, self.b + float(count))
            growth = np.log1p(np.multiply.outer(t[here] / (self.alpha + T[here]), p))
            result[here] = -np.expm1(-(self.r + count) * growth) @ (weights / p)
        return result

    def discounted_forever(self, force: float, x: ArrayLike, T: ArrayLike) -> Array:
        """Return E over p ~ Beta(a, b + x) of (r+x)/p·Ψ(1, 1−r−x; δ(α+T)/p), by Gauss–Jacobi."""
        x, T = np.broadcast_arrays(*(np.asarray(value, dtype=np.float64) for value in (x, T)))
        result = np.empty(x.shape)
        for count in np.unique(x):
            here, k = x == count, self.r + float(count)
            p, weights = _beta_nodes(self.a, self.b + float(count))
            psi = _tail(k, np.divide.outer(force * (self.alpha + T[here]), p))
            result[here] = psi @ (weights * k / p)
        return result


def _tail(k: float, z: Array) -> Array:
    """Return Ψ(1, 1 − k; z) = ∫_0^∞ e^(−zu)·(1+u)^(−k−1) du, Ψ Tricomi's function.

    It is e^z·E_{k+1}(z): where SciPy's function fails, at a large k, the continued fraction of the
    exponential integral (Abramowitz & Stegun 1964, 5.1.22) is exact after few terms.
    """
    if k < _LARGE:
        return np.asarray(scipy("special").hyperu(1.0, 1.0 - k, z))
    below = z + k + 1 + 2 * _TERMS
    for term in range(_TERMS, 0, -1):
        below = z + k + 2 * term - 1 - term * (k + term) / below
    return np.asarray(1 / below)


@lru_cache(maxsize=4096)
def _beta_nodes(a: float, b: float) -> tuple[Array, Array]:
    """Return nodes on (0, 1) and weights, summing to 1, that average over Beta(a, b).

    Golub, G. H., Welsch, J. H. (1969), Mathematics of Computation 23, 221–230.
    doi:10.1090/S0025-5718-69-99647-1
    """
    k = np.arange(1, _NODES, dtype=np.float64)
    u, v = b - 1, a - 1
    s = 2 * k + u + v
    middle = np.concatenate([[(v - u) / (u + v + 2)], (v**2 - u**2) / (s * (s + 2))])
    # (k + u + v)/(s − 1) is 1 for k = 1, also where both are 0
    last = np.concatenate([[1.0], (k[1:] + u + v) / (s[1:] - 1)])
    side = np.sqrt(4 * k * (k + u) * (k + v) / (s**2 * (s + 1)) * last)
    z, vectors = np.linalg.eigh(np.diag(middle) + np.diag(side, 1) + np.diag(side, -1))
    # where hardly anybody stops p is 0 but for rounding; what is averaged has a limit there
    return np.maximum((1 + z) / 2, 1e-30), vectors[0] ** 2
