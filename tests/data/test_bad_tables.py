"""Every mistake of a table is named by its code and its place, and nothing is lost in silence."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from evaluator.cli.set_option import with_options
from evaluator.data import Column, Dropped, TableMapping, TableSchema, read_table
from evaluator.errors import EvaluationError, Issue, Severity

HEAD = "id,date,amount,quantity,price,note\n"


@pytest.fixture
def failing(read) -> Callable[..., tuple[Issue, ...]]:
    def reading(*arguments: Any, **mapping: Any) -> tuple[Issue, ...]:
        with pytest.raises(EvaluationError) as raised:
            read(*arguments, **mapping)
        return raised.value.issues

    return reading


def one(issues: tuple[Issue, ...]) -> tuple[str, str, str]:
    (issue,) = [issue for issue in issues if issue.severity is Severity.ERROR]
    return issue.code, issue.subject, str(issue.where)


def test_a_file_that_is_not_there_is_named_with_its_neighbour(tmp_path: Path, orders) -> None:
    (tmp_path / "orders.csv").write_text(HEAD, "utf-8")
    with pytest.raises(EvaluationError) as raised:
        read_table("orders", TableMapping(file="order.csv"), orders, tmp_path)
    assert one(raised.value.issues) == ("DATA-401", "order.csv", "order.csv")
    assert raised.value.issues[0].hint == ("orders.csv",)


def test_a_damaged_archive_is_named(failing) -> None:
    assert one(failing(b"\x1f\x8b\x08 not really", file="orders.csv.gz"))[0] == "DATA-401"


def test_a_damaged_parquet_file_is_named(failing) -> None:
    assert one(failing(b"PAR1 not really", file="orders.parquet"))[0] == "DATA-401"


@pytest.mark.parametrize(
    "content", ["é,à\ncafé,naïve\n".encode("latin-1"), b"id,amount\n\x81\xff,3\n", b"a,b\x00c,d\n1,2\n3,4\n"]
)
def test_an_encoding_that_cannot_be_told_is_not_guessed(failing, content: bytes) -> None:
    assert one(failing(content)) == ("DATA-402", "orders.csv", "orders.csv")


def test_a_wrong_stated_encoding_is_named(failing) -> None:
    assert one(failing("客户\n".encode("gb18030"), encoding="utf-8"))[0] == "DATA-402"
    assert one(failing(HEAD, encoding="utf-88"))[0] == "DATA-402"


@pytest.mark.parametrize("content", [b"", b"  \n\n"])
def test_an_empty_file_is_named(failing, content: bytes) -> None:
    assert one(failing(content)) == ("DATA-403", "orders.csv", "orders.csv")


def test_an_unreadable_workbook_is_named_by_the_reader(failing) -> None:
    assert one(failing(b"junk", file="orders.xlsx"))[0] == "FILE-714"


def test_a_sheet_that_is_not_there_is_named_with_those_that_are(tmp_path: Path, failing) -> None:
    with xlsxwriter.Workbook(tmp_path / "s.xlsx") as book:
        book.add_worksheet("Orders 2024").write_row(0, 0, ["id", "date", "amount"])
    content = (tmp_path / "s.xlsx").read_bytes()
    issues = failing(content, file="orders.xlsx", sheet="Orders 2023")
    assert one(issues) == ("DATA-404", "Orders 2023", "orders.xlsx")
    assert issues[0].hint == ("Orders 2024",)


def test_a_missing_column_is_named_with_the_nearest_header(failing) -> None:
    issues = failing("客户编码,日期,合计金额\n1,2024-01-05,3\n", columns={"id": "客户编码"})
    assert one(issues) == ("DATA-405", "amount", "orders.csv:1:1")
    assert issues[0].hint == ("合计金额",)


def test_one_of_two_ways_to_an_amount_must_be_there_in_full(failing) -> None:
    assert one(failing("id,date,quantity\n1,2024-01-05,3\n"))[:2] in [
        ("DATA-405", "amount"),
        ("DATA-405", "price"),
    ]


def test_a_header_the_study_names_must_be_there(failing) -> None:
    issues = failing(HEAD + "1,2024-01-05,3,,,\n", columns={"note": "Notes"})
    assert one(issues) == ("DATA-406", "Notes", "orders.csv")
    assert issues[0].hint == ("note",)


def test_a_column_the_table_does_not_have_is_named(failing) -> None:
    issues = failing(HEAD + "1,2024-01-05,3,,,\n", columns={"amuont": "amount"})
    assert one(issues) == ("DATA-407", "amuont", "orders.csv")
    assert issues[0].hint == ("amount",)


def test_a_cell_that_is_no_number_is_named_and_its_row_dropped_where_the_number_is_needed(read) -> None:
    table = read("id,date,amount\n1,2024-01-05,3\n2,2024-01-05,many\n3,2024-01-05,3x\n")
    (issue,) = table.issues
    assert (issue.code, issue.severity, str(issue.where)) == ("DATA-408", Severity.WARNING, "orders.csv:3:3")
    assert issue.detail["count"] == 2
    assert table.note.dropped == (Dropped("data.dropped.unreadable", 2, "amount"),)
    assert table.note.lost == (("2", "data.dropped.unreadable"), ("3", "data.dropped.unreadable"))


def test_a_cell_that_is_no_number_counts_as_missing_where_it_is_not_needed(read) -> None:
    table = read(HEAD + "1,2024-01-05,3,many,2,\n")
    assert [(i.code, str(i.where)) for i in table.issues] == [("DATA-408", "orders.csv:2:4")]
    assert table.frame["quantity"].to_list() == [None]
    (note,) = [column for column in table.note.columns if column.name == "quantity"]
    assert (note.unreadable, note.empty) == (1, 0)


@pytest.mark.parametrize(
    ("cells", "code", "place"),
    [
        ("1,soon,3,,,", "DATA-409", "orders.csv:3:2"),
        ("1.23457E+17,2024-01-05,3,,,", "DATA-410", "orders.csv:3:1"),
        ("12345678901234500000,2024-01-05,3,,,", "DATA-411", "orders.csv:3:1"),
        ("17850.0,2024-01-05,3,,,", "DATA-412", "orders.csv:3:1"),
        ("ａ1,2024-01-05,3,,,", "DATA-472", "orders.csv:3:1"),
        ("a\u200b1,2024-01-05,3,,,", "DATA-472", "orders.csv:3:1"),
        ("1,2024-01-05,inf,,,", "DATA-414", "orders.csv:3:3"),
        ("1,2024-01-05,3,2,-1,", "DATA-415", "orders.csv:3:5"),
        (",2024-01-05,3,,,", "DATA-423", "orders.csv:3:1"),
    ],
)
def test_a_bad_cell_is_named_by_line_and_field(read, cells: str, code: str, place: str) -> None:
    table = read(f"{HEAD}C1,2024-01-05,3,1,1,\n{cells}\n")
    assert [(issue.code, str(issue.where)) for issue in table.issues] == [(code, place)]
    assert table.issues[0].detail["count"] == 1


def test_lost_leading_zeros_are_named(read) -> None:
    table = read("id,date,amount\n000123,2024-01-05,3\n42,2024-01-05,3\n")
    assert [(i.code, str(i.where), i.detail["width"]) for i in table.issues] == [
        ("DATA-413", "orders.csv:3:1", 6)
    ]
    padded = read(
        "id,date,amount\n000123,2024-01-05,3\n42,2024-01-05,3\n", columns={"id": {"from": "id", "width": 6}}
    )
    assert padded.issues == ()
    assert padded.frame["id"].to_list() == ["000123", "000042"]


def test_long_ids_that_differ_beyond_the_fifteenth_digit_are_not_suspected(read) -> None:
    assert (
        read("id,date,amount\n110101199003071234,2024-01-05,3\n110101199003070000,2024-01-05,3\n").issues
        == ()
    )


def test_a_customer_who_stands_twice_is_named_with_both_rows(failing) -> None:
    schema = TableSchema((Column("id", "id", required=True),), key=("id",))
    issues = failing("id,x\n1,a\n2,b\n1,c\n", schema)
    assert one(issues) == ("DATA-416", "1", "orders.csv:4:1")
    assert issues[0].detail["examples"] == "1 (2, 4)"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_answers_given_again_are_offered_the_line_that_keeps_the_last(failing, read, language) -> None:
    schema = TableSchema(
        (Column("id", "id", required=True), Column("item", "text", required=True)), key=("id", "item")
    )
    answers = "id,item,x\n1,a,3\n1,b,4\n1,a,5\n"
    issues = failing(answers, schema)
    said = with_options(issues[0]).text(language)
    assert '`--set "orders.duplicates={by: [id, item], keep: last}"`' in said
    kept = read(answers, schema, duplicates={"by": ("id", "item"), "keep": "last"})
    assert sorted(kept.frame.select("id", "item").rows()) == [("1", "a"), ("1", "b")]


def test_exact_copies_of_a_customer_may_be_dropped(read) -> None:
    schema = TableSchema((Column("id", "id", required=True),), key=("id",))
    table = read("id,x\n1,a\n2,b\n1,a\n", schema, duplicates="drop")
    assert table.frame["id"].to_list() == ["1", "2"]
    assert table.note.dropped == (Dropped("data.dropped.duplicate", 1),)


def test_a_table_without_a_usable_row_is_an_error(failing) -> None:
    assert one(failing("id,date,amount\n合计,,3\n")) == ("DATA-417", "orders.csv", "orders.csv")
    assert one(failing("id,date,amount\n")) == ("DATA-417", "orders.csv", "orders.csv")


def test_a_quotation_mark_that_is_not_closed_is_named_by_its_line(failing) -> None:
    issues = failing('id,date,amount\n1,2024-01-05,2\n2,"2024-01-05,2\n3,2024-01-05,2\n')
    assert one(issues) == ("DATA-420", "orders.csv", "orders.csv:3")


def test_a_row_with_more_cells_than_the_header_is_named(failing) -> None:
    issues = failing("id,date,amount\n1,2024-01-05,2\n2,2024-01-05,1,200\n")
    assert one(issues) == ("DATA-421", "orders.csv", "orders.csv:3:4")


def test_a_row_longer_than_any_at_the_top_is_named_too(failing) -> None:
    rows = "1,2024-01-05,2\n" * 100
    assert one(failing(f"id,date,amount\n{rows}2,2024-01-05,1,200,5\n"))[0] == "DATA-421"


def test_a_header_that_stands_twice_is_ambiguous(failing) -> None:
    issues = failing("id,date,amount,amount\n1,2024-01-05,2,3\n")
    assert one(issues) == ("DATA-422", "amount", "orders.csv:1:4")


def test_a_unit_in_a_header_without_a_factor_is_asked_for(read, failing) -> None:
    text = "id,date,金额（万元）\n1,2024-01-05,2\n"
    assert one(failing(text)) == ("DATA-425", "金额（万元）", "orders.csv:1:3")
    stated = read(text, columns={"amount": {"from": "金额（万元）", "factor": 1.0}})
    assert stated.issues == ()


def test_a_filter_of_an_unknown_column_is_named(failing) -> None:
    rule = {"drop": "regoin", "equals": "x", "reason": "test"}
    issues = failing("id,date,amount,region\n1,2024-01-05,2,x\n", filters=(rule,))
    assert one(issues) == ("DATA-426", "regoin", "orders.csv")
    assert issues[0].hint == ("region",)


def test_issues_read_as_sentences_in_both_languages(read) -> None:
    table = read("id,date,amount\n1,soon,3\n1,2024-01-05,x\n1,2024-01-05,3\n")
    for issue in table.issues:
        assert issue.text("zh") != issue.text("en")
    assert {dropped.text("en") for dropped in table.note.dropped} == {
        "date cannot be read",
        "amount cannot be read",
    }


def test_a_column_most_of_which_cannot_be_read_stops_the_reading(failing) -> None:
    """Ten amounts that turned into words are no ten missing amounts."""
    rows = "".join(f"{n},2024-01-05,{n},{'many' if n % 3 else n},2,\n" for n in range(1, 16))
    issues = failing(HEAD + rows)
    assert one(issues) == ("DATA-427", "quantity", "orders.csv:2:4")
    (issue,) = [issue for issue in issues if issue.code == "DATA-427"]
    assert (issue.detail["count"], issue.detail["of"]) == (10, 15)
