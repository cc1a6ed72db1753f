"""Who is evaluated by which tree, in a study with several, and who by none."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.evaluation import Outside, Route
from evaluator.reports.context import Context

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Way:
    """One of the trees, with its name and in words whom it evaluates."""

    name: str
    whom: str
    route: Route
    here: bool


@dataclass(frozen=True)
class Routed:
    """The trees of the study, and the first customers outside all of them."""

    subject: str
    ways: tuple[Way, ...]
    outside: tuple[Outside, ...]
    total_outside: int
    comparable: bool


def build(context: Context) -> Routed | None:
    """Return which tree evaluates whom, or None where the study has one tree."""
    found = context.evaluation.routing
    if found is None:
        return None
    ways = tuple(
        Way(route.tree[context.language], _whom(route, context), route, route.id == found.here)
        for route in found.routes
    )
    return Routed(context.subject, ways, found.outside[:SHOWN], len(found.outside), found.comparable)


def _whom(route: Route, context: Context) -> str:
    if route.ids:
        return context.reader.listed(list(route.ids))
    return route.when if route.when is not None else context.text("routing.rest")
