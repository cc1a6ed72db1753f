"""BG/NBD: purchases at a gamma-spread rate; after each a customer may stop, by a beta-spread chance."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from evaluator.customers.likelihoods.beta_average import Nodes, gauss_jacobi, log_odds
from evaluator.customers.likelihoods.gammas import digamma, log_rising
from evaluator.customers.models.lifetime.buying_model import BUYING, BuyingModel
from evaluator.customers.models.lifetime.log_time import CUT, panels
from evaluator.customers.terms import Array

_BLOCK = 4096  # customers whose nodes are held at a time


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
        r, alpha, a, b = theta
        counts, places = np.unique(x, return_inverse=True)  # gamma functions of each count once
        n, total = np.bincount(places, weights), weights.sum()
        odds = _log_odds_of_having_stopped(theta, x, t_x, T)
        both = np.logaddexp(0.0, odds)
        value = n @ (log_rising(r, counts) + log_rising(b, counts) - log_rising(a + b, counts))
        value += weights @ (both - r * np.log1p(T / alpha) - x * np.log(alpha + T))
        share = np.exp(odds - both)  # of having stopped after the last purchase
        before = b + np.maximum(x - 1, 0.0)
        psi = digamma
        dr = n @ (psi(r + counts) - psi(r))
        dr -= weights @ ((1 - share) * np.log1p(T / alpha) + share * np.log1p(t_x / alpha))
        dalpha = total * r / alpha
        dalpha -= weights @ ((r + x) * ((1 - share) / (alpha + T) + share / (alpha + t_x)))
        da = n @ (psi(a + b) - psi(a + b + counts)) + weights @ share / a
        db = n @ (psi(b + counts) - psi(b) - psi(a + b + counts) + psi(a + b)) - weights @ (share / before)
        return float(value), np.array([dr, dalpha, da, db])

    def p_alive(self, x: ArrayLike, t_x: ArrayLike, T: ArrayLike) -> Array:
        """Return 1/{1 + [x>0]·a/(b+x−1)·((α+T)/(α+t_x))^(r+x)}."""
        x, t_x, T = (np.asarray(value, dtype=np.float64) for value in (x, t_x, T))
        return np.asarray(np.exp(-np.logaddexp(0.0, _log_odds_of_having_stopped(self.values, x, t_x, T))))

    def purchases_if_alive(self, t: ArrayLike, x: ArrayLike, T: ArrayLike) -> Array:
        """Return E over p ~ Beta(a, b + x) of {1 − [(α+T)/(α+T+p·t)]^(r+x)}/p.

        This is the paper's expression with ₂F₁, by nodes: also where its a is 1 or a + b < 1.
        """
        t, x, T = np.broadcast_arrays(*(np.asarray(value, dtype=np.float64) for value in (t, x, T)))
        grown, counts = (t / (self.alpha + T)).ravel(), x.ravel()
        result = np.empty(grown.shape)
        for count in np.unique(counts):
            here = np.flatnonzero(counts == count)
            k, b = self.r + float(count), self.b + float(count)
            p, weights = _nodes(self.a, b, k, float(grown[here].max()))
            for start in range(0, here.size, _BLOCK):
                rows = here[start : start + _BLOCK]
                result[rows] = _stopping_averages(k, grown[rows], (p, weights))
        return result.reshape(t.shape)

    def discounted(self, force: float, horizon: float | None, x: Array, T: Array) -> Array:
        """Return ∫ e^(−δt) dE(t) = e^(−δH)·E(H) + δ·∫_0^H e^(−δt)·E(t) dt of the expected purchases E.

        t = c·(e^u − 1) with c = (α+T)/(r+x), from where on E bends. Without end H is where e^(−δt) is
        nothing.
        """
        last = CUT / force if horizon is None else horizon
        total = np.exp(-force * last) * self.purchases_if_alive(last, x, T)
        bend = (self.alpha + T) / (self.r + x)
        for rows, u, du in panels(np.log1p(last / bend)) if force else ():
            t = bend[rows, None] * np.expm1(u)
            dt = (t + bend[rows, None]) * du
            purchases = self.purchases_if_alive(t, x[rows, None], T[rows, None])
            total[rows] += force * (np.exp(-force * t) * purchases * dt).sum(-1)
        return np.asarray(total)


def _log_odds_of_having_stopped(theta: Array, x: Array, t_x: Array, T: Array) -> Array:
    r, alpha, a, b = theta
    silent = (r + x) * np.log1p(np.maximum(T - t_x, 0.0) / (alpha + t_x))
    return np.asarray(np.where(x > 0, np.log(a) - np.log(b + np.maximum(x - 1, 0.0)) + silent, -np.inf))


def _stopping_averages(k: float, grown: Array, nodes: Nodes) -> Array:
    """Return the averages of {1 − (1 + p·z)^(−k)}/p for z (n,)."""
    p, weights = nodes
    return np.asarray(-np.expm1(-k * np.log1p(np.multiply.outer(grown, p))) @ (weights / p))


def _nodes(a: float, b: float, k: float, grown: float) -> Nodes:
    """Return the fewest nodes that are exact for all z up to `grown`, rounded up to a power of two."""
    return _sufficient(a, b, k, float(2.0 ** np.ceil(np.log2(max(grown, 1e-9)))))


@lru_cache(maxsize=4096)
def _sufficient(a: float, b: float, k: float, grown: float) -> Nodes:
    few, many = gauss_jacobi(a, b), log_odds(a, b, max(float(np.log(k * grown)), 0.0))
    hard = np.array([grown])
    exact = _stopping_averages(k, hard, many)
    enough = np.abs(_stopping_averages(k, hard, few) - exact) <= 1e-11 * exact
    return few if enough.all() else many
