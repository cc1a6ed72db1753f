"""Best plans of any size: prices first, then a binary program over the customers that they leave undecided.

At prices λ of the budget, μ of places and ν of floors, a customer's best choice among his own pairs is
known, and no plan brings more than::

    D = λ budget + Σ μ capacity − Σ ν floor + Σ_i max over choices of (Σ (g − c − λ c − μ) + ν if served)

A customer whose second best choice brings less by more than D − V, with V what a plan brings that is
known, keeps his choice in every better plan. So a plan is best as soon as all others were decided by a
binary program, however many customers there are.

References
----------
E. Balas, E. Zemel (1980), An algorithm for large zero-one knapsack problems, Operations Research 28,
1130–1154, doi:10.1287/opre.28.5.1130. M. L. Fisher (1981), The Lagrangian relaxation method, Management
Science 27, 1–18, doi:10.1287/mnsc.27.1.1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from evaluator.actions.dual import NEARLY, NOISE, Amounts, choices_at, finer, fitted, lowest, margins
from evaluator.actions.problem import Flags, Problem
from evaluator.actions.solving import Prices, best, relaxation

EXACT = 20_000  # variables of a binary program
FIRST = 1_000  # variables that a binary program begins with
NEAR = 1e-5  # of the bound: near enough to the best where there are more


@dataclass(frozen=True)
class Solution:
    """The pairs of a plan, what it brings in units, and what no plan exceeds."""

    chosen: Flags
    value: int
    bound: float


def solve(problem: Problem) -> Solution | None:
    """Return a best plan, or one as near to it as `bound` tells; None where the limits leave none."""
    relaxed = _relaxed(problem)
    if relaxed is None:
        return None
    prices, given = relaxed
    small = len(problem.customer) <= EXACT
    found = _around(problem, prices, given, EXACT if small else 4 * FIRST)
    if found is None and not small:  # what is given passes limits by more than a program can mend
        found = _within(problem, prices)
    if small or (found is not None and found.bound - found.value <= NEARLY * found.bound):
        return found
    fine = finer(problem)
    again = fitted(fine, (lowest(fine) or relaxed)[0])
    most = EXACT if found else 4 * EXACT
    return _better(found, _around(problem, prices, choices_at(fine, again).chosen, most))


def _within(problem: Problem, prices: Prices) -> Solution | None:
    """Return the best plan around choices that keep to limits, at other prices; the bound is of both."""
    near = fitted(problem, prices)
    found = _around(problem, near, choices_at(problem, near).chosen)
    if found is None:
        return None
    bound = min(found.bound, choices_at(problem, prices).bound)
    return replace(found, bound=max(float(found.value), bound))


def _better(one: Solution | None, other: Solution | None) -> Solution | None:
    if one is None or other is None:
        return one or other
    best_of = max(one, other, key=lambda solution: solution.value)
    return replace(best_of, bound=max(float(best_of.value), min(one.bound, other.bound)))


def _around(problem: Problem, prices: Prices, given: Flags, most: int | None = None) -> Solution | None:
    """Return the best plan that differs from what is given only where prices leave customers undecided.

    As many are let free as a better plan may change, by the gap that the plan before left. None where no
    program of up to `most` variables, by default `EXACT`, has a plan.
    """
    bound = choices_at(problem, prices).bound
    margin = margins(problem, prices, given)
    near = 0.0 if len(problem.customer) <= EXACT else NEAR * abs(bound)
    size, most = FIRST, most or EXACT
    while True:
        free = _least(problem, margin, size)
        found = _decided(problem, given, free, near)
        if found is None and (free.all() or size >= most):
            return None
        if found is None:
            size = min(4 * size, most)
            continue
        gap = bound - found.value
        open_ = margin <= gap + NOISE * abs(bound)
        needed = int(open_[problem.customer].sum())
        if gap < max(1.0, near) or needed > EXACT:
            return replace(found, bound=max(float(found.value), bound))
        if not (open_ & ~free).any():
            return replace(found, bound=max(float(found.value), min(bound, found.bound)))
        size = needed


def relaxed_bound(problem: Problem) -> float | None:
    """Return what the relaxation brings, or a little more; None where it has no plan."""
    relaxed = _relaxed(problem)
    return None if relaxed is None else choices_at(problem, relaxed[0]).bound


def prices_of(problem: Problem) -> Prices | None:
    """Return the prices of a problem's limits, in units of its money; None where it has no plan."""
    relaxed = _relaxed(problem)
    return None if relaxed is None else relaxed[0]


def _relaxed(problem: Problem) -> tuple[Prices, Flags] | None:
    """Return prices of the relaxation, or near to them, and what customers are given there."""
    if len(problem.customer) <= EXACT:
        return relaxation(problem)
    return lowest(problem)


def _least(problem: Problem, margin: Amounts, size: int) -> Flags:
    """Return the customers of least margin, as many as have `size` pairs together."""
    each = np.diff(problem.starts)
    order = np.argsort(margin, kind="stable")
    free = np.zeros(len(problem.ids), bool)
    free[order[np.cumsum(each[order]) <= max(size, int(each.max(initial=0)))]] = True
    return free


def _decided(problem: Problem, given: Flags, free: Flags, near: float) -> Solution | None:
    """Return the best plan in which only some customers may differ from what is given."""
    inside, pairs = problem.reduced(free, given)
    about = float(problem.net[given & free[problem.customer]].sum())
    found = best(inside, gap=near / max(1.0, about))
    if found is None:
        return None
    chosen = given & ~free[problem.customer]
    bound = found[1] + float(problem.net[chosen].sum())
    chosen[pairs[found[0]]] = True
    return Solution(chosen, int(problem.net[chosen].sum()), bound)
