"""The types of synthesis a group may say: how the scores of its children become its own."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Tag

from evaluator.documents import Format
from evaluator.labels import ProperShare, kind_of


class WeightedSum(Format):
    """The weighted mean: a high score makes up for a low one. The default."""

    kind: Literal["weighted_sum"]


class WeightedProduct(Format):
    """The weighted geometric mean over the range of scores: a low score is hard to make up for."""

    kind: Literal["weighted_product"]


class Minimum(Format):
    """The lowest score: nothing makes up for it, and weights do not count."""

    kind: Literal["minimum"]


class Owa(Format):
    """Ordered weighted averaging: weights belong to places, best first, and not to children.

    `orness` above one half favours the best scores, below it the worst; at one half it is the mean.
    """

    kind: Literal["owa"]
    orness: ProperShare


class Topsis(Format):
    """Closeness of all leaves to the highest score against the lowest, for the whole tree only."""

    kind: Literal["topsis"]


Synthesis = Annotated[
    Annotated[WeightedSum, Tag("<weighted_sum>")]
    | Annotated[WeightedProduct, Tag("<weighted_product>")]
    | Annotated[Minimum, Tag("<minimum>")]
    | Annotated[Owa, Tag("<owa>")],
    Discriminator(kind_of),
]

WholeSynthesis = Annotated[
    Annotated[WeightedSum, Tag("<weighted_sum>")]
    | Annotated[WeightedProduct, Tag("<weighted_product>")]
    | Annotated[Minimum, Tag("<minimum>")]
    | Annotated[Owa, Tag("<owa>")]
    | Annotated[Topsis, Tag("<topsis>")],
    Discriminator(kind_of),
]
