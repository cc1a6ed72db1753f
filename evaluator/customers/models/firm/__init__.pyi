from .capabilities import Capability, CapabilityOptions, capability
from .interaction import channel_scores
from .performance_views import Performance, PerformanceOptions, performance
from .states import (
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
from .structures import CapabilityStructure, capability_structure, checklists

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
