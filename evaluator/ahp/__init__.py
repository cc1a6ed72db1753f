"""The analytic hierarchy process on arrays: priorities, consistency and groups; no names, only numbers."""

from evaluator.ahp.consistency import PROFILES, Consistency, Profile, consistency
from evaluator.ahp.groups import AGGREGATIONS, aggregate_judgments
from evaluator.ahp.matrices import missing, valid
from evaluator.ahp.priorities import PRIORITIES, priorities
from evaluator.ahp.random_index import RANDOM_INDICES, RandomIndex, random_index

__all__ = [
    "AGGREGATIONS",
    "PRIORITIES",
    "PROFILES",
    "RANDOM_INDICES",
    "Consistency",
    "Profile",
    "RandomIndex",
    "aggregate_judgments",
    "consistency",
    "missing",
    "priorities",
    "random_index",
    "valid",
]
