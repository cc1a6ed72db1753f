"""The section that says what to do with whom, on the worked example of docs/decision.md."""

from pathlib import Path

import pytest

from evaluator.present.blocks import Table, Words
from evaluator.reports import report
from evaluator.reports.context import Context
from evaluator.reports.sections import actions
from evaluator.study import Study

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
    - id: profit
      name: {zh: 毛利, en: Gross profit}
      measure: gross_profit
      direction: benefit
      weight: 1
      scale: {kind: linear, worst: 0, best: 10000}
    - id: risk
      name: {zh: 风险, en: Risk}
      measure: churn_probability
      direction: cost
      weight: 1
      scale: {kind: linear, worst: 1, best: 0}
"""
STUDY = """\
schema: 1
title: A study
language: en
as_of: 2026-01-01
tree: own.yaml
weighting: {source: given}
scoring: {min_coverage: 0.4}
tables: {measures: {file: measures.csv}, customers: {file: customers.csv}}
actions:
  - id: save
    name: {zh: 挽留, en: Save}
    when: flag_at_risk
    do: {zh: 上门, en: Visit}
    within_days: 14
    cost: 800
    effect: 0.3
    gain: effect * churn_probability * gross_profit * horizon
  - {id: thank, name: {zh: 致谢, en: Thank}, when: grade == 'good', do: {zh: 致谢, en: Write}}
"""
ROWS = "id,gross_profit,churn_probability\na,10000,0.6\nb,2000,0.8\nc,5000,0.1\nd,7000,\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "own.yaml").write_text(TREE, "utf-8")
    (tmp_path / "measures.csv").write_text(ROWS, "utf-8")
    (tmp_path / "customers.csv").write_text("id,owner\na,Li\nb,Wu\nc,Li\nd,Wu\n", "utf-8")
    (tmp_path / "study.yaml").write_text(STUDY, "utf-8")
    return tmp_path


@pytest.mark.parametrize(("language", "save"), [("en", "Save"), ("zh", "挽留")])
def test_actions_customers_and_flags_are_told(folder: Path, language: str, save: str) -> None:
    found = actions.build(Context(Study(folder).run(), language))
    lead, given = found.parts[0].blocks
    assert isinstance(lead, Words)
    assert isinstance(given, Table)
    assert given.rows[0][:2] == (save, 2)
    assert sum(row[1] for row in given.rows) == 4
    customers = found.parts[1].blocks[0]
    assert [row[0] for row in customers.rows][:2] == ["a", "b"]
    assert "Li" in customers.rows[0]
    flags = found.parts[2].blocks[0]
    assert (flags.rows[0][2], flags.rows[0][3]) == (2, 1), "two at risk, of one it is unknown"


def test_a_plan_is_told_and_page_and_workbook_show_it(folder: Path) -> None:
    with (folder / "study.yaml").open("a", encoding="utf-8") as file:
        file.write("plan: {budget: 1000, horizon: 2}\n")
    evaluation = Study(folder).run()
    found = actions.build(Context(evaluation, "en"))
    assert "2,800" in found.parts[0].blocks[1].text
    assert [row[0] for row in found.parts[1].blocks[0].rows] == ["a"]
    report(evaluation, folder / "report.html", language="zh")
    report(evaluation, folder / "report.xlsx", language="en")
    assert "对谁做什么" in (folder / "report.html").read_text("utf-8")
