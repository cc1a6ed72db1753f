"""The types of scales a tree file may say: how a measure becomes a score."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from evaluator.documents import Format
from evaluator.labels import Id, Label, Positive, kind_of


class Piecewise(Format):
    """Straight lines between points (measure, score); beyond the ends the end scores hold."""

    kind: Literal["piecewise"]
    points: Annotated[tuple[tuple[float, float], ...], Field(min_length=2)]


class Linear(Format):
    """One straight line from the measure that earns the lowest score to the one that earns the highest."""

    kind: Literal["linear"]
    worst: float
    best: float


class Step(Format):
    """A grading table: each step (lower bound, score) holds up to the next; `below` holds under the first."""

    kind: Literal["step"]
    steps: Annotated[tuple[tuple[float, float], ...], Field(min_length=1)]
    below: float


class Trapezoid(Format):
    """Interval and target: full score between the inner two of four points, lowest beyond the outer two."""

    kind: Literal["trapezoid"]
    points: tuple[float, float, float, float]


class Percentile(Format):
    """Standing among the customers the model was fitted on; `best` says which end scores high."""

    kind: Literal["percentile"]
    best: Literal["high", "low"]


class Efficacy(Format):
    """Efficacy coefficient (功效系数): a line from `base` at `unacceptable` to `top` at `satisfactory`.

    The line runs on below the unacceptable measure, down to the lowest score of the tree.
    """

    kind: Literal["efficacy"]
    unacceptable: float
    satisfactory: float
    base: float = 60.0
    top: float = 100.0


class Logarithmic(Format):
    """Equal ratios of the measure earn equal steps of score, from `worst` to `best`."""

    kind: Literal["logarithmic"]
    worst: Positive
    best: Positive


class Logistic(Format):
    """An S-curve: half the range of scores at `half`, nine tenths of it at `nine_tenths`; it has no ends."""

    kind: Literal["logistic"]
    half: float
    nine_tenths: float


class ZScore(Format):
    """Standard deviations from the mean of the customers the model was fitted on.

    The mean earns the middle score; `reach` deviations from it earn the highest and the lowest.
    """

    kind: Literal["z"]
    best: Literal["high", "low"]
    reach: Positive = 3.0


class Lookup(Format):
    """A score for each category; a category that is not listed counts as missing and is named."""

    kind: Literal["lookup"]
    scores: Annotated[dict[str, float], Field(min_length=1)]


class Graded(Format):
    """Grades given by raters, with the anchor that tells what each grade means here."""

    kind: Literal["graded"]
    anchors: dict[Id, Label] = {}


Scale = Annotated[
    Annotated[Piecewise, Tag("<piecewise>")]
    | Annotated[Linear, Tag("<linear>")]
    | Annotated[Step, Tag("<step>")]
    | Annotated[Trapezoid, Tag("<trapezoid>")]
    | Annotated[Efficacy, Tag("<efficacy>")]
    | Annotated[Logarithmic, Tag("<logarithmic>")]
    | Annotated[Logistic, Tag("<logistic>")]
    | Annotated[Percentile, Tag("<percentile>")]
    | Annotated[ZScore, Tag("<z>")]
    | Annotated[Lookup, Tag("<lookup>")]
    | Annotated[Graded, Tag("<graded>")],
    Discriminator(kind_of),
]

RELATIVE = (Percentile, ZScore)
"""Scales that say how a customer stands among others; a model freezes the others it was fitted on."""
