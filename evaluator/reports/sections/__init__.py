"""The sections of a report, in the order of reading: each one's data, and what it draws.

A section of customer models lists the models whose results it shows, each with its view; page and workbook
draw its blocks. Any other is one module with `build` (frozen data from an evaluation, nothing rounded or
rendered) and, where it has charts, `draw`; ``templates/page/<id>.html.j2`` renders it. This table is the only
place where a section that ships is registered; `add_section` adds those of a user's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from evaluator.customers.models.abc import view as abc
from evaluator.customers.models.agreement import view as methods
from evaluator.customers.models.churn import view as churn
from evaluator.customers.models.equity import view as equity
from evaluator.customers.models.firm import view as firm
from evaluator.customers.models.lifecycle import view as lifecycle
from evaluator.customers.models.lifetime import forecasts_view as forecasts
from evaluator.customers.models.lifetime import view as lifetime
from evaluator.customers.models.loyalty import view as loyalty
from evaluator.customers.models.matrices import screening_view as sizes
from evaluator.customers.models.matrices import view as placed
from evaluator.customers.models.relation import view as relation
from evaluator.customers.models.retention import view as retention
from evaluator.customers.models.rfm import view as rfm
from evaluator.customers.models.satisfaction import expectations_view as expectations
from evaluator.customers.models.satisfaction import view as satisfaction
from evaluator.customers.models.value import view as value
from evaluator.present.blocks import Blocks
from evaluator.present.charts import Chart
from evaluator.reports.added import ADDED, Level
from evaluator.reports.context import Context
from evaluator.reports.model_sections import Shown, ShownWithScores, shows
from evaluator.reports.page import finder
from evaluator.reports.sections import (
    actions,
    agreement,
    audit,
    certainty,
    classes,
    comparison,
    contradictions,
    crosscheck,
    data,
    decide,
    experts,
    hierarchy,
    matrices,
    method,
    migration,
    opinions,
    profiles,
    routing,
    rules,
    scores,
    standing,
    trend,
    value_sources,
    weights,
    whatif,
)


def _nothing(section: Any, context: Context) -> tuple[Chart, ...]:
    return ()


LEVELS: tuple[Level, ...] = get_args(Level)
"""What a reader decides on, what the decision is looked into with, and what both rest on."""


@dataclass(frozen=True, slots=True)
class Section:
    """A section: `build` returns its data, or None where a study has nothing for it; `draw` its charts.

    `message` returns what its data say, which stands above it in place of its title. `working` marks what
    stands in the edition for those working on the study only; `apart`, what may stand in a report of some
    customers, because it tells of them one by one, or of none at all. `shown` are views of customer models;
    `titled` is the title of a section that was added, where that of others stands in the catalogues.
    """

    id: str
    build: Callable[[Context], object | None]
    draw: Callable[[Any, Context], tuple[Chart, ...]] = _nothing
    level: Level = "evidence"
    message: Callable[[Any, Context], str] | None = None
    working: bool = False
    apart: bool = False
    shown: tuple[Shown | ShownWithScores, ...] = ()
    titled: Mapping[str, str] | None = None

    def title(self, context: Context) -> str:
        """Return its title in the language of the report."""
        if self.titled:
            return self.titled[context.language]
        return context.text(f"section.{self.id}", subject=context.subject)


def drawn(section: Blocks, context: Context) -> tuple[Chart, ...]:
    """Return what a section of blocks draws."""
    return section.charts


def _models(id_: str, *shown: Shown | ShownWithScores, lead: str = "") -> Section:
    return Section(id_, shows(*shown, lead=lead), drawn, shown=shown)


SECTIONS: tuple[Section, ...] = (
    Section("decision", decide.build, decide.draw, "decide", decide.message, apart=True),
    Section("standing", standing.build, drawn, "explore", standing.message),
    Section("matrices", matrices.there, matrices.draw, "explore", decide.explored, apart=True),
    Section("list", finder.there, level="explore", apart=True),
    Section("classes", classes.build, level="explore", message=classes.message),
    Section("whatif", whatif.build, level="explore"),
    Section("certainty", certainty.build, drawn, "explore"),
    Section("migration", migration.there, level="explore", message=migration.message, apart=True),
    Section("comparison", comparison.build, drawn, "explore", comparison.message),
    Section("trend", trend.build, trend.draw, "explore", trend.message, apart=True),
    Section("actions", actions.build, drawn, apart=True),
    Section("scores", scores.build, scores.draw),
    Section("weights", weights.build, weights.draw, apart=True),
    Section("experts", experts.there, experts.draw, apart=True),
    Section("contradictions", contradictions.build),
    Section("agreement", agreement.build, apart=True),
    Section("hierarchy", hierarchy.build),
    Section("routing", routing.build),
    Section("profiles", profiles.build),
    Section("rules", rules.build),
    Section("opinions", opinions.build),
    _models("rfm", Shown("rfm", rfm.view)),
    _models(
        "concentration",
        Shown("abc", abc.spread),
        Shown("size_profit", sizes.size_profit, "customers.concentration.size_profit"),
        Shown("quadrant", sizes.quadrant, "customers.concentration.quadrant"),
        Shown("baseline", sizes.baseline, "customers.concentration.baseline"),
        Shown("screening", sizes.screening, "customers.concentration.screening"),
    ),
    _models("customer_matrices", Shown("price_cost", placed.view), Shown("matrices", placed.view)),
    _models("types", Shown("types", relation.types)),
    _models("relation", Shown("relation", relation.relation)),
    _models(
        "lifecycle",
        Shown("lifecycle", lifecycle.stages),
        Shown("statuses", lifecycle.statuses, "customers.lifecycle.statuses"),
        Shown("stage_accounts", lifecycle.accounts, "customers.lifecycle.accounts"),
        Shown("decline", lifecycle.decline, "customers.lifecycle.decline"),
        Shown("lifecycle", lifecycle.treatments, "customers.treatments"),
    ),
    _models("lifetime", Shown("lifetime", lifetime.view)),
    _models("crosscheck", ShownWithScores(crosscheck.checked)),
    _models(
        "forecasts",
        Shown("events", forecasts.events, "forecasts.events"),
        Shown("profits", forecasts.profits, "forecasts.profits"),
        Shown("opportunities", forecasts.opportunities, "forecasts.opportunities"),
    ),
    _models(
        "retention",
        Shown("cohort", retention.cohort, "retention.cohort"),
        Shown("retained", retention.retained, "retention.constant"),
        Shown("curve", retention.profit_curve, "retention.profit_curve"),
        Shown("migration", retention.migration, "retention.migration"),
        Shown("accounts", retention.accounts, "retention.accounts"),
        Shown("five_drivers", retention.drivers, "retention.drivers"),
        Shown("optimum_retention", retention.optimum, "retention.optimum"),
        lead="retention.group",
    ),
    _models(
        "equity",
        Shown("equity", equity.total),
        Shown("equity_drivers", equity.drivers, "equity.drivers"),
        Shown("switching", equity.switching, "equity.switching"),
    ),
    _models(
        "satisfaction",
        Shown("satisfaction", satisfaction.view),
        Shown("latent", satisfaction.path_model, "satisfaction.model"),
        Shown("kano", expectations.kano, "satisfaction.kinds"),
        Shown("trap", expectations.trap, "satisfaction.trap"),
        Shown("false_loyalty", expectations.false_loyalty, "satisfaction.loyalty"),
    ),
    _models("loyalty", Shown("loyalty", loyalty.view)),
    _models(
        "churn",
        Shown("churn", churn.rates),
        Shown("warning", churn.warning, "churn.warning"),
        Shown("warning_test", churn.warning_test, "churn.test"),
        Shown("winback", churn.winback, "churn.winback"),
        Shown("complaints", churn.complaints, "churn.complaints"),
    ),
    _models(
        "value_measures",
        Shown("contribution", value.contribution, "customers.value.contribution"),
        Shown("three_way", value.three_way, "customers.value.three_way"),
        Shown("delivered", value.delivered, "customers.value.delivered"),
        Shown("levers", value.levers, "customers.value.levers"),
        Shown("knowledge", value.knowledge, "customers.value.knowledge"),
        Shown("network", value.network, "customers.value.network"),
        Shown("referrals", value.referrals, "customers.value.referrals"),
        Shown("word_of_mouth", value.word_of_mouth, "customers.value.referrals"),
        Shown("potential", value.potential, "customers.value.potential"),
        Shown("headroom", value.headroom, "customers.value.potential"),
        Shown("receivables", value.receivables, "customers.value.receivables"),
        ShownWithScores(value_sources.sources, "customers.value.sources"),
    ),
    _models("methods", Shown("agreement", methods.view)),
    _models(
        "firm",
        Shown("capability", firm.capability, "firm.capability"),
        Shown("performance", firm.performance, "firm.performance"),
        Shown("firm_states", firm.states, "firm.states"),
        Shown("channels", firm.channels, "firm.channels"),
        Shown("idic", firm.idic, "firm.idic"),
    ),
    Section("audit", audit.build, working=True),
    Section("data", data.build),
    Section("method", method.build),
)


def sections() -> tuple[Section, ...]:
    """Return the sections that ship and those that were added."""
    added = (Section(one.id, one.build, drawn, one.level, titled=one.title) for one in ADDED.values())
    return (*SECTIONS, *added)
