"""The worked example of docs/decision.md: a tree, a study and four customers."""

from pathlib import Path

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
HEAD = """\
schema: 1
title: A study
language: en
as_of: 2026-01-01
tree: own.yaml
weighting: {source: given}
scoring: {min_coverage: 0.4}
tables: {measures: {file: measures.csv}, customers: {file: customers.csv}}
"""
ACTIONS = """\
actions:
  - id: save
    name: {zh: 挽留, en: Save}
    when: flag_at_risk
    do: {zh: 上门, en: Visit}
    within_days: 14
    cost: 800
    effect: 0.3
    gain: effect * churn_probability * gross_profit * horizon
    assumption: {zh: 十之三, en: Three in ten}
  - {id: thank, name: {zh: 致谢, en: Thank}, when: grade == 'good', do: {zh: 致谢, en: Write}}
"""
STUDY = HEAD + ACTIONS
# c is good and not at risk, of d it is unknown
ROWS = "id,gross_profit,churn_probability\na,10000,0.6\nb,2000,0.8\nc,5000,0.1\nd,7000,\n"
PEOPLE = "id,owner,region\na,Li,N\nb,Wu,S\nc,Li,N\nd,Wu,S\n"


def study(
    folder: Path, stated: str = STUDY, *, tree: str = TREE, rows: str = ROWS, people: str = PEOPLE
) -> Study:
    """Return the study in a folder, with other files where they are given."""
    files = {"own.yaml": tree, "study.yaml": stated, "measures.csv": rows, "customers.csv": people}
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    return Study(folder)
