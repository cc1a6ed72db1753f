from .competition import (
    CompetitionOptions,
    FalseLoyalty,
    false_loyalty,
    herfindahl,
)
from .importance import (
    ImportancePerformance,
    derived_importance,
    importance_performance,
)
from .index import CCSI_PATHS, PathModel, index_score, path_model
from .kano_model import Kano, better_worse, kano
from .sample import SamplePlan, sample_margin, sample_size
from .survey import (
    ItemGroup,
    Rivals,
    Satisfaction,
    SatisfactionOptions,
    SurveyItem,
    satisfaction,
)
from .trap import (
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
    "Rivals",
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
