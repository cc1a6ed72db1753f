"""The forms besides the pairwise one: written, filled in and read back; bad answers named with their cell."""

import shutil

import openpyxl
import polars as pl
import pytest

from evaluator.errors import EvaluationError
from evaluator.forms import (
    Duty,
    Item,
    Respondent,
    Subject,
    assessment_forms,
    grade_forms,
    read_assessments,
    read_grade_sheets,
    read_scores,
    read_screening,
    read_surveys,
    score_forms,
    screening_forms,
    survey_forms,
    write_forms,
)
from evaluator.tree import load_tree
from evaluator.weighing import delphi
from evaluator.weighing.panel import Expert
from evaluator.weighing.scores import judgments_from_scores
from evaluator.workbook.reader import read_workbook

EXPERTS = [Expert("e1", "张三", "总监"), Expert("e2", "李四")]
CUSTOMERS = [Subject("C001", "华东贸易"), Subject("002", "南方制造"), Subject("C003", "=1+1")]


def cell_of(path, line, question):
    book = openpyxl.load_workbook(path)
    columns = {row[1].value: row[2].value + 1 for row in book["_record"] if row[0].value == "question"}
    sheet = book.worksheets[0]
    rows = {str(sheet.cell(row, 1).value): row for row in range(1, sheet.max_row + 1)}
    return sheet.cell(rows[f"line:{line}"], columns[question])


@pytest.fixture(scope="module")
def graded_tree():
    return load_tree("potential_value")


def said(caught):
    for issue in caught.value.issues:
        assert issue.text("zh") != issue.text("en")
    return [(issue.code, str(issue.where)) for issue in caught.value.issues]


def test_importance_scores_become_judgments_with_authority(tree, tmp_path, answer):
    sent = write_forms(score_forms(tree, EXPERTS), tmp_path)
    assert [entry.path.name for entry in sent] == ["scores_e1_张三.xlsx", "scores_e2_李四.xlsx"]
    answer(
        sent[0].path,
        {
            ("small:now", "score"): "9 极其重要", ("small:later", "score"): "7", ("now:profit", "score"): 5,
            ("authority:ca", "share"): "较高 (0.8)", ("authority:cs", "share"): "0.6",
        },
    )  # fmt: skip
    scored = read_scores(tmp_path, tree)
    assert [(one.expert, one.group, one.child, one.score) for one in scored.scores] == [
        ("e1", "small", "now", 9.0), ("e1", "small", "later", 7.0), ("e1", "now", "profit", 5.0)
    ]  # fmt: skip
    assert (scored.experts[0].ca, scored.experts[0].cs) == (0.8, 0.6)
    [judgment] = judgments_from_scores(scored.scores)
    assert (judgment.a, judgment.b, judgment.value) == ("now", "later", 3.0)
    assert [(issue.code, issue.subject) for issue in scored.issues] == [("JUDGE-224", "李四")]


def test_screening_is_read_as_the_delphi_arithmetic_takes_it(tree, tmp_path, answer):
    sent = write_forms(screening_forms(tree, EXPERTS, language="en"), tmp_path)
    for number, entry in enumerate(sent):
        answers = {(leaf.id, "score"): "5 very important" for leaf in tree.indicators}
        answers |= {
            ("word", "score"): number + 1,
            ("word", "decision"): "drop",
            ("word", "remark"): "too vague",
        }
        answers |= {("authority:ca", "share"): "1", ("authority:cs", "share"): "high (0.8)"}
        answer(entry.path, answers)
    screened = read_screening(tmp_path, tree)
    assert screened.decisions == {"e1": {"word": "delete"}, "e2": {"word": "delete"}}
    assert screened.remarks["e1"] == {"word": "too vague"}
    figures = delphi.screen(
        screened.scores, [leaf.id for leaf in tree.indicators], authority=screened.authority
    )
    assert {row.indicator: row.decision for row in figures.rows}["word"] == "drop"
    assert figures.mean_authority == pytest.approx(0.9)


def test_a_second_round_shows_the_group_and_comes_with_the_own_answers(tree, tmp_path, answer):
    sent = write_forms(screening_forms(tree, EXPERTS), tmp_path / "1")
    answer(sent[0].path, {("profit", "score"): "5 非常重要", ("profit", "decision"): "保留"})
    answer(
        sent[1].path,
        {("profit", "score"): "3 一般", ("authority:ca", "share"): "1", ("authority:cs", "share"): "1"},
    )
    before = read_screening(tmp_path / "1", tree)
    second = write_forms(screening_forms(tree, EXPERTS, before=before), tmp_path / "2")
    assert cell_of(second[0].path, "profit", "score").value == "5 非常重要"
    assert cell_of(second[0].path, "profit", "decision").value == "保留"
    assert cell_of(second[1].path, "profit", "score").value == "3 一般"
    shown = {cell.value for row in openpyxl.load_workbook(second[0].path).worksheets[0] for cell in row}
    assert "均值 4.00，中位数 4（5 分 1 人、3 分 1 人）" in shown
    after = read_screening(tmp_path / "2", tree)
    assert (after.scores, after.decisions, after.authority) == (
        before.scores,
        before.decisions,
        before.authority,
    )
    asked = screening_forms(tree, EXPERTS, before=before)
    assert [entry.state for entry in write_forms(asked, tmp_path / "2")] == ["written"] * 2
    answer(second[0].path, {("profit", "score"): "4 重要"})
    states = [entry.state for entry in write_forms(asked, tmp_path / "2")]
    assert states == ["kept", "written"]


def test_an_expert_screens_only_the_indicators_below_the_criteria_of_the_duty(tree, tmp_path):
    first, second = write_forms(screening_forms(tree, EXPERTS, duties={"e1": ("later",)}), tmp_path)
    keys = (str(cell.value) for cell in openpyxl.load_workbook(first.path).worksheets[0]["A"])
    asked = {key for key in keys if key.startswith("line:")}
    assert asked == {"line:growth", "line:word", "line:authority:ca", "line:authority:cs"}
    assert second.lines == len(tree.indicators) + 2
    with pytest.raises(EvaluationError) as caught:
        write_forms(screening_forms(tree, EXPERTS, duties={"e1": ("latter",)}), tmp_path)
    assert [(issue.code, issue.hint) for issue in caught.value.issues] == [("JUDGE-234", ("later",))]


def test_a_rater_gets_only_the_customers_and_indicators_of_the_duty(graded_tree, tmp_path, answer):
    duties = {"e1": Duty(customers=("C001", "C003"), indicators=("trust",)), "e2": Duty(customers=("002",))}
    sent = write_forms(grade_forms(graded_tree, EXPERTS, CUSTOMERS, duties=duties), tmp_path)
    assert [entry.lines for entry in sent] == [2, 1]
    grade = graded_tree.grades[1]
    answer(sent[0].path, {("C001", "trust"): grade.name.zh, ("C003", "trust"): graded_tree.grades[0].id})
    read = read_grade_sheets(tmp_path, graded_tree)
    assert read.frame.equals(
        pl.DataFrame(
            {"rater": ["e1", "e1"], "id": ["C001", "C003"], "indicator": ["trust", "trust"],
             "grade": [grade.id, graded_tree.grades[0].id]}
        )
    )  # fmt: skip
    texts = {str(cell.value) for row in openpyxl.load_workbook(sent[0].path).worksheets[0] for cell in row}
    assert "002" not in texts
    assert "=1+1" in texts


def test_a_duty_that_names_nobody_is_refused(graded_tree, tmp_path):
    duties = {"e9": Duty(), "e1": Duty(customers=("C01",), indicators=("trusts",))}
    with pytest.raises(EvaluationError) as caught:
        write_forms(grade_forms(graded_tree, EXPERTS, CUSTOMERS, duties=duties), tmp_path)
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [
        ("JUDGE-234", "e9"), ("JUDGE-234", "C01"), ("JUDGE-234", "trusts")
    ]  # fmt: skip
    assert caught.value.issues[2].hint == ("trust",)


def test_nothing_to_grade_is_said(tree, tmp_path):
    with pytest.raises(EvaluationError) as caught:
        write_forms(grade_forms(tree, EXPERTS, CUSTOMERS), tmp_path)
    assert said(caught) == [("JUDGE-235", "None")]


def test_a_survey_is_read_with_blanks_as_null(tree, tmp_path, answer):
    items = [Item("delivery", "交货准时"), Item("quality", "产品质量", "合格率与稳定性")]
    people = [Respondent("r1", "C001", "王五"), Respondent("r1", "002"), Respondent("r2", "C001")]
    sent = write_forms(survey_forms(tree, people, items=items), tmp_path)
    answer(
        sent[0].path,
        {("delivery", "expected"): 9, ("delivery", "perceived"): "７.5", ("delivery", "importance"): 10},
    )
    answer(sent[1].path, {("quality", "perceived"): 6})
    read = read_surveys(tmp_path, tree)
    assert read.frame.sort("item").rows() == [
        ("r1", "C001", "delivery", 9.0, 7.5, 10.0), ("r1", "002", "quality", None, 6.0, None)
    ]  # fmt: skip


def test_an_assessment_adds_up_in_libreoffice_and_reads_back_as_grades(tree, tmp_path, converted, answer):
    weights = dict(zip((leaf.id for leaf in tree.indicators), (0.3, 0.2, 0.1, 0.15, 0.05, 0.2), strict=True))
    sent = write_forms(assessment_forms(tree, EXPERTS[0], CUSTOMERS[:2], weights=weights), tmp_path / "a")
    scores = dict(zip(weights, (90, 80, 70, 60.5, 50, 40), strict=True))
    answer(sent[0].path, {(leaf, "score"): score for leaf, score in scores.items()})
    answer(sent[1].path, {("profit", "score"): 90})
    converted([entry.path for entry in sent], tmp_path / "b")
    totals = []
    for entry in sent:
        [sheet] = [s for s in read_workbook(tmp_path / "b" / entry.path.name).sheets if not s.hidden]
        totals += [
            (row[5], sheet.rows[number + 1][5]) for number, row in enumerate(sheet.rows) if row[1] == "总分"
        ]
    expected = sum(weights[leaf] * score for leaf, score in scores.items())
    assert totals == [(pytest.approx(expected), "好"), ("", "")]  # an open answer leaves no total
    read = read_assessments(tmp_path / "b", tree)
    assert read.frame.filter(pl.col("id") == "C001")["grade"].to_list() == [
        "90",
        "80",
        "70",
        "60.5",
        "50",
        "40",
    ]
    assert read.frame.filter(pl.col("id") == "002").rows() == [("e1", "002", "profit", "90")]


def test_bad_answers_are_named_with_their_cell(tree, graded_tree, tmp_path, answer):
    items = [Item("delivery", "交付及时"), Item("care", "尊重与关怀")]
    [survey] = write_forms(survey_forms(tree, [Respondent("r", "C1")], items=items), tmp_path / "s")
    answer(
        survey.path,
        {("delivery", "expected"): 11, ("delivery", "perceived"): "很好", ("care", "importance"): 0},
    )
    with pytest.raises(EvaluationError) as caught:
        read_surveys(tmp_path / "s", tree)
    assert said(caught) == [
        ("JUDGE-231", "survey_r_C1.xlsx!客户调查!C9"), ("JUDGE-231", "survey_r_C1.xlsx!客户调查!D9"),
        ("JUDGE-231", "survey_r_C1.xlsx!客户调查!E10"),
    ]  # fmt: skip
    [grades] = write_forms(grade_forms(graded_tree, EXPERTS[:1], CUSTOMERS[:1]), tmp_path / "g")
    answer(grades.path, {("C001", "trust"): "还行"})
    with pytest.raises(EvaluationError) as caught:
        read_grade_sheets(tmp_path / "g", graded_tree)
    assert [code for code, _ in said(caught)] == ["JUDGE-230"]


def test_a_column_in_which_no_line_shows_anything_is_left_out(tree, tmp_path):
    def heads(*items: Item) -> list[object]:
        [sent] = write_forms(survey_forms(tree, [Respondent("r", "C1")], items=items), tmp_path)
        sheet = openpyxl.load_workbook(sent.path).worksheets[0]
        at = next(cell.row for cell in sheet["A"] if str(cell.value).startswith("line:")) - 1
        return [cell.value for cell in sheet[at] if cell.value]

    assert heads(Item("delivery", "交付及时"), Item("care", "关怀", "以礼相待")) == [
        "项目", "含义", "期望", "实际感受", "重要程度",
    ]  # fmt: skip
    assert heads(Item("delivery", "交付及时"), Item("care", "关怀")) == [
        "项目",
        "期望",
        "实际感受",
        "重要程度",
    ]


def test_moved_rows_and_renamed_sheets_do_no_harm(tree, tmp_path, answer):
    [sent, _] = write_forms(score_forms(tree, EXPERTS), tmp_path)
    answer(sent.path, {("small:risk", "score"): "3"})
    book = openpyxl.load_workbook(sent.path)
    book.worksheets[0].title = "我的评分"
    book.worksheets[0].insert_rows(5, 4)
    book.save(sent.path)
    [score] = read_scores(sent.path, tree).scores
    assert (score.child, score.score, score.where.sheet) == ("risk", 3.0, "我的评分")


def test_answers_on_what_is_gone_and_forms_of_another_kind_are_named(make_tree, tree, tmp_path, answer):
    [sent, _] = write_forms(score_forms(tree, EXPERTS), tmp_path)
    write_forms(screening_forms(tree, EXPERTS[:1]), tmp_path)
    answer(sent.path, {("small:risk", "score"): "3"})
    changed = make_tree(("risk 信用 Credit", "safety 安全 Safety"))
    read = read_scores(tmp_path, changed)
    assert read.scores == ()
    assert [(issue.code, issue.subject) for issue in read.issues] == [
        ("JUDGE-232", "screening_e1_张三.xlsx"), ("JUDGE-224", "李四"), ("JUDGE-233", "small:risk")
    ]  # fmt: skip


def test_two_different_submissions_wait_and_identical_ones_merge(tree, tmp_path, answer):
    [sent, _] = write_forms(score_forms(tree, EXPERTS), tmp_path)
    answer(sent.path, {("small:risk", "score"): "3"})
    shutil.copy(sent.path, tmp_path / "again.xlsx")
    read = read_scores(tmp_path, tree)
    assert len(read.scores) == 1
    assert "JUDGE-214" in [issue.code for issue in read.issues]
    answer(sent.path, {("small:risk", "score"): "5"})
    read = read_scores(tmp_path, tree)
    assert read.scores == ()
    assert "JUDGE-213" in [issue.code for issue in read.issues]


def test_two_people_of_one_id_and_a_newer_format_are_refused(tree, tmp_path):
    with pytest.raises(EvaluationError) as caught:
        write_forms(score_forms(tree, [Expert("a"), Expert("a")]), tmp_path)
    assert said(caught) == [("JUDGE-225", "None")]
    [sent] = write_forms(score_forms(tree, [Expert("a")]), tmp_path)
    book = openpyxl.load_workbook(sent.path)
    book["_record"]["B1"].value = 99
    book.save(sent.path)
    with pytest.raises(EvaluationError) as caught:
        read_scores(tmp_path, tree)
    assert said(caught) == [("JUDGE-205", "scores_a.xlsx")]
