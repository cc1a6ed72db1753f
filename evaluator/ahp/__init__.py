"""The analytic hierarchy process on arrays: priorities, consistency and groups; no names, only numbers."""

from evaluator.ahp.best_worst import BestWorst, best_worst
from evaluator.ahp.completion import Completion, complete, harker
from evaluator.ahp.consensus import (
    BANDS,
    Concordance,
    clusters,
    concordance,
    consensus,
    consensus_band,
    similarity,
)
from evaluator.ahp.consistency import PROFILES, Consistency, Profile, consistency, gci_limit
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
)
from evaluator.ahp.matrices import missing, sound, valid
from evaluator.ahp.priorities import PRIORITIES, Priority, fill, priorities
from evaluator.ahp.random_index import RANDOM_INDICES, RandomIndex, random_index
from evaluator.ahp.scales import SCALES, apply_scale
from evaluator.ahp.scores import score_ratios, score_weights
from evaluator.ahp.uncertainty import (
    Intervals,
    bootstrap,
    eigenvector_error,
    llsm_covariance,
    priority_intervals,
    sample_priorities,
    scatter,
)

__all__ = [
    "AGGREGATIONS",
    "BANDS",
    "FUZZY_PRIORITIES",
    "PRIORITIES",
    "PROFILES",
    "RANDOM_INDICES",
    "SCALES",
    "Aggregation",
    "BestWorst",
    "Completion",
    "Concordance",
    "Consistency",
    "FuzzyPriorities",
    "Intervals",
    "Priority",
    "Profile",
    "RandomIndex",
    "aggregate_fuzzy",
    "aggregate_judgments",
    "aggregate_priorities",
    "apply_scale",
    "best_worst",
    "bootstrap",
    "clusters",
    "complete",
    "components",
    "concordance",
    "connected",
    "consensus",
    "consensus_band",
    "consistency",
    "coverage",
    "disagreement",
    "eigenvector_error",
    "fill",
    "fuzzify",
    "fuzzy_priorities",
    "gci_limit",
    "group_priorities",
    "harker",
    "leave_one_out",
    "llsm_covariance",
    "made",
    "missing",
    "priorities",
    "priority_intervals",
    "random_index",
    "redundancy",
    "sample_priorities",
    "scatter",
    "score_ratios",
    "score_weights",
    "similarity",
    "sound",
    "valid",
]
