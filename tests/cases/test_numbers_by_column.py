"""How the numbers of a column are written is decided from all of its cells; what they leave open is asked."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter
import yaml

from evaluator.data import Column, ReadTable, TableMapping, TableSchema, read_table
from evaluator.errors import EvaluationError, Issue, Severity
from evaluator.study import Study

TWO = TableSchema((Column("id", "id", required=True), Column("profit", "number"), Column("share", "number")))
Reading = Callable[..., ReadTable]


@pytest.fixture
def column(tmp_path: Path) -> Reading:
    """Read cells as the column `profit` of a text file, further ones as `share`."""

    def reading(
        cells: list[str], share: list[str] | None = None, *, delimiter: str = ",", **stated: Any
    ) -> ReadTable:
        text = StringIO()
        rows = csv.writer(text, delimiter=delimiter)
        rows.writerow(["id", "profit", "share"])
        for number, cell in enumerate(cells):
            rows.writerow([f"C{number}", cell, share[number] if share else ""])
        (tmp_path / "measures.csv").write_text(text.getvalue(), "utf-8")
        mapping = TableMapping.model_validate({"file": "measures.csv", **tuples(stated)})
        return read_table("measures", mapping, TWO, tmp_path)

    return reading


def tuples(value: Any) -> Any:
    """Return lists as tuples, as a study's file is read."""
    if isinstance(value, dict):
        return {key: tuples(entry) for key, entry in value.items()}
    return tuple(map(tuples, value)) if isinstance(value, list) else value


def profits(table: ReadTable) -> list[float | None]:
    return table.frame["profit"].to_list()


def codes(table: ReadTable) -> list[tuple[str, str]]:
    return [(issue.code, str(issue.where)) for issue in table.issues]


def question(reading: Callable[[], object]) -> Issue:
    """Return the one error a reading stops with, said in both languages."""
    with pytest.raises(EvaluationError) as raised:
        reading()
    [issue] = [issue for issue in raised.value.issues if issue.severity is Severity.ERROR]
    assert issue.text("zh") != issue.text("en")
    return issue


def lines(issue: Issue) -> list[dict[str, Any]]:
    """Return the lines a message offers for `columns`, as YAML has them."""
    return [yaml.safe_load(line) for line in re.findall(r"`(\w+: \{.*?\}+)`", issue.text("zh"))]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("c14_zero_comma_three", [0.125, 0.3, 0.25]),
        ("c15b_narrow_nbsp_decimal", [1250.5, 98000, -2300]),
        ("c15c_swiss", [1250.5, 98000, 30]),
        ("c16b_accounting", [-5009, -100, 0, -80, 250]),
    ],
)
def test_cases_met_in_public(case, name: str, values: list[float]) -> None:
    study = Study(case(name))
    assert study.tables["measures"]["profit"].to_list() == values
    assert not [issue for issue in study.tables.issues if issue.code == "DATA-408"]


def test_a_decimal_comma_that_was_told_from_the_cells_is_said_with_the_line_that_undoes_it(case) -> None:
    home = case("c14_zero_comma_three")
    [note] = Study(home).tables.issues
    assert (note.code, note.severity, str(note.where)) == ("DATA-552", Severity.NOTE, "data/measures.csv:2:3")
    other = Study(case("c14_zero_comma_three", tables={"measures": {"columns": lines(note)[0]}}))
    assert other.tables["measures"]["profit"].to_list() == [None, None, None]  # no group follows a lone 0
    assert other.tables.issues[0].code == "DATA-551"


def test_credits_and_dashes_are_said(case) -> None:
    said = {issue.code: issue for issue in Study(case("c16b_accounting")).tables.issues}
    assert {code: (issue.severity, str(issue.where)) for code, issue in said.items()} == {
        "DATA-556": (Severity.WARNING, "data/measures.csv:3:3"),
        "DATA-557": (Severity.NOTE, "data/measures.csv:4:3"),
    }
    followed = case("c16b_accounting", tables={"measures": {"columns": lines(said["DATA-556"])[0]}})
    assert Study(followed).tables["measures"]["profit"].to_list() == [-5009, 100, 0, -80, -250]
    assert [issue.code for issue in Study(followed).tables.issues] == ["DATA-557"]


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1.234,50", "0,5", "1.234"], [1234.5, 0.5, 1234]),
        (["1.234.567", "12"], [1234567, 12]),
        (["2 300,5", "1\u00a0250", "98\u202f000"], [2300.5, 1250, 98000]),
        (["1 234 567.25", "1\u2009250", "3"], [1234567.25, 1250, 3]),
        (["1'250.50", "98\u2019000", "1´000.25"], [1250.5, 98000, 1000.25]),
        (["1’250,50", "98’000"], [1250.5, 98000]),
        (["1,234.50", "1,234"], [1234.5, 1234]),
        (["12,5 %", "7%", "100 %"], [0.125, 0.07, 1]),
        (["1.250,00 €", "€ 980", "-3,50 EUR"], [1250, 980, -3.5]),
        (["CHF 1'250.50", "Fr. 3.5"], [1250.5, 3.5]),
        (["$(80)", "($1,200)", "-$80", "$ -", "USD 5"], [-80, -1200, -80, 0, 5]),
        (["1,234元", "950元"], [1234, 950]),
        (["¥1,200", "人民币 3,500 元", "12.5万元"], [1200, 3500, 125000]),
        (["100 Cr.", "CR 5", "7 dr", "贷 3", "2.5借"], [-100, -5, 7, -3, 2.5]),
        ([" 1,234.50 ", "  -   ", "(20.00)"], [1234.5, 0, -20]),
        (["5,009-", "7.5"], [-5009, 7.5]),
        (["–5.5", "−3", "2"], [-5.5, -3, 2]),
        (["3.14e2", "1e-3"], [314, 0.001]),
    ],
)
def test_the_siblings_of_those_cases(column, cells: list[str], values: list[float]) -> None:
    table = column(cells)
    assert profits(table) == values
    assert not [
        issue for issue in table.issues if issue.severity is not Severity.NOTE and issue.code != "DATA-556"
    ]


@pytest.mark.parametrize(
    ("cells", "delimiter", "readings"),
    [
        (["1,234", "2,345", "9,870"], ",", ([1234, 2345, 9870], [1.234, 2.345, 9.87])),
        (["1,234", "2,345", "9,870"], ";", ([1234, 2345, 9870], [1.234, 2.345, 9.87])),
        (["1.234", "2.345", "9.870"], ",", ([1.234, 2.345, 9.87], [1234, 2345, 9870])),
        (["1.234", "2.345", "950"], ";", ([1.234, 2.345, 950], [1234, 2345, 950])),
        (["1,234", "-2,345", "3,000%"], "\t", None),
    ],
)
def test_a_column_that_can_be_read_in_two_ways_asks_with_both(
    column, cells: list[str], delimiter: str, readings: tuple[list[float], list[float]] | None
) -> None:
    issue = question(lambda: column(cells, delimiter=delimiter))
    assert (issue.code, issue.subject, str(issue.where)) == ("DATA-550", "profit", "measures.csv:2:2")
    assert issue.text("en").count("measures.csv:") >= len(cells)
    for line, values in zip(lines(issue), readings or (), strict=False):
        followed = column(cells, delimiter=delimiter, columns=line)
        assert profits(followed) == values
        assert followed.issues == ()


def test_the_whole_table_may_be_stated_at_once(column) -> None:
    cells, share = ["1,234", "2,345"], ["3.000", "4.000"]
    assert profits(column(cells, share, decimal=",")) == [1.234, 2.345]
    table = column(cells, share, decimal=",", columns={"share": {"from": "share", "decimal": "."}})
    assert table.frame["share"].to_list() == [3, 4]


def test_what_a_column_leaves_open_the_other_columns_tell(column) -> None:
    assert profits(column(["1,234", "2,345"], ["0,5", "1,25"], delimiter=";")) == [1.234, 2.345]
    assert profits(column(["1,234", "2,345"], ["0.5", "1.25"])) == [1234, 2345]
    assert profits(column(["1.234", "2.345"], ["0,5", "1,25"], delimiter=";")) == [1234, 2345]


def test_one_cell_does_not_decide_over_a_thousand(column) -> None:
    """A single 98,5 is more likely mistyped than a thousand amounts are a thousandfold."""
    cells = [f"{number},{number:03}" for number in range(100, 200)]
    assert question(lambda: column([*cells, "98,5"])).code == "DATA-550"
    assert profits(column([*cells, "98,5"], delimiter=";"))[:2] == [100.1, 101.101]


def test_a_cell_that_contradicts_its_column_is_named_and_missing(column) -> None:
    table = column(["12.5", "1,250.75", "3.1", "0.4", "7.25", "1.234,50"])
    assert profits(table) == [12.5, 1250.75, 3.1, 0.4, 7.25, None]
    assert codes(table) == [("DATA-551", "measures.csv:7:2")]
    other = column(["12,5", "1.250,75", "3,1", "0,4", "7,25", "1,234.50"], delimiter=";")
    assert profits(other)[-1] is None
    assert ("DATA-551", "measures.csv:7:2") in codes(other)


def test_the_stated_sign_is_never_advised_again(column) -> None:
    table = column(["1.250,50", "many"], columns={"profit": {"from": "profit", "decimal": ","}})
    [issue] = table.issues
    assert (issue.code, str(issue.where)) == ("DATA-408", "measures.csv:3:2")
    [line] = lines(issue)
    assert line == {"profit": {"from": "profit", "decimal": ",", "missing": ["many"]}}
    assert column(["1.250,50", "many"], columns=line).issues == ()


@pytest.mark.parametrize(
    ("cells", "shares", "percent"),
    [
        (["85%", "0.85", "0.2"], [0.85, 0.85, 0.2], [0.85, 0.0085, 0.002]),
        (["85%", "85", "7%", "0"], [0.85, 85, 0.07, 0], [0.85, 0.85, 0.07, 0]),
        (["85％", "0.5", "1,200%"], [0.85, 0.5, 12], [0.85, 0.005, 12]),
    ],
)
def test_percent_beside_plain_numbers_is_asked(
    column, cells: list[str], shares: list[float], percent: list[float]
) -> None:
    issue = question(lambda: column(cells))
    assert (issue.code, str(issue.where)) == ("DATA-554", "measures.csv:3:2")
    for line, values in zip(lines(issue), (shares, percent), strict=True):
        followed = column(cells, columns=line["tables"]["measures"]["columns"])
        assert profits(followed) == pytest.approx(values, rel=1e-15)
        assert followed.issues == ()


def test_percent_alone_or_beside_nothing_is_no_question(column) -> None:
    assert profits(column(["85%", "7%", "0", "", "-"])) == [0.85, 0.07, 0, None, None]


def test_signs_of_several_currencies_are_never_added(column) -> None:
    cells = ["$100", "€50", "US$ 10", "7"]
    issue = question(lambda: column(cells))
    assert (issue.code, str(issue.where)) == ("DATA-555", "measures.csv:2:2")
    [line] = lines(issue)
    line["profit"]["units"] = {"$": 7.0, "€": 8.0, "us$": 7.0}
    followed = column(cells, columns=line)
    assert profits(followed) == [700, 400, 70, 7]
    assert followed.issues == ()


def test_one_currency_in_several_spellings_is_one(column) -> None:
    assert profits(column(["￥100", "50元", "RMB 7", "人民币3"])) == [100, 50, 7, 3]


def test_a_column_that_names_the_currency_answers_for_the_signs(tmp_path: Path) -> None:
    (tmp_path / "o.csv").write_text("id,amount,currency\n1,$100,USD\n2,€50,EUR\n", "utf-8")
    schema = TableSchema(
        (Column("id", "id"), Column("amount", "number", money=True), Column("currency", "text"))
    )
    stated = {"to": "USD", "per_unit": {"EUR": 1.1}}
    mapping = TableMapping.model_validate({"file": "o.csv", "rates": stated})
    assert read_table("orders", mapping, schema, tmp_path).frame["amount"].to_list() == [100, 50]


@pytest.mark.parametrize("named", ["", " "])
def test_where_the_column_of_currencies_is_empty_the_signs_count(tmp_path: Path, named: str) -> None:
    rows = f"1,$100,{named}\n2,¥700,{named}\n"
    (tmp_path / "o.csv").write_text(f"id,amount,currency\n{rows}", "utf-8")
    schema = TableSchema(
        (Column("id", "id"), Column("amount", "number", money=True), Column("currency", "text"))
    )
    issue = question(lambda: read_table("orders", TableMapping(file="o.csv"), schema, tmp_path))
    assert (issue.code, str(issue.where)) == ("DATA-555", "o.csv:2:2")
    [line] = lines(issue)
    line["amount"]["units"] = {"$": 7, "¥": 1}
    mapping = TableMapping.model_validate({"file": "o.csv", "columns": line})
    assert read_table("orders", mapping, schema, tmp_path).frame["amount"].to_list() == [700, 700]


def test_numbers_of_a_workbook_are_what_they_are_beside_any_text(tmp_path: Path) -> None:
    """1.234 in a cell of numbers is no thousand, whatever the text cells around it say."""
    with xlsxwriter.Workbook(tmp_path / "m.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["id", "profit"])
        for row, cell in enumerate([1.234, 2.5, "1.234,50", "0,25", 1e-7], start=1):
            sheet.write(row, 0, f"C{row}")
            sheet.write(row, 1, cell)
    for stated in ({}, {"decimal": ","}):
        table = read_table("measures", TableMapping(file="m.xlsx", **stated), TWO, tmp_path)
        assert profits(table) == [1.234, 2.5, 1234.5, 0.25, 1e-7]


def test_numbers_of_a_parquet_file_raise_no_question(tmp_path: Path) -> None:
    pl.DataFrame({"id": ["a", "b"], "profit": [1.234, 2.345], "share": ["0,5", "1,25"]}).write_parquet(
        tmp_path / "m.parquet"
    )
    table = read_table("measures", TableMapping(file="m.parquet"), TWO, tmp_path)
    assert table.frame.rows() == [("a", 1.234, 0.5), ("b", 2.345, 1.25)]


def test_the_line_offered_for_a_number_gives_the_number_it_is_offered_for(tmp_path) -> None:
    """Of «1,234» the line with the point makes 1234, that with the comma 1.234."""
    (tmp_path / "m.csv").write_text("id;profit\na;1,234\nb;5,678\nc;2,345\n", "utf-8")

    def read(**stated: Any) -> ReadTable:
        mapping = TableMapping.model_validate({"file": "m.csv", **stated})
        return read_table(
            "m", mapping, TableSchema((Column("id", "id"), Column("profit", "number"))), tmp_path
        )

    issue = question(read)
    assert issue.code == "DATA-550"
    offered = {"point": issue.detail["first"], "comma": issue.detail["second"]}
    for sign, number in offered.items():
        columns = tuples(yaml.safe_load(str(issue.detail[sign])))
        assert profits(read(columns=columns))[0] == float(str(number))
    assert offered == {"point": "1234", "comma": "1.234"}
