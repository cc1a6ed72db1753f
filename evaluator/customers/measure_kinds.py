"""What the measures of customers are, so that they are written alike wherever they stand."""

from __future__ import annotations

from collections.abc import Mapping
from math import expm1
from typing import Literal

from evaluator.labels import Text
from evaluator.present.kinds import Kind

_BY_KIND: Mapping[Kind, tuple[str, ...]] = {
    "money": (
        "event_value", "profit_lifetime", "profit_future", "profit_history", "clv", "expected_spend",
        "gross_amount", "net_amount", "gross_profit", "average_order", "contacts_cost", "cost_to_serve",
        "contribution", "network_value", "referral_value", "headroom", "word_of_mouth_value",
        "three_way_current", "winback_priority",
    ),
    "share": (
        "p_alive", "churn_probability", "opportunity_alive", "return_ratio", "margin", "repeat_rate",
        "overdue_share", "cost_to_serve_ratio", "on_time_payment", "response_rate", "share_of_wallet",
    ),
    "days": ("recency_days", "dso_days"),
    "points": ("growth_potential", "three_way_potential", "churn_risk"),
    "change": ("order_change",),
}  # fmt: skip
MEASURE_KINDS: Mapping[str, Kind] = {name: kind for kind, names in _BY_KIND.items() for name in names}
"""What each measure is; one that is not named is a quantity."""

LOGARITHM_A_MONTH = "对数/月"
"""The unit of growth as logarithms of purchases a month."""
Monthly = Literal["logarithm", "rate"]
_MONTHLY: Mapping[str, Monthly] = {LOGARITHM_A_MONTH: "logarithm", "比率/月": "rate"}
_MONTHS = 12
_UNITS: Mapping[str, Kind] = {
    "元/年": "money/year", "元/月": "money/month", "元": "money", "比率": "share", "比率/年": "growth",
    "倍": "multiple", "天": "days", "订单货币": "money", "订单货币/年": "money/year",
}  # fmt: skip


def kind_of_unit(unit: Text | None) -> Kind:
    """Return what the values of an indicator are, by its unit; those of a unit of its own are quantities.

    >>> kind_of_unit(Text(zh="元/年", en="CNY/year")), kind_of_unit(Text(zh="公里", en="km"))
    ('money/year', 'quantity')
    """
    return _UNITS.get(unit.zh, "quantity") if unit else "quantity"


def monthly(unit: Text | None) -> Monthly | None:
    """Return how a measure tells growth by the month, which is read by the year; None if it does not."""
    return _MONTHLY.get(unit.zh) if unit else None


def read_as(value: float, unit: Text | None) -> tuple[float, Kind]:
    """Return a measure as it is read, and its kind: growth by the month as growth a year.

    >>> read_as(0.25, Text(zh="比率", en="ratio")), read_as(0.01, Text(zh="比率/月", en="ratio/month"))
    ((0.25, 'share'), (0.12682503013196977, 'growth'))
    """
    match monthly(unit):
        case "logarithm":
            return expm1(_MONTHS * value), "growth"
        case "rate":
            return (1 + value) ** _MONTHS - 1, "growth"
        case _:
            return value, kind_of_unit(unit)
