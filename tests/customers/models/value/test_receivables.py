"""How customers pay, from a ledger of invoices."""

from datetime import date, timedelta

import pandas as pd
import polars as pl
import pytest

from evaluator.customers import TABLES, model_measures
from evaluator.customers.models.value.receivables import receivables
from evaluator.errors import EvaluationError

AS_OF = date(2024, 12, 31)


def ledger(*rows: tuple[object, ...]) -> pl.DataFrame:
    names = ("id", "date", "due", "paid", "amount", "credit_limit")
    kinds = {"due": pl.Date, "paid": pl.Date, "credit_limit": pl.Float64}
    return pl.DataFrame(rows, schema=list(names), schema_overrides=kinds, orient="row")


def days(n: int) -> date:
    return AS_OF - timedelta(days=n)


def test_the_mean_balance_day_by_day_gives_the_same_days() -> None:
    """Days sales outstanding from the balance of every single day of the window."""
    rows = [
        ("a", days(500), days(470), days(300), 900.0, None),  # carried into the window
        ("a", days(200), days(170), days(150), 500.0, None),
        ("a", days(100), days(70), None, 250.0, None),
        ("a", days(90), None, days(60), -50.0, None),  # credit note
    ]
    window = [AS_OF - timedelta(days=back) for back in range(366, 0, -1)]  # 2024 is a leap year
    balances = [
        sum(row[4] for row in rows if row[1] <= day and (row[3] is None or day < row[3])) for day in window
    ]
    sales = 500.0 + 250.0 - 50.0
    found = receivables(ledger(*rows), as_of=AS_OF).row(0, named=True)
    assert found["dso_days"] == pytest.approx(sum(balances) / len(window) / sales * len(window))


def test_overdue_counts_from_the_thirty_first_day() -> None:
    rows = [("a", days(90), days(30), None, 100.0, None), ("a", days(90), days(31), None, 300.0, None)]
    assert receivables(ledger(*rows), as_of=AS_OF)["overdue_share"].to_list() == [0.75]
    assert receivables(ledger(*rows), as_of=AS_OF, overdue_days=29)["overdue_share"].to_list() == [1.0]


def test_what_is_paid_later_is_still_open_and_later_invoices_are_not_seen() -> None:
    rows = [
        ("a", days(90), days(60), AS_OF, 100.0, 400.0),
        ("a", days(10), days(-20), None, 60.0, 800.0),
        ("a", AS_OF, days(-30), None, 999.0, 1.0),
    ]
    found = receivables(ledger(*rows), as_of=AS_OF).row(0, named=True)
    assert (found["outstanding"], found["credit_use"]) == (160.0, 0.2)


def test_what_is_not_known_is_missing_and_nothing_open_is_nothing_overdue() -> None:
    rows = [
        ("no due date", days(90), None, None, 100.0, None),
        ("paid", days(90), None, days(80), 100.0, 50.0),
        ("no sales", days(500), days(470), None, 100.0, 0.0),
    ]
    found = {row["id"]: row for row in receivables(ledger(*rows), as_of=AS_OF).iter_rows(named=True)}
    assert (found["no due date"]["overdue_share"], found["no due date"]["credit_use"]) == (None, None)
    assert (found["paid"]["overdue_share"], found["paid"]["credit_use"]) == (0.0, 0.0)
    assert (found["no sales"]["dso_days"], found["no sales"]["overdue_share"]) == (None, 1.0)
    assert found["no sales"]["credit_use"] is None


def test_a_pandas_ledger_without_the_optional_columns_will_do() -> None:
    frame = pd.DataFrame({"id": ["a"], "date": pd.to_datetime(["2024-12-01"]), "amount": [10.0]})
    assert receivables(frame, as_of=AS_OF)["dso_days"].tolist() == [30.0]
    with pytest.raises(EvaluationError) as raised:
        receivables(frame.drop(columns="amount"), as_of=AS_OF)
    assert [issue.code for issue in raised.value.issues] == ["CUST-901"]


def test_a_tree_may_name_them_as_measures() -> None:
    rows = ledger(("a", days(90), days(31), None, 300.0, 600.0))
    names = ["dso_days", "overdue_share", "credit_use"]
    assert model_measures({"receivables": rows}, names, as_of=AS_OF).row(0) == ("a", 90.0, 1.0, 0.5)
    assert set(rows.columns) <= set(TABLES["receivables"].names)
