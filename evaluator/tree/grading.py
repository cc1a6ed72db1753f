"""The types of memberships a tree file may say: how far a measure belongs to each grade."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from evaluator.documents import Format
from evaluator.labels import Id, Positive, kind_of


class Ladder(Format):
    """Full membership at the centre of each grade, falling straight to 0 at the centres beside it."""

    kind: Literal["ladder"]
    centres: Annotated[dict[Id, float], Field(min_length=2)]


class Triangular(Format):
    """For each grade a foot, a peak and a foot; the outer grades have their peak at the end."""

    kind: Literal["triangular"]
    grades: Annotated[dict[Id, tuple[float, float, float]], Field(min_length=2)]


class Trapezoidal(Format):
    """For each grade four points: full membership between the inner two, none beyond the outer two."""

    kind: Literal["trapezoid"]
    grades: Annotated[dict[Id, tuple[float, float, float, float]], Field(min_length=2)]


class Gaussian(Format):
    """For each grade a centre and a width; bell curves never sum to 1, so they are divided by their sum."""

    kind: Literal["gaussian"]
    grades: Annotated[dict[Id, tuple[float, Positive]], Field(min_length=2)]


Membership = Annotated[
    Annotated[Ladder, Tag("<ladder>")]
    | Annotated[Triangular, Tag("<triangular>")]
    | Annotated[Trapezoidal, Tag("<trapezoid>")]
    | Annotated[Gaussian, Tag("<gaussian>")],
    Discriminator(kind_of),
]
