"""Web pages and XML spreadsheets under the name of a workbook, as systems export them."""

from collections.abc import Callable
from datetime import date

import pytest

from evaluator.data import ReadTable
from evaluator.errors import EvaluationError, Severity

Read = Callable[..., ReadTable]
META = '<meta http-equiv="Content-Type" content="text/html; charset={}">'
HEAD = "<tr><th>客户编号<th>日期<th>金额<th>备注</tr>"
ROWS = (
    HEAD + "<tr><td>007<td>2024-01-05<td>1,234.50<td>a &lt; b &amp; <b>bold</b></tr>"
    "<tr><td>008<td>2024-01-06<td>-20<td>two<br>lines</tr>"
)
SPACE = "urn:schemas-microsoft-com:office:spreadsheet"
SHEET = f"""<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="{SPACE}" xmlns:ss="{SPACE}">
<ss:Worksheet ss:Name="2024"><ss:Table ss:ExpandedColumnCount="4">
<Row><Cell><Data ss:Type="String">customer</Data></Cell><Cell><Data>日期</Data></Cell>
<Cell ss:Index="4"><Data>金额</Data></Cell></Row>
<Row ss:Index="4"><Cell><Data ss:Type="String">007</Data></Cell>
<Cell><Data ss:Type="DateTime">2024-01-05T00:00:00.000</Data></Cell>
<Cell ss:Index="4"><Data ss:Type="Number">12.5</Data></Cell></Row>
</ss:Table></ss:Worksheet></Workbook>"""


def page(body: str, charset: str = "utf-8") -> str:
    return (
        f"<html><head>{META.format(charset)}<style>td {{color: red}}</style></head><body>{body}</body></html>"
    )


def test_a_page_named_as_a_workbook_is_read_with_its_title_and_its_zeros(read: Read) -> None:
    title = "<tr><td colspan=4>2024年销售明细</td></tr>"
    found = read(page(f"<table>{title}{ROWS}</table>", "gb2312").encode("gb18030"), file="orders.xls")
    assert found.frame.select("id", "date", "amount", "note").rows() == [
        ("007", date(2024, 1, 5), 1234.5, "a < b & bold"),
        ("008", date(2024, 1, 6), -20.0, "two lines"),
    ]
    notes = {issue.code: str(issue.where) for issue in found.issues}
    assert {code: notes[code] for code in ("DATA-418", "DATA-419", "DATA-520")} == {
        "DATA-418": "orders.xls", "DATA-419": "orders.xls:2:1", "DATA-520": "orders.xls",
    }  # fmt: skip


def test_a_page_that_states_another_encoding_than_it_has_is_read(read: Read) -> None:
    found = read(page(f"<table>{ROWS}</table>", "us-ascii").encode(), file="orders.html")
    assert found.frame["id"].to_list() == ["007", "008"]
    assert [issue for issue in found.issues if issue.code == "DATA-520"] == []


def test_the_table_that_fits_is_read_and_the_others_are_named(read: Read) -> None:
    inner = f"<table>{ROWS}</table>"
    other = "<table><tr><td>Printed by<td>Ann</tr><tr><td>On<td>Monday</tr></table>"
    layout = f"<table><tr><td>Menu<td>{other}{inner}</tr><tr><td>left<td>right</tr></table>"
    found = read(page(f"<!-- <table><tr><td> -->{layout}"), file="orders.xls")
    assert found.frame["amount"].to_list() == [1234.5, -20.0]
    (left,) = [issue for issue in found.issues if issue.code == "DATA-529"]
    assert left.detail["sheets"] == "<table> 1 (2), <table> 3 (2)"


def test_cells_that_span_rows_are_asked_about_as_in_a_workbook(read: Read) -> None:
    rows = HEAD + "<tr><td rowspan=2>007<td>2024-01-05<td>1<td>a</tr><tr><td>2024-01-06<td>2<td>b</tr>"
    with pytest.raises(EvaluationError) as raised:
        read(page(f"<table>{rows}</table>"), file="orders.xls")
    assert [issue.code for issue in raised.value.issues if issue.severity is Severity.ERROR] == ["DATA-524"]
    found = read(page(f"<table>{rows}</table>"), file="orders.xls", fill_down=("id",))
    assert found.frame.select("id", "amount").rows() == [("007", 1.0), ("007", 2.0)]


def test_a_spreadsheet_as_xml_is_read_where_its_cells_stand(read: Read) -> None:
    found = read(SHEET, file="orders.xls")
    assert found.frame.select("id", "date", "amount").rows() == [("007", date(2024, 1, 5), 12.5)]
    rows = SHEET.replace(
        "</ss:Table>",
        '<Row><Cell><Data>8</Data></Cell><Cell ss:Index="4"><Data>soon</Data></Cell></Row></ss:Table>',
    )
    found = read(rows, file="orders.xls")
    assert "orders.xls:5:4" in {str(issue.where) for issue in found.issues if issue.code == "DATA-408"}


@pytest.mark.parametrize(("name", "code"), [("orders.xls", "FILE-714"), ("orders.csv", "DATA-521")])
@pytest.mark.parametrize(
    "body", ["<form>Log in</form>", "<table><tr><td>Log in</td></tr></table>", "<table>"]
)
def test_a_page_without_a_table_is_refused(read: Read, name: str, code: str, body: str) -> None:
    with pytest.raises(EvaluationError) as raised:
        read(page(body), file=name)
    assert [issue.code for issue in raised.value.issues] == [code]
