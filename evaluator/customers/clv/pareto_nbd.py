"""Pareto/NBD: purchases at a gamma-spread rate, and a customer's end at a gamma-spread rate of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from evaluator.customers.clv.buying_model import BUYING, BuyingModel
from evaluator.customers.clv.likelihood import scipy
from evaluator.customers.clv.terms import Array

_X, _W = np.polynomial.legendre.leggauss(32)


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
        """Return Σ ln L and its gradient, L = Γ(r+x)·α^r·β^s/Γ(r)·(A + s·∫_{t_x}^T f(τ) dτ).

        A = (α+T)^−(r+x)·(β+T)^−s, f = (α+τ)^−(r+x)·(β+τ)^−(s+1). Nothing is subtracted, so many
        purchases and long times neither cancel nor underflow.
        """
        special = scipy("special")
        r, alpha, s, beta = theta
        tau, ends = _ended(theta, x, t_x, T)  # s·f·dτ at each node, as a multiple of A
        total, all_ = weights.sum(), np.logaddexp(0.0, _log_sum(ends))
        share, alive = np.exp(ends - all_[:, None]), np.exp(-all_)
        log_a, log_b = np.log(alpha + T), np.log(beta + T)
        g, psi = special.gammaln, special.digamma
        value = weights @ (g(r + x) - (r + x) * log_a - s * log_b + all_)
        value += total * (r * np.log(alpha) + s * np.log(beta) - g(r))
        dr = weights @ (psi(r + x) - alive * log_a - (share * np.log(alpha + tau)).sum(-1))
        dr += total * (np.log(alpha) - psi(r))
        dalpha = -weights @ ((r + x) * (alive / (alpha + T) + (share / (alpha + tau)).sum(-1)))
        dalpha += total * r / alpha
        ds = weights @ (share.sum(-1) / s - alive * log_b - (share * np.log(beta + tau)).sum(-1))
        ds += total * np.log(beta)
        dbeta = -weights @ (s * alive / (beta + T) + (s + 1) * (share / (beta + tau)).sum(-1))
        dbeta += total * s / beta
        return float(value), np.array([dr, dalpha, ds, dbeta])

    def p_alive(self, x: ArrayLike, t_x: ArrayLike, T: ArrayLike) -> Array:
        """Return A/(A + s·∫ f), in the terms of `likelihood`."""
        x, t_x, T = np.broadcast_arrays(*(np.asarray(value, dtype=np.float64) for value in (x, t_x, T)))
        flat = tuple(value.ravel() for value in (x, t_x, T))
        parts = []
        for start in range(0, flat[0].size, 50_000):
            chunk = (value[start : start + 50_000] for value in flat)
            parts.append(np.exp(-np.logaddexp(0.0, _log_sum(_ended(self.values, *chunk)[1]))))
        return np.concatenate(parts).reshape(x.shape) if parts else np.empty(x.shape)

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

    def discounted_forever(self, force: float, x: ArrayLike, T: ArrayLike) -> Array:
        """Return (r+x)/(α+T)·(β+T)·Ψ(1, 2−s; δ(β+T)), Ψ the confluent hypergeometric function of Tricomi.

        Times P(alive) it is DERT of Fader, Hardie & Lee (2005), doi:10.1509/jmkr.2005.42.4.415.
        """
        x, T = (np.asarray(value, dtype=np.float64) for value in (x, T))
        lengthened = self.beta + T
        psi = scipy("special").hyperu(1.0, 2.0 - self.s, force * lengthened)
        return np.asarray((self.r + x) / (self.alpha + T) * lengthened * psi)


def _ended(theta: Array, x: Array, t_x: Array, T: Array) -> tuple[Array, Array]:
    """Return nodes τ in (t_x, T) and ln(s·f(τ)·dτ/A): how likely an end there is beside none.

    τ = (α+t_x)·y^(−1/k) − α with k = r + x + s leaves an almost constant integrand in y, and y = z³
    takes the singularity from y = 0.
    """
    r, alpha, s, beta = theta
    k, base = (r + x + s)[:, None], (alpha + t_x)[:, None]
    low = np.exp(k / 3 * np.log(base / (alpha + T)[:, None]))
    half = (1 - low) / 2
    z = low + half * (1 + _X)
    tau = base * z ** (-3 / k) - alpha
    with np.errstate(divide="ignore"):
        step = np.log(half * _W * 3 * base / k) - (3 / k + 1) * np.log(z)  # dτ, y^(−1/k−1)·3z² in z
    log_f = -(r + x)[:, None] * np.log(alpha + tau) - (s + 1) * np.log(beta + tau)
    log_a = -(r + x) * np.log(alpha + T) - s * np.log(beta + T)
    return tau, np.log(s) + log_f + step - log_a[:, None]


def _log_sum(rows: Array) -> Array:
    most = rows.max(-1, initial=-1e300)
    with np.errstate(divide="ignore"):  # whoever bought at T itself has had no time to stop
        return np.asarray(most + np.log(np.exp(rows - most[:, None]).sum(-1)))
