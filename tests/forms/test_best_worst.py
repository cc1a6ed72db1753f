"""Best–worst and score forms as panels: written, filled in, read back, bad answers with their cell."""

import pytest

from evaluator.errors import EvaluationError
from evaluator.forms import (
    best_worst_forms,
    best_worst_panel,
    read_best_worst,
    responses,
    score_forms,
    score_panel,
    write_forms,
)
from evaluator.weighing import weigh
from evaluator.weighing.panel import Expert
from evaluator.workbook.reader import read_workbook

EXPERTS = (Expert("e1", "张三", "总监"), Expert("e2", "李四"))
NOW = {  # profit is the best, rhythm the worst
    ("now:profit", "role"): "最重要",
    ("now:rhythm", "role"): "最不重要",
    ("now:volume", "best_over"): "2",
    ("now:rhythm", "best_over"): "8",
    ("now:volume", "over_worst"): "4",
}
REST = {
    ("small:now", "role"): "最重要",
    ("small:risk", "role"): "最不重要",
    ("small:later", "best_over"): "3 稍微重要",
    ("small:risk", "best_over"): 6,
    ("small:later", "over_worst"): 2,
    ("later:growth", "role"): "最重要",
    ("later:word", "role"): "最不重要",
    ("later:growth", "over_worst"): "3",
}


@pytest.fixture
def sent(tree, tmp_path):
    return write_forms(best_worst_forms(tree, EXPERTS), tmp_path)


def said(caught):
    for issue in caught.value.issues:
        assert issue.text("zh") != issue.text("en")
    return [(issue.code, str(issue.where).rsplit("/", 1)[-1]) for issue in caught.value.issues]


def test_a_filled_form_is_weighed_by_the_best_worst_method(tree, tmp_path, sent, answer):
    answer(sent[0].path, NOW | REST)
    panel = best_worst_panel(tmp_path, tree, EXPERTS)
    (now,) = [one for one in panel.best_worst if one.group == "now"]
    assert (now.best, now.worst) == ("profit", "rhythm")
    assert now.best_to_others == {"volume": 2, "rhythm": 8}
    assert now.others_to_worst == {"profit": 8, "volume": 4}
    weights = weigh(tree, panel)
    local = [weights.local[name] for name in ("profit", "volume", "rhythm")]
    assert local == pytest.approx([8 / 13, 4 / 13, 1 / 13])
    assert weights.local["growth"] == pytest.approx(0.75)
    assert [issue.code for issue in panel.issues] == ["JUDGE-224"]
    said_once = [issue.code for issue in weights.issues]
    assert said_once == ["WEIGH-524"], "that nothing came has been said once, but one expert decides alone"


def test_the_best_against_the_worst_may_be_answered_in_either_row(tree, tmp_path, sent, answer):
    answer(sent[0].path, REST)
    (later,) = [one for one in read_best_worst(tmp_path, tree).answers if one.group == "later"]
    assert (later.best_to_others, later.others_to_worst) == ({"word": 3}, {"growth": 3})


@pytest.mark.parametrize("more", [{("now:volume", "role"): "最重要"}, {("now:rhythm", "role"): None}])
def test_a_group_without_one_best_and_one_worst_has_no_answer_and_is_named(
    tree, tmp_path, sent, answer, more
):
    answer(sent[0].path, NOW | REST | more)
    read = read_best_worst(tmp_path, tree)
    assert {one.group for one in read.answers} == {"small", "later"}
    (issue,) = [issue for issue in read.issues if issue.code == "JUDGE-251"]
    assert issue.detail["group"] == "now"
    assert issue.where.file == sent[0].path.name


def test_what_is_compared_with_itself_is_an_error_with_its_cell(tree, tmp_path, sent, answer):
    answer(sent[0].path, NOW | {("now:profit", "best_over"): "5 明显重要"})
    with pytest.raises(EvaluationError) as caught:
        read_best_worst(tmp_path, tree)
    place = dict(said(caught))["JUDGE-252"]
    assert place.startswith(f"{sent[0].path.name}!")


def test_best_and_worst_compared_in_two_ways_are_an_error(tree, tmp_path, sent, answer):
    answer(sent[0].path, NOW | {("now:profit", "over_worst"): "7 强烈重要"})
    with pytest.raises(EvaluationError) as caught:
        best_worst_panel(tmp_path, tree, EXPERTS)
    assert [code for code, _ in said(caught)] == ["WEIGH-553"]


def test_the_form_counts_down_to_the_answers_the_method_needs(tree, tmp_path, recalculated, sent, answer):
    """Each group of n needs 2n − 1 cells: who is best and worst, and 2n − 3 comparisons."""
    answer(sent[0].path, NOW)
    answer(sent[1].path, NOW | REST)
    begun, done = (
        [str(cell) for row in read_workbook(path).sheets[0].rows for cell in row]
        for path in recalculated([one.path for one in sent])
    )
    assert "还有 8 处未填；实在无法判断的可以留空。" in begun
    assert "已全部填完，谢谢！" in done


@pytest.mark.parametrize("ask", [best_worst_forms, score_forms])
def test_a_person_is_asked_only_about_what_he_or_she_is_responsible_for(tree, tmp_path, ask):
    first, second = write_forms(ask(tree, EXPERTS, duties={"e1": ("now",)}), tmp_path)
    lines = [
        {str(row[0]) for row in read_workbook(one.path).sheets[0].rows if str(row[0]).startswith("line:now")}
        | {
            str(row[0])
            for row in read_workbook(one.path).sheets[0].rows
            if str(row[0]).startswith("line:small")
        }
        for one in (first, second)
    ]
    assert lines[0] == {"line:now:profit", "line:now:volume", "line:now:rhythm"}
    assert lines[0] < lines[1]


def test_a_duty_leaves_nothing_to_miss(tree, tmp_path, answer):
    duties = {"e2": ("now", "small")}
    sent = write_forms(best_worst_forms(tree, EXPERTS, duties=duties), tmp_path)
    answer(sent[0].path, NOW | REST)
    rest = {key: value for key, value in REST.items() if not key[0].startswith("later")}
    answer(sent[1].path, NOW | rest)
    weights = weigh(tree, best_worst_panel(tmp_path, tree, EXPERTS, duties=duties))
    assert [issue.code for issue in weights.issues] == ["WEIGH-524"]
    later = next(group for group in weights.groups if group.group == "later")
    assert later.experts[1].reason == "not_asked"


SCORES = {
    ("small:now", "score"): "9 极其重要", ("small:later", "score"): "6", ("small:risk", "score"): 3,
    ("now:profit", "score"): 8, ("now:volume", "score"): 4, ("now:rhythm", "score"): 4,
    ("later:growth", "score"): 9, ("later:word", "score"): 3,
    ("authority:ca", "share"): "较高 (0.8)", ("authority:cs", "share"): "0.6",
}  # fmt: skip


def test_scores_are_a_panel_with_the_authority_that_was_stated(tree, tmp_path, answer):
    sent = write_forms(score_forms(tree, EXPERTS), tmp_path)
    answer(sent[0].path, SCORES)
    panel = score_panel(tmp_path, tree, (EXPERTS[0], Expert("e2", ca=0.9, cs=0.9)), reading="shares")
    assert [(one.ca, one.cs) for one in panel.experts] == [(0.8, 0.6), (0.9, 0.9)]
    weights = weigh(tree, panel, expert_weights="authority")
    assert [weights.local[name] for name in ("profit", "volume", "rhythm")] == pytest.approx(
        [0.5, 0.25, 0.25]
    )
    differences = weigh(tree, score_panel(tmp_path, tree, EXPERTS))
    assert differences.form == "score_differences"
    assert differences.local["growth"] == pytest.approx(7 / 8)


def test_scores_may_go_to_ten(tree, tmp_path, answer):
    sent = write_forms(score_forms(tree, EXPERTS, highest=10), tmp_path)
    answer(sent[0].path, SCORES | {("small:now", "score"): 9, ("later:growth", "score"): "10 极其重要"})
    panel = score_panel(tmp_path, tree, EXPERTS, highest=10)
    assert max(one.score for one in panel.scores) == 10
    with pytest.raises(EvaluationError) as caught:
        score_panel(tmp_path, tree, EXPERTS)
    assert [code for code, _ in said(caught)] == ["WEIGH-542"]


def test_somebody_else_s_form_is_refused_and_a_missing_one_is_named(tree, tmp_path, sent, answer):
    answer(sent[0].path, NOW | REST)
    with pytest.raises(EvaluationError) as caught:
        best_worst_panel(tmp_path, tree, EXPERTS[:1])
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [("JUDGE-211", "e2")]
    sent[1].path.unlink()
    panel = best_worst_panel(tmp_path, tree, EXPERTS)
    assert [(issue.code, issue.subject) for issue in panel.issues] == [("JUDGE-223", "李四")]


def test_the_file_a_study_names_holds_for_an_expert_with_two(tree, tmp_path, sent, answer):
    other = tmp_path / "again.xlsx"
    other.write_bytes(sent[0].path.read_bytes())
    answer(sent[0].path, NOW | REST)
    answer(other, NOW | REST | {("now:volume", "best_over"): "3 稍微重要"})
    assert "JUDGE-213" in [issue.code for issue in best_worst_panel(tmp_path, tree, EXPERTS).issues]
    panel = best_worst_panel(tmp_path, tree, EXPERTS, chosen={"e1": "again.xlsx"})
    assert [one.best_to_others["volume"] for one in panel.best_worst if one.group == "now"] == [3]
    with pytest.raises(EvaluationError) as caught:
        best_worst_panel(tmp_path, tree, EXPERTS, chosen={"e1": "nowhere.xlsx"})
    assert "JUDGE-215" in dict(said(caught))


def test_responses_name_the_comparisons_and_scores_still_open(tree, tmp_path, answer):
    sent = write_forms(best_worst_forms(tree, EXPERTS), tmp_path / "best_worst")
    answer(sent[0].path, REST | NOW | {("now:volume", "best_over"): None})
    first, second = responses(best_worst_panel(tmp_path / "best_worst", tree, EXPERTS), tree)
    (now,) = [entry for entry in first.groups if entry.group == "now"]
    assert (now.answered, now.asked, now.missing) == (2, 3, (("profit", "volume"),))
    assert (first.state, second.state) == ("partial", "empty")
    sent = write_forms(score_forms(tree, EXPERTS, duties={"e2": ("now",)}), tmp_path / "scores")
    answer(sent[0].path, SCORES | {("now:rhythm", "score"): None})
    panel = score_panel(tmp_path / "scores", tree, EXPERTS, duties={"e2": ("now",)})
    first, second = responses(panel, tree)
    open_ = {entry.group: entry.missing for entry in first.groups if entry.missing}
    assert open_ == {"now": (("rhythm",),)}
    assert [(entry.group, entry.asked) for entry in second.groups] == [("now", 3)]
