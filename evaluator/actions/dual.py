"""What customers choose at prices of the limits, and the prices at which the bound this gives is lowest.

Of many customers the bound is a nearly smooth function of few prices. It is lowered by cutting planes
(Kelley 1960) inside a box around the best prices so far (Marsten et al. 1975), from those of a sample.

References
----------
J. E. Kelley (1960), The cutting-plane method for solving convex programs, J. SIAM 8, 703–712,
doi:10.1137/0108053. R. E. Marsten, W. W. Hogan, J. W. Blankenship (1975), The boxstep method for
large-scale optimization, Operations Research 23, 389–405, doi:10.1287/opre.23.3.389.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from evaluator.actions.problem import UNLIMITED, Flags, Problem
from evaluator.actions.solving import Prices, relaxation, silent

Amounts = NDArray[np.float64]

SAMPLE = 20_000  # variables
STEPS = 80
BLOCKS = 64  # of customers, each with cutting planes of its own
KEPT = 30  # cutting planes of each block, beside those at the best prices: all of them fill half the time
SWEEPS, BISECTIONS = 1, 24
NEARLY = 1e-3  # of a limit: near enough to used
FINER, LARGEST = 10_000, 2.0**61
NEAR = 1e-5  # of the bound: choices at prices tried count as good
CLOSE = 1e-6  # of the bound: near enough to the lowest
NOISE = 1e-9  # of an amount: what floating point may have lost
_HIGHEST = 1e18
_WIDER = 0.01  # of a price: the first step from it
_BOX = 0.02  # of the bound, in each price times its limit


@dataclass(frozen=True)
class Choices:
    """What customers choose at prices.

    `chosen` are the pairs, `worth` is what each customer's choice comes to, `bound` what no plan exceeds.
    """

    chosen: Flags
    worth: Amounts
    bound: float


def choices_at(problem: Problem, prices: Prices) -> Choices:
    """Return each customer's best choice at prices, and the bound they give."""
    worth, extra = worth_at(problem, prices)
    chosen, total = (
        _single(problem, worth, extra) if problem.together == 1 else _several(problem, worth, extra)
    )
    limits, limited = _limits(problem)
    fixed = float((_vector(prices) * limits)[limited].sum())
    return Choices(chosen, total, fixed + float(total.sum()))


def _single(problem: Problem, worth: Amounts, extra: Amounts) -> tuple[Flags, Amounts]:
    """Return the best pair of each customer, the first of equals, and what it comes to with its extra."""
    there, starts, each = problem.segments
    top = np.maximum.reduceat(worth, starts)
    served = (top + extra[there] > 0) | problem.must[there]
    level = np.where(served, top, np.inf)
    equal = np.flatnonzero(worth == np.repeat(level, each))
    customer = problem.customer[equal]
    chosen = np.zeros(len(worth), bool)
    chosen[equal[np.r_[True, customer[1:] != customer[:-1]][: len(equal)]]] = True
    total: Amounts = np.zeros(len(problem.ids))
    total[there] = np.where(served, top + extra[there], 0.0)
    return chosen, total


def _several(problem: Problem, worth: Amounts, extra: Amounts) -> tuple[Flags, Amounts]:
    """Return the best pairs of each customer, up to `together`, and what they come to with the extra."""
    order, rank, here = _ranked(problem, worth)
    with_bonus = worth[order] + np.where(rank == 0, extra[here], 0.0)
    taken = (rank < problem.together) & (
        problem.forced[order] | (with_bonus > 0) | ((rank == 0) & problem.must[here])
    )
    chosen: Flags = np.zeros(len(order), bool)
    chosen[order] = taken
    total: Amounts = np.bincount(here, with_bonus * taken, minlength=len(problem.ids)).astype(np.float64)
    return chosen, total


def _ranked(
    problem: Problem, worth: Amounts
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the pairs with a customer's best first, their places, and their customers."""
    order = np.lexsort((-worth, ~problem.forced, problem.customer))
    here = problem.customer[order]
    return order, np.arange(len(order)) - problem.starts[here], here


def margins(problem: Problem, prices: Prices, given: Flags) -> Amounts:
    """Return by how much a customer's part of `given` beats all others at prices; −1 where it does not.

    Another choice is one pair less, one more, or one for another: every other loses at least as much.
    """
    worth, extra = worth_at(problem, prices)
    choices = choices_at(problem, prices)
    order, rank, here = _ranked(problem, worth)
    alone, customers = worth[order], len(problem.ids)
    with_bonus = alone + np.where(rank == 0, extra[here], 0.0)
    taken = choices.chosen[order]
    may_go = taken & ~problem.forced[order]
    number = np.bincount(here, taken, minlength=customers)
    fewer = np.where(problem.must & (number == 1), np.inf, _extreme(here, with_bonus, may_go, customers))
    more = np.where(number < problem.together, _extreme(here, -with_bonus, ~taken, customers), np.inf)
    other = _extreme(here, alone, may_go, customers) + _extreme(here, -alone, ~taken, customers)
    best = np.minimum(np.minimum(fewer, more), other)
    served = np.bincount(problem.customer, given, minlength=customers) > 0
    lost = choices.worth - np.bincount(problem.customer, worth * given, minlength=customers) - extra * served
    return np.where(lost > NOISE * np.maximum(1.0, np.abs(choices.worth)), -1.0, best)


def _extreme(customer: NDArray[np.int64], value: Amounts, of: Flags, customers: int) -> Amounts:
    """Return the least value of some pairs of each customer, infinite where there are none."""
    least = np.full(customers, np.inf)
    np.minimum.at(least, customer[of], value[of])
    return least


def worth_at(problem: Problem, prices: Prices) -> tuple[Amounts, Amounts]:
    """Return what pairs come to at prices, and what serving each customer adds."""
    worth = problem.net - prices.budget * problem.cost - prices.capacities[problem.action]
    extra = np.zeros(len(problem.ids))
    for price, group in zip(prices.floors, problem.groups, strict=True):
        extra[group.members] += price
    return worth, extra


def lowest(problem: Problem) -> tuple[Prices, Flags] | None:
    """Return prices near those with the lowest bound, and choices; None where a sample has no plan.

    The choices are those at the prices tried that pass limits least, of bounds within `NEAR` of the lowest.
    """
    start = relaxation(_sample(problem))
    if start is None:
        return None
    limits, limited = _limits(problem)
    best, money = start[0], max(1.0, abs(choices_at(problem, start[0]).bound))
    share = np.maximum(1.0, np.abs(limits)) / money  # prices are sought as shares of the bound
    slope = np.where(limited, limits, 0.0) / (share * money)
    centre, least = _vector(best) * share, np.inf
    point, promised, box = centre, -np.inf, _BOX
    cuts: list[tuple[Amounts, Amounts]] = []
    tried: list[tuple[float, float, Flags]] = []
    for _ in range(STEPS):
        prices = _prices(problem, point / share)
        found = choices_at(problem, prices)
        used = np.where(limited, _used(problem, found.chosen), 0.0)
        passed = float(
            ((used.sum(axis=0) - limits) / np.maximum(1.0, np.abs(limits)))[limited].max(initial=0.0)
        )
        used /= share * money
        worth = np.bincount(np.arange(len(found.worth)) % BLOCKS, found.worth, minlength=BLOCKS) / money
        cuts = [*cuts[-KEPT:], (used, worth + used @ point)]
        bound = found.bound / money
        good = [one for one in tried if one[1] < bound + NEAR]
        if bound < least + NEAR:
            good.append((passed, bound, found.chosen))
        tried = [min(good, key=lambda one: one[0])] if good else tried
        won, hoped = least - bound, least - promised
        if won > 0:
            least, centre, best, at_best = bound, point, prices, cuts[-1]
        if np.isfinite(hoped):
            box *= 2.0 if won > hoped / 4 else 0.5 if won < -hoped else 1.0
        point, promised = _step(slope, [at_best, *cuts], centre, box)
        if least - promised < CLOSE:
            break
    return best, tried[0][2]


def _step(
    slope: Amounts, cuts: list[tuple[Amounts, Amounts]], centre: Amounts, box: float
) -> tuple[Amounts, float]:
    """Return where the cuts of all blocks are lowest inside a box around the centre, and how low."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_array, hstack, vstack

    blocks = vstack([csr_array(-np.eye(BLOCKS))] * len(cuts))
    rows = hstack([csr_array(-np.concatenate([used for used, _ in cuts])), blocks])
    ranges = [*((max(0.0, at - box), at + box) for at in centre), *[(None, None)] * BLOCKS]
    with silent():
        found = linprog(
            np.concatenate([slope, np.ones(BLOCKS)]), A_ub=rows,
            b_ub=-np.concatenate([level for _, level in cuts]), bounds=ranges, method="highs",
        )  # fmt: skip
    return np.maximum(0.0, found.x[: len(centre)]), float(found.fun)


def fitted(problem: Problem, prices: Prices) -> Prices:
    """Return prices at which choices come close to limits from within, each found by bisection in its turn.

    Where many customers are alike, a bound near the lowest leaves limits far from used, or passed.
    """
    limits, limited = _limits(problem)
    vector = _vector(prices)
    for _ in range(SWEEPS):
        for position in np.flatnonzero(limited):

            def used(price: float, position: int = int(position)) -> float:
                vector[position] = price
                chosen = choices_at(problem, _prices(problem, vector)).chosen
                return float(_used(problem, chosen)[:, position].sum())

            vector[position] = _fitting(used, float(vector[position]), float(limits[position]))
    return _prices(problem, vector)


def _fitting(used: Callable[[float], float], before: float, limit: float) -> float:
    """Return the price near one before at which a limit is nearly used and not passed."""
    least = limit - NEARLY * abs(limit)
    now = used(before)
    if now <= limit and (before == 0 or now >= least):
        return before
    step = max(_WIDER * before, 1e-3)
    low, high = (max(0.0, before - step), before) if now <= limit else (before, before + step)
    while low > 0 and used(low) <= limit:
        step *= 4
        low, high = max(0.0, low - step), low
    while (now := used(high)) > limit and high < _HIGHEST:
        step *= 4
        low, high = high, high + step
    for _ in range(BISECTIONS):
        if now >= least:
            break
        middle = (low + high) / 2
        if (there := used(middle)) <= limit:
            high, now = middle, there
        else:
            low = middle
    return high


def finer(problem: Problem) -> Problem:
    """Return the problem in a ten-thousandth of its unit, gains changed below it so that no two are alike."""
    total = float(np.abs(problem.net).sum()) + float(problem.cost.sum())
    fine = FINER if total * FINER < LARGEST else 1
    stir = np.random.default_rng(0).uniform(0.0, NEARLY / 10, len(problem.ids))
    change = (np.abs(problem.net) * fine * stir[problem.customer]).astype(np.int64)
    return replace(
        problem, gain=problem.gain * fine + change, cost=problem.cost * fine,
        budget=problem.budget * fine if problem.budget < UNLIMITED // 2 else problem.budget,
        decimals=problem.decimals + (4 if fine > 1 else 0),
    )  # fmt: skip


def _limits(problem: Problem) -> tuple[Amounts, Flags]:
    """Return the limits that have a price, in the order of `Prices`, and which of them are limits at all."""
    limits = np.array(
        [problem.budget, *problem.capacity, *(-group.at_least for group in problem.groups)], float
    )
    limited = limits < UNLIMITED // 2
    return np.where(limited, limits, 1.0), limited


def _used(problem: Problem, chosen: Flags) -> Amounts:
    """Return what choices take of every limit, block by block: customers fall into blocks by turns."""
    of = np.flatnonzero(chosen)
    block = problem.customer[of] % BLOCKS
    served = np.zeros(len(problem.ids), bool)
    served[problem.customer[of]] = True
    actions = len(problem.names)
    counts = np.bincount(block * actions + problem.action[of], minlength=BLOCKS * actions)
    floors = [
        -np.bincount(group.members[served[group.members]] % BLOCKS, minlength=BLOCKS)
        for group in problem.groups
    ]
    spent = np.bincount(block, problem.cost[of], minlength=BLOCKS)
    return np.column_stack([spent, counts.reshape(BLOCKS, actions), *floors])


def _vector(prices: Prices) -> Amounts:
    return np.array([prices.budget, *prices.capacities, *prices.floors])


def _prices(problem: Problem, vector: Amounts) -> Prices:
    actions = len(problem.names)
    return Prices(float(vector[0]), vector[1 : actions + 1], vector[actions + 1 :])


def _sample(problem: Problem) -> Problem:
    """Return the problem of every n-th customer, its limits as much smaller."""
    every = -(-len(problem.customer) // SAMPLE)
    free = np.zeros(len(problem.ids), bool)
    free[::every] = True
    inside, _ = problem.reduced(free, np.zeros(len(problem.customer), bool))
    limited = problem.capacity < UNLIMITED // 2
    return replace(
        inside,
        budget=problem.budget // every if problem.budget < UNLIMITED // 2 else problem.budget,
        capacity=np.where(limited, problem.capacity // every, problem.capacity),
        groups=tuple(replace(group, at_least=min(group.at_least // every, len(group.members)))
                     for group in inside.groups),
    )  # fmt: skip
