"""Workbooks that are small and would make the parser allocate a whole sheet, however they are written."""

import io
import time
import zipfile
from pathlib import Path

import pytest

from evaluator.errors import EvaluationError
from evaluator.workbook.book import open_book
from evaluator.workbook.reader import FORM, read_workbook
from evaluator.workbook.spans import spanned, spanned_at_most

HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:x="http://schemas.' \
       'openxmlformats.org/spreadsheetml/2006/main"><sheetData>'  # fmt: skip
TAIL = "</sheetData></worksheet>"
FAR = {
    "a far cell": '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "in another row than it says": '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>',
    "single quotes": "<row r='1'><c r='A1'><v>1</v></c></row><row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
    "a prefix": '<x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row>'
                '<x:row r="1048576"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>',
    "lower case": '<row r="1"><c r="a1"><v>1</v></c><c r="xfd1048576"><v>1</v></c></row>',
    "other attributes first": '<row spans="1:1" customFormat="1" r="1048576">'
                              '<c s="1" xr="1" r="XFD1048576"><v>1</v></c></row>',
    "spaces": '<row r = "1"><c r = "A1"><v>1</v></c><c\tr\n=\n"XFD1048576"><v>1</v></c></row>',
    "an entity": '<row r="1"><c r="A1"><v>1</v></c><c r="XFD&#49;048576"><v>1</v></c></row>',
    "a reference within another attribute": '<row r="1"><c r="A1"><v>1</v></c>'
                                            "<c s=' r=\"A2\"' r=\"XFD1048576\"><v>1</v></c></row>",
    "a sign that closes nothing": '<row r="1"><c r="A1"><v>1</v></c><c s=">" r="XFD1048576"><v>1</v></c></row>',
}  # fmt: skip


def workbook(path: Path, sheet: bytes | str) -> Path:
    """Write a workbook whose only sheet has this XML."""
    made = path.with_name("made.xlsx")
    with open_book(made) as book:
        book.sheet("s").put(0, 0, "x")
    with zipfile.ZipFile(made) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = sheet.encode() if isinstance(sheet, str) else sheet
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def codes(path: Path) -> list[str]:
    with pytest.raises(EvaluationError) as raised:
        read_workbook(path)
    return [issue.code for issue in raised.value.issues]


@pytest.mark.parametrize("cells", FAR.values(), ids=FAR)
def test_a_far_cell_is_refused_however_it_is_written(tmp_path: Path, cells: str) -> None:
    begun = time.perf_counter()
    assert codes(workbook(tmp_path / "far.xlsx", HEAD + cells + TAIL)) in (["FILE-716"], ["FILE-717"])
    assert time.perf_counter() - begun < 5
    assert (tmp_path / "far.xlsx").stat().st_size < 10_000


def test_cells_without_a_position_are_counted(tmp_path: Path) -> None:
    row = "<row>" + "<c><v>1</v></c>" * 16_000 + "</row>"
    assert codes(workbook(tmp_path / "wide.xlsx", HEAD + row + "<row/>" * 2000 + TAIL)) == ["FILE-716"]


def test_another_encoding_is_counted_too() -> None:
    text = f'<?xml version="1.0" encoding="UTF-16"?>{HEAD}{FAR["a far cell"]}{TAIL}'.encode("utf-16")
    assert spanned_at_most([text]) is None
    assert spanned(io.BytesIO(text)) == 1048576 * 16384


@pytest.mark.parametrize("rows", [1, 9, 10, 350, 1200])
def test_sheets_as_programs_write_them_need_no_counting(tmp_path: Path, rows: int) -> None:
    path = tmp_path / "plain.xlsx"
    with open_book(path) as book:
        sheet = book.sheet("s")
        for row in range(rows):
            sheet.put_row(row, 0, [f"a{row}", "b"], "text")
    with zipfile.ZipFile(path).open("xl/worksheets/sheet1.xml") as stream:
        most = spanned_at_most([stream.read()])
    with zipfile.ZipFile(path).open("xl/worksheets/sheet1.xml") as stream:
        assert spanned(stream) == rows * 2
    assert most is not None
    assert rows * 2 <= most <= FORM.cells
    assert len(read_workbook(path).sheets[0].rows) == rows
