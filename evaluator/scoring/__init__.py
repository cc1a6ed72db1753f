"""From one row of measures per customer to scores, grades and classes, by a frozen model."""

from evaluator.scoring.agreement import RankAgreement, rank_agreement
from evaluator.scoring.checks import check_measures
from evaluator.scoring.classes import CUTS
from evaluator.scoring.engines import ENGINES
from evaluator.scoring.examples import run_examples
from evaluator.scoring.files import score_files, write_scores
from evaluator.scoring.fit import Fitted, fit, fitted
from evaluator.scoring.fuzzy import OPERATORS, comprehensive_evaluation, grade_score, normalized, validity
from evaluator.scoring.fuzzy_steps import fuzzy_issues
from evaluator.scoring.fuzzy_topsis import fuzzy_group, fuzzy_topsis
from evaluator.scoring.joining import SYNTHESES
from evaluator.scoring.measures import Measured, MeasureOptions, measure, measured
from evaluator.scoring.memberships import MEMBERSHIPS, memberships
from evaluator.scoring.model import Model, load_model
from evaluator.scoring.opinions import SecondOpinions, opinion_issues, second_opinions
from evaluator.scoring.options import FuzzyOptions, ScoringOptions
from evaluator.scoring.overrides import own_scales
from evaluator.scoring.progress import Progress
from evaluator.scoring.ranking import ranked
from evaluator.scoring.remarks import result_issues
from evaluator.scoring.rules import RULES
from evaluator.scoring.scales import SCALES
from evaluator.scoring.score import score
from evaluator.scoring.second_opinions import OPINIONS, Vikor, grey_relational, second_opinion, topsis, vikor

__all__ = [
    "CUTS",
    "ENGINES",
    "MEMBERSHIPS",
    "OPERATORS",
    "OPINIONS",
    "RULES",
    "SCALES",
    "SYNTHESES",
    "Fitted",
    "FuzzyOptions",
    "MeasureOptions",
    "Measured",
    "Model",
    "Progress",
    "RankAgreement",
    "ScoringOptions",
    "SecondOpinions",
    "Vikor",
    "check_measures",
    "comprehensive_evaluation",
    "fit",
    "fitted",
    "fuzzy_group",
    "fuzzy_issues",
    "fuzzy_topsis",
    "grade_score",
    "grey_relational",
    "load_model",
    "measure",
    "measured",
    "memberships",
    "normalized",
    "opinion_issues",
    "own_scales",
    "rank_agreement",
    "ranked",
    "result_issues",
    "run_examples",
    "score",
    "score_files",
    "second_opinion",
    "second_opinions",
    "topsis",
    "validity",
    "vikor",
    "write_scores",
]
