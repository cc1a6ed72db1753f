"""Tables that stand otherwise in a file: months and questions as columns, nothing to say who or how much."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from evaluator.errors import EvaluationError
from evaluator.study import Study


def rows(home: Path, table: str = "orders", *columns: str) -> list[tuple[object, ...]]:
    return Study(home).tables[table].select(*columns or ["id", "date", "amount"]).rows()


MONTHS = "客户编号,客户名称,2024-01-01,2024-02-01,合计\nC1,甲,10,20,30\nC2,乙,,40,40\n合计,,10,60,70\n"
GRID = [("C1", date(2024, 1, 1), 10.0), ("C1", date(2024, 2, 1), 20.0), ("C2", date(2024, 2, 1), 40.0)]


@pytest.mark.parametrize(
    "unpivot",
    [
        {"name": "date", "value": "amount"},
        {"columns": ["2024-*"], "name": "date", "value": "amount"},
        {"columns": ["2024-02-01", "2024-01-01"], "name": "date", "value": "amount"},
    ],
)
def test_months_as_columns_become_rows(study, unpivot: dict[str, object]) -> None:
    home = study({"orders.csv": MONTHS}, orders={"file": "orders.csv", "unpivot": unpivot})
    assert sorted(rows(home)) == GRID
    note = Study(home).tables.notes[0]
    assert {one.reason: one.rows for one in note.dropped} == {
        "data.dropped.unfilled": 1, "data.dropped.total": 2
    }  # fmt: skip
    assert note.rows_read == note.rows_kept + 3


def test_a_customer_without_any_month_filled_is_named(study) -> None:
    home = study({"orders.csv": MONTHS + "K9,空,,,\n"}, orders={"file": "orders.csv", "unpivot": {
        "name": "date", "value": "amount"}})  # fmt: skip
    assert Study(home).tables.notes[0].lost == (("K9", "data.dropped.unfilled"),)


def test_a_bad_cell_of_a_grid_has_its_own_place(study) -> None:
    text = MONTHS.replace("40,40", "many,40")
    unpivot = {"name": "date", "value": "amount"}
    home = study({"orders.csv": text}, orders={"file": "orders.csv", "unpivot": unpivot})
    issues = {issue.code: str(issue.where) for issue in Study(home).tables.issues}
    assert issues["DATA-408"] == "orders.csv:3:4"


def test_months_as_columns_of_several_files_and_sheets(study, workbook) -> None:
    sheets = {
        "甲": [["客户编号", date(2024, 1, 1)], ["C1", 10]],
        "乙": [["华南分公司"], ["客户编号", date(2024, 2, 1), date(2024, 3, 1)], ["C2", 40, "no"]],
    }
    mapping = {"file": "o.xlsx", "sheet": "*", "unpivot": {"name": "date", "value": "amount"}}
    home = study({"o.xlsx": workbook(sheets)}, orders=mapping)
    assert rows(home) == [("C1", date(2024, 1, 1), 10.0), ("C2", date(2024, 2, 1), 40.0)]
    places = [str(issue.where) for issue in Study(home).tables.issues if issue.code == "DATA-408"]
    assert places == ["o.xlsx!乙!C3"]


def test_amounts_of_a_grid_may_have_a_factor(study, errors_of, follow) -> None:
    unpivot = {"name": "date", "value": "amount"}
    home = study({"orders.csv": "单位：万元\n" + MONTHS}, orders={"file": "orders.csv", "unpivot": unpivot})
    [issue] = errors_of(home)
    assert issue.code == "DATA-425"
    assert sorted(rows(follow(home, "orders", issue)))[0] == ("C1", date(2024, 1, 1), 100000.0)


def test_what_no_header_fits_is_named(study, refused) -> None:
    unpivot = {"columns": ["2024-01-01", "2025-*"], "name": "date", "value": "amount", "names": {"Mai": "5"}}
    home = study({"orders.csv": MONTHS}, orders={"file": "orders.csv", "unpivot": unpivot})
    assert refused(home) == [("DATA-530", "study.yaml:12:9"), ("DATA-530", "study.yaml:15:9")]


def test_a_column_the_table_does_not_have_is_named(study, refused) -> None:
    mapping = {"file": "orders.csv", "constants": {"amnt": 1}, "unpivot": {"name": "day", "value": "amount"}}
    assert [code for code, _ in refused(study({"orders.csv": MONTHS}, orders=mapping))] == ["DATA-407"] * 2


QUESTIONS = "Respondent,Customer,Delivery 1-10,Service 1-10\nR1,C1,7,8\nR2,C2,5,\n"


def test_a_survey_with_a_column_per_question_becomes_rows(study) -> None:
    unpivot = {
        "columns": ["Delivery*", "Service 1-10"], "name": "item", "value": "perceived",
        "names": {"Delivery 1-10": "delivery", "service 1-10": "service"},
    }  # fmt: skip
    home = study({"s.csv": QUESTIONS}, survey={"file": "s.csv", "unpivot": unpivot})
    assert rows(home, "survey", "respondent", "id", "item", "perceived") == [
        ("R1", "C1", "delivery", 7.0), ("R1", "C1", "service", 8.0), ("R2", "C2", "delivery", 5.0)
    ]  # fmt: skip


def test_several_answers_to_each_item_are_told_by_patterns(study) -> None:
    text = "客户编号,交付（期望）,交付（感知）,服务（期望）,服务（感知）\nC1,9,7,8,8\nC2,9,,,6\n"
    unpivot = {"name": "item", "values": {"expected": "*（期望）", "perceived": "*（感知）"}}
    home = study({"s.csv": text}, survey={"file": "s.csv", "unpivot": unpivot})
    assert rows(home, "survey", "id", "item", "expected", "perceived") == [
        ("C1", "交付", 9.0, 7.0), ("C1", "服务", 8.0, 8.0), ("C2", "服务", None, 6.0)
    ]  # fmt: skip
    lost = [str(issue.where) for issue in Study(home).tables.issues if issue.code == "DATA-423"]
    assert lost == ["s.csv:3:3"]


def test_nothing_to_say_how_much_or_who(study) -> None:
    """Every row is somebody of its own and counts one."""
    mapping = {"file": "v.csv", "constants": {"amount": 1}, "columns": {"id": {"row_number": True}}}
    home = study({"v.csv": "visits of May\ndate,shop\n2024-05-05,A\n2024-05-06,B\n,\n"}, orders=mapping)
    assert rows(home) == [("3", date(2024, 5, 5), 1.0), ("4", date(2024, 5, 6), 1.0)]
    columns = {one.name: one.source for one in Study(home).tables.notes[0].columns}
    assert (columns["amount"], columns["id"]) == ("= 1", "#")


def test_row_numbers_of_several_files_are_different(study) -> None:
    files = {f"v-{n}.csv": "date,amount\n2024-05-05,1\n2024-05-06,2\n" for n in (1, 2)}
    home = study(files, orders={"file": "v-*.csv", "columns": {"id": {"row_number": True}}})
    assert Study(home).tables["orders"]["id"].to_list() == [
        "v-1.csv:2",
        "v-1.csv:3",
        "v-2.csv:2",
        "v-2.csv:3",
    ]


def test_a_constant_is_read_like_a_cell(study) -> None:
    text = "客户编号,金额\nC1,10\n客户编号,金额\n\nC2,20\n合计,30\n"
    constants = {"date": "2024年5月1日", "currency": "人民币"}
    home = study({"orders.csv": text}, orders={"file": "orders.csv", "constants": constants})
    assert rows(home) == [("C1", date(2024, 5, 1), 10.0), ("C2", date(2024, 5, 1), 20.0)]
    assert {one.reason for one in Study(home).tables.notes[0].dropped} == {
        "data.dropped.blank", "data.dropped.header", "data.dropped.total"
    }  # fmt: skip


def test_how_cells_are_written_can_be_said_without_the_header(study) -> None:
    columns = {"id": {"width": 4}, "amount": {"factor": 10000}}
    text = "客户编号,日期,金额（万元）\n7,2024-01-05,1.5\n"
    home = study({"orders.csv": text}, orders={"file": "orders.csv", "columns": columns})
    assert rows(home) == [("0007", date(2024, 1, 5), 15000.0)]


def test_months_that_stand_as_columns_are_recognised(study, errors_of, follow) -> None:
    home = study({"orders.csv": MONTHS}, orders={"file": "orders.csv"})
    [issue] = errors_of(home)
    assert (issue.code, str(issue.where)) == ("DATA-531", "orders.csv:1:3")
    assert "«20»" in issue.text("en")
    assert sorted(rows(follow(home, "orders", issue))) == GRID


@pytest.mark.parametrize("header", ["销售额 {}", "销售额{}", "{} 销售额", "Net sales (GBP) {}"])
def test_months_with_other_words_in_their_headers_are_recognised(
    study, errors_of, follow, header: str
) -> None:
    months = [header.format(month) for month in ("2024-01-01", "2024-02-01")]
    text = MONTHS.replace("2024-01-01", months[0]).replace("2024-02-01", months[1])
    home = study({"orders.csv": text}, orders={"file": "orders.csv"})
    [issue] = errors_of(home)
    assert (issue.code, str(issue.where)) == ("DATA-531", "orders.csv:1:3")
    assert sorted(rows(follow(home, "orders", issue))) == GRID


def test_questions_that_stand_as_columns_are_recognised(study, errors_of, follow) -> None:
    home = study({"s.csv": QUESTIONS}, survey={"file": "s.csv"})
    [issue] = errors_of(home)
    assert (issue.code, issue.subject, str(issue.where)) == ("DATA-531", "item", "s.csv:1:3")
    assert rows(follow(home, "survey", issue), "survey", "respondent", "item", "perceived") == [
        ("R1", "Delivery 1-10", 7.0), ("R1", "Service 1-10", 8.0), ("R2", "Delivery 1-10", 5.0)
    ]  # fmt: skip


def test_a_table_of_switching_counts_is_recognised(study, errors_of, follow) -> None:
    text = "上次品牌,甲,乙\n甲,70,30\n乙,,50\n"
    home = study({"s.csv": text, "o.csv": "id,date,amount\n1,2024-01-05,9\n"}, orders={"file": "o.csv"},
                 brand_switching={"file": "s.csv"})  # fmt: skip
    [issue] = errors_of(home)
    assert (issue.code, issue.subject, str(issue.where)) == ("DATA-531", "next", "s.csv:1:2")
    follow(home, "brand_switching", issue)
    assert rows(home, "brand_switching", "last", "next", "count") == [
        ("甲", "甲", 70.0), ("甲", "乙", 30.0), ("乙", "乙", 50.0)
    ]  # fmt: skip
    assert Study(home).measured.frame["id"].to_list() == ["1"], "a table without ids is no obstacle"


def test_a_file_without_ids_or_amounts_says_what_may_be_meant(study, follow) -> None:
    home = study({"v.csv": "date,shop\n2024-05-05,A\n2024-05-06,B\n"}, orders={"file": "v.csv"})
    with pytest.raises(EvaluationError) as raised:
        Study(home).tables  # noqa: B018
    codes = [issue.code for issue in raised.value.issues]
    assert codes == ["DATA-405", "DATA-532", "DATA-405", "DATA-533"]
    for issue in raised.value.issues:
        if issue.code in ("DATA-532", "DATA-533"):
            follow(home, "orders", issue)
    assert rows(home) == [("2", date(2024, 5, 5), 1.0), ("3", date(2024, 5, 6), 1.0)]
