"""Whom to evaluate at all, and high-end customers by return less cost alone, as a study runs it."""

from __future__ import annotations

from evaluator.customers.declaring import measure_of, model
from evaluator.customers.model_columns import CustomerColumn
from evaluator.customers.models.matrices.options import BaselineOptions
from evaluator.customers.models.matrices.screening import (
    Baseline,
    Criterion,
    ScreenedCustomers,
    baseline_split,
    screen,
)
from evaluator.customers.sources import Option, Sources
from evaluator.errors import EvaluationError, Issue
from evaluator.tree.types import FixedCut


def _screened(found: ScreenedCustomers) -> tuple[CustomerColumn, ...]:
    title = {"zh": "未通过的目标客户条件", "en": "Target-customer criterion not met"}
    values = found.frame.select("id", value="reason")
    return (CustomerColumn("not_target", title, values),)


@model(
    "screening", zh="目标客户筛选", en="Target customers", reference="Stated criteria",
    option=Option(tuple[Criterion, ...], "screening", required=True), columns=_screened,
)  # fmt: skip
def _screening(sources: Sources, chosen: tuple[Criterion, ...]) -> ScreenedCustomers:
    columns = dict.fromkeys(criterion.column for criterion in chosen)
    frame = sources.columns(list(columns))
    if not frame.height:
        raise EvaluationError([Issue("CUST-905")])
    return screen(frame, chosen)


measure_of("screening", "eligible", "target_customer", zh="是否目标客户", en="Target customer")


def _freeze_baseline(found: Baseline, chosen: BaselineOptions) -> BaselineOptions:
    return chosen.model_copy(update={"cut": FixedCut(kind="fixed", at=(found.cut,))})


@model(
    "baseline", zh="高端与低端客户（对照）", en="High-end and low-end customers (baseline)",
    reference="Chinese practice; the cut is the study's",
    option=Option(BaselineOptions, "baseline", required=True), freeze=_freeze_baseline,
    laws=("relative",),
)  # fmt: skip
def _baseline(sources: Sources, chosen: BaselineOptions) -> Baseline:
    frame = sources.columns([chosen.revenue, chosen.cost])
    return baseline_split(frame, cut=chosen.cut, revenue=chosen.revenue, cost=chosen.cost)


measure_of(
    "baseline", "class", "baseline_class", zh="高端/低端客户", en="High-end or low-end",
    classes="customers.baseline",
)  # fmt: skip
