"""Values that somebody typed, so far beyond the scale of their indicator that a slip is likely."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from evaluator.errors import Issue, Severity
from evaluator.measuring.origins import Origin
from evaluator.tree import Tree
from evaluator.tree.shapes import Basis, shape_of
from evaluator.tree.types import RELATIVE, Graded, Logarithmic, Lookup

EXAMPLES = 3


def far_values(frame: pl.DataFrame, tree: Tree, origins: Mapping[str, Origin | None]) -> Iterator[Issue]:
    """Yield which values of the study's own table lie beyond their scale by more than the scale is wide.

    Such a value scores at the limit, so that a misplaced decimal point makes a leader of anybody.
    """
    for leaf in tree.indicators:
        if origins[leaf.measure] != "measures" or isinstance(
            leaf.scale, (*RELATIVE, Graded, Logarithmic, Lookup)
        ):
            continue
        ends = shape_of(leaf.scale, Basis(0, 100)).ends
        if ends is None or ends[0] == ends[1]:
            continue
        value, width = pl.col(leaf.measure), ends[1] - ends[0]
        far = frame.filter((value < ends[0] - width) | (value > ends[1] + width))
        if far.height:
            shown = far.head(EXAMPLES).select("id", leaf.measure).iter_rows()
            detail = {"count": far.height, "examples": ", ".join(f"{id_}: {x:g}" for id_, x in shown),
                      "least": f"{ends[0]:g}", "most": f"{ends[1]:g}"}  # fmt: skip
            yield Issue("DATA-545", leaf.measured, detail, severity=Severity.WARNING)
