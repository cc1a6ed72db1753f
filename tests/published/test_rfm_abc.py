"""RFM and ABC against other tools: every trust-A case of the reference collection, none left out.

Sources stand with the cases: lifetimes (summary of histories), the R package rfm (scores and its own
segments, a rule on the scores), SAP HANA PAL (ABC).
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from evaluator.customers import AbcOptions, RfmOptions, abc, calibration_holdout, purchase_history, rfm


@pytest.fixture(scope="module")
def cases(shared: Path) -> dict[str, Any]:
    content = json.loads((shared / "golden" / "rfm_abc.json").read_text("utf-8"))
    return {case["id"]: case for case in content["cases"]}


def test_every_trust_a_case_is_tested_here(cases: dict[str, Any]) -> None:
    assert {name for name, case in cases.items() if case["trust"] == "A"} == {
        "RFM-LT-DAILY-MONEY",
        "RFM-LT-WEEKLY",
        "RFM-R-QUINTILES",
        "RFM-R-SEGMENTS",
        "ABC-SAP-PAL",
    }


def lines(case: dict[str, Any]) -> pl.DataFrame:
    rows = case["inputs"]["transactions_id_date_amount"]
    frame = pl.DataFrame(rows, schema=["id", "date", "amount"], orient="row")
    return frame.with_columns(pl.col("date").str.to_date())


def test_daily_histories_with_money_equal_lifetimes(cases: dict[str, Any]) -> None:
    case = cases["RFM-LT-DAILY-MONEY"]
    found = purchase_history(lines(case), end=date(2015, 2, 7))
    rows = [[int(row[0]), *row[1:4], row[4] or 0] for row in found.iter_rows()]
    assert rows == case["expected"]["rows"]


def test_weekly_histories_equal_lifetimes(cases: dict[str, Any]) -> None:
    case = cases["RFM-LT-WEEKLY"]
    found = purchase_history(lines(case), end=date(2015, 2, 7), period="week")
    assert [[int(row[0]), *row[1:4]] for row in found.iter_rows()] == case["expected"]["rows"]


@pytest.fixture(scope="module")
def scored(cases: dict[str, Any], shared: Path) -> Any:
    orders = pl.read_csv(shared / "golden" / "files" / "rfm_data_orders.csv", try_parse_dates=True)
    orders = orders.rename({"customer_id": "id", "order_date": "date", "revenue": "amount"})
    options = RfmOptions(count="line", quantile_rule="plus_one")
    return rfm(orders, as_of=date(2006, 12, 31), options=options)


def test_quintile_scores_equal_the_r_package(cases: dict[str, Any], scored: Any, shared: Path) -> None:
    expected = cases["RFM-R-QUINTILES"]["expected"]["cut_points"]
    assert {name: list(scored.cuts[name]) for name in expected} == {
        name: pytest.approx(cuts, abs=1e-9) for name, cuts in expected.items()
    }
    every = pl.read_csv(shared / "golden" / "files" / "rfm_r_expected.csv").sort("customer_id")
    frame = scored.frame.with_columns(total=pl.col("r") * 100 + pl.col("f") * 10 + pl.col("m"))
    columns = ["id", "recency", "frequency", "monetary", "r", "f", "m", "total"]
    assert frame.select(columns).rows() == every.rows()


def test_segments_of_the_r_package_follow_from_the_scores(
    cases: dict[str, Any], scored: Any, shared: Path
) -> None:
    rule = cases["RFM-R-SEGMENTS"]["inputs"]
    segment = pl.lit(None, pl.String)
    for i in reversed(range(len(rule["names"]))):
        inside = [
            pl.col(column).is_between(rule[f"{name}_lower"][i], rule[f"{name}_upper"][i])
            for column, name in (("r", "recency"), ("f", "frequency"), ("m", "monetary"))
        ]
        segment = pl.when(pl.all_horizontal(inside)).then(pl.lit(rule["names"][i])).otherwise(segment)
    found = scored.frame.select("id", segment=segment)
    every = pl.read_csv(shared / "golden" / "files" / "rfm_r_segments.csv").sort("customer_id")
    assert found.rows() == every.select("customer_id", pl.col("segment").replace("Others", None)).rows()
    counts = dict(found.drop_nulls().group_by("segment").len().iter_rows())
    assert counts == cases["RFM-R-SEGMENTS"]["expected"]["counts"]


def test_abc_by_filling_equals_sap(cases: dict[str, Any]) -> None:
    case = cases["ABC-SAP-PAL"]
    items = case["inputs"]["items"]
    table = pl.DataFrame({"id": list(items), "value": list(items.values())})
    found = abc(table, options=AbcOptions(cuts=(0.7, 0.9), rule="filling")).frame
    classes = {name: found.filter(pl.col("class") == name)["id"].to_list() for name in "ABC"}
    assert classes == case["expected"]["classes"]
    printed = [[item, round(100 * share, 2)] for item, share in found.select("id", "value_share").iter_rows()]
    assert printed == case["expected"]["cumulative_percent"]


@pytest.fixture(scope="module")
def cdnow(shared: Path) -> pl.DataFrame:
    text = (shared / "data" / "CDNOW_sample.txt").read_text("ascii")
    rows = [line.split() for line in text.splitlines() if line.strip()]
    frame = pl.DataFrame(rows, schema=["master", "id", "date", "cds", "amount"], orient="row")
    return frame.with_columns(
        pl.col("id").cast(pl.Int64).cast(pl.String),
        pl.col("date").str.to_date("%Y%m%d"),
        pl.col("amount").cast(pl.Float64),
    )


def test_cdnow_summary_of_the_calibration_weeks(cdnow: pl.DataFrame, shared: Path) -> None:
    """All 2,357 customers: repeat purchases, weeks to the last one and weeks known, as published."""
    found = calibration_holdout(cdnow, calibration_end=date(1997, 9, 30), unit=7, free=True)
    expected = pl.read_csv(shared / "data" / "cdnow_customers_summary.csv")
    frame = found.frame.with_columns(pl.col("id").cast(pl.Int64)).sort("id")
    assert frame["id"].to_list() == expected["ID"].to_list()
    assert frame["frequency"].to_list() == expected["frequency"].to_list()
    for name in ("recency", "T"):
        assert (frame[name] - expected[name]).abs().max() <= 0.0050001  # printed to two places
    assert found.newcomers == 0
    assert frame["holdout_T"].unique().to_list() == [pytest.approx(273 / 7)]
