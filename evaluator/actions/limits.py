"""The limits of a plan: money, capacities, who must be served, and who may not be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from evaluator.brief import Brief


@dataclass(frozen=True, slots=True)
class Floor:
    """At least so many customers are served in every group of a column (region, owner …)."""

    by: str
    customers: int


@dataclass(frozen=True)
class Limits(Brief):
    """What a plan must keep to.

    Parameters
    ----------
    budget : what all actions together may cost; None for no limit.
    capacities : how many customers an action can be given to, by action; others without limit.
    at_least : how many customers are served in every group.
    must : customers that are given an action whatever it brings.
    must_give : customers that are given a stated action, by customer.
    must_not : customers that are given none.
    together : how many actions a customer may be given; above 1 their gains are taken to add.
    decimals : of the smallest unit of money; amounts are rounded to it.

    >>> Limits(budget=200_000, must=frozenset({"C0012"})).together
    1
    """

    budget: float | None = None
    capacities: Mapping[str, int] = field(default_factory=dict)
    at_least: tuple[Floor, ...] = ()
    must: frozenset[str] = frozenset()
    must_give: Mapping[str, str] = field(default_factory=dict)
    must_not: frozenset[str] = frozenset()
    together: int = 1
    decimals: int = 2

    def __post_init__(self) -> None:
        if self.together < 1:
            raise ValueError(f"a customer is given {self.together} actions at most: at least 1 is meant")
