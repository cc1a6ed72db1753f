"""A table is read by its mapping, whatever file it stands in."""

import gzip
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from evaluator.data import Dropped, TableMapping, read_tables
from evaluator.documents import parse
from evaluator.errors import EvaluationError, Severity

PLAIN = 'id,date,amount\n007,2024-01-05,10\nC2,20240106,"1,200.00"\n'
ROWS = [("007", date(2024, 1, 5), 10.0), ("C2", date(2024, 1, 6), 1200.0)]


def codes(table) -> list[str]:
    return [issue.code for issue in table.issues]


def test_a_plain_file_needs_no_mapping(read) -> None:
    table = read(PLAIN)
    assert table.frame.rows() == ROWS
    assert table.issues == ()
    note = table.note
    assert (note.rows_read, note.rows_kept, note.dropped, note.lost) == (2, 2, (), ())
    assert (note.encoding, note.delimiter, note.header, note.sheet) == ("utf-8", ",", 1, None)


@pytest.mark.parametrize(
    ("encoding", "found", "issues"),
    [("utf-8-sig", "utf-8", []), ("gb18030", "gb18030", ["DATA-418"]), ("utf-16", "utf-16", ["DATA-418"]),
     ("utf-16-le", "utf-16-le", ["DATA-418"])],
)  # fmt: skip
def test_the_encoding_is_found_out_and_said(read, encoding: str, found: str, issues: list[str]) -> None:
    table = read("客户编号,日期,金额,备注\n007,2024-01-05,10,新客户\n".encode(encoding))
    assert table.frame.rows() == [("007", date(2024, 1, 5), 10.0, "新客户")]
    assert table.note.encoding == found
    assert codes(table) == issues
    assert all(issue.severity is Severity.NOTE for issue in table.issues)


def test_a_stated_encoding_is_taken(read) -> None:
    table = read("id,date,amount,note\n1,2024-01-05,1,café\n".encode("latin-1"), encoding="latin-1")
    assert table.frame["note"].to_list() == ["café"]
    assert table.issues == ()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_out(read, delimiter: str) -> None:
    rows = [
        ["orders of spring"],
        ["id", "date", "amount"],
        ["1", "2024-01-05", "10"],
        ["2", "2024-01-06", "12"],
    ]
    table = read("\n".join(delimiter.join(row) for row in rows))
    assert table.frame["amount"].to_list() == [10.0, 12.0]
    assert table.note.delimiter == delimiter


def test_a_compressed_file_is_read(read) -> None:
    table = read(gzip.compress(PLAIN.encode()), file="orders.csv.gz")
    assert table.frame.rows() == ROWS


def test_parquet_is_read_with_its_own_types(tmp_path: Path, read, orders) -> None:
    frame = pl.DataFrame({"id": [17850.0, 12.0], "date": [date(2024, 1, 5)] * 2, "amount": [0.1, 1e-7]})
    path = tmp_path / "source.parquet"
    frame.write_parquet(path)
    table = read(path.read_bytes(), file="orders.parquet")
    assert table.frame.rows() == [("17850", date(2024, 1, 5), 0.1), ("12", date(2024, 1, 5), 1e-7)]
    assert codes(table) == ["DATA-412"]


def workbook(path: Path, sheets: dict[str, list[list[object]]]) -> bytes:
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for col, cell in enumerate(cells):
                    if isinstance(cell, date):
                        sheet.write_datetime(row, col, cell, day)
                    else:
                        sheet.write(row, col, cell)
    return path.read_bytes()


def test_the_sheet_whose_headers_fit_is_read_from_a_workbook(tmp_path: Path, read) -> None:
    content = workbook(
        tmp_path / "source.xlsx",
        {
            "说明": [["请勿修改"]],
            "明细": [
                ["2024年客户订单"],
                [],
                ["客户编号", "日期", "金额"],
                ["007", date(2024, 1, 5), 1234.5],
                [42, 45297, "12.5万"],
                ["合计", None, 126234.5],
            ],
        },
    )
    table = read(content, file="订单.xlsx")
    assert table.frame.rows() == [("007", date(2024, 1, 5), 1234.5), ("42", date(2024, 1, 6), 125000.0)]
    assert (table.note.sheet, table.note.header, table.note.rows_read) == ("明细", 3, 3)
    assert table.note.dropped == (Dropped("data.dropped.total", 1),)
    assert [(i.code, str(i.where)) for i in table.issues] == [
        ("DATA-529", "订单.xlsx"),
        ("DATA-419", "订单.xlsx!明细!A3"),
        ("DATA-413", "订单.xlsx!明细!A5"),
    ]


def test_an_old_workbook_is_read_like_a_new_one(tmp_path: Path, read, converted) -> None:
    rows: list[list[object]] = [["客户编号", "日期", "金额"], ["007", date(2024, 1, 5), "1,234.5元"]]
    workbook(tmp_path / "订单.xlsx", {"明细": rows})
    converted([tmp_path / "订单.xlsx"], tmp_path / "old", "xls")
    table = read((tmp_path / "old" / "订单.xls").read_bytes(), file="订单.xls")
    assert table.frame.rows() == [("007", date(2024, 1, 5), 1234.5)]
    assert table.note.sheet == "明细"


def test_a_bad_cell_of_a_workbook_is_named_by_its_address(tmp_path: Path, read) -> None:
    day = date(2024, 1, 5)
    rows: list[list[object]] = [["id", "date", "amount"], ["1", day, "many"], ["2", day, 3]]
    content = workbook(tmp_path / "s.xlsx", {"a": rows})
    table = read(content, file="orders.xlsx")
    assert [(i.code, str(i.where)) for i in table.issues] == [("DATA-408", "orders.xlsx!a!C2")]
    assert table.frame["id"].to_list() == ["2"]


def test_a_gb18030_export_with_title_and_total_rows_goes_through(read) -> None:
    """Titles above, the header once more in the middle, subtotals, 万元, Chinese dates, a footer."""
    text = (
        "某某公司2024年订单明细表\n"
        "制表日期：2024年12月31日\n"
        "\n"
        "客户编号,下单日期,金额（万元）,折扣,备注\n"
        '007,2024年1月5日,"1.25",85%,\n'
        "012,2024/2/6,3,90%,加急\n"
        "华东小计,,4.25,,\n"
        "客户编号,下单日期,金额（万元）,折扣,备注\n"
        "113,20240307,0.5,100%,\n"
        ",,,,\n"
        "合 计,,4.75,,\n"
        "制表人：张三,,,,\n"
    )
    table = read(
        text.encode("gb18030"),
        columns={"date": "下单日期", "amount": {"from": "金额（万元）", "factor": 10000.0}},
    )
    assert table.frame.select("id", "date", "amount").rows() == [
        ("007", date(2024, 1, 5), 12500.0),
        ("012", date(2024, 2, 6), 30000.0),
        ("113", date(2024, 3, 7), 5000.0),
    ]
    note = table.note
    assert (note.header, note.rows_read, note.rows_kept) == (4, 8, 3)
    assert {(d.reason, d.rows) for d in note.dropped} == {
        ("data.dropped.blank", 1),
        ("data.dropped.header", 1),
        ("data.dropped.total", 2),
        ("data.dropped.footer", 1),
    }
    assert note.unused == ("折扣",)
    assert note.lost == ()  # who made the table is no customer
    assert codes(table) == ["DATA-418", "DATA-419"]


def test_a_stated_header_row_is_taken(read) -> None:
    table = read("id,date,amount\nid,date,amount\n1,2024-01-05,3\n", header=2, totals=())
    assert (table.note.header, table.note.rows_read, table.frame["id"].to_list()) == (2, 1, ["1"])


def test_cells_may_hold_delimiters_and_line_breaks_and_rows_keep_their_line(read) -> None:
    table = read('id,date,amount,note\n1,2024-01-05,1,"a,\nb"\n2,2024-01-05,x,"say ""hi"""\n')
    assert table.frame["note"].to_list() == ["a,\nb"]
    (issue,) = table.issues
    assert (issue.code, str(issue.where)) == ("DATA-408", "orders.csv:4:3")


def test_a_quotation_mark_inside_a_cell_is_only_a_sign(read) -> None:
    table = read('id,date,amount,note\n1,2024-01-05,1,5" pipe\n2,2024-01-06,2,"q"\n')
    assert table.frame["note"].to_list() == ['5" pipe', "q"]


def test_windows_line_ends_change_nothing(read) -> None:
    assert read(PLAIN.replace("\n", "\r\n")).frame.rows() == ROWS


def test_a_column_can_be_left_out(read) -> None:
    table = read("id,date,amount,note\n1,2024-01-05,1,x\n", columns={"note": None})
    assert table.frame.columns == ["id", "date", "amount"]
    assert table.note.unused == ("note",)


def test_headers_are_the_same_but_for_case_width_and_spaces(read) -> None:
    assert read("ＩＤ,Date ,AMOUNT：\n1,2024-01-05,1\n").frame.columns == ["id", "date", "amount"]


def test_columns_tell_what_became_of_them(read) -> None:
    table = read("id,date,quantity,单价,note\n1,2024-01-05,2,3,\n1,2024-01-06,2,4,x\n")
    notes = {column.name: column for column in table.note.columns}
    assert (notes["price"].source, notes["price"].kind, notes["price"].examples) == (
        "单价",
        "number",
        ("3.0", "4.0"),
    )
    assert (notes["note"].empty, notes["amount"].source) == (1, "")


def test_several_tables_are_read_and_every_problem_of_all_is_raised_together(tmp_path: Path, orders) -> None:
    (tmp_path / "a.csv").write_text(PLAIN, "utf-8")
    (tmp_path / "b.csv").write_text("id,amount\n1,2\n", "utf-8")
    mappings = {name: TableMapping(file=f"{name}.csv") for name in ("a", "b", "c", "d")}
    schemas = dict.fromkeys("abc", orders)
    with pytest.raises(EvaluationError) as raised:
        read_tables(mappings, schemas, tmp_path)
    assert [issue.code for issue in raised.value.issues] == ["DATA-405", "DATA-401", "DATA-424"]
    tables = read_tables({"a": mappings["a"]}, schemas, tmp_path)
    assert tables["a"].rows() == ROWS
    assert "a" in tables
    assert "b" not in tables


def test_a_problem_of_the_mapping_is_named_by_the_line_of_the_study(tmp_path: Path, orders) -> None:
    (tmp_path / "a.csv").write_text(PLAIN, "utf-8")
    text = "tables:\n  a:\n    file: a.csv\n    columns:\n      amount: Amuont\n"
    document = parse(text, "study.yaml")
    mapping = TableMapping.model_validate(document.data["tables"]["a"])
    with pytest.raises(EvaluationError) as raised:
        read_tables({"a": mapping}, {"a": orders}, tmp_path, document=document)
    issue = raised.value.issues[0]
    assert (issue.code, issue.hint, str(issue.where)) == ("DATA-406", ("amount",), "study.yaml:5:7")
