"""What a client's ledgers say of customers besides orders: invoices and payments, contacts, states."""

from __future__ import annotations

from collections.abc import Mapping

from evaluator.customers.survey_tables import CUSTOMER
from evaluator.data.currencies import CURRENCY
from evaluator.data.tables import Column, TableSchema


def _who() -> Column:
    return Column("id", "id", required=True, headers=CUSTOMER)


RECEIVABLES = TableSchema(
    (
        _who(),
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

CONTACTS = TableSchema(
    (
        _who(),
        Column("date", "date", required=True, headers=("contact date", "联系日期", "拜访日期", "日期")),
        Column("channel", "text", headers=("contact channel", "渠道", "联系方式", "接触渠道")),
        Column("cost", "number", non_negative=True, money=True, headers=("contact cost", "费用", "接触成本")),
        Column("response", "text", headers=("responded", "outcome", "回应", "是否回应", "结果")),
        CURRENCY,
    ),
)
"""One row per contact with a customer: when, how, what it cost, whether it was answered."""

LEDGERS: Mapping[str, TableSchema] = {"receivables": RECEIVABLES, "contacts": CONTACTS}
"""The tables of this module by the name a study maps them under."""
