"""The models of the firm itself as a study runs them: capability, performance, states of checklists."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from evaluator.columns import exact_means, reaches
from evaluator.customers.declaring import model
from evaluator.customers.models.firm import (
    Capability,
    CapabilityOptions,
    ChecklistOptions,
    Idic,
    LevelState,
    Performance,
    PerformanceOptions,
    PlanState,
    capability,
    channel_scores,
    checklists,
    customisation_type,
    idic,
    level_reached,
    marketing_type,
    performance,
    plan_complete,
)
from evaluator.customers.models.firm.options import ChannelOptions, MarketingChoice
from evaluator.customers.sources import Option, Sources
from evaluator.displayed import Displayed


@dataclass(frozen=True)
class ChecklistChoices:
    """When an item of a checklist counts as agreed, and how the firm sees its market."""

    checklist: ChecklistOptions
    marketing: MarketingChoice | None


@dataclass(frozen=True)
class FirmStates(Displayed):
    """States told by the firm's checklist; None where its questions were not asked.

    `customisation` and `marketing` are types (ids), `maturity` and `relationship` levels, `interaction` and
    `diagnosis` (of a small firm) whether everything is there.
    """

    maturity: LevelState | None
    relationship: LevelState | None
    interaction: PlanState | None
    diagnosis: PlanState | None
    customisation: str | None
    marketing: str | None


@model(
    "capability", zh="客户关系管理能力", en="CRM capability",
    reference="Chinese textbooks of CRM; most items reconstructed", needs=("capability",),
    option=Option(CapabilityOptions, "capability"),
)  # fmt: skip
def _capability(sources: Sources, chosen: CapabilityOptions) -> Capability:
    return capability(sources["capability"], options=chosen)


@model(
    "performance", zh="客户关系管理绩效", en="CRM performance",
    reference="Kim, Suh & Hwang 2003, doi:10.1002/dir.10051", needs=("performance",),
    option=Option(PerformanceOptions, "performance"),
)  # fmt: skip
def _performance(sources: Sources, chosen: PerformanceOptions) -> Performance:
    return performance(sources["performance"], options=chosen)


@model(
    "firm_states", zh="企业状态一览", en="States of the firm",
    reference="Berry & Parasuraman 1991; Gilmore & Pine 1997; Chinese textbooks", needs=("checklist",),
    option=Option(ChecklistChoices, "checklist"),
)  # fmt: skip
def _firm_states(sources: Sources, chosen: ChecklistChoices) -> FirmStates:
    table, lists = sources["checklist"], checklists()
    asked = set(table["id"])
    levels = {
        name: level_reached(table, own, options=chosen.checklist)
        if asked & {item.id for level in own.levels for item in level.items}
        else None
        for name, own in (("maturity", lists.maturity), ("relationship", lists.relationship))
    }
    plans = {
        name: plan_complete(table, own, options=chosen.checklist)
        if asked & {part.id for part in own.parts}
        else None
        for name, own in (("interaction", lists.interaction), ("diagnosis", lists.diagnosis))
    }
    market = chosen.marketing
    return FirmStates(
        levels["maturity"],
        levels["relationship"],
        plans["interaction"],
        plans["diagnosis"],
        _customisation(table, chosen.checklist.agreed),
        marketing_type(market.customers, market.margin) if market else None,
    )


def _customisation(table: pl.DataFrame, agreed: float) -> str | None:
    """Return the type of customisation, None where one of its two questions has no answer."""
    answers = table.select("id", pl.col("answer").cast(pl.Float64))
    means = exact_means(answers, "answer", subject="checklist")
    shares: dict[str, float | None] = dict(answers.group_by("id").agg(means).iter_rows())
    product, presentation = shares.get("product_changed"), shares.get("presentation_changed")
    if product is None or presentation is None:
        return None
    return customisation_type(product=reaches(product, agreed), presentation=reaches(presentation, agreed))


@model(
    "channels", zh="互动渠道", en="Interaction channels", reference="Chinese textbooks of CRM",
    needs=("channels",), option=Option(ChannelOptions, "channels", required=True),
)  # fmt: skip
def _channels(sources: Sources, chosen: ChannelOptions) -> pl.DataFrame:
    found: pl.DataFrame = channel_scores(sources["channels"], weights=chosen.weights)
    return found


@model(
    "idic", zh="IDIC 进程", en="IDIC", reference="Peppers & Rogers 1993, The One to One Future",
    needs=("idic",), option=Option(ChecklistOptions, "checklist"),
)  # fmt: skip
def _idic(sources: Sources, chosen: ChecklistOptions) -> Idic:
    return idic(sources["idic"], options=chosen)
