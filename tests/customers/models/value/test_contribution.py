"""Contribution, cost to serve and three-way value: what is not known is never taken for 0."""

import polars as pl
import pytest

from evaluator.customers import CustomerOptions, ThreeWayOptions, contribution, cost_to_serve, three_way_value
from evaluator.documents import parse, validate
from evaluator.errors import EvaluationError

TABLE = pl.DataFrame(
    {
        "id": ["a", "b", "c"],
        "revenue": [1000.0, 0.0, 500.0],
        "production": [400.0, 0.0, 300.0],
        "service": [100.0, 20.0, None],
        "won": [600.0, 10.0, 0.0],
    }
)


def test_price_less_cost_to_serve_less_acquisition() -> None:
    found = contribution(TABLE, costs=["production", "service"], acquisition="won")
    assert found.rows() == [
        ("a", 1000.0, 500.0, 500.0, 0.5, 600.0, -100.0),
        ("b", 0.0, 20.0, -20.0, None, 10.0, -30.0),
        ("c", 500.0, None, None, None, 0.0, None),
    ]


def test_costs_cannot_be_negative() -> None:
    with pytest.raises(EvaluationError) as caught:
        contribution(TABLE.with_columns(service=pl.lit(-1.0)), costs=["production", "service"])
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [("CUST-904", "service")]


def test_activities_add_up_and_an_unknown_rate_leaves_the_cost_unknown() -> None:
    ledger = pl.DataFrame({"id": ["b", "a", "b"], "quantity": [2.0, 1.0, 3.0], "rate": [5.0, None, 1.0]})
    assert cost_to_serve(ledger).rows() == [("a", None), ("b", 13.0)]


OPTIONS = ThreeWayOptions(potential={"loyalty": 0.75, "credit": 0.25}, non_monetary={"fame": 1})
SCORES = pl.DataFrame(
    {
        "id": ["a", "b"],
        "income": [9.0, 1.0],
        "cost": [4.0, 3.0],
        "loyalty": [80, None],
        "credit": [40, 50],
        "fame": [60, 0],
    }
)


def test_money_and_scores_stay_apart() -> None:
    assert three_way_value(SCORES, options=OPTIONS).rows() == [("a", 5.0, 70.0, 60.0), ("b", -2.0, None, 0.0)]


@pytest.mark.parametrize("share", [1.7, -0.1])
def test_a_weight_beyond_a_share_is_refused_at_its_place(share: float) -> None:
    stated = f"three_way:\n  potential: {{loyalty: {share}}}\n  non_monetary: {{fame: 1}}\n"
    with pytest.raises(EvaluationError) as caught:
        validate(parse(stated, "study.yaml"), CustomerOptions)
    (issue,) = caught.value.issues
    assert (issue.code, issue.subject, issue.detail["found"]) == (
        "DOC-106",
        "three_way.potential.loyalty",
        share,
    )
    assert (issue.where.file, issue.where.line) == ("study.yaml", 2)


def test_parts_without_any_weight_are_refused() -> None:
    options = ThreeWayOptions(potential={"loyalty": 0}, non_monetary={"fame": 0})
    with pytest.raises(EvaluationError) as caught:
        three_way_value(SCORES, options=options)
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [
        ("CUST-910", "potential_value"),
        ("CUST-910", "non_monetary_value"),
    ]
