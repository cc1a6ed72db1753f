"""The firm against its competitors in one survey: a column says which brand an answer is about."""

import polars as pl
import pytest

from evaluator.customers import CustomerOptions, run_models
from evaluator.customers.models.satisfaction import SatisfactionOptions, satisfaction
from evaluator.errors import EvaluationError

ROWS = [
    ("a", "Us", "speed", 8, 6, 3.0), ("a", "Us", "price", 5, 5, 1.0), ("b", "Us", "speed", 8, 10, 3.0),
    ("b", "Us", "price", 6, 4, 1.0), ("b", "Us", "service", 6, 4, 2.0),  # asked about us alone
    ("a", "Them", "speed", None, 9, None), ("a", "Them", "price", None, 3, None),
    ("b", "Others", "speed", None, 5, None), ("b", "Others", "price", None, 7, None),
]  # fmt: skip
SURVEY = pl.DataFrame(
    ROWS, schema=["id", "brand", "item", "expected", "perceived", "importance"], orient="row"
)
OWN = SatisfactionOptions(low=0, high=10, own="Us")


def test_everything_but_the_comparison_is_of_the_firm_alone() -> None:
    found = satisfaction(SURVEY, options=OWN)
    alone = satisfaction(
        SURVEY.filter(pl.col("brand") == "Us").drop("brand"), options=OWN.model_copy(update={"own": None})
    )
    assert found.total.equals(alone.total)
    assert found.items.equals(alone.items)
    assert found.customers.equals(alone.customers)
    assert alone.rivals is None


def test_brands_are_compared_over_the_items_that_all_were_rated_on() -> None:
    rivals = satisfaction(SURVEY, options=OWN).rivals
    assert rivals is not None
    # speed weighs 3 and price 1: (3·60 + 3·100 + 50 + 40)/8, (3·90 + 30)/4, (3·50 + 70)/4
    assert rivals.brands.select("brand", "respondents", "index").rows() == [
        ("Us", 2, 71.25), ("Others", 1, 55.0), ("Them", 1, 75.0),
    ]  # fmt: skip
    assert rivals.brands["relative"].to_list() == [None, pytest.approx(71.25 / 55), pytest.approx(0.95)]
    assert rivals.items.rows() == [
        ("price", 45.0, 50.0, -5.0, "Others", 70.0), ("speed", 80.0, 70.0, 10.0, "Them", 90.0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("own", "rows", "codes"),
    [
        (None, SURVEY, ["CUST-928"]),
        ("us", SURVEY, ["CLV-931"]),
        ("Us", SURVEY.with_columns(brand=pl.col("brand").replace("Them", None)), ["CUST-926"]),
        ("Us", SURVEY.filter(pl.col("brand") == "Us").drop("brand"), ["CLV-931"]),
    ],
)
def test_what_is_not_known_of_the_brands_is_an_error(own, rows, codes) -> None:
    with pytest.raises(EvaluationError) as refused:
        satisfaction(rows, options=OWN.model_copy(update={"own": own}))
    assert [issue.code for issue in refused.value.issues] == codes


def test_a_study_compares_them() -> None:
    found = run_models({"survey": SURVEY}, options=CustomerOptions(satisfaction=OWN, show=("satisfaction",)))
    assert not found.issues
    assert found.results["satisfaction"].rivals.brands["brand"].to_list() == ["Us", "Others", "Them"]
