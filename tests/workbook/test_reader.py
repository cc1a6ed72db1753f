"""The reader: cell addresses hold, and every way of failing is named with its file."""

import re
import shutil
import struct
import zipfile
from datetime import date

import pytest

from evaluator.errors import EvaluationError, Severity
from evaluator.workbook.book import open_book
from evaluator.workbook.reader import FORM, Limits, address, position, read_workbook


def written(path):
    with open_book(path) as new:
        sheet = new.sheet("数据")
        sheet.put(2, 1, "甲")
        sheet.put_row(4, 1, [1.5, date(2024, 1, 3), True])
        sheet.formula(5, 1, "=B5*2", 3.0)
        new.sheet("_meta", hidden=True).put(0, 0, "x")
    return path


@pytest.fixture
def book(tmp_path):
    return written(tmp_path / "张三.xlsx")


def failure(path, **options):
    with pytest.raises(EvaluationError) as caught:
        read_workbook(path, name="given.xlsx", **options)
    [issue] = caught.value.issues
    assert str(issue.where) == "given.xlsx"
    assert "given.xlsx" in issue.text("zh")
    assert "given.xlsx" in issue.text("en")
    return issue.code


def test_cells_are_found_at_the_address_the_program_shows(book):
    read = read_workbook(book, name="z.xlsx")
    sheet = read.sheet("数据")
    assert [sheet.at(cell) for cell in ("A1", "B3", "B5", "C5", "D5", "B6")] == [
        None, "甲", 1.5, date(2024, 1, 3), True, 3.0,
    ]  # fmt: skip
    assert sheet.value(999, 999) is None
    assert str(sheet.where(2, 1)) == "z.xlsx!数据!B3"
    assert read.names == ("数据", "_meta")
    assert [entry.hidden for entry in read.sheets] == [False, True]


def test_only_the_sheets_asked_for_are_read(book):
    assert [sheet.name for sheet in read_workbook(book, sheets=[0]).sheets] == ["数据"]
    assert [sheet.name for sheet in read_workbook(book, sheets=["_meta", "no"]).sheets] == ["_meta"]


@pytest.mark.parametrize("cell", ["A1", "Z9", "AA10", "XFD1048576"])
def test_address_and_position_are_each_others_inverse(cell):
    assert address(*position(cell)) == cell


@pytest.mark.parametrize("cell", ["", "7", "A0", "A-1", "ABCD1"])
def test_what_is_no_address_is_refused(cell):
    with pytest.raises(ValueError, match="address"):
        position(cell)


def test_a_file_that_is_not_there(tmp_path):
    assert failure(tmp_path / "no.xlsx") == "FILE-711"


def test_a_folder_is_not_readable(tmp_path):
    assert failure(tmp_path) == "FILE-712"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "FILE-713"),
        (b"id,amount\n1,2\n", "FILE-714"),
        (b"<html><table></table></html>", "FILE-714"),
        (b"PK\x03\x04 and then nothing", "FILE-717"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "FILE-717"),
    ],
)
def test_content_that_is_no_workbook_is_named_whatever_the_ending_says(tmp_path, content, code):
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    assert failure(path) == code


def test_an_archive_that_is_no_workbook(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert failure(tmp_path / "a.xlsx") == "FILE-714"


def test_a_workbook_cut_short_is_damaged(book):
    book.write_bytes(book.read_bytes()[:-200])
    assert failure(book) == "FILE-717"


def test_a_workbook_with_a_flipped_byte_in_a_sheet_is_damaged(book):
    content = bytearray(book.read_bytes())
    start = content.index(b"xl/worksheets/sheet1.xml") + 60
    content[start] ^= 0xFF
    book.write_bytes(content)
    assert failure(book) == "FILE-717"


def compound_file(stream):
    """The smallest compound file with one named stream: header, allocation table, directory."""
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6)
    header += bytes(6) + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<I", 0) + struct.pack("<I", free) * 108
    table = struct.pack("<II", 0xFFFFFFFD, end) + struct.pack("<I", free) * 126

    def entry(name, kind, child):
        text = name.encode("utf-16-le") + b"\0\0"
        names = text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)
        return names + struct.pack("<III", free, free, child) + bytes(36) + struct.pack("<IQ", end, 0)

    directory = entry("Root Entry", 5, 1) + entry(stream, 2, free) + bytes(256)
    return header + table + directory


def test_an_encrypted_workbook_asks_for_one_without_password(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(compound_file("EncryptedPackage"))
    assert failure(path) == "FILE-715"


def archive_with_sheet(path, sheet, source):
    """Copy a workbook with another first sheet."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, sheet if part == "xl/worksheets/sheet1.xml" else old.read(part))


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path, book):
    archive_with_sheet(tmp_path / "a.xlsx", b" " * (70 << 20), book)
    assert (tmp_path / "a.xlsx").stat().st_size < 1 << 20
    assert failure(tmp_path / "a.xlsx", limits=FORM) == "FILE-716"


def test_a_stray_cell_in_the_last_corner_is_refused(tmp_path, book):
    cell = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + b'<row r="1"><c r="A1"><v>1</v></c></row>'
        + cell
        + b"</sheetData></worksheet>"
    )
    archive_with_sheet(tmp_path / "a.xlsx", sheet, book)
    assert failure(tmp_path / "a.xlsx") == "FILE-716"


def test_a_sheet_beyond_the_limit_is_refused_and_one_at_the_limit_read(book):
    assert failure(book, limits=Limits(cells=6 * 4 - 1)) == "FILE-716"
    assert read_workbook(book, limits=Limits(cells=6 * 4)).sheet("数据").at("B3") == "甲"


def with_parts(path, source, parts):
    """Copy a workbook with further parts, or others instead of its own."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, parts.get(part, old.read(part)))
        for part in parts.keys() - set(old.namelist()):
            new.writestr(part, parts[part])
    return path


def test_a_sheet_of_more_cells_than_a_form_may_span_is_refused(tmp_path, book):
    row = b'<row r="%d"><c r="A%d"><v>1</v></c></row>'
    rows = b"".join(row % (number, number) for number in range(1, FORM.cells + 2))
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + rows
        + b"</sheetData></worksheet>"
    )
    archive_with_sheet(tmp_path / "a.xlsx", sheet, book)
    assert failure(tmp_path / "a.xlsx", limits=FORM) == "FILE-716"


def test_only_what_is_read_is_measured(tmp_path, book):
    """A stray cell on a sheet nobody asks for does no harm."""
    cell = (
        b'<worksheet><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    archive_with_sheet(tmp_path / "a.xlsx", cell, book)
    assert read_workbook(tmp_path / "a.xlsx", sheets=["_meta"]).sheet("_meta").at("A1") == "x"
    assert failure(tmp_path / "a.xlsx", sheets=["数据"]) == "FILE-716"


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        ("xl/vbaProject.bin", "foreign.macros"),
        ("xl/externalLinks/externalLink1.xml", "foreign.links"),
        ("xl/embeddings/oleObject1.bin", "foreign.objects"),
        ("xl/activeX/activeX1.xml", "foreign.objects"),
    ],
)
def test_macros_links_and_objects_are_named_and_nothing_of_them_is_read(tmp_path, book, part, kind):
    read = read_workbook(with_parts(tmp_path / "a.xlsm", book, {part: b"\0" * 10}), name="a.xlsm")
    assert read.sheet("数据").at("B3") == "甲"
    [issue] = read.issues
    assert (issue.code, issue.severity, issue.detail["kind"], str(issue.where)) == (
        "FILE-719", Severity.NOTE, kind, "a.xlsm"
    )  # fmt: skip
    assert issue.text("zh") != issue.text("en")


def test_an_archive_that_lies_about_a_size_is_damaged(tmp_path, book):
    """The directory says a part is small, so that nobody would refuse it; it unpacks to more."""
    path = with_parts(
        tmp_path / "a.xlsx", book, {"xl/sharedStrings.xml": b"<sst>" + b" " * 100_000 + b"</sst>"}
    )
    content = bytearray(path.read_bytes())
    content = content.replace(struct.pack("<I", 100_011), struct.pack("<I", 11))
    path.write_bytes(content)
    with zipfile.ZipFile(path) as archive:
        assert archive.getinfo("xl/sharedStrings.xml").file_size == 11
    assert failure(path) == "FILE-717"


def test_a_part_that_stands_twice_is_damaged(tmp_path, book):
    path = tmp_path / "a.xlsx"
    path.write_bytes(book.read_bytes())
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("xl/worksheets/sheet1.xml", b"<worksheet/>")
    assert failure(path) == "FILE-717"


def test_a_document_type_is_never_expanded(tmp_path, book):
    bomb = b'<!DOCTYPE a [<!ENTITY a "aaaa">]><workbook>&a;</workbook>'
    assert failure(with_parts(tmp_path / "a.xlsx", book, {"xl/workbook.xml": bomb})) == "FILE-717"


@pytest.mark.parametrize(
    "declared",
    [
        b'version="1.0" encoding="UTF<8"',
        b'version="1.0" encoding="GBK"',
        b'version="1.0" encoding="none"',
        b"1.0",
    ],
)
def test_a_declaration_that_parsers_disagree_on_is_damage(tmp_path, book, declared):
    part = zipfile.ZipFile(book).read("xl/workbook.xml")
    part = b"<?xml " + declared + b"?>" + part[part.index(b"<workbook") :]
    assert failure(with_parts(tmp_path / "a.xlsx", book, {"xl/workbook.xml": part})) == "FILE-717"


@pytest.fixture(scope="module")
def open_document(converted, tmp_path_factory):
    """The workbook as LibreOffice saves it in its own format; to be read alone."""
    folder = tmp_path_factory.mktemp("ods")
    return converted([written(folder / "张三.xlsx")], folder, "ods")[0]


@pytest.mark.parametrize("name", ["张三.ods", "张三.xlsx"])
def test_an_opendocument_file_is_read_whatever_it_is_called(open_document, tmp_path, name):
    read = read_workbook(shutil.copy(open_document, tmp_path / name))
    assert [(sheet.name, sheet.hidden) for sheet in read.sheets] == [("数据", False), ("_meta", True)]
    assert [read.sheets[0].at(cell) for cell in ("B3", "B5", "C5", "D5", "B6")] == [
        "甲", 1.5, date(2024, 1, 3), True, 3.0,
    ]  # fmt: skip


def with_content(path, source, change):
    """Copy an OpenDocument file with other contents."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            content = old.read(part)
            new.writestr(part, change(content) if part == "content.xml" else content)
    return path


def test_a_row_of_an_opendocument_file_that_stands_for_a_million_is_too_large(open_document, tmp_path):
    def repeat(content):
        once = re.sub(rb' table:number-rows-repeated="\d+"', b"", content)
        return once.replace(b"<table:table-row ", b'<table:table-row table:number-rows-repeated="9000000" ')

    assert failure(with_content(tmp_path / "a.ods", open_document, repeat)) == "FILE-716"


def test_a_document_type_in_an_opendocument_file_is_never_expanded(open_document, tmp_path):
    def declare(content):
        return content.replace(b"?>", b'?><!DOCTYPE a [<!ENTITY a "aaaa">]>', 1)

    assert failure(with_content(tmp_path / "a.ods", open_document, declare)) == "FILE-717"


def test_a_workbook_open_elsewhere_is_read_with_a_warning(book):
    book.with_name("~$张三.xlsx").write_bytes(b"")
    [issue] = read_workbook(book, name="z.xlsx").issues
    assert (issue.code, issue.severity, str(issue.where)) == ("FILE-718", Severity.WARNING, "z.xlsx")


def test_an_old_workbook_is_read_like_a_new_one(book, tmp_path, converted):
    converted([book], tmp_path / "old", "xls")
    read = read_workbook(tmp_path / "old" / "张三.xls").sheet("数据")
    assert [read.at(cell) for cell in ("B3", "B5", "C5", "B6")] == ["甲", 1.5, date(2024, 1, 3), 3.0]
