"""Grades of raters become one score per customer and indicator, and every odd grade is named."""

from types import SimpleNamespace

import polars as pl
import pytest

from evaluator.errors import Severity
from evaluator.measuring.grades import CombinedGrades, RaterOptions, combine_grades
from evaluator.tree import Tree

GRADED = {"kind": "graded"}


@pytest.fixture(scope="module")
def tree(build: SimpleNamespace) -> Tree:
    trust = {**build.leaf("trust", GRADED), "name": {"zh": "信任", "en": "Trust in us"}}
    return build.made(trust, build.leaf("outlook", GRADED), build.leaf("sales"))


def combined(tree: Tree, *rows: tuple[str, str, str, str], **options: object) -> CombinedGrades:
    schema = dict.fromkeys(("rater", "id", "indicator", "grade"), pl.String)
    grades = pl.DataFrame(rows, schema=schema, orient="row")
    return combine_grades(grades, tree, options=RaterOptions.model_validate(options))


def test_raters_combine_by_their_mean_and_show_how_far_apart_they_are(tree: Tree) -> None:
    found = combined(
        tree,
        ("r1", "C1", "trust", "good"), ("r2", "C1", "trust", "fair"), ("r3", "C1", "trust", "poor"),
        ("r1", "C2", "trust", "poor"),
    )  # fmt: skip
    assert found.raters.rows() == [
        ("C1", "trust", 3, pytest.approx(190 / 3), 60.0),
        ("C2", "trust", 1, 30.0, 0.0),
    ]
    assert found.issues == ()


def test_raters_may_combine_by_their_median(tree: Tree) -> None:
    rows = [(f"r{n}", "C1", "trust", grade) for n, grade in enumerate(("good", "good", "poor"))]
    assert combined(tree, *rows, combine="median").raters["score"].to_list() == [90.0]


def test_a_trimmed_mean_leaves_out_one_highest_and_one_lowest_of_three_or_more(tree: Tree) -> None:
    rows = [(f"r{n}", "C1", "trust", grade) for n, grade in enumerate(("95", "80", "70", "10"))]
    rows += [("r1", "C2", "trust", "90"), ("r2", "C2", "trust", "50")]
    assert combined(tree, *rows, combine="trimmed_mean").raters["score"].to_list() == [75.0, 70.0]


def test_votes_are_kept_when_asked_for_and_a_score_between_grades_is_divided(tree: Tree) -> None:
    rows = (("r1", "C1", "trust", "good"), ("r2", "C1", "trust", "80"), ("r1", "C2", "outlook", "poor"))
    assert combined(tree, *rows).votes is None
    found = combined(tree, *rows, votes=True).votes
    assert found is not None
    assert found.to_dicts() == [
        {"id": "C1", "votes_good@m_trust": 1.5, "votes_fair@m_trust": 0.5, "votes_poor@m_trust": 0.0,
         "votes_good@m_outlook": None, "votes_fair@m_outlook": None, "votes_poor@m_outlook": None},
        {"id": "C2", "votes_good@m_trust": None, "votes_fair@m_trust": None, "votes_poor@m_trust": None,
         "votes_good@m_outlook": 0.0, "votes_fair@m_outlook": 0.0, "votes_poor@m_outlook": 1.0},
    ]  # fmt: skip


def test_votes_of_too_few_raters_do_not_count(tree: Tree) -> None:
    found = combined(tree, ("r1", "C1", "trust", "good"), votes=True, minimum=2)
    assert found.votes is not None
    assert found.votes.rows() == []


@pytest.mark.parametrize(
    ("grade", "score"),
    [("good", 90.0), (" GOOD ", 90.0), ("85", 85.0), ("８５", 85.0), ("0", 0.0), ("100", 100.0)],
)
def test_a_grade_is_an_id_a_name_or_a_score(tree: Tree, grade: str, score: float) -> None:
    found = combined(tree, ("r", "C1", "trust", grade))
    assert found.raters["score"].to_list() == [score]
    assert found.issues == ()


@pytest.mark.parametrize("name", ["trust", "信任", "Trust in us", "trust_in_us", "m_trust"])
def test_an_indicator_is_named_by_id_by_name_or_by_its_measure(tree: Tree, name: str) -> None:
    assert combined(tree, ("r", "C1", name, "good")).raters["indicator"].to_list() == ["trust"]


@pytest.mark.parametrize("grade", ["goood", "101", "-1", "inf", "优"])
def test_a_grade_the_tree_does_not_have_is_an_error(tree: Tree, grade: str) -> None:
    (issue,) = combined(tree, ("r", "C1", "trust", grade), ("r", "C2", "trust", "good")).issues
    assert (issue.code, issue.subject, issue.severity) == ("DATA-440", grade, Severity.ERROR)
    assert issue.detail["examples"] == "r · C1 · trust"
    assert issue.hint == (("good",) if grade == "goood" else ())


@pytest.mark.parametrize(("name", "hint"), [("trusst", ("trust",)), ("sales", ()), ("weather", ())])
def test_grades_of_something_not_graded_are_left_aside_and_named(
    tree: Tree, name: str, hint: tuple[str, ...]
) -> None:
    found = combined(tree, ("r", "C1", name, "good"), ("r", "C1", "trust", "good"))
    (issue,) = found.issues
    assert (issue.code, issue.subject, issue.hint, issue.severity) == (
        "DATA-434",
        name,
        hint,
        Severity.WARNING,
    )
    assert found.raters.height == 1


def test_one_rater_cannot_give_two_grades(tree: Tree) -> None:
    (issue,) = combined(tree, ("r", "C1", "trust", "good"), ("r", "C1", "信任", "fair")).issues
    assert (issue.code, issue.subject, issue.severity) == ("DATA-442", "r", Severity.ERROR)


def test_the_same_grade_twice_counts_once(tree: Tree) -> None:
    rows = (("r", "C1", "trust", "good"), ("r", "C1", "信任", "90"), ("q", "C1", "trust", "poor"))
    found = combined(tree, *rows)
    assert found.raters.rows() == [("C1", "trust", 2, 60.0, 60.0)]
    assert [(i.code, i.severity) for i in found.issues] == [("DATA-443", Severity.NOTE)]


def test_fewer_raters_than_the_study_asks_for_give_no_score(tree: Tree) -> None:
    rows = (("r", "C1", "trust", "good"), ("q", "C1", "trust", "good"), ("r", "C2", "trust", "good"))
    found = combined(tree, *rows, minimum=2)
    assert found.raters.select("id", "raters", "score").rows() == [("C1", 2, 90.0), ("C2", 1, None)]
    (issue,) = found.issues
    assert (issue.code, issue.subject, issue.detail["examples"]) == ("DATA-438", "trust", "C2")
