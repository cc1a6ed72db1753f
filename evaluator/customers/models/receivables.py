"""How customers pay, as measures of credit and of what carrying them costs."""

from __future__ import annotations

from typing import Any

from evaluator.customers.declaring import measure_of, model
from evaluator.customers.receivables import receivables
from evaluator.customers.sources import Sources


@model(
    "receivables", zh="应收账款", en="Receivables",
    reference="Little 1961, doi:10.1287/opre.9.3.383", needs=("receivables",),
)  # fmt: skip
def _receivables(sources: Sources) -> Any:
    return receivables(sources["receivables"], as_of=sources.as_of, window_months=sources.window_months)


for _name, _zh, _en in (
    ("dso_days", "应收账款周转天数", "Days sales outstanding"),
    ("overdue_share", "逾期金额占比", "Overdue share"),
    ("credit_use", "授信使用率", "Use of credit line"),
):
    measure_of("receivables", _name, _name, zh=_zh, en=_en)
