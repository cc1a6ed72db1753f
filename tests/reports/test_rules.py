"""What page and workbook tell of rules, weight profiles, borderline customers."""

import re
from pathlib import Path

import polars as pl
import pytest

from evaluator import messages
from evaluator.evaluation import Evaluation
from evaluator.reports import report
from evaluator.reports.context import Context
from evaluator.reports.page import customer_pages
from evaluator.reports.sections import (
    careful,
    classes,
    method,
    near_cuts,
    profiles,
    rules,
)
from evaluator.reports.workbook import write_workbook
from evaluator.study import Study
from evaluator.workbook.reader import read_workbook

TREE = """
schema: 1
id: ruled
name: {zh: 客户, en: Customers}
status: custom
source: a test
weights_source: a test
grades:
  - {id: good, name: {zh: 好, en: Good}, score: 90, share: 0.4}
  - {id: poor, name: {zh: 差, en: Poor}, score: 40, share: 0.6}
attributes:
  - {id: region, name: {zh: 地区, en: Region}, kind: text}
root:
  children:
    - id: now
      name: {zh: 现在, en: Now}
      axis: now
      weight: 3
      children:
        - id: profit
          name: {zh: 利润, en: Profit}
          measure: profit
          direction: benefit
          weight: 1
          scale: {kind: linear, worst: 0, best: 100}
        - id: delay
          name: {zh: 延迟, en: Delay}
          measure: delay
          direction: cost
          weight: 1
          scale: {kind: linear, worst: 100, best: 0}
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
          scale: {kind: linear, worst: 0, best: 100}
rules:
  - {id: far, kind: gate, name: {zh: 远, en: Far}, when: "region in ['north', 'x<b>']", reason: a test}
  - {id: word, kind: bonus, name: {zh: 口碑, en: Word}, when: trust / delay > 2 and not now < 20, points: 2,
     per: trust / 10, at_most: 9, reason: a test}
  - {id: slow, kind: veto, name: {zh: 慢, en: Slow}, when: score_delay < 20 or later < 5, at_most: 30,
     reason: a test}
  - {id: cap, kind: grade_cap, name: {zh: 封顶, en: Cap}, when: profit < 60 and score > 40, grade: poor,
     reason: a test}
  - {id: out, kind: override, name: {zh: 归类, en: Out}, when: coverage < 1, matrix: nine, class: l_l,
     reason: a test}
matrices:
  - id: nine
    name: {zh: 九宫, en: Nine fields}
    x: {axis: now, cut: {kind: fixed, at: [40, 70]}, levels: [l, m, h]}
    y: {axis: later, cut: {kind: fixed, at: [40, 70]}, levels: [l, m, h]}
    classes: [CLASSES]
profiles:
  by: region
  source: a test
  of:
    - {id: coast, name: {zh: 沿海, en: Coast}, values: [east, south], weights: {now: 1, later: 3}}
"""
CLASSES = ", ".join(f"{{id: {x}_{y}, name: '{x}{y}', x: {x}, y: {y}}}" for x in "lmh" for y in "lmh")
STUDY = """
schema: 1
title: {zh: 规则, en: Rules}
language: en
as_of: 2026-01-01
tree: tree.yaml
weighting: {source: given}
tables: {measures: {file: measures.csv}}
scoring: {borderline: 2}
PROFILES
"""
MEASURES = """id,profit,delay,trust,region
a,90,10,90,east
b,39,41,39.5,west
c,71,31,68.5,south
d,50,95,50,
e,80,20,80,north
f,30,,20,west
g,10,90,10,east
"""


def evaluated(folder: Path, profiled: bool) -> Evaluation:
    (folder / "tree.yaml").write_text(TREE.replace("CLASSES", CLASSES), "utf-8")
    (folder / "measures.csv").write_text(MEASURES, "utf-8")
    (folder / "study.yaml").write_text(STUDY.replace("PROFILES", "profiles: on" if profiled else ""), "utf-8")
    return Study(folder).run()


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    return evaluated(tmp_path_factory.mktemp("plain"), profiled=False)


@pytest.fixture(scope="module")
def profiled(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    return evaluated(tmp_path_factory.mktemp("profiled"), profiled=True)


def test_rules_are_told_in_words_with_whom_they_hit(plain: Evaluation) -> None:
    found = rules.build(Context(plain, "en"))
    assert found is not None
    told = {rule.id: (rule.condition, rule.effect, rule.hits, rule.unknown) for rule in found.rules}
    assert told == {
        "far": ("Region is one of: “north”, “x<b>”", "not rated", 1, 1),
        "word": (
            "Trust ÷ Delay > 2 and not (score of Now < 20)",
            "+2 to the score per unit of Trust ÷ 10, at most 9 in all",
            3,
            1,
        ),
        "slow": ("score of Delay < 20 or score of Later < 5", "score at most 30", 2, 1),
        "cap": ("Profit < 60 and score of Customers > 40", "grade at most “Poor”", 1, 0),
        "out": ("Coverage, Customers < 100%", "class “ll” of Nine fields", 1, 0),
    }
    one = next(touched for touched in found.touched if touched.id == "e")
    assert (one.rules, one.before, one.after, one.rated) == (("Far", "Word"), pytest.approx(80), None, False)
    assert found.total == len({touched.id for touched in found.touched}) == 7


def test_a_page_adds_up_before_the_rules_and_tells_those_that_hit(plain: Evaluation) -> None:
    context = Context(plain, "zh")
    built = customer_pages.build(context)
    row = context.rated["id"].to_list().index("a")
    points = sum(leaf.points[row] or 0.0 for leaf in built.leaves)
    assert points == pytest.approx(built.before[row], abs=0.005 * len(built.leaves))
    assert context.rated["score"][row] == pytest.approx(min(100, built.before[row] + 9), abs=1e-4)
    assert [(built.rules[place][0], points) for place, points in built.hits[row]] == [("口碑", 9)]


def test_who_is_kept_out_by_a_rule_is_told_so(plain: Evaluation, tmp_path: Path) -> None:
    report(plain, tmp_path / "page.html", language="en")
    text = (tmp_path / "page.html").read_text("utf-8")
    assert "Not rated because of the rule “Far”" in text
    assert "x&lt;b&gt;" in text
    assert "x<b>" not in re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)


def test_those_close_to_a_cut_are_listed_with_the_class_beyond(plain: Evaluation) -> None:
    context = Context(plain, "en")
    near = near_cuts.borderline(plain.tree.matrices[0], context)
    assert near is not None
    shown = {one.id: (one.class_, one.axis, one.cut, round(one.distance, 9), one.beyond) for one in near.near}
    assert shown == {
        "b": ("ml", "Later", 40.0, -0.5, "mm"),
        "c": ("hm", "Now", 70.0, 0.0, "mm"),
    }
    flagged = plain.results.filter(pl.col("borderline_nine") == 1)["id"]
    assert set(flagged) == set(shown)


def test_a_grid_counts_every_level_and_grades_by_share_say_so(plain: Evaluation) -> None:
    built = classes.build(Context(plain, "en"))
    (matrix,) = built.matrices
    assert [[count for _, count, _ in row.cells] for row in matrix.grid] == [[0, 0, 1], [1, 0, 1], [1, 1, 0]]
    assert "Grades by share" in built.grades[0]
    warned = " ".join(caution.text for caution in careful.cautions(Context(plain, "en")))
    assert "relative" in warned
    assert ("Close to a cut", "within 2 points of a cut") in method.build(Context(plain, "en")).conventions


def test_profiles_tell_who_was_scored_with_which_weights(profiled: Evaluation) -> None:
    found = profiles.build(Context(profiled, "en"))
    assert found is not None
    assert (found.by, found.asked, found.nodes) == ("Region", False, ("Now", "Later"))
    rows = {row.id: (row.count, row.rated, row.weights) for row in found.profiles}
    assert rows == {"coast": (3, 3, (0.25, 0.75)), "default": (4, 2, (0.75, 0.25))}
    assert profiles.build(Context(profiled, "zh")).profiles[0].name == "沿海"
    context = Context(profiled, "en")
    groups = dict(customer_pages.build(context).groups)
    (column,) = groups["profile"]
    assert column.text(context.rated["id"].to_list().index("a"), ", ") == "Coast"


def test_without_rules_and_profiles_there_are_no_sections(evaluation_of) -> None:
    context = Context(evaluation_of("en"), "en")
    assert rules.build(context) is None
    assert profiles.build(context) is None
    assert near_cuts.graded_near(context) == ""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_workbook_holds_rules_profiles_and_flags(
    profiled: Evaluation, language: str, tmp_path: Path
) -> None:
    path = tmp_path / "report.xlsx"
    write_workbook(profiled, path, language=language)
    book = {sheet.name: sheet for sheet in read_workbook(path).sheets}
    titles = {"zh": ("规则与命中", "权重方案"), "en": ("Rules and hits", "Weight profiles")}[language]
    assert set(titles) <= book.keys()


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_the_convention_of_cuts_is_told_as_it_is(language: str) -> None:
    for key in ("report.convention.reached", "report.workbook.standards_note"):
        assert "10⁻⁹" in messages.text(key, language)
        assert "10⁻¹²" in messages.text(key, language)
