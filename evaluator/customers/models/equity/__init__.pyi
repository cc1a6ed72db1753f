from .choices import choice_counts, switching_counts
from .crosscheck import CrossCheck, cross_check
from .drivers import DRIVERS, EQUITIES, DriverPositions, equity_drivers, lever
from .switching import (
    BrandValues,
    Effect,
    brand_switching,
    choice_probabilities,
    driver_effects,
    return_on_improvement,
)
from .total import CustomerEquity, GroupEquity, customer_equity, group_equity

__all__ = [
    "DRIVERS",
    "EQUITIES",
    "BrandValues",
    "CrossCheck",
    "CustomerEquity",
    "DriverPositions",
    "Effect",
    "GroupEquity",
    "brand_switching",
    "choice_counts",
    "choice_probabilities",
    "cross_check",
    "customer_equity",
    "driver_effects",
    "equity_drivers",
    "group_equity",
    "lever",
    "return_on_improvement",
    "switching_counts",
]
