from .best_worst import panel_of_best_worst, suggest_best_worst
from .combined import (
    CombinedRow,
    CombinedWeights,
    ObjectiveWeights,
    combined_weights,
    weigh_objectively,
    with_leaf_weights,
)
from .delphi import Screened, Screening, screen
from .expert_weights import EXPERT_WEIGHTS, authority
from .file import load_weights, save_weights
from .fuzzy import FuzzyGroup, FuzzyWeights, fuzzy_weights
from .levels import LevelConsistency, total_ranking
from .node_weights import weigh
from .objective import (
    COMBINATIONS,
    OBJECTIVE,
    coefficient_of_variation,
    combine,
    critic,
    entropy,
    merec,
    objective_weights,
    standard_deviation,
)
from .options import ObjectiveOptions, ScoreOptions, UncertaintyOptions, WeighingOptions
from .panel import (
    OWN_PRIORITIES,
    BestWorstAnswer,
    Expert,
    ImportanceScore,
    Judgment,
    Panel,
)
from .panel_agreement import GroupAgreement, PairAgreement, WithoutExpert, agreement
from .planner import QuestionPlan, Questions, fewest_questions, plan_questions
from .profiles import asked_for, profile_panel, profile_weights
from .revisions import Revision, accept, load_revisions, revise, save_revisions
from .scores import judgments_from_scores, panel_of_scores
from .screened_tree import ScreenedTree, apply_screening
from .suggestions import AnswerRange, Suggestion, answer_ranges, best_suggestions, suggest
from .uncertainty import Uncertainty, WeightInterval, weight_uncertainty
from .weight_sampling import weight_draws
from .weights import (
    ExpertEvidence,
    GroupWeights,
    Judged,
    PolicyOutcome,
    Weights,
    WorstJudgment,
)

__all__ = [
    "COMBINATIONS",
    "EXPERT_WEIGHTS",
    "OBJECTIVE",
    "OWN_PRIORITIES",
    "AnswerRange",
    "BestWorstAnswer",
    "CombinedRow",
    "CombinedWeights",
    "Expert",
    "ExpertEvidence",
    "FuzzyGroup",
    "FuzzyWeights",
    "GroupAgreement",
    "GroupWeights",
    "ImportanceScore",
    "Judged",
    "Judgment",
    "LevelConsistency",
    "ObjectiveOptions",
    "ObjectiveWeights",
    "PairAgreement",
    "Panel",
    "PolicyOutcome",
    "QuestionPlan",
    "Questions",
    "Revision",
    "ScoreOptions",
    "Screened",
    "ScreenedTree",
    "Screening",
    "Suggestion",
    "Uncertainty",
    "UncertaintyOptions",
    "WeighingOptions",
    "WeightInterval",
    "Weights",
    "WithoutExpert",
    "WorstJudgment",
    "accept",
    "agreement",
    "answer_ranges",
    "apply_screening",
    "asked_for",
    "authority",
    "best_suggestions",
    "coefficient_of_variation",
    "combine",
    "combined_weights",
    "critic",
    "entropy",
    "fewest_questions",
    "fuzzy_weights",
    "judgments_from_scores",
    "load_revisions",
    "load_weights",
    "merec",
    "objective_weights",
    "panel_of_best_worst",
    "panel_of_scores",
    "plan_questions",
    "profile_panel",
    "profile_weights",
    "revise",
    "save_revisions",
    "save_weights",
    "screen",
    "standard_deviation",
    "suggest",
    "suggest_best_worst",
    "total_ranking",
    "weigh",
    "weigh_objectively",
    "weight_draws",
    "weight_uncertainty",
    "with_leaf_weights",
]
