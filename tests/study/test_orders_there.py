"""Orders in a warehouse are measured as a study measures its own."""

from datetime import date
from pathlib import Path

from evaluator.cli import invoke
from evaluator.study import Study
from evaluator.study.orders_there import with_study
from evaluator.warehouse import OrdersThere

TREE = """\
schema: 1
id: small
name: small
status: custom
source: a test
weights_source: an illustration
grades:
  - {id: good, name: good, score: 90, from: 50}
  - {id: poor, name: poor, score: 40, from: 0}
root:
  children:
    - {id: money, name: Money, measure: net_amount, direction: benefit, weight: 3,
       scale: {kind: linear, worst: 0, best: 100}}
    - {id: last, name: Last, measure: recency_days, direction: cost, weight: 1,
       scale: {kind: linear, worst: 365, best: 1}}
"""
STUDY = """\
schema: 1
title: Orders there
language: en
tree: tree.yaml
as_of: 2025-01-01
weighting: {source: given}
measure: {window_months: 6, growth_months: 9}
customers: {window_months: 5, rfm: {bins: 3}}
tables:
  orders:
    file: orders.csv
    columns: {amount: {from: amount, factor: 10}}
    filters: [{drop: status, equals: void, reason: void}]
"""
ORDERS = """\
id,date,amount,status
a,2024-03-01,5,done
a,2024-12-01,3,done
b,2024-11-01,9,done
b,2024-12-20,2,void
c,2024-09-01,1,done
"""


def made(folder: Path) -> Path:
    for name, text in (("tree.yaml", TREE), ("study.yaml", STUDY), ("orders.csv", ORDERS)):
        folder.joinpath(name).write_text(text, "utf-8")
    return folder


def test_months_and_rfm_are_the_study_s_and_what_a_query_does_not_do_is_named(tmp_path: Path) -> None:
    study = Study(made(tmp_path))
    there, issues = with_study(OrdersThere(), study, rfm=True)
    assert (there.options.window_months, there.options.growth_months, there.attribute_months) == (6, 9, 5)
    assert there.rfm is not None
    assert there.rfm.thresholds.recency == study.measured.models.result("rfm").cuts["recency"]
    assert [(issue.code, issue.detail["names"]) for issue in issues] == [
        ("SQL-111", "filters, columns.amount.factor")
    ]
    assert with_study(OrdersThere(), study, rfm=False)[0].rfm is None


def test_the_verb_takes_them_from_the_study(tmp_path: Path, capsys) -> None:
    study = Study(made(tmp_path))
    study.model.save(tmp_path / "model.json")
    arguments = ["--orders", "crm.orders", "--study", str(tmp_path), "--rfm", "--sql", "trino"]
    target = tmp_path / "scores.sql"
    assert invoke(["export", str(tmp_path / "model.json"), *arguments, "--output", str(target)]) == 0
    assert "SQL-111" in capsys.readouterr().err
    text = (tmp_path / "measures.sql").read_text("utf-8")
    assert "Window of 6 months, from 2024-07-01; growth over 9 months" in text
    assert '"rfm_class"' in text
    assert str(date(2025, 1, 1)) in text
