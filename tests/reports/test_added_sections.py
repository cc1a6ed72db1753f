"""Sections of a user's own stand in page and workbook like those that ship."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from python_calamine import load_workbook

from evaluator.evaluation import Evaluation
from evaluator.present.blocks import Fact, Facts, Head, Table, View, Words
from evaluator.reports import ReportOptions, add_section, report
from evaluator.reports.added import ADDED
from evaluator.reports.brief.passages import passage
from evaluator.reports.context import Context
from evaluator.reports.page import page

TITLE = {"en": "Visits <planned>", "zh": "拜访计划"}


def visits(context: Context) -> View:
    yield Words("=1+1 visits & more")
    yield Facts((Fact("Rated", context.rated.height, "count"),))
    yield Table("Who", (Head("id", "id"), Head("score", "points")), (("001", 61.25),))


@pytest.fixture
def added() -> Iterator[None]:
    add_section("visits", visits, title=TITLE, level="explore")
    yield
    del ADDED["visits"]


@pytest.fixture(scope="module")
def evaluation(evaluation_of: Callable[..., Evaluation]) -> Evaluation:
    return evaluation_of()


@pytest.mark.usefixtures("added")
def test_it_stands_on_the_page_in_its_level_as_text(evaluation: Evaluation) -> None:
    shown = page(evaluation, "en", options=ReportOptions())
    assert 'id="visits"' in shown
    assert "Visits &lt;planned&gt;" in shown
    assert "=1+1 visits &amp; more" in shown
    assert shown.index('id="list"') < shown.index('id="visits"') < shown.index('id="method"')
    assert "拜访计划" in page(evaluation, "zh", options=ReportOptions())


@pytest.mark.usefixtures("added")
def test_it_stands_in_the_workbook_and_no_text_becomes_a_formula(
    evaluation: Evaluation, tmp_path: Path
) -> None:
    book = load_workbook(report(evaluation, tmp_path / "report.xlsx", language="en"))
    cells = {
        str(cell)
        for name in book.sheet_names
        for row in book.get_sheet_by_name(name).to_python()
        for cell in row
    }
    assert {"Visits <planned>", "=1+1 visits & more", "61.25"} <= cells


@pytest.mark.usefixtures("added")
def test_a_place_of_a_document_may_ask_for_it(evaluation: Evaluation) -> None:
    told = passage("visits", Context(evaluation, "en"))
    assert told is not None
    assert told.message == "Visits <planned>"
    assert any("Visits <planned>" in line for line in told.sources)


def test_one_that_shows_nothing_is_not_there(evaluation: Evaluation) -> None:
    add_section("empty", lambda context: [], title={"en": "Nothing", "zh": "空"})
    try:
        assert 'id="empty"' not in page(evaluation, "en", options=ReportOptions())
    finally:
        del ADDED["empty"]


@pytest.mark.parametrize(
    ("id_", "title", "said"),
    [
        ("method", TITLE, "declared twice"),
        ("my section", TITLE, "names no section"),
        ("mine", {"en": "Mine"}, "no title in: zh"),
    ],
)
def test_what_cannot_be_added_is_refused_at_once(id_: str, title: dict[str, str], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        add_section(id_, visits, title=title)
    assert id_ not in ADDED


@pytest.mark.parametrize(
    ("block", "error", "said"),
    [
        (7, TypeError, "'mine' yields int 7; it may yield Words"),
        (Facts((Fact("Mean", 1.5, "score"),)), ValueError, "'score' is no kind of values; text, id"),
    ],
)
def test_a_view_that_yields_what_nobody_can_draw_is_told_so(
    evaluation: Evaluation, block: object, error: type[Exception], said: str
) -> None:
    add_section("mine", lambda context: [block], title=TITLE)
    try:
        with pytest.raises(error, match=said):
            page(evaluation, "en", options=ReportOptions())
    finally:
        del ADDED["mine"]
