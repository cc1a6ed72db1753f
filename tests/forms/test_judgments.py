"""Judgments read back: whatever comes is read, or named with file, sheet and cell; nothing else is lost."""

import shutil
from datetime import date, time
from itertools import pairwise

import openpyxl
import pytest

from evaluator.errors import EvaluationError, Severity
from evaluator.forms import read_judgments, write_questionnaires
from evaluator.weighing.panel import Expert
from evaluator.workbook.book import open_book


def found(panel):
    return {(entry.expert, entry.a, entry.b): entry.value for entry in panel.judgments}


def said(issues):
    return [(issue.code, str(issue.where)) for issue in issues]


def errors(source, tree, **options):
    with pytest.raises(EvaluationError) as caught:
        read_judgments(source, tree, **options)
    for issue in caught.value.issues:
        assert issue.text("zh") != issue.text("en")
    return said(issue for issue in caught.value.issues if issue.severity is Severity.ERROR)


def warnings(panel):
    assert all(issue.severity is not Severity.ERROR for issue in panel.issues)
    return [(issue.code, issue.subject) for issue in panel.issues]


def test_answers_are_read_with_expert_group_and_cell(asked, tree, fill):
    fill(asked[0], {("now", "later"): "3", ("profit", "rhythm"): "1/7", "remark": "视行业而定"})
    panel = read_judgments(asked[0], tree)
    first, second = panel.judgments
    assert (first.expert, first.group, first.a, first.b, first.value) == ("e1", "small", "now", "later", 3.0)
    assert first.answer == "3 · 当前价值 比 潜在价值 稍重要"
    assert str(first.where) == "e1_张三.xlsx!1 客户价值!E11"
    assert (second.group, second.value) == ("now", 1 / 7)
    assert [expert.name for expert in panel.experts] == ["张三"]
    assert {(remark.group, remark.text) for remark in panel.remarks} == {
        (group.id, "视行业而定") for group in tree.groups
    }
    assert panel.issues == ()


def test_typed_answers_are_kept_as_given(asked, tree, fill):
    typed = {
        ("now", "later"): "1：3",
        ("now", "risk"): 0.333,
        ("later", "risk"): "３",
        ("profit", "volume"): " ",
    }
    fill(asked[0], typed, typed=True)
    assert found(read_judgments(asked[0], tree)) == {
        ("e1", "now", "later"): 1 / 3,
        ("e1", "now", "risk"): 0.333,
        ("e1", "later", "risk"): 3.0,
    }


def test_the_study_says_who_was_asked_with_role_and_weight(asked, tree, experts, fill):
    fill(asked[0], {("now", "later"): "3"})
    panel = read_judgments(asked[0].parent, tree, experts=[*experts, Expert("e3", "王五")])
    assert [expert.id for expert in panel.experts] == ["e1", "e2", "e3"]
    assert panel.experts[0].weight == 2.0
    assert warnings(panel) == [("JUDGE-224", "李四"), ("JUDGE-223", "王五")]


def test_every_bad_cell_is_reported_at_once_with_its_place(asked, tree, fill):
    bad = {
        ("now", "later"): "十分重要", ("now", "risk"): 12, ("later", "risk"): date(2024, 1, 3),
        ("profit", "volume"): time(1, 3), ("profit", "rhythm"): "3",
    }  # fmt: skip
    fill(asked[0], bad, typed=True)
    fill(asked[1], {("growth", "word"): 0}, typed=True)
    panel = read_judgments(asked[0].parent, tree)
    assert found(panel) == {("e1", "profit", "rhythm"): 3.0}
    assert all(issue.severity is Severity.WARNING for issue in panel.issues)
    assert said(panel.issues) == [
        ("JUDGE-201", "e1_张三.xlsx!1 客户价值!E11"),
        ("JUDGE-202", "e1_张三.xlsx!1 客户价值!E12"),
        ("JUDGE-203", "e1_张三.xlsx!1 客户价值!E13"),
        ("JUDGE-203", "e1_张三.xlsx!2 当前价值!E11"),
        ("JUDGE-202", "e2_李四.xlsx!3 潜在价值!E10"),
    ]


def test_a_group_that_changed_is_not_read_and_the_others_stay_valid(asked, make_tree, fill):
    fill(asked[0], {("now", "later"): "3", ("growth", "word"): "5"})
    changed = make_tree(("word 口碑 Word of mouth", "voice 口碑 Voice"))
    panel = read_judgments(asked[0], changed)
    assert found(panel) == {("e1", "now", "later"): 3.0}
    assert warnings(panel) == [("JUDGE-207", "later")]
    assert str(panel.issues[0].where) == "e1_张三.xlsx"


def test_new_labels_and_another_order_do_not_invalidate_answers(asked, make_tree, fill):
    fill(asked[0], {("profit", "volume"): "1/9"})
    profit, volume = "- &LEAF profit 毛利润 Profit", "- &LEAF volume 购买量 Volume"
    changed = make_tree(
        (profit, "MOVED"),
        (volume, profit),
        ("MOVED", "- &LEAF volume 采购量 Bought"),
        ("客户价值", "顾客价值"),
    )
    assert [child.id for child in changed.nodes["now"].children] == ["volume", "profit", "rhythm"]
    assert found(read_judgments(asked[0], changed)) == {("e1", "profit", "volume"): 1 / 9}


def test_answers_to_a_group_that_is_gone_are_named(asked, rooted, fill):
    fill(asked[0], {("profit", "volume"): "3", ("growth", "word"): "5"})
    panel = read_judgments(asked[0], rooted(lambda children: [children[0], children[2]]))
    assert found(panel) == {("e1", "profit", "volume"): 3.0}
    assert warnings(panel) == [("JUDGE-207", "small"), ("JUDGE-218", "later")]


def test_a_questionnaire_of_another_tree_is_named_and_left_out(asked, make_tree):
    other = make_tree(("id: small", "id: other"), ("id: now", "id: today"), ("id: later", "id: then"))
    panel = read_judgments(asked[0], other)
    assert panel.judgments == ()
    assert warnings(panel) == [("JUDGE-206", "e1_张三.xlsx")]


def rename(old, new):
    def change(book):
        book[old].title = new

    return change


def test_a_renamed_sheet_is_recognised(asked, tree, fill):
    fill(asked[0], {("now", "later"): "3"}, change=rename("1 客户价值", "我的答案"))
    panel = read_judgments(asked[0], tree)
    assert found(panel) == {("e1", "now", "later"): 3.0}
    assert str(panel.judgments[0].where) == "e1_张三.xlsx!我的答案!E11"
    assert said(panel.issues) == [("JUDGE-209", "e1_张三.xlsx!我的答案")]


def test_a_deleted_sheet_is_named(asked, tree, fill):
    fill(asked[0], {("now", "later"): "3"}, change=lambda book: book.remove(book["2 当前价值"]))
    assert errors(asked[0], tree) == [("JUDGE-208", "e1_张三.xlsx!2 当前价值")]


def test_a_deleted_row_is_named(asked, tree, fill):
    fill(asked[0], {}, change=lambda book: book["1 客户价值"].delete_rows(11))
    assert errors(asked[0], tree) == [("JUDGE-217", "e1_张三.xlsx!1 客户价值")]


def test_inserted_rows_do_no_harm(asked, tree, fill):
    fill(asked[0], {("now", "later"): "3"}, change=lambda book: book["1 客户价值"].insert_rows(5, 3))
    panel = read_judgments(asked[0], tree)
    assert found(panel) == {("e1", "now", "later"): 3.0}
    assert panel.judgments[0].where.cell == "E14"


def copy_sheet(answer):
    def change(book):
        copy = book.copy_worksheet(book["1 客户价值"])
        copy.title = "副本"
        copy["E11"].value = answer

    return change


def test_a_copy_of_a_sheet_answered_differently_is_named(asked, tree, fill):
    fill(asked[0], {("now", "later"): "3"}, change=copy_sheet("5"))
    assert errors(asked[0], tree) == [("JUDGE-210", "e1_张三.xlsx!副本")]


@pytest.mark.parametrize("answer", [None, "3 · 当前价值 比 潜在价值 稍重要"])
def test_a_copy_of_a_sheet_that_says_the_same_or_nothing_does_no_harm(asked, tree, fill, answer):
    fill(asked[0], {("now", "later"): "3"}, change=copy_sheet(answer))
    assert found(read_judgments(asked[0], tree)) == {("e1", "now", "later"): 3.0}


def test_a_workbook_of_another_kind_is_named_and_the_others_are_read(asked, tree, fill):
    fill(asked[0], {("now", "later"): "3"})
    with open_book(asked[0].with_name("z.xlsx")) as book:
        book.sheet("订单").put_row(0, 0, ["id", "amount"])
    panel = read_judgments(asked[0].parent, tree)
    assert len(panel.judgments) == 1
    assert ("JUDGE-204", "z.xlsx") in warnings(panel)


def test_a_workbook_of_a_newer_version_is_named(asked, tree, fill):
    fill(asked[0], {}, change=lambda book: setattr(book["_record"]["B1"], "value", 99))
    assert errors(asked[0], tree) == [("JUDGE-205", "e1_张三.xlsx")]


def test_an_expert_nobody_asked_is_named_with_the_nearest_name(asked, tree, fill):
    fill(asked[0], {("now", "later"): "3"})
    with pytest.raises(EvaluationError) as caught:
        read_judgments(asked[0], tree, experts=[Expert("e11", "李四")])
    [error] = [issue for issue in caught.value.issues if issue.severity is Severity.ERROR]
    assert (error.code, str(error.where), error.hint) == ("JUDGE-211", "e1_张三.xlsx", ("e11",))


def test_an_empty_folder_is_named(tmp_path, tree):
    assert errors(tmp_path, tree) == [("JUDGE-212", str(tmp_path))]


def test_a_folder_that_is_not_there_is_named(tmp_path, tree):
    [(code, place)] = errors(tmp_path / "no.xlsx", tree)
    assert (code, place) == ("FILE-711", "no.xlsx")


def test_unreadable_files_are_named_and_every_problem_of_the_others_too(asked, tree, fill):
    fill(asked[0], {("now", "later"): "?"})
    asked[0].with_name("junk.xlsx").write_bytes(b"junk")
    asked[0].with_name("nothing.xlsx").write_bytes(b"")
    with pytest.raises(EvaluationError) as caught:
        read_judgments(asked[0].parent, tree)
    named = said(issue for issue in caught.value.issues if issue.code != "JUDGE-224")
    assert named == [
        ("FILE-714", "junk.xlsx"),
        ("FILE-713", "nothing.xlsx"),
        ("JUDGE-201", "e1_张三.xlsx!1 客户价值!E11"),
    ]


def test_other_files_in_the_folder_are_named_and_locks_are_passed_over(asked, tree):
    asked[0].with_name("答卷.et").write_bytes(b"x")
    asked[0].with_name(".~lock.x#").write_bytes(b"x")
    panel = read_judgments(asked[0].parent, tree)
    assert ("JUDGE-244", "答卷.et") in warnings(panel)
    assert len(panel.issues) == 3


def test_two_different_submissions_wait_until_the_study_chooses(asked, tree, experts, fill):
    second = asked[0].with_name("张三(1).xlsx")
    shutil.copy(asked[0], second)
    fill(asked[0], {("now", "later"): "3"})
    fill(second, {("now", "later"): "1/3"})
    fill(asked[1], {("now", "later"): "1"})
    panel = read_judgments(asked[0].parent, tree, experts=experts)
    assert found(panel) == {("e2", "now", "later"): 1.0}
    [waiting] = panel.issues
    assert (waiting.code, waiting.subject, waiting.severity) == ("JUDGE-213", "张三", Severity.WARNING)
    assert all(file in waiting.sentence("zh") for file in ("e1_张三.xlsx", "张三(1).xlsx"))
    chosen = read_judgments(asked[0].parent, tree, experts=experts, chosen={"e1": "张三(1).xlsx"})
    assert found(chosen) == {("e1", "now", "later"): 1 / 3, ("e2", "now", "later"): 1.0}
    assert chosen.issues == ()


def test_identical_submissions_merge_with_a_note(asked, tree, fill):
    fill(asked[0], {("now", "later"): "3"})
    shutil.copy(asked[0], asked[0].with_name("再发一次.xlsx"))
    panel = read_judgments(asked[0].parent, tree)
    assert len(panel.judgments) == 1
    assert ("JUDGE-214", "再发一次.xlsx") in warnings(panel)


def test_an_empty_copy_beside_the_answers_does_no_harm(asked, tree, fill):
    fill(asked[0], {("now", "later"): "3"}, to=asked[0].with_name("zz.xlsx"))
    panel = read_judgments(asked[0].parent, tree, experts=[Expert("e1"), Expert("e2")])
    assert found(panel) == {("e1", "now", "later"): 3.0}
    assert warnings(panel) == [("JUDGE-224", "e2")]


def test_files_that_answer_different_groups_complete_each_other(asked, tree, fill):
    fill(asked[0], {("growth", "word"): "5"}, to=asked[0].with_name("zz.xlsx"))
    fill(asked[0], {("now", "later"): "3"})
    assert found(read_judgments([asked[0], asked[0].with_name("zz.xlsx")], tree)) == {
        ("e1", "now", "later"): 3.0,
        ("e1", "growth", "word"): 5.0,
    }


def test_a_chosen_file_that_is_not_there_is_named(asked, tree, experts):
    chosen = {"e1": "e1_张三.xls"}
    assert errors(asked[0].parent, tree, experts=experts, chosen=chosen) == [("JUDGE-215", "e1_张三.xls")]


def test_two_experts_of_one_id_are_refused(asked, tree):
    assert errors(asked[0], tree, experts=[Expert("e1"), Expert("e1")]) == [("JUDGE-225", "None")]


def test_files_of_one_name_in_two_folders_are_told_apart(tree, experts, tmp_path, fill):
    for name, answer in (("a", "3"), ("b", "5")):
        [written] = write_questionnaires(tree, experts[:1], tmp_path / name)
        fill(written.path, {("now", "later"): answer})
    sources = [tmp_path / "a", tmp_path / "b"]
    [waiting] = read_judgments(sources, tree).issues
    assert str(waiting.where).endswith("b/e1_张三.xlsx")
    chosen = read_judgments(sources, tree, chosen={"e1": "b/e1_张三.xlsx"})
    assert found(chosen) == {("e1", "now", "later"): 5.0}


def test_a_file_open_elsewhere_is_read_with_a_warning(asked, tree, fill):
    fill(asked[0], {("now", "later"): "3"})
    asked[0].with_name(f"~${asked[0].name}").write_bytes(b"")
    panel = read_judgments(asked[0].parent, tree)
    assert len(panel.judgments) == 1
    assert ("FILE-718", "e1_张三.xlsx") in warnings(panel)


def test_english_questionnaires_are_read_alike(tree, tmp_path, fill):
    [written] = write_questionnaires(tree, [Expert("e9", "Zoë")], tmp_path, language="en")
    fill(written.path, {("now", "later"): "1/8"})
    [judgment] = read_judgments(tmp_path, tree).judgments
    assert (
        judgment.answer
        == "8 · Potential value is very strongly to extremely more important than Current value"
    )
    assert judgment.value == 1 / 8


def test_sheets_stand_in_the_order_of_the_tree(asked):
    names = openpyxl.load_workbook(asked[0]).sheetnames
    assert names == ["填写说明", "_choices", "_live", "1 客户价值", "2 当前价值", "3 潜在价值", "_record"]
    assert all(a < b for a, b in pairwise(names[3:6]))
