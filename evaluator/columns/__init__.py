"""One expression code for every dataframe: door in and out, null-safe idioms, plans of named steps."""

from evaluator.columns.expressions import (
    TOLERANCE,
    bands,
    beyond,
    finite,
    flag,
    polyline,
    polyline_on_polars,
    present,
    ratio,
    reaches,
    sums,
)
from evaluator.columns.frames import Entered, enter, to_polars
from evaluator.columns.plan import Plan, Step

__all__ = [
    "TOLERANCE",
    "Entered",
    "Plan",
    "Step",
    "bands",
    "beyond",
    "enter",
    "finite",
    "flag",
    "polyline",
    "polyline_on_polars",
    "present",
    "ratio",
    "reaches",
    "sums",
    "to_polars",
]
