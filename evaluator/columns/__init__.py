"""One expression code for every dataframe: door in and out, null-safe idioms, plans of named steps."""

from evaluator.columns.breaks import bins_of, natural_breaks
from evaluator.columns.condition_text import amount, condition
from evaluator.columns.conditions import (
    Comparison,
    Condition,
    Constant,
    Junction,
    Kind,
    Membership,
    Name,
    Negation,
    Operation,
    Value,
    holds,
    spoken_of,
    worth,
)
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
from evaluator.columns.spark import by_batches, is_spark

__all__ = [
    "TOLERANCE",
    "Comparison",
    "Condition",
    "Constant",
    "Entered",
    "Junction",
    "Kind",
    "Membership",
    "Name",
    "Negation",
    "Operation",
    "Plan",
    "Step",
    "Value",
    "amount",
    "bands",
    "beyond",
    "bins_of",
    "by_batches",
    "condition",
    "enter",
    "finite",
    "flag",
    "holds",
    "is_spark",
    "natural_breaks",
    "polyline",
    "polyline_on_polars",
    "present",
    "ratio",
    "reaches",
    "spoken_of",
    "sums",
    "to_polars",
    "worth",
]
