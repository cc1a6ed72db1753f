"""What would lift a customer looks at what the company can move, not at the customer's age or industry."""

import pytest

from evaluator.tree import bundled, load_tree

ALL = {"quick_value"}  # every indicator can be moved, and none says so
GIVEN = {
    "acquisition_cost", "business_growth", "business_volume", "industry_outlook", "reference_effect",
    "industry_climate", "region_risk", "current_ratio", "quick_ratio", "debt_ratio", "equity_cover",
    "industry_standing", "bank_years", "loyalty_tenure", "policy_influence", "chain_position",
    "local_potential", "dealer_funds", "dealer_years", "goods_outlook", "demand_stability",
    "district_grade", "shop_area", "daily_visitors", "cooperation_months", "tenure", "inertia",
    "restrictions", "age", "income_stability", "bank_tenure", "vip_occupation", "survey_expectation",
    "network_months", "calling_circle", "firm_size", "budget", "service_distance", "rival_entry",
    "contact_change",
}  # fmt: skip


@pytest.mark.parametrize("name", [name for name in bundled() if load_tree(name).subject != "firm"])
def test_every_tree_says_which_indicators_can_be_moved(name: str) -> None:
    leaves = load_tree(name).indicators
    stated = {leaf.id for leaf in leaves if leaf.actionable is not None}
    assert bool(stated) != (name in ALL)
    assert not stated & GIVEN
    assert len(stated) < len(leaves) or name == "customer_satisfaction"


def test_the_list_of_what_is_given_names_indicators_that_there_are() -> None:
    assert {leaf.id for name in bundled() for leaf in load_tree(name).indicators} >= GIVEN
