"""Customers told apart by what they bought: RFM, ABC, how far methods agree, whom to evaluate at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from evaluator.customers.declared import MODEL_MEASURES, CustomerColumn, finder, measure_of
from evaluator.customers.findings import Sources
from evaluator.customers.method_agreement import Agreement, agreement
from evaluator.customers.options import CustomerOptions
from evaluator.customers.pareto import Abc, abc
from evaluator.customers.rfm_scores import CLASSES, Rfm, rfm
from evaluator.customers.screening import Baseline, Screened, baseline_split, screen
from evaluator.errors import EvaluationError, Issue
from evaluator.tree.types import FixedCut


def _freeze_rfm(found: Rfm, options: CustomerOptions) -> CustomerOptions:
    return options.model_copy(update={"rfm": found.frozen()})


def _freeze_abc(found: Abc, options: CustomerOptions) -> CustomerOptions:
    return options.model_copy(update={"abc": found.frozen()})


@finder(
    "rfm", zh="RFM 分析", en="RFM", reference="Hughes 1994",
    needs=("orders",), freeze=_freeze_rfm, laws=("relative",),
)  # fmt: skip
def _rfm(tables: Sources, as_of: date, options: CustomerOptions) -> Rfm:
    return rfm(tables["orders"], as_of=as_of, options=options.rfm)


measure_of("rfm", "score", "rfm_score", zh="RFM 得分", en="RFM score")
measure_of("rfm", "class", "rfm_class", zh="RFM 客户类别", en="RFM class", classes="customers.rfm")


@finder(
    "abc", zh="ABC 分类与集中度", en="ABC classes and concentration", reference="Juran 1951",
    needs=("orders",), freeze=_freeze_abc, laws=("relative",),
)  # fmt: skip
def _abc(tables: Sources, as_of: date, options: CustomerOptions) -> Abc:
    return abc(tables.columns([options.value]), value=options.value, options=options.abc)


measure_of("abc", "class", "abc_class", zh="ABC 类别", en="ABC class")


@finder(
    "agreement", zh="方法之间的一致性", en="Agreement of methods",
    reference="Spearman 1904, doi:10.2307/1412159; Kendall 1945, doi:10.2307/2332303",
    needs=("orders",), laws=("relative",),
)  # fmt: skip
def _agreement(tables: Sources, as_of: date, options: CustomerOptions) -> Agreement:
    ratings, classes = _compared(tables, options)
    frame = tables.columns([*ratings, *classes])
    texts = [pl.col(name).cast(pl.String) for name in classes]
    return agreement(frame.with_columns(texts), ratings, classes)


def _compared(tables: Sources, options: CustomerOptions) -> tuple[Sequence[str], Mapping[str, Sequence[str]]]:
    """Return what the study compares; else value, RFM and lifetime value, as far as the data carry them."""
    chosen, loss = options.agreement, options.abc.loss_class
    own = {
        "abc_class": (*options.abc.classes, *([loss] if loss else [])),
        "rfm_class": tuple(CLASSES.values()),
    }
    ratings = chosen.ratings or (options.value, *(n for n in ("rfm_score", "clv") if _carried(tables, n)))
    classes = chosen.classes or {name: known for name, known in own.items() if _carried(tables, name)}
    return ratings, classes


def _carried(tables: Sources, measure: str) -> bool:
    if measure not in MODEL_MEASURES:
        return False
    try:
        tables.measures([measure])
    except EvaluationError:
        return False
    return True


def _screened(found: Screened) -> tuple[CustomerColumn, ...]:
    title = {"zh": "未通过的目标客户条件", "en": "Criterion of target customers not met"}
    values = found.frame.select("id", value="reason")
    return (CustomerColumn("not_target", title, values),)


@finder(
    "screening", zh="目标客户筛选", en="Target customers", reference="Stated criteria",
    option="screening", columns=_screened,
)  # fmt: skip
def _screening(tables: Sources, as_of: date, options: CustomerOptions) -> Screened:
    columns = dict.fromkeys(criterion.column for criterion in options.screening)
    frame = tables.columns(list(columns))
    if not frame.height:
        raise EvaluationError([Issue("CUST-905")])
    return screen(frame, options.screening)


measure_of("screening", "eligible", "target_customer", zh="是否目标客户", en="Target customer")


def _freeze_baseline(found: Baseline, options: CustomerOptions) -> CustomerOptions:
    assert options.baseline is not None
    cut = FixedCut(kind="fixed", at=(found.cut,))
    return options.model_copy(update={"baseline": options.baseline.model_copy(update={"cut": cut})})


@finder(
    "baseline", zh="高端与低端客户（对照）", en="High-end and low-end customers (baseline)",
    reference="Chinese practice; the cut is the study's", option="baseline", freeze=_freeze_baseline,
    laws=("relative",),
)  # fmt: skip
def _baseline(tables: Sources, as_of: date, options: CustomerOptions) -> Baseline:
    chosen = options.baseline
    assert chosen is not None
    frame = tables.columns([chosen.revenue, chosen.cost])
    return baseline_split(frame, cut=chosen.cut, revenue=chosen.revenue, cost=chosen.cost)


measure_of(
    "baseline", "class", "baseline_class", zh="高端/低端客户", en="High-end or low-end",
    classes="customers.baseline",
)  # fmt: skip
