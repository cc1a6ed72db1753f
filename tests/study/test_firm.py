"""The firm as what is evaluated: rater grades over periods, on the same road to the same reports."""

import pytest

from evaluator.reports.context import Context
from evaluator.reports.sections import trend
from evaluator.study import Study

STUDY = """
schema: 1
title: Our CRM capability
language: en
tree: tree.yaml
weighting: {source: given}
tables:
  customers: {file: firm.csv}
  grades: {file: grades.csv}
"""
TREE = """
schema: 1
id: capability
name: CRM capability
subject: firm
status: custom
source: a test
weights_source: an illustration
grades:
  - {id: good, name: Good, score: 90, from: 80}
  - {id: poor, name: Poor, score: 50, from: 0}
root:
  children:
    - {id: insight, name: Insight, measure: insight, direction: benefit, weight: 1, scale: {kind: graded}}
    - {id: delivery, name: Delivery, measure: delivery, direction: benefit, weight: 3, scale: {kind: graded}}
"""
PERIODS = {"2025Q9": 60, "2025Q10": 70, "2025Q11": 85}


@pytest.fixture(scope="module")
def firm(tmp_path_factory):
    folder = tmp_path_factory.mktemp("firm")
    rows = [
        f"{rater},US,{leaf},{score + 2 * number},{period}"
        for number, rater in enumerate(("R1", "R2"))
        for leaf in ("insight", "delivery")
        for period, score in PERIODS.items()
    ]
    (folder / "tree.yaml").write_text(TREE.lstrip(), "utf-8")
    (folder / "study.yaml").write_text(STUDY.lstrip(), "utf-8")
    (folder / "firm.csv").write_text("id,name\nUS,The firm\n", "utf-8")
    (folder / "grades.csv").write_text("\n".join(["rater,id,indicator,grade,period", *rows]) + "\n", "utf-8")
    return folder


def test_the_latest_period_is_the_evaluation_and_all_are_scored_with_one_model(firm) -> None:
    evaluation = Study(firm).run()
    assert evaluation.tree.subject == "firm"
    assert [entry.period for entry in evaluation.periods] == list(PERIODS)
    scores = [entry.results["score"][0] for entry in evaluation.periods]
    assert scores == pytest.approx([61, 71, 86])
    assert evaluation.results["score"][0] == scores[-1]


def test_the_reports_show_the_trend_of_the_firm_and_of_its_criteria(firm) -> None:
    study = Study(firm)
    context = Context(study.run(), "en")
    built = trend.build(context)
    assert [row.name for row in built.rows] == ["The firm"] * 3
    assert [row.change for row in built.rows] == [None, pytest.approx(10), pytest.approx(15)]
    assert [chart.id for chart in trend.draw(built, context)] == ["trend"]
    assert {row["line"] for row in trend.draw(built, context)[0].spec["data"]["values"]} == {
        "Total score", "Insight", "Delivery",
    }  # fmt: skip
    paths = study.save_reports()
    assert {path.name for path in paths} == {"report.html", "report.xlsx"}
    assert "Trend over periods" in paths[0].read_text("utf-8")
