from .choosing import Candidates, candidates, first_that_applies
from .flags import Flagged, flags_with, raise_flags, shipped_flags
from .limits import Floor, Limits
from .marginals import break_even, dropped_below, frontier, last_money, prices_of_limits
from .planning import Plan, plan

__all__ = [
    "Candidates",
    "Flagged",
    "Floor",
    "Limits",
    "Plan",
    "break_even",
    "candidates",
    "dropped_below",
    "first_that_applies",
    "flags_with",
    "frontier",
    "last_money",
    "plan",
    "prices_of_limits",
    "raise_flags",
    "shipped_flags",
]
