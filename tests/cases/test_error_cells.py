"""A spreadsheet's error is no blank, a formula without its result no value, and neither is a customer."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest

from evaluator.data import Column, TableMapping, TableSchema, read_table
from evaluator.errors import EvaluationError, Severity
from evaluator.study import Study
from evaluator.workbook.reader import read_workbook

TABLE = TableSchema((
    Column("id", "id", required=True), Column("date", "date"), Column("amount", "number"),
    Column("note", "text"),
))  # fmt: skip


def test_errors_of_a_workbook_are_named_cell_by_cell(case) -> None:
    study = Study(case("c02_error_cells"))
    assert [(i.code, i.severity, str(i.where)) for i in study.tables.issues] == [
        ("DATA-558", Severity.WARNING, "data/measures.xlsx!Sheet!C4"),
        ("DATA-558", Severity.WARNING, "data/measures.xlsx!Sheet!E3"),
    ]
    assert study.tables["measures"]["profit"].to_list() == [50, 100, None]


def test_an_error_in_place_of_an_id_is_no_customer(case) -> None:
    study = Study(case("c02c_error_csv"))
    assert study.tables["orders"]["id"].to_list() == ["C1", "C2"]
    named = [(i.subject, str(i.where)) for i in study.tables.issues if i.code == "DATA-558"]
    assert named == [("id", "data/orders.csv:5:1"), ("amount", "data/orders.csv:4:4")]
    assert [dropped.column for dropped in study.tables.notes[0].dropped] == ["id", "amount"]


def test_formulas_that_were_never_calculated_are_named_as_such(case, errors_of) -> None:
    first = errors_of(case("c03_formula_uncached"))[0]
    assert (first.code, first.subject, str(first.where)) == (
        "DATA-559",
        "amount",
        "data/orders.xlsx!Sheet1!F2",
    )


def test_opening_and_saving_the_workbook_once_is_all_it_takes(case, tmp_path: Path, converted) -> None:
    home = case("c03_formula_uncached")
    book = home / "data" / "orders.xlsx"
    shutil.copy(converted([book], tmp_path / "saved")[0], book)
    assert Study(home).tables["orders"]["amount"].to_list() == [100, 200, 50]


@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_errors_are_named_in_workbooks_of_other_kinds_too(case, tmp_path: Path, converted, ending) -> None:
    home = case("c02_error_cells", tables={"measures": {"file": f"data/measures.{ending}"}})
    path = home / "data" / "measures.xlsx"
    book = openpyxl.load_workbook(path)
    first = book.create_sheet("First", 0)
    first["A1"], first["B2"], first["C9"] = "=1/0", '=""', "=NA()"
    book.save(path)
    converted([path], home / "data", ending)
    study = Study(home)
    assert [(i.code, str(i.where)) for i in study.tables.issues if i.code == "DATA-558"] == [
        ("DATA-558", f"data/measures.{ending}!Sheet!C4"),
        ("DATA-558", f"data/measures.{ending}!Sheet!E3"),
    ]
    assert study.tables["measures"]["profit"].to_list() == [50, 100, None]
    beside = read_workbook(home / "data" / f"measures.{ending}", unread=True).sheet("First")
    assert (beside.at("A1"), beside.at("B2"), beside.at("C9")) == ("#DIV/0!", None, "#N/A")


@pytest.mark.parametrize(
    "text",
    [
        "#DIV/0!", "#N/A", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#BEZUG!", "#WERT!",
        "#NV", "#¡VALOR!", "########", "Err:502",
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", TABLE.names)
def test_the_text_of_an_error_is_an_error_in_every_kind_of_column(
    tmp_path: Path, text: str, name: str
) -> None:
    good = {"id": "C1", "date": "2024-01-05", "amount": "3", "note": "x"}
    rows = [good, good | {"id": "C2", name: text}]
    body = "\n".join(",".join(row.values()) for row in rows)
    (tmp_path / "t.csv").write_text(f"id,date,amount,note\n{body}\n", "utf-8")
    table = read_table("orders", TableMapping(file="t.csv"), TABLE, tmp_path)
    column = TABLE.names.index(name) + 1
    assert [(i.code, str(i.where)) for i in table.issues] == [("DATA-558", f"t.csv:3:{column}")]
    assert table.frame.height == (1 if name == "id" else 2)


@pytest.mark.parametrize("text", ["#12", "# of visits", "A#3", "C#"])
def test_ids_with_a_number_sign_are_ids(tmp_path: Path, text: str) -> None:
    (tmp_path / "t.csv").write_text(f"id,amount\n{text},3\n", "utf-8")
    table = read_table("orders", TableMapping(file="t.csv"), TABLE, tmp_path)
    assert table.frame["id"].to_list() == [text]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("<c r='B2'><f>1+1</f></c>", "DATA-559"),
        ("<c r='B2'><f>1+1</f><v></v></c>", "DATA-559"),
        ('<c r="B2"><f t="shared" si="0"/><v/></c>', "DATA-559"),
        ('<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "DATA-558"),
        ("<c t='e'><v>#N/A</v></c>", "DATA-558"),
        ('<c r="B2" t="str"><f>IF(1,"")</f><v></v></c>', None),
        ('<c r="B2"><f>1+1</f><v>2</v></c>', None),
    ],
)
def test_as_programs_write_them(tmp_path: Path, cell: str, code: str | None) -> None:
    """Two cells of a sheet whose second one is written in one of the ways programs have."""
    path = tmp_path / "b.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["id", "amount"])
    book.active.append(["C1", 7])
    book.save(path)
    changed(path, '<c r="B2" t="n"><v>7</v></c>', cell)
    mapping = TableMapping(file="b.xlsx")
    if code == "DATA-559":
        with pytest.raises(EvaluationError) as raised:
            read_table("orders", mapping, TABLE, tmp_path)
        found = raised.value.issues
    else:
        found = read_table("orders", mapping, TABLE, tmp_path).issues
    assert [(i.code, str(i.where)) for i in found] == ([(code, "b.xlsx!Sheet!B2")] if code else [])


def changed(path: Path, old: str, new: str) -> None:
    """Replace a cell in the XML of the first sheet."""
    import zipfile

    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    assert old.encode() in parts[sheet]
    parts[sheet] = parts[sheet].replace(old.encode(), new.encode())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def test_text_that_systems_protect_from_excel_is_what_it_protects(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text('id,amount\n"=""00123""","=""7"""\n', "utf-8")
    table = read_table("orders", TableMapping(file="t.csv"), TABLE, tmp_path)
    assert table.frame.rows() == [("00123", 7.0)]
