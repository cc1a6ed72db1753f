"""Forms besides the comparisons: asked of whom the study names, and read back into its tables."""

from itertools import combinations

import openpyxl
import pytest

from evaluator.cli import invoke
from evaluator.errors import EvaluationError
from evaluator.forms import responses
from evaluator.forms.options import FormOptions
from evaluator.study import Study, begin
from evaluator.study.asking import FORMS, screened


def rewrite(path, *changes) -> None:
    """Replace parts of a text file."""
    text = path.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, "utf-8")


def lines(path) -> set[str]:
    sheet = openpyxl.load_workbook(path).worksheets[0]
    keys = (str(row[0].value) for row in sheet.iter_rows())
    return {key.removeprefix("line:") for key in keys if key.startswith("line:")}


def raised(action) -> list[tuple[str, str]]:
    with pytest.raises(EvaluationError) as caught:
        action()
    return [(issue.code, issue.subject) for issue in caught.value.issues]


def test_raters_grade_the_customers_they_answer_for_and_the_grades_are_scored(graded, answer) -> None:
    first, second = Study(graded).ask("grades")
    assert (lines(first.path), lines(second.path)) == ({"001", "003"}, {"002"})
    answer(first.path, {("001", "trust"): "Good", ("003", "trust"): "Poor"})
    answer(second.path, {("002", "trust"): "good"})
    evaluation = Study(graded).run()
    scores = dict(evaluation.results.select("id", "score_trust").iter_rows())
    assert scores == {"001": 90, "002": 90, "003": 40}
    notes = {note.file: (note.table, note.rows_read, note.rows_kept) for note in evaluation.notes}
    assert notes["forms/grades/grades_R1_Ann.xlsx"] == ("grades", 2, 2)
    assert {record.path for record in evaluation.provenance.files} > {"forms/grades/grades_R2_Bob.xlsx"}
    kept = Study(graded).keep_answers()
    assert {path.name[13:] for path in kept.glob("*_grades_*")} == {first.path.name, second.path.name}


def test_grades_of_forms_join_those_of_a_table(graded, answer) -> None:
    (graded / "grades.csv").write_text("rater,id,indicator,grade\nR9,001,trust,Poor\n", "utf-8")
    path = graded / "study.yaml"
    path.write_text(
        path.read_text("utf-8").replace("tables:", "tables:\n  grades: {file: grades.csv}"), "utf-8"
    )
    answer(Study(graded).ask("grades")[0].path, {("001", "trust"): "Good"})
    study = Study(graded)
    assert study.tables["grades"].select("rater", "grade").rows() == [("R9", "Poor"), ("R1", "good")]
    assert study.measured.frame.filter(id="001")["trust"].to_list() == [65]


def test_a_table_with_a_header_alone_is_filled_by_forms_and_refused_without_them(graded, answer) -> None:
    (graded / "grades.csv").write_text("rater,id,indicator,grade\n", "utf-8")
    path = graded / "study.yaml"
    path.write_text(
        path.read_text("utf-8").replace("tables:", "tables:\n  grades: {file: grades.csv}"), "utf-8"
    )
    with pytest.raises(EvaluationError) as raised:
        _ = Study(graded).tables
    assert [(issue.code, issue.subject) for issue in raised.value.issues] == [("DATA-417", "grades.csv")]
    answer(Study(graded).ask("grades")[0].path, {("001", "trust"): "Good"})
    assert Study(graded).tables["grades"].select("rater", "grade").rows() == [("R1", "good")]


def test_surveys_become_a_table_of_what_was_said(graded, answer) -> None:
    [sent] = Study(graded).ask("survey")
    answer(sent.path, {("delivery", "expected"): 9, ("delivery", "perceived"): 6})
    assert Study(graded).tables["survey"].rows() == [("P1", "001", "delivery", 9.0, 6.0, None)]


ITEMS = "items: [{id: delivery, name: {zh: 交货准时, en: Delivery on time}}]"


def test_without_respondents_every_customer_is_surveyed(graded) -> None:
    path = graded / "study.yaml"
    path.write_text(path.read_text("utf-8").split("forms:")[0] + f"forms:\n  {ITEMS}\n", "utf-8")
    sent = Study(graded).ask("survey")
    assert [entry.person.id for entry in sent] == ["001", "002", "003"]
    assert lines(sent[0].path) == {"delivery"}


def test_customers_are_never_asked_about_the_indicators_of_the_tree(graded) -> None:
    """Indicators such as overdue payments are the firm's own; the hint, followed, makes the survey."""
    path = graded / "study.yaml"
    path.write_text(path.read_text("utf-8").split("forms:")[0] + "forms:\n  folder: forms\n", "utf-8")
    with pytest.raises(EvaluationError) as caught:
        Study(graded).ask("survey")
    [issue] = caught.value.issues
    line = path.read_text("utf-8").splitlines().index("forms:") + 1
    assert (issue.code, issue.where.file, issue.where.line) == ("STUDY-336", str(path), line)
    assert not (graded / "forms" / "survey").exists()
    for language in ("zh", "en"):
        assert ITEMS in issue.text(language)
    path.write_text(path.read_text("utf-8") + f"  {ITEMS}\n", "utf-8")
    assert lines(Study(graded).ask("survey")[0].path) == {"delivery"}


def test_a_study_without_forms_is_told_the_same(graded) -> None:
    path = graded / "study.yaml"
    path.write_text(path.read_text("utf-8").split("forms:")[0], "utf-8")
    assert raised(lambda: Study(graded).ask("survey")) == [("STUDY-336", "")]


def test_a_survey_asks_about_the_items_the_satisfaction_model_names(graded) -> None:
    items = "customers:\n  satisfaction: {items: {speed: {name: {zh: 速度, en: Speed}}}}\nforms:"
    rewrite(graded / "study.yaml", ("forms:", items), ("  items:\n", ""),
            ("    - {id: delivery, name: {zh: 交货, en: Delivery}}\n", ""))  # fmt: skip
    [sent] = Study(graded).ask("survey")
    assert lines(sent.path) == {"speed"}


def test_an_assessment_counts_where_an_indicator_is_graded_and_says_where_it_does_not(graded, answer) -> None:
    [sent] = Study(graded).ask("assessment")
    answer(sent.path, {("trust", "score"): 70, ("profit", "score"): 10})
    study = Study(graded)
    assert study.measured.frame.filter(id="001").select("profit", "trust").row(0) == (50, 70)
    said = [(issue.code, issue.subject) for issue in study.tables.issues if issue.code == "JUDGE-241"]
    assert said == [("JUDGE-241", "profit")]


def test_a_second_round_of_screening_shows_the_first(graded, answer, capsys) -> None:
    home = str(graded)
    assert invoke(["ask", home, "--form", "screening"]) == 0
    folder = graded / "forms" / "screening"
    answer(folder / "1" / "screening_E1_Ann.xlsx", {("profit", "score"): "5 very important"})
    assert invoke(["ask", home, "--form", "screening", "--round", "2"]) == 0
    capsys.readouterr()
    cells = [cell for row in openpyxl.load_workbook(folder / "2" / "screening_E1_Ann.xlsx").worksheets[0]
             for cell in row]  # fmt: skip
    said = {cell.value for cell in cells}
    assert {"5 very important", "mean 5.00, median 5 (1 gave 5)"} <= said
    study = Study(graded)
    assert screened(study.setup, study.tree).scores["E1"] == {"profit": 5.0}


def test_a_round_without_its_predecessor_is_refused(graded) -> None:
    assert raised(lambda: Study(graded).ask("screening", round_=2)) == [("STUDY-333", "1")]
    Study(graded).ask("screening")
    assert raised(lambda: Study(graded).ask("screening", round_=2)) == [("STUDY-333", "1")]


def test_a_duty_that_names_nobody_is_refused_with_the_nearest(graded) -> None:
    path = graded / "study.yaml"
    text = path.read_text("utf-8").replace("[002]", "[022]").replace("region: [East]", "regions: [East]")
    path.write_text(text, "utf-8")
    with pytest.raises(EvaluationError) as caught:
        Study(graded).ask("grades")
    assert [(i.code, i.subject, i.hint) for i in caught.value.issues] == [
        ("STUDY-334", "regions", ("region",))
    ]


def test_asking_nobody_or_about_nobody_is_refused(folder) -> None:
    assert raised(lambda: Study(folder).ask("assessment")) == [("STUDY-331", "forms.assessors")]
    path = folder / "study.yaml"
    path.write_text(path.read_text("utf-8").split("tables:")[0], "utf-8")
    assert raised(lambda: Study(folder).ask("survey")) == [("STUDY-332", "")]


def test_an_unknown_form_is_named_with_the_nearest(folder, capsys) -> None:
    assert invoke(["ask", str(folder), "--form", "grade"]) == 1
    error = capsys.readouterr().err
    assert "METHOD-001" in error
    assert "grades" in error


@pytest.mark.parametrize("form", [form for form in FORMS if form != "pairwise"])
def test_a_form_that_holds_answers_is_kept(graded, form) -> None:
    asked = [Study(graded).ask(form) for _ in range(2)]
    assert {entry.state for sent in asked for entry in sent} == {"written"}
    path = asked[0][0].path
    book = openpyxl.load_workbook(path)
    column = next(row[2].value + 1 for row in book["_record"] if row[0].value == "question")
    sheet = book.worksheets[0]
    row = next(cell.row for cell in sheet["A"] if str(cell.value).startswith("line:"))
    sheet.cell(row, column).value = "7"
    book.save(path)
    content = path.read_bytes()
    assert Study(graded).ask(form)[0].state == "kept"
    assert path.read_bytes() == content


def test_ids_of_customers_may_be_written_as_numbers() -> None:
    options = FormOptions.model_validate({"raters": ({"id": "R1", "customers": (1001, "0012")},)})
    assert options.raters[0].customers == ("1001", "0012")


@pytest.fixture
def parted(tmp_path, fill):
    """A new study whose first expert answers for one criterion only, and has answered all of it."""
    begin(tmp_path / "new", tree="customer_value", language="en", experts=["One", "Two", "Three"])
    path = tmp_path / "new" / "study.yaml"
    path.write_text(
        path.read_text("utf-8").replace("{id: E01,", "{id: E01, groups: [current_value],"), "utf-8"
    )
    first, *others = Study(tmp_path / "new").ask()
    assert all(first.pairs < other.pairs for other in others)
    group = Study(tmp_path / "new").tree.nodes["current_value"]
    pairs = list(combinations([child.id for child in group.children], 2))
    assert first.pairs == len(pairs)
    fill(first.path, dict.fromkeys(pairs, "1"))
    return tmp_path / "new"


def test_an_expert_with_a_part_of_the_tree_is_asked_only_that_and_complete_with_it(parted) -> None:
    study = Study(parted)
    found = responses(study.panel, study.tree)
    assert (found[0].state, [entry.group for entry in found[0].groups]) == ("complete", ["current_value"])
    assert not [issue for issue in study.panel.issues if issue.code == "JUDGE-207"]


def test_who_answered_nothing_yet_is_missing_only_what_he_or_she_is_responsible_for(parted) -> None:
    next((parted / "questionnaires").glob("E01*")).unlink()
    study = Study(parted)
    first, second, _ = responses(study.panel, study.tree)
    assert (first.state, [entry.group for entry in first.groups]) == ("missing", ["current_value"])
    assert first.asked < second.asked == study.tree.pairs


def test_a_duty_that_names_no_criterion_is_refused_when_answers_are_read(parted) -> None:
    rewrite(parted / "study.yaml", ("[current_value]", "[current_valu]"))
    with pytest.raises(EvaluationError) as caught:
        _ = Study(parted).panel
    first = caught.value.issues[0]
    assert (first.code, first.subject, first.hint[0]) == ("JUDGE-234", "current_valu", "current_value")


def test_missing_comparisons_are_asked_again_and_the_road_goes_on_with_them(folder, fill, capsys) -> None:
    rewrite(folder / "study.yaml", ("judgments: [judgments.csv]\n", ""))
    home, folder_of_forms = str(folder), folder / "questionnaires"
    assert invoke(["ask", home]) == 0
    first, second = sorted(folder_of_forms.iterdir())
    pairs = [("profit", "delay"), ("profit", "trust"), ("delay", "trust")]
    fill(second, dict.fromkeys(pairs, "1"))
    fill(first, {pairs[0]: "3", pairs[1]: "3"})
    assert invoke(["ask", home, "--missing"]) == 0
    assert "E1_Ann_2.xlsx" in capsys.readouterr().out
    fill(folder_of_forms / "E1_Ann_2.xlsx", {pairs[2]: "1"})
    assert len(Study(folder).panel.judgments) == 6
    assert invoke(["ask", home, "--missing"]) == 0
    assert "nothing to ask" in capsys.readouterr().out
    assert invoke(["ask", home, "--missing", "--round", "2"]) == 2
