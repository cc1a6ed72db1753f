"""Written, filled and read is the identity, also through LibreOffice."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluator.forms import read_judgments, write_questionnaires
from evaluator.forms.answers import read_answer
from evaluator.forms.choices import LEVELS
from evaluator.weighing.panel import Expert
from evaluator.workbook.reader import read_workbook

RATIOS = ["1", *(str(level) for level in LEVELS), *(f"1/{level}" for level in LEVELS)]


def found(panel):
    return {(entry.a, entry.b): entry.value for entry in panel.judgments}


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_answers_written_are_the_answers_read(data, tree, pairs_of, fill, tmp_path_factory):
    answers = data.draw(st.dictionaries(st.sampled_from(pairs_of), st.sampled_from(RATIOS)))
    language = data.draw(st.sampled_from(["zh", "en"]))
    folder = tmp_path_factory.mktemp("asked")
    [written] = write_questionnaires(tree, [Expert("e1")], folder, language=language)
    fill(written.path, answers)
    panel = read_judgments(folder, tree)
    assert found(panel) == {pair: read_answer(ratio).value for pair, ratio in answers.items()}


def test_a_copy_saved_by_libreoffice_reads_the_same(asked, tree, pairs_of, fill, tmp_path, converted):
    answers = dict(zip(pairs_of, ["9", "1/9", "1", "1/2", "3", "1/6", "8"], strict=True))
    fill(asked[0], answers | {"remark": "=不是公式"})
    fill(asked[1], {pairs_of[0]: "1/3", pairs_of[1]: "0.333"}, typed=True)
    converted(asked, tmp_path / "saved")
    panel = read_judgments(tmp_path / "saved", tree)
    assert panel.issues == ()
    first = {(j.a, j.b): j.value for j in panel.judgments if j.expert == "e1"}
    assert first == {pair: read_answer(ratio).value for pair, ratio in answers.items()}
    second = {(j.a, j.b): j.value for j in panel.judgments if j.expert == "e2"}
    assert second == {pairs_of[0]: 1 / 3, pairs_of[1]: 0.333}
    before = read_judgments(asked[0].parent, tree)
    assert [(j.answer, str(j.where)) for j in panel.judgments] == [
        (j.answer, str(j.where)) for j in before.judgments
    ]
    assert {remark.text for remark in panel.remarks} == {"=不是公式"}
    for path, answered, left in (
        (asked[0], 7, "已全部答完，谢谢！"),
        (asked[1], 2, "还有 5 组未答，约 3 分钟"),
    ):
        [cover] = read_workbook(tmp_path / "saved" / path.name, sheets=[0]).sheets
        [total] = [row for row in cover.rows if row[1] == "合计"]
        assert list(total[2:5]) == [answered, 7, left]  # computed by LibreOffice: no value was stored
    states = write_questionnaires(tree, [Expert("e1", "张三"), Expert("e2", "李四")], tmp_path / "saved")
    assert [entry.state for entry in states] == ["kept", "kept"]


def test_a_copy_saved_as_xls_reads_the_same(asked, tree, pairs_of, fill, tmp_path, converted):
    answers = dict(zip(pairs_of, ["9", "1/9", "1", "1/2", "3", "1/6", "8"], strict=True))
    fill(asked[0], answers)
    converted([asked[0]], tmp_path / "saved", "xls")
    panel = read_judgments(tmp_path / "saved", tree)
    assert found(panel) == {pair: read_answer(ratio).value for pair, ratio in answers.items()}


def test_a_questionnaire_of_an_early_version_is_read_through_its_list(asked, tree, pairs_of, fill):
    """Its record does not say what the sentences were made of; the hidden sheet does."""
    answers = dict(zip(pairs_of, ["9", "1/9", "1", "1/2", "3", "1/6", "8"], strict=True))

    def forget(book):
        for row in book["_record"]:
            if row[0].value in ("say", "name"):
                row[0].value = "unknown"

    fill(asked[0], answers, change=forget)
    panel = read_judgments(asked[0], tree)
    assert found(panel) == {pair: read_answer(ratio).value for pair, ratio in answers.items()}


def test_labels_of_today_do_not_change_what_a_sentence_said(asked, pairs_of, make_tree, fill):
    answers = dict.fromkeys(pairs_of, "1/3")
    fill(asked[0], answers)
    renamed = make_tree(("毛利润", "销售毛利"), ("Profit", "Gross margin"))
    assert found(read_judgments(asked[0], renamed)) == dict.fromkeys(pairs_of, 1 / 3)
