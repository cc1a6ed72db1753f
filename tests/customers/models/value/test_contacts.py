"""What contacts cost and how often they are answered, and which share of a wallet is ours."""

from datetime import date, timedelta

import pandas as pd
import polars as pl
import pytest

from evaluator.customers import TABLES, CustomerOptions, contact_figures, model_measures, share_of_wallet
from evaluator.customers.models.value.options import ContactOptions
from evaluator.errors import EvaluationError

AS_OF = date(2024, 7, 1)


def days(n: int) -> date:
    return AS_OF - timedelta(days=n)


def log(*rows: tuple[object, ...]) -> pl.DataFrame:
    kinds = {"cost": pl.Float64, "response": pl.String}
    return pl.DataFrame(rows, schema=["id", "date", "cost", "response"], schema_overrides=kinds, orient="row")


LOG = log(
    ("a", days(1), 12.5, "是"), ("a", days(30), 7.25, "未回应"), ("a", days(60), 0.25, None),
    ("a", days(400), 99.0, "是"),  # before the window
    ("a", AS_OF, 99.0, "是"),  # not yet
    ("b", days(2), None, "Yes"), ("b", days(3), 4.0, "NO "),
)  # fmt: skip


def test_contacts_of_the_window_are_counted_charged_and_answered() -> None:
    found = {row["id"]: row for row in contact_figures(LOG, as_of=AS_OF).iter_rows(named=True)}
    assert found["a"] == {"id": "a", "contacts": 3, "cost": 20.0, "response_rate": 0.5}
    assert found["b"] == {"id": "b", "contacts": 2, "cost": None, "response_rate": 0.5}


def test_a_log_may_say_neither_costs_nor_answers() -> None:
    found = contact_figures(LOG.select("id", "date").to_pandas(), as_of=AS_OF)
    assert isinstance(found, pd.DataFrame)
    assert found["contacts"].tolist() == [3, 2]
    assert found[["cost", "response_rate"]].isna().all().all()


def test_words_of_its_own_are_stated() -> None:
    rows = log(("a", days(1), 1.0, "booked"), ("a", days(2), 1.0, "hung up"), ("a", days(2), 1.0, "yes"))
    with pytest.raises(EvaluationError) as refused:
        contact_figures(rows, as_of=AS_OF)
    assert [(i.code, i.subject) for i in refused.value.issues] == [
        ("CUST-957", "booked"),
        ("CUST-957", "hung up"),
    ]
    assert contact_figures(rows, as_of=AS_OF, answered=["Booked"])["response_rate"].to_list() == [1 / 3]


def test_who_is_not_in_the_log_was_not_contacted() -> None:
    tables = {"contacts": LOG, "customers": pl.DataFrame({"id": ["a", "b", "c"]})}
    assert set(LOG.columns) <= set(TABLES["contacts"].names)
    names = ["contact_count", "contacts_cost", "response_rate"]
    found = model_measures(tables, names, as_of=AS_OF)
    assert found.rows() == [("a", 3.0, 20.0, 0.5), ("b", 2.0, None, 0.5), ("c", 0.0, 0.0, None)]
    stated = CustomerOptions(contacts=ContactOptions(answered=("未回应",)))
    assert model_measures(tables, names, as_of=AS_OF, options=stated)["response_rate"][0] == 0.5


def test_the_share_of_a_wallet_is_of_the_same_months() -> None:
    orders = pl.DataFrame(
        {
            "id": ["a", "a", "a", "b", "d"],
            "date": [days(1), days(20), days(500), days(9), days(9)],
            "amount": [60.0, -10.0, 900.0, 70.0, 5.0],
        }
    )
    wallet = pl.DataFrame(
        {
            "id": ["a", "a", "a", "b", "c", "d"],
            "date": [days(2), days(40), days(600), days(3), days(3), days(3)],
            "amount": [150.0, 50.0, 10_000.0, 50.0, 80.0, 0.0],
        }
    )
    found = share_of_wallet(orders, wallet, as_of=AS_OF)
    assert found.frame.select("id", "share").rows() == [("a", 0.25), ("b", None), ("c", 0.0), ("d", None)]
    assert [(i.code, i.detail["count"], i.detail["examples"]) for i in found.issues] == [
        ("CUST-958", 2, "b, d")
    ]
    measured = model_measures({"orders": orders, "wallet": wallet}, ["share_of_wallet"], as_of=AS_OF)
    assert measured.rows() == [("a", 0.25), ("b", None), ("c", 0.0), ("d", None)]
