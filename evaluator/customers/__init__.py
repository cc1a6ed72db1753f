"""Customer models, usable from a notebook without a tree: what a customer is worth, and of which kind."""

from evaluator.customers import clv
from evaluator.customers.agreement import Agreement, agreement, kendall, spearman
from evaluator.customers.history import Split, calibration_holdout, purchase_history
from evaluator.customers.measures import MEASURES, order_measures
from evaluator.customers.orders import ORDERS, Span
from evaluator.customers.pareto import Abc, AbcOptions, Concentration, abc, concentration
from evaluator.customers.rfm import Rfm, RfmOptions, Thresholds, rfm

__all__ = [
    "MEASURES",
    "ORDERS",
    "Abc",
    "AbcOptions",
    "Agreement",
    "Concentration",
    "Rfm",
    "RfmOptions",
    "Span",
    "Split",
    "Thresholds",
    "abc",
    "agreement",
    "calibration_holdout",
    "clv",
    "concentration",
    "kendall",
    "order_measures",
    "purchase_history",
    "rfm",
    "spearman",
]
