"""What customers are worth besides their class: contribution, delivered value, information, referrals."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import Any

import polars as pl

from evaluator.columns import decimals_of, exact_sum
from evaluator.customers.declaring import measure_of, model
from evaluator.customers.models.value.contribution import contribution, cost_to_serve, three_way_value
from evaluator.customers.models.value.delivered import DeliveredValues, delivered_values
from evaluator.customers.models.value.knowledge import KnowledgeValue, knowledge_value, knowledge_values
from evaluator.customers.models.value.levers import LeverOptions, levers
from evaluator.customers.models.value.network import network_values, referral_value
from evaluator.customers.models.value.options import (
    DeliveredOptions,
    KnowledgeOptions,
    NetworkOptions,
    ReferralOptions,
    ThreeWayChoice,
)
from evaluator.customers.orders import Span
from evaluator.customers.records import records
from evaluator.customers.sources import Option, Sources
from evaluator.displayed import Displayed


@model(
    "cost_to_serve", zh="服务成本", en="Cost to serve",
    reference="Cooper & Kaplan 1988, Harvard Business Review", needs=("service_costs",),
)  # fmt: skip
def _cost_to_serve(sources: Sources) -> Any:
    ledger = sources["service_costs"]
    if "date" in ledger.columns:
        ledger = ledger.filter(pl.col("date") >= Span(sources.as_of, sources.window_months).first)
    return cost_to_serve(ledger)


measure_of("cost_to_serve", "cost_to_serve", "cost_to_serve", zh="服务成本", en="Cost to serve")


@model(
    "contribution", zh="客户贡献", en="Contribution",
    reference="Shapiro, Rangan, Moriarty & Ross 1987, Harvard Business Review",
    needs=("orders", "service_costs"),
)  # fmt: skip
def _contribution(sources: Sources) -> Any:
    frame = sources.columns([sources.value, "cost_to_serve"])
    if "acquisition" not in sources:
        return contribution(frame, revenue=sources.value)
    spent = records(sources["acquisition"], numbers=["amount"], non_negative=["amount"], repeated=True)
    decimals = decimals_of(spent, ["amount"], subject="acquisition")
    won = spent.group_by("id").agg(exact_sum(pl.col("amount"), decimals).alias("acquisition"))
    joined = frame.join(won, on="id", how="left")
    return contribution(joined, revenue=sources.value, acquisition="acquisition")


measure_of("contribution", "contribution", "contribution", zh="客户贡献", en="Contribution")


@model(
    "three_way", zh="当前、潜在与非货币价值", en="Current, potential and non-monetary value",
    reference="Chinese writing on bank customers; weights and scales are the study's",
    option=Option(ThreeWayChoice, "three_way", required=True),
)  # fmt: skip
def _three_way(sources: Sources, chosen: ThreeWayChoice) -> Any:
    scores = dict.fromkeys([*chosen.potential, *chosen.non_monetary])
    frame = sources.columns([chosen.income, chosen.cost, *scores])
    return three_way_value(frame, options=chosen, income=chosen.income, cost=chosen.cost)


for _part, _zh, _en in (
    ("current", "当前价值（金额）", "Current value (money)"),
    ("potential", "潜在价值得分", "Potential value score"),
    ("non_monetary", "非货币价值得分", "Non-monetary value score"),
):
    measure_of("three_way", f"{_part}_value", f"three_way_{_part}", zh=_zh, en=_en)


@model(
    "delivered", zh="客户让渡价值", en="Delivered value",
    reference="Kotler 1994, Marketing Management; Gale 1994, Managing Customer Value",
    needs=("delivered",), option=Option(DeliveredOptions, "delivered", required=True),
)  # fmt: skip
def _delivered(sources: Sources, chosen: DeliveredOptions) -> DeliveredValues:
    return delivered_values(sources["delivered"], benefits=chosen.benefits, costs=chosen.costs)


measure_of("delivered", "value", "delivered_value", zh="客户让渡价值", en="Delivered value")


@model(
    "levers", zh="排除、新增、递进", en="Eliminate, add, step up",
    reference="Ulwick 2005; Kano et al. 1984, doi:10.20684/quality.14.2_147",
    needs=("offer",), option=Option(LeverOptions, "levers", required=True),
)  # fmt: skip
def _levers(sources: Sources, chosen: LeverOptions) -> Any:
    return levers(sources["offer"], options=chosen)


@dataclass(frozen=True)
class InformationValue(Displayed):
    """The value of information by customer, and of all of it together with its sensitivities.

    `frame`: `id`, `gross`, `cost`, `value`; `points` names the knowledge points of `total`, whose
    figures per knowledge point are summed over customers.
    """

    frame: pl.DataFrame
    total: KnowledgeValue | None
    points: tuple[str, ...]


@model(
    "knowledge", zh="客户信息价值", en="Information value",
    reference="Chinese literature on customer knowledge; origin not found",
    needs=("info_points",), option=Option(KnowledgeOptions, "knowledge", required=True),
)  # fmt: skip
def _knowledge(sources: Sources, chosen: KnowledgeOptions) -> InformationValue:
    table = sources["info_points"]
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


@model(
    "network", zh="网络价值", en="Network value", reference="Katz 1953, doi:10.1007/BF02289026",
    needs=("orders", "network"), option=Option(NetworkOptions, "network", required=True), laws=("relative",),
)  # fmt: skip
def _network(sources: Sources, chosen: NetworkOptions) -> Any:
    links = sources["network"]
    linked = pl.concat([links["id"], links["to"].cast(pl.String)]).drop_nulls().unique()
    own = sources.columns([sources.value])
    # every purchase is in the orders: who is linked and has none there has brought nothing
    strangers = linked.filter(~linked.is_in(own["id"].to_list())).sort()
    nothing = pl.DataFrame({"id": strangers, sources.value: [0.0] * len(strangers)}, schema=own.schema)
    own = pl.concat([own, nothing])
    return network_values(links, own, beta=chosen.beta, value=sources.value)


measure_of("network", "network", "network_value", zh="网络价值", en="Network value")


@model(
    "referrals", zh="推荐价值", en="Referral value",
    reference="Kumar, Petersen & Leone 2010, doi:10.1509/jmkg.74.5.001",
    needs=("referrals",), option=Option(ReferralOptions, "referrals", required=True),
)  # fmt: skip
def _referrals(sources: Sources, chosen: ReferralOptions) -> Any:
    return referral_value(sources["referrals"], discount_rate=chosen.discount_rate)


measure_of("referrals", "crv", "referral_value", zh="推荐价值", en="Referral value")
