"""The list of customers: its data, and a reader who searches, chooses, sorts and saves in a real Chromium."""

import csv
import io
import json
from dataclasses import replace

import polars as pl
import pytest

from evaluator import messages
from evaluator.columns.apostrophes import marked
from evaluator.columns.legible import label
from evaluator.evaluation import Evaluation
from evaluator.reports import ReportOptions
from evaluator.reports.context import Context
from evaluator.reports.page import finder, page

MANY = 50_000 - 1
"""With the one customer who could not be measured, as many as a page holds."""


def with_attributes(evaluation: Evaluation) -> Evaluation:
    """Return the evaluation with an owner for each, a hostile region, and a number nobody shares."""
    ids = evaluation.results["id"]
    owners = [("王芳", "Li, Ming")[place % 2] for place in range(len(ids))]
    regions = [("=HYPERLINK(1)", "East")[place % 3 == 0] for place in range(len(ids))]
    phones = [f"+86-{place}" for place in range(len(ids))]
    told = pl.DataFrame({"id": ids, "owner": owners, "region": regions, "phone": phones})
    return replace(evaluation, attributes=told)


def rated_of(evaluation: Evaluation) -> pl.DataFrame:
    return evaluation.results.filter(pl.col("status") == "rated").sort("rank", "id")


@pytest.fixture(scope="module")
def hundred(evaluation_of) -> Evaluation:
    return with_attributes(evaluation_of("en", customers=120))


@pytest.fixture(scope="module")
def hundred_page(hundred) -> str:
    return page(hundred, "en", options=ReportOptions())


@pytest.fixture(scope="module")
def many(evaluation_of) -> Evaluation:
    return replace(evaluation_of("en", customers=MANY, experts=False), opinions=None)


@pytest.fixture(scope="module")
def many_page(many) -> str:
    return page(many, "en", options=ReportOptions(cards=20))


def test_everybody_is_in_the_list_with_what_the_results_say(evaluation_of) -> None:
    evaluation = evaluation_of("en")
    found = finder.build(Context(evaluation, "en"))
    rated = rated_of(evaluation)
    assert (found.rated, found.total, found.left) == (7, 9, 0)
    assert list(found.ids[:7]) == rated["id"].to_list()
    columns = {column.key: column for column in found.columns}
    assert columns["score"].values[:7] == tuple(float(f"{score:.1f}") for score in rated["score"])
    assert columns["score"].values[7:] == (None, None)
    grades = [columns["grade"].words[place][0] for place in columns["grade"].values[:7]]
    classes = [columns["class"].words[place][0] for place in columns["class"].values[:7]]
    assert (grades, classes) == (rated["grade"].to_list(), rated["class_value_matrix"].to_list())
    assert [found.names[place] for place in (0, 8)] == [None, "=HYPERLINK(1)"]
    status = columns["status"]
    assert [status.words[place][0] for place in status.values[7:]] == ["insufficient", "unmeasured"]
    assert columns["reason"].words[columns["reason"].values[8]][1] == "测试行"


def test_an_attribute_nobody_shares_is_named_and_no_filter(hundred) -> None:
    found = finder.build(Context(hundred, "en"))
    filters = [column.key for column in found.columns if column.filters]
    assert filters == ["grade", "class", "owner", "region", "status"]
    assert found.without == ("Phone",)


def test_more_than_a_page_holds_are_counted(hundred) -> None:
    found = finder.build(Context(hundred, "en"), most=50)
    everybody = hundred.results.height + len(hundred.unrated)
    assert (len(found.ids), found.left) == (50, everybody - 50)


def test_a_row_of_the_list_is_small(many) -> None:
    """Besides the id and the name it is some forty bytes, whatever the name."""
    found = finder.build(Context(many, "en"))
    told = {key: value for key, value in found.compact().items() if key not in ("ids", "names")}
    assert len(json.dumps(told, separators=(",", ":"))) / MANY < 40


def test_the_last_of_fifty_thousand_is_found_from_anywhere(opened, many, many_page) -> None:
    window = opened(many_page)
    last = rated_of(many).row(-1, named=True)
    window.page.keyboard.press("Control+k")
    window.page.keyboard.type(last["id"].lower())
    options = window.page.locator("#finder-options [role=option]")
    assert options.count() == 1
    assert last["name"] in options.first.inner_text()
    assert f"{last['rank']:,}" in options.first.inner_text()
    assert f"{last['score']:.1f}" in options.first.inner_text()
    window.page.keyboard.press("Enter")
    assert window.page.evaluate("location.hash") == f"#customer={last['id']}"


def test_fifty_thousand_rows_are_few_elements_and_the_last_is_reached(opened, many, many_page) -> None:
    window = opened(many_page, at="#list")
    total = many.results.height + len(many.unrated)
    table = window.page.locator(".port table")
    assert table.get_attribute("aria-rowcount") == str(total + 1)
    assert 10 < window.page.locator(".port tbody tr[data-at]").count() < 80
    window.page.locator(".port tbody a").first.focus()
    window.page.keyboard.press("End")
    window.page.wait_for_selector(f".port tr[aria-rowindex='{total + 1}']")
    assert window.page.evaluate("document.activeElement.closest('tr').ariaRowIndex") == str(total + 1)
    window.page.keyboard.press("ArrowUp")
    assert window.page.evaluate("document.activeElement.closest('tr').ariaRowIndex") == str(total)
    assert window.page.locator(".port tbody tr[data-at]").count() < 80


def names_shown(window) -> list[str]:
    return window.page.locator(".port tbody tr[data-at] th").all_inner_texts()


def test_a_link_opens_the_list_filtered_and_the_filter_can_be_taken_off(
    opened, hundred, hundred_page
) -> None:
    rated = rated_of(hundred)
    gold = rated.filter(pl.col("class_value_matrix") == "gold")
    window = opened(hundred_page, at="#list?class=gold&sort=score")
    assert names_shown(window) == gold.reverse()["name"].to_list()
    assert str(gold.height) in window.page.locator("#customer-list .count").inner_text()
    window.page.locator(".chips button").first.click()
    assert window.page.evaluate("location.hash") == "#list?sort=score"
    window.page.evaluate("location.hash = '#list?owner=' + encodeURIComponent('Li, Ming')")
    owners = hundred.attributes.filter(pl.col("owner") == "Li, Ming").height
    assert str(owners) in window.page.locator("#customer-list .count").inner_text()


def test_filters_search_and_order_are_reached_by_the_keyboard(opened, hundred, hundred_page) -> None:
    rated = rated_of(hundred)
    window = opened(hundred_page, at="#list")
    window.page.locator("#customer-list .tools > input").focus()
    window.page.keyboard.press("Tab")
    window.page.keyboard.press("Enter")
    window.page.keyboard.press("Tab")
    window.page.keyboard.press("Tab")
    window.page.keyboard.press("Space")
    assert window.page.evaluate("location.hash") == "#list?grade=fair"
    fair = rated.filter(pl.col("grade") == "fair")
    assert fair.height > 3
    shown = names_shown(window)  # as many as there is room for
    assert len(shown) > 12
    assert shown == fair["name"].to_list()[: len(shown)]
    assert window.page.locator("#customer-list .count").inner_text().startswith(f"{fair.height} ")
    window.page.keyboard.press("Escape")
    assert window.page.evaluate("document.activeElement.localName") == "summary"
    head = window.page.locator(".port thead .of-potential_value button")
    head.focus()
    window.page.keyboard.press("Enter")
    ordered = fair.sort("score_potential_value", descending=True)["name"].to_list()
    assert names_shown(window)[:3] == ordered[:3]
    assert window.page.locator(".port thead [aria-sort]").get_attribute("aria-sort") == "descending"


def test_a_search_takes_full_width_signs_and_parts_in_any_order(opened, hundred_page) -> None:
    window = opened(hundred_page, at="#list")
    window.page.locator("#customer-list .tools > input").fill("７ 客户")
    others = window.page.locator(".port tbody tr[data-at] th").filter(has_not_text="7")
    others.first.wait_for(state="detached")
    assert all("7" in name for name in names_shown(window))
    window.page.locator("#customer-list .tools > input").fill("nobody at all")
    window.page.wait_for_selector("#customer-list .none:not([hidden])")
    assert window.page.locator("#customer-list .none").inner_text() == "No matching customers."


def test_what_is_not_in_the_page_is_never_denied(opened, hundred, monkeypatch) -> None:
    monkeypatch.setattr("evaluator.reports.page.finder.build.__kwdefaults__", {"most": 50})
    window = opened(page(hundred, "en", options=ReportOptions()), at="#list?q=nobody")
    left = hundred.results.height + len(hundred.unrated) - 50
    told = messages.text("report.list.left", "en", count=f"{left}")
    assert told in window.page.locator("#customer-list .none").inner_text()
    window.page.keyboard.press("Control+k")
    window.page.keyboard.type("nobody")
    assert told in window.page.locator("#finder-options").inner_text()


def test_the_unrated_are_in_it_with_their_reason(opened, hundred, hundred_page) -> None:
    unrated = hundred.results.filter(pl.col("status") != "rated").row(0, named=True)
    window = opened(hundred_page, at=f"#list?q={unrated['id']}")
    row = window.page.locator(".port tbody tr[data-at]")
    assert row.count() == 1
    assert messages.text("report.customer_status.insufficient", "en") in row.inner_text()


def test_the_chosen_are_saved_as_a_file_that_no_spreadsheet_computes(opened, hundred, hundred_page) -> None:
    window = opened(hundred_page, at="#list?class=gold&region=%3DHYPERLINK(1)")
    with window.page.expect_download() as waiting:
        window.page.locator("#customer-list .tools > button").click()
    saved = waiting.value.path().read_text("utf-8-sig")
    ids = hundred.attributes.filter(pl.col("region") == "=HYPERLINK(1)")["id"]
    gold = rated_of(hundred).filter(pl.col("class_value_matrix") == "gold", pl.col("id").is_in(ids.implode()))
    rows = list(csv.DictReader(io.StringIO(saved)))
    assert [row["ID"] for row in rows] == gold["id"].to_list()
    assert {row["Region"] for row in rows} == {marked("=HYPERLINK(1)")}
    assert [float(row["Score"]) for row in rows] == [float(f"{score:.1f}") for score in gold["score"]]
    window.page.locator("#customer-list .saved summary").click()
    assert window.page.locator("#customer-list textarea").input_value().splitlines() == saved.splitlines()


TEXTS = [
    "=1+1",
    "＝1",
    " =1",
    "-12.5",
    "-1-1",
    "'t Hooft",
    "plain",
    "a,b",
    'say "x"',
    "+86 10",
    "\t1",
    "１２",
]


def test_cells_are_marked_as_in_every_csv_file(opened, evaluation_of, page_of) -> None:
    """The page's script and `columns.apostrophes` do the same to the same texts."""
    for part in (TEXTS[:8], TEXTS[4:]):
        names = dict(zip(evaluation_of("en").results["id"], part, strict=True))
        renamed = evaluation_of("en").results.with_columns(name=pl.col("id").replace_strict(names))
        text = page(replace(evaluation_of("en"), results=renamed), "en", options=ReportOptions())
        window = opened(text, at="#list")
        with window.page.expect_download() as waiting:
            window.page.locator("#customer-list .tools > button").click()
        rows = list(
            csv.DictReader(io.StringIO(waiting.value.path().read_bytes().decode("utf-8-sig"), newline=""))
        )
        shown = {row["ID"].removeprefix("'"): row["Name"] for row in rows}
        assert {one: shown[one] for one in names} == {one: marked(label(name)) for one, name in names.items()}


def test_paper_and_browsers_without_a_script_have_the_first_rows(opened, hundred, hundred_page) -> None:
    window = opened(hundred_page, java_script_enabled=False)
    static = window.page.locator("#printed-list")
    assert static.is_visible()
    assert static.locator("tbody th").all_inner_texts() == rated_of(hundred)["name"].to_list()[:20]
    printed = opened(hundred_page, at="#list?class=lead")
    printed.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    printed.page.emulate_media(media="print")
    lead = rated_of(hundred).filter(pl.col("class_value_matrix") == "lead")["name"].to_list()
    assert printed.page.locator("#printed-list tbody th").all_inner_texts() == lead[:20]
    assert str(len(lead)) in printed.page.locator("#printed-note").inner_text()
    assert not printed.page.locator("#customer-list").is_visible()


def test_on_a_phone_a_row_says_who_and_what(opened, hundred_page) -> None:
    window = opened(hundred_page, at="#list", width=390, height=800)
    row = window.page.locator(".port tbody tr[data-at]").first
    shown = [cell for cell in row.locator("th, td").all() if cell.is_visible()]
    assert [cell.get_attribute("class").split("of-")[1] for cell in shown] == [
        "rank",
        "name",
        "score",
        "class",
    ]
    assert window.page.evaluate("document.documentElement.scrollWidth") <= 390
