"""Histories of repeat buying: same-day purchases, returns, periods, calibration and holdout."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from evaluator.customers import calibration_holdout, purchase_history
from evaluator.errors import EvaluationError

LINES = pl.DataFrame(
    {
        "id": ["a", "a", "a", "a", "b", "b", "c", "d"],
        "date": [
            date(2024, m, d) for m, d in [(1, 1), (1, 1), (2, 10), (3, 5), (1, 9), (1, 20), (3, 1), (1, 3)]
        ],
        "amount": [10.0, 5.0, 20.0, 40.0, 7.0, -7.0, 3.0, 0.0],
    }
)


def test_same_day_lines_are_one_purchase_and_returns_are_none() -> None:
    found = purchase_history(LINES, end=date(2024, 3, 31))
    assert found.rows() == [("a", 2, 64.0, 90.0, 30.0), ("b", 0, 0.0, 82.0, None), ("c", 0, 0.0, 30.0, None)]


def test_lines_of_amount_zero_count_where_the_rule_says_so() -> None:
    assert purchase_history(LINES, free=True)["id"].to_list() == ["a", "b", "c", "d"]


def test_months_are_calendar_months() -> None:
    assert purchase_history(LINES, period="month").row(0) == ("a", 2, 2.0, 2.0, 30.0)


def test_the_holdout_begins_the_day_after_the_split() -> None:
    found = calibration_holdout(LINES, calibration_end=date(2024, 2, 9), observation_end=date(2024, 3, 31))
    assert found.frame.select(
        "id", "frequency", "holdout_frequency", "holdout_monetary", "holdout_T"
    ).rows() == [
        ("a", 0, 2, 30.0, 51.0),
        ("b", 0, 0, None, 51.0),
    ]
    assert (found.newcomers, [issue.code for issue in found.issues]) == (1, ["CUST-916"])
    on_the_day = calibration_holdout(LINES, calibration_end=date(2024, 2, 10)).frame
    assert on_the_day["frequency"].to_list() == [1, 0]


@pytest.mark.parametrize("split", [date(2023, 12, 31), date(2024, 3, 31)])
def test_a_split_with_nothing_on_one_side_is_refused(split: date) -> None:
    with pytest.raises(EvaluationError) as caught:
        calibration_holdout(LINES, calibration_end=split)
    assert [issue.code for issue in caught.value.issues] == ["CUST-915"]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (LINES.clear(), "DATA-435"),
        (LINES.filter(pl.col("amount") < 0), "DATA-435"),
        (LINES.with_columns(date=pl.lit(None, pl.Date)).vstack(LINES), "DATA-441"),
    ],
)
def test_an_empty_history_is_named(lines: pl.DataFrame, code: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        purchase_history(lines)
    assert [issue.code for issue in caught.value.issues] == [code]


def test_an_order_cancelled_the_same_day_is_no_purchase() -> None:
    """What is left of a day counts; what comes back later leaves the purchase standing."""
    lines = pl.DataFrame(
        {
            "id": ["a", "a", "a", "b", "b", "c", "c", "c", "d", "d"],
            "date": [date(2024, 1, d) for d in (1, 9, 9, 1, 5, 1, 7, 7, 3, 3)],
            "amount": [2.9, 0.3, -0.3, 10.0, -10.0, 4.0, 8.0, -3.0, 168469.6, -168469.6],
        }
    )
    found = purchase_history(lines, end=date(2024, 1, 31))
    assert found.select("id", "frequency", "recency", "monetary").rows() == [
        ("a", 0, 0.0, None), ("b", 0, 0.0, None), ("c", 1, 6.0, 5.0),
    ]  # fmt: skip
    free = purchase_history(
        lines.vstack(pl.DataFrame({"id": ["e"], "date": [date(2024, 1, 2)], "amount": [0.0]})),
        end=date(2024, 1, 31),
        free=True,
    )
    assert free["id"].to_list() == ["a", "b", "c", "e"]


def test_online_retail_16446_bought_once(shared: Path) -> None:
    """80,995 pieces were ordered and cancelled within a quarter of an hour; two small articles remain."""
    raw = pl.read_csv(
        shared / "data" / "uci_online_retail.csv.gz", encoding="utf8-lossy", infer_schema_length=0
    ).filter(pl.col("CustomerID").str.starts_with("16446"))
    lines = raw.select(
        pl.lit("16446").alias("id"),
        pl.col("InvoiceDate").str.slice(0, 10).str.to_date("%Y-%m-%d").alias("date"),
        pl.col("Quantity").cast(pl.Float64).alias("quantity"),
        pl.col("UnitPrice").cast(pl.Float64).alias("price"),
    )
    assert purchase_history(lines, end=date(2011, 12, 9)).select("frequency", "monetary").row(0) == (0, None)
