"""The section that says what to do with whom, on the worked example of docs/decision.md."""

from pathlib import Path

import decided_study
import pytest

from evaluator.present.blocks import Table, Words
from evaluator.reports import report
from evaluator.reports.context import Context
from evaluator.reports.sections import actions
from evaluator.study import Study


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return decided_study.study(tmp_path).folder


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
