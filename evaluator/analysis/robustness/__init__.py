"""How sure a result is: draws of weights, missing values, raters and populations."""

from evaluator.analysis.robustness.break_evens import BreakEvens, break_even_weights
from evaluator.analysis.robustness.drawing import DRAWS, MOST, affordable, certainty
from evaluator.analysis.robustness.evaluations import robust, with_certainty
from evaluator.analysis.robustness.references import FEW, groundless, relative
from evaluator.analysis.robustness.words import figures, sentence

__all__ = [
    "DRAWS",
    "FEW",
    "MOST",
    "BreakEvens",
    "affordable",
    "break_even_weights",
    "certainty",
    "figures",
    "groundless",
    "relative",
    "robust",
    "sentence",
    "with_certainty",
]
