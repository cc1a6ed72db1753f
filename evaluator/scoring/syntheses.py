"""Syntheses: from the scores of children to that of their group. One implementation for each type."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

import narwhals as nw

from evaluator.brief import Brief
from evaluator.columns import present, ratio, sums
from evaluator.registry import Registry
from evaluator.tree.types import Minimum, Owa, WeightedProduct, WeightedSum


@dataclass(frozen=True)
class Children(Brief):
    """The scores of a group's children, their weights (sum 1), and the tree's range of scores.

    A weight is a column where it depends on the customer's profile.

    `complete` says that no child is ever without a score; else a null score hands its weight on.
    `ordered` are the scores, best first and the missing last, for the types whose law is ``ordered``.
    """

    scores: tuple[nw.Expr, ...]
    weights: tuple[float | nw.Expr, ...]
    complete: bool
    low: float
    high: float
    ordered: tuple[nw.Expr, ...] = ()

    def observed(self) -> nw.Expr:
        """Return the weight of the children that have a score."""
        return sums([present(score) * w for score, w in zip(self.scores, self.weights, strict=True)])


# A synthesis of its own type and the children → the score of the group; null where no child has one.
SynthesisFunction = Callable[..., nw.Expr]

SYNTHESES: Registry[SynthesisFunction] = Registry("synthesis")
"""Laws: ``additive`` (the score is the sum of the leaves' points), ``between`` (it lies between the
lowest and the highest child), ``monotone`` (it never falls when a child rises), ``ordered`` (reads
sorted scores)."""


@SYNTHESES.register(
    "weighted_sum",
    zh="加权求和",
    en="weighted sum",
    reference="Fishburn (1967), doi:10.1287/opre.15.3.537",
    laws=("additive", "between", "monotone"),
)
def weighted_sum(synthesis: WeightedSum, children: Children) -> nw.Expr:
    """Return the weighted mean of the scores there are."""
    if children.complete:
        return sums([score * w for score, w in zip(children.scores, children.weights, strict=True)])
    pairs = zip(children.scores, children.weights, strict=True)
    return ratio(sums([score.fill_null(0.0) * w for score, w in pairs]), children.observed())


@SYNTHESES.register(
    "weighted_product",
    zh="加权几何平均",
    en="weighted product",
    reference="Bridgman (1922), Dimensional Analysis",
    laws=("between", "monotone"),
)
def weighted_product(synthesis: WeightedProduct, children: Children) -> nw.Expr:
    """Return low + (high − low)·Π tʷ, t the place of each score in the range: 0 in one makes the whole 0."""
    span = children.high - children.low
    shares = [((score - children.low) / span).clip(0.0, 1.0) for score in children.scores]
    if children.complete:
        powers = [share**w for share, w in zip(shares, children.weights, strict=True)]
        return reduce(lambda a, b: a * b, powers) * span + children.low
    powers = [share.fill_null(1.0) ** w for share, w in zip(shares, children.weights, strict=True)]
    product = reduce(lambda a, b: a * b, powers)
    whole = product ** ratio(nw.lit(1.0), children.observed())
    return whole * span + children.low


@SYNTHESES.register(
    "minimum",
    zh="取小（短板）",
    en="minimum",
    reference="Wald (1950), Statistical Decision Functions",
    laws=("between", "monotone"),
)
def minimum(synthesis: Minimum, children: Children) -> nw.Expr:
    """Return the lowest score there is; here it is meant that nulls are passed over."""
    return nw.min_horizontal(*children.scores)


@SYNTHESES.register(
    "owa",
    zh="有序加权平均（OWA）",
    en="ordered weighted averaging",
    reference="Yager (1988), doi:10.1109/21.87068; quantifier of Yager (1996), doi:10.1002/int.4550090302",
    laws=("between", "monotone", "ordered"),
)
def owa(synthesis: Owa, children: Children) -> nw.Expr:
    """Return Σ wᵢ·(i-th best score), wᵢ = (i/k)ᵃ − ((i−1)/k)ᵃ of k scores, a = (1 − orness)/orness."""
    n = len(children.ordered)
    if children.complete:
        weights = place_weights(synthesis.orness, n)
        return sums([score * w for score, w in zip(children.ordered, weights, strict=True)])
    known = sums([present(score) for score in children.scores])
    by_count = [place_weights(synthesis.orness, k) + (0.0,) * (n - k) for k in range(1, n + 1)]
    terms = []
    for place, score in enumerate(children.ordered):
        weight = nw.lit(0.0)
        for count, weights in enumerate(by_count, start=1):
            weight = nw.when(known > count - 0.5).then(nw.lit(weights[place])).otherwise(weight)
        terms.append(score * weight)
    return nw.when(known > 0).then(sums(terms))


def place_weights(orness: float, count: int) -> tuple[float, ...]:
    """Return the OWA weights of `count` places, best first, summing to 1.

    >>> place_weights(0.5, 4)
    (0.25, 0.25, 0.25, 0.25)
    """
    a = (1 - orness) / orness
    return tuple((i / count) ** a - ((i - 1) / count) ** a for i in range(1, count + 1))


def sorting_layers(columns: Sequence[str]) -> Iterator[dict[str, nw.Expr]]:
    """Yield layers that sort columns of a row in their places, the largest first; nulls must be filled.

    Neighbours are compared by turns, all pairs of a layer at once: sorting lists row by row is many
    times slower, and one expression of all comparisons would double with every layer.
    """
    for layer in range(len(columns)):
        outputs: dict[str, nw.Expr] = {}
        for place in range(layer % 2, len(columns) - 1, 2):
            pair = nw.col(columns[place]), nw.col(columns[place + 1])
            outputs[columns[place]] = nw.max_horizontal(*pair)
            outputs[columns[place + 1]] = nw.min_horizontal(*pair)
        if outputs:
            yield outputs
