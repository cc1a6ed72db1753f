"""Types of customers: how many are of each, what they bring, and who changed type."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import polars as pl

from evaluator.columns import decimals_of, exact_sum
from evaluator.customers.declaring import measure_of, model
from evaluator.customers.models.relation.types import CUSTOMER_TYPES, TypeOptions, customer_types, types_on
from evaluator.customers.orders import Span
from evaluator.customers.sources import Option, Sources
from evaluator.customers.transition_tables import Transitions, transitions
from evaluator.displayed import Displayed
from evaluator.errors import EvaluationError


@dataclass(frozen=True)
class TypeChoices:
    """The words for types, and since when changes are counted."""

    types: TypeOptions
    stage_months: int


@dataclass(frozen=True)
class TypeHistory(Displayed):
    """Types of customers now, and since `earlier` who moved; None where no log of changes tells.

    `frame` has `id` and `type`, null where it is not known. `profile`: `type`, `customers`, `share` (of
    those whose type is known), `value` (sum of the study's value; null where nobody's is known) and
    `value_share` (null too where the values do not add up to more than 0).
    """

    profile: pl.DataFrame
    earlier: date | None
    moves: Transitions | None
    frame: pl.DataFrame = field(repr=False)


@model(
    "types", zh="客户类型", en="Customer types", reference="Division of Chinese textbooks of CRM",
    any_of=("customer_types", "customers.customer_type"), option=Option(TypeChoices, "types", required=True),
)  # fmt: skip
def _types(sources: Sources, chosen: TypeChoices) -> TypeHistory:
    now = _now(sources, chosen.types)
    profile = _profile(now, _values(sources, sources.value))
    log, earlier = sources.get("customer_types"), Span(sources.as_of, chosen.stage_months).first
    before = None if log is None else types_on(log, earlier, words=chosen.types.words)
    if before is None or not before.height:
        return TypeHistory(profile, None, None, now)
    after = types_on(log, sources.as_of, words=chosen.types.words)
    return TypeHistory(
        profile, earlier, transitions(before, after, states=CUSTOMER_TYPES, column="type"), now
    )


measure_of(
    "types", "type", "standard_type", zh="客户类型（四分）", en="Customer type (of four)",
    classes="customers.type",
)  # fmt: skip


def _now(sources: Sources, options: TypeOptions) -> pl.DataFrame:
    """Return everybody's type: the log's where it has one, else that of the list of customers."""
    parts = []
    if "customer_types" in sources:
        parts.append(types_on(sources["customer_types"], sources.as_of, words=options.words))
    if "customer_type" in sources.get("customers", pl.DataFrame()).columns:
        parts.append(customer_types(sources["customers"], column="customer_type", words=options.words))
    found: pl.DataFrame = pl.concat(parts).unique("id", keep="first").sort("id")
    return found


def _values(sources: Sources, value: str) -> pl.DataFrame:
    try:
        return sources.columns([value]).rename({value: "value"})
    except EvaluationError:  # nothing gives it: types are told apart without
        return pl.DataFrame(schema={"id": pl.String, "value": pl.Float64})


def _profile(now: pl.DataFrame, values: pl.DataFrame) -> pl.DataFrame:
    known = now.join(values, on="id", how="left")
    total = exact_sum(pl.col("value"), decimals_of(known, ["value"], subject="customers"))
    value = pl.when(pl.col("value").count() > 0).then(total)
    counted = known.group_by("type").agg(pl.len().cast(pl.Int64).alias("customers"), value.alias("value"))
    everybody, worth = pl.col("customers").sum(), pl.col("value").sum()
    return (
        pl.DataFrame({"type": CUSTOMER_TYPES})
        .join(counted, on="type", how="left", maintain_order="left")
        .with_columns(pl.col("customers").fill_null(0))
        .with_columns(
            pl.when(everybody > 0).then(pl.col("customers") / everybody).alias("share"),
            pl.when(worth > 0).then(pl.col("value") / worth).alias("value_share"),
        )
        .select("type", "customers", "share", "value", "value_share")
    )
