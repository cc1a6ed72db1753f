"""ABC as a study runs it."""

from __future__ import annotations

from evaluator.customers.declaring import measure_of, model
from evaluator.customers.models.abc.pareto import Abc, AbcOptions, abc
from evaluator.customers.sources import Option, Sources


@model(
    "abc", zh="ABC 分类与集中度", en="ABC classes and concentration", reference="Juran 1951",
    needs=("orders",), freeze=lambda found, chosen: found.frozen(),
    option=Option(AbcOptions, "abc"), laws=("relative",),
)  # fmt: skip
def _abc(sources: Sources, chosen: AbcOptions) -> Abc:
    return abc(sources.columns([sources.value]), value=sources.value, options=chosen)


measure_of("abc", "class", "abc_class", zh="ABC 类别", en="ABC class")
