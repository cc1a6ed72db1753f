from .agreement import RankAgreement, rank_agreement
from .baseline import with_baseline
from .checks import check_measures
from .classes import CUTS
from .drifting import Drift, drift, drift_issues, stability_index
from .engines import ENGINES
from .examples import run_examples
from .files import score_files, write_scores
from .fitting import Fitted, fit, fitted
from .fuzzy import OPERATORS, comprehensive_evaluation, grade_score, normalized, validity
from .fuzzy_closeness import fuzzy_group, fuzzy_topsis
from .fuzzy_steps import fuzzy_issues
from .model import Model
from .model_file import load_model, read_model
from .multicriteria import OPINIONS, Vikor, grey_relational, promethee, second_opinion, topsis, vikor
from .opinions import SecondOpinions, opinion_issues, second_opinions
from .options import DriftOptions, FuzzyOptions, ScoringOptions
from .outranking import Flows, Preference
from .overrides import own_scales
from .progress import Progress
from .ranking import ranked
from .remarks import result_issues
from .rules import RULES
from .scales import SCALES
from .score_steps import score
from .syntheses import SYNTHESES

__all__ = [
    "CUTS",
    "ENGINES",
    "OPERATORS",
    "OPINIONS",
    "RULES",
    "SCALES",
    "SYNTHESES",
    "Drift",
    "DriftOptions",
    "Fitted",
    "Flows",
    "FuzzyOptions",
    "Model",
    "Preference",
    "Progress",
    "RankAgreement",
    "ScoringOptions",
    "SecondOpinions",
    "Vikor",
    "check_measures",
    "comprehensive_evaluation",
    "drift",
    "drift_issues",
    "fit",
    "fitted",
    "fuzzy_group",
    "fuzzy_issues",
    "fuzzy_topsis",
    "grade_score",
    "grey_relational",
    "load_model",
    "normalized",
    "opinion_issues",
    "own_scales",
    "promethee",
    "rank_agreement",
    "ranked",
    "read_model",
    "result_issues",
    "run_examples",
    "score",
    "score_files",
    "second_opinion",
    "second_opinions",
    "stability_index",
    "topsis",
    "validity",
    "vikor",
    "with_baseline",
    "write_scores",
]
