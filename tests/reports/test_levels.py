"""Decide, Explore, Evidence: one level at a time, its place in the hash; all of them without a script."""

import re

import pytest
from canonical import read

from evaluator import messages
from evaluator.reports.sections import LEVELS, SECTIONS

SHOWN = """() => [...document.querySelectorAll("main > .level")]
  .filter((level) => !level.hidden).map((level) => level.id)"""
OPEN = "document.querySelectorAll('#evidence > section > details[open]').length"
IN_SIGHT = """(id) => { const at = document.getElementById(id).getBoundingClientRect();
  return at.height > 0 && at.top >= 0 && at.top < window.innerHeight; }"""


def shown(window) -> list[str]:
    return window.page.evaluate(SHOWN)


def went(window, level: str) -> None:
    window.page.wait_for_selector(f"html[data-level={level}]")
    assert shown(window) == [level]


def test_every_section_has_a_level_and_the_levels_stand_in_their_order() -> None:
    places = [LEVELS.index(section.level) for section in SECTIONS]
    assert places == sorted(places)
    assert set(places) == {0, 1, 2}


def test_decide_is_shown_first_and_arrows_go_through_the_levels(opened, page_of) -> None:
    window = opened(page_of("en"))
    assert shown(window) == ["decide"]
    window.page.get_by_role("tab", name="Decide").focus()
    for key, level in (
        ("ArrowRight", "explore"), ("ArrowRight", "evidence"), ("ArrowRight", "decide"),
        ("ArrowLeft", "evidence"), ("Home", "decide"), ("End", "evidence"),
    ):  # fmt: skip
        window.page.keyboard.press(key)
        went(window, level)
        tab = window.page.get_by_role("tab", selected=True)
        assert tab.get_attribute("aria-controls") == level
        assert tab.evaluate("tab => tab === document.activeElement")
        panel = window.page.locator("[role=tabpanel]:not([hidden])")
        assert (panel.count(), panel.get_attribute("id")) == (1, level)


def test_a_link_opens_the_fold_and_the_level_it_leads_into_and_back_returns(opened, page_of) -> None:
    window = opened(page_of("en"))
    window.page.get_by_role("tab", name="Evidence").click()
    went(window, "evidence")
    assert window.page.evaluate(OPEN) == 0
    window.page.evaluate("window.location.hash = '#list'")
    went(window, "explore")
    window.page.evaluate("window.location.hash = '#weights'")
    went(window, "evidence")
    assert window.page.evaluate("document.querySelector('#weights > details').open")
    assert window.page.evaluate(IN_SIGHT, "weights-title")
    window.page.go_back()
    went(window, "explore")
    window.page.go_back()
    went(window, "evidence")


def test_an_address_with_a_place_opens_there(opened, page_of) -> None:
    window = opened(page_of("en"), at="#method")
    went(window, "evidence")
    assert window.page.evaluate("document.querySelector('#method > details').open")


def test_a_link_to_what_a_reader_has_folded_again_opens_it_again(opened, page_of) -> None:
    window = opened(page_of("en"), at="#weights")
    window.page.evaluate("document.querySelector('#weights > details').open = false")
    window.page.evaluate("""() => { const link = document.createElement("a"); link.href = "#weights";
      document.querySelector("footer").append(link); link.click(); }""")
    assert window.page.evaluate("document.querySelector('#weights > details').open")


def test_without_a_script_all_levels_stand_one_after_the_other(opened, page_of) -> None:
    window = opened(page_of("en"), java_script_enabled=False)
    for level in LEVELS:
        assert window.page.locator(f"#{level}").is_visible()


@pytest.mark.parametrize(("edition", "printed"), [("client", False), ("working", True)])
def test_evidence_is_printed_in_the_working_edition_only(opened, page_of, edition, printed) -> None:
    window = opened(page_of("en", edition=edition))
    window.page.emulate_media(media="print")
    for level in ("decide", "explore"):
        assert window.page.locator(f"#{level} h2, #{level} h1").locator("visible=true").count()
    assert window.page.locator("#evidence h2").first.is_visible() is printed


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_the_client_reads_no_codes_and_no_conditions_in_code(page_of, language) -> None:
    client, working = (read(page_of(language, edition=edition)) for edition in ("client", "working"))
    code = re.compile(r"\b[A-Z]{3,}-\d{3}\b")
    assert [line for line in working.lines if code.search(line)]
    assert [line for line in client.lines if code.search(line)] == []
    assert working.elements["code"] > client.elements["code"] == 0
    assert "audit" in working.parts
    assert "audit" not in client.parts
    assert messages.text("report.data.files", language) in working.parts["data"]
    assert messages.text("report.data.files", language) not in client.parts["data"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_level_that_is_gone_to_shows_its_headline_below_the_head(opened, page_of, language) -> None:
    """At the width of a tablet the search stands below the tabs, and covered the first line."""
    window = opened(page_of(language, customers=40), width=768)
    window.page.evaluate("location.hash = '#explore'")
    window.page.wait_for_selector("html[data-level=explore]")
    window.page.evaluate("location.hash = '#decide'")
    window.page.wait_for_selector("html[data-level=decide]")
    head = window.page.locator(".top").bounding_box()
    assert window.page.locator("#decision-title").bounding_box()["y"] >= head["y"] + head["height"]
