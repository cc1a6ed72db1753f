"""Four tasks of a manager, done by clicking from the first screen of the demo's report, in Chromium."""

import csv
import io
from pathlib import Path
from time import monotonic

import polars as pl
import pytest

from evaluator import messages
from evaluator.analysis import with_weights
from evaluator.demo import Made
from evaluator.evaluation import Evaluation
from evaluator.reports.context import Context
from evaluator.reports.orders import orders_said
from evaluator.scoring import ranked, score
from evaluator.study import Study

SECONDS = 20


@pytest.fixture(scope="module")
def evaluation(demo_study: tuple[Made, Study]) -> Evaluation:
    return demo_study[1].run()


@pytest.fixture
def first_screen(opened, demo_report):
    """The first screen, when its chart is drawn; afterwards the task must have been a matter of seconds."""
    window = opened(demo_report("html", "zh").read_text("utf-8"), width=1440)
    window.page.wait_for_selector("#decision .drawing svg")
    began = monotonic()
    yield window
    assert monotonic() - began < SECONDS


def words(key: str, **values: object) -> str:
    return messages.text(f"report.{key}", "zh", **values)


def test_find_one_customer_and_why_it_is_where_it_is(first_screen, evaluation: Evaluation) -> None:
    sought = evaluation.results.filter(pl.col("rank") == 100).row(0, named=True)
    search = first_screen.page.locator(".finder input").first
    search.click()
    search.press_sequentially(sought["name"])
    first_screen.page.locator(".finder [role=option]").first.click()
    told = first_screen.page.locator("#customer-page")
    assert told.locator("h2").inner_text() == sought["name"]
    steps = told.locator(".waterfall tr").all_inner_texts()
    assert steps[-1].split("\t")[1] == f"{sought['score']:.1f}"
    added = [float(step.split("\t")[1].replace("−", "-")) for step in steps[:-1]]
    assert sum(added) == pytest.approx(sought["score"], abs=0.05 + 0.005 * len(added))


def test_what_changes_when_current_value_counts_ten_points_less(first_screen, evaluation: Evaluation) -> None:
    first_screen.page.locator("#tab-explore").click()
    name = evaluation.tree.nodes["current_value"].name["zh"]
    first_screen.page.locator("#explore > .sections a[href='#whatif']").click()
    control = first_screen.page.locator(
        "#whatif-tool .control", has=first_screen.page.get_by_text(name, exact=True)
    )
    number = control.first.locator("input[type=number]")
    typed = round(100 * evaluation.model.local["current_value"], 1) - 10
    number.fill(f"{typed:.1f}")
    number.press("Enter")
    first_screen.page.wait_for_selector("body > .otherwise:not([hidden])")
    model = with_weights(evaluation.model, {"current_value": round(typed, 1) / 100})
    after = ranked(score(model, evaluation.measured.frame))
    both = evaluation.results.join(after, on="id", suffix="_now").filter(pl.col("status") == "rated")
    moved = both.select((pl.col("rank") != pl.col("rank_now")).sum()).item()
    first_screen.page.wait_for_function(
        "text => document.querySelector('#whatif-tool .outcome dd').textContent === text",
        arg=words("whatif.of_rated", count=moved, rated=both.height),
    )
    assert moved > 0
    told = first_screen.page.locator("#whatif-tool .outcome dd").nth(1)
    assert told.inner_text() == words("whatif.of_rated", count=0, rated=both.height)  # axes stay as they are


def test_whom_to_visit_this_month_as_a_file(first_screen, evaluation: Evaluation) -> None:
    visit = next(action for action in evaluation.decisions.actions if action.id == "save")
    line = first_screen.page.locator(
        ".ledger tr", has=first_screen.page.get_by_text(visit.name["zh"], exact=True)
    )
    assert line.inner_text().count(words("decide.days", days=visit.within_days)) == 1
    line.get_by_role("link", name=words("decide.list")).click()
    with first_screen.page.expect_download() as waiting:
        first_screen.page.get_by_role("button", name=words("list.csv")).click()
    saved = Path(waiting.value.path()).read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(saved, newline="")))
    given = evaluation.decisions.customers.filter(pl.col("action") == "save")
    names = dict(evaluation.results.select("id", "name").iter_rows())
    assert [row[words("list.name")] for row in rows] == [names[id_] for id_ in given["id"]]
    assert [row[words("list.turn")] for row in rows] == [str(1 + place) for place in range(given.height)]
    order = orders_said(Context(evaluation, "zh"))["save"]
    assert first_screen.page.locator("#customer-list .count").inner_text().endswith(order)
    assert {row[words("actions.action")] for row in rows} == {visit.name["zh"]}
    assert {row[words("decide.due")] for row in rows} == {str(day) for day in given["due"]}


def test_how_sure_the_first_row_is_and_why(first_screen, evaluation: Evaluation) -> None:
    row = first_screen.page.locator(".ledger tbody tr").first
    action = next(a for a in evaluation.decisions.actions if a.name["zh"] == row.locator("th").inner_text())
    sure = row.locator("a[href='#certainty']")
    assert sure.inner_text() == f"{evaluation.certainty.actions[action.id]:.0%}"
    sure.click()
    section = first_screen.page.locator("#certainty")
    assert section.locator("h2").is_visible()
    for source in evaluation.certainty.sources:  # the link has opened their fold
        section.get_by_text(words(f"certainty.source.{source}"), exact=True).first.wait_for(state="visible")


def test_a_customers_page_tells_its_place_on_the_list_of_its_action(
    first_screen, evaluation: Evaluation
) -> None:
    given = evaluation.decisions.customers.filter(pl.col("action") == "grow")["id"].to_list()
    first_screen.page.goto(first_screen.page.url.split("#")[0] + f"#customer={given[1]}")
    order = orders_said(Context(evaluation, "zh"))["grow"]
    told = words("customer.turn", turn="2", count=str(len(given)), order=order)
    first_screen.page.locator("#customer-page").get_by_text(told).wait_for()


def test_paper_lists_those_to_act_on_the_earliest_due_first(
    opened, demo_report, evaluation: Evaluation
) -> None:
    window = opened(demo_report("html", "zh").read_text("utf-8"), width=1440)
    window.page.wait_for_selector("#decision .drawing svg")
    window.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    window.page.emulate_media(media="print")
    decided = evaluation.decisions
    assert decided is not None
    acting = decided.turns()["id"].unique(maintain_order=True).to_list()
    named = dict(evaluation.results.select("id", "name").iter_rows())
    shown = window.page.locator("#printed-list tbody th").all_inner_texts()
    assert shown == [named[one] for one in acting[:20]]
    assert (
        words("list.acting", subject="客户", shown=20, acting=len(acting), count=301)
        in window.page.locator("#printed-note").inner_text()
    )
