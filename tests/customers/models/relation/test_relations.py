"""Relation states rule by rule, the rhythm of buying, customer types."""

from datetime import date

import polars as pl
import pytest

from evaluator.customers import RelationOptions, relation_states, rhythm
from evaluator.errors import EvaluationError

OPTIONS = RelationOptions(loyal_score=80, lost_days=365, lost_alive=0.2)
NUMBERS = ["purchases", "recency", "interval", "loyalty", "alive", "need", "ability", "profile", "contacted"]


def states(*rows: dict) -> list[str | None]:
    table = pl.DataFrame(
        [dict.fromkeys(NUMBERS) | row for row in rows], schema=dict.fromkeys(NUMBERS, pl.Float64)
    )
    table = table.with_columns(id=pl.int_range(pl.len()).cast(pl.String))
    return relation_states(table, options=OPTIONS).frame["state"].to_list()


@pytest.mark.parametrize(
    ("row", "state"),
    [
        ({"purchases": 0, "need": 0, "ability": 0}, "none"),
        ({"purchases": 0, "need": 0, "ability": 1}, "potential"),
        ({"purchases": 0, "need": 1, "profile": 1}, "potential"),
        ({"purchases": 0, "profile": 1, "contacted": 1}, "target"),
        ({"purchases": 0}, None),
        ({"need": 1}, None),
        ({"purchases": 1, "recency": 365}, "first"),
        ({"purchases": 1, "recency": 366}, "lost"),
        ({"purchases": 2, "recency": 30, "interval": 10}, "repeat"),
        ({"purchases": 2, "loyalty": 99}, "repeat"),
        ({"purchases": 3, "loyalty": 80}, "loyal"),
        ({"purchases": 9, "loyalty": 99, "recency": 31, "interval": 10}, "lost"),
        ({"purchases": 9, "loyalty": 99, "alive": 0.1}, "lost"),
    ],
)
def test_the_first_rule_that_holds_decides(row: dict, state: str | None) -> None:
    assert states(row) == [state]


def test_the_funnel_has_every_state_in_order_and_unknown_customers_are_named() -> None:
    table = pl.DataFrame({"id": ["a", "b", "c"], "purchases": [1, 2, None]})
    found = relation_states(table, options=OPTIONS)
    assert found.funnel["customers"].to_list() == [0, 0, 0, 1, 1, 0, 0]
    assert [(issue.code, issue.detail["examples"]) for issue in found.issues] == [("CUST-918", "c")]


def test_probabilities_and_counts_have_their_ranges() -> None:
    table = pl.DataFrame({"id": ["a"], "purchases": [1], "alive": [1.5]})
    with pytest.raises(EvaluationError) as caught:
        relation_states(table, options=OPTIONS)
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [("CUST-920", "alive")]
    with pytest.raises(EvaluationError) as caught:
        relation_states(table.with_columns(purchases=pl.lit(-1)), options=OPTIONS)
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [("CUST-904", "purchases")]


def test_rhythm_counts_days_with_a_purchase_before_the_day_looked_back_from() -> None:
    days = [date(2024, 1, 1), date(2024, 1, 1), date(2024, 1, 21), date(2024, 3, 1), date(2024, 1, 5)]
    lines = pl.DataFrame({"id": ["a", "a", "a", "a", "b"], "date": days, "amount": [1.0] * 5})
    found = rhythm(lines, as_of=date(2024, 3, 1))
    assert found.rows() == [
        ("a", 2, 40.0, 20.0, pytest.approx(60 / 30.4375)),
        ("b", 1, 56.0, None, pytest.approx(56 / 30.4375)),
    ]
    assert rhythm(lines).row(0)[:3] == ("a", 3, 1.0)
