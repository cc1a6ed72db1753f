"""Workbooks of the language are laid out and drawn as their text says."""

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from canonical import opened

from evaluator.errors import EvaluationError
from evaluator.workbook import drawing
from evaluator.workbook.drawing import draw
from evaluator.workbook.language import parse
from evaluator.workbook.placing import place

SCORES = pl.DataFrame(
    {
        "id": ["001", "002", "=1+1", "+4"],
        "x": [1.5, None, 30.25, 40.0],
        "y": [0.1, 0.7, None, 1 / 3],
        "class": ["gold", "gold", "iron", "iron"],
    }
)
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)


def book(*sheets: str, names: str = "") -> str:
    texts = (
        f'<sheet title="S{number}" {sheet if sheet.lstrip().startswith("freeze") else ">" + sheet}</sheet>'
        for number, sheet in enumerate(sheets, start=1)
    )
    return f'<workbook title="T" subject="about" author="who">{"".join(texts)}{names}</workbook>'


TABLE = (
    '<table name="t" rows="scores" group="class" filter="yes"><column key="id" style="id">Id</column>'
    '<column key="x" style="score">X</column><column key="y" style="weight">Y</column></table>'
)


def drawn(text: str, path: Path, **options: Any) -> openpyxl.Workbook:
    draw(parse(text, file="a"), path, data={"scores": SCORES, "none": SCORES.head(0)}, **options)
    return opened(path)


def mistakes(text: str) -> list[tuple[str, str]]:
    with pytest.raises(EvaluationError) as caught:
        place(parse(text, file="a"), data={"scores": SCORES, "none": SCORES.head(0)}, pictures={"logo"})
    return [(issue.code, issue.subject) for issue in caught.value.issues]


def test_rows_and_tables_follow_each_other_and_names_become_addresses(tmp_path: Path) -> None:
    """A name may be used before it is given and from another sheet."""
    text = book(
        '<row><cell formula="SUM({t.x}) + SUM({t.iron.x}) + {late}" value="144.5"/></row>',
        '<row/><row><cell column="3">c</cell><cell name="late" value="2.5"/></row>'
        f"{TABLE}<row><cell>end</cell></row>",
    )
    sheets = drawn(text, tmp_path / "a.xlsx")
    assert sheets["S1"]["A1"].value == "=SUM('S2'!$B$4:$B$7) + SUM('S2'!$B$6:$B$7) + 'S2'!$D$2"
    assert [cell.value for cell in sheets["S2"][2]] == [None, None, "c", 2.5]
    assert [cell.value for cell in sheets["S2"][3]][:3] == ["Id", "X", "Y"]
    assert sheets["S2"]["A8"].value == "end"
    assert sheets["S2"].auto_filter.ref == "A3:C7"
    cached = opened(tmp_path / "a.xlsx", data_only=True)
    assert cached["S1"]["A1"].value == 144.5


def test_values_are_exact_and_text_is_inert(tmp_path: Path) -> None:
    """Numbers come back to the last bit, what is missing is blank, text that looks like a formula is text."""
    sheet = drawn(book(TABLE), tmp_path / "a.xlsx")["S1"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert rows == [["001", 1.5, 0.1], ["002", None, 0.7], ["=1+1", 30.25, None], ["+4", 40, 1 / 3]]
    assert {cell.data_type for row in sheet.iter_rows(min_row=2, max_col=1) for cell in row} == {"s"}


def test_days_spans_heights_and_widths(tmp_path: Path) -> None:
    text = book(
        '<column width="20"/><column width="9" repeat="2"/><row height="33" style="title">'
        '<cell span="3">Wide</cell></row><row><cell day="2024-02-29" style="date"/></row>'
    )
    sheet = drawn(text, tmp_path / "a.xlsx")["S1"]
    assert str(next(iter(sheet.merged_cells.ranges))) == "A1:C1"
    assert sheet.row_dimensions[1].height == 33
    assert sheet["A2"].value == dt.datetime(2024, 2, 29)
    widths = [(entry.min, entry.max, round(entry.width)) for entry in sheet.column_dimensions.values()]
    assert widths == [(1, 1, 21), (2, 3, 10)]


def test_a_table_without_rows_says_so_and_keeps_its_names(tmp_path: Path) -> None:
    text = book(
        '<row><cell formula="SUM({n.x})" value="0"/></row>'
        '<table name="n" rows="none" empty="Nobody"><column key="x">X</column></table>'
    )
    sheet = drawn(text, tmp_path / "a.xlsx")["S1"]
    assert (sheet["A1"].value, sheet["A3"].value) == ("=SUM('S1'!$A$3)", "Nobody")


def test_freezing_a_table_keeps_its_heading_in_view_and_in_print(tmp_path: Path) -> None:
    sheet = drawn(book(f'freeze="t" freeze-columns="2" landscape="yes"><row/>{TABLE}'), tmp_path / "a.xlsx")[
        "S1"
    ]
    assert sheet.freeze_panes == "C3"
    assert sheet.print_title_rows == "$2:$2"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)


def test_a_long_sheet_prints_its_beginning_on_one_page_and_says_so(tmp_path: Path) -> None:
    many = "<row><cell>a</cell><cell>b</cell><cell>c</cell></row>" * 9
    attributes = 'freeze-columns="1" print-rows="{}" print-columns="2" print-note="N" footer="F"'
    cut, whole = (
        drawn(book(f"{attributes.format(rows)}>{many}"), tmp_path / f"{rows}.xlsx")["S1"] for rows in (4, 9)
    )
    assert (cut.print_area, cut.oddFooter.left.text) == ("'S1'!$A$1:$B$4", "N · F")
    assert cut.page_setup.fitToHeight is None  # one page, which a file need not say
    assert (whole.print_area, whole.page_setup.fitToHeight) == ("'S1'!$A$1:$B$9", 0)
    assert whole.oddFooter.left.text == "F"


def test_rules_choices_names_and_properties(tmp_path: Path) -> None:
    """A cut in a rule lies 1e-9 under the stated one; a drop-down reads its list through a name."""
    text = book(
        TABLE + '<rule on="t.x" kind="bar" most="100"/><rule on="t.y" kind="below" value="0.6" style="warn"/>'
        '<rule on="t.y" kind="at_least" value="0.6" style="good"/>'
        '<rule on="t.id" kind="equals" value="a&quot;b" style="bad"/>',
        '<row><cell name="pick"/></row><choice on="pick" values="t.id"/>',
        names='<name name="scores_x" refers="t.x"/>',
    )
    sheets = drawn(text, tmp_path / "a.xlsx")
    rules = [rule for entry in sheets["S1"].conditional_formatting for rule in entry.rules]
    assert [(rule.type, rule.operator, rule.formula) for rule in rules if rule.type != "dataBar"] == [
        ("cellIs", "lessThan", ["0.599999999"]),
        ("cellIs", "greaterThanOrEqual", ["0.599999999"]),
        ("cellIs", "equal", ['"a""b"']),
    ]
    assert any(rule.type == "dataBar" for rule in rules)
    assert sheets["S2"].data_validations.dataValidation[0].formula1 == "_choices_1"
    assert sheets.defined_names["_choices_1"].value == "'S1'!$A$2:$A$5"
    assert sheets.defined_names["scores_x"].value == "'S1'!$B$2:$B$5"
    assert (sheets.properties.title, sheets.properties.subject, sheets.properties.creator) == (
        "T",
        "about",
        "who",
    )


@pytest.mark.parametrize("kind", ["bar", "column", "line", "scatter"])
def test_charts_point_at_their_cells_and_carry_words(kind: str, tmp_path: Path) -> None:
    text = book(
        f'{TABLE}<chart kind="{kind}" title="Head" alt="In words" x-title="ex" y-most="100" width="400" '
        'height="200"><series title="gold" x="t.gold.x" y="t.gold.y" colour="accent"/><series title="rest" '
        'x="t.iron.x" y="t.iron.y" marks="no" line="yes"/></chart><row><cell>after</cell></row>'
    )
    sheet = drawn(text, tmp_path / "a.xlsx")["S1"]
    assert sheet["A17"].value == "after"
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        chart = archive.read("xl/charts/chart1.xml").decode()
        anchor = archive.read("xl/drawings/drawing1.xml").decode()
    assert "'S1'!$C$2:$C$3" in chart or "S1!$C$2:$C$3" in chart
    assert "S1!$B$4:$B$5" in chart.replace("'", "")
    assert "Head" in chart
    assert 'descr="In words"' in anchor


def test_images_stand_where_they_are_written(tmp_path: Path) -> None:
    text = book('<image picture="logo" alt="our logo" rows="2"/><row><cell>below</cell></row>')
    sheet = drawn(text, tmp_path / "a.xlsx", pictures={"logo": PICTURE})["S1"]
    assert sheet["A3"].value == "below"
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert archive.read("xl/media/image1.png") == PICTURE
        anchor = archive.read("xl/drawings/drawing1.xml").decode()
    assert 'descr="our logo"' in anchor
    assert "<xdr:from><xdr:col>0</xdr:col>" in anchor


def test_bulk_tables_are_written_in_constant_memory_with_the_same_cells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = book(
        f'<row style="subtitle"><cell span="3">{"long " * 40}</cell></row>{TABLE}',
        "<row/>" + "<row><cell>x</cell></row>",
    )
    usual = drawn(text, tmp_path / "a.xlsx")
    monkeypatch.setattr(drawing, "BULK", 2)
    bulk = drawn(text, tmp_path / "b.xlsx")
    for sheet in usual:
        assert [[c.value for c in row] for row in sheet] == [
            [c.value for c in row] for row in bulk[sheet.title]
        ]
    assert bulk["S1"].row_dimensions[1].height == usual["S1"].row_dimensions[1].height > 30
    with zipfile.ZipFile(tmp_path / "b.xlsx") as archive:
        assert b"inlineStr" in archive.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    ("inside", "found"),
    [
        (TABLE + '<row><cell name="t" value="1"/></row>', [("REPORT-836", "t")]),
        ('<row><cell formula="{lost} + 1" value="1"/></row>', [("REPORT-837", "lost")]),
        (TABLE + '<rule on="t.z" kind="bar"/>', [("REPORT-837", "t.z")]),
        ('<chart kind="line" alt="a"><series title="s" x="p" y="t"/></chart>' + TABLE, [("REPORT-837", "p")]),
        ('<choice on="p" values="q"/>', [("REPORT-837", "p"), ("REPORT-837", "q")]),
        ('<table name="t" rows="score"><column key="x">X</column></table>', [("REPORT-839", "score")]),
        ('<table name="t" rows="scores"><column key="z">X</column></table>', [("REPORT-839", "scores.z")]),
        ('<table name="t" rows="none" group="z"><column key="x"/></table>', [("REPORT-839", "none.z")]),
        ('<image picture="logos" alt="a"/>', [("REPORT-839", "logos")]),
        (TABLE + TABLE.replace('"t"', '"u"'), [("REPORT-842", "u")]),
        ('<row><cell column="16384"/><cell/></row>', [("REPORT-843", "1")]),
        ('<row><cell span="3"/><cell column="3"/></row>', [("REPORT-844", "3")]),
        ('<row><cell column="0"/></row>', [("REPORT-844", "0")]),
    ],
)  # fmt: skip
def test_a_mistake_of_layout_is_named(inside: str, found: list[tuple[str, str]]) -> None:
    assert mistakes(book(inside)) == found


def test_mistakes_of_every_sheet_come_together_with_near_names() -> None:
    with pytest.raises(EvaluationError) as caught:
        place(
            parse(
                book('freeze="u">' + TABLE, TABLE.replace('"t"', '"u"') + '<rule on="t.xx" kind="bar"/>'),
                file="a",
            ),
            data={"scores": SCORES},
        )
    assert [(issue.code, issue.subject, str(issue.where)) for issue in caught.value.issues] == [
        ("REPORT-837", "u", "a:1"),
        ("REPORT-837", "t.xx", "a:1"),
    ]
    assert "t.x" in caught.value.issues[1].hint


def test_a_sheet_cannot_be_longer_than_excel_allows() -> None:
    frame = pl.DataFrame({"x": pl.zeros(1_048_576, eager=True)})
    text = book('<table name="t" rows="scores"><column key="x">X</column></table>')
    with pytest.raises(EvaluationError) as caught:
        place(parse(text, file="a"), data={"scores": frame})
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [("REPORT-843", "S1")]


def test_nothing_is_written_when_the_template_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError):
        drawn(book('<rule on="x" kind="bar"/>'), tmp_path / "a.xlsx")
    assert not list(tmp_path.iterdir())


def test_rows_of_a_group_must_stand_together() -> None:
    """Data in the wrong order are our mistake, not the template's."""
    with pytest.raises(ValueError, match="gold"):
        place(parse(book(TABLE), file="a"), data={"scores": SCORES[[0, 2, 1]]})


def test_a_column_of_formulas_reads_its_own_row_its_neighbour_and_ranges(tmp_path: Path) -> None:
    """Beyond the live rows stand values; a range goes from one name to another."""
    text = book(
        '<row><cell name="a" value="2"/><cell name="b" value="3"/></row>'
        '<table name="t" rows="scores" live="3"><column key="id">Id</column><column key="x">X</column>'
        '<column key="y" formula="SUM({@x:y}) * SUM({a:b}) + {u.x@} + SUM({t.x})">Y</column></table>',
        '<row/><table name="u" rows="scores"><column key="x">X</column></table>',
    )
    sheet = drawn(text, tmp_path / "a.xlsx")["S1"]
    found = [row[0].value for row in sheet["C3:C6"]]
    assert found[:3] == [
        f"=SUM($B{row}:$C{row}) * SUM($A$1:$B$1) + 'S2'!$A{row} + SUM($B$3:$B$6)" for row in (3, 4, 5)
    ]
    assert found[3] == 1 / 3
    cached = opened(tmp_path / "a.xlsx", data_only=True)["S1"]
    assert [row[0].value for row in cached["C3:C6"]] == [0.1, 0.7, None, 1 / 3]


def test_names_of_rows_are_checked_like_others() -> None:
    """A column that is not there, a row outside any table, and half a range are all found."""
    table = '<table name="t" rows="scores"><column key="x" formula="{@z} + {t.q@}">X</column></table>'
    text = book(f'{table}<row><cell formula="{{@x}} + {{t.x:none}}" value="1"/></row>')
    assert mistakes(text) == [
        ("REPORT-837", "t.z"),
        ("REPORT-837", "t.q"),
        ("REPORT-837", "@x"),
        ("REPORT-837", "none"),
    ]


def test_a_link_leads_to_a_cell_and_is_plain_text_without_one(tmp_path: Path) -> None:
    text = book(
        '<row><cell link="there">go</cell><cell link="nowhere">stay</cell></row>',
        '<row/><row><cell column="2" name="there">here</cell></row>',
    )
    sheet = drawn(text, tmp_path / "a.xlsx")["S1"]
    assert (sheet["A1"].value, sheet["A1"].hyperlink.location) == ("go", "'S2'!B2")
    assert (sheet["B1"].value, sheet["B1"].hyperlink) == ("stay", None)
