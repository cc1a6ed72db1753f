"""The notes on the data tell where rows came from, and where tables disagree."""

from dataclasses import replace

import pytest

from evaluator.data import ColumnNote, Source, TableNote
from evaluator.errors import Issue, Severity
from evaluator.reports.context import Context
from evaluator.reports.options import ReportOptions
from evaluator.reports.page import page
from evaluator.reports.sections import data
from evaluator.reports.workbook import write_workbook
from evaluator.workbook.reader import read_workbook

NOTES = (
    TableNote(
        "orders", "orders-*.csv", None, "gb18030", 5, 5,
        columns=(ColumnNote("id", "客户编号", "id", 0), ColumnNote("cost", "", "number", 5)),
        sources=(Source("orders-1.csv", 3), Source("orders-2.csv", 2)), header=2,
    ),
    TableNote(
        "customers", "crm#query", None, None, 8, 8, header=0,
        sources=(Source("crm#query", 8, query="select *\n  from <b>clients</b>", fingerprint="f" * 64),),
    ),
)  # fmt: skip
DISAGREE = Issue("DATA-486", "customers", {"count": 2, "examples": "777, <i>888</i>", "rows": 2},
                 severity=Severity.WARNING)  # fmt: skip


@pytest.fixture
def evaluation(evaluation_of):
    base = evaluation_of("en")
    return replace(base, notes=NOTES, issues=(*base.issues, DISAGREE))


def test_sources_absent_columns_and_the_query_are_told(evaluation) -> None:
    orders, customers = data.build(Context(evaluation, "en")).tables
    assert orders.files == (("orders-1.csv", 3), ("orders-2.csv", 2))
    assert (orders.absent, [column[0] for column in orders.columns]) == (("cost",), ["id"])
    assert orders.place == "gb18030"
    assert (customers.query, customers.place, customers.files) == ("select * from <b>clients</b>", "", ())


def test_disagreements_stand_apart_from_other_remarks(evaluation) -> None:
    notes = data.build(Context(evaluation, "en", ReportOptions(edition="working")))
    assert notes.disagreements == ("DATA-486 2 customers have no orders: 777, <i>888</i>.",)
    assert not [issue for issue in notes.issues if "DATA-486" in issue]
    assert notes.issues_total == len(evaluation.issues) - 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_shows_them_as_text(evaluation, language: str) -> None:
    html = page(evaluation, language, options=ReportOptions(edition="working"))
    assert "&lt;i&gt;888&lt;/i&gt;" in html
    assert "&lt;b&gt;clients&lt;/b&gt;" in html
    assert "orders-2.csv" in html


def test_tables_have_their_names_in_the_readers_language(evaluation) -> None:
    assert [table.name for table in data.build(Context(evaluation, "zh")).tables] == ["订单", "客户"]
    assert evaluation.notes[0].title("zh") == "订单（orders）"


def test_the_workbook_shows_files_query_and_absent_columns(evaluation, tmp_path) -> None:
    path = tmp_path / "report.xlsx"
    write_workbook(evaluation, path, language="en", options=ReportOptions())
    book = read_workbook(path)
    cells = {str(cell) for sheet in book.sheets for row in sheet.rows for cell in row if cell is not None}
    assert {"orders-2.csv", "select * from <b>clients</b>", "Not in the data: cost"} <= cells
    assert any("DATA-486" in cell for cell in cells)
