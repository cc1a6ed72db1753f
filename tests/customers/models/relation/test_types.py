"""Types of customers: read from names and the study's own words, now and over time, as a measure too."""

from datetime import date

import polars as pl
import pytest

from evaluator.customers import CustomerOptions, Sources, customer_types, model_measures, run_models
from evaluator.errors import EvaluationError

AS_OF = date(2024, 7, 1)
WORDS = {"manufacturer": "industrial", "dealer": "intermediary"}
CUSTOMERS = pl.DataFrame({"id": list("abcd"), "customer_type": ["manufacturer", "dealer", "公利客户", None]})
LOG = pl.DataFrame(
    {
        "id": ["a", "a", "b", "e"],
        "date": [date(2023, 1, 1), date(2024, 5, 1), date(2023, 1, 1), date(2024, 6, 1)],
        "type": ["manufacturer", "dealer", "dealer", "consumer"],
    }
)


def sources(**tables: pl.DataFrame) -> Sources:
    options = CustomerOptions.model_validate({"types": {"words": WORDS}})
    return Sources(tables, as_of=AS_OF, options=options)


def test_types_are_read_in_both_languages() -> None:
    table = pl.DataFrame({"id": list("abcd"), "kind": [" 消费客户", "Intermediary", "public", None]})
    assert customer_types(table, column="kind")["type"].to_list() == [
        "consumer",
        "intermediary",
        "public",
        None,
    ]


def test_an_unknown_type_has_its_neighbour_named() -> None:
    with pytest.raises(EvaluationError) as caught:
        customer_types(pl.DataFrame({"id": ["a"], "type": ["industral"]}))
    assert [(issue.code, issue.hint[0]) for issue in caught.value.issues] == [("CUST-908", "industrial")]


def test_an_own_word_stands_for_a_type_and_an_unknown_one_is_named() -> None:
    found = customer_types(CUSTOMERS, column="customer_type", words=WORDS)
    assert found["type"].to_list() == ["industrial", "intermediary", "public", None]
    with pytest.raises(EvaluationError) as caught:
        customer_types(CUSTOMERS, column="customer_type")
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [
        ("CUST-908", "dealer"),
        ("CUST-908", "manufacturer"),
    ]


def test_the_profile_says_what_each_type_brings() -> None:
    orders = pl.DataFrame({"id": ["a", "b"], "date": [date(2024, 6, 1)] * 2, "amount": [30.0, 10.0]})
    found = sources(customers=CUSTOMERS, orders=orders).result("types")
    assert found.profile.rows() == [
        ("consumer", 0, 0.0, None, None),
        ("industrial", 1, 1 / 3, 30.0, 0.75),
        ("intermediary", 1, 1 / 3, 10.0, 0.25),
        ("public", 1, 1 / 3, None, None),
    ]
    assert (found.moves, found.earlier) == (None, None)
    assert found.frame.row(3) == ("d", None)


def test_the_log_says_who_became_of_another_type_and_goes_before_the_list() -> None:
    found = sources(customers=CUSTOMERS, customer_types=LOG).result("types")
    assert dict(found.frame.iter_rows()) == {
        "a": "intermediary", "b": "intermediary", "c": "public", "d": None, "e": "consumer",
    }  # fmt: skip
    assert found.earlier == date(2024, 1, 1)
    assert found.moves.moved.rows() == [("a", "industrial", "intermediary")]
    assert found.moves.entered.tolist() == [1, 0, 0, 0]
    assert found.moves.stayed == 0.5


def test_a_change_on_the_day_looked_back_from_is_not_known_yet() -> None:
    days = [date(2024, 5, 1), AS_OF]
    late = pl.DataFrame({"id": ["a", "a"], "date": days, "type": ["dealer", "consumer"]})
    assert sources(customer_types=late).result("types").frame.rows() == [("a", "intermediary")]


def test_the_type_is_a_measure_and_without_a_table_or_option_it_is_said_what_is_missing() -> None:
    options = CustomerOptions.model_validate({"types": {"words": WORDS}})
    found = model_measures({"customers": CUSTOMERS}, ["standard_type"], as_of=AS_OF, options=options)
    assert found["standard_type"].to_list() == ["industrial", "intermediary", "public", None]
    bare = CUSTOMERS.drop("customer_type")
    assert "types" not in run_models({"customers": bare}, as_of=AS_OF, options=options).results
    with pytest.raises(EvaluationError) as caught:
        model_measures({"customers": bare}, ["standard_type"], as_of=AS_OF)
    assert [(i.code, i.detail) for i in caught.value.issues] == [
        ("CUST-927", {"needs": "customer_types / customers.customer_type"}),
        ("CUST-928", {"option": "types"}),
    ]
