"""One mistake per tree, with the code and the line it must give."""

import pytest

from evaluator.errors import EvaluationError, Severity
from evaluator.messages import Named
from evaluator.tree import load_tree, load_with_positions
from evaluator.tree.checks import check

GOOD = """\
schema: 1
id: sound
name: {zh: 健全, en: Sound}
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
          measure: profit
          direction: benefit
          weight: 1
          scale: {kind: piecewise, points: [[0, 0], [100, 100]]}
        - id: delay
          name: {zh: 延迟, en: Delay}
          measure: delay
          direction: cost
          weight: 1
          scale: {kind: step, below: 100, steps: [[10, 60], [30, 0]]}
    - id: later
      name: {zh: 将来, en: Later}
      axis: later
      weight: 1
      children:
        - id: trust
          name: {zh: 信任, en: Trust}
          measure: trust
          direction: benefit
          weight: 1
          scale: {kind: graded, anchors: {good: {zh: 好, en: good}, poor: {zh: 差, en: poor}}}
        - id: use
          name: {zh: 使用率, en: Use}
          measure: use
          direction: interval
          weight: 1
          scale: {kind: trapezoid, points: [0, 0.3, 0.8, 1]}
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
tests:
  - name: a customer
    measures: {profit: 50, delay: 5, trust: good, use: 0.5}
    expect: {score: 80}
"""

PIECES = "points: [[0, 0], [100, 100]]"
FIXED = "x: {axis: now, cut: {kind: fixed, at: [60]}}"
TRAPEZOID = "scale: {kind: trapezoid, points: [0, 0.3, 0.8, 1]}"
PROFIT = "scale: {kind: piecewise, points: [[0, 0], [100, 100]]}"
DELAY = "scale: {kind: step, below: 100, steps: [[10, 60], [30, 0]]}\n"
TRUST = "scale: {kind: graded, anchors: {good: {zh: 好, en: good}, poor: {zh: 差, en: poor}}}\n"
LADDER = "          membership: {{kind: ladder, centres: {{{}}}}}\n"
MEMBERSHIP = "          membership: {{kind: {}, grades: {{{}}}}}\n"
MISTAKES = [  # (text to replace, its replacement, code, what the line it names says)
    ("id: delay\n", "id: profit\n", "TREE-103", "- id: profit"),
    ("measure: profit\n          direction: benefit", "measure: profit\n          direction: cost", "TREE-104", "direction: cost"),
    ("direction: cost", "direction: benefit", "TREE-104", "direction: benefit"),
    ("direction: interval", "direction: cost", "TREE-104", "direction: cost"),
    (PIECES, "points: [[100, 0], [0, 100]]", "TREE-105", "kind: piecewise"),
    (PIECES, "points: [[0, 0], [0, 100]]", "TREE-105", "kind: piecewise"),
    ("[0, 0.3, 0.8, 1]", "[0, 0.9, 0.8, 1]", "TREE-105", "kind: trapezoid"),
    (PIECES, "points: [[0, 0], [100, 120]]", "TREE-106", "kind: piecewise"),
    ("score: 90, from: 60", "score: 30, from: 60", "TREE-107", "id: poor"),
    ("id: poor, name", "id: good, name", "TREE-108", "grades:"),
    ("good: {zh: 好, en: good}, poor", "good: {zh: 好, en: good}, bad", "TREE-109", "bad: {zh"),
    ("x: {axis: now, cut", "x: {axis: present, cut", "TREE-110", "x: {axis: present"),
    (FIXED, FIXED.replace("[60]", "[60, 80]"), "TREE-111", "x: {axis: now"),
    (FIXED, FIXED.replace("at: [60]", "at: [60]").replace("}}", "}, levels: [a, b, c]}"), "TREE-111", "x: {axis: now"),
    ("      - {id: ll, name: {zh: 低低, en: LL}, x: low, y: low}\n", "", "TREE-112", "classes:"),
    ("x: low, y: low}", "x: low, y: lowest}", "TREE-112", "classes:"),
    ("          weight: 1\n          scale: {kind: trap", "          scale: {kind: trap", "TREE-113", "- id: later"),
    ("weights_source: an illustration\n", "", "TREE-114", "root:"),
    ("weight: 2\n", "weight: 1.7e+308\n", "DOC-106", "weight: 1.7e+308"),  # a sum of two is no number
    ("measures: {profit: 50", "measures: {profits: 50", "TREE-115", "- name: a customer"),
    ("expect: {score: 80}", "expect: {grade: excellent}", "TREE-116", "- name: a customer"),
    ("expect: {score: 80}", "expect: {classes: {m: xx}}", "TREE-116", "- name: a customer"),
    ("axis: later\n", "axis: now\n", "TREE-118", "axis: now"),
    (TRAPEZOID.replace("scale", "direction: interval\n          weight: 1\n          scale"), "direction: benefit\n          weight: 1\n          scale: {kind: percentile, best: high}", "TREE-119", "- name: a customer"),
    ("weights_source: an", "score_range: [100, 0]\nweights_source: an", "TREE-120", "score_range"),
    (DELAY, DELAY + LADDER.format("good: 30, poor: 30"), "TREE-125", "membership:"),
    (DELAY, DELAY + MEMBERSHIP.format("triangular", "good: [10, 0, 10], poor: [10, 30, 30]"), "TREE-125", "membership:"),
    (DELAY, DELAY + MEMBERSHIP.format("triangular", "good: [0, 0, 20], poor: [10, 30, 30]"), "TREE-126", "membership:"),
    (DELAY, DELAY + MEMBERSHIP.format("triangular", "good: [0, 10, 20], poor: [10, 20, 30]"), "TREE-126", "membership:"),
    (DELAY, DELAY + MEMBERSHIP.format("trapezoid", "good: [0, 0, 10, 10], poor: [10, 10, 30, 30]"), "TREE-126", "membership:"),
    (DELAY, DELAY + LADDER.format("good: 10, bad: 30"), "TREE-127", "membership:"),
    (DELAY, DELAY + MEMBERSHIP.format("gaussian", "good: [10, 2], poor: [30, 2], worse: [40, 2]"), "TREE-127", "membership:"),
    (TRUST, TRUST + LADDER.format("good: 90, poor: 30"), "TREE-128", "membership:"),
    (PROFIT, "scale: {kind: efficacy, unacceptable: 0, satisfactory: 9, base: 90, top: 60}", "TREE-105", "kind: efficacy"),
    (PROFIT, "scale: {kind: efficacy, unacceptable: 0, satisfactory: 9, top: 120}", "TREE-106", "kind: efficacy"),
    (PROFIT, "scale: {kind: efficacy, unacceptable: 9, satisfactory: 0}", "TREE-104", "direction: benefit"),
    (PROFIT, "scale: {kind: logarithmic, worst: 9, best: 1}", "TREE-104", "direction: benefit"),
    (PROFIT, "scale: {kind: logistic, half: 9, nine_tenths: 9}", "TREE-104", "direction: benefit"),
    (PROFIT, "scale: {kind: z, best: low}", "TREE-104", "direction: benefit"),
    (PROFIT, "scale: {kind: z, best: high}", "TREE-119", "- name: a customer"),
    (PROFIT, PROFIT + "\n          winsorise: [0.01, 0.99]", "TREE-119", "- name: a customer"),
    (PROFIT, PROFIT + "\n          winsorise: [0.99, 0.01]", "TREE-129", "winsorise"),
    (PROFIT, "scale: {kind: lookup, scores: {a: 1}}\n          winsorise: [0.01, 0.99]", "TREE-129", "winsorise"),
    ("score: 40, from: 0", "score: 40, from: 10", "TREE-122", "grades:"),
    ("id: ll, name", "id: lh, name", "TREE-123", "classes:"),
]  # fmt: skip


def test_the_sound_tree_is_sound(tmp_path) -> None:
    path = tmp_path / "sound.yaml"
    path.write_text(GOOD, "utf-8")
    tree, document = load_with_positions(path)
    assert list(check(tree, document)) == []


@pytest.mark.parametrize(("old", "new", "code", "says"), MISTAKES)
def test_a_mistake_gives_its_code_and_line(tmp_path, old, new, code, says) -> None:
    assert old in GOOD
    path = tmp_path / "broken.yaml"
    path.write_text(GOOD.replace(old, new, 1), "utf-8")
    with pytest.raises(EvaluationError) as caught:
        load_tree(path)
    lines = path.read_text("utf-8").splitlines()
    found = [lines[issue.where.line - 1] for issue in caught.value.issues if issue.code == code]
    assert any(says in line for line in found), found or caught.value


@pytest.mark.parametrize(
    "membership",
    [
        LADDER.format("good: 10, poor: 30"),
        LADDER.format("good: 30, poor: 10"),
        MEMBERSHIP.format("triangular", "good: [10, 10, 30], poor: [10, 30, 30]"),
        MEMBERSHIP.format("trapezoid", "good: [0, 0, 10, 30], poor: [10, 30, 40, 40]"),
        MEMBERSHIP.format("gaussian", "good: [10, 2], poor: [30, 5]"),
    ],
)
def test_a_membership_that_sums_to_one_is_sound(tmp_path, membership) -> None:
    path = tmp_path / "sound.yaml"
    path.write_text(GOOD.replace(DELAY, DELAY + membership), "utf-8")
    assert load_tree(path).nodes["delay"].membership is not None


ITSELF = {"TREE-103", "TREE-108", "TREE-109", "TREE-110", "TREE-115", "TREE-116", "TREE-118", "TREE-123"}
"""Codes whose subject is the id that is wrong."""


@pytest.mark.parametrize(("old", "new", "code", "_"), [entry for entry in MISTAKES if entry[2] not in ITSELF])
def test_what_has_a_name_is_said_by_it(tmp_path, old, new, code, _) -> None:
    path = tmp_path / "named.yaml"
    path.write_text(GOOD.replace(old, new, 1), "utf-8")
    with pytest.raises(EvaluationError) as caught:
        load_tree(path)
    for issue in (issue for issue in caught.value.issues if issue.code == code):
        ids = {"profit", "delay", "trust", "use", "now", "later", "m", "good", "poor"}
        said = [issue.subject, *issue.detail.values()]
        assert not [value for value in said if value in ids and not isinstance(value, Named)]


def test_examples_need_weights(tmp_path) -> None:
    lines = [line for line in GOOD.splitlines() if not line.strip().startswith("weight")]
    path = tmp_path / "unweighted.yaml"
    path.write_text("\n".join(lines), "utf-8")
    with pytest.raises(EvaluationError) as caught:
        load_tree(path)
    assert {issue.code for issue in caught.value.issues} == {"TREE-117"}


def test_a_grade_without_an_anchor_is_a_warning(tmp_path) -> None:
    path = tmp_path / "anchors.yaml"
    path.write_text(GOOD.replace(", poor: {zh: 差, en: poor}}", "}"), "utf-8")
    tree, document = load_with_positions(path)
    assert [(issue.code, issue.severity) for issue in check(tree, document)] == [
        ("TREE-121", Severity.WARNING)
    ]


@pytest.mark.parametrize(
    ("weights", "sums"),
    [((60, 50), [110]), ((0.5, 0.6), [1.1]), ((60, 40), []), ((0.6, 0.4), []), ((2, 1), []), ((100, 60), [])],
)
def test_weights_that_nearly_sum_to_a_whole_are_said_with_their_shares(tmp_path, weights, sums) -> None:
    path = tmp_path / "weights.yaml"
    text = GOOD.replace("      weight: 2\n", f"      weight: {weights[0]}\n", 1)
    path.write_text(
        text.replace("      weight: 1\n      children", f"      weight: {weights[1]}\n      children"),
        "utf-8",
    )
    tree, document = load_with_positions(path)
    issues = [issue for issue in check(tree, document) if issue.code == "TREE-155"]
    assert [issue.detail["sum"] for issue in issues] == pytest.approx(sums)
    assert all(issue.severity is Severity.NOTE and issue.subject == "sound" for issue in issues)
    share = f"{weights[0] / sum(weights):.1%}"
    assert all(share in issue.text(language) for issue in issues for language in ("zh", "en"))


def test_all_mistakes_come_at_once(tmp_path) -> None:
    text = GOOD
    for old, new, code, _ in MISTAKES:
        if code in ("TREE-103", "TREE-105", "TREE-110", "TREE-122"):
            text = text.replace(old, new, 1)
    path = tmp_path / "many.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(EvaluationError) as caught:
        load_tree(path)
    assert {"TREE-103", "TREE-105", "TREE-110", "TREE-122"} <= {issue.code for issue in caught.value.issues}
