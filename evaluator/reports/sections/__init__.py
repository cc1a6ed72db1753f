"""The sections of a report, in the order of reading: each one's data, and what it draws.

A section is one module with `build` (frozen data from an evaluation, nothing rounded or rendered)
and, where it has charts, `draw`. This table is the only place a section is registered; the page
renders it with ``templates/page/<id>.html.j2``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from evaluator.present.charts import Chart
from evaluator.reports import blocks
from evaluator.reports.context import Context
from evaluator.reports.sections import (
    agreement,
    audit,
    cards,
    churn,
    classes,
    concentration,
    contradictions,
    crosscheck,
    data,
    equity,
    experts,
    firm,
    forecasts,
    hierarchy,
    lifecycle,
    lifetime,
    loyalty,
    matrices,
    method,
    methods,
    migration,
    opinions,
    planes,
    profiles,
    ranking,
    relation,
    retention,
    rfm,
    routing,
    rules,
    satisfaction,
    summary,
    trend,
    weights,
    worth,
)


def _nothing(section: Any, context: Context) -> tuple[Chart, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Section:
    """A section: `build` returns its data, or None where a study has nothing for it; `draw` its charts."""

    id: str
    build: Callable[[Context], object | None]
    draw: Callable[[Any, Context], tuple[Chart, ...]] = _nothing


SECTIONS: tuple[Section, ...] = (
    Section("summary", summary.build, summary.draw),
    Section("routing", routing.build),
    Section("hierarchy", hierarchy.build),
    Section("experts", experts.build, experts.draw),
    Section("contradictions", contradictions.build),
    Section("agreement", agreement.build),
    Section("weights", weights.build, weights.draw),
    Section("profiles", profiles.build),
    Section("ranking", ranking.build),
    Section("rules", rules.build),
    Section("opinions", opinions.build),
    Section("matrices", matrices.build, matrices.draw),
    Section("classes", classes.build),
    Section("migration", migration.build),
    Section("trend", trend.build, trend.draw),
    Section("rfm", rfm.build, blocks.draw),
    Section("concentration", concentration.build, blocks.draw),
    Section("planes", planes.build, blocks.draw),
    Section("types", relation.build_types, blocks.draw),
    Section("relation", relation.build, blocks.draw),
    Section("lifecycle", lifecycle.build, blocks.draw),
    Section("lifetime", lifetime.build, blocks.draw),
    Section("crosscheck", crosscheck.build, blocks.draw),
    Section("forecasts", forecasts.build, blocks.draw),
    Section("retention", retention.build, blocks.draw),
    Section("equity", equity.build, blocks.draw),
    Section("satisfaction", satisfaction.build, blocks.draw),
    Section("loyalty", loyalty.build, blocks.draw),
    Section("churn", churn.build, blocks.draw),
    Section("worth", worth.build, blocks.draw),
    Section("methods", methods.build, blocks.draw),
    Section("firm", firm.build, blocks.draw),
    Section("cards", cards.build),
    Section("audit", audit.build),
    Section("data", data.build),
    Section("method", method.build),
)
