"""Shapley values: a difference shared out among the changes that made it, whatever their order."""

from __future__ import annotations

from functools import lru_cache
from math import factorial
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]

FEW = 4  # players up to whom every order is looked at
LOOKED_AT = 60  # coalitions of more players, about


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
    return worth @ coefficients(players)


@lru_cache
def coefficients(players: int) -> Array:
    """Return (2ⁿ, n): by what the worth of a coalition counts for each player.

    >>> coefficients(1).tolist()
    [[-1.0], [1.0]]
    """
    weights = [
        factorial(size) * factorial(players - size - 1) / factorial(players) for size in range(players)
    ]
    counted = np.zeros((1 << players, players))
    for coalition in range(1 << players):
        size = coalition.bit_count()
        for player in range(players):
            counted[coalition, player] = weights[size - 1] if coalition >> player & 1 else -weights[size]
    return counted


@lru_cache
def orders(players: int) -> tuple[NDArray[np.bool_], Array]:
    """Return (c, n) coalitions, by who is in them, and by what the worth of each counts for each player.

    Up to `FEW` players these are all coalitions and the shares Shapley values. Of more the order in which
    they stand is looked at, begun at several players in turn and gone round forwards and backwards: shares
    still add up, a player who never changes anything gets 0, and the opposite game has the opposite shares.

    >>> members, counted = orders(5)
    >>> members.shape, np.allclose(np.array([1.0, 2.0, 3.0, 4.0, 5.0]) @ members.T @ counted, [1, 2, 3, 4, 5])
    ((22, 5), True)
    """
    if players <= FEW:
        places = np.arange(1 << players)[:, None]
        return (places >> np.arange(players) & 1).astype(bool), coefficients(players)
    begun = min(players, max(1, LOOKED_AT // (2 * (players - 1))))
    rows: dict[int, Array] = {}
    for number in range(begun):
        start = number * players // begun
        ahead = [(start + step) % players for step in range(players)]
        for order in (ahead, ahead[::-1]):
            joined = 0
            for player in order:
                rows.setdefault(joined, np.zeros(players))[player] -= 0.5 / begun
                joined |= 1 << player
                rows.setdefault(joined, np.zeros(players))[player] += 0.5 / begun
    members = np.array([[joined >> player & 1 for player in range(players)] for joined in rows], dtype=bool)
    return members, np.array(list(rows.values()))
