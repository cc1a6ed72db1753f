"""From one row of measures per customer to scores, grades and classes, by a frozen model."""

from evaluator.scoring.checks import check_measures
from evaluator.scoring.classes import CUTS
from evaluator.scoring.examples import run_examples
from evaluator.scoring.fit import fit
from evaluator.scoring.measures import Measured, MeasureOptions, measure, measured
from evaluator.scoring.model import Model, load_model
from evaluator.scoring.options import ScoringOptions
from evaluator.scoring.overrides import own_scales
from evaluator.scoring.ranking import ranked
from evaluator.scoring.scales import SCALES
from evaluator.scoring.score import score

__all__ = [
    "CUTS",
    "SCALES",
    "MeasureOptions",
    "Measured",
    "Model",
    "ScoringOptions",
    "check_measures",
    "fit",
    "load_model",
    "measure",
    "measured",
    "own_scales",
    "ranked",
    "run_examples",
    "score",
]
