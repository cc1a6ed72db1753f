"""Asking again: only what is open or has changed, with the answers given before."""

import openpyxl
import pytest

from evaluator.errors import EvaluationError
from evaluator.forms import Answers, read_judgments, write_followups, write_questionnaires
from evaluator.forms.filled_forms import read_filled
from evaluator.workbook.reader import read_workbook


def again(tree, experts, folder, **options):
    return write_followups(tree, experts, Answers(folder, **options), folder)


def values(panel, expert="e1"):
    return {(j.a, j.b): j.value for j in panel.judgments if j.expert == expert}


@pytest.fixture
def partial(asked, fill):
    """One expert left a group half done, with a ratio of his own; the other has not answered."""
    fill(asked[0], {("profit", "volume"): "3", ("profit", "rhythm"): "0.35", ("growth", "word"): "1/2",
                    ("now", "later"): "1", ("now", "risk"): "5", ("later", "risk"): "7"})  # fmt: skip
    return asked


def test_only_groups_with_blanks_are_asked_again_with_the_answers_given(partial, tree, experts) -> None:
    first, second = again(tree, experts, partial[0].parent)
    assert (first.path.name, first.state, first.pairs) == ("e1_张三_2.xlsx", "written", 3)
    assert (second.path, second.state) == (partial[1], "kept")  # his first one has only to come back
    form = read_filled(first.path)
    assert {group.asked.id: list(group.given.values()) for group in form.groups} == {
        "now": ["3 · 毛利润 比 购买量 稍重要", "0.35"]
    }
    assert not form.touched


def test_an_untouched_further_questionnaire_changes_nothing_and_is_written_anew(
    partial, tree, experts
) -> None:
    before = values(read_judgments(partial[0].parent, tree, experts=experts))
    [first, _] = again(tree, experts, partial[0].parent)
    panel = read_judgments(partial[0].parent, tree, experts=experts)
    assert values(panel) == before
    assert [issue.subject for issue in panel.issues if issue.code == "JUDGE-242"] == [first.path.name]
    assert again(tree, experts, partial[0].parent)[0].path == first.path


def test_a_further_questionnaire_completes_the_first_and_may_change_it(partial, tree, experts, fill) -> None:
    [first, _] = again(tree, experts, partial[0].parent)
    fill(first.path, {("volume", "rhythm"): "1/4", ("profit", "volume"): "5"})
    panel = read_judgments(partial[0].parent, tree, experts=experts)
    assert values(panel) == {
        ("profit", "volume"): 5, ("profit", "rhythm"): 0.35, ("volume", "rhythm"): 0.25,
        ("growth", "word"): 0.5, ("now", "later"): 1, ("now", "risk"): 5, ("later", "risk"): 7,
    }  # fmt: skip
    places = {j.where.file for j in panel.judgments if j.group == "now"}
    assert places == {first.path.name}
    [note] = [issue for issue in panel.issues if issue.code == "JUDGE-243"]
    assert (note.detail["count"], str(note.where)) == (1, first.path.name)
    assert [entry.expert.id for entry in again(tree, experts, partial[0].parent)] == ["e2"]


def test_a_third_one_follows_where_the_second_left_something_open(partial, tree, experts, fill) -> None:
    [second, _] = again(tree, experts, partial[0].parent)
    fill(second.path, {("profit", "volume"): "5"})
    [third, _] = again(tree, experts, partial[0].parent)
    assert third.path.name == "e1_张三_3.xlsx"
    fill(third.path, {("volume", "rhythm"): "1"})
    panel = read_judgments(partial[0].parent, tree, experts=experts)
    assert values(panel)["profit", "volume"] == 5
    assert values(panel)["volume", "rhythm"] == 1


def test_a_changed_group_alone_is_asked_again_and_the_others_stay_in_force(
    asked, tree, make_tree, experts, pairs_of, fill
) -> None:
    for path in asked:
        fill(path, dict.fromkeys(pairs_of, "3"))
    changed = make_tree(("&LEAF rhythm 购买频率 Rhythm", "&LEAF margin 利润率 Margin"))
    sent = again(changed, experts, asked[0].parent)
    assert {entry.path.name: entry.pairs for entry in sent} == {"e1_张三_2.xlsx": 3, "e2_李四_2.xlsx": 3}
    [group] = read_filled(sent[0].path).groups
    assert group.given == {("profit", "volume"): "3 · 毛利润 比 购买量 稍重要"}
    for entry in sent:
        fill(entry.path, {("profit", "margin"): "1", ("volume", "margin"): "1"})
    panel = read_judgments(asked[0].parent, changed, experts=experts)
    assert len(panel.judgments) == 2 * 7
    assert not [issue for issue in panel.issues if issue.code == "JUDGE-207"]


def test_two_different_files_wait_for_the_study_to_choose(partial, tree, experts, fill) -> None:
    fill(partial[0], {("profit", "volume"): "9"}, to=partial[0].with_name("copy.xlsx"))
    assert [entry.expert.id for entry in again(tree, experts, partial[0].parent)] == ["e2"]
    chosen = {"e1": "copy.xlsx"}
    first, _ = again(tree, experts, partial[0].parent, chosen=chosen)
    fill(first.path, {("volume", "rhythm"): "1"})
    panel = read_judgments(partial[0].parent, tree, experts=experts, chosen=chosen)
    assert values(panel)["profit", "volume"] == 9
    assert values(panel)["volume", "rhythm"] == 1


def formulas_with_values(path, recalculated):
    """Yield each formula's value as it was written, and as LibreOffice computes it."""
    before, after = read_workbook(path), read_workbook(recalculated)
    for sheet in openpyxl.load_workbook(path):
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            at = (cell.row - 1, cell.column - 1)
            yield cell, before.sheet(sheet.title).value(*at), after.sheet(sheet.title).value(*at)


def test_what_is_asked_again_computes_in_libreoffice_what_it_was_sent_with(
    tree, make_tree, experts, fill, recalculated, tmp_path
) -> None:
    """Blanks, a contradiction in a circle, an answer in words and a ratio of one's own, in both languages."""
    wider = make_tree(
        ("&LEAF rhythm 购买频率 Rhythm", "&LEAF rhythm 购买频率 Rhythm\n        - &LEAF old 旧 Old")
    )
    circle = {("profit", "volume"): "9", ("volume", "rhythm"): "9", ("profit", "rhythm"): "1/9"}
    mild = {
        ("profit", "volume"): "2",
        ("volume", "rhythm"): "2",
        ("profit", "rhythm"): "0.24",
        ("now", "risk"): "3",
    }
    sent = []
    for language in ("zh", "en"):
        folder = tmp_path / language
        for entry, answers in zip(
            write_questionnaires(wider, experts, folder, language=language), (circle, mild), strict=True
        ):
            fill(entry.path, answers)
        further = write_followups(tree, experts, Answers(folder), folder, language=language)
        sent += [entry.path for entry in further]
    compared = 0
    for path, back in zip(sent, recalculated(sent), strict=True):
        for cell, before, after in formulas_with_values(path, back):
            same = pytest.approx(after, rel=1e-9, abs=1e-12) if isinstance(after, float) and after else after
            assert before == same, (cell.parent.title, cell.coordinate, cell.value)
            compared += 1
        cover = read_workbook(back, sheets=[0]).sheets[0]
        verdict = next(row[4] for row in cover.rows if row[1] in ("当前价值", "Current value"))
        assert verdict in ("请复核", "please review")
    assert compared > 800


def test_a_bad_answer_is_said_before_anything_is_asked_again(partial, tree, experts, fill) -> None:
    fill(partial[0], {("volume", "rhythm"): "thrice"})
    with pytest.raises(EvaluationError) as caught:
        again(tree, experts, partial[0].parent)
    assert "JUDGE-201" in {issue.code for issue in caught.value.issues}
    assert len(list(partial[0].parent.iterdir())) == 2


def test_the_first_questionnaires_are_not_disturbed_by_further_ones(partial, tree, experts) -> None:
    again(tree, experts, partial[0].parent)
    states = [entry.state for entry in write_questionnaires(tree, experts, partial[0].parent)]
    assert states == ["kept", "written"]
