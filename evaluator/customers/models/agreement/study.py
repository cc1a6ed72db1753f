"""How far the methods that a study uses agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from evaluator.customers.declaring import model
from evaluator.customers.models.abc.pareto import AbcOptions
from evaluator.customers.models.agreement.agreement import Agreement, agreement
from evaluator.customers.models.agreement.options import AgreementOptions
from evaluator.customers.models.rfm.scores import CLASSES
from evaluator.customers.sources import MODEL_MEASURES, Option, Sources
from evaluator.errors import EvaluationError


@model(
    "agreement", zh="各方法结果对照", en="Comparison of methods",
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
        return sources.measures([measure])[measure].count() > 0
    except EvaluationError:
        return False
