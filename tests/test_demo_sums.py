"""Counts and money of the demo add up wherever they stand: in files, sheets and on the page."""

import json
import re
import shutil
from html.parser import HTMLParser
from math import fsum
from pathlib import Path

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from evaluator.demo import Made
from evaluator.evaluation import Evaluation
from evaluator.study import Study
from evaluator.study.outputs import save_decisions
from evaluator.study.summary import summary


class Tables(HTMLParser):
    """The tables of a page, each a list of rows of the texts of their cells."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[list[list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.found.append([])
        elif tag == "tr" and self.found:
            self.found[-1].append([])
        elif tag in ("td", "th") and self.found and self.found[-1]:
            self.found[-1][-1].append("")

    def handle_data(self, data: str) -> None:
        if self.found and self.found[-1] and self.found[-1][-1]:
            self.found[-1][-1][-1] += data


@pytest.fixture(scope="module")
def study(demo_study: tuple[Made, Study]) -> Study:
    return demo_study[1]


@pytest.fixture(scope="module")
def evaluation(study: Study) -> Evaluation:
    return study.run()


@pytest.fixture(scope="module")
def written(evaluation: Evaluation, demo_report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sums")
    assert evaluation.decisions is not None
    save_decisions(evaluation.decisions, folder)
    for suffix in ("html", "xlsx"):
        shutil.copy(demo_report(suffix, "en"), folder / f"report.{suffix}")
    return folder


@pytest.fixture(scope="module")
def page(written: Path) -> list[list[list[str]]]:
    reader = Tables()
    reader.feed((written / "report.html").read_text("utf-8"))
    return [[[" ".join(cell.split()) for cell in row] for row in rows] for rows in reader.found]


@pytest.fixture(scope="module")
def names(evaluation: Evaluation) -> dict[str, str]:
    """What the English report calls each action: the study is in Chinese."""
    assert evaluation.decisions is not None
    return {action.id: action.name["en"] for action in evaluation.decisions.actions}


def sheet(written: Path, name: str) -> list[list[object]]:
    found: list[list[object]] = (
        CalamineWorkbook.from_path(written / "report.xlsx").get_sheet_by_name(name).to_python()
    )
    return found


def money(text: str) -> float:
    """Return an amount of the page: ¥36.1k, ¥1.32M, ¥950."""
    number, unit = re.fullmatch(r"¥([\d.,]+)([kM]?)", text).groups()  # type: ignore[union-attr]
    return float(number.replace(",", "")) * {"": 1.0, "k": 1e3, "M": 1e6}[unit]


def test_customers_of_each_action_add_up_to_the_rated(
    study: Study, evaluation: Evaluation, written: Path, page: list[list[list[str]]], names: dict[str, str]
) -> None:
    """On the page, on the first sheet, in the list of actions and in the summary."""
    rated = evaluation.results.filter(pl.col("status") == "rated").height
    shown, *others = [rows for rows in page if rows[0][:2] == ["Action", "Customers"]]
    counts = {row[0]: int(row[1]) for row in shown[1:]}
    for rows in others:
        assert {row[0]: int(row[1]) for row in rows[1:]}.items() <= counts.items()
    assert counts.pop("All rated") == sum(counts.values()) == rated
    rows = sheet(written, "Decision")
    head = next(place for place, row in enumerate(rows) if row[0] == "Action")
    column = rows[head].index("Count")
    below = {str(row[0]): row[column] for row in rows[head + 1 : head + 2 + len(counts)]}
    assert below.pop("All rated") == rated
    assert below == counts
    listed = pl.read_csv(written / "actions.csv")
    assert listed["id"].n_unique() == rated
    planned = listed.filter(pl.col("net").is_not_null())
    assert dict(planned["action"].replace_strict(names).value_counts().iter_rows()) == {
        name: count for name, count in counts.items() if name not in ("Not in the plan", "No action applies")
    }
    told = summary(study)["actions"]
    assert sorted(told.values()) == sorted(counts.values())


def test_money_of_each_action_adds_up_to_that_of_the_plan(
    evaluation: Evaluation, written: Path, page: list[list[list[str]]], names: dict[str, str]
) -> None:
    assert evaluation.decisions is not None
    plan = evaluation.decisions.plan
    assert plan is not None
    listed = pl.read_csv(written / "actions.csv")
    sums = listed.drop_nulls("net").group_by("action").agg(pl.col("net").sum())
    of = {names[action]: net for action, net in sums.iter_rows()}
    assert fsum(of.values()) == pytest.approx(plan.value, abs=0.02)
    assert (listed["gain"] - listed["cost"] - listed["net"]).abs().max() < 0.011
    rows = sheet(written, "Decision")
    column = next(row for row in rows if row[0] == "Action").index("Expected gain, net of cost")
    assert {str(row[0]): row[column] for row in rows if row[0] in of} == pytest.approx(of, abs=0.02)
    shown = next(rows for rows in page if rows[0][:2] == ["Action", "Customers"])
    told = {row[0]: money(row[2]) for row in shown if row[0] in of}
    assert told == pytest.approx(of, rel=0.005)
    parts = json.loads((written / "actions.json").read_text("utf-8"))
    assert fsum(one["cost"] or 0 for one in parts) == pytest.approx(plan.cost, abs=0.01)


def test_classes_and_grades_add_up_to_the_rated(study: Study, evaluation: Evaluation, written: Path) -> None:
    """In the scores, the summary, the certainty of the whole and the workbook."""
    rated = evaluation.results.filter(pl.col("status") == "rated")
    figures, sure = summary(study), evaluation.certainty
    assert sure is not None
    for column in ("grade", "class_current_potential"):
        counts = {key: n for key, n in rated[column].value_counts().iter_rows() if key is not None}
        assert figures[column] == counts
        assert sum(counts.values()) == rated.height
        what = column.removeprefix("class_")
        drawn = sure.totals.filter(pl.col("what") == what)
        assert {k: n for k, n in drawn.select("value", "count").iter_rows() if k in counts} == counts
        assert drawn["mean"].sum() == pytest.approx(
            sure.looked + drawn.filter(pl.col("value").is_null())["count"][0]
        )
    rows = sheet(written, "Classes")
    head = next(place for place, row in enumerate(rows) if row[0] == "Class")
    column = rows[head].index("Count")
    counts = [row[column] for row in rows[head + 1 : head + 5]]
    assert sum(counts) == rated.height  # type: ignore[arg-type]
    assert sorted(counts) == sorted(figures["class_current_potential"].values())  # type: ignore[type-var]


def test_who_moved_adds_up_to_who_was_rated_both_times_and_what_changed_to_the_whole(
    evaluation: Evaluation, written: Path
) -> None:
    changed = evaluation.comparison
    assert changed is not None
    both = changed.customers.filter(pl.col("standing") == "compared")
    each = both.select(list(changed.steps)).sum_horizontal()
    assert (each - both["change"]).abs().max() < 1e-9
    rows = sheet(written, "Since last evaluation")
    starts = [place for place, row in enumerate(rows) if row[0] == "Before ↓  Now →"]
    for start in starts:
        width = rows[start].index("Total")
        part = rows[start + 1 :]
        table = part[: next((n for n, row in enumerate(part) if row[width] in ("", None)), len(part))]
        assert all(sum(row[1:width]) == row[width] for row in table)  # type: ignore[arg-type]
        assert sum(row[width] for row in table) == both.height  # type: ignore[misc]
