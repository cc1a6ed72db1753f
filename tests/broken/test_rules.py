"""Rules, attributes, shares and profiles that cannot be meant: each by its code and its line."""

import pytest

from evaluator.errors import EvaluationError
from evaluator.tree import load_tree

GOOD = """\
schema: 1
id: ruled
name: {zh: 规则, en: Ruled}
status: custom
source: a test
weights_source: an illustration
grades:
  - {id: good, name: {zh: 好, en: Good}, score: 90, from: 60}
  - {id: poor, name: {zh: 差, en: Poor}, score: 40, from: 0}
attributes:
  - {id: country, name: {zh: 国家, en: Country}, kind: text}
  - {id: overdue, name: {zh: 逾期, en: Overdue}}
root:
  children:
    - id: now
      name: {zh: 现在, en: Now}
      axis: now
      weight: 2
      children:
        - id: profit
          name: {zh: 利润, en: Profit}
          measure: profit
          direction: benefit
          weight: 1
          scale: {kind: linear, worst: 0, best: 100}
        - id: volume
          name: {zh: 数量, en: Volume}
          measure: volume
          direction: benefit
          weight: 1
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
rules:
  - id: stopped
    kind: gate
    name: {zh: 停, en: Stopped}
    when: overdue > 365
    reason: a test
  - id: limited
    kind: veto
    name: {zh: 限, en: Limited}
    when: country in ['XX', 'YY']
    at_most: 40
    reason: a test
  - id: added
    kind: bonus
    name: {zh: 加, en: Added}
    when: volume / profit >= 2
    points: 1
    per: volume
    at_most: 5
    reason: a test
  - id: capped
    kind: grade_cap
    name: {zh: 封, en: Capped}
    when: score_trust < 20
    grade: poor
    reason: a test
  - id: settled
    kind: override
    name: {zh: 归, en: Settled}
    when: coverage_now < 0.5
    matrix: m
    class: ll
    reason: a test
matrices:
  - id: m
    name: {zh: 矩阵, en: Matrix}
    x: {axis: now, cut: {kind: natural, groups: 2}}
    y: {axis: later, cut: {kind: median}}
    classes:
      - {id: hh, name: {zh: 高高, en: HH}, x: high, y: high}
      - {id: hl, name: {zh: 高低, en: HL}, x: high, y: low}
      - {id: lh, name: {zh: 低高, en: LH}, x: low, y: high}
      - {id: ll, name: {zh: 低低, en: LL}, x: low, y: low}
profiles:
  by: stage
  source: a test
  of:
    - {id: young, name: {zh: 新, en: Young}, values: [new], weights: {now: 1, later: 3}}
    - {id: old, name: {zh: 老, en: Old}, values: [old, gone], weights: {profit: 3, volume: 1}}
"""

MISTAKES = [  # (text to replace, its replacement, code, subject, what the line it names says)
    ("id: overdue, name", "id: profit, name", "TREE-140", "profit", "- {id: profit, name: {zh: 逾期"),
    ("id: overdue, name", "id: country, name", "TREE-140", "country", "- {id: country, name: {zh: 逾期"),
    ("id: limited", "id: stopped", "TREE-141", "stopped", "- id: stopped"),
    ("id: limited", "id: later", "TREE-141", "later", "- id: later"),
    ("when: overdue > 365", "when: overdue >", "DOC-121", "overdue >", "when: overdue >"),
    ("when: overdue > 365", "when: overdu > 365", "DOC-122", "overdu", "when: overdu > 365"),
    ("when: overdue > 365", f"when: overdue > 365{' or overdue > 365' * 40}", "DOC-123", None, "when: overdue > 365 or"),
    ("country in ['XX', 'YY']", "country > 3", "DOC-124", "country", "when: country > 3"),
    ("when: overdue > 365", "when: overdue ** 2 > 365", "DOC-125", "overdue ** 2", "when: overdue ** 2"),
    ("per: volume", "per: volume >= 2", "DOC-125", "volume >= 2", "per: volume >= 2"),
    ("matrix: m", "matrix: mm", "TREE-142", "mm", "matrix: mm"),
    ("class: ll", "class: lll", "TREE-142", "lll", "class: lll"),
    ("grade: poor", "grade: por", "TREE-143", "por", "grade: por"),
    ("at_most: 40", "at_most: 140", "TREE-144", "limited", "at_most: 140"),
    ("at_most: 40", "at_most: 100", "TREE-144", "limited", "at_most: 100"),
    ("    points: 1\n", "    points: 0\n", "TREE-145", "added", "- id: added"),
    ("    at_most: 5\n", "", "TREE-145", "added", "- id: added"),
    ("score: 90, from: 60", "score: 90, share: 0.5", "TREE-148", "poor", "- {id: poor"),
    ("score: 90, from: 60", "score: 90", "TREE-148", "good", "- {id: good"),
    ("score: 90, from: 60", "score: 90, from: 60, share: 0.4", "TREE-148", "good", "- {id: good"),
    ("score: 90, from: 60", "score: 90, from: 0", "TREE-107", "poor", "- {id: poor"),
    ("kind: natural, groups: 2", "kind: natural, groups: 3", "TREE-111", "m", "x: {axis: now"),
    ("values: [new]", "values: [new, gone]", "TREE-150", "gone", "  of:"),
    ("id: old,", "id: default,", "TREE-150", "default", "  of:"),
    ("weights: {now: 1, later: 3}", "weights: {now: 1, latr: 3}", "TREE-151", "latr", "- {id: young"),
    ("weights: {profit: 3, volume: 1}", "weights: {profit: 3}", "TREE-152", "now", "- {id: old"),
    ("by: stage", "by: overdue", "TREE-153", "overdue", "by: overdue"),
    ("kind: veto", "kind: vetoo", "DOC-104", "rules.2", "- id: limited"),
    ("    reason: a test\n  - id: limited", "  - id: limited", "DOC-102", "rules.1.reason", "- id: stopped"),
]  # fmt: skip


def issues(text: str, tmp_path) -> list:
    path = tmp_path / "ruled.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(EvaluationError) as raised:
        load_tree(path)
    return list(raised.value.issues)


def test_the_tree_without_a_mistake_loads(tmp_path) -> None:
    path = tmp_path / "ruled.yaml"
    path.write_text(GOOD, encoding="utf-8")
    assert [rule.kind for rule in load_tree(path).rules] == ["gate", "veto", "bonus", "grade_cap", "override"]


@pytest.mark.parametrize(("old", "new", "code", "subject", "line"), MISTAKES)
def test_a_mistake_is_found_in_its_line(
    old: str, new: str, code: str, subject: str | None, line: str, tmp_path
) -> None:
    assert GOOD.count(old) == 1
    text = GOOD.replace(old, new)
    found = [issue for issue in issues(text, tmp_path) if issue.code == code]
    assert found
    issue = found[0]
    assert line in text.splitlines()[issue.where.line - 1]
    if subject is not None:
        assert issue.subject == subject


def test_shares_that_do_not_make_a_whole_are_found(tmp_path) -> None:
    text = GOOD.replace("score: 90, from: 60", "score: 90, share: 0.5")
    text = text.replace("score: 40, from: 0", "score: 40, share: 0.4")
    assert [(issue.code, issue.detail) for issue in issues(text, tmp_path)] == [("TREE-147", {"sum": 0.9})]


def test_unknown_names_come_with_the_nearest(tmp_path) -> None:
    text = GOOD.replace("when: overdue > 365", "when: overdu > 365").replace("grade: poor", "grade: por")
    found = {issue.subject: issue.hint for issue in issues(text, tmp_path)}
    assert found["overdu"] == ("overdue",)
    assert found["por"] == ("poor",)
