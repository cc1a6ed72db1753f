"""A workbook with a sheet a year and months as columns, in two currencies, as invoices are kept."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from evaluator.cli import invoke
from evaluator.documents import load
from evaluator.errors import EvaluationError
from evaluator.study import Study
from evaluator.study.gathering import gather
from evaluator.study.settings import settings

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
ACCOUNTS = 12
UNPIVOT = "unpivot={name: date, value: amount}"


def amount(account: int, year: int, month: int) -> float:
    return 100.0 * account + year % 100 + month


def sheet(year: int, months: list[str], until: int = 12) -> list[list[object]]:
    rows: list[list[object]] = [["Invoices"], [], ["Account ID", "Account", "Ccy", *months]]
    for account in range(ACCOUNTS):
        sign = "€" if account % 3 == 0 else "$"
        cells = [f"{sign}{amount(account, year, n):,.2f}" if n <= until else None for n in range(1, 13)]
        rows.append([f"A-{account:03}", f"Firm {account}", "EUR" if account % 3 == 0 else "USD", *cells])
    return [*rows, [None, "Subtotal North", None, *(999.0 for _ in months)], ["Grand total"]]


@pytest.fixture
def book(tmp_path: Path, workbook: Callable[..., bytes]) -> Path:
    sheets = {"2023": sheet(2023, MONTHS), "2024": sheet(2024, MONTHS, until=9), "Notes": [["By: Finance"]]}
    (tmp_path / "invoices.xlsx").write_bytes(workbook(sheets))
    return tmp_path / "invoices.xlsx"


def made(book: Path, *stated: str) -> Path:
    home = book.parent / "made"
    options = [part for one in stated for part in ("--set", one)]
    invoke(["--language", "en", "run", str(book), *options, "--into", str(home), "--only", "measures"])
    return home


def test_the_months_of_every_year_become_orders_with_the_year_of_their_sheet(book: Path) -> None:
    study = Study(made(book, UNPIVOT, "rates={to: USD, per_unit: {EUR: 1.5}}"))
    assert load(study.path).data["tables"]["orders"]["sheet"] == ("2023", "2024")
    orders = study.tables["orders"]
    assert (orders["date"].min(), orders["date"].max()) == (date(2023, 1, 1), date(2024, 9, 1))
    assert orders.height == ACCOUNTS * 21
    rate = {True: 1.5, False: 1.0}
    assert orders["amount"].sum() == pytest.approx(
        sum(
            rate[account % 3 == 0] * amount(account, year, month)
            for account in range(ACCOUNTS)
            for year, last in ((2023, 12), (2024, 9))
            for month in range(1, last + 1)
        )
    )
    assert orders.filter(pl.col("id") == "A-004")["name"].unique().to_list() == ["Firm 4"]


def test_months_without_an_amount_are_no_last_month(book: Path) -> None:
    study = Study(made(book, UNPIVOT))
    assert study.file.as_of == date(2024, 10, 1)
    assert "last month" in study.path.read_text("utf-8")


def test_the_months_are_asked_for_and_no_sheet_is_called_a_repetition(book: Path, capsys) -> None:
    invoke(["--language", "en", "run", str(book)])
    said = capsys.readouterr().err
    assert "DATA-531" in said
    assert UNPIVOT in said
    assert "STUDY-360" not in said
    assert "STUDY-353" not in said


def test_several_currencies_are_asked_for_by_their_names(book: Path, capsys) -> None:
    made(book, UNPIVOT)
    assert '`--set "orders.rates={to: USD, per_unit: {EUR: RATE}}"`' in capsys.readouterr().err


def test_what_is_stated_of_a_column_made_of_months_is_kept(book: Path) -> None:
    home = made(book, UNPIVOT, "amount.units={'€': 1.5, '$': 1}")
    assert load(home / "study.yaml").data["tables"]["orders"]["columns"]["amount"] == {
        "units": {"€": 1.5, "$": 1}
    }


@pytest.mark.parametrize("months", [[f"{n}月" for n in range(1, 13)], MONTHS])
def test_the_year_of_months_may_be_stated_or_stand_in_the_name_of_the_file(
    tmp_path: Path, workbook: Callable[..., bytes], months: list[str], capsys
) -> None:
    cells = workbook({"Sheet1": sheet(2024, months)})
    for name in ("sales.xlsx", "sales 2024.xlsx"):
        (tmp_path / name).write_bytes(cells)
    invoke(["--language", "en", "run", str(tmp_path / "sales.xlsx")])
    asked = capsys.readouterr().err
    assert "DATA-583" in asked
    assert "unpivot={name: date, value: amount, year: YYYY}" in asked
    for name, stated in (
        ("sales.xlsx", "{name: date, value: amount, year: 2024}"),
        ("sales 2024.xlsx", UNPIVOT[8:]),
    ):
        study = Study(made(tmp_path / name, f"unpivot={stated}", "rates={to: USD, per_unit: {EUR: 1.5}}"))
        assert study.tables["orders"]["date"].unique().sort().to_list() == [
            date(2024, n, 1) for n in range(1, 13)
        ]


def test_a_file_without_any_month_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("Account ID,North,South\nA,1,2\nB,3,4\n")
    with pytest.raises(EvaluationError) as raised:
        gather([str(tmp_path / "x.csv")], settings=settings([UNPIVOT]))
    assert [issue.code for issue in raised.value.issues] == ["DATA-584"]
