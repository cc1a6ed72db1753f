"""Actions apply by their condition; money that is not known is counted and never invented."""

from typing import Any

import polars as pl
import pytest

from evaluator.actions import (
    Limits,
    break_even,
    candidates,
    first_that_applies,
    plan,
    raise_flags,
    shipped_flags,
)
from evaluator.actions.order import in_order, order_of
from evaluator.errors import EvaluationError
from evaluator.tree.decisions import Action


def action(name: str, **words: Any) -> Action:
    text = {"zh": name, "en": name}
    return Action(id=name, name=text, do=text, **words)


FRAME = pl.DataFrame(
    {"id": ["a", "b", "c", "d"], "churn_probability": [0.6, 0.8, 0.1, None],
     "gross_profit": [10_000.0, 2_000.0, 5_000.0, 7_000.0], "class_plane": ["key", "key", "normal", "key"]}
)  # fmt: skip
SAVE = action("save", when="class_plane in ['key'] and flag_at_risk", cost=800, effect=0.3, at_most=40,
              gain="effect * churn_probability * gross_profit * horizon")  # fmt: skip
CARE = action("care", when="class_plane in ['key']", cost="0.01 * gross_profit")


def test_the_worked_example_of_the_documentation() -> None:
    """docs/decision.md: a and b may leave; saving a brings 3,600 − 800, b 960 − 800; d is not known."""
    frame = raise_flags(FRAME, shipped_flags()).frame
    found = candidates(frame, [SAVE], horizon=2)
    assert found.rows.select("id", "gain", "cost").rows() == [("a", 3600.0, 800.0), ("b", 960.0, 800.0)]
    assert found.unknown == {"save": 1}
    both = plan(found.rows, Limits(budget=1_600, capacities={"save": 40}))
    assert (both.value, both.cost) == (2_960.0, 1_600.0)
    one = plan(found.rows, Limits(budget=1_000))
    assert one.rows["id"].to_list() == ["a"]
    assert one.value == 2_800.0
    assert break_even(found.rows["gain"], found.rows["cost"], 0.3) == pytest.approx(0.3 * 1600 / 4560)


def test_the_first_that_applies_is_a_customers_action() -> None:
    """Of d it is not known whether it may leave; c is of a class for which nothing is stated."""
    frame = raise_flags(FRAME, shipped_flags()).frame
    found = candidates(frame, [SAVE, CARE])
    chosen = first_that_applies(found, FRAME["id"].to_list())
    assert chosen.select("id", "action").rows() == [
        ("a", "save"), ("b", "save"), ("c", "none_stated"), ("d", "care")
    ]  # fmt: skip
    assert chosen["gain"].to_list()[2:] == [None, None]


def test_without_a_gain_the_value_at_stake_orders() -> None:
    found = candidates(FRAME, [CARE])
    assert found.stake_by == "gross_profit"
    assert found.rows["stake"].to_list() == [10_000.0, 2_000.0, 7_000.0]
    assert found.rows["gain"].null_count() == 3
    assert found.no_gain == {"care": 0}
    assert candidates(FRAME, [CARE], value="2 * gross_profit").rows["stake"][0] == 20_000.0
    assert candidates(FRAME.select("id", "class_plane"), [action("greet")]).stake_by is None


def test_a_gain_that_is_not_known_is_counted() -> None:
    visit = action("visit", gain="churn_probability * gross_profit", cost=1)
    found = candidates(FRAME, [visit])
    assert found.no_gain == {"visit": 1}
    assert plan(found.rows, Limits()).unknown == 1


MISTAKES = [
    (action("bad", cost=-5), "ACTION-102", "bad"),
    (action("bad", gain="gros_profit * 2"), "DOC-122", "gros_profit"),
    (action("bad", cost="effect * 100"), "DOC-122", "effect"),
    (action("bad", when="class_plane > 2"), "DOC-124", "class_plane"),
]


@pytest.mark.parametrize(("wrong", "code", "subject"), MISTAKES)
def test_mistakes_are_named(wrong: Action, code: str, subject: str) -> None:
    with pytest.raises(EvaluationError) as raised:
        candidates(FRAME, [wrong])
    assert [(issue.code, issue.subject) for issue in raised.value.issues] == [(code, subject)]


def test_a_name_that_nobody_has_is_told_with_the_nearest() -> None:
    found = candidates(FRAME, [action("visit", when="gros_profit > 1 or churn_probability > 0.5")])
    assert [(issue.code, issue.subject, issue.hint) for issue in found.issues] == [
        ("ACTION-101", "gros_profit", ("gross_profit",))
    ]
    assert found.rows["id"].to_list() == ["a", "b"]


@pytest.mark.parametrize(
    ("when", "first"),
    [
        ("grade == 'good' and flag_at_risk", ["b", "c", "a"]),  # the churn warning, the highest first
        ("flag_dissatisfied or recency_days > 5", ["c", "a", "b"]),  # satisfaction, the lowest first
        (
            "grade == 'good' and not flag_at_risk",
            ["a", "c", "b"],
        ),  # a flag that is ruled out calls for nothing
        ("overdue_days > 1", ["c", "b", "a"]),  # the measure that the action itself speaks of
    ],
)
def test_without_money_those_come_first_for_whom_the_action_is_most_urgent(
    when: str, first: list[str]
) -> None:
    people = pl.DataFrame({
        "id": ["a", "b", "c"], "score": [90.0, 70.0, 80.0], "grade": ["good"] * 3,
        "churn_risk": [61.0, 90.0, 70.0], "satisfaction": [50.0, None, 40.0],
        "recency_days": [9.0] * 3, "overdue_days": [2.0, 3.0, 4.0],
    })  # fmt: skip
    flagged = raise_flags(people, shipped_flags()).frame
    order = order_of(action("act", when=when), shipped_flags(), flagged, gains=False, stake_by="score")
    rows = people.select("id", action=pl.lit("act"), due=pl.lit(None, pl.Date), stake="score")
    assert in_order(rows, {"act": order}, flagged)["id"].to_list() == first
