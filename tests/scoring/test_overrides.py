"""The study's own scales: put in place, recorded, and held to the tree's rules."""

from types import SimpleNamespace

import pytest

from evaluator.documents import parse
from evaluator.errors import EvaluationError
from evaluator.scoring import own_scales, score
from evaluator.tree import group_fingerprint
from evaluator.tree.types import Linear, Piecewise, Step

OWN = Linear(kind="linear", worst=0, best=200)
STUDY = """\
scoring:
  scales:
    a: {kind: linear, worst: 9, best: 1}
    zz: {kind: linear, worst: 0, best: 1}
"""


def test_an_own_scale_scores_and_is_recorded(build: SimpleNamespace) -> None:
    tree = build.two_axes()
    frame = build.customers(a=[80.0], b=[40.0], c=[40.0], d=[60.0])
    model = build.fitted(tree, frame, scales={"a": OWN})
    assert score(model, frame)["score_a"].item() == pytest.approx(40)
    (override,) = model.overrides
    assert (override.indicator, override.own) == ("a", OWN)
    assert override.stated == tree.nodes["a"].scale
    assert tree.nodes["a"].scale.best == 100, "the tree that was given is untouched"


def test_answers_outlive_an_own_scale(build: SimpleNamespace) -> None:
    tree = build.two_axes()
    changed, _ = own_scales(tree, {"a": OWN, "d": OWN})
    assert [group_fingerprint(group) for group in changed.groups] == [
        group_fingerprint(group) for group in tree.groups
    ]


def test_without_own_scales_the_tree_stays_what_it_is(build: SimpleNamespace) -> None:
    tree = build.two_axes()
    assert own_scales(tree, {}) == (tree, ())


def test_a_scale_for_no_indicator_is_named_with_its_place(build: SimpleNamespace) -> None:
    with pytest.raises(EvaluationError) as raised:
        own_scales(build.two_axes(), {"zz": OWN}, document=parse(STUDY, "study.yaml"))
    (issue,) = raised.value.issues
    assert (issue.code, issue.subject, str(issue.where)) == ("SCORE-624", "zz", "study.yaml:4:5")


@pytest.mark.parametrize(
    ("scale", "code"),
    [
        (Linear(kind="linear", worst=9, best=1), "TREE-104"),
        (Piecewise(kind="piecewise", points=((1, 0), (1, 50))), "TREE-105"),
        (Step(kind="step", below=0, steps=((1, 120),)), "TREE-106"),
    ],
)
def test_the_rules_of_the_tree_hold_for_own_scales(build: SimpleNamespace, scale: Linear, code: str) -> None:
    with pytest.raises(EvaluationError) as raised:
        own_scales(build.two_axes(), {"a": scale}, document=parse(STUDY, "study.yaml"))
    assert {(issue.code, str(issue.where)) for issue in raised.value.issues} == {(code, "study.yaml:3:5")}
