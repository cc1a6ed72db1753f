"""Sheets: the one that fits, several of them, and nothing left unread in silence."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from evaluator.errors import Severity
from evaluator.study import Study

HEAD = ["客户编号", "日期", "金额"]
YEARS = {
    "2023": [HEAD, ["C1", date(2023, 1, 5), 10], ["C2", date(2023, 2, 5), 20]],
    "2024": [["订单明细"], HEAD, ["C1", date(2024, 1, 5), 30]],
    "说明": [["每年一张表"], ["单位：元"]],
}
ONE = {"orders": {"file": "orders.xlsx"}}


def amounts(home: Path) -> list[float]:
    return Study(home).tables["orders"]["amount"].to_list()


def unread(home: Path) -> list[str]:
    issues = [issue for issue in Study(home).tables.issues if issue.code == "DATA-529"]
    assert all(issue.severity is Severity.NOTE for issue in issues)
    return [str(issue.detail["sheets"]) for issue in issues]


def test_a_sheet_per_year_is_never_read_for_one_year(study, workbook, errors_of) -> None:
    home = study({"orders.xlsx": workbook(YEARS)}, **ONE)
    [issue] = errors_of(home)
    assert (issue.code, str(issue.where)) == ("DATA-528", "orders.xlsx")
    assert issue.detail["sheets"] == "2023 (2), 2024 (1)"


@pytest.mark.parametrize(("number", "expected"), [(0, [10.0, 20.0, 30.0]), (1, [10.0, 20.0]), (2, [30.0])])
def test_each_line_that_is_offered_reads_what_it_says(
    study, workbook, errors_of, follow, number: int, expected: list[float]
) -> None:
    home = study({"orders.xlsx": workbook(YEARS)}, **ONE)
    [issue] = errors_of(home)
    assert amounts(follow(home, "orders", issue, number=number)) == expected


def test_a_sheet_that_another_table_is_read_from_is_not_called_unread(study, workbook) -> None:
    sheets = {
        "订单": [HEAD, ["C1", date(2024, 1, 5), 30]],
        "客户": [["客户编号", "客户名称"], ["C1", "甲"]],
        "说明": [["单位：元"]],
    }
    home = study({"all.xlsx": workbook(sheets)}, orders={"file": "all.xlsx"}, customers={"file": "all.xlsx"})
    assert unread(home) == ["说明 (1)"]


@pytest.mark.parametrize("sheet", ["2*", "*", ["2023", "2024"], ["2024", "2023"], "20[0-9][0-9]"])
def test_several_sheets_are_one_table(study, workbook, sheet: str | list[str]) -> None:
    home = study({"orders.xlsx": workbook(YEARS)}, orders={"file": "orders.xlsx", "sheet": sheet})
    tables = Study(home).tables
    assert amounts(home) == [10.0, 20.0, 30.0]
    assert [(one.name, one.sheet, one.rows) for one in tables.notes[0].sources] == [
        ("orders.xlsx", "2023", 2), ("orders.xlsx", "2024", 1)
    ]  # fmt: skip
    assert unread(home) == ["说明 (2)"]


def test_a_bad_cell_is_placed_on_its_own_sheet(study, workbook) -> None:
    sheets = {**YEARS, "2024": [HEAD, ["C1", date(2024, 1, 5), "many"], ["C1", date(2024, 1, 6), 3]]}
    home = study({"orders.xlsx": workbook(sheets)}, orders={"file": "orders.xlsx", "sheet": "2*"})
    places = [str(issue.where) for issue in Study(home).tables.issues if issue.code == "DATA-408"]
    assert places == ["orders.xlsx!2024!C2"]


def test_a_year_as_yaml_reads_it_is_a_sheet(study, workbook) -> None:
    home = study({"orders.xlsx": workbook(YEARS)}, orders={"file": "orders.xlsx", "sheet": 2024})
    assert amounts(home) == [30.0]
    assert unread(home) == ["2023 (2), 说明 (2)"]


@pytest.mark.parametrize("sheet", ["2025", "3*", "说明*"])
def test_a_sheet_or_pattern_that_nothing_fits_is_named(study, workbook, refused, sheet: str) -> None:
    home = study({"orders.xlsx": workbook(YEARS)}, orders={"file": "orders.xlsx", "sheet": sheet})
    assert refused(home) == [("DATA-404", "orders.xlsx")]


def test_a_sheet_that_is_named_must_have_the_columns(study, workbook, refused) -> None:
    sheet = ["2023", "说明"]
    home = study({"orders.xlsx": workbook(YEARS)}, orders={"file": "orders.xlsx", "sheet": sheet})
    assert {code for code, place in refused(home) if "说明" in place} == {"DATA-405"}


def test_sheets_of_other_kinds_are_no_question_and_are_named(study, workbook) -> None:
    """Customers need only an id, which the orders have too; a template without rows is nobody's table."""
    sheets = {
        "客户": [["客户编号", "客户名称", "地区"], ["C1", "甲", "华东"]],
        "订单": YEARS["2023"],
        "模板": [HEAD],
    }
    files = {"book.xlsx": workbook(sheets)}
    home = study(files, customers={"file": "book.xlsx"}, orders={"file": "book.xlsx"})
    assert Study(home).tables["customers"]["region"].to_list() == ["华东"]
    assert amounts(home) == [10.0, 20.0]
    assert unread(home) == ["模板 (0)"]


def test_hidden_sheets_are_not_guessed_and_are_named(study, workbook, tmp_path: Path) -> None:
    import openpyxl

    (tmp_path / "shown.xlsx").write_bytes(workbook(YEARS))
    book = openpyxl.load_workbook(tmp_path / "shown.xlsx")
    book["2023"].sheet_state = "hidden"
    book.save(tmp_path / "hidden.xlsx")
    content = (tmp_path / "hidden.xlsx").read_bytes()
    home = study({"orders.xlsx": content}, **ONE)
    assert amounts(home) == [30.0]
    assert unread(home) == ["2023 (2), 说明 (2)"]
    assert amounts(study({"orders.xlsx": content}, orders={"file": "orders.xlsx", "sheet": "2023"})) == [
        10.0,
        20.0,
    ]


def test_the_lines_of_the_question_are_yaml(study, workbook, errors_of) -> None:
    sheets = {"2023": YEARS["2023"], "a, b {c}": YEARS["2023"]}
    [issue] = errors_of(study({"orders.xlsx": workbook(sheets)}, **ONE))
    lines = [yaml.safe_load(text) for text in re.findall(r"`([^`]+)`", issue.text("en"))[:3]]
    assert lines == [{"sheet": ["2023", "a, b {c}"]}, {"sheet": "2023"}, {"sheet": "a, b {c}"}]
