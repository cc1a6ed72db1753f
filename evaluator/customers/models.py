"""The models of direct value, classes, relation and lifecycle as a study runs them, and their measures."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from evaluator.customers.contribution import contribution, cost_to_serve
from evaluator.customers.findings import Sources, finder, measure_of
from evaluator.customers.knowledge import knowledge_values
from evaluator.customers.lifecycle import Lifecycle, lifecycle, lifecycle_signals
from evaluator.customers.network import network_values, referral_value
from evaluator.customers.options import CustomerOptions
from evaluator.customers.orders import Span
from evaluator.customers.pareto import Abc, abc
from evaluator.customers.relations import Relations, relation_states, rhythm
from evaluator.customers.rfm import Rfm, rfm
from evaluator.errors import EvaluationError, Issue


def _freeze_rfm(found: Rfm, options: CustomerOptions) -> CustomerOptions:
    return options.model_copy(update={"rfm": found.frozen()})


def _freeze_abc(found: Abc, options: CustomerOptions) -> CustomerOptions:
    return options.model_copy(update={"abc": found.frozen()})


@finder(
    "rfm", zh="RFM 分析", en="RFM", reference="Hughes 1994",
    needs=("orders",), freeze=_freeze_rfm, laws=("relative",),
)  # fmt: skip
def _rfm(tables: Sources, as_of: date, options: CustomerOptions) -> Rfm:
    return rfm(tables["orders"], as_of=as_of, options=options.rfm)


measure_of("rfm", "score", "rfm_score", zh="RFM 得分", en="RFM score")
measure_of("rfm", "class", "rfm_class", zh="RFM 客户类别", en="RFM class", classes="customers.rfm")


@finder(
    "abc", zh="ABC 分类与集中度", en="ABC classes and concentration", reference="Juran 1951",
    needs=("orders",), freeze=_freeze_abc, laws=("relative",),
)  # fmt: skip
def _abc(tables: Sources, as_of: date, options: CustomerOptions) -> Abc:
    return abc(tables.columns([options.value]), value=options.value, options=options.abc)


measure_of("abc", "class", "abc_class", zh="ABC 类别", en="ABC class")


@finder(
    "lifecycle", zh="客户生命周期", en="Customer lifecycle",
    reference="Dwyer, Schurr & Oh 1987, doi:10.1177/002224298705100202", needs=("orders",),
)  # fmt: skip
def _lifecycle(tables: Sources, as_of: date, options: CustomerOptions) -> Lifecycle:
    orders = tables["orders"]
    first = orders["date"].cast(pl.Date).min()
    if not isinstance(first, date):
        raise EvaluationError([Issue("DATA-435", "orders", {"as_of": as_of, "first": "–"})])
    looks = [Span(as_of, options.stage_months * back).first for back in range(1, options.stage_periods)]
    days = [as_of, *(day for day in looks if day > first)]
    signals = lifecycle_signals(
        orders, as_of=days, window_months=options.window_months, wallet=tables.get("wallet")
    )
    return lifecycle(signals, options=options.lifecycle)


measure_of(
    "lifecycle", "stage", "lifecycle_stage", zh="生命周期阶段", en="Lifecycle stage",
    frame="current", classes="customers.stage",
)  # fmt: skip


@finder(
    "relation", zh="客户关系状态", en="Relation states",
    reference="Chinese textbooks of CRM; rules of our own", needs=("relations",), option="relation",
)  # fmt: skip
def _relation(tables: Sources, as_of: date, options: CustomerOptions) -> Relations:
    assert options.relation is not None
    table = tables["relations"]
    if "purchases" not in table.columns and "orders" in tables:
        pace = rhythm(tables["orders"], as_of=as_of).drop("tenure")
        table = table.join(pace, on="id", how="full", coalesce=True).with_columns(
            pl.col("purchases").fill_null(0)  # every purchase is in the orders: who has none there has none
        )
    return relation_states(table, options=options.relation)


measure_of(
    "relation",
    "state",
    "relation_state",
    zh="客户关系状态",
    en="Relation state",
    classes="customers.relation",
)


@finder(
    "cost_to_serve", zh="服务成本", en="Cost to serve",
    reference="Cooper & Kaplan 1988, Harvard Business Review", needs=("service_costs",),
)  # fmt: skip
def _cost_to_serve(tables: Sources, as_of: date, options: CustomerOptions) -> Any:
    return cost_to_serve(tables["service_costs"])


measure_of("cost_to_serve", "cost_to_serve", "cost_to_serve", zh="服务成本", en="Cost to serve")


@finder(
    "contribution", zh="客户贡献", en="Contribution",
    reference="Shapiro, Rangan, Moriarty & Ross 1987, Harvard Business Review",
    needs=("orders", "service_costs"),
)  # fmt: skip
def _contribution(tables: Sources, as_of: date, options: CustomerOptions) -> Any:
    table = tables.columns([options.value, "cost_to_serve"])
    return contribution(table, revenue=options.value)


measure_of("contribution", "contribution", "contribution", zh="客户贡献", en="Contribution")


@finder(
    "knowledge", zh="客户信息价值", en="Information value",
    reference="Chinese literature on customer knowledge; origin not found",
    needs=("info_points",), option="knowledge",
)  # fmt: skip
def _knowledge(tables: Sources, as_of: date, options: CustomerOptions) -> Any:
    assert options.knowledge is not None
    chosen = options.knowledge
    return knowledge_values(tables["info_points"], constant=chosen.constant, cost=chosen.cost)


measure_of("knowledge", "value", "knowledge_value", zh="客户信息价值", en="Information value")


@finder(
    "network", zh="网络价值", en="Network value", reference="Katz 1953, doi:10.1007/BF02289026",
    needs=("orders", "network"), option="network", laws=("relative",),
)  # fmt: skip
def _network(tables: Sources, as_of: date, options: CustomerOptions) -> Any:
    assert options.network is not None
    own = tables.columns([options.value])
    return network_values(tables["network"], own, beta=options.network.beta, value=options.value)


measure_of("network", "network", "network_value", zh="网络价值", en="Network value")


@finder(
    "referrals", zh="推荐价值", en="Referral value",
    reference="Kumar, Petersen & Leone 2010, doi:10.1509/jmkg.74.5.001",
    needs=("referrals",), option="referrals",
)  # fmt: skip
def _referrals(tables: Sources, as_of: date, options: CustomerOptions) -> Any:
    assert options.referrals is not None
    return referral_value(tables["referrals"], discount_rate=options.referrals.discount_rate)


measure_of("referrals", "crv", "referral_value", zh="推荐价值", en="Referral value")
