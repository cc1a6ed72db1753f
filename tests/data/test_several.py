"""Several files of one pattern make one table, and still every row knows its file."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from evaluator.data import Dropped, ReadTable, TableMapping, read_table
from evaluator.errors import EvaluationError, Issue, Severity


@pytest.fixture
def files(tmp_path: Path, orders) -> Callable[..., ReadTable]:
    """Write files, read them as one table of orders."""

    def reading(contents: dict[str, str], pattern: str = "orders-*.csv", **mapping: Any) -> ReadTable:
        for name, content in contents.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(content, "utf-8")
        return read_table(
            "orders", TableMapping.model_validate({"file": pattern, **mapping}), orders, tmp_path
        )

    return reading


def codes(issues: tuple[Issue, ...]) -> list[tuple[str, str, str]]:
    return [(issue.code, issue.subject, str(issue.where)) for issue in issues]


JANUARY = "一月订单\n客户编号,日期,金额,备注\n007,2024-01-05,10,加急\n008,2024-01-31,20,\n合计,,30,\n"
FEBRUARY = "金额,日期,客户编号\n30,2024-02-01,007\n20,2024-01-31,008\n"


def test_files_of_a_pattern_are_one_table_whatever_the_order_of_their_columns(files) -> None:
    table = files({"orders-2.csv": FEBRUARY, "orders-1.csv": JANUARY, "other.csv": "x"})
    assert table.frame.select("id", "date", "amount", "note").rows() == [
        ("007", date(2024, 1, 5), 10.0, "加急"),
        ("008", date(2024, 1, 31), 20.0, None),
        ("007", date(2024, 2, 1), 30.0, None),
        ("008", date(2024, 1, 31), 20.0, None),
    ]
    note = table.note
    assert (note.file, note.rows_read, note.dropped) == (
        "orders-*.csv",
        5,
        (Dropped("data.dropped.total", 1),),
    )
    assert [(source.name, source.rows, source.header) for source in note.sources] == [
        ("orders-1.csv", 3, 2),
        ("orders-2.csv", 2, 1),
    ]
    assert codes(table.issues) == [
        ("DATA-419", "orders-1.csv", "orders-1.csv:2:1"),
        ("DATA-428", "note", "orders-2.csv:1:1"),
    ]
    assert table.issues[1].severity is Severity.WARNING


def test_files_may_call_a_column_by_different_names_it_is_known_by(files) -> None:
    table = files({"orders-1.csv": "客户编号,日期,金额\n1,2024-01-31,20\n",
                   "orders-2.csv": "customer,date,amount\n2,2024-02-01,5\n"})  # fmt: skip
    assert table.frame.select("id", "amount").rows() == [("1", 20.0), ("2", 5.0)]
    assert table.issues == ()


def test_a_row_that_stands_in_two_files_is_dropped_once_when_duplicates_are(files) -> None:
    head = "id,date,amount\n"
    table = files(
        {
            "orders-1.csv": f"{head}1,2024-01-31,20\n",
            "orders-2.csv": f"{head}1,2024-01-31,20\n2,2024-02-01,5\n",
        },
        duplicates="drop",
    )
    assert table.frame["id"].to_list() == ["1", "2"]
    assert table.note.dropped == (Dropped("data.dropped.duplicate", 1),)


def test_a_bad_cell_is_named_by_its_own_file_and_column(files) -> None:
    table = files({"orders-1.csv": "id,date,amount\n1,2024-01-31,20\n",
                   "orders-2.csv": "\namount,id,date\n3,2,2024-01-05\n5,2,soon\n"})  # fmt: skip
    assert codes(table.issues) == [
        ("DATA-419", "orders-2.csv", "orders-2.csv:2:1"),
        ("DATA-409", "date", "orders-2.csv:4:3"),
    ]


def test_a_file_without_a_column_that_is_needed_stops_the_reading(files) -> None:
    with pytest.raises(EvaluationError) as raised:
        files({"orders-1.csv": "id,date,amount\n1,2024-01-31,20\n", "orders-2.csv": "id,amount\n1,20\n"})
    assert codes(raised.value.issues) == [("DATA-405", "date", "orders-2.csv:1:1")]


def test_a_column_that_changes_its_kind_between_periods_is_named_with_both_files(files) -> None:
    with pytest.raises(EvaluationError) as raised:
        files({"orders-1.csv": "id,date,amount,数量\n1,2024-01-31,2,3\n",
               "orders-2.csv": "id,date,amount,数量\n1,2024-02-01,2,三箱\n2,2024-02-01,2,两\n"})  # fmt: skip
    (issue,) = raised.value.issues
    assert codes((issue,)) == [("DATA-429", "quantity", "orders-2.csv:2:4")]
    assert (issue.detail["file"], issue.detail["other"]) == ("orders-2.csv", "orders-1.csv")
    assert (issue.detail["count"], issue.detail["of"]) == (2, 2)


def test_a_key_may_stand_in_one_file_only(tmp_path: Path, files) -> None:
    from evaluator.data import Column, TableSchema

    schema = TableSchema((Column("id", "id", required=True), Column("name", "text")), key=("id",))
    for name in ("a-1.csv", "a-2.csv"):
        (tmp_path / name).write_text("id,name\n007,x\n", "utf-8")
    with pytest.raises(EvaluationError) as raised:
        read_table("customers", TableMapping(file="a-*.csv"), schema, tmp_path)
    (issue,) = raised.value.issues
    assert (issue.code, str(issue.where)) == ("DATA-416", "a-2.csv:2:1")
    assert "a-1.csv:2, a-2.csv:2" in str(issue.detail["examples"])


def test_problems_of_all_files_are_told_together_and_an_empty_pattern_is_named(files) -> None:
    with pytest.raises(EvaluationError) as raised:
        files({"orders-1.csv": "", "orders-2.csv": "id\n" + "é" * 3, "orders-3.csv": " \n"})
    assert [issue.subject for issue in raised.value.issues if issue.code == "DATA-403"] == [
        "orders-1.csv",
        "orders-3.csv",
    ]
    with pytest.raises(EvaluationError) as raised:
        files({}, pattern="2023/*.csv")
    assert codes(raised.value.issues) == [("DATA-401", "2023/*.csv", "2023/*.csv")]


def test_workbooks_and_text_files_mix_and_locks_are_no_files(tmp_path: Path, files) -> None:
    with xlsxwriter.Workbook(tmp_path / "orders-2.xlsx") as book:
        book.add_worksheet("二月").write_row(0, 0, ["id", "date", "amount"])
        book.worksheets()[0].write_row(1, 0, ["2", 45323, 5])
    (tmp_path / "~$orders-2.xlsx").write_bytes(b"lock")
    table = files({"orders-1.csv": "id,date,amount\n1,2024-01-31,20\n"}, pattern="*orders-*")
    assert table.frame.select("id", "date").rows() == [("1", date(2024, 1, 31)), ("2", date(2024, 2, 1))]
    assert table.note.sources[1].sheet == "二月"


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(files) -> None:
    table = files({"orders[1].csv": "id,date,amount\n1,2024-01-31,20\n"}, pattern="orders[1].csv")
    assert table.note.sources[0].name == "orders[1].csv"
