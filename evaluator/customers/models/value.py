"""What customers are worth besides their class: contribution, delivered value, information, referrals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import fsum
from typing import Any

import polars as pl

from evaluator.columns import decimals_of, exact_sum
from evaluator.customers.contributions import contribution, cost_to_serve, three_way_value
from evaluator.customers.declared import finder, measure_of
from evaluator.customers.delivered import DeliveredValues, delivered_values
from evaluator.customers.findings import Sources
from evaluator.customers.knowledge import KnowledgeValue, knowledge_value, knowledge_values
from evaluator.customers.network import network_values, referral_value
from evaluator.customers.options import CustomerOptions
from evaluator.customers.orders import Span
from evaluator.customers.records import records
from evaluator.customers.value_levers import levers


@finder(
    "cost_to_serve", zh="服务成本", en="Cost to serve",
    reference="Cooper & Kaplan 1988, Harvard Business Review", needs=("service_costs",),
)  # fmt: skip
def _cost_to_serve(tables: Sources, as_of: date, options: CustomerOptions) -> Any:
    ledger = tables["service_costs"]
    if "date" in ledger.columns:
        ledger = ledger.filter(pl.col("date") >= Span(as_of, options.window_months).first)
    return cost_to_serve(ledger)


measure_of("cost_to_serve", "cost_to_serve", "cost_to_serve", zh="服务成本", en="Cost to serve")


@finder(
    "contribution", zh="客户贡献", en="Contribution",
    reference="Shapiro, Rangan, Moriarty & Ross 1987, Harvard Business Review",
    needs=("orders", "service_costs"),
)  # fmt: skip
def _contribution(tables: Sources, as_of: date, options: CustomerOptions) -> Any:
    frame = tables.columns([options.value, "cost_to_serve"])
    if "acquisition" not in tables:
        return contribution(frame, revenue=options.value)
    spent = records(tables["acquisition"], numbers=["amount"], non_negative=["amount"], repeated=True)
    decimals = decimals_of(spent, ["amount"], subject="acquisition")
    won = spent.group_by("id").agg(exact_sum(pl.col("amount"), decimals).alias("acquisition"))
    joined = frame.join(won, on="id", how="left")
    return contribution(joined, revenue=options.value, acquisition="acquisition")


measure_of("contribution", "contribution", "contribution", zh="客户贡献", en="Contribution")


@finder(
    "three_way", zh="当前、潜在与非货币价值", en="Current, potential and non-monetary value",
    reference="Chinese writing on bank customers; weights and scales are the study's", option="three_way",
)  # fmt: skip
def _three_way(tables: Sources, as_of: date, options: CustomerOptions) -> Any:
    chosen = options.three_way
    assert chosen is not None
    scores = dict.fromkeys([*chosen.potential, *chosen.non_monetary])
    frame = tables.columns([chosen.income, chosen.cost, *scores])
    return three_way_value(frame, options=chosen, income=chosen.income, cost=chosen.cost)


measure_of(
    "three_way", "current_value", "three_way_current", zh="当前价值（金额）", en="Current value (money)"
)
measure_of(
    "three_way", "potential_value", "three_way_potential", zh="潜在价值得分", en="Potential value score"
)
measure_of(
    "three_way",
    "non_monetary_value",
    "three_way_non_monetary",
    zh="非货币价值得分",
    en="Non-monetary value score",
)


@finder(
    "delivered", zh="客户让渡价值", en="Delivered value",
    reference="Kotler 1994, Marketing Management; Gale 1994, Managing Customer Value",
    needs=("delivered",), option="delivered",
)  # fmt: skip
def _delivered(tables: Sources, as_of: date, options: CustomerOptions) -> DeliveredValues:
    assert options.delivered is not None
    chosen = options.delivered
    return delivered_values(tables["delivered"], benefits=chosen.benefits, costs=chosen.costs)


measure_of("delivered", "value", "delivered_value", zh="客户让渡价值", en="Delivered value")


@finder(
    "levers", zh="排除、新增、递进", en="Eliminate, add, step up",
    reference="Ulwick 2005; Kano et al. 1984, doi:10.20684/quality.14.2_147",
    needs=("offer",), option="levers",
)  # fmt: skip
def _levers(tables: Sources, as_of: date, options: CustomerOptions) -> Any:
    assert options.levers is not None
    return levers(tables["offer"], options=options.levers)


@dataclass(frozen=True)
class InformationValue:
    """The value of information by customer, and of all of it together with its sensitivities.

    `frame`: `id`, `gross`, `cost`, `value`; `points` names the knowledge points of `total`, whose
    figures per knowledge point are summed over customers.
    """

    frame: pl.DataFrame
    total: KnowledgeValue | None
    points: tuple[str, ...]


@finder(
    "knowledge", zh="客户信息价值", en="Information value",
    reference="Chinese literature on customer knowledge; origin not found",
    needs=("info_points",), option="knowledge",
)  # fmt: skip
def _knowledge(tables: Sources, as_of: date, options: CustomerOptions) -> InformationValue:
    assert options.knowledge is not None
    chosen, table = options.knowledge, tables["info_points"]
    frame = pl.DataFrame(knowledge_values(table, constant=chosen.constant, cost=chosen.cost))
    known = table.drop_nulls(["p", "uses", "collections"])
    if not known.height:
        return InformationValue(frame, None, ())
    names = known["point"].fill_null("–") if "point" in known.columns else known["id"]
    total = knowledge_value(
        known["p"].to_numpy(),
        known["uses"].to_numpy(),
        constant=chosen.constant,
        collections=fsum(known["collections"]),
        cost=chosen.cost,
    )
    return InformationValue(frame, total, tuple(names.to_list()))


measure_of("knowledge", "value", "knowledge_value", zh="客户信息价值", en="Information value")


@finder(
    "network", zh="网络价值", en="Network value", reference="Katz 1953, doi:10.1007/BF02289026",
    needs=("orders", "network"), option="network", laws=("relative",),
)  # fmt: skip
def _network(tables: Sources, as_of: date, options: CustomerOptions) -> Any:
    assert options.network is not None
    links = tables["network"]
    linked = pl.concat([links["id"], links["to"].cast(pl.String)]).drop_nulls().unique()
    own = tables.columns([options.value])
    # every purchase is in the orders: who is linked and has none there has brought nothing
    strangers = linked.filter(~linked.is_in(own["id"].to_list())).sort()
    nothing = pl.DataFrame({"id": strangers, options.value: [0.0] * len(strangers)}, schema=own.schema)
    own = pl.concat([own, nothing])
    return network_values(links, own, beta=options.network.beta, value=options.value)


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
