"""The analytic hierarchy process on arrays: priorities, consistency and groups; no names, only numbers."""

from evaluator.ahp.agreement import (
    BANDS,
    Concordance,
    clusters,
    concordance,
    consensus,
    consensus_band,
    similarity,
)
from evaluator.ahp.best_worst_method import BEST_WORST, BestWorst, best_worst, input_limit
from evaluator.ahp.best_worst_repairs import BestWorstRepair, best_worst_repair
from evaluator.ahp.completion import Completion, complete, harker
from evaluator.ahp.consistency_ratio import (
    CONSISTENT,
    CONVENTIONS,
    INCONSISTENT,
    NOT_TESTABLE,
    Consistency,
    Convention,
    consistency,
    gci_limit,
)
from evaluator.ahp.fuzzy import (
    FUZZY_PRIORITIES,
    FuzzyPriorities,
    aggregate_fuzzy,
    fuzzify,
    fuzzy_priorities,
)
from evaluator.ahp.graph import components, connected, made, redundancy
from evaluator.ahp.groups import (
    AGGREGATIONS,
    Aggregation,
    aggregate_judgments,
    aggregate_priorities,
    coverage,
    disagreement,
    group_priorities,
    leave_one_out,
    leave_one_out_priorities,
)
from evaluator.ahp.hierarchy import TotalConsistency, total_consistency
from evaluator.ahp.matrices import missing, sound, valid
from evaluator.ahp.panel_sampling import LEAST_EXPERTS, own_draws, panel_draws, priority_draws
from evaluator.ahp.priority_methods import PRIORITIES, Priority, fill, priorities
from evaluator.ahp.random_indices import RANDOM_INDICES, RandomIndex, random_index
from evaluator.ahp.repair import Change, Repair, ranks, repairs
from evaluator.ahp.revision import Worst, errors, influence, worst_judgment
from evaluator.ahp.scales import SCALES, apply_scale
from evaluator.ahp.scores import SCORE_READINGS, score_quotients, score_ratios, score_weights
from evaluator.ahp.simulation import pattern_index
from evaluator.ahp.stability_limits import Stability, stability
from evaluator.ahp.triads import Contradictions, contradictions
from evaluator.ahp.uncertainty import (
    Intervals,
    eigenvector_error,
    llsm_covariance,
    priority_intervals,
    scatter,
)

__all__ = [
    "AGGREGATIONS",
    "BANDS",
    "BEST_WORST",
    "CONSISTENT",
    "CONVENTIONS",
    "FUZZY_PRIORITIES",
    "INCONSISTENT",
    "LEAST_EXPERTS",
    "NOT_TESTABLE",
    "PRIORITIES",
    "RANDOM_INDICES",
    "SCALES",
    "SCORE_READINGS",
    "Aggregation",
    "BestWorst",
    "BestWorstRepair",
    "Change",
    "Completion",
    "Concordance",
    "Consistency",
    "Contradictions",
    "Convention",
    "FuzzyPriorities",
    "Intervals",
    "Priority",
    "RandomIndex",
    "Repair",
    "Stability",
    "TotalConsistency",
    "Worst",
    "aggregate_fuzzy",
    "aggregate_judgments",
    "aggregate_priorities",
    "apply_scale",
    "best_worst",
    "best_worst_repair",
    "clusters",
    "complete",
    "components",
    "concordance",
    "connected",
    "consensus",
    "consensus_band",
    "consistency",
    "contradictions",
    "coverage",
    "disagreement",
    "eigenvector_error",
    "errors",
    "fill",
    "fuzzify",
    "fuzzy_priorities",
    "gci_limit",
    "group_priorities",
    "harker",
    "influence",
    "input_limit",
    "leave_one_out",
    "leave_one_out_priorities",
    "llsm_covariance",
    "made",
    "missing",
    "own_draws",
    "panel_draws",
    "pattern_index",
    "priorities",
    "priority_draws",
    "priority_intervals",
    "random_index",
    "ranks",
    "redundancy",
    "repairs",
    "scatter",
    "score_quotients",
    "score_ratios",
    "score_weights",
    "similarity",
    "sound",
    "stability",
    "total_consistency",
    "valid",
    "worst_judgment",
]
