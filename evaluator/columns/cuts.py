"""Where high begins: a column divided at stated values, at figures of its own, or where it falls apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from evaluator.columns.breaks import natural_breaks
from evaluator.columns.statistics import Numbers, mean, median, quantiles
from evaluator.errors import EvaluationError, Issue
from evaluator.registry import Registry


class Cut(Protocol):
    """A cut as a tree or a study states it, with what its function asks for: `at`, or `groups`."""

    @property
    def kind(self) -> str:
        """The name of its function."""


COLUMN_CUTS: Registry[Callable[..., tuple[float, ...]]] = Registry("cut")
"""Functions of a cut as stated and the values → the cuts, rising. Law ``relative``: the cuts
move with the population."""


def cut_values(cut: Cut, values: Numbers, subject: str) -> tuple[float, ...]:
    """Return where a column is cut; `values` (n,) without missing ones.

    Raises
    ------
    EvaluationError
        where stated cuts do not rise, or there is nobody to take a relative cut from.

    >>> import numpy as np
    >>> from evaluator.tree.types import NaturalCut
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
def _fixed(cut: Any, values: Numbers) -> tuple[float, ...]:
    return tuple(cut.at)


@COLUMN_CUTS.register("zero", zh="零点分界", en="cut at zero", reference="0")
def _zero(cut: Cut, values: Numbers) -> tuple[float, ...]:
    return (0.0,)


@COLUMN_CUTS.register(
    "mean", zh="均值分界", en="cut at the mean", reference="arithmetic mean", laws=("relative",)
)
def _mean(cut: Cut, values: Numbers) -> tuple[float, ...]:
    return (mean(values),)


@COLUMN_CUTS.register(
    "median", zh="中位数分界", en="cut at the median", reference="median", laws=("relative",)
)
def _median(cut: Cut, values: Numbers) -> tuple[float, ...]:
    return (median(values),)


@COLUMN_CUTS.register(
    "quantile",
    zh="分位数分界",
    en="cuts at quantiles",
    reference="type 7 of Hyndman & Fan (1996), doi:10.1080/00031305.1996.10473566",
    laws=("relative",),
)
def _quantile(cut: Any, values: Numbers) -> tuple[float, ...]:
    return quantiles(values, cut.at)


@COLUMN_CUTS.register(
    "natural",
    zh="自然断点分界",
    en="cuts at natural breaks",
    reference="Fisher (1958), doi:10.1080/01621459.1958.10501479; Jenks (1967), International Yearbook of "
    "Cartography 7",
    laws=("relative",),
)
def _natural(cut: Any, values: Numbers) -> tuple[float, ...]:
    return natural_breaks(values, cut.groups)
