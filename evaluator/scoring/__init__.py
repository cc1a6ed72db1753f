"""From one row of measures per customer to scores, grades and classes, by a frozen model."""

from evaluator.scoring.model import Model, load_model
from evaluator.scoring.options import ScoringOptions

__all__ = ["Model", "ScoringOptions", "load_model"]
