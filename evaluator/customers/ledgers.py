"""What a client's ledgers say of customers besides orders: invoices, contacts, profits, choices, states."""

from __future__ import annotations

from collections.abc import Mapping

from evaluator.customers.orders import CUSTOMER, CUSTOMER_ID
from evaluator.data.currencies import CURRENCY
from evaluator.data.tables import Column, TableSchema

RECEIVABLES = TableSchema(
    (
        CUSTOMER_ID,
        Column("invoice", "id", headers=("invoice no", "document no", "发票号", "单据编号", "单据号")),
        Column("date", "date", required=True, headers=(
            "invoice date", "document date", "开票日期", "单据日期", "入账日期", "日期")),
        Column("due", "date", headers=("due date", "到期日", "应付日期", "应收日期")),
        Column("paid", "date", headers=("paid on", "payment date", "收款日期", "回款日期", "付款日期")),
        Column("amount", "number", required=True, money=True, headers=(
            "invoice amount", "receivable", "应收金额", "开票金额", "金额")),
        Column("credit_limit", "number", non_negative=True, money=True, headers=(
            "credit line", "授信额度", "信用额度")),
        CURRENCY,
    ),
)  # fmt: skip
"""One row per invoice; `paid` is empty while it is open, an amount below 0 is a credit note."""

AGEING = TableSchema(
    (
        CUSTOMER_ID,
        Column("bucket", "text", headers=(
            "age bucket", "ageing bucket", "aging bucket", "账龄", "帐龄", "账龄区间", "账龄段")),
        Column("amount", "number", money=True, headers=("open amount", "amount due", "未收金额", "金额")),
        Column("outstanding", "number", money=True, headers=(
            "balance", "outstanding balance", "total outstanding", "open balance", "total due", "receivables",
            "应收余额", "应收账款余额", "应收账款", "应收款余额", "应收款", "应收合计", "期末应收",
            "期末余额", "欠款余额", "欠款金额", "未收余额", "余额")),
        Column("overdue", "number", money=True, headers=(
            "overdue amount", "amount overdue", "total overdue", "past due", "past due amount", "逾期金额",
            "逾期余额", "逾期应收", "逾期应收款", "逾期账款", "逾期欠款", "已逾期", "超期金额")),
        Column("credit_limit", "number", non_negative=True, money=True, headers=(
            "credit line", "授信额度", "信用额度")),
        CURRENCY,
    ),
    one_of=(("bucket", "amount"), ("outstanding", "overdue")),
    wide=("bucket", "amount"),
)  # fmt: skip
"""What customers owe, a row per customer and age (``31-60天``, ``> 90``), or the balance and what of it is
overdue. Where a file has a column for each age, `unpivot` makes them rows; `data.ages` reads the words."""

CONTACTS = TableSchema(
    (
        CUSTOMER_ID,
        Column("date", "date", required=True, headers=("contact date", "联系日期", "拜访日期", "日期")),
        Column("channel", "text", headers=("contact channel", "渠道", "联系方式", "接触渠道")),
        Column("cost", "number", non_negative=True, money=True, headers=("contact cost", "费用", "接触成本")),
        Column("response", "text", headers=("responded", "outcome", "回应", "是否回应", "结果")),
        CURRENCY,
    ),
)
"""One row per contact with a customer: when, how, what it cost, whether it was answered."""

PROFIT_HISTORY = TableSchema(
    (
        CUSTOMER_ID,
        Column(
            "period", "number", required=True, non_negative=True, headers=("year", "时期", "年", "第几期")
        ),
        Column("profit", "number", required=True, money=True, headers=("margin", "利润", "毛利")),
        CURRENCY,
    ),
    key=("id", "period"),
)
"""One row per customer and period since acquisition, 0 first; `clv.profit_histories` reads it."""

BRAND_CHOICE = TableSchema(
    (
        Column("id", "id", required=True, headers=("person", "respondent", *CUSTOMER, "消费者", "受访者")),
        Column("period", "number", required=True, headers=("t", "purchase", "时期", "第几次购买")),
        Column("brand", "text", required=True, headers=("brand bought", "supplier", "品牌", "供应商")),
    ),
    key=("id", "period"),
    of_customers=False,
)
"""One row per purchase of a person: which brand, in order; `equity.choice_counts` reads it."""

BRAND_SWITCHING = TableSchema(
    (
        Column("id", "id", headers=("person", "respondent", *CUSTOMER, "消费者", "受访者", "答卷人")),
        Column("last", "text", required=True, headers=(
            "last brand", "brand bought last", "brand last bought", "current brand", "brand used",
            "上次品牌", "上次购买品牌", "最近购买品牌", "现用品牌", "当前品牌")),
        Column("next", "text", required=True, headers=(
            "next brand", "brand bought next", "brand intended", "intended brand", "brand intended next",
            "下次品牌", "下次购买品牌", "打算购买品牌", "意向品牌", "下次意向品牌")),
        Column("count", "number", non_negative=True, headers=(
            "people", "respondents", "number of people", "人数", "次数", "答卷数")),
    ),
    key=("id",),
    wide=("next", "count"),
    of_customers=False,
)  # fmt: skip
"""One row per person asked: the brand bought last and the one intended next; or, with a `count`, one row per
pair of brands. `equity.switching_counts` reads it."""

STATUS_LOG = TableSchema(
    (
        CUSTOMER_ID,
        Column(
            "date", "date", required=True, headers=("since", "changed on", "日期", "变更日期", "起始日期")
        ),
        Column("stage", "text", required=True, headers=("status", "state", "状态", "阶段", "变更后状态")),
    ),
    key=("id", "date"),
)
"""One row per change of a customer's state, valid from its day on; `states_on` reads it."""


def _count(name: str, *headers: str) -> Column:
    return Column(name, "number", required=True, non_negative=True, headers=headers)


def _forecast(name: str, *headers: str, money: bool = False) -> tuple[Column, Column, Column]:
    low, high = (Column(f"{name}_{end}", "number", money=money) for end in ("low", "high"))
    return Column(name, "number", required=True, money=money, headers=headers), low, high


EVENTS = TableSchema(
    (
        CUSTOMER_ID,
        Column("event", "text", headers=("customer event", "事件", "事项")),
        Column("date", "date", headers=("expected on", "预计日期", "日期")),
        Column("time", "number", non_negative=True, headers=("years from now", "距今年数")),
        *_forecast("probability", "chance", "概率", "可能性"),
        *_forecast("revenue", "expected revenue", "收入", "预计收入", money=True),
        *_forecast("cost", "expected cost", "成本", "费用", "预计费用", money=True),
        CURRENCY,
    ),
    one_of=(("date",), ("time",)),
    ahead=True,
)
"""One row per event that may come with a customer; `clv.customer_events` reads it."""

SUMMARIES = TableSchema(
    (
        Column("id", "id", required=True, headers=(*CUSTOMER, "cust")),
        _count("frequency", "x", "repeat purchases", "重复购买次数", "复购次数"),
        _count("recency", "t.x", "t_x", "last purchase", "最近购买时点", "末次购买时间"),
        _count("T", "t.cal", "t_cal", "age", "观察期长度", "观察时长"),
        Column(
            "monetary", "number", non_negative=True,
            headers=("monetary value", "spending", "mean spending", "m.x", "平均金额", "次均金额"),
            money=True,
        ),
    ),
    key=("id",),
)  # fmt: skip
"""One row per customer instead of the orders: repeat purchases, when the last one was and how long the
customer is known, both counted from the first purchase in the unit of `customers.lifetime`, and the mean
amount of the repeat purchases, without which nothing is said in money. The headers of lifetimes and of the
R package CLVTools are known."""

OPPORTUNITIES = TableSchema(
    (
        CUSTOMER_ID,
        _count("opportunities", "n", "n.cal", "chances", "机会次数"),
        _count("frequency", "x", "times used", "响应次数", "使用次数"),
        _count("recency", "t.x", "t_x", "last used", "末次响应", "末次使用"),
    ),
    key=("id",),
)
"""One row per customer: how many opportunities there were since the first purchase, how many of them were
used, and which was the last one used (0 for none); `clv.fit_opportunities` reads it."""

LEDGERS: Mapping[str, TableSchema] = {
    "receivables": RECEIVABLES,
    "ageing": AGEING,
    "contacts": CONTACTS,
    "profit_history": PROFIT_HISTORY,
    "former_profits": PROFIT_HISTORY,
    "brand_choice": BRAND_CHOICE,
    "brand_switching": BRAND_SWITCHING,
    "status_log": STATUS_LOG,
    "events": EVENTS,
    "summaries": SUMMARIES,
    "opportunities": OPPORTUNITIES,
}
"""The tables of this module by the name a study maps them under."""
