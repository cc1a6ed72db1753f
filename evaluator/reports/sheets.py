"""The sheets of the report workbook: which there are, what they are called, what a reader finds there."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.reports import model_sheets
from evaluator.reports.context import Context
from evaluator.reports.sections import agreement, contradictions, experts, matrices, migration
from evaluator.tree.types import Percentile

SHEETS = (
    "decision", "what_if", "customers", "classes", "migration", "trend", "models", "customer_models",
    "system", "consistency", "agreement", "evidence", "standards", "reference", "rules", "profiles",
    "measures", "detail", "fuzzy_r", "fuzzy_b", "routing", "audit", "data", "method", "points",
)  # fmt: skip
"""The sheets from left to right; each is a template of that name beside the one above."""


def titles(context: Context) -> dict[str, str]:
    """Return the titles of the sheets that are called after what a study has."""
    everybody = context.results.height + len(context.evaluation.unrated)
    whom = "alone" if everybody == 1 else f"{context.tree.subject}s"
    return {
        "customers": context.text(f"workbook.sheet.{whom}"),
        "models": context.text(f"workbook.sheet.{_models(context)}"),
    }


def _models(context: Context) -> str:
    """Return what the sheet of models holds: certainty alone where no customer model ran."""
    found = context.evaluation.customers
    return "models" if found and found.results else "certainty"


def contents(context: Context) -> Iterator[tuple[str, str, str]]:
    """Yield the sheets after the first: id, title, and what a reader finds there."""
    judgment, model = context.evaluation.judgment, context.evaluation.model
    everybody = bool(context.results.height + len(context.evaluation.unrated))
    there = {
        "customers": everybody,
        "measures": everybody,
        "detail": everybody,
        "classes": bool(context.tree.matrices) and not context.results.is_empty(),
        "consistency": not experts.build(context).given,
        "fuzzy_r": model.fuzzy is not None,
        "fuzzy_b": model.fuzzy is not None,
        "migration": migration.build(context) is not None,
        "trend": bool(context.evaluation.periods),
        "rules": bool(context.tree.rules),
        "profiles": bool(model.profiles),
        "routing": bool(context.evaluation.routing),
        "models": bool(model_sheets.model_sections(context)),
        "customer_models": bool(model_sheets.customer_models(context).columns),
        "reference": any(isinstance(leaf.scale, Percentile) for leaf in context.tree.indicators),
        "agreement": bool(contradictions.build(context) or agreement.build(context)),
        "points": any(plot.total for plot in matrices.build(context).plots),
        "evidence": bool(model.objective or (judgment and (judgment.uncertainty or judgment.fuzzy))),
    }
    named = titles(context)
    for sheet in SHEETS[1:]:
        if there.get(sheet, True):
            holds = _models(context) if sheet == "models" else sheet
            if sheet == "customers" and context.alone:
                holds = "alone"
            title = named.get(sheet) or context.text(f"workbook.sheet.{sheet}")
            yield sheet, title, context.text(f"workbook.holds.{holds}")
