"""States of the firm that a checklist tells: levels reached, plans complete, types by two questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import polars as pl
from pydantic import Field

from evaluator.columns import exact_means, reaches
from evaluator.customers.models.firm.structures import CheckItem, LevelChecklist, PartChecklist, checklists
from evaluator.customers.records import records
from evaluator.displayed import Displayed
from evaluator.documents import Format
from evaluator.errors import Issue, not_among, raise_errors

Customisation = Literal["adaptive", "cosmetic", "collaborative", "transparent"]
Many = Literal["many", "medium", "few"]
Margin = Literal["high", "medium", "low"]

KOTLER: dict[Many, dict[Margin, str]] = {
    "many": {"high": "accountable", "medium": "reactive", "low": "basic"},
    "medium": {"high": "proactive", "medium": "accountable", "low": "reactive"},
    "few": {"high": "partnership", "medium": "proactive", "low": "accountable"},
}
"""基本、被动、负责、能动、伙伴; names: ``customers.marketing.<id>``."""

UNSAID: tuple[int, float | None, bool] = (0, None, False)
STAGES = ("identified", "differentiated", "interacted", "customised")
"""识别、区分、互动、定制; names: ``customers.idic.<id>``."""


class ChecklistOptions(Format):
    """From which share of yes (over those who answered) a statement counts as true."""

    agreed: Annotated[float, Field(gt=0, le=1)] = 1.0


@dataclass(frozen=True)
class LevelState(Displayed):
    """Which level is reached: every statement of it, and of all below, is true.

    Parameters
    ----------
    level : its id; None where not even the lowest is reached.
    statements : `level`, `item`, `answers`, `agreed` (share of yes; null where nobody answered), `met`.
    levels : `level`, `items`, `met`, `reached`, in order.
    missing : the statements that keep the firm from the next level.
    """

    level: str | None
    statements: pl.DataFrame
    levels: pl.DataFrame
    missing: tuple[CheckItem, ...]
    checklist: LevelChecklist


@dataclass(frozen=True)
class PlanState(Displayed):
    """Whether a plan is whole: `complete`, and the parts it lacks; `parts`: `item`, `agreed`, `met`."""

    complete: bool
    missing: tuple[CheckItem, ...]
    parts: pl.DataFrame
    checklist: PartChecklist


@dataclass(frozen=True)
class Idic(Displayed):
    """How far the four steps are done: `stages` (`stage`, `customers`, `done`, `share`, `finished`), and
    `at`, the first that is not finished (None: all are)."""

    stages: pl.DataFrame
    at: str | None
    options: ChecklistOptions


def level_reached(
    answers: Any, checklist: LevelChecklist, *, options: ChecklistOptions | None = None
) -> LevelState:
    """Return the level a firm has reached (F4, G8): all statements of it and of every lower one are true.

    Parameters
    ----------
    answers : one row per statement, or per rater and statement: `id` (the statement), `answer` (1 yes,
        0 no, or a share between). Statements of other checklists may stand in the table.

    Raises
    ------
    EvaluationError
        as `records`, an answer outside 0–1.

    Limits: a state, no measure: distances between levels mean nothing. A statement nobody answered is not
    met.

    >>> table = pl.DataFrame({"id": ["new_customers", "complaints_recorded"], "answer": [1, 1]})
    >>> level_reached(table, checklists().maturity).level
    'basic'
    """
    options = options or ChecklistOptions()
    said = _agreed(answers, options)
    rows = [
        (level.id, item.id, *said.get(item.id, UNSAID)) for level in checklist.levels for item in level.items
    ]
    schema = {
        "level": pl.String, "item": pl.String, "answers": pl.Int64, "agreed": pl.Float64, "met": pl.Boolean,
    }  # fmt: skip
    statements = pl.DataFrame(rows, schema=schema, orient="row")
    reached, level = True, None
    missing: tuple[CheckItem, ...] = ()
    table: list[tuple[str, int, int, bool]] = []
    for step in checklist.levels:
        unmet = tuple(item for item in step.items if not said.get(item.id, UNSAID)[2])
        if reached and unmet:
            missing = unmet
        reached = reached and not unmet
        level = step.id if reached else level
        table.append((step.id, len(step.items), len(step.items) - len(unmet), reached))
    levels = pl.DataFrame(table, schema=["level", "items", "met", "reached"], orient="row")
    return LevelState(level, statements, levels, missing, checklist)


def plan_complete(
    answers: Any, checklist: PartChecklist | None = None, *, options: ChecklistOptions | None = None
) -> PlanState:
    """Return whether a plan, such as the one of interaction (G6), has every part it must have.

    Parameters
    ----------
    answers : as `level_reached`.

    Raises
    ------
    EvaluationError
        as `records`, a share outside 0–1.

    >>> plan_complete(pl.DataFrame({"id": ["object"], "answer": [1]})).complete
    False
    """
    checklist = checklist or checklists().interaction
    said = _agreed(answers, options or ChecklistOptions())
    rows = [(part.id, *said.get(part.id, UNSAID)) for part in checklist.parts]
    schema = {"item": pl.String, "answers": pl.Int64, "agreed": pl.Float64, "met": pl.Boolean}
    parts = pl.DataFrame(rows, schema=schema, orient="row")
    missing = tuple(part for part, met in zip(checklist.parts, parts["met"], strict=True) if not met)
    return PlanState(not missing, missing, parts, checklist)


def customisation_type(*, product: bool, presentation: bool) -> Customisation:
    """Return the type of customisation (G7): is the product changed per customer, is its presentation?

    Neither adaptive (适应性), presentation only cosmetic (化妆式), product only transparent (透明式), both
    collaborative (合作式).

    References
    ----------
    Gilmore & Pine (1997), The four faces of mass customization, Harvard Business Review 75(1).

    >>> customisation_type(product=True, presentation=False)
    'transparent'
    """
    if product:
        return "collaborative" if presentation else "transparent"
    return "cosmetic" if presentation else "adaptive"


def marketing_type(customers: Many, margin: Margin) -> str:
    """Return Kotler's type of relationship marketing by how many customers there are and what they earn (G8).

    References
    ----------
    Kotler (1994), Marketing Management, 8th ed., Prentice Hall.

    >>> marketing_type("few", "high")
    'partnership'
    """
    return KOTLER[customers][margin]


def idic(customers: Any, *, options: ChecklistOptions | None = None) -> Idic:
    """Return how far identify, differentiate, interact and customise are done, by customers (G1).

    Parameters
    ----------
    customers : one row per customer: `id` and 0/1 or true/false in `identified`, `differentiated` (scored or
        classed), `interacted` (contacted), `customised` (treated by class); unknown counts as not done.
    options : `agreed` is the share of customers from which a step counts as finished.

    Raises
    ------
    EvaluationError
        as `records`.

    References
    ----------
    Peppers & Rogers (1993), The One to One Future, Doubleday.

    >>> table = pl.DataFrame({"id": ["a", "b"], "identified": [1, 1], "differentiated": [1, 0]})
    >>> idic(table).at
    'differentiated'
    """
    options = options or ChecklistOptions()
    table = records(customers, numbers=STAGES, optional=STAGES[1:])
    rows = []
    for stage in STAGES:
        done = int((table[stage] > 0).sum())
        share = done / table.height
        rows.append((stage, table.height, done, share, reaches(share, options.agreed)))
    stages = pl.DataFrame(rows, schema=["stage", "customers", "done", "share", "finished"], orient="row")
    unfinished = stages.filter(~pl.col("finished"))["stage"].to_list()
    return Idic(stages, unfinished[0] if unfinished else None, options)


def known_statements() -> tuple[str, ...]:
    """Return the ids of every statement of the checklists that ship, with the two of customisation.

    >>> "object" in known_statements()
    True
    """
    lists = checklists()
    levels = (lists.maturity, lists.relationship)
    of_levels = [item.id for checklist in levels for level in checklist.levels for item in level.items]
    of_plans = [part.id for plan in (lists.interaction, lists.diagnosis) for part in plan.parts]
    return (*of_levels, *of_plans, "product_changed", "presentation_changed")


def _agreed(answers: Any, options: ChecklistOptions) -> dict[str, tuple[int, float | None, bool]]:
    """Return how many answered each statement, the share of yes, and whether it counts as true."""
    table = records(answers, numbers=["answer"], repeated=True)
    if table.filter((pl.col("answer") < 0) | (pl.col("answer") > 1)).height:
        raise_errors([Issue("CUST-920", "answer")])
    known = known_statements()
    raise_errors(not_among("CUST-908", table["id"].unique().sort(), known, {"column": "checklist"}))
    [share] = exact_means(table, "answer", subject="checklist")
    answers = pl.len().cast(pl.Int64)
    told = table.drop_nulls("answer").group_by("id").agg(answers=answers, share=share)
    return {who: (n, share, reaches(share, options.agreed)) for who, n, share in told.iter_rows()}
