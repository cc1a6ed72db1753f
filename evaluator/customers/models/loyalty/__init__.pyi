from .behaviour import order_loyalty
from .drivers import LoyaltyDrivers, loyalty_drivers
from .index import (
    STANDARD,
    DimensionWeights,
    Loyalty,
    LoyaltyMeasure,
    LoyaltyOptions,
    loyalty,
    net_promoter,
)
from .ladder import Ladder, loyalty_ladder
from .types import (
    AttitudeSegments,
    CauseOptions,
    LoyaltyTypes,
    attitude_segments,
    loyalty_causes,
)

__all__ = [
    "STANDARD",
    "AttitudeSegments",
    "CauseOptions",
    "DimensionWeights",
    "Ladder",
    "Loyalty",
    "LoyaltyDrivers",
    "LoyaltyMeasure",
    "LoyaltyOptions",
    "LoyaltyTypes",
    "attitude_segments",
    "loyalty",
    "loyalty_causes",
    "loyalty_drivers",
    "loyalty_ladder",
    "net_promoter",
    "order_loyalty",
]
