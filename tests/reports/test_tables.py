"""Tables of blocks on the page: folded, sorted and handed on as CSV, by mouse and keyboard alike."""

import csv
import io

import pytest

from evaluator import messages
from evaluator.columns.apostrophes import marked
from evaluator.present.blocks import Blocks, Head, Part, Table
from evaluator.reports import ReportOptions
from evaluator.reports.page import page, rendering
from evaluator.reports.sections import Section, drawn

NAMES = ["=1+1", "-12.5", "-1-1", "'t Hooft", 'a "b", c', *(f"Name {place}" for place in range(30))]
STAKES = [None, 964225.3399999994, -34_000.0, 12.0, 0.0, *(1000.0 + place for place in range(30))]
HEADS = (Head("Name"), Head("At stake", "money", "CNY"), Head("Due", "day"))
TABLE = Table(
    "Whom first",
    HEADS,
    tuple((name, stake, None) for name, stake in zip(NAMES, STAKES, strict=True)),
    total=35,
)


@pytest.fixture
def shown(evaluation_of, monkeypatch, opened):
    """Open a page whose section of actions has the one table, and return its part of the window."""
    section = Section("actions", lambda context: Blocks((Part("", (TABLE,)),)), drawn)
    others = [one for one in rendering.sections() if one.id in ("summary", "data")]
    monkeypatch.setattr(rendering, "sections", lambda: (*others, section))

    def show(language: str = "en"):
        window = opened(page(evaluation_of(language), language, options=ReportOptions()), at="#actions")
        return window.page, window.page.locator("#actions")

    return show


def test_long_tables_are_folded_to_their_first_rows(shown):
    _, section = shown()
    rows = section.locator("tbody tr")
    assert (rows.count(), section.locator("tbody tr:visible").count()) == (35, 20)
    section.locator("button.all").click()
    assert section.locator("tbody tr:visible").count() == 35


def test_figures_are_read_by_their_kind_and_sorted_by_their_value(shown):
    window, section = shown()
    cells = section.locator("tbody tr td:nth-child(2)")
    assert cells.all_text_contents()[:5] == ["–", "¥964.2k", "-¥34.0k", "¥12", "¥0"]
    head = section.locator("th .sort", has_text="At stake")
    head.focus()
    window.keyboard.press("Enter")
    assert head.locator("..").get_attribute("aria-sort") == "descending"
    told = cells.all_text_contents()
    assert (told[0], told[-2:]) == ("¥964.2k", ["-¥34.0k", "–"])
    window.keyboard.press("Space")
    assert head.locator("..").get_attribute("aria-sort") == "ascending"
    told = cells.all_text_contents()
    assert (told[0], told[-2:]) == ("-¥34.0k", ["¥964.2k", "–"])


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_a_table_is_handed_on_as_csv_and_as_text_by_the_keyboard(shown, language):
    window, section = shown(language)
    button = section.locator("button.csv")
    assert "35" in button.text_content()
    assert "Whom first" in button.get_attribute("aria-label")
    button.focus()
    with window.expect_download() as waiting:
        window.keyboard.press("Enter")
    assert waiting.value.suggested_filename == "actions-1-1.csv"
    written = waiting.value.path().read_bytes().decode("utf-8-sig")
    heads, *rows = csv.reader(io.StringIO(written, newline=""))
    assert heads == ["Name", "At stake", "Due"]
    assert [row[0] for row in rows] == [marked(name) for name in NAMES]
    assert [row[1] for row in rows[:5]] == ["", "964225.34", "-34000", "12", "0"]
    assert {row[2] for row in rows} == {""}
    section.locator(".saved summary").click()
    area = section.locator("textarea")
    area.focus()
    assert area.input_value() == written.replace("\r\n", "\n")
    assert window.evaluate("document.getSelection().toString()") == area.input_value()
