"""Repairs by name, and the record of those an expert agreed to."""

import datetime
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from evaluator.errors import EvaluationError, Location, Severity
from evaluator.tree import Tree
from evaluator.weighing import (
    Panel,
    Revision,
    accept,
    answer_ranges,
    best_suggestions,
    load_revisions,
    revise,
    save_revisions,
    suggest,
    weigh,
)

SLIP = {"root": (2, 4, 2), "three": (2, 6, 3), "four": (2, 4, 1 / 8, 2, 4, 2), "two": (3,)}
TODAY = datetime.date(2026, 3, 1)


@pytest.fixture
def panel(answered: Callable[..., Panel]) -> Panel:
    return answered({"li": SLIP, "wu": {**SLIP, "four": (2, 4, 8, 2, 4, 2)}})


def test_the_slip_is_named_with_what_mending_it_does(tree: Tree, panel: Panel) -> None:
    best = suggest(tree, panel, "li", "four", convention="cn")[0]
    (change,) = best.changes
    assert (change.a, change.b, change.before) == ("b1", "b4", 1 / 8)
    assert change.after > 1
    assert best.cr < best.limit == 0.10 < best.cr_before
    assert best.fewest
    assert sum(best.weights.values()) == pytest.approx(1)
    assert set(best.weights) == set(best.ranks) == {"b1", "b2", "b3", "b4"}
    assert best.weights["b1"] > best.weights_before["b1"]
    assert best.ranks["b1"] == 1
    assert not best.keeps_ranking


def test_consistent_answers_need_no_suggestion(tree: Tree, panel: Panel) -> None:
    assert suggest(tree, panel, "wu", "four") == ()
    assert suggest(tree, panel, "wu", "two") == ()


def test_every_answer_has_its_range(tree: Tree, panel: Panel) -> None:
    ranges = answer_ranges(tree, panel, "wu", "four", convention="cn")
    assert [(one.a, one.b) for one in ranges][:3] == [("b1", "b2"), ("b1", "b3"), ("b1", "b4")]
    assert all(one.lower < one.value <= one.upper for one in ranges)


def test_the_best_for_many_is_the_best_for_each(tree: Tree, answered: Callable[..., Panel]) -> None:
    said = {"li": SLIP, "wu": {**SLIP, "four": (2, 4, 8, 2, 4, 2)}, "he": SLIP}
    panel = answered({**said, "su": {**SLIP, "four": (1 / 7, 4, 9, 5, 4, 1 / 3)}})
    found = best_suggestions(tree, panel, ["li", "wu", "he", "su"], "four", convention="cn")
    assert [one.expert for one in found] == ["li", "he", "su"]
    for one in found:
        (best,) = suggest(tree, panel, one.expert, "four", convention="cn", count=1)
        ranges = answer_ranges(tree, panel, one.expert, "four", convention="cn")
        assert one.ranges == tuple(each for each in ranges if each.lower == each.lower)
        assert replace(one, ranges=()) == best


@pytest.mark.parametrize("function", [suggest, answer_ranges])
def test_an_unknown_expert_or_group_is_named_with_the_nearest(tree: Tree, panel: Panel, function) -> None:
    with pytest.raises(EvaluationError) as caught:
        function(tree, panel, "lii", "fuor")
    assert [(issue.code, issue.hint) for issue in caught.value.issues] == [
        ("WEIGH-507", ("li",)),
        ("WEIGH-508", ("four",)),
    ]


def test_an_accepted_suggestion_is_a_record_and_the_original_stays(tree: Tree, panel: Panel) -> None:
    best = suggest(tree, panel, "li", "four", convention="cn")[0]
    revisions = accept(best, author="赵工", date=TODAY, reason="方向填反")
    revised = revise(panel, revisions)
    before = next(j for j in panel.judgments if (j.expert, j.a, j.b) == ("li", "b1", "b4"))
    after = next(j for j in revised.judgments if (j.expert, j.a, j.b) == ("li", "b1", "b4"))
    assert before.value == 1 / 8
    assert (after.value, after.answer, after.where) == (best.changes[0].after, "", before.where)
    (issue,) = revised.issues
    assert (issue.code, issue.subject, issue.severity) == ("WEIGH-521", "b1 : b4", Severity.NOTE)
    assert issue.where == Location("li.xlsx", sheet="four", cell="C1")
    assert (issue.detail["author"], issue.detail["date"]) == ("赵工", "2026-03-01")
    four = next(group for group in weigh(tree, revised, convention="cn").groups if group.group == "four")
    assert all(one.used for one in four.experts)


def test_revisions_may_follow_each_other_and_be_said_the_other_way_round(panel: Panel) -> None:
    first = Revision(expert="li", group="four", a="b1", b="b4", before=1 / 8, after=2, author="x", date=TODAY,
                     reason="y")  # fmt: skip
    second = first.model_copy(update={"a": "b4", "b": "b1", "before": 0.5, "after": 0.25})
    revised = revise(panel, (first, second))
    assert next(j for j in revised.judgments if (j.expert, j.b) == ("li", "b4")).value == 4
    assert [issue.code for issue in revised.issues] == ["WEIGH-521", "WEIGH-521"]


@pytest.mark.parametrize("update", [{"before": 5.0}, {"b": "b9"}, {"expert": "hu"}])
def test_a_revision_of_an_answer_nobody_gave_is_refused(panel: Panel, update: dict[str, object]) -> None:
    revision = Revision(expert="li", group="four", a="b1", b="b4", before=1 / 8, after=2, author="x",
                        date=TODAY, reason="y").model_copy(update=update)  # fmt: skip
    with pytest.raises(EvaluationError) as caught:
        revise(panel, (revision,))
    (issue,) = caught.value.issues
    assert (issue.code, issue.subject) == ("WEIGH-522", f"b1 : {revision.b}")


def test_revisions_are_saved_and_read_back(tree: Tree, panel: Panel, tmp_path: Path) -> None:
    best = suggest(tree, panel, "li", "four", convention="cn")[0]
    revisions = accept(best, author="赵工", date=TODAY, reason="方向填反")
    path = tmp_path / "修正.yaml"
    save_revisions(revisions, path)
    assert load_revisions(path) == revisions
    assert "赵工" in path.read_text("utf-8")


def test_a_revision_needs_its_author_and_reason(tmp_path: Path) -> None:
    path = tmp_path / "revisions.yaml"
    path.write_text(
        "schema: 1\nrevisions:\n  - {expert: li, group: g, a: x, b: y, before: 2, after: 3}\n", "utf-8"
    )
    with pytest.raises(EvaluationError) as caught:
        load_revisions(path)
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [
        ("DOC-102", "revisions.1.author"),
        ("DOC-102", "revisions.1.date"),
        ("DOC-102", "revisions.1.reason"),
    ]
    assert caught.value.issues[0].where.line == 3
