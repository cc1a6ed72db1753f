"""The types of cut a tree file may say: where a score passes from one level to the next."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from evaluator.documents import Format
from evaluator.labels import ProperShare, kind_of


class FixedCut(Format):
    """Cuts at stated scores, rising."""

    kind: Literal["fixed"]
    at: Annotated[tuple[float, ...], Field(min_length=1)]


class ZeroCut(Format):
    """One cut at 0: what brings something on one side, what costs on the other."""

    kind: Literal["zero"]


class MeanCut(Format):
    """One cut at the mean score of the customers the model was fitted on."""

    kind: Literal["mean"]


class MedianCut(Format):
    """One cut at the median score of the customers the model was fitted on."""

    kind: Literal["median"]


class QuantileCut(Format):
    """Cuts at quantiles (0–1, rising) of the scores of the customers the model was fitted on."""

    kind: Literal["quantile"]
    at: Annotated[tuple[ProperShare, ...], Field(min_length=1)]


class NaturalCut(Format):
    """Cuts between groups that lie as close as can be to their own means (Jenks)."""

    kind: Literal["natural"]
    groups: Annotated[int, Field(ge=2, le=9)] = 2


Cut = Annotated[
    Annotated[FixedCut, Tag("<fixed>")]
    | Annotated[ZeroCut, Tag("<zero>")]
    | Annotated[MeanCut, Tag("<mean>")]
    | Annotated[MedianCut, Tag("<median>")]
    | Annotated[QuantileCut, Tag("<quantile>")]
    | Annotated[NaturalCut, Tag("<natural>")],
    Discriminator(kind_of),
]


def cuts_of(cut: Cut) -> int:
    """Return how many cuts it makes; they divide into one level more."""
    if isinstance(cut, FixedCut | QuantileCut):
        return len(cut.at)
    return cut.groups - 1 if isinstance(cut, NaturalCut) else 1
