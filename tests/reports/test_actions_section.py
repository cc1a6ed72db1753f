"""The section that says what to do with whom, on the worked example of docs/decision.md."""

from dataclasses import replace
from pathlib import Path

import decided_study
import polars as pl
import pytest

from evaluator import messages
from evaluator.actions.decided import COMMA
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
    measure = Context(Study(folder).run(), language).reader.measure("gross_profit")
    assert any(measure.lower() in head.title.lower() for head in given.heads), "of which money"
    customers = found.parts[1].blocks[0]
    assert [row[0] for row in customers.rows][:2] == ["a", "b"]
    assert "Li" in customers.rows[0]
    flags = found.parts[2].blocks[0]
    assert (flags.rows[0][2], flags.rows[0][3]) == (2, 1), "two at risk, of one it is unknown"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_actions_flags_and_classes_are_called_in_the_language_of_the_report(
    folder: Path, language: str
) -> None:
    """Whatever the language of the study: English reports of Chinese studies had Chinese actions."""
    evaluation = Study(folder).run()
    decided = Context(evaluation, language).evaluation.decisions
    assert decided is not None
    names = {one.id: one.name[language] for one in (*decided.actions, *decided.flags)}
    for row in decided.customers.drop_nulls("action_name").iter_rows(named=True):
        assert row["action_name"] == names[row["action"]]
        assert set(filter(None, row["flags"].split(COMMA[language]))) <= set(names.values())
    spoken = ["action_name", "do", "reason", "flags", "class_name"]
    left = decided.customers.drop(spoken)
    assert left.equals(evaluation.decisions.customers.drop(spoken))
    assert decided.customers.columns == evaluation.decisions.customers.columns


def test_columns_in_which_nobody_has_anything_are_left_out(folder: Path) -> None:
    evaluation = Study(folder).run()
    bare = evaluation.decisions.customers.with_columns(due=pl.lit(None, pl.Date), flags=pl.lit(""))
    decisions = replace(evaluation.decisions, customers=bare)
    context = Context(replace(evaluation, decisions=decisions), "en")
    tables = [
        block for part in actions.build(context).parts for block in part.blocks if isinstance(block, Table)
    ]
    titles = {head.title for one in tables[:2] for head in one.heads}
    absent = {messages.text(f"report.actions.{name}", "en") for name in ("due", "flags")}
    assert titles
    assert not absent & titles


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
