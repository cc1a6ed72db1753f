"""Values that somebody typed outside the scale of their indicator, where a slip is likely."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

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
    beyond = [_beyond(leaf.measure, ends).alias(str(place)) for place, (leaf, ends) in enumerate(leaves)]
    counts = frame.select(beyond).sum().row(0) if leaves else ()  # one look at all: far values are rare
    for (leaf, ends), count in zip(leaves, counts, strict=True):
        if count:
            far = frame.select("id", leaf.measure).filter(_beyond(leaf.measure, ends)).head(EXAMPLES)
            shown = ", ".join(f"{id_}: {x:g}" for id_, x in far.iter_rows())
            detail = {"count": count, "examples": shown, "least": f"{ends[0]:g}", "most": f"{ends[1]:g}"}
            yield Issue("DATA-545", leaf.measured, detail, severity=Severity.WARNING)


def _ends(leaf: Indicator) -> tuple[float, float] | None:
    """Return the ends of a scale that is wider than a point and states where values are to lie."""
    if isinstance(leaf.scale, (*RELATIVE, Graded, Logarithmic, Lookup)):
        return None
    ends = shape_of(leaf.scale, Basis(0, 100)).ends
    return None if ends is None or ends[0] == ends[1] else ends


def _beyond(name: str, ends: tuple[float, float]) -> pl.Expr:
    value, margin = pl.col(name), 0 if ends in ANSWERS else ends[1] - ends[0]
    return (value < ends[0] - margin) | (value > ends[1] + margin)
