"""From a panel's judgments to weights with their evidence."""

from evaluator.weighing.file import load_weights, save_weights
from evaluator.weighing.options import WeighingOptions
from evaluator.weighing.panel import Expert, Judgment, Panel
from evaluator.weighing.weigh import weigh
from evaluator.weighing.weights import ExpertEvidence, GroupWeights, Judged, Weights

__all__ = [
    "Expert",
    "ExpertEvidence",
    "GroupWeights",
    "Judged",
    "Judgment",
    "Panel",
    "WeighingOptions",
    "Weights",
    "load_weights",
    "save_weights",
    "weigh",
]
