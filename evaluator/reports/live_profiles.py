"""Weight profiles as formulas: whose weights count for a customer is a row of a small table of weights.

The table stands above the detail: a row per profile, the weights of everybody else last, and a column
per node in the order of the scores. `profile_at` is the row of each customer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from evaluator.html.reach import for_templates
from evaluator.reports.context import Context
from evaluator.reports.listings import Column
from evaluator.reports.sections.profiles import profile_names
from evaluator.scoring.model import ProfileWeights
from evaluator.tree import Group


@dataclass(frozen=True, slots=True)
class WeightRow:
    """The weights of a profile: its name, and for each node the weight among its siblings.

    `prefix` begins the names of its cells.
    """

    prefix: str
    name: str
    local: dict[str, float]
    own: frozenset[str]


@dataclass(frozen=True)
class LiveProfiles:
    """The formulas that choose the weights of each customer; without profiles there is one row for all."""

    context: Context

    @property
    def _profiles(self) -> tuple[ProfileWeights, ...]:
        return self.context.evaluation.model.profiles

    @cached_property
    def table(self) -> tuple[WeightRow, ...]:
        """The rows of weights, those of everybody without a profile last."""
        model, names = self.context.evaluation.model, profile_names(self.context)
        told = (
            WeightRow(f"w{number}", names[one.id], {**model.local, **one.local}, frozenset(one.local))
            for number, one in enumerate(self._profiles, start=1)
        )
        default = self.context.text("profiles.default") if self._profiles else ""
        return *told, WeightRow("w", default, dict(model.local), frozenset())

    def weights(self, group: Group, at: str = "{@profile_at}") -> str:
        """Return the weights of the children of a criterion; `at` is the customer's row of the table."""
        first, last = group.children[0].id, group.children[-1].id
        if not any(child.id in self.context.evaluation.model.varying for child in group.children):
            return f"{{w.{first}:w.{last}}}"
        return f"INDEX({{{self.table[0].prefix}.{first}:w.{last}}},{at},0)"

    @for_templates
    def cell(self, row: WeightRow, node: str) -> str:
        """Return the formula of a weight in the table: of the profile's own, or of everybody's."""
        if node not in row.own:
            return f"{{local.{node}}}"
        siblings = self.context.tree.parents[node].children
        total = "+".join(f"{{set.{row.prefix}.{sibling.id}}}" for sibling in siblings)
        share = f"{{set.{row.prefix}.{node}}}/({total})"
        return share if any(row.local[sibling.id] for sibling in siblings) else f"IF({total}=0,0,{share})"

    def named(self) -> Iterator[Column]:
        """Yield the column with the profile of each customer."""
        if self._profiles:
            yield Column("profile", self.context.text("profiles.name"), "text center", "customer")

    def rows(self) -> Iterator[Column]:
        """Yield the column with the row of the table that holds the weights of each customer."""
        if self._profiles:
            own = "{measures.profile@}"
            known = "+".join(
                f"EXACT({own},{{profile.{number}.name}})*{number}" for number in range(1, len(self.table))
            )
            formula = f"IF({known},{known},{len(self.table)})"
            heading = self.context.text("profiles.row")
            yield Column("profile_at", heading, "integer center muted", "customer", formula)

    def words(self) -> Iterator[pl.Expr]:
        """Yield the values of `named`."""
        if self._profiles:
            yield pl.col("profile").replace_strict(profile_names(self.context), return_dtype=pl.String)

    def row_numbers(self) -> Iterator[pl.Expr]:
        """Yield the values of `rows`."""
        if self._profiles:
            places = {profile: number for number, profile in enumerate(profile_names(self.context), start=1)}
            yield pl.col("profile").replace_strict(places, return_dtype=pl.Int64).alias("profile_at")
