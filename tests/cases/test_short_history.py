"""Orders of a few months, and lines without a customer: what they cannot tell is said on the first screen."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from evaluator import resources
from evaluator.reports.context import Context
from evaluator.reports.sections import careful
from evaluator.study import Study
from evaluator.study.feeding import feedings, settled
from evaluator.study.from_files import make_study, study_folder
from evaluator.study.gathering import gather

LATE = ("10-15", "10-25", "11-05", "11-28", "12-20")  # days of purchases of those who came lately


def study(folder: Path, first_year: int, lost: int = 0) -> Study:
    """Return the study that orders of April to December 2024 make, the first customer's of a year as well."""
    lines = [
        f"K{customer:02},2024-{month:02}-{customer + 1:02},{customer * 10 + month}"
        for customer in range(1, 13)
        for month in range(4, 13)
    ]
    lines += [f"K01,{first_year}-04-03,10", *([",2024-06-01,50"] * lost)]
    (folder / "orders.csv").write_text("\n".join(["customer,date,amount", *lines]) + "\n", "utf-8")
    data = gather([str(folder / "orders.csv")], {})
    best = settled(feedings(data))
    assert best is not None
    return Study(make_study(data, best, study_folder(data.named), language="en").folder)


def said(opened: Study) -> str:
    return " ".join(one.text for one in careful.cautions(Context(opened.run(), "en")))


def test_orders_of_less_than_a_year_call_nobody_new(tmp_path: Path) -> None:
    opened = study(tmp_path, 2024)
    found = opened.run().decisions
    assert found is not None
    assert found.counts["new"] == (0, 12)
    assert [issue.subject for issue in found.issues if issue.code == "ACTION-123"] == ["tenure_months"]
    assert "no customer is called new" in said(opened)


def test_with_a_longer_history_those_who_came_lately_are_new(tmp_path: Path) -> None:
    found = study(tmp_path, 2022).run().decisions
    assert found is not None
    assert found.counts["new"] == (11, 0)
    assert "ACTION-123" not in {issue.code for issue in found.issues}


@pytest.mark.parametrize(("days", "told"), [(400, True), (20, True), (3, False)])
def test_due_dates_that_have_passed_are_said(tmp_path: Path, days: int, told: bool) -> None:
    """An export of the month's end that is reported three weeks later has passed the first dates too."""
    found = study(tmp_path, 2022).run()
    made = datetime.combine(found.provenance.as_of + timedelta(days=days), time(9), UTC)
    context = Context(replace(found, provenance=replace(found.provenance, created=made)), "en")
    cautions = [one.text for one in careful.cautions(context)]
    assert any("had passed when this report was made" in text for text in cautions) is told
    assert found.decisions is not None
    assert (found.decisions.late(made.date()) > 0) is told


def test_orders_without_products_rate_those_of_few_orders_too(tmp_path: Path) -> None:
    """With 24 months of orders growth is known of some; the others have a tenure and nothing else."""
    days = [f"{year}-{month:02}" for year in (2022, 2023, 2024) for month in (1, 4, 7, 10)]
    lines = [f"K{n:02},{day}-{n:02},{n * 10 + place}" for n in range(1, 13) for place, day in enumerate(days)]
    lines += [f"S{n},2024-{n + 3:02}-02,{n}" for n in range(1, 9)]
    (tmp_path / "orders.csv").write_text("\n".join(["customer,date,amount", *lines]) + "\n", "utf-8")
    data = gather([str(tmp_path / "orders.csv")], {})
    best = settled(feedings(data))
    assert best is not None
    found = Study(make_study(data, best, study_folder(data.named), language="en").folder).run()
    assert found.results["score_growth"].null_count() == 8
    assert found.results["status"].unique().to_list() == ["rated"]


def test_those_who_came_later_than_the_tree_is_meant_for_are_told(tmp_path: Path) -> None:
    home = tmp_path / "orders-study"
    assert study(tmp_path, 2022).run().decisions
    own = (resources.folder("indicator_trees") / "orders_value.yaml").read_text("utf-8")
    (home / "own.yaml").write_text(f"{own}\napplies_to: {{min_tenure_months: 3}}\n", "utf-8")
    file = (home / "study.yaml").read_text("utf-8")
    (home / "study.yaml").write_text(file.replace("tree: orders_value", "tree: own.yaml"), "utf-8")
    assert "fewer than 3 months" not in said(Study(home))  # all have bought since April
    late = "".join(f"{name},2024-{day},70\n" for name in ("L1", "L2") for day in LATE)
    with (home / "data" / "orders.csv").open("a", encoding="utf-8") as orders:
        orders.write(late)
    assert "2 customers are rated after fewer than 3 months" in said(Study(home))


@pytest.mark.parametrize(("lost", "told"), [(0, False), (1, False), (30, True)])
def test_lines_without_a_customer_are_told_where_they_are_many(tmp_path: Path, lost: int, told: bool) -> None:
    assert ("count nowhere" in said(study(tmp_path, 2022, lost))) == told
