"""Customer models as measures a tree's indicator can name: one number or category per customer.

They stand beside `MEASURES`, which one pass over the orders gives; a model reads whole tables and its
options, and what has no default must be stated there. Relative ones move with the population.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Annotated, Any

import polars as pl
from pydantic import Field

from evaluator.columns import enter, to_polars
from evaluator.customers.contribution import cost_to_serve
from evaluator.customers.knowledge import knowledge_values
from evaluator.customers.lifecycle import LifecycleOptions, lifecycle, lifecycle_signals
from evaluator.customers.measures import MEASURES, order_measures
from evaluator.customers.network import network_values, referral_value
from evaluator.customers.orders import Span
from evaluator.customers.pareto import AbcOptions, abc
from evaluator.customers.relations import RelationOptions, relation_states, rhythm
from evaluator.customers.rfm import rfm
from evaluator.customers.rfm_totals import RfmOptions
from evaluator.documents import Format
from evaluator.errors import EvaluationError, Issue, raise_errors
from evaluator.registry import Registry

Frames = Mapping[str, pl.DataFrame]
Rate = Annotated[float, Field(ge=0)]


class KnowledgeOptions(Format):
    """C, what a unit of information is worth per use, and J, the mean cost of one collection."""

    constant: Annotated[float, Field(gt=0)]
    cost: Rate


class CustomerOptions(Format):
    """The study's choices about customer models; those without a default are needed by their model only.

    Parameters
    ----------
    window_months : how far back amounts are looked at where a model takes one from the orders.
    value : the measure of orders that ABC, network value and contribution start from.
    stage_months, stage_periods : the lifecycle is judged at so many days, so many months apart.
    network_beta, referral_discount : see `network_value`, `referral_value`.
    """

    window_months: Annotated[int, Field(ge=1)] = 12
    value: str = "net_amount"
    rfm: RfmOptions = RfmOptions()
    abc: AbcOptions = AbcOptions()
    lifecycle: LifecycleOptions = LifecycleOptions()
    stage_months: Annotated[int, Field(ge=1)] = 6
    stage_periods: Annotated[int, Field(ge=1)] = 4
    relation: RelationOptions | None = None
    knowledge: KnowledgeOptions | None = None
    network_beta: Rate | None = None
    referral_discount: Rate | None = None


Provider = Callable[[Frames, date | None, CustomerOptions], pl.DataFrame]
MODEL_MEASURES: Registry[Provider] = Registry("measure")
"""Each provider returns `id` and a column of its name. Unit and definition stand in the catalogues under
``measure.<name>.…``. Law ``relative``: the value depends on who else is in the tables."""

NEEDS: Mapping[str, tuple[str, ...]] = {
    "rfm_score": ("orders",),
    "rfm_class": ("orders",),
    "abc_class": ("orders",),
    "lifecycle_stage": ("orders",),
    "relation_state": ("relations",),
    "cost_to_serve": ("service_costs",),
    "contribution": ("orders", "service_costs"),
    "knowledge_value": ("info_points",),
    "network_value": ("orders", "network"),
    "referral_value": ("referrals",),
}
"""The tables each model must have. `relation_state` also reads `orders` where `relations` has no
purchases, and `lifecycle_stage` reads `wallet` where there is one."""

OPTIONS: Mapping[str, str] = {
    "relation_state": "relation",
    "knowledge_value": "knowledge",
    "network_value": "network_beta",
    "referral_value": "referral_discount",
}
"""The option without a default that a model needs."""


def model_measures(
    tables: Mapping[str, Any],
    names: Collection[str],
    *,
    as_of: date | None = None,
    options: CustomerOptions | None = None,
) -> pl.DataFrame:
    """Return one row per customer with the named model measures, sorted by id.

    Parameters
    ----------
    tables : by name, as `NEEDS` lists them; any kind of frame.
    names : which of `MODEL_MEASURES`.
    as_of : the day looked back from. Default: the day after the last order.

    Returns
    -------
    Polars frame
        `id` and a column per name: Float64, or text for a class, stage or state; null is not observed.

    Raises
    ------
    EvaluationError
        METHOD-001 (no such measure), CUST-927 (a table is missing), CUST-928 (an option is missing), and
        those of the models.

    >>> lines = pl.DataFrame({"id": ["a", "b"], "date": [date(2024, 1, 5)] * 2, "amount": [90.0, 10.0]})
    >>> model_measures({"orders": lines}, ["abc_class"]).rows()
    [('a', 'A'), ('b', 'B')]
    """
    options = options or CustomerOptions()
    providers = {name: MODEL_MEASURES[name].function for name in names}
    lacking = [
        Issue("CUST-927", name, {"needs": table})
        for name in providers
        for table in NEEDS[name]
        if table not in tables
    ]
    unstated = [
        Issue("CUST-928", name, {"option": OPTIONS[name]})
        for name in providers
        if name in OPTIONS and getattr(options, OPTIONS[name]) is None
    ]
    raise_errors([*lacking, *unstated])
    frames = {name: to_polars(enter(table).frame) for name, table in tables.items()}
    found = pl.DataFrame(schema={"id": pl.String})
    for function in providers.values():
        found = found.join(function(frames, as_of, options), on="id", how="full", coalesce=True)
    return found.sort("id").select("id", *providers)


def _order_value(frames: Frames, as_of: date | None, options: CustomerOptions) -> pl.DataFrame:
    value = MEASURES[options.value].name
    found = order_measures(frames["orders"], as_of=as_of, window_months=options.window_months, names=[value])
    return pl.DataFrame({"id": found["id"], "value": found[value]})


@MODEL_MEASURES.register(
    "rfm_score", zh="RFM 得分", en="RFM score", reference="Hughes 1994", laws=("relative",)
)
def _rfm_score(frames: Frames, as_of: date | None, options: CustomerOptions) -> pl.DataFrame:
    found: pl.DataFrame = rfm(frames["orders"], as_of=as_of, options=options.rfm).frame
    return found.select("id", pl.col("score").alias("rfm_score"))


@MODEL_MEASURES.register(
    "rfm_class", zh="RFM 客户类别", en="RFM class", reference="Common Chinese practice", laws=("relative",)
)
def _rfm_class(frames: Frames, as_of: date | None, options: CustomerOptions) -> pl.DataFrame:
    found: pl.DataFrame = rfm(frames["orders"], as_of=as_of, options=options.rfm).frame
    return found.select("id", pl.col("class").alias("rfm_class"))


@MODEL_MEASURES.register(
    "abc_class", zh="ABC 类别", en="ABC class", reference="Juran 1951", laws=("relative",)
)
def _abc_class(frames: Frames, as_of: date | None, options: CustomerOptions) -> pl.DataFrame:
    found: pl.DataFrame = abc(_order_value(frames, as_of, options), options=options.abc).frame
    return found.select("id", pl.col("class").alias("abc_class"))


@MODEL_MEASURES.register(
    "lifecycle_stage",
    zh="生命周期阶段",
    en="Lifecycle stage",
    reference="Dwyer, Schurr & Oh 1987, doi:10.1177/002224298705100202",
)
def _lifecycle_stage(frames: Frames, as_of: date | None, options: CustomerOptions) -> pl.DataFrame:
    orders = frames["orders"]
    dates = orders["date"].cast(pl.Date).drop_nulls()
    first, last = dates.min(), dates.max()
    if not isinstance(first, date) or not isinstance(last, date):
        raise EvaluationError([Issue("DATA-435", "orders", {"as_of": as_of or "–", "first": "–"})])
    end = as_of or date.fromordinal(last.toordinal() + 1)
    looks = [Span(end, options.stage_months * back).first for back in range(1, options.stage_periods)]
    days = [end, *(day for day in looks if day > first)]
    signals = lifecycle_signals(
        orders, as_of=days, window_months=options.window_months, wallet=frames.get("wallet")
    )
    found: pl.DataFrame = lifecycle(signals, options=options.lifecycle).current
    return found.select("id", pl.col("stage").alias("lifecycle_stage"))


@MODEL_MEASURES.register(
    "relation_state",
    zh="客户关系状态",
    en="Relation state",
    reference="Chinese textbooks of CRM; rules of our own",
)
def _relation_state(frames: Frames, as_of: date | None, options: CustomerOptions) -> pl.DataFrame:
    assert options.relation is not None
    table = frames["relations"].with_columns(pl.col("id").cast(pl.String))
    if "purchases" not in table.columns and "orders" in frames:
        pace = rhythm(frames["orders"], as_of=as_of).drop("tenure")
        table = table.join(pace, on="id", how="full", coalesce=True).with_columns(
            pl.col("purchases").fill_null(0)  # every purchase is in the orders: who has none there has none
        )
    found: pl.DataFrame = relation_states(table, options=options.relation).frame
    return found.select("id", pl.col("state").alias("relation_state"))


@MODEL_MEASURES.register(
    "cost_to_serve",
    zh="服务成本",
    en="Cost to serve",
    reference="Cooper & Kaplan 1988, Harvard Business Review",
)
def _cost_to_serve(frames: Frames, as_of: date | None, options: CustomerOptions) -> pl.DataFrame:
    return pl.DataFrame(cost_to_serve(frames["service_costs"]))


@MODEL_MEASURES.register(
    "contribution",
    zh="客户贡献",
    en="Contribution",
    reference="Shapiro, Rangan, Moriarty & Ross 1987, Harvard Business Review",
)
def _contribution(frames: Frames, as_of: date | None, options: CustomerOptions) -> pl.DataFrame:
    value, served = _order_value(frames, as_of, options), cost_to_serve(frames["service_costs"])
    both = value.join(served, on="id", how="full", coalesce=True)
    return both.select("id", (pl.col("value") - pl.col("cost_to_serve")).alias("contribution"))


@MODEL_MEASURES.register(
    "knowledge_value",
    zh="客户信息价值",
    en="Information value",
    reference="Chinese literature on customer knowledge; origin not found",
)
def _knowledge_value(frames: Frames, as_of: date | None, options: CustomerOptions) -> pl.DataFrame:
    assert options.knowledge is not None
    chosen = options.knowledge
    found = knowledge_values(frames["info_points"], constant=chosen.constant, cost=chosen.cost)
    return pl.DataFrame({"id": found["id"], "knowledge_value": found["value"]})


@MODEL_MEASURES.register(
    "network_value", zh="网络价值", en="Network value", reference="Katz 1953, doi:10.1007/BF02289026"
)
def _network_value(frames: Frames, as_of: date | None, options: CustomerOptions) -> pl.DataFrame:
    assert options.network_beta is not None
    found = network_values(frames["network"], _order_value(frames, as_of, options), beta=options.network_beta)
    return pl.DataFrame({"id": found["id"], "network_value": found["network"]})


@MODEL_MEASURES.register(
    "referral_value",
    zh="推荐价值",
    en="Referral value",
    reference="Kumar, Petersen & Leone 2010, doi:10.1509/jmkg.74.5.001",
)
def _referral_value(frames: Frames, as_of: date | None, options: CustomerOptions) -> pl.DataFrame:
    assert options.referral_discount is not None
    found = referral_value(frames["referrals"], discount_rate=options.referral_discount)
    return pl.DataFrame({"id": found["id"], "referral_value": found["crv"]})
