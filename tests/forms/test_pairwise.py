"""Questionnaires as written: what they ask, what can be changed, and that answers are never lost."""

import openpyxl
import pytest
from openpyxl.cell.cell import MergedCell

from evaluator.errors import EvaluationError
from evaluator.forms import read_judgments, write_questionnaires
from evaluator.forms.filled_forms import read_filled
from evaluator.tree import group_fingerprint
from evaluator.weighing.panel import Expert


def test_every_pair_of_every_group_is_asked_once_with_a_drop_down_of_its_own(asked, pairs_of):
    book = openpyxl.load_workbook(asked[0])
    found = []
    for sheet in book:
        offered = {
            str(rule.sqref): book.defined_names[rule.formula1]
            for rule in sheet.data_validations.dataValidation
        }
        for row in range(1, sheet.max_row + 1):
            key = str(sheet.cell(row, 1).value)
            if key.startswith("pair:"):
                found.append(tuple(key.split(":")[1:]))
                [(name, area)] = offered[f"E{row}"].destinations
                cells = [cell.value for (cell,) in book[name][area]]
                assert len(cells) == 17
                assert all(
                    sheet.cell(row, 3).value in cell and sheet.cell(row, 4).value in cell for cell in cells
                )
    assert found == pairs_of


def test_only_answers_and_remarks_can_be_changed_and_answers_are_text(asked):
    book = openpyxl.load_workbook(asked[0])
    visible = [sheet for sheet in book if sheet.sheet_state == "visible"]
    assert len(visible) == 4
    for sheet in visible:
        assert sheet.protection.sheet
        assert not sheet.protection.password
        cells = [cell for row in sheet.iter_rows() for cell in row if not isinstance(cell, MergedCell)]
        for cell in (cell for cell in cells if not cell.protection.locked):
            key = str(sheet.cell(cell.row, 1).value)
            assert key == "remark" or (key.startswith("pair:") and cell.column_letter == "E")
            assert cell.number_format == "@"
    assert [book[name].sheet_state for name in ("_choices", "_record")] == ["veryHidden"] * 2


def test_the_cover_counts_answers_by_formulas_with_their_value(asked, fill):
    cover = openpyxl.load_workbook(asked[0], data_only=True)["填写说明"]
    cells = {cell.value for row in cover.iter_rows() for cell in row}
    assert {"客户价值 两两比较问卷", "张三  ·  市场总监", "还有 7 组未答，约 3 分钟", 0, 7} <= cells
    formulas = openpyxl.load_workbook(asked[0])["填写说明"]
    texts = [str(cell.value) for row in formulas.iter_rows() for cell in row]
    assert any(text.startswith("=SUM(") for text in texts)


def test_the_record_says_what_was_asked_of_whom(asked, tree):
    record = read_filled(asked[0]).record
    assert (record.tree, record.expert.id, record.expert.name) == ("small", "e1", "张三")
    assert [(group.id, group.fingerprint) for group in record.groups] == [
        (group.id, group_fingerprint(group)) for group in tree.groups
    ]
    assert record.groups[0].children == ("now", "later", "risk")


def test_what_was_written_says_pairs_minutes_and_state(tree, experts, tmp_path):
    first, second = write_questionnaires(tree, experts, tmp_path)
    assert (first.path.name, second.path.name) == ("e1_张三.xlsx", "e2_李四.xlsx")
    assert (first.pairs, first.state, first.changed) == (7, "written", ())
    assert 3 < first.minutes < 15


@pytest.mark.parametrize("mark", [{("now", "later"): "3"}, {("now", "later"): "?"}, {"remark": "等我想想"}])
def test_a_workbook_that_holds_anything_is_kept_and_others_are_rewritten(tree, experts, asked, fill, mark):
    fill(asked[0], mark)
    kept = asked[0].read_bytes()
    asked[1].touch()
    states = [written.state for written in write_questionnaires(tree, experts, asked[0].parent)]
    assert states == ["kept", "written"]
    assert asked[0].read_bytes() == kept


def test_an_empty_workbook_is_rewritten_for_a_changed_tree(make_tree, experts, asked):
    changed = make_tree(("risk 信用 Credit", "safety 安全 Safety"))
    write_questionnaires(changed, experts, asked[0].parent)
    assert read_filled(asked[0]).record.groups[0].children == ("now", "later", "safety")


def test_a_kept_workbook_names_the_groups_that_changed_since(make_tree, experts, asked, fill):
    fill(asked[0], {("now", "later"): "3"})
    changed = make_tree(("word 口碑 Word of mouth", "voice 口碑 Word of mouth"))
    assert write_questionnaires(changed, experts, asked[0].parent)[0].changed == ("later",)


def test_a_file_that_is_no_questionnaire_is_never_overwritten(tree, experts, tmp_path):
    path = tmp_path / "e1_张三.xlsx"
    path.write_bytes(b"somebody's own notes")
    written = write_questionnaires(tree, experts, tmp_path)
    assert [entry.state for entry in written] == ["kept", "written"]
    assert path.read_bytes() == b"somebody's own notes"


def test_a_workbook_open_elsewhere_is_named_after_the_others_are_written(tree, experts, asked):
    asked[0].with_name(f"~${asked[0].name}").write_bytes(b"")
    asked[1].unlink()
    with pytest.raises(EvaluationError) as caught:
        write_questionnaires(tree, experts, asked[0].parent)
    assert [issue.code for issue in caught.value.issues] == ["FILE-702"]
    assert asked[1].exists()


def test_two_experts_of_one_id_are_refused(tree, tmp_path):
    with pytest.raises(EvaluationError) as caught:
        write_questionnaires(tree, [Expert("a"), Expert("b"), Expert("a")], tmp_path)
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [("JUDGE-225", "a")]
    assert not list(tmp_path.iterdir())


def test_a_tree_with_nothing_to_compare_is_refused(rooted, tmp_path):
    with pytest.raises(EvaluationError) as caught:
        write_questionnaires(rooted(lambda children: children[2:]), [Expert("a")], tmp_path)
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [("JUDGE-226", "small")]


def test_names_that_look_like_formulas_stay_text_and_are_read_back(make_tree, tmp_path, fill):
    tree = make_tree(("毛利润 Profit", "=cmd|calc!A0 +Profit"), ("购买量 Volume", "@量 -Volume"))
    [written] = write_questionnaires(tree, [Expert("=1+1", "=HYPERLINK(1)", "@x")], tmp_path)
    book = openpyxl.load_workbook(written.path)
    risky = ("=cmd", "@量", "=HYPER", "@x", "=1+1")
    found = [c for sheet in book for row in sheet.iter_rows() for c in row if str(c.value).startswith(risky)]
    assert len(found) > 10
    assert {cell.data_type for cell in found} == {"s"}
    fill(written.path, {("profit", "volume"): "1/5"})
    panel = read_judgments(tmp_path, tree)
    assert [(entry.expert, entry.value) for entry in panel.judgments] == [("=1+1", 1 / 5)]


def test_the_same_questionnaire_has_the_same_bytes(tree, experts, tmp_path):
    one = write_questionnaires(tree, experts, tmp_path / "a")[0].path.read_bytes()
    assert write_questionnaires(tree, experts, tmp_path / "b")[0].path.read_bytes() == one


def test_groups_whose_names_excel_would_refuse_get_sheets_of_their_own(make_tree, tmp_path):
    tree = make_tree(("zh: 当前价值", "zh: '价值/收入:[今天]*?'"), ("zh: 潜在价值", f"zh: {'很' * 40}"))
    [written] = write_questionnaires(tree, [Expert("a")], tmp_path)
    assert len(read_filled(written.path).groups) == 3
    assert read_filled(written.path).issues == ()


def test_an_expert_is_asked_only_about_the_groups_of_the_duty(tree, experts, tmp_path, fill):
    first, second = write_questionnaires(tree, experts, tmp_path, duties={"e1": ["now"]})
    assert (first.pairs, second.pairs) == (3, 7)
    assert first.minutes < second.minutes
    assert [group.id for group in read_filled(first.path).record.groups] == ["now"]
    cover = openpyxl.load_workbook(first.path, data_only=True).worksheets[0]
    assert "还有 3 组未答，约 2 分钟" in {cell.value for row in cover.iter_rows() for cell in row}
    fill(first.path, {("profit", "volume"): "3"})
    panel = read_judgments(first.path, tree, experts=experts[:1])
    assert [(entry.group, entry.value) for entry in panel.judgments] == [("now", 3.0)]
    assert panel.issues == ()  # nobody misses answers to groups that were not asked
    assert write_questionnaires(tree, experts, tmp_path, duties={"e1": ["now"]})[0].state == "kept"


def test_a_duty_that_names_no_expert_or_group_is_refused(tree, experts, tmp_path):
    with pytest.raises(EvaluationError) as caught:
        write_questionnaires(tree, experts, tmp_path, duties={"e1": ["nov"], "e9": ["now"]})
    assert [(issue.code, issue.subject, issue.hint) for issue in caught.value.issues] == [
        ("JUDGE-234", "e9", ()), ("JUDGE-234", "nov", ("now",)), ("JUDGE-235", "small", ())
    ]  # fmt: skip
