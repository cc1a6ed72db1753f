"""Lifetime value as a Markov chain: states of a relationship, what each brings, and when to stop."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluator.customers.models.retention.migration import chain
from evaluator.customers.terms import (
    Array,
    Terms,
    at_least,
    check,
    discount,
    endless,
    money_terms,
    numbers,
    probabilities,
    same_length,
)
from evaluator.displayed import Displayed

_GAIN = 1e-12  # of the largest reward: a state on the edge of paying stops once, not in turns


@dataclass(frozen=True)
class MarkovValue(Displayed):
    """Value of a customer in each state. `stopped` are the states in which it pays to end the efforts."""

    values: Array
    stopped: tuple[int, ...]
    terms: Terms


def recency_chain(rates: ArrayLike, margin: float, cost: float) -> tuple[Array, Array]:
    """Return P (J + 1, J + 1) and R (J + 1,) of customers approached each period until J without purchase.

    State j − 1 holds who bought j periods ago, the last one who is lost; a purchase brings the margin,
    every approach costs.

    Raises `EvaluationError` for numbers that are not finite or out of range.

    >>> P, R = recency_chain([0.3, 0.2], 40, 4)
    >>> P.tolist(), R.tolist()
    ([[0.3, 0.7, 0.0], [0.2, 0.0, 0.8], [0.0, 0.0, 1.0]], [36.0, -4.0, 0.0])
    """
    p = np.atleast_1d(numbers("rates", rates))
    check(probabilities("rates", p), at_least("cost", numbers("cost", cost)))
    size = p.size + 1
    P = np.zeros((size, size))
    P[:-1, 0] = p
    P[np.arange(p.size), np.arange(1, size)] += 1 - p
    P[-1, -1] = 1.0
    R = np.full(size, -float(cost))
    R[0] += float(numbers("margin", margin))
    R[-1] = 0.0
    return P, R


def markov(
    transitions: ArrayLike,
    rewards: ArrayLike,
    *,
    discount_rate: float,
    horizon: int | None,
    currency: str,
    period: float = 1.0,
) -> MarkovValue:
    """Return V = Σ_{t=0..T} [P/(1+d)]^t·R, or (I − P/(1+d))⁻¹·R without a horizon.

    Parameters
    ----------
    transitions : P (S, S), rows sum to at most 1; what is lacking has left for good.
    rewards : R (S,), money in each state and period, at its start.
    horizon : T, periods after the running one; None without end.

    Raises
    ------
    EvaluationError
        no discount and nobody leaves: no finite value.

    References
    ----------
    Pfeifer, P. E., Carraway, R. L. (2000), Journal of Interactive Marketing 14(2), 43–55.
    doi:10.1002/(SICI)1520-6653(200021)14:2<43::AID-DIR4>3.0.CO;2-H

    >>> P, R = recency_chain([0.3, 0.2, 0.15, 0.05], 40, 4)
    >>> markov(P, R, discount_rate=0.2, horizon=4, currency="USD").values.round(3)
    array([50.115,  4.22 ,  0.592, -1.98 ,  0.   ])
    >>> markov(P, R, discount_rate=0.2, horizon=None, currency="USD").values.round(3)
    array([52.32 ,  5.554,  1.251, -1.82 ,  0.   ])
    """
    Q, R, terms = _discounted(transitions, rewards, discount_rate, horizon, period, currency)
    if horizon is None:
        return MarkovValue(_without_end(Q, R, R != 0), (), terms)
    values = R.copy()
    for _ in range(horizon):
        values = R + Q @ values
    return MarkovValue(values, (), terms)


def markov_with_stopping(
    transitions: ArrayLike,
    rewards: ArrayLike,
    *,
    discount_rate: float,
    horizon: int | None,
    currency: str,
    period: float = 1.0,
) -> MarkovValue:
    """Return the values when efforts end in every state where going on does not pay.

    V = max(0, R + P·V'/(1+d)): backwards from the horizon, or by policy iteration without one. A
    stopped state is worth 0: the relationship is over.

    Returns
    -------
    MarkovValue
        `stopped` : states left today; with a horizon the rule may stop more of them towards its end.

    Raises
    ------
    EvaluationError
        as `markov`.

    References
    ----------
    Pfeifer & Carraway (2000), as above; policy iteration: Howard, R. A. (1960), Dynamic Programming and
    Markov Processes.

    >>> P, R = recency_chain([0.3, 0.2, 0.15, 0.05], 40, 4)
    >>> rule = markov_with_stopping(P, R, discount_rate=0.2, horizon=None, currency="USD")
    >>> rule.values.round(3), rule.stopped
    (array([53.149,  6.621,  2.644,  0.   ,  0.   ]), (3,))
    """
    Q, R, terms = _discounted(transitions, rewards, discount_rate, horizon, period, currency)
    edge = _GAIN * max(float(np.abs(R).max(initial=0.0)), 1.0)
    if horizon is None:
        going, values = np.zeros(len(R), dtype=bool), np.zeros(len(R))
        while (wider := going | (R + Q @ values > edge)).sum() > going.sum():  # values only rise
            going = wider
            values = _without_end(np.where(going[:, None] & going, Q, 0.0), np.where(going, R, 0.0), going)
        onward = R + Q @ values
    else:
        values = np.zeros(len(R))
        for _ in range(horizon + 1):
            onward = R + Q @ values
            values = np.maximum(onward, 0.0)
    ended = onward < -edge
    return MarkovValue(values, tuple(int(state) for state in np.flatnonzero(ended)), terms)


def _discounted(
    transitions: ArrayLike, rewards: ArrayLike, rate: float, horizon: int | None, period: float, currency: str
) -> tuple[Array, Array, Terms]:
    P, R = chain(transitions), np.atleast_1d(numbers("rewards", rewards))
    check(same_length("rewards", R.size, len(P)), money_terms(rate, horizon, period))
    Q = P * discount(rate, period)
    return Q, R, Terms("group", rate, horizon, period, currency, "start")


def _without_end(Q: Array, R: Array, paying: NDArray[np.bool_]) -> Array:
    """Return (I − Q)⁻¹·R over the states from which money is ever reached; the others are worth 0."""
    reached = paying
    while True:
        wider = reached | (Q[:, reached].sum(-1) > 0)
        if (wider == reached).all():
            break
        reached = wider
    values = np.zeros(len(R))
    if reached.any():
        inner = Q[np.ix_(reached, reached)]
        endless("transitions", float(np.abs(np.linalg.eigvals(inner)).max()) + 1e-12)
        values[reached] = np.linalg.solve(np.eye(len(inner)) - inner, R[reached])
    return values
