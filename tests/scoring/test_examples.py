"""A tree's examples are run, and every miss is named."""

from types import SimpleNamespace
from typing import Any

import pytest

from evaluator.documents import parse
from evaluator.scoring import examples, run_examples
from evaluator.scoring.score_steps import score
from evaluator.tree import Tree

MEASURES = {"m_a": 80.0, "m_b": 40.0, "m_c": 40.0, "m_d": 60.0}
FIXED = {"kind": "fixed", "at": (50.0,)}


def tree_with(build: SimpleNamespace, expect: dict[str, Any], **stated: Any) -> Tree:
    example = {"name": "one", "measures": MEASURES, "expect": expect, **stated}
    made: Tree = build.two_axes(matrices=(build.matrix(FIXED, FIXED),), tests=(example,))
    return made


def test_an_example_that_holds_gives_no_issue(build: SimpleNamespace) -> None:
    expect = {"score": 62.009, "grade": "fair", "groups": {"now": 70.0, "value": 62.0}}
    assert run_examples(tree_with(build, {**expect, "classes": {"plane": "high_high"}})) == ()


@pytest.mark.parametrize(
    ("expect", "what", "found"),
    [
        ({"score": 62.02}, "score", pytest.approx(62)),
        ({"grade": "good"}, "grade", "fair"),
        ({"groups": {"later": 49.0}}, "later", pytest.approx(50)),
        ({"classes": {"plane": "low_low"}}, "plane", "high_high"),
    ],
)
def test_each_missed_expectation_is_named(
    build: SimpleNamespace, expect: dict[str, Any], what: str, found: Any
) -> None:
    (issue,) = run_examples(tree_with(build, expect), parse("tests:\n  - {name: one}\n", "tree.yaml"))
    assert (issue.code, issue.subject, str(issue.where)) == ("TREE-124", "one", "tree.yaml:2:5")
    assert (issue.detail["what"], issue.detail["found"]) == (what, found)


def test_an_example_that_is_not_rated_misses_its_grade(build: SimpleNamespace) -> None:
    tree = tree_with(build, {"grade": "fair"}, measures={"m_a": 80.0})
    (issue,) = run_examples(tree)
    assert (issue.code, issue.detail["found"]) == ("TREE-124", "insufficient")


def test_relative_scales_and_cuts_take_the_examples_population(build: SimpleNamespace) -> None:
    leaf = build.leaf("a", {"kind": "percentile", "best": "high"})
    example = {
        "name": "one",
        "measures": {"m_a": 30.0},
        "population": {"m_a": (10.0, 20.0, 30.0, 40.0)},
        "expect": {"score": 62.5},
    }
    assert run_examples(build.made(leaf, tests=(example,))) == ()


def test_measures_of_the_wrong_type_are_reported_not_raised(build: SimpleNamespace) -> None:
    tree = tree_with(build, {"score": 62.0}, measures={**MEASURES, "m_a": "many"})
    assert [(issue.code, issue.subject) for issue in run_examples(tree)] == [("SCORE-613", "m_a")]


def test_a_tree_without_weights_cannot_run_its_examples(build: SimpleNamespace) -> None:
    example = {"name": "one", "measures": {"m_a": 1.0, "m_b": 1.0}, "expect": {"score": 1.0}}
    leaves = [build.leaf(name, weight=None) for name in "ab"]
    issues = run_examples(build.made(*leaves, tests=(example,)))
    assert issues
    assert all(issue.code.startswith("WEIGH-") for issue in issues)


def test_examples_of_one_model_are_scored_together_and_each_is_told_what_it_misses(
    build: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that cannot be scored stops no other; what is missed stands with its own example."""
    names = ("holds", "misses", "worded")
    measures = MEASURES, MEASURES, {**MEASURES, "m_a": "much"}
    scores = 62.009, 61.0, 62.0
    tests = tuple(
        {"name": name, "measures": own, "expect": {"score": score}}
        for name, own, score in zip(names, measures, scores, strict=True)
    )
    tree = build.two_axes(matrices=(build.matrix(FIXED, FIXED),), tests=tests)
    times: list[int] = []

    def counted(model: Any, frame: Any) -> Any:
        times.append(len(frame))
        return score(model, frame)

    monkeypatch.setattr(examples, "score", counted)
    document = parse("tests:\n  - {name: holds}\n  - {name: misses}\n  - {name: worded}\n", "tree.yaml")
    missed, worded = run_examples(tree, document)
    assert (missed.code, missed.subject, str(missed.where)) == ("TREE-124", "misses", "tree.yaml:3:5")
    assert (worded.code, worded.subject, str(worded.where)) == ("SCORE-613", "m_a", "tree.yaml:4:5")
    assert times == [2]
