"""What limits and assumptions are worth, on a plan small enough to check by hand."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from evaluator.actions import Floor, Limits, dropped_below, frontier, last_money, plan, prices_of_limits

OFFERS = pl.DataFrame(
    {"id": ["a", "a", "b", "b", "c", "d"], "action": ["visit", "call", "visit", "call", "call", "call"],
     "region": ["north", "north", "north", "north", "south", "south"],
     "gain": [900.0, 300.0, 700.0, 250.0, 60.0, 40.0], "cost": [500.0, 50.0, 500.0, 50.0, 50.0, 50.0]}
)  # fmt: skip


def test_the_last_of_the_budget_is_solved_again() -> None:
    """With 600 a is visited and b called (400 + 200), with 500 both are called (250 + 200) and c (10)."""
    assert plan(OFFERS, Limits(budget=600)).value == 610
    assert plan(OFFERS, Limits(budget=500)).value == 460
    assert last_money(OFFERS, Limits(budget=600), 100) == 150
    assert last_money(OFFERS, Limits(budget=600), 700) is None
    assert last_money(OFFERS, Limits(), 100) is None
    assert last_money(OFFERS, Limits(budget=600, must=frozenset("d")), 590) is None


def test_a_must_and_a_floor_cost_what_the_plan_brings_more_without_them() -> None:
    """d brings −10 and takes the 50 of c, which bring 10: 20 together; without it c fills the floor."""
    limits = Limits(budget=600, must=frozenset({"d"}), at_least=(Floor("region", 1),))
    assert plan(OFFERS, limits).value == 400 + 200 - 10
    prices = prices_of_limits(OFFERS, limits)
    assert prices.rows() == [("must", "d", 20.0), ("floor", "region", 0.0)]
    # two of the south are c and d, and then the money is too little for a visit: 250 + 200 + 10 − 10
    both = prices_of_limits(OFFERS, replace(limits, must=frozenset(), at_least=(Floor("region", 2),)))
    assert both.rows() == [("floor", "region", 610.0 - 450.0)]


def test_the_frontier_rises_and_bends() -> None:
    """More money never brings less, each further part less than that before; it ends where all is used."""
    found = frontier(OFFERS, Limits(budget=600))
    assert found["value"].is_sorted()
    slopes = found["value"].diff() / found["budget"].diff()
    assert (slopes.drop_nulls().diff().drop_nulls() <= 1e-9).all()
    assert found["value"][-1] == plan(OFFERS, Limits()).value
    assert found.filter(pl.col("budget") == 600)["value"][0] >= plan(OFFERS, Limits(budget=600)).value
    assert len(frontier(OFFERS, Limits())) == 12


def test_a_budget_too_small_for_the_musts_has_no_value() -> None:
    found = frontier(OFFERS, Limits(budget=1200, must=frozenset("ab"), capacities={"call": 0}))
    assert found["value"].null_count() == (found["budget"] < 1000).sum() > 0


def test_below_which_share_of_its_gains_an_action_goes() -> None:
    """A visit of a brings 400 and a call 250: with less than 750 of 900 the call is better."""
    assert dropped_below(OFFERS.filter(pl.col("id") == "a"), Limits(), "visit") == pytest.approx(
        750 / 900, abs=1e-9
    )
    assert dropped_below(OFFERS, Limits(budget=100), "visit") is None
    assert dropped_below(OFFERS.filter(pl.col("id") == "d"), Limits(must=frozenset("d")), "call") == 0.0


@pytest.mark.parametrize("seed", range(8))
def test_a_little_above_that_share_a_plan_holds_the_action_and_a_little_below_none_does(seed: int) -> None:
    random = np.random.default_rng(seed)
    pairs = [(f"c{n}", action) for n in range(12) for action in ("call", "visit", "offer")]
    amounts = {"gain": random.integers(50, 900, len(pairs)).astype(float),
               "cost": random.integers(10, 400, len(pairs)).astype(float)}  # fmt: skip
    offers = pl.DataFrame(pairs, schema=["id", "action"], orient="row").with_columns(**amounts)
    best = (
        pl.when(pl.first().cum_count() == 2).then(1_500.0).otherwise("gain")
    )  # one visit is worth its money
    offers = offers.with_columns(gain=best)
    limits = Limits(budget=700, capacities={"call": 3})
    share = dropped_below(offers, limits, "visit")
    assert share is not None
    assert 0 < share < 1

    def held(factor: float) -> bool:
        scaled = pl.when(pl.col("action") == "visit").then(pl.col("gain") * factor).otherwise("gain")
        return "visit" in plan(offers.with_columns(gain=scaled), limits).rows["action"]

    assert held(share + 1e-3)
    assert not held(share - 1e-3)
