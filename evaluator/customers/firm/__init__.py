"""The firm itself: capability, performance, and states that checklists tell."""

from evaluator.customers.firm.capability import Capability, CapabilityOptions, capability
from evaluator.customers.firm.interaction import channel_scores
from evaluator.customers.firm.performance import Performance, PerformanceOptions, performance
from evaluator.customers.firm.states import (
    ChecklistOptions,
    Idic,
    LevelState,
    PlanState,
    customisation_type,
    idic,
    level_reached,
    marketing_type,
    plan_complete,
)
from evaluator.customers.firm.structures import CapabilityStructure, capability_structure, checklists

__all__ = [
    "Capability",
    "CapabilityOptions",
    "CapabilityStructure",
    "ChecklistOptions",
    "Idic",
    "LevelState",
    "Performance",
    "PerformanceOptions",
    "PlanState",
    "capability",
    "capability_structure",
    "channel_scores",
    "checklists",
    "customisation_type",
    "idic",
    "level_reached",
    "marketing_type",
    "performance",
    "plan_complete",
]
