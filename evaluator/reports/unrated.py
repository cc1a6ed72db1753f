"""Why a customer is not rated, in words."""

from __future__ import annotations

from evaluator.reports.context import Context
from evaluator.tree import Indicator


def reason_in_words(reason: str | None, context: Context) -> str:
    """Return why a customer is not rated: a rule, a missing indicator, or a criterion with too little."""
    if not reason:
        return ""
    if shut := next((rule for rule in context.tree.rules if rule.id == reason), None):
        return context.text("rules.shut", name=shut.name[context.language])
    node = context.tree.axes[reason] if reason in context.tree.axes else context.tree.nodes.get(reason)
    if node is None:
        return reason
    lacking = "data.lacking" if isinstance(node, Indicator) else "data.too_little"
    return context.text(lacking, name=node.name[context.language])
