"""The types of rule a tree file may say: what a condition does to score, grade, class or rating.

Rules act after the scores are joined, all on the same customer as the tree scored it: none sees what
another has done. Bonuses are added first, vetoes then limit the score; a class or grade is settled by
the first rule of the file that holds.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from evaluator.labels import Id, Label, Positive, kind_of
from evaluator.tree.titled import Titled


class Attribute(Titled):
    """Something known of a customer that is not scored, for rules and profiles to read."""

    kind: Literal["number", "text"] = "number"
    unit: Label | None = None
    definition: Label | None = None


class _Conditional(Titled):
    """When a rule holds, and why there is such a rule."""

    when: str
    reason: Label


class Veto(_Conditional):
    """The score is at most so much, however good the rest is."""

    kind: Literal["veto"]
    at_most: float


class Bonus(_Conditional):
    """Points are added to the score, or taken off it; `per` counts them, up to `at_most`.

    The score never leaves the tree's range.
    """

    kind: Literal["bonus"]
    points: float
    per: str | None = None
    at_most: Positive | None = None


class Gate(_Conditional):
    """The customer is not rated."""

    kind: Literal["gate"]


class ClassOverride(_Conditional):
    """The customer belongs to a class of a matrix, wherever it stands on the axes."""

    kind: Literal["override"]
    matrix: Id
    class_: Annotated[Id, Field(alias="class")]


class GradeCap(_Conditional):
    """The customer earns no better grade than this."""

    kind: Literal["grade_cap"]
    grade: Id


Rule = Annotated[
    Annotated[Veto, Tag("<veto>")]
    | Annotated[Bonus, Tag("<bonus>")]
    | Annotated[Gate, Tag("<gate>")]
    | Annotated[ClassOverride, Tag("<override>")]
    | Annotated[GradeCap, Tag("<grade_cap>")],
    Discriminator(kind_of),
]
