"""Shapley values: a difference shared out among the changes that made it, whatever their order."""

from __future__ import annotations

from functools import lru_cache
from math import factorial
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]


def shapley(worth: Array) -> Array:
    """Return what each player adds to a game, on average over all orders in which they may join.

    φᵢ = Σ_{S ∌ i} |S|! (n − |S| − 1)! / n! · (v(S ∪ i) − v(S)): the shares add up to v(all) − v(none), and a
    player who never changes anything gets 0.

    Parameters
    ----------
    worth : (..., 2ⁿ) the worth v(S) of every coalition; bit i of its place says whether player i is in S.

    Returns
    -------
    (..., n)

    References
    ----------
    Shapley (1953), A value for n-person games, doi:10.1515/9781400881970-018.

    >>> shapley(np.array([0.0, 1.0, 2.0, 6.0]))
    array([2.5, 3.5])
    """
    players = worth.shape[-1].bit_length() - 1
    if worth.shape[-1] != 1 << players:
        raise ValueError(f"{worth.shape[-1]} coalitions")
    return worth @ _coefficients(players)


@lru_cache
def _coefficients(players: int) -> Array:
    """Return (2ⁿ, n): by what the worth of a coalition counts for each player."""
    weights = [
        factorial(size) * factorial(players - size - 1) / factorial(players) for size in range(players)
    ]
    counted = np.zeros((1 << players, players))
    for coalition in range(1 << players):
        size = coalition.bit_count()
        for player in range(players):
            counted[coalition, player] = weights[size - 1] if coalition >> player & 1 else -weights[size]
    return counted
