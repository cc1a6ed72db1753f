"""RFM as a study runs it."""

from __future__ import annotations

from evaluator.customers.declaring import measure_of, model
from evaluator.customers.models.rfm.scores import Rfm, rfm
from evaluator.customers.models.rfm.totals import RfmOptions
from evaluator.customers.sources import Option, Sources


@model(
    "rfm", zh="RFM 分析", en="RFM", reference="Hughes 1994",
    needs=("orders",), freeze=lambda found, chosen: found.frozen(),
    option=Option(RfmOptions, "rfm"), laws=("relative",),
)  # fmt: skip
def _rfm(sources: Sources, chosen: RfmOptions) -> Rfm:
    return rfm(sources["orders"], as_of=sources.as_of, options=chosen)


measure_of("rfm", "score", "rfm_score", zh="RFM 得分", en="RFM score")
measure_of("rfm", "class", "rfm_class", zh="RFM 客户类别", en="RFM class", classes="customers.rfm")
