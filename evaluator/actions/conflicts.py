"""Why no plan keeps to all limits: limits in conflict, and the least budget that would do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from evaluator.actions.core import EXACT
from evaluator.actions.problem import UNLIMITED, Problem
from evaluator.actions.solving import best, relaxation
from evaluator.errors import Issue
from evaluator.messages import Listing, Phrase

Limit = tuple[str, int]
SHOWN = 20


def conflict(problem: Problem) -> Issue:
    """Return the issue of a problem without a plan, with the least budget that would do, where one would."""
    without = replace(problem, budget=UNLIMITED)
    least = _least_cost(without)
    limits = _limits(problem)
    if least is None:
        limits = [limit for limit in limits if limit[0] != "budget"]
    found = _quarrel(without if least is None else problem, [], limits)
    said = Listing(tuple(_limit_phrase(problem, limit) for limit in found[:SHOWN]))
    detail: dict[str, object] = {"limits": said, "count": len(found)}
    if least is None:
        return Issue("ACTION-210", "", detail)
    unit = 10.0**-problem.decimals
    detail |= {"budget": f"{problem.budget * unit:,.2f}", "least": f"{least * unit:,.2f}"}
    return Issue("ACTION-211", "", detail)


def _least_cost(problem: Problem) -> int | None:
    found = best(problem, cheapest=True)
    return None if found is None else int(problem.cost[found[0]].sum())


def _limits(problem: Problem) -> list[Limit]:
    limits: list[Limit] = [("budget", 0)] if problem.budget < UNLIMITED // 2 else []
    limits += [("capacity", int(k)) for k in np.flatnonzero(problem.capacity < UNLIMITED // 2)]
    limits += [("floor", k) for k in range(len(problem.groups))]
    return limits + [("must", int(k)) for k in np.flatnonzero(problem.must)]


def _quarrel(
    problem: Problem, kept: Sequence[Limit], tried: list[Limit], *, grown: bool = False
) -> list[Limit]:
    """Return limits of `tried` that leave no plan beside those kept, none of them without need.

    References
    ----------
    U. Junker (2004), QuickXplain: preferred explanations and relaxations for over-constrained problems,
    AAAI 2004, 167–172.
    """
    if grown and not _possible(_only(problem, kept)):
        return []
    if len(tried) <= 1:
        return tried
    first, second = tried[: len(tried) // 2], tried[len(tried) // 2 :]
    of_second = _quarrel(problem, [*kept, *first], second, grown=bool(first))
    of_first = _quarrel(problem, [*kept, *of_second], first, grown=bool(of_second))
    return of_first + of_second


def _only(problem: Problem, limits: Sequence[Limit]) -> Problem:
    """Return a problem with some of its limits."""
    kept = set(limits)
    capacity = np.array([
        count if ("capacity", k) in kept else UNLIMITED for k, count in enumerate(problem.capacity)
    ], dtype=np.int64)  # fmt: skip
    must = np.array([bool(of) and ("must", k) in kept for k, of in enumerate(problem.must)], dtype=bool)
    return replace(
        problem, capacity=capacity, must=must, forced=problem.forced & must[problem.customer],
        budget=problem.budget if ("budget", 0) in kept else UNLIMITED,
        groups=tuple(group for k, group in enumerate(problem.groups) if ("floor", k) in kept),
    )  # fmt: skip


def _possible(problem: Problem) -> bool:
    if len(problem.customer) > EXACT:
        return relaxation(problem) is not None
    return best(problem, cheapest=True) is not None


def _limit_phrase(problem: Problem, limit: Limit) -> Phrase:
    kind, position = limit
    values: dict[str, object] = {}
    if kind == "budget":
        values = {"budget": f"{problem.budget * 10.0**-problem.decimals:,.2f}"}
    elif kind == "capacity":
        values = {"action": problem.names[position], "count": int(problem.capacity[position])}
    elif kind == "floor":
        group = problem.groups[position]
        values = {"by": group.by, "value": group.value, "count": group.at_least}
    else:
        values = {"customer": str(problem.ids[position])}
    return Phrase(f"limit.{kind}", values)
