"""BG/BB: customers who use or pass over each of a row of opportunities, until, unseen, they stop.

Opportunities are yearly appeals, monthly cycles, events held each season: n of them so far, x of them
used, the last used one the t_x-th. No opportunity lies before the first purchase of a customer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from evaluator.customers.likelihoods.gammas import digamma, log_beta
from evaluator.customers.likelihoods.likelihood import Estimate, maximize
from evaluator.customers.records import records
from evaluator.customers.terms import Array
from evaluator.displayed import Displayed
from evaluator.errors import EvaluationError, Issue, raise_errors
from evaluator.messages import Term

NUMBERS = ("frequency", "recency", "opportunities")


@dataclass(frozen=True)
class BgBb:
    """Chances to use an opportunity p ~ Beta(α, β), to stop before the next one θ ~ Beta(γ, δ).

    References
    ----------
    Fader, P. S., Hardie, B. G. S., Shang, J. (2010), Marketing Science 29(6), 1086–1108.
    doi:10.1287/mksc.1100.0580

    >>> model = BgBb(alpha=1.204, beta=0.750, gamma=0.657, delta=2.783)
    >>> model.p_alive([0, 4], [0, 5], 6).round(2), model.uses_ahead(10, [0, 4], [0, 5], 6).round(2)
    (array([0.11, 0.7 ]), array([0.13, 3.63]))
    """

    alpha: float
    beta: float
    gamma: float
    delta: float
    names: ClassVar[tuple[str, ...]] = ("alpha", "beta", "gamma", "delta")

    def log_likelihood(self, x: ArrayLike, t_x: ArrayLike, n: ArrayLike) -> Array:
        """Return ln L of each history, the paper's equation (5)."""
        x, t_x, n = _arrays(x, t_x, n)
        theta = (self.alpha, self.beta, self.gamma, self.delta)
        return np.asarray(np.logaddexp.reduce(_terms(theta, x, t_x, n), axis=-1))

    def p_alive(self, x: ArrayLike, t_x: ArrayLike, n: ArrayLike) -> Array:
        """Return the chance that a customer has not stopped before the next opportunity, n + 1."""
        x, t_x, n = _arrays(x, t_x, n)
        alive = self._used(x, n) + self._stays(n + 1)
        return np.asarray(np.exp(alive - self.log_likelihood(x, t_x, n)))

    def uses_ahead(
        self, ahead: int, x: ArrayLike, t_x: ArrayLike, n: ArrayLike, *, discount: float = 0.0
    ) -> Array:
        """Return how many of the next `ahead` opportunities are expected to be used.

        Each counts 1/(1 + discount)^j, j = 1 for the next one.
        """
        x, t_x, n = _arrays(x, t_x, n)
        once_more = log_beta(self.alpha + x + 1, self.beta + n - x) - log_beta(self.alpha, self.beta)
        j = np.arange(1, ahead + 1)
        each = self._stays(n[..., None] + j) - j * np.log1p(discount)
        total = np.logaddexp.reduce(each, axis=-1)
        return np.asarray(np.exp(once_more + total - self.log_likelihood(x, t_x, n)))

    def _used(self, x: Array, n: Array) -> Array:
        return log_beta(self.alpha + x, self.beta + n - x) - log_beta(self.alpha, self.beta)

    def _stays(self, n: Array) -> Array:
        return log_beta(self.gamma, self.delta + n) - log_beta(self.gamma, self.delta)


@dataclass(frozen=True)
class FittedOpportunities(Displayed):
    """A model fitted to the histories of many customers."""

    model: BgBb
    estimate: Estimate
    customers: int


def fit_opportunities(native: Any) -> FittedOpportunities:
    """Fit BG/BB by maximum likelihood.

    Parameters
    ----------
    native : one row per customer: `id`, `opportunities` (n) since the first purchase, `frequency` (x, how
        many were used), `recency` (t_x, which was the last one used; 0 for none).

    Raises
    ------
    EvaluationError
        Columns, ids and numbers as `records`; histories that cannot be; nobody who used one; no maximum.
    """
    frame = opportunity_histories(native)
    groups = frame.group_by(NUMBERS).len("weights").sort(NUMBERS)
    x, t_x, n, weights = (groups[name].cast(pl.Float64).to_numpy() for name in (*NUMBERS, "weights"))
    if not x.any():
        detail = {"repeaters": 0, "customers": frame.height, "least": 1}
        raise EvaluationError([Issue("CLV-912", "bg_bb", detail)])
    estimate = maximize(
        lambda theta: _objective(theta, x, t_x, n, weights),
        BgBb.names,
        [[1.0, 1.0, 1.0, 1.0], [1.0, 1.0, 0.5, 5.0]],
        observations=float(frame.height),
        may_vanish=("gamma", "delta"),
    )
    return FittedOpportunities(BgBb(*estimate.values.tolist()), estimate, frame.height)


def opportunity_histories(native: Any) -> pl.DataFrame:
    """Return `id`, `frequency`, `recency` and `opportunities` as the model reads them.

    Raises
    ------
    EvaluationError
        Columns, ids and numbers as `records`; histories that cannot be, such as more uses than opportunities.

    >>> frame = pl.DataFrame({"id": ["a"], "frequency": [2], "recency": [3], "opportunities": [6]})
    >>> opportunity_histories(frame).row(0)
    ('a', 2.0, 3.0, 6.0)
    """
    frame = records(native, numbers=NUMBERS, non_negative=NUMBERS)
    raise_errors(_impossible(frame))
    return frame


def _impossible(frame: pl.DataFrame) -> Iterator[Issue]:
    x, t_x, n = (pl.col(name) for name in NUMBERS)
    ways = {
        "missing": pl.any_horizontal(pl.col(NUMBERS).is_null()),
        "parts": pl.any_horizontal(pl.col(NUMBERS) != pl.col(NUMBERS).round()),
        "late": (t_x > n) | (x > t_x),
        "never": (x == 0) != (t_x == 0),
    }
    for way, holds in ways.items():
        wrong = frame.filter(holds)
        if wrong.height:
            examples = ", ".join(wrong["id"].fill_null("–").head(5))
            detail = {"count": wrong.height, "examples": examples, "reason": Term(f"opportunities.{way}")}
            yield Issue("CLV-913", "opportunities", detail)


def _arrays(x: ArrayLike, t_x: ArrayLike, n: ArrayLike) -> tuple[Array, Array, Array]:
    a, b, c = np.broadcast_arrays(*(np.asarray(value, dtype=np.float64) for value in (x, t_x, n)))
    return a, b, c


def _shapes(x: Array, t_x: Array, n: Array) -> tuple[Array, Array, Array, Array]:
    """Return what is added to α, β, γ and δ: still there after the n-th, or gone after the t_x + i-th."""
    i = np.arange(int((n - t_x).max(initial=0)))
    gone = i < (n - t_x)[..., None]
    there = np.where(gone, t_x[..., None] - x[..., None] + i, np.nan)
    b = np.concatenate([(n - x)[..., None], there], axis=-1)
    d = np.concatenate([n[..., None], np.where(gone, t_x[..., None] + i, np.nan)], axis=-1)
    c = np.concatenate([np.zeros_like(n)[..., None], np.ones(gone.shape)], axis=-1)
    return np.broadcast_to(x[..., None], b.shape), b, c, d


def _terms(theta: tuple[float, ...] | Array, x: Array, t_x: Array, n: Array) -> Array:
    """Return the logarithms of the summands of L; −∞ where a history has fewer."""
    alpha, beta, gamma, delta = theta
    a, b, c, d = _shapes(x, t_x, n)
    known = ~np.isnan(b)
    b, d = np.where(known, b, 0.0), np.where(known, d, 0.0)
    terms = log_beta(alpha + a, beta + b) + log_beta(gamma + c, delta + d)
    return np.where(known, terms - log_beta(alpha, beta) - log_beta(gamma, delta), -np.inf)


def _objective(theta: Array, x: Array, t_x: Array, n: Array, weights: Array) -> tuple[float, Array]:
    """Return Σ ln L and its gradient: of a sum of terms, the mean of theirs by their shares of L."""
    alpha, beta, gamma, delta = theta
    terms = _terms(theta, x, t_x, n)
    whole = np.logaddexp.reduce(terms, axis=-1)
    shares = np.exp(terms - whole[:, None])
    a, b, c, d = (np.nan_to_num(part) for part in _shapes(x, t_x, n))
    both, life = digamma(alpha + beta + a + b), digamma(gamma + delta + c + d)
    slopes = (
        digamma(alpha + a) - both - digamma(alpha) + digamma(alpha + beta),
        digamma(beta + b) - both - digamma(beta) + digamma(alpha + beta),
        digamma(gamma + c) - life - digamma(gamma) + digamma(gamma + delta),
        digamma(delta + d) - life - digamma(delta) + digamma(gamma + delta),
    )
    return float(weights @ whole), np.array([weights @ (shares * slope).sum(-1) for slope in slopes])
