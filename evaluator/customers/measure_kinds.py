"""What the measures of customers are, so that they are written alike wherever they stand."""

from __future__ import annotations

from collections.abc import Mapping

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
_UNITS: Mapping[str, Kind] = {
    "元/年": "money/year", "元/月": "money/month", "元": "money", "比率": "share", "比率/年": "growth",
    "倍": "multiple", "天": "days",
}  # fmt: skip


def kind_of_unit(unit: Text | None) -> Kind:
    """Return what the values of an indicator are, by its unit; those of a unit of its own are quantities.

    >>> kind_of_unit(Text(zh="元/年", en="CNY/year")), kind_of_unit(Text(zh="公里", en="km"))
    ('money/year', 'quantity')
    """
    return _UNITS.get(unit.zh, "quantity") if unit else "quantity"
