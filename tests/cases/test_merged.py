"""Merged cells: what stands for the rows below it is asked about, and filled down where the study says so."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from evaluator.errors import Severity
from evaluator.study import Study


def totals(home: Path) -> dict[str, float]:
    frame = Study(home).tables["orders"]
    return dict(frame.group_by("id").agg(pl.col("amount").sum()).sort("id").iter_rows())


def test_merged_ids_are_asked_about_and_filled_as_the_line_says(case, errors_of, follow) -> None:
    home = case("c09_merged_ids")
    [issue] = errors_of(home)
    assert (issue.code, str(issue.where)) == ("DATA-524", "data/orders.xlsx!Sheet1!A2")
    assert "A2:A4" in issue.text("en")
    assert totals(follow(home, "orders", issue)) == {"C1": 210.0, "C2": 220.0}


def test_merged_ids_may_mean_nothing(case, errors_of, follow) -> None:
    home = case("c09_merged_ids")
    follow(home, "orders", *errors_of(home), number=1)
    tables = Study(home).tables
    assert tables["orders"].height == 2
    assert ("DATA-423", 3) in [(issue.code, issue.detail.get("count")) for issue in tables.issues]


DAY = date(2024, 1, 5)
HEAD = ["客户编号", "客户名称", "日期", "金额"]
ROWS = [
    HEAD, ["C1", "甲", DAY, 10], [None, None, DAY, 20], ["小计", None, None, 30], [None, None, None, None],
    ["C2", "乙", DAY, 40], [None, None, DAY, 50], [None, None, DAY, 60], ["合计", None, None, 180],
]  # fmt: skip
FILLED = {"C1": 30.0, "C2": 150.0}


def as_text(rows: list[list[object]]) -> str:
    return "\n".join(",".join("" if cell is None else str(cell) for cell in row) for row in rows)


def test_cells_that_lost_their_merging_are_asked_about(study, errors_of, follow) -> None:
    """A CSV file knows no merging; an id of its own above every gap tells."""
    home = study({"orders.csv": as_text(ROWS)}, orders={"file": "orders.csv"})
    [issue] = errors_of(home)
    assert (issue.code, str(issue.where)) == ("DATA-524", "orders.csv:3:1")
    assert issue.detail["filled"] == "fill_down: [id, name]"
    assert totals(follow(home, "orders", issue)) == FILLED
    assert Study(home).tables["orders"]["name"].to_list() == ["甲", "甲", "乙", "乙", "乙"]
    dropped = {one.reason: one.rows for one in Study(home).tables.notes[0].dropped}
    assert dropped == {"data.dropped.blank": 1, "data.dropped.total": 2}


def test_only_what_is_merged_is_filled(study, workbook) -> None:
    rows = [HEAD, ["C1", "甲", DAY, 10], [None, None, DAY, 20], [None, None, DAY, 40]]
    content = workbook({"订单": rows}, merged={"订单": ["A2:A3", "B2:B3"]})
    home = study({"orders.xlsx": content}, orders={"file": "orders.xlsx", "fill_down": ["id"]})
    tables = Study(home).tables
    assert tables["orders"]["amount"].to_list() == [10.0, 20.0]
    assert [str(issue.where) for issue in tables.issues if issue.code == "DATA-423"] == [
        "orders.xlsx!订单!A4"
    ]


def test_a_header_of_the_file_can_be_filled_as_well(study) -> None:
    text = "大区,客户编号,日期,金额\n华东,C1,2024-01-05,10\n,C2,2024-01-05,20\n华南,C3,2024-01-05,40\n"
    mapping = {
        "file": "orders.csv",
        "fill_down": ["大区"],
        "filters": [{"keep": "大区", "equals": "华东", "reason": "only the east"}],
    }
    assert totals(study({"orders.csv": text}, orders=mapping)) == {"C1": 10.0, "C2": 20.0}


def test_a_name_that_is_no_column_is_named(study, refused) -> None:
    mapping = {"file": "orders.csv", "fill_down": ["id", "大曲"]}
    home = study({"orders.csv": as_text(ROWS)}, orders=mapping)
    assert ("DATA-426", "study.yaml:11:7") in refused(home)


def test_a_merged_amount_counts_once_and_that_is_said(study, workbook) -> None:
    rows = [HEAD, ["C1", "甲", DAY, 10], ["C1", "甲", DAY, None], ["C2", "乙", DAY, 40]]
    content = workbook({"订单": rows}, merged={"订单": ["D2:D3"]})
    tables = Study(study({"orders.xlsx": content}, orders={"file": "orders.xlsx"})).tables
    [issue] = [issue for issue in tables.issues if issue.code == "DATA-527"]
    assert (issue.severity, str(issue.where)) == (Severity.WARNING, "orders.xlsx!订单!D2")
    assert tables["orders"]["amount"].to_list() == [10.0, 40.0]


@pytest.mark.parametrize(
    "ids",
    [
        ["C1", "", "C1", "", "C2"],
        ["C1", "C1", "", "", "C2"],
        ["", "C1", "", "C2", ""],
        ["C1", "C2", "C3", "", "C4"],
    ],
)
def test_rows_of_somebody_unknown_are_no_merged_cells(study, ids: list[str]) -> None:
    """Sales without a customer stand among customers who come again."""
    text = "客户编号,日期,金额\n" + "".join(f"{one},2024-01-05,10\n" for one in ids)
    tables = Study(study({"orders.csv": text}, orders={"file": "orders.csv"})).tables
    assert "DATA-423" in [issue.code for issue in tables.issues]
