"""In which order a date is written is decided from all cells of its column; months are dates too."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import yaml

from evaluator.data import Column, ReadTable, TableMapping, TableSchema, read_table
from evaluator.errors import EvaluationError, Issue, Severity
from evaluator.study import Study

TWO = TableSchema((Column("id", "id", required=True), Column("date", "date"), Column("paid", "date")))


@pytest.fixture
def column(tmp_path: Path) -> Callable[..., ReadTable]:
    """Read cells as the column `date` of a text file, further ones as `paid`."""

    def reading(cells: list[str], paid: list[str] | None = None, **stated: Any) -> ReadTable:
        rows = [f'C{n},"{cell}","{paid[n] if paid else ""}"' for n, cell in enumerate(cells)]
        (tmp_path / "orders.csv").write_text("\n".join(["id,date,paid", *rows]) + "\n", "utf-8")
        return read_table("orders", TableMapping(file="orders.csv", **stated), TWO, tmp_path)

    return reading


def days(table: ReadTable) -> list[str | None]:
    return [day and day.isoformat() for day in table.frame["date"]]


def question(reading: Callable[[], object]) -> Issue:
    with pytest.raises(EvaluationError) as raised:
        reading()
    [issue] = [issue for issue in raised.value.issues if issue.severity is Severity.ERROR]
    assert issue.text("zh") != issue.text("en")
    return issue


def lines(text: str) -> list[dict[str, Any]]:
    return [yaml.safe_load(line) for line in re.findall(r"`(\w+: \{.*?\}+)`", text)]


def test_the_hint_for_dates_is_a_format_that_fits_every_cell_shown(case) -> None:
    home = case("c06b_us_dates_hint")
    with pytest.raises(EvaluationError) as raised:
        _ = Study(home).tables
    [issue] = [issue for issue in raised.value.issues if issue.code == "DATA-409"]
    assert str(issue.where) == "data/orders.csv:2:3"
    [line] = issue.hint
    assert "%m/%d/%Y %H:%M" in line
    followed = Study(case("c06b_us_dates_hint", tables={"orders": {"columns": yaml.safe_load(line)}}))
    assert [str(day) for day in followed.tables["orders"]["date"]] == [
        "2017-06-11", "2017-06-16", "2017-07-06", "2017-05-20",
    ]  # fmt: skip
    assert not [issue for issue in followed.tables.issues if issue.code == "DATA-409"]


def test_true_dates_stand_beside_text_in_a_stated_format(case) -> None:
    orders = Study(case("c12b_mixed_dates_format")).tables["orders"]
    assert orders["date"].to_list() == [date(2024, 1, day) for day in range(1, 15)]


def test_months_are_dates(case) -> None:
    tables = Study(case("c13_months")).tables
    assert [str(day) for day in tables["wallet"]["date"]] == [
        "2024-01-01", "2024-02-01", "2024-02-01", "2024-03-01",
    ]  # fmt: skip
    assert tables["service_costs"]["date"].to_list() == [date(2024, month, 1) for month in (1, 2, 2, 3)]
    notes = [(issue.code, str(issue.where)) for issue in tables.issues if issue.code.startswith("DATA-5")]
    assert sorted(notes) == [("DATA-562", "data/service.csv:2:2"), ("DATA-562", "data/wallet.csv:2:2")]


@pytest.mark.parametrize(
    "cell",
    [
        "2024-01", "2024/1", "2024年1月", "2024年01月份", "202401", "2024.01", "Jan-24", "Jan 2024",
        "january 2024", "2024-01-01", "1-Jan-24", "01 Jan 2024", "Jan 1, 2024", "January 1st, 2024",
        "Monday, January 1, 2024", "1. Januar 2024", "1 janv. 2024", "1 ene 2024", "2024年1月1日 星期一",
        "2024/1/1 上午 9:30:00", "2024-01-01 09:30 PM", "1-Jan-2024 23:59", "Mon 1 Jan 2024",
    ],
)  # fmt: skip
def test_the_siblings_of_those_cases(column, cell: str) -> None:
    table = column([cell])
    assert days(table) == ["2024-01-01"]
    assert not [issue for issue in table.issues if issue.severity is not Severity.NOTE]


@pytest.mark.parametrize("cell", ["24-Jan", "2024.1", "2024", "Smarch-24", "2024年", "13/2024", "202413"])
def test_what_names_no_day_and_no_month_is_named(column, cell: str) -> None:
    table = column([cell])
    assert days(table) == [None]
    assert [(issue.code, str(issue.where)) for issue in table.issues] == [("DATA-409", "orders.csv:2:2")]


@pytest.mark.parametrize(
    ("cells", "read"),
    [
        (["13/1/2024", "5/1/2024"], ["2024-01-13", "2024-01-05"]),
        (["1/13/2024", "1/5/2024 8:30"], ["2024-01-13", "2024-01-05"]),
        (["05.01.2024", "06.01.2024"], ["2024-01-05", "2024-01-06"]),
        (["25-12-2024", "2024-12-26"], ["2024-12-25", "2024-12-26"]),
        (["3/25/24", "4/5/24"], ["2024-03-25", "2024-04-05"]),
        (["24/1/5", "24/2/7"], ["2024-01-05", "2024-02-07"]),
        (["3/3/2024", "4/4/2024"], ["2024-03-03", "2024-04-04"]),
        (["28/02/2024", "1/5/2024 11:30:00 PM"], ["2024-02-28", "2024-05-01"]),
    ],
)
def test_the_order_of_day_and_month_is_told_by_the_whole_column(
    column, cells: list[str], read: list[str]
) -> None:
    table = column(cells)
    assert days(table) == read
    [note] = table.issues
    assert (note.code, note.severity) == ("DATA-561", Severity.NOTE)


@pytest.mark.parametrize(
    ("cells", "readings"),
    [
        (["5/1/2024", "7/2/2024"], (["2024-01-05", "2024-02-07"], ["2024-05-01", "2024-07-02"])),
        (["5/1/2024", "7/2/2024 9:15"], (["2024-01-05", "2024-02-07"], ["2024-05-01", "2024-07-02"])),
        (["05-01-2024 10:00:00"] * 2, (["2024-01-05"] * 2, ["2024-05-01"] * 2)),
        (["5/1/24", "7/2/24"], (["2024-01-05", "2024-02-07"], ["2024-05-01", "2024-07-02"])),
        (["24/01/05", "24/02/07"], (["2005-01-24", "2007-02-24"], ["2024-01-05", "2024-02-07"])),
    ],
)
def test_dates_that_can_be_read_in_two_ways_ask_with_both(
    column, cells: list[str], readings: tuple[list[str], list[str]]
) -> None:
    issue = question(lambda: column(cells))
    assert (issue.code, issue.subject, str(issue.where)) == ("DATA-560", "date", "orders.csv:2:2")
    for line, read in zip(lines(issue.text("zh")), readings, strict=True):
        followed = column(cells, columns=line)
        assert days(followed) == read
        assert followed.issues == ()


@pytest.mark.parametrize(
    "written", ["{d:02}.{m:02}.{y}", "{d:02}/{m:02}/{y}", "{y}.{m:02}.{d:02}", "{y}/{m:02}/{d:02}"]
)
def test_years_of_two_digits_are_told_by_how_few_they_are(column, written: str) -> None:
    """A cell could be a day of 2014 as well; its column would then hold 28 years and two days."""
    made = [(23 + n // 14, n % 12 + 1, n + 1) for n in range(28)]
    table = column([written.format(y=y, m=m, d=d) for y, m, d in made])
    assert days(table) == [f"20{y}-{m:02}-{d:02}" for y, m, d in made]
    assert [issue.code for issue in table.issues] == ["DATA-561"]


def test_few_days_of_two_digits_stay_a_question(column) -> None:
    cells = [f"{n:02}.03.{23 + n % 2}" for n in range(1, 12)]
    assert question(lambda: column(cells)).code == "DATA-560"


def test_what_one_column_of_dates_leaves_open_another_tells(column) -> None:
    assert days(column(["5/1/2024"], paid=["13/1/2024"])) == ["2024-01-05"]
    assert days(column(["5/1/2024"], paid=["1/13/2024"])) == ["2024-05-01"]


def test_a_date_that_contradicts_its_column_is_named(column) -> None:
    cells = [f"{day}/1/2024" for day in range(13, 25)] + ["1/25/2024", "soon"]
    table = column(cells)
    assert days(table)[-2:] == [None, None]
    assert [(i.code, str(i.where)) for i in table.issues if i.severity is Severity.WARNING] == [
        ("DATA-409", "orders.csv:14:2")
    ]
    assert not table.issues[0].hint


def test_no_format_is_advised_that_would_lose_what_is_read_today(column) -> None:
    table = column(
        ["13/1/2024", "2024-01-14", "2024-01-15"], columns={"date": {"from": "date", "format": "%d/%m/%Y"}}
    )
    [issue] = table.issues
    assert (issue.code, issue.hint) == ("DATA-409", ())


@pytest.mark.parametrize(("system", "days_off"), [({}, 0), ({"date_1904": True}, 1462)])
def test_bare_day_numbers_count_from_the_day_their_workbook_says(
    tmp_path: Path, system: dict[str, bool], days_off: int
) -> None:
    with xlsxwriter.Workbook(tmp_path / "b.xlsx", {"default_date_format": "yyyy-mm-dd", **system}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["id", "date", "paid"])
        for row in range(1, 4):
            sheet.write(row, 0, f"C{row}")
            sheet.write(row, 1, 45296 - days_off + row)
            sheet.write_datetime(row, 2, datetime(2024, 1, 5 + row))
    table = read_table("orders", TableMapping(file="b.xlsx"), TWO, tmp_path)
    assert table.frame["date"].to_list() == table.frame["paid"].to_list()
    assert days(table) == ["2024-01-06", "2024-01-07", "2024-01-08"]


def test_dates_separated_otherwise_may_be_in_another_order(study) -> None:
    rows = "".join(f"K{n},{n + 10}.03.2024,{n}\n" for n in range(1, 9))
    for cell, codes in (("06-10-2024", ["DATA-541"]), ("06-06-2024", []), ("26-10-2024", [])):
        files = {"o.csv": f"customer,date,amount\n{rows}K9,{cell},9\n"}
        home = study(files, orders={"file": "o.csv"})
        found = [issue for issue in Study(home).tables.issues if issue.code == "DATA-541"]
        assert [issue.code for issue in found] == codes
        for issue in found:
            assert str(issue.where) == "o.csv:10:2"
            assert "«06-10-2024» → 2024-10-06" in issue.text("en")
            stated = yaml.safe_load(str(issue.detail["line"]))
            home = study(files, orders={"file": "o.csv", "columns": stated})
            assert "DATA-541" not in [entry.code for entry in Study(home).tables.issues]
