"""Indicator tables: what is written reads back, and tables people have become drafts with a review."""

from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Alignment

from evaluator.errors import EvaluationError
from evaluator.forms import read_indicator_table, write_indicator_table
from evaluator.tree import Tree, bundled, load_tree

HEADS = ("一级指标", "二级指标", "指标名称", "方向", "单位", "权重", "评分标准")


def book(folder: Path, *rows: tuple, merge: tuple[str, ...] = (), name: str = "指标表.xlsx") -> Path:
    """Write a table as a consultant would: a title, the headings, the rows."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "客户价值"
    for row in (("客户价值评价指标体系",), *rows):
        sheet.append(row)
    for area in merge:
        sheet.merge_cells(area)
    made.save(folder / name)
    return folder / name


def loaded(draft, folder: Path) -> Tree:
    (folder / "draft.yaml").write_text(draft.text, encoding="utf-8")
    return load_tree(folder / "draft.yaml")


def shape(node) -> object:
    return (
        {node.name.zh: [shape(child) for child in node.children]}
        if hasattr(node, "children")
        else node.name.zh
    )


def codes(draft) -> list[tuple[str, str]]:
    return [(issue.code, issue.where.cell) for issue in draft.issues]


@pytest.mark.parametrize("name", bundled())
def test_a_tree_written_as_a_table_reads_back_as_the_same_tree(name, tmp_path) -> None:
    tree = load_tree(name)
    language = "zh" if len(name) % 2 else "en"
    draft = read_indicator_table(write_indicator_table(tree, tmp_path / "t.xlsx", language=language))
    assert draft.issues == ()
    assert loaded(draft, tmp_path) == tree


MERGED = (
    HEADS,
    ("当前价值", "盈利贡献", "毛利润额", "正向", "元", 0.3, "{kind: linear, worst: 0, best: 100}"),
    (None, None, "毛利率", "+", "%", 0.1, "毛利率高于20%得满分"),
    (None, "成本占用", "服务成本率", "逆向", "%", 0.2, None),
    ("潜在价值", None, "忠诚度", "定性", None, 0.4, None),
    ("合计", None, None, None, None, 1, None),
)


def test_merged_levels_become_criteria_and_what_the_table_lacks_is_reviewed(tmp_path) -> None:
    path = book(tmp_path, *MERGED, merge=("A3:A5", "B3:B4"))
    draft = read_indicator_table(path)
    tree = loaded(draft, tmp_path)
    assert [shape(child) for child in tree.root.children] == [
        {"当前价值": [{"盈利贡献": ["毛利润额", "毛利率"]}, {"成本占用": ["服务成本率"]}]},
        {"潜在价值": ["忠诚度"]},
    ]
    assert [leaf.direction for leaf in tree.indicators] == ["benefit", "benefit", "cost", "benefit"]
    assert [leaf.scale.kind for leaf in tree.indicators] == ["linear", "percentile", "percentile", "graded"]
    assert tree.nodes["服务成本率"].scale.best == "low"
    assert tree.nodes["毛利率"].definition.zh == "毛利率高于20%得满分"
    assert codes(draft) == [
        ("TREE-180", "C2"), ("TREE-182", "C3"), ("TREE-183", "C4"), ("TREE-174", "G4"), ("TREE-172", "G4"),
        ("TREE-183", "C5"), ("TREE-172", "G5"), ("TREE-175", "G6"),
    ]  # fmt: skip
    assert draft.text.count("\n# ") == len(draft.issues)


def test_weights_of_the_whole_table_give_the_criteria_theirs(tmp_path) -> None:
    tree = loaded(read_indicator_table(book(tmp_path, *MERGED, merge=("A3:A5", "B3:B4"))), tmp_path)
    assert {group.id: group.weight for group in tree.groups[1:]} == pytest.approx(
        {"当前价值": 0.6, "盈利贡献": 0.4, "成本占用": 0.2, "潜在价值": 0.4}
    )


def test_a_column_for_the_goal_names_the_tree_and_weights_may_stand_beside_each_level(tmp_path) -> None:
    heads = ("目标层", "准则层", "权重", "指标层", "权重（%）", "指标性质")
    path = book(
        tmp_path,
        heads,
        ("客户价值", "当前价值", 0.6, "毛利", "70%", "正向"),
        (None, None, None, "成本", "30%", "逆向"),
        (None, "潜在价值", 0.4, "忠诚", "100%", "定性"),
        merge=("A3:A5", "B3:B4", "C3:C4"),
    )
    tree = loaded(read_indicator_table(path, tree_id="dealer"), tmp_path)
    assert (tree.id, tree.name.zh) == ("dealer", "客户价值")
    assert [shape(child) for child in tree.root.children] == [
        {"当前价值": ["毛利", "成本"]},
        {"潜在价值": ["忠诚"]},
    ]
    weights = {node.id: node.weight for node in tree.nodes.values()}
    assert weights == {
        "dealer": None, "当前价值": 0.6, "毛利": 70, "成本": 30, "潜在价值": 0.4, "忠诚": 100,
    }  # fmt: skip


def test_levels_filled_in_once_without_merging_mean_the_same(tmp_path) -> None:
    (tmp_path / "a").mkdir()
    merged = read_indicator_table(book(tmp_path / "a", *MERGED, merge=("A3:A5", "B3:B4")))
    filled = read_indicator_table(book(tmp_path, *MERGED))
    assert filled.text == merged.text


def test_a_table_saved_by_libreoffice_reads_the_same(tmp_path, converted) -> None:
    path = book(tmp_path, *MERGED, merge=("A3:A5", "B3:B4"))
    (tmp_path / "out").mkdir()
    converted([path], tmp_path / "out")
    assert read_indicator_table(tmp_path / "out" / path.name).text == read_indicator_table(path).text


@pytest.mark.parametrize("how", ["numbers", "spaces", "indents"])
def test_one_column_of_names_is_read_by_numbers_spaces_or_indents(how, tmp_path) -> None:
    outline = [
        (0, "当前价值"),
        (1, "盈利"),
        (2, "毛利"),
        (2, "毛利率"),
        (1, "成本"),
        (0, "潜在价值"),
        (1, "忠诚"),
    ]
    numbers = ["1", "1.1", "1.1.1", "1.1.2", "1.2", "2", "2.1"]
    names = {
        "numbers": [f"{number} {name}" for number, (_, name) in zip(numbers, outline, strict=True)],
        "spaces": ["  " * depth + name for depth, name in outline],
        "indents": [name for _, name in outline],
    }[how]
    path = book(tmp_path, ("指标", "方向"), *((name, "正向") for name in names))
    if how == "indents":
        made = openpyxl.load_workbook(path)
        for row, (depth, _) in enumerate(outline, start=3):
            made.active.cell(row, 1).alignment = Alignment(indent=depth)
        made.save(path)
    tree = loaded(read_indicator_table(path), tmp_path)
    assert [shape(child) for child in tree.root.children] == [
        {"当前价值": [{"盈利": ["毛利", "毛利率"]}, "成本"]}, {"潜在价值": ["忠诚"]},
    ]  # fmt: skip


LABELS = (
    ("一级指标", "二级指标"),
    ("当前价值（60%）", "年毛利（40%）"),
    (None, "毛利率 30％"),
    (None, "年销售额(30%)"),
    ("潜在价值（权重：40%）", "逾期率（50％）"),
    (None, "口碑 50%"),
)


def test_percentages_leave_the_labels_and_become_weights(tmp_path) -> None:
    draft = read_indicator_table(book(tmp_path, *LABELS))
    tree = loaded(draft, tmp_path)
    assert [shape(child) for child in tree.root.children] == [
        {"当前价值": ["年毛利", "毛利率", "年销售额"]}, {"潜在价值": ["逾期率", "口碑"]},
    ]  # fmt: skip
    assert {node.name.zh: node.weight for node in tree.nodes.values() if node.weight} == {
        "当前价值": 60, "年毛利": 40, "毛利率": 30, "年销售额": 30, "潜在价值": 40, "逾期率": 50, "口碑": 50,
    }  # fmt: skip
    assert [cell for code, cell in codes(draft) if code == "TREE-181"] == [
        "A3", "B3", "B4", "B5", "A6", "B6", "B7",
    ]  # fmt: skip


def test_names_of_measures_that_exist_link_to_them_with_their_direction(tmp_path) -> None:
    draft = read_indicator_table(book(tmp_path, *LABELS))
    tree = loaded(draft, tmp_path)
    assert [(leaf.measure, leaf.direction) for leaf in tree.indicators] == [
        ("gross_profit", "benefit"), ("margin", "benefit"), ("net_amount", "benefit"),
        ("overdue_share", "cost"), ("口碑", "benefit"),
    ]  # fmt: skip
    assert [cell for code, cell in codes(draft) if code == "TREE-182"] == ["B3", "B4", "B5", "B6"]
    assert [cell for code, cell in codes(draft) if code == "TREE-171"] == ["B7"]


@pytest.mark.parametrize("label", ["毛利率高于20%", "折扣超过 20%", "前20%客户占比", "增长 120%"])
def test_a_percentage_that_is_no_weight_stays_in_the_label(label, tmp_path) -> None:
    draft = read_indicator_table(book(tmp_path, HEADS, ("甲", "乙", label, "正向", None, 1, None)))
    assert [leaf.name.zh for leaf in loaded(draft, tmp_path).indicators] == [label]


def test_a_measure_in_another_unit_or_stated_by_the_table_is_not_replaced(tmp_path) -> None:
    heads = ("一级指标", "指标名称", "方向", "单位", "指标值")
    rows = [("甲", "年毛利", "正向", "万元", None), ("甲", "毛利率", "正向", None, "mine")]
    draft = read_indicator_table(book(tmp_path, heads, *rows))
    assert [leaf.measure for leaf in loaded(draft, tmp_path).indicators] == ["年毛利", "mine"]
    assert [cell for code, cell in codes(draft) if code == "TREE-183"] == ["B3"]


def test_what_cannot_be_taken_is_named_with_its_cell(tmp_path) -> None:
    draft = read_indicator_table(
        book(
            tmp_path,
            HEADS,
            ("甲", "乙", "付款", "正向", "天", "很重要", "{kind: linear, worst: 0, best: 9}"),
            (None, None, "付款", "怪", "天", 2, "{kind: linear, worst: 0, best: 9}"),
            (None, None, "授信", "适度", "%", 1, None),
            (None, None, None, "正向", "天", 1, None),
        )
    )
    assert codes(draft) == [
        ("TREE-178", "C6"), ("TREE-180", "C2"), ("TREE-177", "F3"), ("TREE-176", "C4"), ("TREE-171", "D4"),
        ("TREE-173", "G5"), ("TREE-179", "C2"),
    ]  # fmt: skip
    with pytest.raises(EvaluationError) as raised:
        loaded(draft, tmp_path)
    assert [issue.code for issue in raised.value.issues] == ["DOC-102"]


@pytest.mark.parametrize("rows", [(("说明",), ("无表格",)), (HEADS,)])
def test_a_workbook_without_indicators_is_refused(rows, tmp_path) -> None:
    with pytest.raises(EvaluationError) as raised:
        read_indicator_table(book(tmp_path, *rows))
    assert [issue.code for issue in raised.value.issues] == ["TREE-170"]
