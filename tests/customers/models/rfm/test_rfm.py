"""RFM: scores, cuts, classes, rules of counting, bad input, and every kind of frame."""

from datetime import date
from pathlib import Path
from typing import Any, Literal

import duckdb
import pandas as pd
import polars as pl
import pytest

from evaluator.customers import RfmOptions, Thresholds, rfm
from evaluator.errors import EvaluationError

Split = Literal["mean_score", "mean_value", "median_value"]
THIRDS = Thresholds(recency=(10, 20), frequency=(2, 3), monetary=(100, 200))
STATED = RfmOptions(bins=3, thresholds=THIRDS)


def orders(*rows: tuple[str, int, float]) -> pl.DataFrame:
    """Return lines (id, day of May 2024, amount)."""
    return pl.DataFrame(
        {
            "id": [row[0] for row in rows],
            "date": [date(2024, 5, row[1]) for row in rows],
            "amount": [float(row[2]) for row in rows],
        }
    )


LINES = orders(
    ("a", 29, 100), ("a", 29, 50), ("a", 20, 50), ("a", 1, 10),
    ("b", 21, 300), ("b", 22, -120),
    ("c", 11, 100), ("c", 5, 20),
    ("d", 3, -40),
)  # fmt: skip


def test_stated_thresholds_are_reached_and_same_day_lines_are_one_purchase() -> None:
    found = rfm(LINES, as_of=date(2024, 5, 31), options=STATED)
    rows = found.frame.select("id", "recency", "frequency", "monetary", "r", "f", "m").rows()
    assert rows == [("a", 2, 3, 210.0, 3, 3, 3), ("b", 10, 1, 180.0, 2, 1, 2), ("c", 20, 2, 120.0, 1, 2, 2)]
    assert found.frame["score"].to_list() == pytest.approx([3, 5 / 3, 5 / 3])
    assert (found.without_purchase, [issue.code for issue in found.issues]) == (1, ["CUST-917"])


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"count": "line"}, {"frequency": [4, 1, 2]}),
        ({"returns": "ignored"}, {"monetary": [210.0, 300.0, 120.0]}),
        ({"window_months": 1}, {"frequency": [3, 1, 2]}),
        ({"weights": (1.0, 0.0, 0.0)}, {"score": [3.0, 2.0, 1.0]}),
    ],
)
def test_rules_of_counting_are_the_users(change: dict, expected: dict) -> None:
    found = rfm(LINES, as_of=date(2024, 5, 31), options=STATED.model_copy(update=change)).frame
    assert {name: found[name].to_list() for name in expected} == expected


def test_the_window_limits_amounts_and_not_recency() -> None:
    found = rfm(
        orders(("a", 1, 10), ("b", 30, 5)).with_columns(
            date=pl.Series([date(2024, 1, 1), date(2024, 5, 30)])
        ),
        as_of=date(2024, 5, 31),
        options=RfmOptions(window_months=1, bins=2),
    ).frame
    assert found.select("recency", "frequency", "monetary").rows() == [(151, 0, 0.0), (1, 1, 5.0)]


def test_quantities_take_the_place_of_money_and_order_numbers_that_of_days() -> None:
    lines = LINES.head(4).with_columns(order=pl.Series(["1", "2", "2", "3"]), quantity=pl.lit(2.0))
    other = lines.head(1).with_columns(id=pl.lit("z"), quantity=pl.lit(9.0))
    options = RfmOptions(bins=2, amount="quantity", count="order")
    found = rfm(pl.concat([lines, other]), options=options).frame
    assert found.select("id", "frequency", "monetary").rows() == [("a", 3, 8.0), ("z", 1, 9.0)]


def test_lines_without_an_order_number_count_by_their_day() -> None:
    lines = LINES.head(4).with_columns(order=pl.Series(["1", "1", None, None]))
    assert rfm(lines, options=RfmOptions(count="order")).frame["frequency"].to_list() == [3]


def test_a_return_told_by_its_amount_takes_its_quantity_off() -> None:
    lines = orders(("a", 1, 10), ("a", 2, -5)).with_columns(quantity=pl.Series([4.0, 1.0]))
    found = rfm(lines, options=RfmOptions(amount="quantity")).frame
    assert found.select("frequency", "monetary").rows() == [(1, 3.0)]


def test_ties_at_a_quantile_stay_below_it() -> None:
    """Three of four customers bought once: they are not the better half."""
    found = rfm(
        orders(("a", 1, 1), ("b", 2, 2), ("c", 3, 3), ("d", 4, 4), ("d", 5, 4)), options=RfmOptions(bins=2)
    )
    assert found.frame["f"].to_list() == [1, 1, 1, 2]


def test_eight_classes_by_what_lies_at_or_above_the_mean() -> None:
    stated = RfmOptions(bins=3, thresholds=THIRDS, split="mean_value", split_at=(10.0, 2.0, 150.0))
    found = rfm(LINES, as_of=date(2024, 5, 31), options=stated).frame
    assert found["class"].to_list() == ["key_value", "key_develop", "general_keep"]
    by_value = rfm(LINES, as_of=date(2024, 5, 31), options=RfmOptions(split="mean_value", bins=2))
    assert by_value.split_at == pytest.approx((32 / 3, 2.0, 170.0))
    assert by_value.frame["class"].to_list() == ["key_value", "key_develop", "general_keep"]


@pytest.mark.parametrize("split", ["mean_score", "mean_value", "median_value"])
def test_frozen_references_score_the_same_customers_alike_beside_others(split: Split) -> None:
    first = rfm(LINES, as_of=date(2024, 5, 31), options=RfmOptions(bins=2, split=split))
    crowd = orders(*[(f"x{i}", 25, 1000 + i) for i in range(20)])
    again = rfm(pl.concat([LINES, crowd]), as_of=date(2024, 5, 31), options=first.frozen())
    kept = again.frame.filter(pl.col("id").is_in(["a", "b", "c"]))
    assert kept.rows() == first.frame.rows()
    moved = rfm(pl.concat([LINES, crowd]), as_of=date(2024, 5, 31), options=first.options)
    assert moved.frame.filter(pl.col("id").is_in(["a", "b", "c"])).rows() != first.frame.rows()


def test_all_equal_customers_have_no_quantile_scores_and_this_is_said() -> None:
    found = rfm(orders(("a", 5, 10), ("b", 5, 10)))
    assert found.frame.select("r", "score", "class").rows() == [(None, None, None)] * 2
    assert [(issue.code, issue.subject) for issue in found.issues] == [
        ("CUST-906", name) for name in ("recency", "frequency", "monetary")
    ]


def test_one_customer_is_scored_by_thresholds() -> None:
    assert rfm(orders(("a", 5, 150)), options=STATED).frame["cell"].to_list() == ["3-1-2"]


def test_records_from_the_future_are_not_used_and_named() -> None:
    found = rfm(LINES, as_of=date(2024, 5, 22), options=STATED)
    assert found.frame.select("id", "recency", "monetary").rows() == [
        ("a", 2, 60.0), ("b", 1, 300.0), ("c", 11, 120.0)
    ]  # fmt: skip
    assert ("CUST-914", 2) in [(issue.code, issue.detail["count"]) for issue in found.issues]


@pytest.mark.parametrize(
    ("lines", "change", "code"),
    [
        (LINES.drop("amount"), {}, "DATA-405"),
        (LINES.with_columns(pl.col("date").dt.year()), {}, "CUST-929"),
        (LINES, {"count": "order"}, "DATA-405"),
        (LINES.with_columns(id=pl.lit(None, pl.String)), {}, "DATA-441"),
        (LINES.with_columns(amount=pl.lit(None, pl.Float64)), {}, "DATA-441"),
        (LINES.clear(), {}, "DATA-435"),
        (LINES.filter(pl.col("amount") < 0), {}, "CUST-907"),
        (LINES, {"thresholds": Thresholds(recency=(20, 10, 30, 40))}, "CUST-909"),
        (LINES, {"thresholds": Thresholds(monetary=(1, 2))}, "CUST-909"),
        (LINES, {"weights": (0.0, 0.0, 0.0)}, "CUST-910"),
    ],
)
def test_bad_input_is_named(lines: pl.DataFrame, change: dict, code: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        rfm(lines, options=RfmOptions().model_copy(update=change))
    assert [issue.code for issue in caught.value.issues] == [code]


def test_nothing_before_the_day_looked_back_from() -> None:
    with pytest.raises(EvaluationError) as caught:
        rfm(LINES, as_of=date(2024, 5, 1))
    assert [issue.code for issue in caught.value.issues] == ["DATA-435"]


def test_grid_and_profile_count_everyone_with_a_score() -> None:
    found = rfm(LINES, as_of=date(2024, 5, 31), options=STATED)
    assert found.grid.rows() == [(1, 2, 1, 120.0), (2, 1, 1, 180.0), (3, 3, 1, 210.0)]
    assert found.profile["class"].to_list()[0] == "key_value"
    assert found.profile["customers"].sum() == 3
    assert found.profile["monetary"].sum() == found.frame["monetary"].sum()


@pytest.mark.parametrize("count", ["day", "order", "line"])
def test_every_engine_gives_the_same_scores(count: Literal["day", "order", "line"]) -> None:
    options = RfmOptions(bins=3, window_months=2, count=count)
    lines = LINES.with_columns(order=pl.Series([*"aabcdeefg"]))
    expected = rfm(lines, as_of=date(2024, 5, 31), options=options).frame
    from_pandas = rfm(lines.to_pandas(), as_of=date(2024, 5, 31), options=options).frame
    assert isinstance(from_pandas, pd.DataFrame)
    assert from_pandas.to_dict("list") == expected.to_dict(as_series=False)
    lazy = rfm(lines.lazy(), as_of=date(2024, 5, 31), options=options).frame
    assert lazy.collect().rows() == expected.rows()
    relation = duckdb.from_arrow(lines.to_arrow())
    from_duckdb = rfm(relation, as_of=date(2024, 5, 31), options=options)
    assert from_duckdb.frame.rows() == expected.rows()


def test_spark_gives_the_same_scores(spark: Any, tmp_path: Path) -> None:
    """The orders stay where they are: Spark sums each customer, and only the sums leave it."""
    options = RfmOptions(bins=3, window_months=2, count="order")
    lines = LINES.with_columns(order=pl.Series([*"aabcdeefg"]))
    lines.write_parquet(tmp_path / "orders.parquet")
    on_spark = spark.read.parquet(str(tmp_path / "orders.parquet"))
    found = rfm(on_spark, as_of=date(2024, 5, 31), options=options).frame
    assert found.rows() == rfm(lines, as_of=date(2024, 5, 31), options=options).frame.rows()
