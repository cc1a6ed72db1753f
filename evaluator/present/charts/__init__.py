"""Charts as Vega-Lite specifications: plain data, drawn in the reader's browser.

A chart is built from rows and from texts of the catalogues; it knows nothing of sections. Names
that people wrote stand in data values only, never in a field name or an expression.
"""

from evaluator.present.charts.axes import MIME, Chart, PlaneSide
from evaluator.present.charts.bar_charts import (
    Bar,
    Bin,
    bars,
    distribution,
    pareto,
    stacked,
    targets,
    weights,
)
from evaluator.present.charts.line_charts import Curve, Point, curve, curves, lines
from evaluator.present.charts.plane_charts import (
    Area,
    Dot,
    Named,
    Value,
    grid,
    matrix,
    points,
    scatter,
)
from evaluator.present.charts.range_charts import (
    Level,
    Pair,
    Ratio,
    WeightSpan,
    consistency,
    intervals,
    levels,
    pairs,
)
from evaluator.present.charts.sensitivity_charts import dynamic, gradient, head_to_head, performance
from evaluator.present.charts.step_charts import Branch, WaterfallStep, tree, waterfall

__all__ = [
    "MIME",
    "Area",
    "Bar",
    "Bin",
    "Branch",
    "Chart",
    "Curve",
    "Dot",
    "Level",
    "Named",
    "Pair",
    "PlaneSide",
    "Point",
    "Ratio",
    "Value",
    "WaterfallStep",
    "WeightSpan",
    "bars",
    "consistency",
    "curve",
    "curves",
    "distribution",
    "dynamic",
    "gradient",
    "grid",
    "head_to_head",
    "intervals",
    "levels",
    "lines",
    "matrix",
    "pairs",
    "pareto",
    "performance",
    "points",
    "scatter",
    "stacked",
    "targets",
    "tree",
    "waterfall",
    "weights",
]
