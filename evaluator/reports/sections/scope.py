"""What was evaluated: whom, when, how many are rated, and how they share out among grades and classes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from evaluator.reports.context import Context
from evaluator.reports.population import Share, Spread, shares, spread


@dataclass(frozen=True)
class Breakdown:
    """How the rated customers share out among the grades, or the classes of one matrix."""

    id: str
    title: str
    shares: tuple[Share, ...]


@dataclass(frozen=True)
class Scope:
    """An evaluation in figures; `customers` counts everyone named in the data, whatever happened to them.

    `window` are the days that dated tables were read for, None where there are none.
    """

    title: str
    tree: str
    subject: str
    as_of: date
    window: tuple[date, date] | None
    created: datetime
    indicators: int
    experts: int
    customers: int
    rated: int
    insufficient: int
    excluded: int
    unmeasured: int
    score: Spread | None
    breakdowns: tuple[Breakdown, ...]

    @property
    def not_rated(self) -> int:
        """How many have no rank, for whatever reason."""
        return self.customers - self.rated


def build(context: Context) -> Scope:
    """Return what was evaluated."""
    evaluation, rated = context.evaluation, context.rated
    counts: dict[str, int] = dict(context.results.group_by("status").len().iter_rows())
    return Scope(
        title=evaluation.title[context.language],
        tree=context.tree.name[context.language],
        subject=context.subject,
        as_of=evaluation.provenance.as_of,
        window=evaluation.measured.window,
        created=evaluation.provenance.created,
        indicators=len(context.tree.indicators),
        experts=len(context.reader.experts) if evaluation.weights.source == "experts" else 0,
        customers=context.results.height + len(evaluation.unrated),
        rated=rated.height,
        insufficient=counts.get("insufficient", 0),
        excluded=counts.get("excluded", 0),
        unmeasured=len(evaluation.unrated),
        score=spread(rated["score"]),
        breakdowns=_breakdowns(context),
    )


def _breakdowns(context: Context) -> tuple[Breakdown, ...]:
    grades = Breakdown(
        "grade", context.text("summary.grades"), shares(context.rated, "grade", context.grades)
    )
    matrices = (
        Breakdown(
            matrix.id,
            matrix.name[context.language],
            shares(context.rated, f"class_{matrix.id}", context.classes[matrix.id]),
        )
        for matrix in context.tree.matrices
    )
    return (grades, *matrices)
