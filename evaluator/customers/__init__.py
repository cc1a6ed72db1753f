"""Customer models, usable from a notebook without a tree: what a customer is worth, and of which kind."""

from evaluator.customers import clv
from evaluator.customers.agreement import Agreement, agreement, kendall, spearman
from evaluator.customers.history import Split, calibration_holdout, purchase_history
from evaluator.customers.matrices import (
    CustomerMatrix,
    MatrixOptions,
    Placed,
    load_matrix,
    matrix_names,
    place,
)
from evaluator.customers.measures import MEASURES, order_measures
from evaluator.customers.orders import ORDERS, Span
from evaluator.customers.pareto import Abc, AbcOptions, Concentration, abc, concentration
from evaluator.customers.quadrants import (
    FirmQuadrant,
    QuadrantOptions,
    SizeProfit,
    SizeProfitOptions,
    firm_quadrant,
    growth_potential,
    headroom,
    size_profit,
)
from evaluator.customers.rfm import Rfm, RfmOptions, Thresholds, rfm
from evaluator.customers.screening import Baseline, Criterion, Screened, baseline_split, screen

__all__ = [
    "MEASURES",
    "ORDERS",
    "Abc",
    "AbcOptions",
    "Agreement",
    "Baseline",
    "Concentration",
    "Criterion",
    "CustomerMatrix",
    "FirmQuadrant",
    "MatrixOptions",
    "Placed",
    "QuadrantOptions",
    "Rfm",
    "RfmOptions",
    "Screened",
    "SizeProfit",
    "SizeProfitOptions",
    "Span",
    "Split",
    "Thresholds",
    "abc",
    "agreement",
    "baseline_split",
    "calibration_holdout",
    "clv",
    "concentration",
    "firm_quadrant",
    "growth_potential",
    "headroom",
    "kendall",
    "load_matrix",
    "matrix_names",
    "order_measures",
    "place",
    "purchase_history",
    "rfm",
    "screen",
    "size_profit",
    "spearman",
]
