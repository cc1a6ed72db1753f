"""What a plan's limits and assumptions are worth: more or less budget, each must and floor, each effect."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from evaluator.actions.core import relaxed_bound, solve
from evaluator.actions.limits import Limits
from evaluator.actions.problem import problem_of

PARTS = (0.25, 0.5, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0, 3.0, 4.0)

SAME = 1e-6  # factors of gains that differ by less, which whole units of money cannot tell apart


def frontier(candidates: Any, limits: Limits) -> pl.DataFrame:
    """Return what budgets bring at most, by the relaxation: parts of the budget, and all that can be used.

    Returns
    -------
    `budget` and `value`, twelve rows, or as many twelfths of all that can be used where there is no budget.
    A budget too small for musts and floors has no value.
    """
    problem = problem_of(candidates, limits)
    unlimited = solve(problem_of(candidates, replace(limits, budget=None)))
    unit = 10.0**-limits.decimals
    most = int(problem.cost[unlimited.chosen].sum()) if unlimited else 0
    if limits.budget is None:
        budgets = [most * part // 12 for part in range(1, 13)]
    else:
        budgets = sorted({*(int(problem.budget * part) for part in PARTS), most})
    values = [relaxed_bound(replace(problem, budget=budget)) for budget in budgets]
    return pl.DataFrame(
        {"budget": [budget * unit for budget in budgets],
         "value": [None if value is None else round(value * unit, limits.decimals) for value in values]},
        schema={"budget": pl.Float64, "value": pl.Float64},
    )  # fmt: skip


def last_money(candidates: Any, limits: Limits, amount: float = 10_000.0) -> float | None:
    """Return what the last of the budget brings: V(budget) − V(budget − amount), both solved.

    None where there is no budget, it is smaller, or what remains is too little for musts and floors.
    """
    if limits.budget is None or limits.budget < amount:
        return None
    whole = _value(candidates, limits)
    less = _value(candidates, replace(limits, budget=limits.budget - amount))
    return None if whole is None or less is None else round(whole - less, limits.decimals)


def prices_of_limits(candidates: Any, limits: Limits) -> pl.DataFrame:
    """Return what each must and floor costs: the value of the plan without it less the value with it.

    Returns
    -------
    `limit` (must, floor), `name` (of the customer, of the column) and `price`.
    """
    whole = _value(candidates, limits)
    without = [
        ("must", name, replace(
            limits, must=limits.must - {name},
            must_give={key: action for key, action in limits.must_give.items() if key != name},
        )) for name in sorted({*limits.must, *limits.must_give})
    ]  # fmt: skip
    without += [
        (
            "floor",
            floor.by,
            replace(limits, at_least=tuple(other for other in limits.at_least if other != floor)),
        )
        for floor in limits.at_least
    ]
    rows = [
        (kind, name, _less(_value(candidates, fewer), whole, limits.decimals))
        for kind, name, fewer in without
    ]
    return pl.DataFrame(
        rows, schema={"limit": pl.String, "name": pl.String, "price": pl.Float64}, orient="row"
    )


def break_even(gain: Any, cost: Any, effect: float) -> float | None:
    """Return the effect at which an action's gains come to its costs, where gains are in proportion to it.

    >>> break_even([900.0, 600.0], [500.0, 500.0], effect=0.3)
    0.2
    """
    total = float(np.sum(np.asarray(gain, dtype=float)))
    return effect * float(np.sum(np.asarray(cost, dtype=float))) / total if total > 0 else None


def dropped_below(candidates: Any, limits: Limits, action: str) -> float | None:
    """Return the factor of an action's gains below which a best plan holds it no more; None if it never does.

    What other actions and customers would do instead counts. A plan that holds the action beats the best one
    without it down to a factor that its own gains give; the best plan there gives the next, until none
    is better there: a few plans, and the factor is exact (Dinkelbach 1967, doi:10.1287/mnsc.13.7.492).
    """
    problem = problem_of(candidates, limits)
    own = problem.action == (problem.names.index(action) if action in problem.names else -1)
    found, without = solve(problem), solve(problem.with_pairs(~own))
    if found is None or not own[found.chosen].any():
        return None
    factor = 1.0
    while without is not None:
        gain = int(problem.gain[found.chosen & own].sum())
        rest = int(problem.net[found.chosen].sum()) - gain
        least = (without.value - rest) / gain if gain > 0 else 0.0
        if least <= 0:
            break
        if least > factor * (1 - SAME):
            return min(least, factor)
        factor = least
        scaled = np.where(own, np.floor(problem.gain * factor + 0.5), problem.gain).astype(np.int64)
        again = solve(replace(problem, gain=scaled))
        if again is None or not own[again.chosen].any():
            return factor
        found = again
    return 0.0


def _value(candidates: Any, limits: Limits) -> float | None:
    found = solve(problem_of(candidates, limits))
    return None if found is None else found.value * 10.0**-limits.decimals


def _less(one: float | None, other: float | None, decimals: int) -> float | None:
    return None if one is None or other is None else round(one - other, decimals)
