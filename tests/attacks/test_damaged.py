"""Damaged files end in an issue that names the file: the parsers behind them give up in their own ways."""

import random
import struct
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from evaluator.customers.orders import ORDERS
from evaluator.data.mapping import TableMapping
from evaluator.data.reading import read_table
from evaluator.data.spreadsheet import read_parquet
from evaluator.errors import EvaluationError
from evaluator.forms import Subject, grade_forms, read_grade_sheets, write_forms
from evaluator.tree import load_tree
from evaluator.weighing import Expert
from evaluator.workbook import reader
from evaluator.workbook.book import open_book
from evaluator.workbook.reader import OpenWorkbook

MAPPING = TableMapping.model_validate({"file": "m.parquet"})


class PanicException(BaseException):
    """What a parser written in Rust raises where it gives up: no `Exception`."""


def codes_of(path: Path) -> list[str]:
    """Return what reading a file is refused with; empty where the damage does not show."""
    try:
        read_parquet(path, MAPPING)
    except EvaluationError as error:
        return [issue.code for issue in error.issues]
    return []


def test_damaged_parquet_is_an_issue(tmp_path: Path) -> None:
    path = tmp_path / "m.parquet"
    frame = pl.DataFrame({"id": [f"c{n}" for n in range(200)], "x": [n / 7 for n in range(200)]})
    frame.write_parquet(path)
    whole, draw = path.read_bytes(), random.Random(1)
    refused = 0
    for _ in range(20):
        damaged = bytearray(whole)
        for _ in range(draw.randint(1, 6)):
            damaged[draw.randrange(4, len(damaged))] = draw.randrange(256)
        path.write_bytes(damaged)
        codes = codes_of(path)
        assert codes in ([], ["DATA-401"])
        refused += bool(codes)
    assert refused > 5


@pytest.mark.parametrize("day", [2**31 - 1, -(2**31), 3_000_000])
def test_a_day_that_no_calendar_has_is_a_cell_that_is_named(tmp_path: Path, day: int) -> None:
    """Found by the fuzzer: turning it into text, the library panics."""
    frame = pl.DataFrame({"customer": ["a", "b"], "amount": [1.0, 2.0], "date": pl.Series([19_000, day])})
    frame.cast({"date": pl.Int32}).cast({"date": pl.Date}).write_parquet(tmp_path / "m.parquet")
    read = read_table("orders", MAPPING, ORDERS, tmp_path)
    assert [(one.code, one.detail["examples"]) for one in read.issues] == [
        ("DATA-409", f"m.parquet:2:3 «{day}»")
    ]
    assert read.frame.height == 1


def test_a_parser_that_panics_is_an_issue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening a workbook and reading one of its sheets; every other kind of end is passed on."""
    path = tmp_path / "w.xlsx"
    with open_book(path) as book:
        book.sheet("s").put(0, 0, "x")

    class Broken:
        @staticmethod
        def from_filelike(_: object) -> object:
            raise PanicException("index out of bounds")

    opened = OpenWorkbook(path, name="w.xlsx")
    monkeypatch.setattr(reader, "CalamineWorkbook", Broken)
    with pytest.raises(EvaluationError) as caught:
        OpenWorkbook(path, name="w.xlsx")
    assert [(one.code, str(one.where)) for one in caught.value.issues] == [("FILE-717", "w.xlsx")]
    monkeypatch.setattr(
        opened, "_book", type("B", (), {"get_sheet_by_name": staticmethod(Broken.from_filelike)})()
    )
    with pytest.raises(EvaluationError) as caught:
        opened.read("s")
    assert [one.code for one in caught.value.issues] == ["FILE-717"]
    monkeypatch.setattr(
        Broken, "from_filelike", staticmethod(lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
    )
    with pytest.raises(KeyboardInterrupt):
        OpenWorkbook(path, name="w.xlsx")


@pytest.fixture(scope="module")
def old_workbook(converted, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A workbook of one cell, as LibreOffice saves it for programs of twenty years ago."""
    folder = tmp_path_factory.mktemp("old")
    with open_book(folder / "w.xlsx") as book:
        book.sheet("s").put(0, 0, "x")
    return converted([folder / "w.xlsx"], folder, "xls")[0].read_bytes()


def test_an_old_workbook_that_claims_billions_of_texts_ends_another_process(
    tmp_path: Path, old_workbook: bytes
) -> None:
    """Found by the fuzzer: the parser asks for all the memory at once, and the process is gone."""
    old, content = tmp_path / "w.xls", bytearray(old_workbook)
    first_row = content.index(b"\x00\x02\x0e\x00") + 4  # of the record that says what a sheet spans
    content[first_row : first_row + 2] = (1000).to_bytes(2, "little")
    old.write_bytes(content)
    with pytest.raises(EvaluationError) as caught:
        OpenWorkbook(old, name=old.name)
    assert [(one.code, str(one.where)) for one in caught.value.issues] == [("FILE-716", old.name)]


def test_an_old_workbook_of_blanks_takes_no_gigabyte(tmp_path: Path, old_workbook: bytes) -> None:
    """Found by the fuzzer: 7 kB that claim a sheet of 769 columns, and the parser keeps every blank of it."""
    old, content = tmp_path / "w.xls", bytearray(old_workbook)
    area = (
        content.index(b"\x00\x02\x0e\x00") + 4
    )  # first and last row and column, in the record of what it spans
    content[area : area + 12] = struct.pack("<IIHH", 0, 65_536, 0, 4_000)
    old.write_bytes(content)
    with pytest.raises(EvaluationError) as caught:
        OpenWorkbook(old, name=old.name)
    (issue,) = caught.value.issues
    assert (issue.code, issue.detail["most"]) == ("FILE-716", "257 MB")


def test_a_small_parquet_file_that_holds_more_than_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "m.parquet"
    pl.DataFrame({"id": ["c"], "x": [0.0]}).lazy().select(
        pl.col("id").repeat_by(60_000_000).explode(), pl.lit(0.0).alias("x")
    ).collect().write_parquet(path)
    monkeypatch.setenv("EVALUATOR_READING_BYTES", "1000000000")
    assert path.stat().st_size < 1_000_000
    assert codes_of(path) == ["DATA-484"]


def test_a_form_whose_choices_have_lost_their_sentences_says_what_its_cells_say(tmp_path: Path) -> None:
    """Found by the fuzzer: a hidden sheet of an odd number of columns ended in a traceback."""
    tree = load_tree("potential_value")
    (sent,) = write_forms(grade_forms(tree, [Expert("E1")], [Subject("C1", "One")], language="en"), tmp_path)
    book = openpyxl.load_workbook(sent.path)
    sheet = book.worksheets[0]
    column = next(int(row[2].value) for row in book["_record"] if row[0].value == "question")
    line = next(row for row in sheet.iter_rows() if str(row[0].value).startswith("line:"))
    line[column].value = str(tree.grades[0].name["en"])
    book["_choices"].delete_cols(2)
    book["_choices"].delete_cols(2, book["_choices"].max_column)
    book.save(sent.path)
    read = read_grade_sheets(sent.path, tree)
    assert read.frame["grade"].to_list() == [tree.grades[0].name["en"]]
