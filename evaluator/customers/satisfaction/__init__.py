"""Satisfaction: from pairs of answers to index, gap and quadrants; kinds of expectation; false loyalty."""

from evaluator.customers.satisfaction.competition import (
    CompetitionOptions,
    FalseLoyalty,
    false_loyalty,
    herfindahl,
)
from evaluator.customers.satisfaction.importance import (
    ImportancePerformance,
    derived_importance,
    importance_performance,
)
from evaluator.customers.satisfaction.index import CCSI_PATHS, PathModel, index_score, path_model
from evaluator.customers.satisfaction.kano import Kano, better_worse, kano
from evaluator.customers.satisfaction.sample import SamplePlan, sample_margin, sample_size
from evaluator.customers.satisfaction.survey import (
    ItemGroup,
    Satisfaction,
    SatisfactionOptions,
    SurveyItem,
    satisfaction,
)
from evaluator.customers.satisfaction.trap import (
    LoyaltyCurve,
    Trap,
    TrapOptions,
    loyalty_curve,
    satisfaction_trap,
)

__all__ = [
    "CCSI_PATHS",
    "CompetitionOptions",
    "FalseLoyalty",
    "ImportancePerformance",
    "ItemGroup",
    "Kano",
    "LoyaltyCurve",
    "PathModel",
    "SamplePlan",
    "Satisfaction",
    "SatisfactionOptions",
    "SurveyItem",
    "Trap",
    "TrapOptions",
    "better_worse",
    "derived_importance",
    "false_loyalty",
    "herfindahl",
    "importance_performance",
    "index_score",
    "kano",
    "loyalty_curve",
    "path_model",
    "sample_margin",
    "sample_size",
    "satisfaction",
    "satisfaction_trap",
]
