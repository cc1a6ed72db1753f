"""Linear and binary programs of a plan, given to HiGHS.

With x of a pair 1 where the customer is given the action, and y of a customer 1 where any is given::

    maximise  Σ (g − c) x   where  Σ c x ≤ budget,  Σ_a x ≤ together,  Σ_i x ≤ capacity of the action,
    y ≤ Σ_a x,  Σ y ≥ floor of the group,  Σ_a x ≥ 1 for who must be served,  x = 1 for what must be given.

Where a customer has one action at most, y is Σ_a x. Limits are by gap and nodes, never by time, so that
the same problem always has the same plan.

References
----------
Q. Huangfu, J. A. J. Hall (2018), Parallelizing the dual revised simplex method, Math. Prog. Comp. 10,
119–142, doi:10.1007/s12532-017-0130-5.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluator.actions.problem import UNLIMITED, Flags, Problem
from evaluator.brief import Brief

NODES = 5_000
_SPAN = 1024.0  # largest amount in a program: HiGHS's tolerances are absolute


@dataclass(frozen=True)
class Prices(Brief):
    """What limits are worth: a unit of budget, a place in an action, a customer more in a floor."""

    budget: float
    capacities: NDArray[np.float64]
    floors: NDArray[np.float64]


@dataclass(frozen=True)
class _Program:
    """Rows A x ≤ b by limit, in the order budget, capacities, floors, then those of customers."""

    matrix: Any
    bounds: NDArray[np.float64]
    lower: NDArray[np.float64]
    objective: NDArray[np.float64]
    money: float
    limits: tuple[tuple[str, int], ...]


def best(problem: Problem, *, gap: float = 0.0, cheapest: bool = False) -> tuple[Flags, float] | None:
    """Return which pairs a best plan holds and what no plan exceeds; None where there is no plan.

    Parameters
    ----------
    gap : the share of what it brings that a plan may lack.
    cheapest : seek the plan that costs least, whatever it brings; then the bound is what none goes below.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp  # takes longer to load than most studies to run

    if not len(problem.customer):
        there = _nothing_needed(problem)
        return (np.zeros(0, bool), 0.0) if there else None
    for spare in range(20):  # a plan that HiGHS takes to fit may be some units over
        program = _program(problem, spare=spare, cheapest=cheapest)
        rows = [LinearConstraint(program.matrix, -np.inf, program.bounds)] if len(program.bounds) else []
        with silent():
            found = milp(
                -program.objective, integrality=np.ones(len(program.objective)), constraints=rows,
                bounds=Bounds(program.lower, 1.0), options={"mip_rel_gap": gap, "node_limit": NODES},
            )  # fmt: skip
        if found.x is None:
            return None
        chosen = found.x[: len(problem.customer)] > 0.5
        if int(problem.cost[chosen].sum()) <= problem.budget:
            bound = found.fun if found.mip_dual_bound is None else found.mip_dual_bound
            return chosen, -float(bound) * program.money
    return None


def relaxation(problem: Problem) -> tuple[Prices, Flags] | None:
    """Return the prices of limits where x may lie between 0 and 1, and which x are 1; None without a plan."""
    from scipy.optimize import linprog

    program = _program(problem)
    if not len(program.objective):
        nothing = Prices(0.0, np.zeros(len(problem.names)), np.zeros(len(problem.groups)))
        return (nothing, np.zeros(0, bool)) if _nothing_needed(problem) else None
    with silent():
        found = linprog(
            -program.objective, A_ub=program.matrix, b_ub=program.bounds,
            bounds=np.column_stack([program.lower, np.ones(len(program.lower))]), method="highs",
        )  # fmt: skip
    if found.status != 0:
        return None
    worth = np.maximum(0.0, -found.ineqlin.marginals)
    budget, capacities, floors = 0.0, np.zeros(len(problem.names)), np.zeros(len(problem.groups))
    for row, (kind, position) in enumerate(program.limits):
        if kind == "budget":
            budget = float(worth[row]) * program.money / _cost_scale(problem)
        elif kind == "capacity":
            capacities[position] = worth[row] * program.money
        else:
            floors[position] = worth[row] * program.money
    return Prices(budget, capacities, floors), found.x[: len(problem.customer)] > 1 - 1e-6


def _program(problem: Problem, *, spare: int = 0, cheapest: bool = False) -> _Program:
    from scipy.sparse import csr_array, vstack

    pairs, customers = len(problem.customer), len(problem.ids)
    served = np.zeros(customers, bool)
    if problem.together > 1:
        for group in problem.groups:
            served[group.members] = True
    place = np.cumsum(served) - 1 + pairs  # of y, behind the pairs
    width = pairs + int(served.sum())
    money = _scale(problem.cost if cheapest else problem.net)
    rows: list[Any] = []
    bounds: list[NDArray[np.float64]] = []
    limits: list[tuple[str, int]] = []

    def add(row: Any, column: Any, value: Any, bound: Any) -> None:
        bound = np.atleast_1d(np.asarray(bound, dtype=np.float64))
        rows.append(csr_array((np.broadcast_to(value, np.shape(column)), (row, column)), (len(bound), width)))
        bounds.append(bound)

    everybody = np.arange(pairs)
    if problem.budget < UNLIMITED // 2:
        scale = _cost_scale(problem)
        add(np.zeros(pairs, int), everybody, problem.cost / scale, (problem.budget - spare) / scale)
        limits.append(("budget", 0))
    counts = np.bincount(problem.action, minlength=len(problem.names))
    for action in np.flatnonzero(counts > problem.capacity):
        of = np.flatnonzero(problem.action == action)
        add(np.zeros(len(of), int), of, 1.0, problem.capacity[action])
        limits.append(("capacity", int(action)))
    for position, group in enumerate(problem.groups):
        inside = np.zeros(customers, bool)
        inside[group.members] = True
        of = place[group.members] if problem.together > 1 else np.flatnonzero(inside[problem.customer])
        if group.at_least > 0:
            add(np.zeros(len(of), int), of, -1.0, -group.at_least)
            limits.append(("floor", position))
    _of_customers(problem, served, add)
    objective = np.zeros(width)
    objective[:pairs] = (-problem.cost if cheapest else problem.net) / money
    lower = np.zeros(width)
    lower[:pairs] = problem.forced
    matrix = vstack(rows, format="csr") if rows else csr_array((0, width))
    return _Program(matrix, np.concatenate([*bounds, np.zeros(0)]), lower, objective, money, tuple(limits))


def _of_customers(problem: Problem, served: Flags, add: Callable[..., None]) -> None:
    """Add the rows of customers: how many actions, who must be served, and what makes y of those `served`."""
    pairs, customers = len(problem.customer), len(problem.ids)
    each = np.bincount(problem.customer, minlength=customers)
    several = np.cumsum(each > problem.together) - 1
    of = np.flatnonzero((each > problem.together)[problem.customer])
    if len(of):
        add(several[problem.customer[of]], of, 1.0, np.full(several[-1] + 1, problem.together))
    if problem.must.any():
        must = np.cumsum(problem.must) - 1
        of = np.flatnonzero(problem.must[problem.customer])
        add(must[problem.customer[of]], of, -1.0, np.full(must[-1] + 1, -1.0))
    if served.any():
        place, width = np.cumsum(served) - 1, pairs + int(served.sum())
        of = np.flatnonzero(served[problem.customer])
        row = np.concatenate([place[problem.customer[of]], np.arange(width - pairs)])
        value = np.concatenate([np.full(len(of), -1.0), np.ones(width - pairs)])
        add(row, np.concatenate([of, np.arange(pairs, width)]), value, np.zeros(width - pairs))


def _scale(amounts: NDArray[np.int64]) -> float:
    """Return the power of two that brings amounts below `_SPAN`, so that dividing by it loses nothing."""
    largest = float(np.abs(amounts).max(initial=1)) or 1.0
    return float(2.0 ** np.ceil(np.log2(max(largest, 1.0) / _SPAN)))


def _cost_scale(problem: Problem) -> float:
    return _scale(problem.cost)


def _nothing_needed(problem: Problem) -> bool:
    floors = any(group.at_least > 0 for group in problem.groups)
    return (
        not floors and not problem.must.any() and problem.budget >= 0 and bool((problem.capacity >= 0).all())
    )


@contextmanager
def silent() -> Iterator[None]:
    """Keep what HiGHS prints, past Python, from the program's own output."""
    sys.stdout.flush()
    try:
        kept = os.dup(1)
    except OSError:  # there is no output to keep clean
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
