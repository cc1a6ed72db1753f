"""The workbook language reads every element, and names every mistake with its template line."""

import pytest

from evaluator.errors import EvaluationError, Issue
from evaluator.workbook.elements import GRAMMAR, Cell, Chart, Row, Series, Table, attributes
from evaluator.workbook.language import parse

FILE = "workbook/a.xml.j2"


def book(inside: str) -> str:
    sheet = f'<sheet title="S" template-line="{FILE}:2">{inside}</sheet>'
    return f'<workbook title="T" template-line="{FILE}:1">{sheet}</workbook>'


def mistakes(text: str) -> tuple[Issue, ...]:
    with pytest.raises(EvaluationError) as caught:
        parse(text, file=FILE)
    return caught.value.issues


def test_elements_carry_their_values_in_the_kinds_they_are_declared() -> None:
    """Numbers, days, truths, words and text become values; what is not stated has its default."""
    workbook = parse(
        book(
            '<column width="12.5" repeat="3"/>'
            '<row style="heading"><cell span="2"> a &lt;b&gt; </cell><cell value="0.1" name="a.b"/>'
            '<cell day="2024-01-31"/><cell formula="{a.b} * 2" value="0.2"/><cell value=""/></row>'
            '<table name="t" rows="data" filter="yes"><column key="x" style="score">X</column></table>'
            '<chart kind="scatter" alt="words"><series title="s" x="t.x" y="t.x" line="yes"/></chart>'
        ),
        file=FILE,
    )
    column, row, table, chart = workbook.sheets[0].parts
    assert (column.width, column.repeat) == (12.5, 3)
    assert isinstance(row, Row)
    assert isinstance(table, Table)
    assert isinstance(chart, Chart)
    assert [cell.text for cell in row.cells] == [" a <b> ", "", "", "", ""]
    assert [cell.value for cell in row.cells] == [None, 0.1, None, 0.2, None]
    assert row.cells[2].day.isoformat() == "2024-01-31"
    assert (table.filter, table.columns[0].text, table.column) == (True, "X", 1)
    assert chart.series[0].line
    assert chart.legend


def test_places_come_from_the_template_and_are_inherited_where_a_tag_was_computed() -> None:
    """A start tag that carries no line takes the line of the element around it."""
    workbook = parse(book('<row template-line="workbook/b.xml.j2:7"><cell/></row><row/>'), file=FILE)
    first, second = workbook.sheets[0].parts
    assert str(first.where) == "workbook/b.xml.j2:7"
    assert str(first.cells[0].where) == "workbook/b.xml.j2:7"
    assert str(second.where) == f"{FILE}:2"


@pytest.mark.parametrize(
    ("inside", "code", "subject", "hint"),
    [
        ('<roww template-line="f:9"/>', "REPORT-831", "roww", ("row",)),
        ('<cell template-line="f:9"/>', "REPORT-831", "cell", ()),
        ('<row><row template-line="f:9"/></row>', "REPORT-831", "row", ()),
        ('<row><cell><b template-line="f:9"/></cell></row>', "REPORT-831", "b", ()),
        ('<row template-line="f:9" hight="3"/>', "REPORT-832", "hight", ("height",)),
        ('<chart template-line="f:9" kind="line" alt="a" x_title="3"/>', "REPORT-832", "x_title", ()),
        ('<column template-line="f:9"/>', "REPORT-833", "width", ()),
        ('<row><cell template-line="f:9" formula="1 + 1"/></row>', "REPORT-833", "value", ()),
        ('<row template-line="f:9" height="tall"/>', "REPORT-834", "height", ()),
        ('<row template-line="f:9" height="inf"/>', "REPORT-834", "height", ()),
        ('<row><cell template-line="f:9" span="-1"/></row>', "REPORT-834", "span", ()),
        ('<row><cell template-line="f:9" day="31.1.2024"/></row>', "REPORT-834", "day", ()),
        ('<row><cell template-line="f:9" name="a b"/></row>', "REPORT-834", "name", ()),
        ('<row><cell template-line="f:9" value="1">one</cell></row>', "REPORT-834", "cell", ()),
        ('<table template-line="f:9" name="t" rows="d" filter="true"/>', "REPORT-834", "filter", ()),
        ('<chart template-line="f:9" kind="scater" alt="a"/>', "REPORT-834", "kind", ("scatter",)),
        ('<row template-line="f:9" style="headin"/>', "REPORT-835", "headin", ("heading",)),
        ('<row><cell template-line="f:9" style="score goood"/></row>', "REPORT-835", "goood", ("good",)),
        ('<row template-line="f:9">loose</row>', "REPORT-838", "loose", ()),
        ('<row><cell template-line="f:9" formula="SUMM(1)"/></row>', "REPORT-840", "SUMM", ("SUM",)),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line(
    inside: str, code: str, subject: str, hint: tuple[str, ...]
) -> None:
    issue = next(issue for issue in mistakes(book(inside)) if issue.code == code)
    assert issue.subject == subject
    assert issue.hint[: len(hint)] == hint
    assert str(issue.where) == "f:9"
    assert issue.text("zh") != issue.text("en")


def test_all_mistakes_come_together() -> None:
    """Reading goes on after a mistake, inside an unknown element too, without following up on it."""
    text = book('<gap><anything/></gap><row hight="1"/><row><cell style="x"/></row>')
    assert [issue.code for issue in mistakes(text)] == ["REPORT-831", "REPORT-832", "REPORT-835"]


def test_a_root_that_is_no_workbook_is_a_mistake() -> None:
    assert [issue.code for issue in mistakes("<book/>")] == ["REPORT-831"]


def test_broken_xml_is_placed_at_the_last_tag_before_it() -> None:
    """XML itself knows only the rendered line; the message gives both."""
    (issue,) = mistakes(
        f'<workbook title="T" template-line="{FILE}:1">\n<sheet template-line="{FILE}:4" title="a & b"/>'
    )
    assert (issue.code, str(issue.where)) == ("REPORT-830", f"{FILE}:4")
    assert issue.detail["reason"].endswith("2:54")


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE workbook [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><workbook title="&b;"/>',
        '<!DOCTYPE workbook SYSTEM "file:///etc/passwd"><workbook title="T"/>',
    ],
)
def test_document_types_and_entities_are_refused(text: str) -> None:
    assert [issue.code for issue in mistakes(text)] == ["REPORT-841"]


@pytest.mark.parametrize(
    "formula",
    [
        "cmd|'/C calc'!A0",
        "HYPERLINK({a})",
        "[other.xlsx]S!A1",
        "A1+1",
        "WEBSERVICE({a})",
        "{a",
        "LET({a})",
        "#REF!",
    ],
)
def test_a_formula_reaches_nothing_outside(formula: str) -> None:
    """Only names, numbers, quoted text, operators and plain functions may stand in a formula."""
    text = book(f'<row><cell formula="{formula.replace("<", "&lt;")}" value="1"/></row>')
    assert {issue.code for issue in mistakes(text)} == {"REPORT-840"}


@pytest.mark.parametrize(
    "formula",
    ['IF({a} >= 0.5 - 1E-9, "{not a name} &amp; ok", TRUE)', "SUMPRODUCT({t.x}, {t.y}) / -2^2%", "{中文.名}"],
)
def test_plain_formulas_are_fine(formula: str) -> None:
    workbook = parse(book(f"<row><cell formula='{formula}' value='1'/></row>"), file=FILE)
    assert isinstance(workbook.sheets[0].parts[0], Row)


@pytest.mark.parametrize("name", ["A1", "r1c1", "R", "a.b", "1a", "TRUE"])
def test_names_excel_would_misread_are_refused(name: str) -> None:
    text = f'<workbook title="T"><name name="{name}" refers="x"/></workbook>'
    assert [issue.code for issue in mistakes(text)] == ["REPORT-834"]


def test_every_element_has_a_place_in_the_grammar() -> None:
    """No element can be declared and not written."""
    written = {part for _, parts in GRAMMAR.values() for part in parts.values()}
    assert {Cell, Series} <= written
    assert all(attributes(element) for element in written)
