"""From a panel's judgments to weights with their evidence."""

from evaluator.weighing.file import load_weights, save_weights
from evaluator.weighing.objective import (
    COMBINATIONS,
    OBJECTIVE,
    coefficient_of_variation,
    combine,
    critic,
    entropy,
    objective_weights,
    standard_deviation,
)
from evaluator.weighing.options import WeighingOptions
from evaluator.weighing.panel import Expert, Judgment, Panel
from evaluator.weighing.say import SAY, authority
from evaluator.weighing.weigh import weigh
from evaluator.weighing.weights import ExpertEvidence, GroupWeights, Judged, PolicyOutcome, Weights

__all__ = [
    "COMBINATIONS",
    "OBJECTIVE",
    "SAY",
    "Expert",
    "ExpertEvidence",
    "GroupWeights",
    "Judged",
    "Judgment",
    "Panel",
    "PolicyOutcome",
    "WeighingOptions",
    "Weights",
    "authority",
    "coefficient_of_variation",
    "combine",
    "critic",
    "entropy",
    "load_weights",
    "objective_weights",
    "save_weights",
    "standard_deviation",
    "weigh",
]
