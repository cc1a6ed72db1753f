"""Files of other makers, read by a mapping: judgment matrices and exports of survey sites."""

import pytest
from pydantic import TypeAdapter

from evaluator.errors import EvaluationError, Severity
from evaluator.forms import AnswerMapping, MatrixMapping, PairColumn, SurveyMapping, read_judgments
from evaluator.weighing.panel import Expert
from evaluator.workbook.book import open_book


def matrix(path, rows, *, sheet="矩阵", at=(0, 0)):
    with open_book(path) as book:
        book.sheet("说明").put(0, 0, "判断矩阵")
        target = book.sheet(sheet)
        for row, cells in enumerate(rows):
            target.put_row(at[0] + row, at[1], cells)


MAPPING = MatrixMapping(kind="matrix", file="zhang.xlsx", sheet="矩阵", at="B3", expert="e1", group="now")
ROWS = [
    ["", "购买频率", "profit", "Volume"],
    ["毛利润", "1/2", 1, 3],
    ["购买量", "", 0.33, 1],
    ["购买频率", 1, 2, "１：4"],
]


def found(panel):
    return {(entry.expert, entry.a, entry.b): entry.value for entry in panel.judgments}


def errors(source, tree, mapping, **options):
    with pytest.raises(EvaluationError) as caught:
        read_judgments(source, tree, mappings=[mapping], **options)
    for issue in caught.value.issues:
        assert issue.text("zh") != issue.text("en")
    return [(issue.code, str(issue.where)) for issue in caught.value.issues]


def test_a_matrix_is_read_by_names_in_any_order_from_either_side(tmp_path, tree):
    matrix(tmp_path / "zhang.xlsx", ROWS, at=(2, 1))
    panel = read_judgments(tmp_path, tree, mappings=[MAPPING], experts=[Expert("e1", "张三")])
    assert found(panel) == {
        ("e1", "profit", "volume"): 3.0, ("e1", "profit", "rhythm"): 0.5, ("e1", "rhythm", "volume"): 0.25
    }  # fmt: skip
    assert str(panel.judgments[0].where) == "zhang.xlsx!矩阵!E4"


def test_sides_that_contradict_and_a_wrong_diagonal_are_named(tmp_path, tree):
    rows = [list(row) for row in ROWS]
    rows[2][2], rows[3][1] = 3, 5
    matrix(tmp_path / "zhang.xlsx", rows, at=(2, 1))
    assert errors(tmp_path, tree, MAPPING) == [
        ("JUDGE-239", "zhang.xlsx!矩阵!C6"), ("JUDGE-237", "zhang.xlsx!矩阵!E4")
    ]  # fmt: skip
    rows[3][1] = 1  # the diagonal is right; of the two sides neither counts, and the other pairs do
    matrix(tmp_path / "zhang.xlsx", rows, at=(2, 1))
    panel = read_judgments(tmp_path, tree, mappings=[MAPPING])
    assert [(issue.code, issue.severity) for issue in panel.issues] == [("JUDGE-237", Severity.WARNING)]
    assert found(panel) == {("e1", "profit", "rhythm"): 0.5, ("e1", "rhythm", "volume"): 0.25}


def test_what_stands_for_an_answer_not_given_can_be_stated(tmp_path, tree):
    rows = [list(row) for row in ROWS]
    rows[1][3], rows[2][2] = 99, "弃权"
    matrix(tmp_path / "zhang.xlsx", rows, at=(2, 1))
    mapping = MAPPING.model_copy(update={"missing": (99, "弃权")})
    panel = read_judgments(tmp_path, tree, mappings=[mapping])
    assert not panel.issues
    assert set(found(panel)) == {("e1", "profit", "rhythm"), ("e1", "rhythm", "volume")}
    path = tmp_path / "export.csv"
    path.write_text(EXPORT.replace("同样重要", "不知道").replace("3,,,\n", ""), "utf-8")
    survey = SURVEY.model_copy(update={"missing": ("不知道",)})
    assert not read_judgments(path, tree, mappings=[survey]).issues


def test_names_sheets_groups_and_answers_that_are_not_right_are_named(tmp_path, tree):
    rows = [list(row) for row in ROWS]
    rows[0][2] = "毛利"
    path = tmp_path / "zhang.xlsx"
    matrix(path, rows, at=(2, 1))
    assert errors(path, tree, MAPPING) == [("JUDGE-221", "zhang.xlsx!矩阵!D3")]
    assert errors(path, tree, MAPPING.model_copy(update={"sheet": "x"})) == [("DATA-404", "zhang.xlsx")]
    assert errors(path, tree, MAPPING.model_copy(update={"group": "nov"})) == [("JUDGE-220", "zhang.xlsx")]
    matrix(path, [*ROWS[:1], ["毛利润", "很", 1, 0], *ROWS[2:]], at=(2, 1))
    panel = read_judgments(path, tree, mappings=[MAPPING])
    assert [(issue.code, issue.severity, str(issue.where)) for issue in panel.issues] == [
        ("JUDGE-202", Severity.WARNING, "zhang.xlsx!矩阵!E4"),
        ("JUDGE-201", Severity.WARNING, "zhang.xlsx!矩阵!C4"),
    ]


def test_a_mapping_of_a_file_that_is_not_there_is_named(tmp_path, tree, asked):
    assert ("JUDGE-240", "zhang.xlsx") in errors(asked[0].parent, tree, MAPPING)


EXPORT = (
    "序号,姓名,Q1 毛利润与购买量相比,Q2 毛利润与购买频率相比\n"
    "1,张三,A.前者明显重要,同样重要\n2,李四,,1：3\n3,,,\n"
)
SURVEY = SurveyMapping(
    kind="survey",
    file="export.csv",
    expert="姓名",
    columns={
        "Q1 毛利润与购买量相比": PairColumn(group="now", a="profit", b="volume"),
        "Q2 毛利润与购买频率相比": PairColumn(group="now", a="profit", b="rhythm"),
    },
    values={"A.前者明显重要": "5", "同样重要": "1"},
)


def test_an_export_is_read_by_its_columns_and_texts(tmp_path, tree, experts):
    path = tmp_path / "export.csv"
    path.write_bytes(EXPORT.replace("3,,,\n", "").encode("gb18030"))
    panel = read_judgments(path, tree, mappings=[SURVEY], experts=experts)
    assert found(panel) == {
        ("e1", "profit", "volume"): 5.0, ("e1", "profit", "rhythm"): 1.0, ("e2", "profit", "rhythm"): 1 / 3
    }  # fmt: skip
    assert str(panel.judgments[2].where) == "export.csv:3:4"


def test_an_export_with_mistakes_names_every_one(tmp_path, tree):
    path = tmp_path / "export.csv"
    path.write_text(EXPORT.replace("同样重要", "不知道"), "utf-8")
    panel = read_judgments(path, tree, mappings=[SURVEY])
    assert [(issue.code, issue.severity, str(issue.where)) for issue in panel.issues] == [
        ("JUDGE-201", Severity.WARNING, "export.csv:2:4"), ("JUDGE-229", Severity.WARNING, "export.csv:4:2")
    ]  # fmt: skip
    assert set(found(panel)) == {("张三", "profit", "volume"), ("李四", "profit", "rhythm")}
    wrong = SURVEY.model_copy(
        update={"expert": "专家", "columns": {"Q1": PairColumn(group="now", a="profits", b="volume"),
                                             "Q2": PairColumn(group="no", a="x", b="y")}}
    )  # fmt: skip
    assert [code for code, _ in errors(path, tree, wrong)] == [
        "JUDGE-221", "JUDGE-220", "JUDGE-219", "JUDGE-219", "JUDGE-219"
    ]  # fmt: skip


def test_a_mapping_is_told_by_its_kind():
    read = TypeAdapter(AnswerMapping).validate_python(MAPPING.model_dump())
    assert read == MAPPING
