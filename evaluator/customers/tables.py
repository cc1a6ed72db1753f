"""The tables customer models read beside the orders, as people head their columns."""

from __future__ import annotations

from collections.abc import Mapping

from evaluator.customers.ledgers import LEDGERS
from evaluator.customers.orders import CUSTOMER, ORDERS
from evaluator.customers.survey_tables import SURVEY_TABLES
from evaluator.data.currencies import RATES
from evaluator.data.tables import Column, TableSchema


def _number(
    name: str, *headers: str, required: bool = True, non_negative: bool = True, money: bool = False
) -> Column:
    return Column(name, "number", required, non_negative, headers, money)


def _who(*more: str) -> Column:
    return Column("id", "id", required=True, headers=(*CUSTOMER, *more))


SERVICE_COSTS = TableSchema(
    (
        _who(),
        Column("date", "date", headers=("service date", "month", "日期", "服务日期", "月份")),
        Column("activity", "text", headers=("service", "作业", "活动", "服务项目")),
        _number("quantity", "driver quantity", "times", "hours", "动因数量", "数量", "次数", "工时"),
        _number("rate", "cost rate", "unit cost", "费率", "单位成本", "单价"),
    )
)
"""One row per customer and activity: how much of it, and what one costs. Where there are dates, only the
window counts that the value of the orders is of."""

INFO_POINTS = TableSchema(
    (
        _who(),
        Column("point", "text", headers=("knowledge point", "知识点", "信息点")),
        _number("p", "information", "items", "信息数", "信息量"),
        _number("uses", "use count", "使用次数", "利用次数"),
        _number("collections", "collection count", "收集次数", "采集次数"),
    )
)
"""One row per customer and knowledge point."""

NETWORK = TableSchema(
    (
        _who("from", "influencer", "影响者"),
        Column("to", "id", required=True, headers=("influenced", "follower", "被影响者", "追随者")),
        _number("weight", "probability", "概率", "影响概率"),
    ),
    key=("id", "to"),
)
"""One row per influence: who, whom, and the probability 0–1 that the second follows the first."""

REFERRALS = TableSchema(
    (
        _who("referrer", "推荐人", "推荐客户"),
        _number("period", "year", "时期", "年", "第几期"),
        Column(
            "because", "text", required=True, headers=("because of referral", "因推荐而来", "是否因推荐而来")
        ),
        _number("margin", "profit", "毛利", "利润", non_negative=False),
        _number("marketing", "referral cost", "推荐费用", "营销费用"),
        _number("saved", "acquisition saved", "节省的获客成本", "节省获客成本"),
    )
)
"""One row per referred customer and period; `because` says whether they would not have come otherwise."""

RELATIONS = TableSchema(
    (
        _who(),
        *(
            _number(name, *headers, required=False)
            for name, headers in {
                "purchases": ("purchase count", "购买次数"),
                "recency": ("days since last purchase", "距上次购买天数"),
                "interval": ("mean interval", "平均购买间隔"),
                "loyalty": ("loyalty score", "忠诚度", "忠诚得分"),
                "alive": ("probability alive", "活跃概率"),
                "need": ("has need", "有需求"),
                "ability": ("can buy", "有购买力"),
                "profile": ("in target profile", "目标客户画像", "符合目标"),
                "contacted": ("has been contacted", "已接触", "已联系"),
            }.items()
        ),
    ),
    key=("id",),
    of_customers=False,
)
"""One row per customer or prospect; yes is 1 and no is 0."""

WALLET = TableSchema(
    (
        _who(),
        Column("date", "date", required=True, headers=("month", "period", "月份", "日期", "期间")),
        _number("amount", "total spending", "wallet", "业务总量", "采购总额", "总支出", money=True),
    ),
    wide=("date", "amount"),
)
"""What customers spent in all, with us and with others; best one row per customer and month."""

ACQUISITION = TableSchema(
    (_who(), _number("amount", "acquisition cost", "获客成本", "开发费用", "金额", money=True))
)
"""What winning each customer cost; several rows of one customer add up."""

DELIVERED = TableSchema(
    (
        _who(),
        *(
            _number(name, *headers, required=False)
            for name, headers in {
                "product": ("product benefit", "产品价值", "产品"),
                "service": ("service benefit", "服务价值", "服务"),
                "personnel": ("personnel benefit", "人员价值", "人员"),
                "image": ("image benefit", "形象价值", "形象"),
                "money": ("money cost", "货币成本", "价格"),
                "time": ("time cost", "时间成本"),
                "energy": ("energy cost", "体力成本"),
                "psychic": ("psychic cost", "精神成本", "精力成本"),
            }.items()
        ),
        Column("rival", "text", headers=("firm", "supplier", "竞争对手", "被评企业", "供应商")),
    ),
    key=("id", "rival"),
)
"""One row per customer and firm rated: benefits and costs on one scale; `rival` is empty for our own firm."""

OFFER = TableSchema(
    (
        Column("id", "text", required=True, headers=("attribute", "属性", "要素", "产品服务要素")),
        _number("importance", "重要性", "重要程度"),
        _number("own", "own score", "本企业", "本企业得分", "自身表现", required=False),
        _number("rival", "rival score", "竞争对手", "竞争对手得分", required=False),
        _number("need", "客户要求", "需要水平", required=False),
        _number("cost", "成本", required=False),
        Column("kano", "text", headers=("kano class", "kano 类别", "卡诺类别")),
    ),
    key=("id",),
    of_customers=False,
)
"""One row per attribute of what is offered; an empty `own` is an attribute that is not offered."""

STAGE_OVERRIDES = TableSchema(
    (
        _who(),
        Column("date", "date", headers=("from", "decided", "日期", "决定日期")),
        Column("stage", "text", required=True, headers=("lifecycle stage", "阶段", "生命周期阶段")),
        Column("note", "text", required=True, headers=("reason", "remark", "说明", "原因", "备注")),
    )
)
"""Stages of the lifecycle that somebody decided by hand, since when, and why."""

TYPES = TableSchema(
    (
        _who(),
        Column("date", "date", required=True, headers=("from", "since", "日期", "起始日期", "生效日期")),
        Column("type", "text", required=True, headers=("customer type", "客户类型", "类型", "客户性质")),
    )
)
"""One row per customer and change: the type, and since when."""

COHORT = TableSchema(
    (
        _number("period", "year", "age", "时期", "年", "第几年"),
        _number("customers", "active customers", "remaining customers", "客户数", "留存客户数", "在网客户数"),
        _number("revenue", "sales", "收入", "销售收入", required=False),
        _number("cost", "costs", "成本", "服务成本", required=False),
    ),
    key=("period",),
)
"""One row per period of customers acquired together, from period 0: who is left, and their whole amounts."""

SEGMENTS = TableSchema(
    (
        _who("segment", "细分", "客户群"),
        _number("customers", "客户数", "期初客户数"),
        _number("lost", "customers lost", "流失客户数", "流失数"),
        _number("revenue", "sales", "收入", "销售收入"),
        _number("cost", "cost to serve", "成本", "服务成本"),
        _number("years", "lifetime", "平均年限", "预期年限"),
        _number("acquisition_cost", "acquisition", "获客成本", required=False),
        _number("programme_cost", "retention cost", "保留投入", "保留项目成本", required=False),
        _number("kept", "customers kept", "挽留客户数", required=False),
    ),
    key=("id",),
    of_customers=False,
)
"""One row per segment and its year, amounts of the whole segment; `clv.retention_accounts` reads it."""

TABLES: Mapping[str, TableSchema] = {
    "orders": ORDERS,
    "rates": RATES,
    "service_costs": SERVICE_COSTS,
    "acquisition": ACQUISITION,
    "delivered": DELIVERED,
    "offer": OFFER,
    "info_points": INFO_POINTS,
    "network": NETWORK,
    "referrals": REFERRALS,
    "relations": RELATIONS,
    "customer_types": TYPES,
    "wallet": WALLET,
    "cohort": COHORT,
    "segments": SEGMENTS,
    "stage_overrides": STAGE_OVERRIDES,
    **LEDGERS,
    **SURVEY_TABLES,
}
"""Every table of this room by the name a study maps it under."""
