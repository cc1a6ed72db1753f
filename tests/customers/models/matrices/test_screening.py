"""Target customers and the baseline split."""

import polars as pl
import pytest

from evaluator.customers import Criterion, baseline_split, screen
from evaluator.errors import EvaluationError
from evaluator.tree.types import FixedCut, MeanCut

TABLE = pl.DataFrame(
    {
        "id": list("abcde"),
        "region": ["north", "south", "north", None, "west"],
        "profit": [10.0, 20.0, None, 5.0, -1.0],
    }
)


def test_criteria_are_asked_in_order_and_the_funnel_adds_up() -> None:
    criteria = [
        Criterion(column="region", one_of=("north", "west"), unknown="pass"),
        Criterion(column="profit", at_least=0, at_most=10),
    ]
    found = screen(TABLE, criteria)
    assert found.frame.rows() == [
        ("a", True, None),
        ("b", False, "region"),
        ("c", False, "profit"),
        ("d", True, None),
        ("e", False, "profit"),
    ]
    assert found.funnel.rows() == [("region", 5, 1, 0), ("profit", 4, 2, 1)]


@pytest.mark.parametrize("words", [{}, {"at_least": 1.0, "one_of": ("x",)}])
def test_a_criterion_asks_one_thing(words: dict) -> None:
    with pytest.raises(EvaluationError) as caught:
        screen(TABLE, [Criterion(column="profit", **words)])
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [("CUST-921", "profit")]


MONEY = pl.DataFrame({"id": list("abc"), "revenue": [10.0, 9.0, None], "cost": [1.0, 8.0, 1.0]})


def test_the_baseline_looks_at_return_less_cost_alone() -> None:
    found = baseline_split(MONEY, cut=MeanCut(kind="mean"))
    assert (found.cut, found.frame["class"].to_list()) == (5.0, ["high_end", "low_end", None])


def test_the_baseline_has_one_cut() -> None:
    with pytest.raises(EvaluationError) as caught:
        baseline_split(MONEY, cut=FixedCut(kind="fixed", at=(1.0, 2.0)))
    assert [issue.code for issue in caught.value.issues] == ["CUST-909"]
