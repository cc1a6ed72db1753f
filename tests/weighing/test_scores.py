"""Importance scores as judgments of a panel."""

import pytest

from evaluator.errors import EvaluationError, Location
from evaluator.tree import Tree
from evaluator.weighing import Expert, ImportanceScore, Panel, judgments_from_scores, weigh

PLACE = Location("li.xlsx", sheet="scores", cell="C4")


def scores(expert: str, group: str, **given: float) -> list[ImportanceScore]:
    return [ImportanceScore(expert, group, child, score, PLACE) for child, score in given.items()]


def test_scores_walk_the_same_road_as_comparisons(flat) -> None:
    """The example of the scoring practice: 6, 8, 1, 3 give .278 .575 .048 .098 with CR .053."""
    tree: Tree = flat(None, None, None, None)
    judgments = judgments_from_scores(scores("li", "root", x1=6, x2=8, x3=1, x4=3))
    weights = weigh(tree, Panel((Expert("li"),), judgments), convention="cn")
    assert weights.groups[0].local == pytest.approx((0.278, 0.575, 0.048, 0.098), abs=6e-4)
    assert weights.groups[0].joint.cr == pytest.approx(0.053, abs=6e-4)
    assert [issue.code for issue in weights.issues] == ["WEIGH-524"]


def test_every_pair_of_what_was_scored_is_a_judgment_with_its_place() -> None:
    found = judgments_from_scores(scores("li", "g", a=9, b=7) + scores("wu", "g", a=2, b=2, c=10), highest=10)
    assert [(one.expert, one.a, one.b, one.value) for one in found] == [
        ("li", "a", "b", 3), ("wu", "a", "b", 1), ("wu", "a", "c", 1 / 9), ("wu", "b", "c", 1 / 9),
    ]  # fmt: skip
    assert (found[0].answer, found[0].where) == ("9 : 7", PLACE)


@pytest.mark.parametrize("score", [0, 10, -1, float("nan"), float("inf")])
def test_a_score_outside_the_scale_is_named_with_its_place(score: float) -> None:
    with pytest.raises(EvaluationError) as caught:
        judgments_from_scores(scores("li", "g", a=5, b=score))
    assert [(issue.code, issue.subject, issue.where) for issue in caught.value.issues] == [
        ("WEIGH-542", "b", PLACE)
    ]


def test_two_different_scores_of_one_child_are_an_error_and_the_same_twice_is_one() -> None:
    with pytest.raises(EvaluationError) as caught:
        judgments_from_scores(scores("li", "g", a=5, b=3) + scores("li", "g", a=4))
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [("WEIGH-543", "a")]
    assert len(judgments_from_scores(scores("li", "g", a=5, b=3) + scores("li", "g", a=5))) == 1
