from .limits import Floor, Limits
from .marginals import break_even, break_even_of, dropped_below, frontier, last_money, prices_of_limits
from .planning import Plan, plan

__all__ = [
    "Floor",
    "Limits",
    "Plan",
    "break_even",
    "break_even_of",
    "dropped_below",
    "frontier",
    "last_money",
    "plan",
    "prices_of_limits",
]
