"""A section of models: a view where there is a result, and what a model warns of or lacks, said once."""

from dataclasses import dataclass, replace
from datetime import date

import pytest

from evaluator.customers import CustomerOptions, ModelResults
from evaluator.errors import Issue
from evaluator.present.blocks import Blocks, Heading, Words
from evaluator.reports import ReportOptions
from evaluator.reports.context import Context
from evaluator.reports.model_sections import Shown, ShownWithScores, shows
from evaluator.reports.page import Part

WARNED = Issue("CUST-927", "rfm", {"needs": "orders"})
HEADING = "customers.rfm.classes"


@dataclass(frozen=True)
class Result:
    """A result with a warning of its own."""

    issues: tuple[Issue, ...] = (WARNED,)


def view(result, chosen, reader):
    yield Words("first", "lead")
    yield Heading("below")
    yield Words("second", "lead")


@pytest.fixture
def context_of(evaluation_of):
    def made(results, issues=None) -> Context:
        models = ModelResults(results, issues or {}, CustomerOptions(), date(2024, 1, 1))
        return Context(replace(evaluation_of("en"), customers=models), "en", ReportOptions(edition="working"))

    return made


def told(section):
    return [(part.title, [(block.kind, block.text[:8]) for block in part.blocks]) for part in section.parts]


def test_warnings_of_a_result_stand_before_it_once(context_of) -> None:
    section = shows(Shown("rfm", view), Shown("rfm", view, HEADING))(context_of({"rfm": Result()}))
    assert told(section) == [
        ("", [("hint", "CUST-927"), ("lead", "first")]),
        ("below", [("lead", "second")]),
        ("The eight RFM classes", [("lead", "first")]),
    ]


def test_a_model_without_a_result_says_why_where_it_would_stand(context_of) -> None:
    context = context_of({"rfm": Result(())}, {"abc": (WARNED,)})
    section = shows(Shown("rfm", view), Shown("abc", view, HEADING))(context)
    assert told(section)[-1] == ("The eight RFM classes", [("note", "CUST-927")])


def test_a_view_is_given_what_the_study_chose_for_its_model(context_of) -> None:
    given = []

    def looking(result, chosen, reader):
        given.append((result, type(chosen).__name__, reader.language))
        return iter(())

    assert shows(Shown("rfm", looking))(context_of({"rfm": 1})) is None
    assert given == [(1, "RfmOptions", "en")]


def test_warnings_of_a_result_that_shows_nothing_are_not_said(context_of) -> None:
    assert shows(Shown("rfm", lambda *given: iter(())))(context_of({"rfm": Result()})) is None


def test_a_part_that_comes_again_under_its_name_stands_in_place_of_the_first(context_of) -> None:
    section = shows(Shown("rfm", view), Shown("abc", view))(context_of({"rfm": 1, "abc": 2}))
    assert told(section)[1] == ("below", [("lead", "second")])


def test_the_sentence_for_all_needs_a_result_of_one(context_of) -> None:
    scored = ShownWithScores(lambda context: iter([Words("scored")]))
    build = shows(Shown("rfm", view), scored, lead="retention.group")
    assert told(build(context_of({}, {"rfm": (WARNED,)})))[0][1][0][0] == "note"
    assert told(build(context_of({"rfm": 1})))[0][1][0][0] == "hint"


def test_blocks_need_no_template_of_their_own_and_may_have_one() -> None:
    assert Part("rfm", "explore", "", "", Blocks(()), {}).templates == (
        "page/rfm.html.j2",
        "page/blocks.html.j2",
    )
    assert Part("list", "explore", "", "", object(), {}).templates == ("page/list.html.j2",)
