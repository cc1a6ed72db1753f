"""States of the relation as a study runs them, and who moved between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import polars as pl

from evaluator.customers.declaring import measure_of, model
from evaluator.customers.models.relation.states import (
    RELATIONS,
    RelationOptions,
    Relations,
    relation_states,
    rhythm,
)
from evaluator.customers.orders import Span
from evaluator.customers.sources import Option, Sources
from evaluator.customers.transition_tables import Transitions, transitions
from evaluator.displayed import Displayed


@dataclass(frozen=True)
class RelationChoices:
    """The rules of the states, and how far back they are looked at again."""

    relation: RelationOptions
    stage_months: int


@dataclass(frozen=True)
class RelationHistory(Displayed):
    """States of the relation now, and since `earlier` who moved; None where no purchases tell.

    `frame` has `id` and `state`, as `now` has.
    """

    now: Relations
    earlier: date | None
    moves: Transitions | None
    frame: pl.DataFrame = field(repr=False)


@model(
    "relation", zh="客户关系状态", en="Customer relationships",
    reference="Chinese textbooks of CRM; rules of our own", any_of=("relations", "orders"),
    option=Option(RelationChoices, "relation", required=True),
)  # fmt: skip
def _relation(sources: Sources, chosen: RelationChoices) -> RelationHistory:
    now = _states(sources, sources.as_of, chosen.relation)
    earlier = Span(sources.as_of, chosen.stage_months).first
    if not _counted_from_orders(sources) or not sources.ordered_before(earlier):
        return RelationHistory(now, None, None, now.frame)
    before = _states(sources, earlier, chosen.relation)
    moves = transitions(before.frame, now.frame, states=RELATIONS)
    return RelationHistory(now, earlier, moves, now.frame)


measure_of(
    "relation", "state", "relation_state", zh="客户关系状态", en="Relationship status",
    classes="customers.relation",
)  # fmt: skip


def _states(sources: Sources, as_of: date, chosen: RelationOptions) -> Relations:
    table = sources.get("relations")
    if _counted_from_orders(sources):
        pace = rhythm(sources.lines, as_of=as_of).drop("tenure")
        known = pace if table is None else table.join(pace, on="id", how="full", coalesce=True)
        # every purchase is in the orders: who has none there has none
        table = known.with_columns(pl.col("purchases").fill_null(0))
    assert table is not None
    return relation_states(table, options=chosen)


def _counted_from_orders(sources: Sources) -> bool:
    return "orders" in sources and "purchases" not in sources.get("relations", pl.DataFrame()).columns
