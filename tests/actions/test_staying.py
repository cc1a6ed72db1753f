"""Who keeps an action under other classes: by first that applies, and at a plan's prices."""

from datetime import date

import polars as pl
import pytest

from evaluator.actions.decided import Decisions, decide
from evaluator.actions.options import PlanOptions
from evaluator.actions.staying import read_by_actions, stays
from evaluator.tree import Tree, load_tree
from evaluator.tree.decisions import Action, Flag, FlagWords

TEXT = {"zh": "一", "en": "One"}


def action(name: str, when: str | None, **money: object) -> Action:
    return Action(id=name, name=TEXT, do=TEXT, when=when, **money)


def flag(name: str, when: str) -> Flag:
    return Flag(id=name, name=TEXT, level="care", when=when, says=TEXT, source=TEXT)


def tree_of(*actions: Action, flags: tuple[Flag, ...] = ()) -> Tree:
    tree = load_tree("quick_value")
    return tree.model_copy(update={"actions": actions, "flags": FlagWords(add=flags)})


FRAME = pl.DataFrame(
    {
        "id": ["a", "b", "c"],
        "class_current_potential": ["key", "mature", "marginal"],
        "grade": ["good", "fair", "poor"],
        "score": [90.0, 60.0, 30.0],
        "gain": [100.0, 80.0, 60.0],
    }
)
OTHERS = pl.DataFrame(
    {"id": ["a", "a", "b", "c", "c"], "class_current_potential": ["key", "marginal", "key", "key", None]}
)


def of(decisions: Decisions) -> list[tuple[str, str, bool]]:
    return stays(decisions, OTHERS).select("id", "action", "stays").rows()


def test_the_first_action_that_applies_is_kept_or_not() -> None:
    flags = (flag("big", "class_current_potential in ['key', 'mature']"),)
    visit = action("visit", "flag_big")
    decided = decide(FRAME, tree_of(visit, flags=flags), day=date(2026, 1, 1))
    assert "class_current_potential" in read_by_actions(decided)
    assert of(decided) == [("a", "visit", True), ("a", "visit", False), ("b", "visit", True),
                           ("c", "none_stated", False), ("c", "none_stated", True)]  # fmt: skip


def test_what_comes_before_takes_the_place() -> None:
    first = action("first", "class_current_potential == 'marginal'")
    decided = decide(FRAME, tree_of(first, action("rest", None)), day=date(2026, 1, 1))
    assert of(decided) == [("a", "rest", True), ("a", "rest", False), ("b", "rest", True),
                           ("c", "first", False), ("c", "first", False)]  # fmt: skip


def planned(capacity: int, **limits: object) -> Decisions:
    tree = tree_of(
        action("call", None, gain="gain / 10", cost=1.0),
        action("visit", "class_current_potential == 'key'", gain="gain", cost=10.0, at_most=capacity),
    )
    return decide(FRAME, tree, day=date(2026, 1, 1), options=PlanOptions(**limits))


def test_a_plan_keeps_to_its_prices() -> None:
    """Visits are for keys and bring more: a loses hers with the class, b and c would get one."""
    free = planned(9)
    assert dict(free.plan.rows.select("id", "action").iter_rows()) == {"a": "visit", "b": "call", "c": "call"}
    assert of(free) == [("a", "visit", True), ("a", "visit", False), ("b", "call", False),
                        ("c", "call", False), ("c", "call", True)]  # fmt: skip


def test_the_price_of_a_place_is_paid() -> None:
    """One visit, two keys: its price is what the second would bring more than a call, and c brings less."""
    frame = FRAME.with_columns(class_current_potential=pl.Series(["key", "key", "marginal"]))
    tree = tree_of(
        action("call", None, gain="gain / 10", cost=1.0),
        action("visit", "class_current_potential == 'key'", gain="gain", cost=10.0, at_most=1),
    )
    decided = decide(frame, tree, day=date(2026, 1, 1), options=PlanOptions())
    others = pl.DataFrame({"id": ["b", "c"], "class_current_potential": ["key", "key"]})
    assert stays(decided, others)["stays"].to_list() == [True, True]


@pytest.mark.parametrize("limits", [{"must_not": ("b", "c")}, {"must_not": "gain < 90"}])
def test_whom_the_study_rules_out_stays_without(limits: dict[str, object]) -> None:
    decided = planned(9, **limits)
    assert [row[1:] for row in of(decided)[2:]] == [("not_planned", True)] * 3


def test_who_must_be_given_an_action_is_given_it() -> None:
    decided = planned(9, must={"b": "call"})
    assert of(decided)[2] == ("b", "call", True)


def test_several_actions_together_leave_room() -> None:
    decided = planned(9, together=2)
    found = stays(decided, OTHERS.head(2)).select("action", "stays").rows()
    assert sorted(found) == [("call", True), ("call", True), ("visit", False), ("visit", True)]
