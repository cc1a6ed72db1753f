"""The currency of a study's amounts: stated, else the one that everything else names, else none."""

import pytest

from evaluator.study.currency import currency_of
from evaluator.study.file import StudyFile

TERMS = {"discount_rate": 0.1, "currency": "USD"}
RATES = {"orders": {"file": "x.csv", "rates": {"to": "CNY", "per_unit": {"USD": 7.1}}}}


@pytest.mark.parametrize(
    ("stated", "currency"),
    [
        ({}, ""),
        ({"currency": "EUR", "tables": RATES}, "EUR"),
        ({"tables": RATES}, "CNY"),
        ({"customers": {"accounts": TERMS}}, "USD"),
        ({"tables": RATES, "customers": {"accounts": TERMS}}, ""),
    ],
)
def test_the_currency_is_the_one_stated_or_the_only_one_named(stated, currency):
    file = StudyFile.model_validate({"schema": 1, "title": "x", "tree": "orders_value", **stated})
    assert currency_of(file) == currency
