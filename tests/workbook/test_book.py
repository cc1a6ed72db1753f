"""The writer: text stays inert, mistakes of ours are loud, files appear whole."""

import math
import warnings
from datetime import date

import openpyxl
import pytest

from evaluator.errors import EvaluationError
from evaluator.workbook.book import inert, open_book
from evaluator.workbook.layout import lines, row_height, sheet_name, text_width
from evaluator.workbook.theme import Theme


def written(path, fill, **options):
    with open_book(path, **options) as book:
        fill(book.sheet("表"))
    return openpyxl.load_workbook(path)["表"]


def test_text_stays_text_whatever_it_starts_with(tmp_path):
    risky = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "http://a.b", "{=1}", "12"]

    def fill(sheet):
        for row, text in enumerate(risky):
            sheet.put(row, 0, text)

    cells = [row[0] for row in written(tmp_path / "a.xlsx", fill).iter_rows()]
    assert [cell.value for cell in cells] == risky
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for cell in cells)


def test_control_characters_go_and_long_text_ends_in_an_ellipsis():
    assert inert("a\x00\x1b\ud800b\tc\r\nd\re") == "ab\tc\nd\ne"
    assert len(inert("x" * 40_000)) == 32_767
    assert inert("x" * 40_000).endswith("…")


def test_nothing_and_nan_are_empty_cells_and_zero_is_not(tmp_path):
    def fill(sheet):
        sheet.put_row(0, 0, [None, math.nan, "", 0.0, True, date(2024, 2, 29)])

    values = [cell.value for cell in written(tmp_path / "a.xlsx", fill)[1]]
    assert values[:5] == [None, None, None, 0, True]
    assert values[5].date() == date(2024, 2, 29)


def test_a_formula_carries_the_value_it_has_now(tmp_path):
    path = tmp_path / "a.xlsx"
    written(path, lambda sheet: sheet.formula(0, 0, "=1+1", 2.0))
    assert openpyxl.load_workbook(path)["表"]["A1"].value == "=1+1"
    assert openpyxl.load_workbook(path, data_only=True)["表"]["A1"].value == 2


def test_a_return_code_that_is_not_zero_is_our_own_fault(tmp_path):
    with pytest.raises(RuntimeError, match="returned -1"), open_book(tmp_path / "a.xlsx") as book:
        book.sheet("a").put(2_000_000, 0, "beyond the last row")
    assert not (tmp_path / "a.xlsx").exists()


def test_cells_out_of_order_in_a_bulk_sheet_are_our_own_fault(tmp_path):
    path = tmp_path / "a.xlsx"
    with open_book(path, constant_memory=True) as book:
        sheet = book.sheet("a")
        sheet.put(5, 0, 1.0)
        with pytest.raises(RuntimeError, match="returned -1"):
            sheet.put(1, 0, 1.0)


def test_a_bulk_sheet_that_fails_leaves_no_temporary_file(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    path = tmp_path / "out" / "a.xlsx"
    with pytest.raises(ZeroDivisionError), open_book(path, constant_memory=True) as book:
        book.sheet("a").put(0, 0, 1 / 0)
    assert [entry.name for entry in tmp_path.rglob("*")] == ["out"]


def test_the_same_content_gives_the_same_bytes(tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        written(tmp_path / name, lambda sheet: sheet.put(0, 0, "甲", "title"))
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_block_that_fails_leaves_the_old_file_and_nothing_beside_it(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")
    with pytest.raises(ZeroDivisionError), open_book(path) as book:
        book.sheet("a").put(0, 0, 1 / 0)
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.xlsx"]


def test_a_file_open_elsewhere_is_not_replaced_and_the_new_one_stays_beside_it(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(b"old")
    (tmp_path / "~$a.xlsx").write_bytes(b"")
    with pytest.raises(EvaluationError) as caught:
        written(tmp_path / "a.xlsx", lambda sheet: sheet.put(0, 0, "x"))
    assert [issue.code for issue in caught.value.issues] == ["FILE-702"]
    assert (tmp_path / "a.xlsx").read_bytes() == b"old"
    assert openpyxl.load_workbook(tmp_path / "a.new.xlsx")["表"]["A1"].value == "x"


@pytest.mark.parametrize(
    ("wanted", "taken", "name"),
    [
        ("利润/收入:[a]*?", [], "利润 收入  a"),
        ("'quoted'", [], "quoted"),
        ("", [], "Sheet"),
        ("History", [], "History (2)"),
        ("Scores", ["scores", "SCORES (2)"], "Scores (3)"),
        ("很" * 40, ["很" * 31], "很" * 27 + " (2)"),
        ("😀" * 20, [], "😀" * 15),
    ],
)
def test_a_sheet_name_is_one_excel_accepts(wanted, taken, name):
    assert sheet_name(wanted, taken) == name


def test_sheets_of_one_name_are_told_apart_and_formulas_quote_them(tmp_path):
    with open_book(tmp_path / "a.xlsx") as book:
        first, second = book.sheet("O'Brien"), book.sheet("O'brien")
        first.put(0, 0, 5.0)
        second.formula(0, 0, f"={first.cell(0, 0)}*2", 10.0)
        assert first.cell(0, 0) == "'O''Brien'!$A$1"
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames == ["O'Brien", "O'brien (2)"]


def test_wrapped_text_gets_the_height_its_width_needs(tmp_path):
    def fill(sheet):
        sheet.widths(10)
        sheet.put(0, 0, "毛利润" * 6, "text")
        sheet.put(1, 0, "短", "text")
        sheet.merge((2, 0, 2, 4), "毛利润" * 6, "text")
        sheet.put(3, 0, "毛利润" * 6, "text")
        sheet.height(3, 21)

    heights = [written(tmp_path / "a.xlsx", fill).row_dimensions[row].height for row in (1, 2, 3, 4)]
    assert heights[0] == row_height(lines("毛利润" * 6, 10), 10)
    assert heights[1] == heights[2] == row_height(1, 10) < heights[0]
    assert heights[3] == 21


def test_chinese_characters_are_two_columns_wide():
    assert text_width("甲b") == 3
    assert text_width("甲乙") == 4
    assert lines("", 5) == 1


def test_only_input_cells_of_a_protected_sheet_can_be_changed(tmp_path):
    def fill(sheet):
        sheet.put(0, 0, None, "input")
        sheet.put(0, 1, "label", "label")
        sheet.protect()

    sheet = written(tmp_path / "a.xlsx", fill)
    assert sheet.protection.sheet
    assert not sheet["A1"].protection.locked
    assert sheet["A1"].number_format == "@"
    assert sheet["B1"].protection.locked


def test_choices_names_bars_charts_and_print_set_up_reach_the_file(tmp_path):
    path = tmp_path / "a.xlsx"
    with open_book(path, language="en", title="T") as book:
        hidden = book.sheet("lists", hidden=True)
        hidden.put_row(0, 0, ["a", "b"])
        sheet = book.sheet("main", tab="accent")
        sheet.choices((0, 0, 3, 0), book.name("answers", hidden, (0, 0), (0, 1)))
        sheet.put(0, 1, 0.4, "weight good")
        sheet.bars((0, 1, 3, 1), most=1)
        sheet.highlight((0, 1, 3, 1), "=$B1>0.3", "warn")
        chart = book.chart("bar")
        chart.add_series({"values": ["main", 0, 1, 3, 1]})
        sheet.chart(5, 0, chart, alt="weights")
        sheet.page(landscape=True, heading_rows=1, footer="A & B")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl names the newer form of data bars it drops
        book = openpyxl.load_workbook(path)
    main = book["main"]
    assert book["lists"].sheet_state == "veryHidden"
    assert book.defined_names["answers"].attr_text == "'lists'!$A$1:$B$1"
    assert main.data_validations.dataValidation[0].formula1 == "answers"
    assert main.page_setup.orientation == "landscape"
    assert main.page_setup.paperSize == 9
    assert main.oddFooter.left.text == "A && B"
    assert {rule.type for rules in main.conditional_formatting for rule in rules.rules} == {
        "dataBar",
        "expression",
    }
    assert book.properties.title == "T"


def test_an_unknown_style_is_our_own_fault(tmp_path):
    with pytest.raises(KeyError), open_book(tmp_path / "a.xlsx") as book:
        book.sheet("a").put(0, 0, "x", "shiny")


def test_later_style_names_win_and_colours_come_from_the_theme():
    style = Theme().with_colours(good="#010203").style("score muted good", "zh")
    assert (style["num_format"], style["font_color"]) == ("0.0", "#010203")


def test_writing_raises_no_warning(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        written(tmp_path / "a.xlsx", lambda sheet: sheet.put(0, 0, "x"))
