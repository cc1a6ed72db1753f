"""Plans are the best there are: against every possible plan, a published problem, and their own bound."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, product
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.actions import Floor, Limits, Plan, core, plan
from evaluator.actions.core import solve
from evaluator.actions.dual import choices_at
from evaluator.actions.problem import problem_of
from evaluator.actions.solving import Prices, relaxation
from evaluator.errors import EvaluationError

Offers = list[dict[str, Any]]


def every_plan(offers: Offers, together: int) -> Iterator[list[dict[str, Any]]]:
    """Yield every way to give each customer up to so many actions."""
    of: dict[str, Offers] = {}
    for offer in offers:
        of.setdefault(offer["id"], []).append(offer)
    ways = [
        [list(some) for count in range(together + 1) for some in combinations(own, count)]
        for own in of.values()
    ]
    for way in product(*ways):
        yield [offer for some in way for offer in some]


def keeps(given_: Offers, offers: Offers, limits: Limits) -> bool:
    """True if a plan keeps to the limits, said one by one."""
    served = {offer["id"] for offer in given_}
    counts = {action: sum(offer["action"] == action for offer in given_) for action in limits.capacities}
    regions = {offer["region"] for offer in offers}
    return (
        (limits.budget is None or sum(offer["cost"] for offer in given_) <= limits.budget)
        and all(counts[action] <= limit for action, limit in limits.capacities.items())
        and limits.must <= served
        and all(any((o["id"], o["action"]) == pair for o in given_) for pair in limits.must_give.items())
        and not served & limits.must_not
        and all(
            len({o["id"] for o in given_ if o["region"] == region}) >= floor.customers
            for floor in limits.at_least for region in regions
        )
    )  # fmt: skip


def most(offers: Offers, limits: Limits) -> int | None:
    """Return what the best of all plans brings; None where none keeps to the limits."""
    worths = [
        sum(o["gain"] - o["cost"] for o in way)
        for way in every_plan(offers, limits.together) if keeps(way, offers, limits)
    ]  # fmt: skip
    return max(worths, default=None)


@st.composite
def problems(draw: st.DrawFn) -> tuple[Offers, Limits]:
    together = draw(st.sampled_from([1, 1, 2]))
    customers = [f"C{n}" for n in range(draw(st.integers(1, 4 if together == 1 else 3)))]
    actions = ["visit", "call", "offer"][: draw(st.integers(1, 3))]
    region = {customer: draw(st.sampled_from(["north", "south"])) for customer in customers}
    offers = [
        {"id": customer, "action": action, "region": region[customer],
         "gain": draw(st.integers(0, 30)), "cost": draw(st.integers(0, 20))}
        for customer in customers for action in actions if draw(st.integers(0, 4))
    ]  # fmt: skip
    there = sorted({offer["id"] for offer in offers})
    named = [(offer["id"], offer["action"]) for offer in offers]
    some = st.frozensets(st.sampled_from(there), max_size=2) if there else st.just(frozenset())
    must = draw(some)
    limited = [action for action in sorted({offer["action"] for offer in offers}) if draw(st.booleans())]
    limits = Limits(
        budget=draw(st.none() | st.integers(0, 60)),
        capacities={action: draw(st.integers(0, 3)) for action in limited},
        at_least=draw(st.sampled_from([(), (), (Floor("region", 1),), (Floor("region", 2),)])),
        must=must,
        must_give=dict(draw(st.lists(st.sampled_from(named), max_size=1))) if named else {},
        together=together,
    )  # fmt: skip
    return offers, _with_must_not(draw, limits, there)


def _with_must_not(draw: st.DrawFn, limits: Limits, there: list[str]) -> Limits:
    free = [customer for customer in there if customer not in {*limits.must, *limits.must_give}]
    return replace(
        limits, must_not=draw(st.frozensets(st.sampled_from(free), max_size=1)) if free else frozenset()
    )


SCHEMA = {"id": pl.String, "action": pl.String, "region": pl.String, "gain": pl.Int64, "cost": pl.Int64}


@settings(max_examples=400, deadline=None)
@given(problems())
def test_a_plan_is_the_best_of_all_plans(problem: tuple[Offers, Limits]) -> None:
    """Gain, or that there is no plan, as found by trying every plan; what is given keeps to every limit."""
    offers, limits = problem
    best = most(offers, limits)
    frame = pl.DataFrame(offers, schema=SCHEMA)
    if best is None:
        with pytest.raises(EvaluationError) as raised:
            plan(frame, limits)
        assert {issue.code for issue in raised.value.issues} <= {"ACTION-206", "ACTION-210", "ACTION-211"}
        return
    found = plan(frame, limits)
    given_ = [
        o for o in offers if (o["id"], o["action"]) in set(found.rows.select("id", "action").iter_rows())
    ]
    assert len(given_) == len(found.rows)
    assert keeps(given_, offers, limits)
    assert sum(o["gain"] - o["cost"] for o in given_) == found.value == best
    assert found.exact


@settings(max_examples=60, deadline=None)
@given(problems())
def test_the_way_of_large_plans_holds_to_its_bound(problem: tuple[Offers, Limits]) -> None:
    """Prices by cutting planes, then a few undecided customers: never above the best, nor the bound below."""
    offers, limits = problem
    best = most(offers, limits)
    if best is None:
        return
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(core, "EXACT", 6)
        patched.setattr(core, "FIRST", 2)
        try:
            found = plan(pl.DataFrame(offers, schema=SCHEMA), limits)
        except EvaluationError:  # tight musts and floors may leave the few no plan
            return
    given_ = [
        o for o in offers if (o["id"], o["action"]) in set(found.rows.select("id", "action").iter_rows())
    ]
    assert keeps(given_, offers, limits)
    assert found.value <= best <= found.bound + 1e-6


@pytest.mark.parametrize("off", [0.9, 1.05])
def test_prices_that_are_off_still_lead_to_a_plan(off: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """At them customers choose more than limits hold, by more than a program over a part can mend."""
    problem = problem_of(offers_of(2_000, seed=4), limits_of(2_000))
    best = solve(problem)
    right = relaxation(problem)[0]
    prices = Prices(right.budget * off, right.capacities * off, right.floors / off)
    monkeypatch.setattr(core, "EXACT", 4_000)
    monkeypatch.setattr(core, "_relaxed", lambda of: (prices, choices_at(of, prices).chosen))
    found = solve(problem)
    assert problem.cost[found.chosen].sum() <= problem.budget
    assert (np.bincount(problem.action[found.chosen], minlength=5) <= problem.capacity).all()
    served = set(problem.customer[found.chosen].tolist())
    assert all(len(served & set(group.members.tolist())) >= group.at_least for group in problem.groups)
    assert 0.99 * best.value < found.value <= best.value <= found.bound


def test_medical_teams() -> None:
    """Hillier & Lieberman, Introduction to Operations Research, 11.3: five teams for three countries.

    A multiple-choice knapsack problem: each country gets 0 to 5 teams, which gives so many thousand
    person-years of life; 1, 3 and 1 teams give 170, the most.
    """
    years = {"1": (45, 70, 90, 105, 120), "2": (20, 45, 75, 110, 150), "3": (50, 70, 80, 100, 130)}
    offers = pl.DataFrame(
        [(country, f"{n}", float(gain + n), float(n)) for country, gains in years.items()
         for n, gain in enumerate(gains, start=1)],
        schema=["id", "action", "gain", "cost"], orient="row",
    )  # fmt: skip
    found = plan(offers, Limits(budget=5))
    assert found.value == 170
    assert dict(found.rows.select("id", "action").iter_rows()) == {"1": "1", "2": "3", "3": "1"}


def offers_of(customers: int, seed: int) -> pl.DataFrame:
    """Return customers × 5 actions with gains as in practice: skewed, and in proportion to profit."""
    rng = np.random.default_rng(seed)
    profit, risk = np.round(rng.lognormal(9, 1, customers), 2), rng.beta(2, 5, customers)
    actions = [("visit", 800.0, 0.3), ("call", 300.0, 0.15), ("project", 2000.0, 0.5), ("mail", 100.0, 0.06),
               ("training", 1200.0, 0.4)]  # fmt: skip
    ids = [f"C{n:05d}" for n in range(customers)]
    region = [f"R{n}" for n in rng.integers(0, 9, customers)]
    return pl.concat(
        pl.DataFrame({"id": ids, "region": region, "action": name, "cost": np.round(cost + 0.01 * profit, 2),
                      "gain": effect * risk * profit * 2 * rng.uniform(0.5, 1.5, customers)})
        for name, cost, effect in actions
    )  # fmt: skip


def limits_of(customers: int) -> Limits:
    """Return a budget, five capacities and nine floors."""
    capacities = dict.fromkeys(("visit", "call", "project", "mail", "training"), customers // 20)
    floors = (Floor("region", customers // 60),)
    return Limits(budget=100.0 * customers, capacities=capacities, at_least=floors)


def check(found: Plan, offers: pl.DataFrame, limits: Limits) -> None:
    assert limits.budget is not None
    assert found.rows["cost"].sum() <= limits.budget + 1e-6
    assert found.rows["id"].is_unique().all()
    counts = dict(found.rows.group_by("action").len().iter_rows())
    assert all(counts.get(name, 0) <= limit for name, limit in limits.capacities.items())
    regions = found.rows.join(offers.select("id", "region").unique(), on="id").group_by("region").len()
    assert regions["len"].min() >= limits.at_least[0].customers  # type: ignore[operator]


def test_twenty_thousand_customers_are_within_a_thousandth() -> None:
    offers, limits = offers_of(20_000, 1), limits_of(20_000)
    found = plan(offers, limits)
    check(found, offers, limits)
    assert 0 <= found.gap <= 0.001


def test_the_same_plan_on_every_run_and_in_every_order() -> None:
    offers, limits = offers_of(400, 2), limits_of(400)
    first = plan(offers, limits)
    check(first, offers, limits)
    for seed in (1, 2):
        again = plan(offers.sample(fraction=1.0, shuffle=True, seed=seed), limits)
        assert again.rows.equals(first.rows)
        assert again.value == first.value


def test_frames_of_every_kind() -> None:
    """pandas and lazy Polars frames give the same plan."""
    offers, limits = offers_of(30, 3), limits_of(30)
    expected = plan(offers, limits).rows
    assert plan(offers.to_pandas(), limits).rows.equals(expected)
    assert plan(offers.lazy(), limits).rows.equals(expected)


def test_customers_that_are_all_alike_leave_no_gap() -> None:
    """Where everybody is worth the same, prices decide nobody."""
    offers = pl.DataFrame(
        {"id": [f"C{n:05d}" for n in range(30_000)], "action": "call", "gain": 30.0, "cost": 7.0}
    )
    found = plan(offers, Limits(budget=70_000))
    assert len(found.rows) == 10_000
    assert found.gap < 1e-3


def test_what_is_not_known_is_no_candidate_and_is_counted() -> None:
    offers = pl.DataFrame(
        {"id": ["a", "b", "c"], "action": "call", "gain": [9.0, None, float("nan")], "cost": 1.0}
    )
    found = plan(offers, Limits())
    assert found.rows["id"].to_list() == ["a"]
    assert found.unknown == 2


def test_money_is_counted_in_its_smallest_unit() -> None:
    """Three times 0.1 is 0.3: a budget of 0.3 buys all three."""
    offers = pl.DataFrame({"id": ["a", "b", "c"], "action": "call", "gain": 1.0, "cost": 0.1})
    found = plan(offers, Limits(budget=0.3))
    assert found.cost == 0.3
    assert found.value == 2.7
    assert len(plan(offers, Limits(budget=0.29)).rows) == 2


def test_nothing_to_give() -> None:
    offers = pl.DataFrame({"id": ["a"], "action": ["call"], "gain": [1.0], "cost": [2.0]})
    assert plan(offers, Limits(budget=10)).rows.is_empty()
    assert plan(offers, Limits(must=frozenset({"a"}))).value == -1.0
    assert plan(offers.clear(), Limits(budget=0)).value == 0.0


MISTAKES: list[tuple[dict[str, Any], dict[str, Any], str, str]] = [
    ({"gain": None}, {}, "ACTION-201", "gain"),
    ({"id": ["a", "a", "c"], "action": "call"}, {}, "ACTION-202", "a"),
    ({"cost": [1.0, -2.0, 3.0]}, {}, "ACTION-203", "b"),
    ({}, {"capacities": {"cal": 3}}, "ACTION-204", "cal"),
    ({}, {"must_give": {"a": "cal"}}, "ACTION-204", "cal"),
    ({}, {"must": frozenset({"d"})}, "ACTION-205", "d"),
    ({"gain": [1.0, None, 3.0]}, {"must": frozenset({"b"})}, "ACTION-206", "b"),
    ({}, {"budget": -1}, "ACTION-207", "-1"),
    ({}, {"must": frozenset({"a"}), "must_not": frozenset({"a"})}, "ACTION-208", "a"),
]


@pytest.mark.parametrize(("change", "limits", "code", "subject"), MISTAKES)
def test_mistakes_are_named(change: dict[str, Any], limits: dict[str, Any], code: str, subject: str) -> None:
    good: dict[str, Any] = {"id": ["a", "b", "c"], "action": "call", "gain": [1.0, 2.0, 3.0], "cost": 1.0}
    frame = pl.DataFrame({key: value for key, value in {**good, **change}.items() if value is not None})
    with pytest.raises(EvaluationError) as raised:
        plan(frame, Limits(**limits))
    assert [(issue.code, issue.subject) for issue in raised.value.issues] == [(code, subject)]


def test_an_impossible_plan_names_the_limits_and_the_least_budget() -> None:
    """Two musts that cost 500 and 400 do not fit into 800; the capacity of mails has no part in it."""
    offers = pl.DataFrame(
        {"id": ["a", "a", "b", "c"], "action": ["visit", "project", "visit", "mail"],
         "gain": [900.0, 950.0, 700.0, 20.0], "cost": [500.0, 600.0, 400.0, 10.0]}
    )  # fmt: skip
    limits = Limits(budget=800, must=frozenset({"a", "b"}), capacities={"mail": 5})
    with pytest.raises(EvaluationError) as raised:
        plan(offers, limits)
    issue = raised.value.issues[0]
    assert issue.code == "ACTION-211"
    assert issue.detail["least"] == "900.00"
    assert issue.detail["count"] == 3
    sentence = issue.sentence("en")
    assert "the budget of 800.00, customer a must get an action, customer b must get an action" in sentence
    assert "mail" not in sentence


def test_capacities_below_the_musts_are_named() -> None:
    """No budget would do: one visit cannot be given to two customers who have no other action."""
    offers = pl.DataFrame({"id": ["a", "b"], "action": "visit", "gain": 9.0, "cost": 1.0})
    with pytest.raises(EvaluationError) as raised:
        plan(offers, Limits(budget=100, must=frozenset({"a", "b"}), capacities={"visit": 1}))
    assert raised.value.issues[0].code == "ACTION-210"
    assert raised.value.issues[0].detail["count"] == 3


def test_a_floor_above_its_group_is_named() -> None:
    offers = pl.DataFrame({"id": ["a", "b"], "action": "visit", "region": "north", "gain": 9.0, "cost": 1.0})
    with pytest.raises(EvaluationError) as raised:
        plan(offers, Limits(at_least=(Floor("region", 3),)))
    assert raised.value.issues[0].code == "ACTION-210"
    assert "at least 3 customers with region north" in raised.value.issues[0].sentence("en")
