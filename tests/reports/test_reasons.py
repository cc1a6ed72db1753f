"""Why a customer is given an action: the condition that holds, with the customer's own figures."""

from pathlib import Path

import decided_study
import polars as pl
import pytest
from decided_study import STUDY

from evaluator.reports import ReportOptions
from evaluator.reports.context import Context
from evaluator.reports.page.customer_pages import build
from evaluator.reports.reasons import reasons, with_reasons

OTHERS = """\
  - {id: dear, name: {zh: 贵, en: Dear}, do: {zh: 做, en: Do},
     when: "(gross_profit > 4000 or churn_probability > 0.7) and not gross_profit > 90000 and score >= 40"}
  - {id: rest, name: {zh: 其余, en: Rest}, do: {zh: 做, en: Do}}
"""


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory: pytest.TempPathFactory):
    folder: Path = tmp_path_factory.mktemp("reasons")
    without = STUDY.replace(
        "when: grade == 'good', do", "when: \"grade in ['good'] and churn_probability < 0.5\", do"
    )
    return decided_study.study(folder, without + OTHERS).run()


def told(evaluation, language: str) -> dict[tuple[str, str], str]:
    found = reasons(Context(evaluation, language))
    return {(id_, action): because for id_, action, because in found.iter_rows()}


def test_a_reason_has_the_figure_that_met_the_condition_and_its_limit(evaluation) -> None:
    found = told(evaluation, "en")
    assert found["a", "save"] == "At risk of leaving: risk 60.0% (≥ 50.0%)"
    assert told(evaluation, "zh")["a", "save"] == "有流失风险：风险 60.0%（≥ 50.0%）"


def test_a_class_or_grade_is_told_with_the_scores_behind_it(evaluation) -> None:
    score = evaluation.results.filter(pl.col("id") == "c")["score"][0]
    assert told(evaluation, "en")["c", "thank"] == f"Good (score {score:.1f}) · risk 10.0% (< 50.0%)"


def test_of_alternatives_stand_those_that_hold_and_nothing_that_is_denied(evaluation) -> None:
    [(name, because)] = [
        (id_, text) for (id_, action), text in told(evaluation, "en").items() if action == "dear"
    ]
    score = evaluation.results.filter(pl.col("id") == name)["score"][0]
    assert because == f"gross profit 7,000 (> 4,000) · score {score:.1f} (≥ 40.0)"


def test_an_action_for_everybody_has_no_reason_and_keeps_what_stood_there(evaluation) -> None:
    context = Context(evaluation, "en")
    assert "rest" not in {action for _, action in told(evaluation, "en")}
    listed = with_reasons(evaluation.decisions.customers, context)
    assert listed["id"].to_list() == evaluation.decisions.customers["id"].to_list()
    assert listed.filter(action="save")["reason"].str.contains("≥ 50.0%").all()


def test_the_page_of_a_customer_has_them(evaluation) -> None:
    pages = build(Context(evaluation, "en", ReportOptions()))
    assert {"save"} <= {action for row in pages.reasons.values() for action in row}


def test_growth_as_logarithms_a_month_is_told_as_growth_a_year(tmp_path: Path) -> None:
    tree = decided_study.TREE.replace(
        "measure: churn_probability", "measure: growth\n      unit: {zh: 对数/月, en: log/month}"
    )
    rows = decided_study.ROWS.replace("churn_probability", "growth").replace("0.6", "-0.04")
    stated = decided_study.HEAD + decided_study.ACTIONS.replace("flag_at_risk", "flag_declining").replace(
        "effect * churn_probability * gross_profit", "effect * gross_profit"
    )
    found = told(decided_study.study(tmp_path, stated, tree=tree, rows=rows).run(), "en")
    assert found["a", "save"] == "Declining: growth -38.1% a year (< -33.3% a year)"


def test_a_risk_that_the_action_does_not_speak_of_is_named_with_it(tmp_path: Path) -> None:
    stated = decided_study.HEAD + (
        "actions:\n  - {id: keep, name: {zh: 保持, en: Keep}, when: score >= 0, do: {zh: 联系, en: Call}}\n"
    )
    evaluation = decided_study.study(tmp_path, stated).run()
    found = told(evaluation, "en")
    assert found["a", "keep"].endswith("· At risk of leaving: risk 60.0% (≥ 50.0%)")
    assert "risk of leaving" not in found["c", "keep"]
    rows = evaluation.decisions.customers
    assert rows.filter(id="a")["reason"].item().endswith("Shows signs of leaving; contact soon.")
    assert "leaving" not in rows.filter(id="c")["reason"].item()
