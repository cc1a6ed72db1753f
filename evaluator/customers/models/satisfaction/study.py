"""The models of satisfaction as a study runs them: survey, Kano, the trap, and loyalty that is none."""

from __future__ import annotations

import polars as pl

from evaluator.customers.declaring import measure_of, model
from evaluator.customers.models.loyalty import Loyalty
from evaluator.customers.models.satisfaction import (
    CompetitionOptions,
    FalseLoyalty,
    Kano,
    PathModel,
    Satisfaction,
    SatisfactionOptions,
    SurveyItem,
    Trap,
    TrapOptions,
    false_loyalty,
    kano,
    path_model,
    satisfaction,
    satisfaction_trap,
)
from evaluator.customers.models.satisfaction.options import LatentOptions
from evaluator.customers.records import with_segments
from evaluator.customers.sources import Option, Sources
from evaluator.errors import Issue, raise_errors
from evaluator.tree.types import FixedCut


@model(
    "kano", zh="卡诺分析", en="Kano analysis",
    reference="Kano et al. 1984, doi:10.20684/quality.14.2_147", needs=("kano",),
)  # fmt: skip
def _kano(sources: Sources) -> Kano:
    return kano(sources["kano"])


@model(
    "satisfaction", zh="客户满意度", en="Satisfaction",
    reference="Oliver 1980, doi:10.1177/002224378001700405", needs=("survey",),
    option=Option(SatisfactionOptions, "satisfaction"),
)  # fmt: skip
def _satisfaction(sources: Sources, chosen: SatisfactionOptions) -> Satisfaction:
    answers = with_segments(sources["survey"], sources)
    return satisfaction(answers, options=_with_kinds(sources, chosen))


def _with_kinds(sources: Sources, options: SatisfactionOptions) -> SatisfactionOptions:
    """Return the options with the kinds of expectation Kano's questions tell, where none are stated."""
    if "kano" not in sources:
        return options
    found: Kano = sources.result("kano")
    kinds = {item: kind for item, kind in found.items.select("item", "expectation").iter_rows() if kind}
    items = dict(options.items)
    for name, kind in kinds.items():
        own = items.get(name, SurveyItem())
        items[name] = own if own.expectation else own.model_copy(update={"expectation": kind})
    return options.model_copy(update={"items": items})


for _column, _name, _zh, _en, _classes in (
    ("index", "satisfaction_index", "满意度指数", "Satisfaction index", None),
    ("c", "satisfaction_ratio", "满意度 c=b/a", "Satisfaction c = b/a", None),
    ("state", "satisfaction_state", "满意状态", "Versus expectation", "customers.expectation"),
):
    measure_of("satisfaction", _column, _name, zh=_zh, en=_en, frame="customers", classes=_classes)


@model(
    "latent", zh="满意度指数模型", en="Satisfaction index model",
    reference="Fornell et al. 1996, doi:10.1177/002224299606000403; Tenenhaus et al. 2005, "
    "doi:10.1016/j.csda.2004.03.005",
    needs=("survey",), option=Option(LatentOptions, "latent", required=True), laws=("relative",),
)  # fmt: skip
def _latent(sources: Sources, chosen: LatentOptions) -> PathModel:
    """Fit the model to what was perceived, a row per respondent."""
    scale: SatisfactionOptions = sources.options_of("satisfaction")
    table = sources["survey"]
    if "brand" in table.columns and scale.own is not None:
        table = table.filter(pl.col("brand") == scale.own)
    who = ["id", "respondent"] if "respondent" in table.columns else ["id"]
    wide = table.pivot("item", index=who, values="perceived", aggregate_function="first").sort(who)
    paths = [(source, target) for source, targets in chosen.paths.items() for target in targets]
    return path_model(wide, chosen.blocks, paths, low=scale.low, high=scale.high)


def _freeze_mean(found: Trap, chosen: TrapOptions) -> TrapOptions:
    return found.options.model_copy(update={"mean": found.mean})


@model(
    "trap", zh="满意陷阱", en="Satisfaction trap",
    reference="Chinese textbooks of CRM; rule and curve of our own",
    needs=("survey", "loyalty"),
    option=Option(TrapOptions, "trap", required=True), freeze=_freeze_mean, laws=("relative",),
)  # fmt: skip
def _trap(sources: Sources, chosen: TrapOptions) -> Trap:
    levels = sources.result("satisfaction").customers.select("id", "basic", "potential")
    raise_errors(Issue("CUST-954", name) for name in ("basic", "potential") if not levels[name].count())
    loyal: Loyalty = sources.result("loyalty").index
    both = levels.join(
        loyal.frame.select("id", pl.col("loyalty") / 100), on="id", how="inner", maintain_order="left"
    )
    return satisfaction_trap(both, options=chosen)


measure_of(
    "trap", "trap", "satisfaction_trap", zh="落入满意陷阱（1 为是）", en="In the satisfaction trap (1 is yes)"
)


def _freeze_cuts(found: FalseLoyalty, chosen: CompetitionOptions) -> CompetitionOptions:
    cuts = {f"{side}_cut": FixedCut(kind="fixed", at=at) for side, at in found.placed.cuts.items()}
    return chosen.model_copy(update={"matrix": chosen.matrix.model_copy(update=cuts)})


@model(
    "false_loyalty", zh="满意度、忠诚度与竞争", en="Satisfaction, loyalty and competition",
    reference="Jones & Sasser 1995, Harvard Business Review 73(6)",
    needs=("survey", "loyalty"), freeze=_freeze_cuts,
    option=Option(CompetitionOptions, "false_loyalty"), laws=("relative",),
)  # fmt: skip
def _false_loyalty(sources: Sources, chosen: CompetitionOptions) -> FalseLoyalty:
    satisfied = sources.result("satisfaction").customers.select("id", pl.col("index").alias("satisfaction"))
    loyal: Loyalty = sources.result("loyalty").index
    table = sources["loyalty"]
    known = [name for name in ("hhi", "suppliers", "switching", "segment") if name in table.columns]
    joined = satisfied.join(loyal.frame.select("id", "loyalty"), on="id", maintain_order="left")
    joined = joined.join(table.select("id", *known), on="id", how="left", maintain_order="left")
    return false_loyalty(with_segments(joined, sources), options=chosen)


measure_of(
    "false_loyalty", "class", "satisfaction_loyalty_class",
    zh="满意度—忠诚度类别", en="Satisfaction and loyalty class", classes="customers.satisfaction_loyalty",
)  # fmt: skip
