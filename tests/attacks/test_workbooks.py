"""Workbooks that are small and would make the parser allocate a whole sheet, however they are written."""

import io
import re
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from lying_archives import MOST, lying, peak

from evaluator.errors import EvaluationError
from evaluator.forms import read_indicator_table
from evaluator.workbook import reader
from evaluator.workbook.book import open_book
from evaluator.workbook.decoding import FEW, Contents, decode_all
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
    assert codes(workbook(tmp_path / "far.xlsx", HEAD + cells + TAIL)) in (["FILE-716"], ["FILE-717"])
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


TEXTS = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{}</t></si></sst>'


def often(path: Path, text: str, cell: str = '<c r="A{}" t="s"><v>0</v></c>', rows: int = 30_000) -> Path:
    """Write a small workbook in which one shared text stands in very many cells."""
    rows_ = "".join(f'<row r="{n}">{cell.format(n)}</row>' for n in range(1, rows + 1))
    workbook(path, HEAD + rows_ + TAIL)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/sharedStrings.xml"] = TEXTS.format(text).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("x" * 30_000, '<c r="A{}" t="s"><v>0</v></c>'),
        ("x" * 30_000, "<c r=\"A{}\" t='s'><v>0</v></c>"),
        ("x" * 30_000, '<c r="A{}" t = "s"><v>0</v></c>'),
        ("x" * 30_000, '<c r="A{}" t="&#115;"><v>0</v></c>'),
        ("<![CDATA[" + "</si" * 7_500 + "]]>", '<c r="A{}" t="s"><v>0</v></c>'),
    ],
    ids=["as written", "single quotes", "spaces", "an entity", "a sign within the text"],
)
def test_one_long_text_in_very_many_cells_ends_another_process(tmp_path: Path, text: str, cell: str) -> None:
    path = often(tmp_path / "often.xlsx", text, cell)
    assert path.stat().st_size < 4_000_000
    with pytest.raises(EvaluationError) as raised:
        read_workbook(path, limits=FORM)
    assert [issue.code for issue in raised.value.issues] in (["FILE-716"], ["FILE-717"])


def test_a_long_text_in_many_cells_is_read_where_memory_lasts(tmp_path: Path) -> None:
    """Another process has read it, so it is read here too."""
    path = often(tmp_path / "often.xlsx", "x" * 8_000, rows=10_000)
    [sheet] = read_workbook(path, limits=FORM).sheets
    assert (len(sheet.rows), len(str(sheet.rows[-1][0]))) == (10_000, 8_000)


def test_thousands_of_sheets_are_read_or_refused_in_time(tmp_path: Path) -> None:
    """All of them are one part, so that the file is small."""
    path = workbook(tmp_path / "sheets.xlsx", HEAD + '<row r="1"><c r="A1"><v>7</v></c></row>' + TAIL)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    for name, one in (
        ("xl/workbook.xml", '<sheet name="s{0}" sheetId="{0}" r:id="x{0}"/>'),
        ("xl/_rels/workbook.xml.rels",
         '<Relationship Id="x{0}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
         'worksheet" Target="worksheets/sheet1.xml"/>'),
    ):  # fmt: skip
        end = "</sheets>" if "<sheets>" in parts[name] else "</Relationships>"
        parts[name] = parts[name].replace(end, "".join(map(one.format, range(10, 5_010))) + end)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    opened = read_workbook(path)
    assert (len(opened.sheets), opened.sheet("s5009").at("A1")) == (5_001, 7)


def test_a_helper_takes_no_module_from_the_folder_it_is_started_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A study's folder with a `pickle.py` or `polars.py` runs nothing."""
    for name in ("pickle", "python_calamine", "polars", "resource"):
        (tmp_path / f"{name}.py").write_text(f"open('ran-{name}', 'w')\nraise SystemExit(9)\n")
    monkeypatch.chdir(tmp_path)
    read_workbook(often(tmp_path / "often.xlsx", "x" * 8_000, rows=10_000), limits=FORM)
    form = workbook(tmp_path / "form.xlsx", HEAD + '<row r="1"><c r="A1"><v>1</v></c></row>' + TAIL)
    found = list(decode_all([(form, form.name)] * (2 * FEW), Contents("none", "sheet", 1, "")))
    assert not any(isinstance(one, EvaluationError) for one in found)
    assert not list(tmp_path.glob("ran-*"))


TABLE = "".join(
    f'<row r="{row}">'
    + "".join(
        f'<c r="{col}{row}" t="inlineStr"><is><t>{text}</t></is></c>'
        for col, text in zip("ABC", texts, strict=True)
    )
    + "</row>"
    for row, texts in enumerate([("Criterion", "Indicator", "Weight"), ("Money", "Profit", "1")], start=1)
)


@pytest.mark.parametrize(
    ("cells", "after", "expected"),
    [
        ("", '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>', None),
        ("", "<mergeCells>" + '<mergeCell ref="A3:A9"/>' * 100_000 + "</mergeCells>", None),
        ('<row r="1048576"/>', "", None),
        ('<row r="3"><c r="A3" s="999"><v>1</v></c></row>', "", None),
        ("", '<mergeCells><mergeCell ref="oops"/></mergeCells>', ["FILE-717"]),
    ],
    ids=[
        "all cells in one block",
        "blocks on blocks",
        "a last row",
        "a format that is not there",
        "no block",
    ],
)
def test_the_layout_of_an_indicator_table_costs_no_more_than_its_cells(
    tmp_path: Path, cells: str, after: str, expected: list[str] | None
) -> None:
    """A library that lays a block out cell by cell would take all memory there is."""
    path = workbook(tmp_path / "table.xlsx", HEAD + TABLE + cells + "</sheetData>" + after + "</worksheet>")
    begun = time.process_time()
    try:
        assert "Profit" in read_indicator_table(path).text
        found = None
    except EvaluationError as error:
        found = [issue.code for issue in error.issues]
    assert found == expected
    assert time.process_time() - begun < 5


BOOK, LINKS, TEXTS_PART = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"
MANY = {
    "elements of the workbook": (BOOK, b"</workbook>", b"<a/>", 3_000_000),
    "sheets": (BOOK, b"</sheets>", b'<sheet name="a" sheetId="9" r:id="rId1"/>', 300_000),
    "names": (BOOK, b"</workbook>", b'<definedName name="a">1</definedName>', 300_000),
    "links": (LINKS, b"</Relationships>", b'<Relationship Id="a" Target=""/>', 300_000),
    "formats": ("xl/styles.xml", b"</styleSheet>", b'<numFmt numFmtId="9" formatCode="0"/>', 2_000_000),
    "merged blocks": ("xl/worksheets/sheet1.xml", b"</worksheet>", b'<mergeCell ref="A1:B2"/>', 300_000),
}


@pytest.mark.parametrize(("part", "end", "one", "times"), MANY.values(), ids=MANY)
def test_small_things_in_great_numbers_are_refused_before_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str, end: bytes, one: bytes, times: int
) -> None:
    """Each takes thirty times its text in memory: 61 kB took two gigabytes and fifteen seconds."""
    path = changed(tmp_path / "many.xlsx", part, lambda content: content.replace(end, one * times + end))
    assert path.stat().st_size < 300_000
    if "sheet1" not in part:  # a sheet is measured when the list of sheets has been read
        monkeypatch.setattr(reader, "CalamineWorkbook", None)
    with pytest.raises(EvaluationError) as raised:
        read_workbook(path, limits=FORM)
    assert [issue.code for issue in raised.value.issues] == ["FILE-716"]


def test_empty_texts_in_great_numbers_are_read_by_another_process_first(tmp_path: Path) -> None:
    texts = TEXTS.replace("<si><t>{}</t></si>", "<si/>" * 10_000_000).encode()
    path = changed(tmp_path / "many.xlsx", TEXTS_PART, lambda _: texts)
    assert path.stat().st_size < 100_000
    with pytest.raises(EvaluationError) as raised:
        read_workbook(path, limits=FORM)
    assert [issue.code for issue in raised.value.issues] == ["FILE-716"]


def test_an_archive_of_very_many_parts_is_not_listed(tmp_path: Path) -> None:
    path = workbook(tmp_path / "many.xlsx", HEAD + TAIL)
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(50_000):
            archive.writestr(f"xl/{number}", b"")
    assert codes(path) == ["FILE-716"]


def changed(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """Write a small workbook, one part of it changed."""
    workbook(path, HEAD + '<row r="1"><c r="A1" t="s"><v>0</v></c></row>' + TAIL)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, change(content) if name == part else content)
    return path


@pytest.mark.parametrize("kind", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA], ids=["bzip2", "lzma"])
@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "mimetype"]
)
def test_parts_that_are_unpacked_in_one_go_whatever_is_asked_of_them_are_refused(
    tmp_path: Path, part: str, kind: int
) -> None:
    """A workbook of 3 kB took all the memory there was."""
    made = workbook(tmp_path / "plain.xlsx", HEAD + TAIL)
    with zipfile.ZipFile(made) as archive:
        others = {name: archive.read(name) for name in archive.namelist() if name != part}
    path = lying(tmp_path / "bomb.xlsx", part, kind, others)
    assert peak(lambda: codes(path)) < MOST
    assert codes(path) == ["FILE-717"]


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/styles.xml", "mimetype"])
def test_a_part_that_is_larger_than_it_says_is_unpacked_no_further(tmp_path: Path, part: str) -> None:
    made = workbook(tmp_path / "plain.xlsx", HEAD + TAIL)
    with zipfile.ZipFile(made) as archive:
        others = {name: archive.read(name) for name in archive.namelist() if name != part}
    path = lying(tmp_path / "bomb.xlsx", part, zipfile.ZIP_DEFLATED, others)
    assert peak(lambda: codes(path)) < MOST
    assert codes(path) == ["FILE-717"]


DECLARED = {
    "as programs write it": b'count="2147483648" uniqueCount="2147483648"',
    "single quotes": b"uniqueCount='2147483648'",
    "spaces": b'x="1"  uniqueCount = \n "2147483648"',
    "very many spaces": b'count="7" ' + b" " * 70_000 + b"uniqueCount" + b" " * 70_000 + b'="2147483648"',
}


@pytest.mark.parametrize("said", DECLARED.values(), ids=DECLARED)
def test_more_shared_texts_than_memory_holds_may_be_declared_and_nothing_ends(
    tmp_path: Path, said: bytes
) -> None:
    """The parser makes room for all that the part says it has: 51 GB, and the process ended."""
    path = changed(
        tmp_path / "many.xlsx",
        "xl/sharedStrings.xml",
        lambda part: re.sub(rb"<sst [^>]*>", b"<sst " + said + b">", part),
    )
    assert codes(path)[0] in ("FILE-716", "FILE-717")


def test_a_number_of_shared_texts_that_is_a_little_wrong_is_read(tmp_path: Path) -> None:
    for said in (b'count="1"', b'count="90000" uniqueCount="90000"', b""):
        path = changed(
            tmp_path / "many.xlsx",
            "xl/sharedStrings.xml",
            lambda part, said=said: re.sub(rb"<sst [^>]*>", b"<sst " + said + b">", part),
        )
        assert read_workbook(path).sheets[0].rows[0][0] == "x"
