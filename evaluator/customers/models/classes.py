"""Customers told apart by what they bought: RFM, ABC, how far methods agree, whom to evaluate at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from evaluator.customers.declaring import measure_of, model
from evaluator.customers.method_agreement import Agreement, agreement
from evaluator.customers.model_columns import CustomerColumn
from evaluator.customers.options import AgreementOptions, BaselineOptions
from evaluator.customers.pareto import Abc, AbcOptions, abc
from evaluator.customers.rfm_scores import CLASSES, Rfm, rfm
from evaluator.customers.rfm_totals import RfmOptions
from evaluator.customers.screening import Baseline, Criterion, Screened, baseline_split, screen
from evaluator.customers.sources import MODEL_MEASURES, Option, Sources
from evaluator.errors import EvaluationError, Issue
from evaluator.tree.types import FixedCut


@model(
    "rfm", zh="RFM 分析", en="RFM", reference="Hughes 1994",
    needs=("orders",), freeze=lambda found, chosen: found.frozen(),
    option=Option(RfmOptions, "rfm"), laws=("relative",),
)  # fmt: skip
def _rfm(sources: Sources, chosen: RfmOptions) -> Rfm:
    return rfm(sources["orders"], as_of=sources.as_of, options=chosen)


measure_of("rfm", "score", "rfm_score", zh="RFM 得分", en="RFM score")
measure_of("rfm", "class", "rfm_class", zh="RFM 客户类别", en="RFM class", classes="customers.rfm")


@model(
    "abc", zh="ABC 分类与集中度", en="ABC classes and concentration", reference="Juran 1951",
    needs=("orders",), freeze=lambda found, chosen: found.frozen(),
    option=Option(AbcOptions, "abc"), laws=("relative",),
)  # fmt: skip
def _abc(sources: Sources, chosen: AbcOptions) -> Abc:
    return abc(sources.columns([sources.value]), value=sources.value, options=chosen)


measure_of("abc", "class", "abc_class", zh="ABC 类别", en="ABC class")


@model(
    "agreement", zh="方法之间的一致性", en="Agreement of methods",
    reference="Spearman 1904, doi:10.2307/1412159; Kendall 1945, doi:10.2307/2332303",
    needs=("orders",), option=Option(AgreementOptions, "agreement"), laws=("relative",),
)  # fmt: skip
def _agreement(sources: Sources, chosen: AgreementOptions) -> Agreement:
    ratings, classes = _compared(sources, chosen)
    frame = sources.columns([*ratings, *classes])
    texts = [pl.col(name).cast(pl.String) for name in classes]
    return agreement(frame.with_columns(texts), ratings, classes)


def _compared(
    sources: Sources, chosen: AgreementOptions
) -> tuple[Sequence[str], Mapping[str, Sequence[str]]]:
    """Return what the study compares; else value, RFM and lifetime value, as far as the data carry them."""
    by_value: AbcOptions = sources.options_of("abc")
    own = {
        "abc_class": (*by_value.classes, *([by_value.loss_class] if by_value.loss_class else [])),
        "rfm_class": tuple(CLASSES.values()),
    }
    ratings = chosen.ratings or (sources.value, *(n for n in ("rfm_score", "clv") if _carried(sources, n)))
    classes = chosen.classes or {name: known for name, known in own.items() if _carried(sources, name)}
    return ratings, classes


def _carried(sources: Sources, measure: str) -> bool:
    if measure not in MODEL_MEASURES:
        return False
    try:
        sources.measures([measure])
    except EvaluationError:
        return False
    return True


def _screened(found: Screened) -> tuple[CustomerColumn, ...]:
    title = {"zh": "未通过的目标客户条件", "en": "Criterion of target customers not met"}
    values = found.frame.select("id", value="reason")
    return (CustomerColumn("not_target", title, values),)


@model(
    "screening", zh="目标客户筛选", en="Target customers", reference="Stated criteria",
    option=Option(tuple[Criterion, ...], "screening", required=True), columns=_screened,
)  # fmt: skip
def _screening(sources: Sources, chosen: tuple[Criterion, ...]) -> Screened:
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
