"""What people call the measures of customers in headers and tables of indicators, beside the trees' names."""

from __future__ import annotations

from collections.abc import Mapping

HEADER_WORDS: Mapping[str, tuple[str, ...]] = {
    "gross_profit": (
        "毛利", "毛利额", "毛利润", "年毛利", "年毛利额", "年度毛利", "gross profit", "yearly gross profit",
        "annual gross profit",
    ),
    "margin": ("毛利率", "毛利润率", "销售毛利率", "gross margin", "gross margin rate"),
    "net_amount": (
        "销售额", "年销售额", "年度销售额", "采购额", "年采购额", "采购金额", "年采购金额", "购买金额",
        "购买额", "年购买额", "消费金额", "消费额", "消费总额", "年消费金额", "年消费额", "yearly spend",
        "annual spend", "spend", "amount spent", "yearly sales", "annual sales", "yearly purchases",
        "annual purchases",
    ),
    "frequency": (
        "购买频率", "购买频次", "采购频率", "采购频次", "购买次数", "消费次数", "消费频次", "消费频率",
        "purchase frequency", "number of purchases",
    ),
    "recency_days": (
        "最近购买间隔", "最近购买天数", "距上次购买天数", "距最近购买天数", "最近一次消费距今天数",
        "最近消费距今天数", "最近一次购买距今天数", "距上次消费天数", "未消费天数",
        "days since last purchase", "days since last order",
    ),
    "return_ratio": ("退货率", "return rate", "return ratio"),
    "tenure_months": (
        "在网时长", "在网月数", "入网月数", "入网时长", "合作时长", "合作月数", "合作时间", "关系时长",
        "关系持续时间", "会员时长", "会员月数", "入会时长", "入会月数", "tenure",
        "months on book", "customer age in months",
    ),
    "network_months": ("在网时长", "在网月数", "入网月数", "入网时长", "tenure"),
    "breadth": ("购买品类数", "品类数", "产品种类数"),
    "dso_days": (
        "应收账款周转天数", "应收周转天数", "回款天数", "回款周期", "days sales outstanding", "dso",
    ),
    "overdue_share": (
        "逾期率", "逾期占比", "逾期金额占比", "逾期金额比例", "逾期账款占比", "overdue rate", "overdue share",
    ),
    "overdue_count": ("逾期次数", "times overdue", "overdue count"),
    "cost_to_serve_ratio": ("服务成本率", "服务费用率", "cost to serve ratio"),
    "on_time_payment": ("付款及时率", "按时付款率", "准时付款率", "on time payment", "on-time payment rate"),
    "share_of_wallet": ("钱包份额", "钱袋份额", "share of wallet"),
    "complaint_count": ("投诉次数", "complaints"),
}  # fmt: skip
"""Words by measure; each says the same in the same unit, but for what a bracket behind it states."""
