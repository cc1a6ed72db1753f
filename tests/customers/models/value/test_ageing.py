"""What is overdue, from lists of receivables by age."""

from datetime import date
from math import inf

import polars as pl
import pytest

from evaluator.customers import model_measures, run_models
from evaluator.customers.models.value.ageing import balances_by_age
from evaluator.data.ages import ages
from evaluator.errors import EvaluationError


def aged(*rows: tuple[object, ...], **more: list[float]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["id", "bucket", "amount"], orient="row").with_columns(
        pl.Series(name, values) for name, values in more.items()
    )


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("1-30天", 1, 30), ("31—60", 31, 60), ("３０天以内", 0, 30), ("＞90天", 90, inf), ("超90天", 90, inf),
        ("90天以上（含）", 90, inf), ("1至3个月", 30, 90), ("半年以内", 0, 180), ("十二个月以上", 360, inf),
        ("三年以上", 1095, inf), ("Days 0-30", 0, 30), ("61 to 90 days past due", 61, 90),
        ("< 1 Month", 0, 30),
        ("2 Months", 60, 90), ("91 and over", 91, inf), ("über 90 Tage", 90, inf), ("未到期余额", 0, 0),
        ("Not yet due", 0, 0),
    ],
)  # fmt: skip
def test_ages_as_people_head_them(words: str, first: float, last: float) -> None:
    found = ages(words)
    assert found is not None
    assert found[:2] == (first, last)


@pytest.mark.parametrize(
    "words",
    ["应收余额", "90天", "近30天消费金额", "2024-05", "18-25岁", "30", "逾期金额", "2024年", "第1-3名", ""],
)
def test_what_is_no_age(words: str) -> None:
    assert ages(words) is None


def test_what_begins_on_the_day_or_later_is_overdue() -> None:
    rows = aged(("a", "1-30", 100.0), ("a", "31-60", 60.0), ("a", "60+", 40.0), ("b", "1-30", -5.0))
    assert balances_by_age(rows).frame["overdue_share"].to_list() == [0.5, 0.0]
    assert balances_by_age(rows, overdue_days=1).frame["overdue_share"].to_list() == [1.0, 0.0]
    assert balances_by_age(rows, overdue_days=60).frame["overdue_share"].to_list() == [0.2, 0.0]


def test_a_stated_amount_overdue_is_taken_over_the_balance() -> None:
    rows = pl.DataFrame({"id": ["a", "a", "b", "c"], "outstanding": [100.0, 100.0, 0.0, 50.0],
                         "overdue": [50.0, 0.0, 0.0, None],
                         "credit_limit": [400.0, None, None, None]})  # fmt: skip
    names = ["overdue_share", "credit_use"]
    assert model_measures({"ageing": rows}, names).rows() == [
        ("a", 0.25, 0.5),
        ("b", 0.0, None),
        ("c", None, None),
    ]


def test_what_is_no_age_is_refused_by_name() -> None:
    with pytest.raises(EvaluationError) as raised:
        balances_by_age(aged(("a", "坏账", 5.0), ("a", "1-30", 5.0)))
    assert [(issue.code, issue.subject) for issue in raised.value.issues] == [("CUST-962", "坏账")]
    assert "坏账" in raised.value.issues[0].text("en")


def test_an_age_that_runs_past_the_day_is_told_and_not_counted() -> None:
    found = balances_by_age(aged(("a", "1年以内", 60.0), ("a", "1年以上", 40.0)))
    assert found.frame["overdue_share"].to_list() == [0.4]
    [issue] = found.issues
    assert (issue.code, issue.detail["buckets"]) == ("CUST-963", "1年以内")
    assert not balances_by_age(aged(("a", "1-30", 60.0), ("a", "30-60", 40.0))).issues


def test_a_balance_that_is_not_the_sum_of_its_ages_is_told() -> None:
    rows = aged(("a", "1-30", 60.0), ("a", "31+", 40.0), ("b", "1-30", 5.0), outstanding=[100.0, 100.0, 50.0])
    [issue] = balances_by_age(rows).issues
    assert (issue.code, issue.detail) == ("CUST-964", {"count": 1, "examples": "b (50.00 / 5.00)"})


def test_a_ledger_of_invoices_comes_before_a_list_by_age() -> None:
    days = {"date": [date(2024, 1, 5)], "due": [date(2024, 2, 5)]}
    ledger = pl.DataFrame({"id": ["a"], **days, "amount": [10.0]})
    tables = {"receivables": ledger, "ageing": aged(("a", "未到期", 10.0))}
    assert run_models(tables, as_of=date(2024, 5, 1)).results["receivables"].frame[
        "overdue_share"
    ].to_list() == [1.0]
