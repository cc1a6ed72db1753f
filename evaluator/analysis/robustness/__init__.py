"""How sure a result is: draws of weights, missing values, raters and populations."""

from evaluator.analysis.robustness.drawing import certainty
from evaluator.analysis.robustness.evaluations import robust
from evaluator.analysis.robustness.references import FEW, groundless, relative

__all__ = ["FEW", "certainty", "groundless", "relative", "robust"]
