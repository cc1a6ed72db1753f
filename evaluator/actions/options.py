"""What a study states of a plan: its money, the years it looks ahead, and whom it must or must not serve."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from evaluator.documents import Format
from evaluator.labels import Id, NonNegative, Positive, PositiveCount


class FloorWords(Format):
    """At least so many customers of every group of a column, such as ``{by: region, customers: 2}``."""

    by: Id
    customers: PositiveCount


class PlanOptions(Format):
    """A plan under a budget.

    `budget` is what all actions together may cost, `horizon` the years that gains are reckoned for, `rate`
    what a later year is discounted by. `must` names customers who are served, or which action they are
    given; `must_not` those who are not, by id or by a condition. `together` is how many actions a customer
    may be given. `value` is what is at stake with a customer, an expression, where no gain is stated.
    """

    budget: NonNegative | None = None
    horizon: Positive = 1.0
    rate: NonNegative = 0.0
    must: Annotated[tuple[str, ...] | dict[str, Id], Field(union_mode="left_to_right")] = ()
    must_not: str | tuple[str, ...] = ()
    at_least: FloorWords | tuple[FloorWords, ...] = ()
    together: PositiveCount = 1
    value: str | None = None

    @property
    def years(self) -> float:
        """The years of the horizon as they are worth today, each at its end.

        >>> PlanOptions(horizon=2, rate=0.25).years
        1.44
        """
        if not self.rate:
            return self.horizon
        return float((1.0 - (1.0 + self.rate) ** -self.horizon) / self.rate)

    @property
    def floors(self) -> tuple[FloorWords, ...]:
        """The floors, one or several."""
        return (self.at_least,) if isinstance(self.at_least, FloorWords) else self.at_least
