"""Flags, actions and what decides that cannot be meant: each by its code and its line, in trees and studies."""

import pytest

from evaluator.errors import EvaluationError, Severity
from evaluator.study import Study
from evaluator.study.tree import checked
from evaluator.tree import load_tree

TREE = """\
schema: 1
id: decided
name: {zh: 决定, en: Decided}
status: custom
source: a test
weights_source: an illustration
grades:
  - {id: good, name: {zh: 好, en: Good}, score: 90, from: 60}
  - {id: poor, name: {zh: 差, en: Poor}, score: 40, from: 0}
root:
  children:
    - id: now
      name: {zh: 现在, en: Now}
      axis: now
      weight: 2
      children:
        - id: profit
          name: {zh: 利润, en: Profit}
          measure: gross_profit
          direction: benefit
          scale: {kind: linear, worst: 0, best: 100}
    - id: later
      name: {zh: 将来, en: Later}
      axis: later
      weight: 1
      children:
        - id: trust
          name: {zh: 信任, en: Trust}
          measure: trust
          direction: benefit
          scale: {kind: linear, worst: 0, best: 100}
matrices:
  - id: m
    name: {zh: 矩阵, en: Matrix}
    x: {axis: now, cut: {kind: fixed, at: [60]}}
    y: {axis: later, cut: {kind: fixed, at: [60]}}
    classes:
      - {id: hh, name: {zh: 高高, en: HH}, x: high, y: high}
      - {id: hl, name: {zh: 高低, en: HL}, x: high, y: low}
      - {id: lh, name: {zh: 低高, en: LH}, x: low, y: high}
      - {id: ll, name: {zh: 低低, en: LL}, x: low, y: low}
decides: m
"""
DECISIONS = """\
flags:
  change: [{id: at_risk, when: trust < 20}]
  add:
    - {id: rich, name: {zh: 富, en: Rich}, level: chance, when: gross_profit > 90, says: 富, source: 测试}
  off: [new]
actions:
  - id: keep
    name: {zh: 保, en: Keep}
    when: class_m in ['hh', 'hl'] and flag_at_risk
    do: {zh: 上门, en: Visit}
  - id: sell
    name: {zh: 卖, en: Sell}
    when: class_m != 'll' or flag_rich
    do: {zh: 推销, en: Offer}
"""
MISTAKES = [  # (text to replace, its replacement, code, subject, what the line it names says)
    ("when: trust < 20", "when: trus < 20", "DOC-122", "trus", "trus < 20"),
    ("{id: at_risk,", "{id: at_rsk,", "ACTION-110", "at_rsk", "at_rsk"),
    ("off: [new]", "off: [now]", "ACTION-110", "now", "off: [now]"),
    ("id: rich, name", "id: dormant, name", "ACTION-111", "dormant", "id: dormant"),
    ("gross_profit > 90", "gros_profit > 90", "DOC-122", "gros_profit", "gros_profit"),
    ("id: sell", "id: keep", "ACTION-112", "keep", "id: keep"),
    ("['hh', 'hl']", "['hh', 'hk']", "ACTION-113", "hk", "'hk'"),
    ("class_m !=", "class_n !=", "DOC-122", "class_n", "class_n"),
    ("or flag_rich", "or flag_rch", "DOC-122", "flag_rch", "flag_rch"),
    ("or flag_rich", "or grade == 'goood'", "ACTION-113", "goood", "goood"),
]
STUDY_MISTAKES = [
    ("do: {zh: 上门, en: Visit}", "do: x\n    cost: -5", "ACTION-114", "keep", "cost: -5"),
    ("do: {zh: 上门, en: Visit}", "do: x\n    cost: 2 * trst", "DOC-122", "trst", "trst"),
    ("do: {zh: 上门, en: Visit}", "do: x\n    gain: effect * trust", "DOC-122", "effect", "effect"),
    ("flags:\n", "decides: n\nflags:\n", "TREE-154", "n", "decides: n"),
]  # fmt: skip


def write_study(folder, tree: str, more: str) -> None:
    (folder / "own.yaml").write_text(tree, "utf-8")
    head = "schema: 1\ntitle: A study\nlanguage: en\ntree: own.yaml\nweighting: {source: given}\n"
    (folder / "study.yaml").write_text(head + more, "utf-8")


def named(raised, code: str, path) -> list[tuple[str, str]]:
    lines = path.read_text("utf-8").splitlines()
    issues = [issue for issue in raised.value.issues if issue.code == code]
    return [(issue.subject, lines[issue.where.line - 1]) for issue in issues]


def test_sound_decisions_are_no_mistake(tmp_path) -> None:
    (tmp_path / "own.yaml").write_text(TREE + DECISIONS, "utf-8")
    tree, issues = checked("own.yaml", tmp_path)
    assert tree.deciding == "m"
    notes = [(issue.code, issue.subject, issue.severity) for issue in issues if issue.code == "ACTION-116"]
    assert notes == []


def test_a_class_without_an_action_is_named(tmp_path) -> None:
    (tmp_path / "own.yaml").write_text(TREE + DECISIONS.replace(" or flag_rich", ""), "utf-8")
    notes = [issue for issue in checked("own.yaml", tmp_path)[1] if issue.code == "ACTION-116"]
    assert [(note.subject, note.severity) for note in notes] == [("ll", Severity.NOTE)]


@pytest.mark.parametrize(("text", "wrong", "code", "subject", "line"), MISTAKES)
def test_a_mistake_in_a_tree_gives_its_code_and_line(tmp_path, text, wrong, code, subject, line) -> None:
    assert text in DECISIONS
    (tmp_path / "own.yaml").write_text(TREE + DECISIONS.replace(text, wrong, 1), "utf-8")
    with pytest.raises(EvaluationError) as raised:
        checked("own.yaml", tmp_path)
    [(found, says)] = named(raised, code, tmp_path / "own.yaml")
    assert found == subject
    assert line in says


@pytest.mark.parametrize(("text", "wrong", "code", "subject", "line"), [*MISTAKES, *STUDY_MISTAKES])
def test_a_mistake_in_a_study_gives_its_code_and_line(tmp_path, text, wrong, code, subject, line) -> None:
    assert text in DECISIONS
    write_study(tmp_path, TREE, DECISIONS.replace(text, wrong, 1))
    with pytest.raises(EvaluationError) as raised:
        _ = Study(tmp_path).tree
    [(found, says)] = named(raised, code, tmp_path / "study.yaml")
    assert found == subject
    assert line in says


def test_what_decides_is_known_as_soon_as_a_tree_is_loaded(tmp_path) -> None:
    (tmp_path / "own.yaml").write_text(TREE.replace("decides: m", "decides: mm"), "utf-8")
    with pytest.raises(EvaluationError) as raised:
        load_tree(tmp_path / "own.yaml")
    assert named(raised, "TREE-154", tmp_path / "own.yaml") == [("mm", "decides: mm")]


def test_money_does_not_belong_into_a_tree(tmp_path) -> None:
    priced = TREE + DECISIONS.replace("do: {zh: 上门, en: Visit}", "do: {zh: 上门, en: Visit}\n    cost: 5")
    (tmp_path / "own.yaml").write_text(priced, "utf-8")
    with pytest.raises(EvaluationError) as raised:
        checked("own.yaml", tmp_path)
    assert [issue.code for issue in raised.value.issues] == ["ACTION-115"]


def test_one_of_several_trees_names_mistakes_at_its_own_entry(tmp_path) -> None:
    (tmp_path / "own.yaml").write_text(TREE, "utf-8")
    own = "\n".join(f"    {line}" for line in DECISIONS.replace("flag_rich", "flag_rch").splitlines())
    (tmp_path / "study.yaml").write_text(
        "schema: 1\ntitle: A study\nlanguage: en\nweighting: {source: given}\ntrees:\n"
        f"  - id: first\n    tree: own.yaml\n{own}\n", "utf-8"
    )  # fmt: skip
    with pytest.raises(EvaluationError) as raised:
        _ = Study(tmp_path).branches[0].tree
    [(subject, says)] = named(raised, "DOC-122", tmp_path / "study.yaml")
    assert (subject, says.strip()) == ("flag_rch", "when: class_m != 'll' or flag_rch")


def test_a_matrix_of_the_study_takes_the_actions_of_the_tree_with_it(tmp_path) -> None:
    """Actions of a matrix that no longer decides would be for classes that nobody has."""
    matrix = TREE[TREE.index("matrices:") : TREE.index("decides:")].replace("id: m\n", "id: own\n")
    write_study(tmp_path, TREE + DECISIONS, matrix)
    tree = Study(tmp_path).tree
    assert (tree.deciding, tree.actions) == ("own", ())


@pytest.mark.parametrize("name", ["hk", "ll"])
def test_what_is_better_is_another_class_of_the_matrix(tmp_path, name: str) -> None:
    wrong = TREE.replace("x: low, y: low}", f"x: low, y: low, better: [hl, {name}]}}")
    (tmp_path / "own.yaml").write_text(wrong, "utf-8")
    with pytest.raises(EvaluationError) as raised:
        checked("own.yaml", tmp_path)
    [(found, says)] = named(raised, "TREE-164", tmp_path / "own.yaml")
    assert found == name
    assert "better: [hl" in says
