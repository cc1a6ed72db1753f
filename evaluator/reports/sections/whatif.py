"""What if: other weights and cuts are tried out on the page, beside the weights as they were evaluated."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from evaluator.present import charts
from evaluator.present.charts import Chart
from evaluator.reports.context import Context
from evaluator.reports.page.whatif import NotOffered, WhatIf, what_if
from evaluator.tree import Group

WORDS = (
    "changed", "back", "show", "weights", "cuts", "whose", "everybody", "common", "below", "evaluated",
    "total", "locked", "points", "cut_of", "grade_of", "outcome", "as_evaluated", "now", "difference",
    "actions", "grades", "rated", "moved_rank", "moved_class", "moved_action", "moved_grade", "of_rated",
    "planned", "first", "rank", "was", "name", "score", "class", "action", "unranked", "none_stated",
    "whole", "weight", "criterion", "compared", "with", "pictures", "performance", "dynamic", "gradient",
    "head_to_head", "performance_says", "dynamic_says", "dynamic_whole", "gradient_says",
    "head_to_head_says", "by_rules", "sides", "even", "differs", "counts", "others", "marks", "first_below",
    "first_above", "first_steps",
)  # fmt: skip
BLANKS = ("one", "other", "name", "value", "share", "axis", "level", "grade", "count", "rated", "weight")


@dataclass(frozen=True)
class MovableWeight:
    """A weight that can be moved: its share among its siblings, and of the total; `level` is 1 at the top."""

    name: str
    level: int
    local: float
    global_: float


@dataclass(frozen=True)
class Otherwise:
    """What the page tries out, or in one line why it does not, and the weights as they were evaluated.

    `alone` is the firm by itself: it has no rank, and the pictures would compare it with nobody.
    """

    refused: str
    rows: tuple[MovableWeight, ...]
    alone: bool = False
    offered: WhatIf | None = field(default=None, repr=False)
    pictures: tuple[Chart, ...] = field(default=(), repr=False)
    texts: dict[str, str] = field(default_factory=dict, repr=False)

    def compact(self) -> dict[str, Any] | None:
        """Return what the script works with; None where nothing is offered."""
        if self.offered is None:
            return None
        specs = {picture.id: picture.spec for picture in self.pictures}
        return {**self.offered.compact(), "texts": self.texts, "pictures": specs}


def build(context: Context) -> Otherwise | None:
    """Return the section; None where no weight and no customer is."""
    if not context.results.height:
        return None
    offered, rows = what_if(context), tuple(_rows(context))
    if isinstance(offered, NotOffered):
        return Otherwise(context.text(offered.reason, subject=context.subject, **offered.values), rows)
    blanks = {name: f"{{{name}}}" for name in BLANKS}
    texts = {word: context.text(f"whatif.{word}", subject=context.subject, **blanks) for word in WORDS}
    pictures = () if context.alone else _pictures(context)
    return Otherwise("", rows, context.alone, offered, pictures, texts)


def _rows(context: Context) -> list[MovableWeight]:
    """Return the weights of all that have siblings with a weight."""
    model = context.evaluation.model
    found: list[MovableWeight] = []

    def walk(group: Group, level: int) -> None:
        for child in group.children:
            if len(group.children) > 1 and model.local[child.id] > 0:
                shares = model.local[child.id], model.global_[child.id]
                found.append(MovableWeight(context.name(child.id), level, *shares))
            if isinstance(child, Group):
                walk(child, level + 1)

    walk(model.tree.root, 1)
    return found


def _pictures(context: Context) -> tuple[Chart, ...]:
    span = context.tree.score_range
    score, weight = context.text("whatif.score"), context.text("whatif.weight")

    def says(name: str) -> tuple[str, str, str]:
        return (
            f"whatif-{name}",
            context.text(f"whatif.{name}"),
            context.text(f"whatif.{name}_says", subject=context.subject),
        )

    return (
        charts.performance(*says("performance"), (score, weight), span),
        charts.dynamic(*says("dynamic"), score, span),
        charts.gradient(*says("gradient"), (weight, score)),
        charts.head_to_head(*says("head_to_head"), context.text("whatif.ahead")),
    )
