"""Pareto/NBD: purchases at a gamma-spread rate, and a customer's end at a gamma-spread rate of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from evaluator.customers.likelihoods.gammas import digamma, log_rising
from evaluator.customers.models.lifetime.buying_model import BUYING, BuyingModel
from evaluator.customers.models.lifetime.log_time import CUT, panels, reach
from evaluator.customers.models.lifetime.silence import silence
from evaluator.customers.terms import Array


@BUYING.register(
    "pareto_nbd",
    zh="Pareto/NBD 模型",
    en="Pareto/NBD",
    reference="Schmittlein, Morrison & Colombo 1987, doi:10.1287/mnsc.33.1.1",
)
@dataclass(frozen=True)
class ParetoNbd(BuyingModel):
    """Rates of buying λ ~ Gamma(r, α), of stopping μ ~ Gamma(s, β).

    References
    ----------
    Schmittlein, D. C., Morrison, D. G., Colombo, R. (1987), Management Science 33(1), 1–24.
    doi:10.1287/mnsc.33.1.1

    >>> model = ParetoNbd(r=0.5534, alpha=10.5802, s=0.6061, beta=11.6562)
    >>> round(float(model.p_alive(26, 30.86, 31)), 4)
    0.9979
    >>> round(float(model.future_purchases(52, 26, 30.86, 31)), 2)
    25.45
    """

    r: float
    alpha: float
    s: float
    beta: float
    names: ClassVar[tuple[str, ...]] = ("r", "alpha", "s", "beta")
    stopping: ClassVar[tuple[str, ...]] = ("s", "beta")

    @property
    def values(self) -> Array:
        """The parameters in the order of `names`."""
        return np.array([self.r, self.alpha, self.s, self.beta])

    @classmethod
    def starts(cls, x: Array, T: Array) -> list[list[float]]:
        """Return parameters of about the observed rate, and of ends within the time observed."""
        rate, length = max(float(x.sum() / T.sum()), 1e-9), max(float(T.mean()), 1e-9)
        return [[r, r / rate, s, s * length] for r, s in ((0.5, 0.5), (1.0, 1.0))]

    @classmethod
    def likelihood(cls, theta: Array, x: Array, t_x: Array, T: Array, weights: Array) -> tuple[float, Array]:
        """Return Σ ln L and its gradient, L = Γ(r+x)/Γ(r)·α^r·β^s/[(α+t_x)^(r+x)·(β+t_x)^s]·M.

        M is the chance of the silence since t_x: to have kept still until T, or to have stopped before.
        """
        r, alpha, s, beta = theta
        since = silence(theta, x, t_x, T)
        quiet = since.kept + since.stopped
        # near 1 it is known by what is missing from it
        log_quiet = np.where(quiet > 0.5, np.log1p(-since.bought), np.log(quiet))
        counts, places = np.unique(x, return_inverse=True)  # gamma functions of each count once
        n, total = np.bincount(places, weights), weights.sum()
        log_alpha, log_beta = np.log1p(t_x / alpha), np.log1p(t_x / beta)
        value = n @ log_rising(r, counts)
        value += weights @ (log_quiet - x * np.log(alpha + t_x) - r * log_alpha - s * log_beta)
        alive, gone = since.kept / quiet, since.stopped / quiet
        psi = digamma
        dr = n @ (psi(r + counts) - psi(r))
        dr -= weights @ ((1 - alive) * log_alpha + alive * np.log1p(T / alpha) + since.log_alpha / quiet)
        dalpha = total * r / alpha
        dalpha -= weights @ ((r + x) * (alive / (alpha + T) + since.per_alpha / quiet))
        ds = weights @ (
            gone / s - (1 - alive) * log_beta - alive * np.log1p(T / beta) - since.log_beta / quiet
        )
        dbeta = total * s / beta
        dbeta -= weights @ (s * alive / (beta + T) + (s + 1) * since.per_beta / quiet)
        return float(value), np.array([dr, dalpha, ds, dbeta])

    def p_alive(self, x: ArrayLike, t_x: ArrayLike, T: ArrayLike) -> Array:
        """Return the share of those who kept still in all who were silent, in the terms of `likelihood`."""
        x, t_x, T = np.broadcast_arrays(*(np.asarray(value, dtype=np.float64) for value in (x, t_x, T)))
        since = silence(self.values, *(np.atleast_1d(value).ravel() for value in (x, t_x, T)))
        return np.asarray((since.kept / (since.kept + since.stopped)).reshape(x.shape))

    def purchases_if_alive(self, t: ArrayLike, x: ArrayLike, T: ArrayLike) -> Array:
        """Return (r+x)·(β+T)/((α+T)·(s−1))·[1 − ((β+T)/(β+T+t))^(s−1)], also at s = 1."""
        t, x, T = (np.asarray(value, dtype=np.float64) for value in (t, x, T))
        lengthened = np.log1p(t / (self.beta + T))
        falling = (self.s - 1) * lengthened
        small = np.abs(falling) < 1e-8
        grown = lengthened * np.where(
            small, 1 - falling / 2, -np.expm1(-falling) / np.where(small, 1, falling)
        )
        return np.asarray((self.r + x) * (self.beta + T) / (self.alpha + T) * grown)

    def discounted(self, force: float, horizon: float | None, x: Array, T: Array) -> Array:
        """Return (r+x)/(α+T)·∫ e^(−δt)·((β+T)/(β+T+t))^s dt, over t = (β+T)·(e^u − 1).

        Without a horizon, times P(alive), it is DERT of Fader, Hardie & Lee (2005),
        doi:10.1509/jmkr.2005.42.4.415.
        """
        if horizon is not None and not force:
            return self.purchases_if_alive(horizon, x, T)
        lengthened = self.beta + T
        z, s = force * lengthened, self.s
        ends = np.minimum(np.log1p(CUT / z), CUT / s)
        if horizon is not None:
            ends = np.minimum(ends, np.log1p(horizon / lengthened))
        ends = reach(ends, lambda u: s * u + z * np.expm1(u), lambda u: s + z * np.exp(u))
        total = np.empty(T.shape)
        for rows, u, du in panels(ends):
            total[rows] = (np.exp((1 - s) * u - z[rows, None] * np.expm1(u)) * du).sum(-1)
        return np.asarray((self.r + x) / (self.alpha + T) * lengthened * total)
