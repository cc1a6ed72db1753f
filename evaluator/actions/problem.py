"""A plan's arithmetic problem: pairs of customer and action with whole amounts of money, in a fixed order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evaluator.actions.limits import Limits
from evaluator.brief import Brief
from evaluator.columns import enter, to_polars
from evaluator.errors import Issue, nearest, not_among, raise_errors

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

UNLIMITED = 2**62


@dataclass(frozen=True)
class Group:
    """Customers of whom at least so many are served: `members` by position; `by` and `value` name them."""

    by: str
    value: str
    at_least: int
    members: Whole


@dataclass(frozen=True)
class Problem(Brief):
    """Pairs sorted by customer and action. Customers and actions are positions in `ids` and `names`.

    `customer`, `action`, `gain`, `cost` and `forced` have one entry per pair, `must` one per customer,
    `capacity` one per action. Money is in whole units of 10^−decimals. `unknown` counts the pairs without
    a known gain and cost, which are none of the plan.
    """

    ids: pl.Series
    names: tuple[str, ...]
    customer: Whole
    action: Whole
    gain: Whole
    cost: Whole
    forced: Flags
    must: Flags
    capacity: Whole
    groups: tuple[Group, ...]
    budget: int
    together: int
    decimals: int
    unknown: int

    @cached_property
    def net(self) -> Whole:
        """What each pair brings, in units."""
        return self.gain - self.cost

    @cached_property
    def starts(self) -> Whole:
        """Where the pairs of each customer begin; customers without pairs begin where the next one does."""
        return np.searchsorted(self.customer, np.arange(len(self.ids) + 1))

    @cached_property
    def segments(self) -> tuple[Whole, Whole, Whole]:
        """The customers that have pairs, where these begin, and how many they are."""
        each = np.diff(self.starts)
        there = np.flatnonzero(each)
        return there, self.starts[there], each[there]

    def reduced(self, free: Flags, given: Flags) -> tuple[Problem, Whole]:
        """Return the problem of some customers where the others keep what they were given, and its pairs."""
        of_free = free[self.customer]
        kept = given & ~of_free
        served = np.zeros(len(self.ids), bool)
        served[self.customer[kept]] = True
        groups = tuple(
            replace(group, at_least=max(0, group.at_least - int(served[group.members].sum())),
                    members=group.members[free[group.members]])
            for group in self.groups
        )  # fmt: skip
        used = np.bincount(self.action[kept], minlength=len(self.names))
        inside = replace(
            self,
            customer=self.customer[of_free], action=self.action[of_free],
            gain=self.gain[of_free], cost=self.cost[of_free], forced=self.forced[of_free],
            must=self.must & free, capacity=self.capacity - used, groups=groups,
            budget=self.budget - int(self.cost[kept].sum()),
        )  # fmt: skip
        return inside, np.flatnonzero(of_free)

    def with_pairs(self, kept: Flags) -> Problem:
        """Return the problem with some of its pairs."""
        return replace(
            self, customer=self.customer[kept], action=self.action[kept],
            gain=self.gain[kept], cost=self.cost[kept], forced=self.forced[kept],
        )  # fmt: skip


def problem_of(candidates: Any, limits: Limits) -> Problem:
    """Return the problem of candidates under limits.

    Pairs that lose money stay only where a must or a floor may need them.

    Parameters
    ----------
    candidates : any dataframe with `id`, `action`, `gain` and `cost`, and the columns that floors go by.

    Raises
    ------
    EvaluationError
        a column that is not there, a pair that stands twice, a negative cost or budget, a must or a capacity
        of something unknown, a must without a pair or that is a must-not.
    """
    frame = _read(candidates, limits)
    known = frame.drop_nulls(["gain", "cost"])
    _check(frame, known, limits)
    ids = known["id"].unique(maintain_order=True)
    names = tuple(known["action"].unique().sort().to_list())
    customer = known["id"].rle_id().to_numpy().astype(np.int64)
    action = known["action"].replace_strict({name: k for k, name in enumerate(names)}, return_dtype=pl.Int64)
    must = ids.is_in([*limits.must, *limits.must_give]).to_numpy()
    forced = known["action"] == known["id"].replace_strict(
        limits.must_give, default=None, return_dtype=pl.String
    )
    problem = Problem(
        ids, names, customer, action.to_numpy().astype(np.int64),
        _units(known["gain"], limits.decimals), _units(known["cost"], limits.decimals),
        forced.fill_null(value=False).to_numpy(), must,
        np.array([limits.capacities.get(name, UNLIMITED) for name in names], dtype=np.int64),
        _groups(known, limits), _budget(limits), limits.together, limits.decimals,
        len(frame) - len(known),
    )  # fmt: skip
    return problem.with_pairs(_worth_considering(problem, limits))


def _read(candidates: Any, limits: Limits) -> pl.DataFrame:
    by = [floor.by for floor in limits.at_least]
    wanted = list(dict.fromkeys(["id", "action", "gain", "cost", *by]))
    frame = enter(candidates).frame
    there = frame.collect_schema().names()
    raise_errors(not_among("ACTION-201", wanted, there))
    texts = [pl.col(name).cast(pl.String) for name in ("id", "action", *by)]
    numbers = [pl.col(name).cast(pl.Float64).fill_nan(None) for name in ("gain", "cost")]
    return to_polars(frame.select(*wanted)).with_columns(*texts, *numbers).sort("id", "action")


def _check(frame: pl.DataFrame, known: pl.DataFrame, limits: Limits) -> None:
    issues = []
    twice = frame.filter(
        (pl.col("id") == pl.col("id").shift()) & (pl.col("action") == pl.col("action").shift())
    )
    if len(twice):
        issues.append(Issue("ACTION-202", twice["id"][0], {"action": twice["action"][0]}))
    negative = frame.filter(pl.col("cost") < 0)
    if len(negative):
        detail = {"action": negative["action"][0], "cost": negative["cost"][0], "count": len(negative)}
        issues.append(Issue("ACTION-203", negative["id"][0], detail))
    if limits.budget is not None and limits.budget < 0:
        issues.append(Issue("ACTION-207", f"{limits.budget:g}"))
    actions = frame["action"].unique().to_list()
    issues += [
        Issue("ACTION-204", name, hint=nearest(name, actions))
        for name in sorted({*limits.capacities, *limits.must_give.values()} - set(actions))
    ]
    musts = sorted({*limits.must, *limits.must_give})
    pairs = set(known.filter(pl.col("id").is_in(musts)).select("id", "action").iter_rows())
    served, considered = {identifier for identifier, _ in pairs}, set(frame["id"].unique().to_list())
    for identifier in musts:
        action = limits.must_give.get(identifier)
        if identifier not in considered:
            issues.append(Issue("ACTION-205", identifier))
        elif identifier in limits.must_not:
            issues.append(Issue("ACTION-208", identifier))
        elif identifier not in served or (action in actions and (identifier, action) not in pairs):
            issues.append(Issue("ACTION-206", identifier, {"action": action or ", ".join(sorted(actions))}))
    raise_errors(issues)


def _units(money: pl.Series, decimals: int) -> Whole:
    return np.floor(money.to_numpy() * 10.0**decimals + 0.5).astype(np.int64)


def _budget(limits: Limits) -> int:
    # a budget of 100.005 buys what costs 100.00; the leeway is for 0.29 · 100 = 28.999999999999996
    return UNLIMITED if limits.budget is None else int(limits.budget * 10.0**limits.decimals + 1e-6)


def _groups(known: pl.DataFrame, limits: Limits) -> tuple[Group, ...]:
    groups = []
    for floor in limits.at_least:
        of = known.group_by("id", maintain_order=True).agg(pl.col(floor.by).drop_nulls().first())[floor.by]
        for value in of.drop_nulls().unique().sort().to_list():
            members = np.flatnonzero((of == value).fill_null(value=False).to_numpy())
            groups.append(Group(floor.by, value, floor.customers, members))
    return tuple(groups)


def _worth_considering(problem: Problem, limits: Limits) -> Flags:
    """Return the pairs a best plan may hold."""
    needed = problem.must.copy()
    for group in problem.groups:
        needed[group.members] = True
    kept: Flags = (problem.net > 0) | needed[problem.customer]
    kept &= ~problem.ids.is_in(list(limits.must_not)).to_numpy()[problem.customer]
    if problem.together == 1:  # whoever must be given a stated action can be given no other
        settled = np.zeros(len(problem.ids), bool)
        settled[problem.customer[problem.forced]] = True
        kept &= problem.forced | ~settled[problem.customer]
    return kept
