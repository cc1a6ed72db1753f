"""Judgments as a long table: by ids or names, in either language, each bad cell named."""

import pytest

from evaluator.errors import EvaluationError, Severity
from evaluator.forms import LongMapping, read_judgments
from evaluator.weighing.panel import Expert
from evaluator.workbook.book import open_book

ENGLISH = "expert,group,a,b,value\ne1,small,now,later,1/3\ne1,small,now,risk,0.333\ne2,now,volume,profit,9\n"
CHINESE = (
    "专家,准则,甲,乙,判断\ne1,客户价值,当前价值,潜在价值,1：3\n"
    "e1,small,now,信用,０.333\ne2,now,购买量,毛利润,9\n"
)


def table(tmp_path, text, encoding="utf-8", name="t.csv"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def found(panel):
    return {(entry.expert, entry.a, entry.b): entry.value for entry in panel.judgments}


def errors(path, tree, **options):
    with pytest.raises(EvaluationError) as caught:
        read_judgments(path, tree, **options)
    return [(issue.code, str(issue.where)) for issue in caught.value.issues]


def warned(path, tree, **options):
    """Return what was said of rows that count for nothing, and the judgments that do count."""
    panel = read_judgments(path, tree, **options)
    assert {issue.severity for issue in panel.issues} <= {Severity.WARNING}
    for issue in panel.issues:
        assert issue.text("zh") != issue.text("en")
    return [(issue.code, str(issue.where)) for issue in panel.issues], found(panel)


EXPECTED = {("e1", "now", "later"): 1 / 3, ("e1", "now", "risk"): 0.333, ("e2", "volume", "profit"): 9.0}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("text", [ENGLISH, CHINESE, CHINESE.replace(",", "\t"), ENGLISH.replace(",", ";")])
def test_a_table_is_read_in_either_language_encoding_and_separator(tmp_path, tree, text, encoding):
    panel = read_judgments(table(tmp_path, text, encoding), tree)
    assert found(panel) == EXPECTED
    assert [expert.id for expert in panel.experts] == ["e1", "e2"]
    assert str(panel.judgments[0].where) == "t.csv:2:5"


def test_a_sheet_is_read_like_a_file_of_text(tmp_path, tree):
    with open_book(tmp_path / "t.xlsx") as book:
        sheet = book.sheet("长表")
        for row, line in enumerate(CHINESE.splitlines()):
            sheet.put_row(row + 1, 1, line.split(","))
    panel = read_judgments(tmp_path, tree)
    assert found(panel) == EXPECTED
    assert str(panel.judgments[0].where) == "t.xlsx!长表!F3"


def test_blank_values_and_blank_rows_are_comparisons_not_made(tmp_path, tree):
    text = ENGLISH + ",,,,\n\ne2,small,now,later,\n"
    assert found(read_judgments(table(tmp_path, text), tree)) == EXPECTED


def test_experts_of_the_study_are_known_by_id_or_name(tmp_path, tree):
    experts = [Expert("x1", "e1"), Expert("e2", "李四")]
    panel = read_judgments(table(tmp_path, ENGLISH), tree, experts=experts)
    assert {entry.expert for entry in panel.judgments} == {"x1", "e2"}
    issues, counted = warned(
        table(tmp_path, ENGLISH), tree, experts=experts[:1]
    )  # e2 is nobody: the others count
    assert issues == [("JUDGE-211", "t.csv:4:5")]
    assert {expert for expert, *_ in counted} == {"x1"}


def test_a_row_said_twice_counts_once(tmp_path, tree):
    text = ENGLISH + "e1,small,now,later,1/3\ne1,small,later,now,3\n"
    assert found(read_judgments(table(tmp_path, text), tree)) == EXPECTED


@pytest.mark.parametrize("row", ["e1,small,now,later,1/5", "e1,small,later,now,1/3"])
def test_of_rows_that_contradict_each_other_none_counts(tmp_path, tree, row):
    issues, counted = warned(table(tmp_path, ENGLISH + row + "\n"), tree)
    assert issues == [("JUDGE-216", "t.csv:5:5")]
    assert counted == {key: value for key, value in EXPECTED.items() if key != ("e1", "now", "later")}


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("e3,smal,now,later,3", "JUDGE-220", 2),
        ("e3,risk,now,later,3", "JUDGE-220", 2),
        ("e3,small,now,profit,3", "JUDGE-221", 4),
        ("e3,small,now,now,3", "JUDGE-222", 4),
        (",small,now,later,3", "JUDGE-229", 1),
    ],
)
def test_a_bad_cell_is_named_with_line_and_column_and_stops_its_row_alone(tmp_path, tree, row, code, column):
    issues, counted = warned(table(tmp_path, ENGLISH + row + "\n"), tree)
    assert issues == [(code, f"t.csv:5:{column}")]
    assert counted == EXPECTED


@pytest.mark.parametrize(
    ("answer", "code"), [("many", "JUDGE-201"), ("11", "JUDGE-202"), ("2024-01-03", "JUDGE-203")]
)
def test_an_answer_that_cannot_be_read_stops_nobody(tmp_path, tree, answer, code):
    text = ENGLISH.replace("0.333", answer)
    panel = read_judgments(table(tmp_path, text), tree)
    assert [(issue.code, issue.severity, str(issue.where)) for issue in panel.issues] == [
        (code, Severity.WARNING, "t.csv:3:5")
    ]
    assert found(panel) == {key: value for key, value in EXPECTED.items() if key[2] != "risk"}


def test_all_bad_cells_of_a_table_are_named_at_once(tmp_path, tree):
    text = ENGLISH + ",small,nwo,later,12\ne3,x,now,later,3\n"
    issues, counted = warned(table(tmp_path, text), tree)
    assert issues == [
        ("JUDGE-229", "t.csv:5:1"),
        ("JUDGE-202", "t.csv:5:5"),
        ("JUDGE-221", "t.csv:5:3"),
        ("JUDGE-220", "t.csv:6:2"),
    ]
    assert counted == EXPECTED


def test_how_a_table_is_read_can_be_stated(tmp_path, tree):
    """EUC-KR shows itself no more than cp1252 does; 99 and 무응답 stand for an answer not given."""
    text = "보고서,,,,\n" + ENGLISH.replace("0.333", "99") + "e2,small,now,later,무응답\n"
    path = table(tmp_path, text.replace(",", "|"), "euc-kr")
    said = {"kind": "table", "file": "t.csv", "encoding": "euc-kr", "delimiter": "|", "header": 2}
    mapping = LongMapping(**said, missing=(99, "무응답"))
    issues, counted = warned(path, tree, mappings=[mapping])
    assert issues == []
    assert counted == {key: value for key, value in EXPECTED.items() if key[2] != "risk"}
    issues, _ = warned(path, tree, mappings=[LongMapping(**said)])
    assert issues == [("JUDGE-202", "t.csv:4:5"), ("JUDGE-201", "t.csv:6:5")]


def test_a_missing_column_is_named_with_the_nearest_heading(tmp_path, tree):
    path = table(tmp_path, ENGLISH.replace("expert,", "experts,", 1))
    with pytest.raises(EvaluationError) as caught:
        read_judgments(path, tree)
    [issue] = caught.value.issues
    assert (issue.code, issue.subject, issue.hint) == ("JUDGE-219", "expert", ("experts",))
    assert str(issue.where) == "t.csv:1:1"


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "DATA-403"), (b"\n \n", "DATA-403"), (b"a,\xff\xff\xff,b", "DATA-402")]
)
def test_a_table_that_cannot_be_read_is_named(tmp_path, tree, content, code):
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    assert errors(path, tree) == [(code, "t.csv")]


def test_a_table_that_is_not_there_is_named(tmp_path, tree):
    assert errors(tmp_path / "t.csv", tree) == [("DATA-401", "t.csv")]


def test_a_name_of_two_criteria_calls_neither(tmp_path, make_tree):
    tree = make_tree(("购买量 Volume", "毛利润 Volume"))
    text = "expert,group,a,b,value\ne1,now,毛利润,rhythm,3\n"
    assert warned(table(tmp_path, text), tree) == ([("JUDGE-221", "t.csv:2:3")], {})
