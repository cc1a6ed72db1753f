"""Loyalty: index and standard measures, kinds of loyalty, what carries it, the ladder."""

from evaluator.customers.loyalty.behaviour import order_loyalty
from evaluator.customers.loyalty.drivers import LoyaltyDrivers, loyalty_drivers
from evaluator.customers.loyalty.index import (
    STANDARD,
    DimensionWeights,
    Loyalty,
    LoyaltyMeasure,
    LoyaltyOptions,
    loyalty,
    net_promoter,
)
from evaluator.customers.loyalty.ladder import Ladder, loyalty_ladder
from evaluator.customers.loyalty.types import (
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
