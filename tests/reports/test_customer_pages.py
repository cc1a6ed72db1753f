"""The page of one customer: its data against the explanations, and what a reader sees of it in Chromium."""

import math
from dataclasses import replace

import polars as pl
import pytest

from evaluator import messages
from evaluator.analysis import what_would_lift
from evaluator.analysis.explanation import explanations
from evaluator.evaluation import Evaluation
from evaluator.present.figures import number
from evaluator.present.kinds import said as say
from evaluator.reports import ReportOptions
from evaluator.reports.context import Context
from evaluator.reports.page import customer_pages, page
from evaluator.reports.page.whatif import what_if
from evaluator.tree import load_tree


@pytest.fixture(scope="module")
def evaluation(evaluation_of) -> Evaluation:
    return evaluation_of("en", customers=120)


@pytest.fixture(scope="module")
def rated(evaluation) -> pl.DataFrame:
    return evaluation.results.filter(pl.col("status") == "rated").sort("rank", "id")


@pytest.fixture(scope="module")
def text(evaluation) -> str:
    return page(evaluation, "en", options=ReportOptions(cards=50))


def test_the_columns_are_the_explanations_as_they_are_shown(evaluation, rated) -> None:
    built = customer_pages.build(Context(evaluation, "en"))
    explained = explanations(evaluation.model, evaluation.measured.frame, rated["id"].to_list())
    assert built.held == rated.height
    for place, leaf in enumerate(built.leaves):
        parts = [one.contributions[place] for one in explained]
        assert leaf.points == tuple(float(f"{part.points:.2f}") for part in parts)
        assert [row for row, part in enumerate(parts) if part.measure is None] == [
            row for row, measure in enumerate(leaf.measures) if measure is None
        ]
    gold = rated["class_value_matrix"] == "gold"
    assert built.counted[0] == gold.sum() > 1
    of_gold = [one.contributions[0].points for one, there in zip(explained, gold, strict=True) if there]
    assert built.leaves[0].means[0] == float(f"{math.fsum(of_gold) / len(of_gold):.2f}")


def test_a_name_opens_its_page_and_back_leads_to_the_list(opened, rated, text) -> None:
    window = opened(text, at="#list?class=gold")
    first = rated.filter(pl.col("class_value_matrix") == "gold").row(0, named=True)
    window.page.locator(".port tbody a").first.click()
    dialog = window.page.locator("#customer-page[open]")
    assert dialog.locator("h2").inner_text() == first["name"]
    assert dialog.locator("header .score").inner_text() == f"{first['score']:.1f}"
    assert window.page.evaluate("location.hash") == f"#customer={first['id']}"
    assert window.page.evaluate("document.activeElement.id") == "customer-title"
    window.page.keyboard.press("Escape")
    window.page.wait_for_function("location.hash === '#list?class=gold'")
    assert window.page.locator("#customer-page[open]").count() == 0


def test_what_would_lift_a_customer_is_what_the_engine_finds(opened, evaluation, rated, text) -> None:
    """Of the indicators whose scale can be read backwards: the same ones, to the same measures."""
    model, frame = evaluation.model, evaluation.measured.frame
    offered = what_if(Context(evaluation, "en")).lifts["scales"]
    assert 0 < len(offered) < len(model.tree.indicators)
    window, told = opened(text), 0
    for row in rated.filter(pl.col("class_value_matrix") != "gold").head(6).iter_rows(named=True):
        window.page.evaluate(f"location.hash = '#customer={row['id']}'")
        lines = window.page.locator("#customer-page .of-lift li")
        window.page.locator("#customer-page h2", has_text=row["name"]).wait_for()
        steps = [step for step in what_would_lift(model, frame, row["id"]).steps if step.indicator in offered]
        reached = [step for step in steps if step.needed is not None]
        wanted = {
            (model.tree.nodes[step.indicator].name["en"], say(step.needed, "quantity", "en"))
            for step in reached
        }
        found = {
            (line.locator("b").inner_text(), line.inner_text().split("→")[1].split()[0])
            for line in lines.all()
        }
        assert found == wanted
        told += len(found)
    assert told > 3


def test_the_score_is_taken_apart_twice_and_both_come_to_it(opened, evaluation, rated, text) -> None:
    row = rated.row(4, named=True)
    window = opened(text, at=f"#customer={row['id']}")
    (explained,) = explanations(evaluation.model, evaluation.measured.frame, [row["id"]])
    table = window.page.locator(".of-measures table")
    points = table.locator("tbody tr:not(.branch) td.points").all_inner_texts()
    assert points == [number(part.points, 1) for part in explained.contributions]
    assert table.locator("tfoot .points").inner_text() == number(row["score"], 1)
    steps = window.page.locator(".waterfall tr:not(.whole) td.n").all_inner_texts()
    (mean, end) = window.page.locator(".waterfall tr.whole td.n").all_inner_texts()
    total = float(mean) + math.fsum(float(step) for step in steps)
    assert total == pytest.approx(float(end), abs=0.1 + 0.05 * len(steps))


def test_what_is_missing_is_said_with_what_is_done_about_it(opened, evaluation, rated, text) -> None:
    lacking = evaluation.measured.frame.filter(pl.col("cost").is_null())["id"]
    row = rated.head(50).filter(pl.col("id").is_in(lacking.implode())).row(0, named=True)
    window = opened(text, at=f"#customer={row['id']}")
    told = window.page.locator(".of-missing li").all_inner_texts()
    handling = messages.text("report.missing.redistribute", "en")
    assert f"Cost to serve: {handling}" in told


def test_beyond_those_explained_the_page_says_where_the_rest_is(opened, rated, text) -> None:
    row = rated.row(60, named=True)
    window = opened(text, at=f"#customer={row['id']}")
    content = window.page.locator("#customer-page").inner_text()
    assert messages.text("report.customer.beyond", "en", held="50") in content
    assert f"{row['score']:.1f}" in content
    assert window.page.locator(".of-measures").count() == 0


def test_who_is_not_rated_is_told_why(opened, evaluation, text) -> None:
    row = evaluation.results.filter(pl.col("status") != "rated").row(0, named=True)
    window = opened(text, at=f"#customer={row['id']}")
    told = window.page.locator("#customer-page header").inner_text()
    reason = messages.text("report.customer.unrated", "en", reason="")
    assert reason.strip() in told
    score = window.page.locator("#customer-page .score")
    assert score.evaluate("one => getComputedStyle(one).fontWeight") == "400"  # no figure that counts


def test_amounts_of_orders_are_in_the_currency_of_the_study(evaluation) -> None:
    leaf = next(leaf for leaf in load_tree("orders_value").indicators if leaf.id == "net_amount")
    stated = (("CNY", "en"), ("CNY", "zh"), ("", "en"))
    units = [Context(replace(evaluation, currency=code), language).unit(leaf) for code, language in stated]
    assert units == ["CNY/year", "元/年", "currency of the orders/year"]


def test_ids_in_other_tables_lead_to_the_pages_of_their_customers(opened, evaluation_of, page_of) -> None:
    evaluation = evaluation_of("en")
    window = opened(page_of("en"), at="#data")
    heading = messages.text("report.list.id", "en")
    table = window.page.locator(
        "#data table", has=window.page.get_by_role("columnheader", name=heading, exact=True)
    )
    ids = [lost.id for lost in evaluation.unrated]
    table.get_by_role("link", name=ids[0], exact=True).click()
    assert window.page.evaluate("location.hash") == f"#customer={ids[0]}"
    assert window.page.locator("#customer-page[open] h2").inner_text() == evaluation.unrated[0].name


def test_the_next_in_the_ranking_is_a_key_away_and_an_unknown_id_opens_nothing(opened, rated, text) -> None:
    window = opened(text, at=f"#customer={rated['id'][0]}")
    window.page.get_by_role("button", name=messages.text("report.customer.next", "en")).press("Enter")
    assert window.page.locator("#customer-page h2").inner_text() == rated["name"][1]
    other = opened(text, at="#customer=nobody")
    assert other.page.locator("#customer-page[open]").count() == 0


def test_paper_holds_the_chosen_customer_alone(opened, rated, text) -> None:
    window = opened(text, at=f"#customer={rated['id'][0]}")
    window.page.emulate_media(media="print")
    assert window.page.locator("#customer-title").is_visible()
    assert not window.page.locator("main").is_visible()
    assert not window.page.locator("#customer-page .controls").is_visible()


def test_a_hostile_name_is_text_on_its_page(opened, evaluation_of) -> None:
    evaluation = evaluation_of("en")
    window = opened(page(evaluation, "en", options=ReportOptions()), at="#customer=002")
    assert window.page.locator("#customer-title").inner_text() == "<script>alert(1)</script>"
    odd = evaluation.results.with_columns(
        id=pl.when(pl.col("id") == "002").then(pl.lit("a/b&c=%20 d")).otherwise("id")
    )
    frame = evaluation.measured.frame.with_columns(
        id=pl.when(pl.col("id") == "002").then(pl.lit("a/b&c=%20 d")).otherwise("id")
    )
    renamed = replace(
        evaluation, results=odd, measured=replace(evaluation.measured, frame=frame), opinions=None
    )
    other = opened(page(renamed, "en", options=ReportOptions()), at="#list")
    other.page.locator(".port").get_by_role("link", name="<script>").click()
    assert "a/b&c=%20 d" in other.page.locator("#customer-page header").inner_text()


def test_accessibility_tools_find_nothing_on_list_and_page(opened, evaluation_of, accessible) -> None:
    text = page(evaluation_of("en", customers=40), "en", options=ReportOptions())
    window = opened(text, at="#list")
    window.page.wait_for_selector("html[data-charts]")
    window.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    window.page.locator("#finder-options").evaluate("(list) => { list.hidden = false; }")
    for place in ("#list", "#customer-page"):
        if place == "#customer-page":
            window.page.locator(".port tbody a").first.click()
            window.page.evaluate(
                "document.querySelectorAll('details').forEach((one) => { one.open = true; })"
            )
        assert accessible(window, place)
