"""Five customers that people argue about, planted among the others with what makes them so.

What each of them is comes from its hidden traits and from a few figures of other departments; their class,
flags and actions are found by the evaluation, like everybody's. The demo's README says who they are and why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from evaluator.demo.market import DAYS, Market


@dataclass(frozen=True)
class Case:
    """A customer that is argued about.

    Parameters
    ----------
    index : its place among the customers.
    traits : fields of `Market` that are as stated here.
    figures : what other departments write of it this year, by key figure; `before` what they wrote last year.
    """

    index: int
    traits: Mapping[str, float]
    figures: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, str] = field(default_factory=dict)


CASES: Mapping[str, Case] = {
    "late_payer": Case(
        11,
        {"size": 2.4, "bond": 0.9, "drive": 0.4, "credit": -2.6, "yearly": 3_200_000.0, "orders": 30.0,
         "growth": 0.1, "share": 0.45, "start": 0, "stop": DAYS},
        {"overdue_share": "34.0%", "credit_use": "78.0%", "dso_days": "96"},
        {"overdue_share": "12.0%", "credit_use": "70.0%", "dso_days": "74"},
    ),
    "newcomer": Case(
        57,
        {"size": -0.9, "bond": 0.5, "drive": 2.2, "credit": 0.6, "yearly": 45_000.0, "orders": 9.0,
         "growth": 0.45, "share": 0.08, "start": 500, "stop": DAYS},
        {"share_of_wallet": "8.0%", "business_growth": "26.0%", "overdue_share": "1.0%"},
        {"share_of_wallet": "7.0%", "business_growth": "24.0%", "overdue_share": "1.0%"},
    ),
    "fading_friend": Case(
        103,
        {"size": 1.5, "bond": 0.9, "drive": -0.2, "credit": 0.5, "yearly": 1_500_000.0, "orders": 24.0,
         "growth": 0.0, "share": 0.5, "start": 0, "stop": DAYS - 75},
        {"overdue_share": "2.0%"},
        {"overdue_share": "1.0%"},
    ),
    "busy_loss": Case(
        172,
        {"size": 1.4, "bond": -0.1, "drive": 0.3, "credit": 0.2, "yearly": 1_100_000.0, "orders": 40.0,
         "growth": 0.08, "share": 0.4, "start": 0, "stop": DAYS},
        {"cost_to_serve_ratio": "31.0%", "marketing_cost": "4.0%", "overdue_share": "3.0%"},
        {"cost_to_serve_ratio": "6.0%", "marketing_cost": "4.0%", "overdue_share": "3.0%"},
    ),
    "recommender": Case(
        241,
        {"size": -1.6, "bond": -0.5, "drive": -2.2, "credit": 0.3, "yearly": 38_000.0, "orders": 5.0,
         "growth": -0.1, "share": 0.85, "start": 0, "stop": DAYS},
        {"referrals": "5", "cost_to_serve_ratio": "13.0%", "share_of_wallet": "85.0%",
         "business_growth": "-12.0%", "line_coverage": "20.0%", "overdue_share": "0.0%"},
        {"referrals": "3", "share_of_wallet": "83.0%", "business_growth": "-4.0%", "overdue_share": "0.0%"},
    ),
}  # fmt: skip
"""The customers that are argued about, by what they are."""


def planted(customers: Market) -> Market:
    """Return the market with the cases in their places, as far as it reaches."""
    columns = {name: getattr(customers, name).copy() for name in Market.__dataclass_fields__}
    for case in CASES.values():
        if case.index < customers.count:
            for name, value in case.traits.items():
                columns[name][case.index] = value
    return Market(**columns)


def stated(*, before: bool = False) -> dict[int, Mapping[str, str]]:
    """Return the figures of the cases by their places, this year's or last year's."""
    return {case.index: case.before if before else case.figures for case in CASES.values()}
