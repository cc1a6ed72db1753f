"""Where high begins: a column divided at stated values, at figures of its own, or where it falls apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Discriminator, Tag

from evaluator.documents import Format
from evaluator.errors import EvaluationError, Issue
from evaluator.registry import Registry
from evaluator.tree.types import FixedCut, MeanCut, QuantileCut, kind_of

Array = NDArray[np.float64]


class NaturalCut(Format):
    """One cut where two groups lie closest to their own means (k-means of one column, Jenks)."""

    kind: Literal["natural"]


Cutting = Annotated[
    Annotated[FixedCut, Tag("<fixed>")]
    | Annotated[MeanCut, Tag("<mean>")]
    | Annotated[QuantileCut, Tag("<quantile>")]
    | Annotated[NaturalCut, Tag("<natural>")],
    Discriminator(kind_of),
]
"""Fixed cuts serve profit = 0 too, the quantile 0.5 is the median."""

COLUMN_CUTS: Registry[Callable[..., tuple[float, ...]]] = Registry("cut")
"""Functions of a cut of its own type and the values (n,) → the cuts, rising. Law ``relative``: the cuts
move with the population."""


def cut_values(cut: Cutting, values: Array, subject: str) -> tuple[float, ...]:
    """Return where a column is cut; `values` (n,) without missing ones.

    Raises
    ------
    EvaluationError
        CUST-909 (stated cuts do not rise), CUST-919 (nobody to take a relative cut from).

    >>> cut_values(NaturalCut(kind="natural"), np.array([1.0, 2.0, 9.0, 10.0]), "value")
    (5.5,)
    """
    method = COLUMN_CUTS[cut.kind]
    if "relative" in method.laws and not len(values):
        raise EvaluationError([Issue("CUST-919", subject)])
    cuts = method.function(cut, values)
    if list(cuts) != sorted(cuts):
        raise EvaluationError(
            [Issue("CUST-909", subject, {"cuts": ", ".join(map(str, cuts)), "count": len(cuts)})]
        )
    return cuts


@COLUMN_CUTS.register("fixed", zh="固定分界", en="fixed cuts", reference="stated values")
def _fixed(cut: FixedCut, values: Array) -> tuple[float, ...]:
    return cut.at


@COLUMN_CUTS.register(
    "mean", zh="均值分界", en="cut at the mean", reference="arithmetic mean", laws=("relative",)
)
def _mean(cut: MeanCut, values: Array) -> tuple[float, ...]:
    return (float(values.mean()),)


@COLUMN_CUTS.register(
    "quantile",
    zh="分位数分界",
    en="cuts at quantiles",
    reference="type 7 of Hyndman & Fan (1996), doi:10.1080/00031305.1996.10473566",
    laws=("relative",),
)
def _quantile(cut: QuantileCut, values: Array) -> tuple[float, ...]:
    return tuple(float(q) for q in np.quantile(values, cut.at))


@COLUMN_CUTS.register(
    "natural",
    zh="自然断点分界",
    en="cut at the natural break",
    reference="Fisher (1958), doi:10.1080/01621459.1958.10501479; Jenks (1967), International Yearbook of "
    "Cartography 7",
    laws=("relative",),
)
def _natural(cut: NaturalCut, values: Array) -> tuple[float, ...]:
    """Try every division of the sorted values; the cut lies midway between the groups."""
    x = np.sort(values)
    if x[0] == x[-1]:
        return (float(x[0]),)
    n, total, sums = len(x), x.sum(), np.cumsum(x)[:-1]
    lower = np.arange(1, n)
    between = sums**2 / lower + (total - sums) ** 2 / (n - lower)  # the most between is the least within
    best = int(np.argmax(np.where(np.diff(x) > 0, between, -np.inf)))
    return (float((x[best] + x[best + 1]) / 2),)
