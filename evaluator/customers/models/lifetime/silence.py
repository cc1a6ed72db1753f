"""Pareto/NBD: what may have happened to a customer in the time since the last purchase."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evaluator.customers.models.lifetime.log_time import CUT, panels, reach
from evaluator.customers.terms import Array


@dataclass(frozen=True)
class Silence:
    """What may have happened to customers since their last purchase at t_x, as chances (n,).

    They `kept` still until T, `stopped` before, or `bought` again; the three sum to 1, and all that is
    seen is that they did not buy.

    Attributes
    ----------
    log_alpha, per_alpha, log_beta, per_beta : sums over those who stopped, at τ, of ln((α+τ)/(α+t_x)),
        1/(α+τ), ln((β+τ)/(β+t_x)) and 1/(β+τ), for the slopes of the likelihood.
    """

    kept: Array
    stopped: Array
    bought: Array
    log_alpha: Array
    per_alpha: Array
    log_beta: Array
    per_beta: Array


def silence(theta: Array, x: Array, t_x: Array, T: Array) -> Silence:
    """Return the chances by quadrature, exact to rounding for all parameters r, α, s, β.

    With k = r + x and e^(−v) = ((α+t_x)/(α+τ))^k·((β+t_x)/(β+τ))^s a customer buys next at τ with the
    density e^(−v)·k/(α+τ), and stops with e^(−v)·s/(β+τ). The time is u, the log of the base that is
    smaller, and so grows faster.
    """
    r, alpha, s, beta = theta
    silent = np.maximum(T - t_x, 0.0)
    buying, stopping = (r + x, alpha + t_x), (np.full(x.shape, s), beta + t_x)
    kept = np.exp(-sum(power * np.log1p(silent / base) for power, base in (buying, stopping)))
    if alpha <= beta:
        bought, stopped, near, far = _ends(buying, stopping, silent, of_far=True)
        return Silence(kept, stopped, bought, *near, *far)
    stopped, bought, near, far = _ends(stopping, buying, silent, of_far=False)
    return Silence(kept, stopped, bought, *far, *near)


def _ends(
    near: tuple[Array, Array], far: tuple[Array, Array], silent: Array, *, of_far: bool
) -> tuple[Array, Array, Array, Array]:
    """Return the chances of the two ends of a silence, and the sums (2, n) over one of them.

    With g the quotient of the bases at t_x, v = p·u + q·ln(1 + g·(e^u − 1)) for the powers p and q.
    """
    (p, near_base), (q, far_base) = near, far
    g = near_base / far_base
    first, second, sums = np.empty(p.shape), np.empty(p.shape), np.empty((2, 2, *p.shape))
    for rows, u, du in panels(_until(p, q, g, np.log1p(silent / near_base))):
        p_, q_, g_ = p[rows, None], q[rows, None], g[rows, None]
        wider = g_ * np.expm1(u)
        log_wider = np.log1p(wider)
        still = np.exp(-p_ * u - q_ * log_wider) * du
        by_near, by_far = p_ * still, q_ * still * (g_ + wider) / (1 + wider)
        first[rows], second[rows] = by_near.sum(-1), by_far.sum(-1)
        end = by_far if of_far else by_near
        sums[0, :, rows] = np.stack([(end * u).sum(-1), (end * np.exp(-u)).sum(-1) / near_base[rows]], -1)
        sums[1, :, rows] = np.stack(
            [(end * log_wider).sum(-1), (end / (1 + wider)).sum(-1) / far_base[rows]], -1
        )
    return first, second, sums[0], sums[1]


def _until(p: Array, q: Array, g: Array, end: Array) -> Array:
    """Return how far u must go: to the end, or to where nobody can have kept still."""
    with np.errstate(over="ignore"):  # a power near 0 leaves it to the other
        end = np.minimum(end, np.minimum(CUT / p, np.log1p(np.expm1(CUT / q) / g)))

    def v(u: Array) -> Array:
        return np.asarray(p * u + q * np.log1p(g * np.expm1(u)))

    def slope(u: Array) -> Array:
        wider = g * np.expm1(u)
        return np.asarray(p + q * (g + wider) / (1 + wider))

    return reach(end, v, slope)
