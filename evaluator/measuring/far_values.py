"""Values that somebody typed outside the scale of their indicator, where a slip is likely."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from evaluator.errors import Issue, Severity
from evaluator.measuring.origins import Origin
from evaluator.tree import Tree
from evaluator.tree.shapes import Basis, shape_of
from evaluator.tree.types import RELATIVE, Graded, Indicator, Logarithmic, Lookup

EXAMPLES = 3
ANSWERS = ((1, 5), (1, 7), (1, 10))
"""Scales that people answer on: nothing beyond them can be an answer."""


def far_values(frame: pl.DataFrame, tree: Tree, origins: Mapping[str, Origin | None]) -> Iterator[Issue]:
    """Yield which values of the study's own table lie beyond their scale by more than the scale is wide.

    Such a value scores at the limit, so that a misplaced decimal point makes a leader of anybody. Of a scale
    that people answer on every value beyond it is told.
    """
    leaves = [(leaf, ends) for leaf in tree.indicators
              if origins[leaf.measure] == "measures" and (ends := _ends(leaf))]  # fmt: skip
    far = [(leaf.measure, *_far(ends)) for leaf, ends in leaves]
    for (leaf, ends), limits, count in zip(leaves, far, beyond(frame, far), strict=True):
        if count:
            cases = frame.select("id", leaf.measure).filter(_outside(*limits)).head(EXAMPLES)
            shown = ", ".join(f"{id_}: {x:g}" for id_, x in cases.iter_rows())
            detail = {"count": count, "examples": shown, "least": f"{ends[0]:g}", "most": f"{ends[1]:g}"}
            yield Issue("DATA-545", leaf.measured, detail, severity=Severity.WARNING)


def beyond(frame: pl.DataFrame, limits: Sequence[tuple[str, float, float]]) -> list[int]:
    """Return how many values of a column lie outside two limits, for each column, low and high that is given.

    >>> beyond(pl.DataFrame({"a": [1.0, 5.0, None], "b": [2.0, 3.0, 4.0]}), [("a", 0, 2), ("b", 0, 9)])
    [1, 0]
    """
    some = frame.select(list(dict.fromkeys(name for name, *_ in limits)))
    ends = dict(zip(some.columns, zip(some.min().row(0), some.max().row(0), strict=True), strict=True))
    outside = {}
    for place, (name, low, high) in enumerate(limits):
        least, most = ends[name]
        if least is not None and (least < low or most > high):  # usually none is, and nothing to count
            outside[f"{place}"] = _outside(name, low, high).sum()
    counts = some.select(**outside).row(0, named=True) if outside else {}
    return [int(counts.get(f"{place}", 0)) for place in range(len(limits))]


def _outside(name: str, low: float, high: float) -> pl.Expr:
    return (pl.col(name) < low) | (pl.col(name) > high)


def _ends(leaf: Indicator) -> tuple[float, float] | None:
    """Return the ends of a scale that is wider than a point and states where values are to lie."""
    if isinstance(leaf.scale, (*RELATIVE, Graded, Logarithmic, Lookup)):
        return None
    ends = shape_of(leaf.scale, Basis(0, 100)).ends
    return None if ends is None or ends[0] == ends[1] else ends


def _far(ends: tuple[float, float]) -> tuple[float, float]:
    """Return the limits beyond which a value lies far from its scale."""
    margin = 0 if ends in ANSWERS else ends[1] - ends[0]
    return ends[0] - margin, ends[1] + margin
