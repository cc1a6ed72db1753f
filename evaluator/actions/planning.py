"""Who gets which action: the plan that brings most under a budget and further limits.

Brings: the sum of gains less the sum of costs, over pairs of a customer and an action.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from evaluator.actions.conflicts import conflict
from evaluator.actions.core import Solution, solve
from evaluator.actions.limits import Limits
from evaluator.actions.problem import Problem, problem_of
from evaluator.displayed import Displayed
from evaluator.errors import EvaluationError


@dataclass(frozen=True)
class Plan(Displayed):
    """A plan and how far it can be from the best.

    `rows` has a line per customer and action that is given: `id`, `action`, `gain`, `cost`, `net`. `value`
    is their net sum and `bound` what no plan under these limits exceeds, so that `gap` is the share of it
    the plan may lack (0 where it is proven to be best). `unknown` counts the pairs that were no candidates
    as their gain or cost is not known.
    """

    rows: pl.DataFrame
    value: float
    cost: float
    bound: float
    unknown: int
    limits: Limits

    @property
    def gap(self) -> float:
        """The share of the bound that a better plan may bring more, at most."""
        return max(0.0, self.bound - self.value) / self.bound if self.bound > 0 else 0.0

    @property
    def exact(self) -> bool:
        """True if no plan brings a smallest unit of money more."""
        return self.bound - self.value < 10.0**-self.limits.decimals

    def to_frame(self) -> pl.DataFrame:
        """Return who is given what."""
        return self.rows

    def __repr__(self) -> str:
        return (
            f"<Plan: {len(self.rows)} actions for {self.rows['id'].n_unique()} customers, "
            f"cost {self.cost:,.0f}, brings {self.value:,.0f}, gap {self.gap:.2%}>"
        )


def plan(candidates: Any, limits: Limits) -> Plan:
    """Return the plan that brings most.

    Parameters
    ----------
    candidates : any dataframe with a row per customer and action: `id`, `action`, `gain`, `cost`, and the
        columns that floors go by. A pair without a known gain or cost is no candidate.
    limits : budget, capacities, floors, musts.

    Raises
    ------
    EvaluationError
        for what cannot be meant, and where no plan keeps to all limits: with those in conflict and the least
        budget that would do.

    >>> offers = pl.DataFrame({"id": ["a", "a", "b"], "action": ["visit", "call", "call"],
    ...                        "gain": [900.0, 300.0, 250.0], "cost": [500.0, 50.0, 50.0]})
    >>> found = plan(offers, Limits(budget=500))
    >>> found.rows.select("id", "action").rows(), found.value
    ([('a', 'call'), ('b', 'call')], 450.0)
    >>> plan(offers, Limits(budget=550)).value
    600.0
    """
    problem = problem_of(candidates, limits)
    found = solve(problem)
    if found is None:
        raise EvaluationError([conflict(problem)])
    return _plan(problem, found, limits)


def _plan(problem: Problem, found: Solution, limits: Limits) -> Plan:
    unit = 10.0**-problem.decimals
    of = np.flatnonzero(found.chosen)
    rows = pl.DataFrame(
        {
            "id": problem.ids.gather(problem.customer[of]),
            "action": pl.Series(problem.names, dtype=pl.String).gather(problem.action[of]),
            **{name: _money(amounts[of], problem.decimals) for name, amounts in
               (("gain", problem.gain), ("cost", problem.cost), ("net", problem.net))},
        },
        schema={"id": pl.String, "action": pl.String, **dict.fromkeys(("gain", "cost", "net"), pl.Float64)},
    )  # fmt: skip
    cost = round(int(problem.cost[of].sum()) * unit, problem.decimals)
    value = round(found.value * unit, problem.decimals)
    return Plan(rows, value, cost, max(value, found.bound * unit), problem.unknown, limits)


def _money(units: Any, decimals: int) -> Any:
    return np.round(units * 10.0**-decimals, decimals)
