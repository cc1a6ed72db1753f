"""Studies of one, of few and of nobody: nothing stands on the page that says nothing."""

from dataclasses import replace

import pytest

from evaluator import messages
from evaluator.reports import ReportOptions
from evaluator.reports.page import page

WIDTHS = (390, 768, 1440)
PARTS = ("decide", "explore", "evidence")


def written(evaluation) -> str:
    return page(evaluation, evaluation.language, options=ReportOptions())


@pytest.fixture(scope="module")
def alone(evaluation_of):
    return replace(evaluation_of("en", only=["002"]), unrated=(), previous=None, opinions=None)


def wide(window) -> int:
    return window.page.evaluate("document.documentElement.scrollWidth")


def test_nobody_yet_is_no_empty_list_and_no_empty_class(evaluation_of) -> None:
    evaluation = evaluation_of("zh")
    nobody = replace(
        evaluation,
        results=evaluation.results.clear(),
        unrated=(),
        previous=None,
        periods=(),
        certainty=None,
        opinions=None,
    )
    text = written(nobody)
    assert 'id="list"' not in text
    assert 'id="classes"' not in text
    assert 'id="tab-explore"' not in text
    assert 'id="weights"' in text
    for said in ("data.no_gaps", "data.not_clamped", "data.all_rated"):  # nothing was missing, of nobody
        told = messages.text(f"report.{said}", "zh", count=len(evaluation.tree.indicators), subject="客户")
        assert told not in text


def test_weights_alone_are_printed_without_the_rest_of_the_evidence(opened, evaluation_of) -> None:
    evaluation = evaluation_of("en")
    alone = replace(evaluation, results=evaluation.results.clear(), unrated=(), previous=None, periods=(),
                    certainty=None, opinions=None)  # fmt: skip
    window = opened(written(alone), at="#decide", width=1440)
    window.page.emulate_media(media="print")
    shown = "all => all.filter(one => one.checkVisibility()).map(one => one.id)"
    assert window.page.locator("#evidence > section").evaluate_all(shown) == ["weights"]


def test_one_alone_has_no_search_no_rank_and_no_counts(opened, alone) -> None:
    window = opened(written(alone), at="#whatif", width=1440)
    window.page.wait_for_selector("#whatif-tool .outcome")
    assert window.page.locator("#customer-list .tools, .finder").count() == 0
    assert window.page.locator("#whatif-tool .first-ten thead th").count() == 3  # name, score, class
    assert window.page.locator("#whatif-tool .outcome table").count() == 2  # with the grades under a fold
    rated = messages.text(
        "report.page.rated", "en", rated=1, all=1, subject=messages.Noun("customers", "customer")
    )
    assert rated not in window.page.locator(".study").inner_text()


@pytest.mark.parametrize("width", WIDTHS)
def test_no_part_of_the_page_is_wider_than_the_window(opened, alone, page_of, width) -> None:
    for text in (written(alone), page_of("zh", customers=40)):
        window = opened(text, width=width)
        for part in PARTS:
            window.page.evaluate(f"location.hash = '#{part}'")
            window.page.wait_for_selector(f"#{part}:not([hidden])")
            assert wide(window) <= width
        window.page.evaluate("location.hash = '#list'")
        for choice in window.page.locator("#customer-list .choice > summary").all():
            choice.click()
            assert wide(window) <= width


def test_a_tab_and_the_name_of_an_action_are_not_broken_in_their_words(opened, page_of) -> None:
    window = opened(page_of("zh", customers=40), width=390)
    tabs = window.page.locator(".levels a").all()
    assert {round(tab.bounding_box()["height"] / 12) for tab in tabs} == {
        round(tabs[0].bounding_box()["height"] / 12)
    }
    assert tabs[0].bounding_box()["height"] < 50


BEYOND = """all => all.filter(one => one.clientWidth && one.scrollWidth > one.clientWidth + 1)
    .filter(one => !one.querySelector('.matrix, .ranks')).map(one => one.innerText.slice(0, 60))"""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_table_is_wider_than_a_phone_and_none_stands_a_letter_to_a_line(opened, page_of, language) -> None:
    window = opened(page_of(language, customers=40), width=390)
    window.page.evaluate(
        "document.querySelectorAll('main details:not(.choice)').forEach(one => { one.open = true; })"
    )
    for part in PARTS:
        window.page.evaluate(f"location.hash = '#{part}'")
        window.page.wait_for_selector(f"#{part}:not([hidden])")
        window.page.wait_for_timeout(200)
        assert window.page.locator(f"#{part} .scroll").evaluate_all(BEYOND) == []
    cards = window.page.locator("#evidence table.stacked")
    assert cards.count() > 2
    card = cards.first.locator("tbody tr").first
    told = card.locator(":scope > :not(:first-child):not(.unknown)").evaluate_all(
        "all => all.map(one => one.dataset.head)"
    )
    heads = cards.first.locator("thead th").evaluate_all("all => all.map(one => one.textContent.trim())")
    assert told
    assert set(told) <= set(heads)
    window.page.set_viewport_size({"width": 1440, "height": 900})
    window.page.wait_for_selector("#evidence table.stacked", state="detached")
