"""The audit by the eight principles: what the structure of a tree shows, and what a tree may acknowledge."""
# ruff: noqa: E501 — one row per check is read as a table

from datetime import date
from typing import Any

import pytest

from evaluator import messages
from evaluator.documents import parse, validate
from evaluator.errors import EvaluationError
from evaluator.tree import Tree, bundled, load_tree
from evaluator.tree.audit import audit_tree
from evaluator.tree.checks import check
from evaluator.tree.principles import CHECKS, PRINCIPLES

LEAF = "{{id: {id}, name: {id}, definition: d, measure: {measure}, unit: {unit}, direction: {way}, scale: {scale}{more}}}"
RISING = "{kind: linear, worst: 0, best: 9}"
FALLING = "{kind: linear, worst: 9, best: 0}"
GRADED = "{kind: graded, anchors: {good: g, bad: b}}"


def leaf(name: str, *, measure: str = "", unit: str = "times", cost: bool = False, **more: Any) -> str:
    scale = more.pop("scale", FALLING if cost else RISING)
    rest = "".join(f", {key}: {value}" for key, value in more.items())
    way = "cost" if cost else "benefit"
    return LEAF.format(id=name, measure=measure or name, unit=unit, way=way, scale=scale, more=rest)


def group(name: str, *children: str, axis: str = "", more: str = "") -> str:
    stated = f", axis: {axis}" if axis else ""
    return f"{{id: {name}, name: {name}, definition: d{stated}{more}, children: [{', '.join(children)}]}}"


def a_tree(*branches: str, more: str = "version: v, valid_from: 2026-01-01, review_months: 12") -> Tree:
    text = (
        f"{{schema: 1, id: t, name: t, status: custom, source: s, {more}, grades: ["
        "{id: good, name: g, score: 90, from: 60}, {id: bad, name: b, score: 30, from: 0}], "
        f"root: {{id: t, name: t, definition: d, children: [{', '.join(branches)}]}}}}"
    )
    document = parse(text, "t.yaml")
    tree = validate(document, Tree)
    assert not [issue for issue in check(tree, document) if issue.code in ("TREE-160", "TREE-161")]
    return tree


NOW = group("now", leaf("profit", unit="CNY"), leaf("visits"), axis="now")
LATER = group("later", leaf("growth"), leaf("risk", cost=True), axis="later")
CUT = "cut: {kind: fixed, at: [50]}"
CLASSES = ", ".join(
    f"{{id: {x}{y}, name: c, x: {x}, y: {y}}}" for x in ("low", "high") for y in ("low", "high")
)


def found(tree: Tree, **more: Any) -> set[tuple[str, str]]:
    return {(finding.check, finding.node) for finding in audit_tree(tree, **more)}


def test_a_tree_that_keeps_the_principles_has_no_findings() -> None:
    assert found(a_tree(NOW, LATER)) == set()


@pytest.mark.parametrize(
    ("branches", "expected"),
    [
        ((group("a", leaf("x", unit="CNY"), leaf("y"), axis="a"), group("b", leaf("z"), leaf("w"), axis="b")), ("no_cost", "t")),
        ((group("a", leaf("x", unit="CNY", cost=True), leaf("y", cost=True), axis="a"), LATER.replace("growth", "g").replace("benefit", "cost").replace("worst: 0, best: 9", "worst: 9, best: 0")), ("no_benefit", "t")),
        ((group("a", leaf("x"), leaf("y"), axis="a"), LATER), ("no_money", "t")),
        ((group("a", leaf("x", unit="CNY"), leaf("y", unit="CNY", cost=True), axis="a"),), ("only_money", "t")),
        ((NOW, LATER.replace("axis: later, ", "")), ("no_horizon", "t")),
        ((group("now", leaf("profit", unit="CNY"), axis="now"), LATER), ("single_child", "now")),
        ((group("now", *(leaf(f"n{i}", unit="CNY") for i in range(10)), axis="now"), LATER), ("wide", "now")),
        ((NOW, group("later", leaf("g", measure="visits"), leaf("risk", cost=True), axis="later")), ("measure_twice", "g")),
        ((NOW, group("later", leaf("g", measure="visits", unit="days"), leaf("risk", cost=True), axis="later")), ("two_units", "g")),
        ((NOW, group("later", leaf("net_profit"), leaf("service_cost", cost=True), axis="later")), ("cost_twice", "net_profit")),
        ((NOW, group("later", group("deeper", group("deepest", group("bottom", leaf("a"), leaf("b")), leaf("c")), leaf("e")), leaf("risk", cost=True), axis="later")), ("deep", "t")),
        ((NOW, group("later", *(leaf(f"r{i}", cost=True) for i in range(9)), axis="later"), *(group(f"g{i}", *(leaf(f"m{i}{j}") for j in range(6))) for i in range(4))), ("many_leaves", "t")),
        ((NOW, LATER, *(group(f"g{i}", *(leaf(f"m{i}{j}") for j in range(8))) for i in range(3))), ("many_pairs", "t")),
        ((NOW, LATER.replace("definition: d, measure: growth", "measure: growth")), ("no_definition", "growth")),
        ((NOW, LATER.replace("measure: growth, unit: times", "measure: growth")), ("no_unit", "growth")),
        ((NOW, LATER.replace(f"scale: {RISING}", "scale: {kind: graded}")), ("no_anchors", "growth")),
        ((group("now", leaf("profit", unit="CNY"), leaf("visits", scale="{kind: percentile, best: high}"), axis="now"), LATER), ("relative_scale", "t")),
        ((group("now", leaf("profit", unit="CNY", scale=GRADED), leaf("visits", scale=GRADED), axis="now"), LATER.replace(RISING, GRADED)), ("mostly_graded", "t")),
        ((group("now", leaf("profit", unit="CNY", weight=199), leaf("visits", weight=1), axis="now", more=", weight: 1"), LATER.replace("axis: later", "axis: later, weight: 1")), ("small_weight", "visits")),
    ],
)  # fmt: skip
def test_each_check_finds_what_it_watches_and_names_the_node(branches, expected) -> None:
    tree = a_tree(*branches, more="weights_source: s, version: v, valid_from: 2026-01-01, review_months: 12")
    assert expected in found(tree)


def test_loyalty_on_both_axes_of_a_matrix_is_found() -> None:
    branches = (
        group("a", leaf("loyalty", unit="CNY"), leaf("y"), axis="a"),
        group("b", leaf("attitudinal_loyalty"), leaf("risk", cost=True), axis="b"),
    )
    matrix = (
        f"matrices: [{{id: m, name: m, x: {{axis: a, {CUT}}}, y: {{axis: b, {CUT}}}, classes: [{CLASSES}]}}]"
    )
    assert ("both_axes", "loyalty") in found(a_tree(*branches, more=matrix))
    relative = matrix.replace("{kind: fixed, at: [50]}", "{kind: mean}")
    assert {("relative_cut", "a"), ("relative_cut", "b")} <= found(a_tree(*branches, more=relative))


def test_a_fact_counted_twice_is_found_by_its_chinese_name_too() -> None:
    branches = (
        group("a", leaf("净利润", unit="CNY"), leaf("品牌忠诚度"), axis="a"),
        group("b", leaf("忠诚度"), leaf("服务成本", cost=True), axis="b"),
    )
    matrix = (
        f"matrices: [{{id: m, name: m, x: {{axis: a, {CUT}}}, y: {{axis: b, {CUT}}}, classes: [{CLASSES}]}}]"
    )
    expected = {("cost_twice", "净利润"), ("both_axes", "品牌忠诚度")}
    assert expected <= found(a_tree(*branches, more=matrix))


def test_a_tree_says_its_version_and_when_it_is_reviewed() -> None:
    assert {("no_version", "t"), ("no_review", "t")} <= found(a_tree(NOW, LATER, more="subject: customer"))
    for stated, missing in (("version: v", "no_date"), ("valid_from: 2026-01-01", "no_number")):
        told = {name for name, _ in found(a_tree(NOW, LATER, more=f"subject: customer, {stated}"))}
        assert told & {"no_version", "no_number", "no_date"} == {missing}
    tree = a_tree(NOW, LATER)
    assert ("review_due", "t") not in found(tree, today=date(2026, 12, 31))
    assert ("review_due", "t") in found(tree, today=date(2027, 1, 1))


def test_a_finding_is_acknowledged_by_its_name_its_principle_or_at_one_node() -> None:
    branches = (NOW, group("later", leaf("g", measure="visits"), leaf("risk", cost=True), axis="later"))
    for entry in ("finding: measure_twice", "finding: independence", "finding: measure_twice, at: g"):
        findings = audit_tree(a_tree(*branches, more=f"acknowledged: [{{{entry}, reason: wanted}}]"))
        assert [f.accepted.en for f in findings if f.accepted] == ["wanted"]
    findings = audit_tree(
        a_tree(*branches, more="acknowledged: [{finding: measure_twice, at: risk, reason: w}]")
    )
    assert not any(f.accepted for f in findings)


@pytest.mark.parametrize(
    ("entry", "code"), [("finding: mesure_twice", "TREE-160"), ("finding: wide, at: nowhere", "TREE-161")]
)
def test_what_is_acknowledged_must_exist(entry, code, tmp_path) -> None:
    text = (
        "schema: 1\nid: t\nname: t\nstatus: custom\nsource: s\n"
        f"acknowledged:\n  - {{{entry}, reason: r}}\n"
        "grades: [{id: a, name: a, score: 90, from: 60}, {id: b, name: b, score: 30, from: 0}]\n"
        f"root: {{children: [{NOW}, {LATER}]}}\n"
    )
    (tmp_path / "t.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(EvaluationError) as raised:
        load_tree(tmp_path / "t.yaml")
    assert [(issue.code, issue.where.line) for issue in raised.value.issues] == [(code, 7)]


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_check_says_what_it_found_and_what_to_do(language) -> None:
    assert set(CHECKS.values()) == set(PRINCIPLES)
    for name in CHECKS:
        assert messages.known(f"audit.check.{name}.says", language)
        assert messages.known(f"audit.check.{name}.do", language)


@pytest.mark.parametrize("name", bundled())
def test_every_shipped_tree_passes_its_audit_and_acknowledges_nothing_it_does_not_show(name) -> None:
    tree = load_tree(name)
    findings = audit_tree(tree)
    assert [(finding.check, finding.node) for finding in findings if finding.accepted is None] == []
    for entry in tree.acknowledged:
        assert any(
            entry.finding in (finding.check, finding.principle) and entry.at in (None, finding.node)
            for finding in findings
        ), entry.finding
    for finding in findings:
        assert finding.says("zh") != finding.says("en")
        assert finding.advice("zh") != finding.advice("en")
