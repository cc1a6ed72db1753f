"""Frames that cannot be scored: each problem by its code and subject, all of them together."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pandas as pd
import polars as pl
import pytest

from evaluator.errors import EvaluationError, Issue, Severity
from evaluator.scoring import Model, check_measures, fit, score
from evaluator.tree import Tree
from evaluator.weighing import weigh

CONTRACT = {"kind": "lookup", "scores": {"frame": 90.0, "single": 40.0}}
GOOD: dict[str, Any] = {"a": [80.0, 70.0], "b": [1.0, 2.0], "c": ["frame", "single"], "d": [1.0, 3.0]}


@pytest.fixture(scope="module")
def tree(build: SimpleNamespace) -> Tree:
    leaf = build.leaf
    made: Tree = build.made(
        leaf("a"), leaf("b"), leaf("c", CONTRACT), leaf("d", {"kind": "percentile", "best": "high"})
    )
    return made


@pytest.fixture(scope="module")
def model(tree: Tree, build: SimpleNamespace) -> Model:
    return fit(tree, weigh(tree), build.customers(**GOOD))


@pytest.fixture
def refused(tree: Tree, model: Model, build: SimpleNamespace) -> Callable[[Any], list[tuple[str, str]]]:
    """Score a frame, fit on it and check it; all three must find the same errors."""

    def run(frame: Any) -> list[tuple[str, str]]:
        issues: list[tuple[Issue, ...]] = []
        for act in (lambda: score(model, frame), lambda: fit(tree, weigh(tree), frame)):
            with pytest.raises(EvaluationError) as raised:
                act()
            issues.append(raised.value.issues)
        errors = [issue for issue in check_measures(tree, frame) if issue.severity is Severity.ERROR]
        found = [[(i.code, i.subject) for i in group if i.severity is Severity.ERROR] for group in issues]
        assert found[0] == found[1] == [(issue.code, issue.subject) for issue in errors]
        return found[0]

    return run


def test_a_sound_frame_has_no_issues(tree: Tree, build: SimpleNamespace) -> None:
    assert check_measures(tree, build.customers(**GOOD)) == ()
    assert check_measures(tree, build.customers(**GOOD).lazy()) == ()


def test_missing_columns_are_named_together_with_the_nearest(
    refused: Callable[[Any], Any], tree: Tree, build: SimpleNamespace
) -> None:
    frame = build.customers(**GOOD).rename({"id": "idd", "m_a": "m_aa"}).drop("m_b")
    assert refused(frame) == [("SCORE-611", "id"), ("SCORE-612", "m_a"), ("SCORE-612", "m_b")]
    by_subject = {issue.subject: issue for issue in check_measures(tree, frame)}
    assert by_subject["id"].hint == ("idd",)
    assert by_subject["m_a"].hint[0] == "m_aa"
    assert by_subject["m_a"].detail == {"indicator": "a"}


@pytest.mark.parametrize("lazy", [False, True])
def test_columns_of_the_wrong_type_are_refused(
    lazy: bool, refused: Callable[[Any], Any], build: SimpleNamespace
) -> None:
    frame = build.customers(**{**GOOD, "a": ["80", "x"], "b": [True, False], "c": [1.5, 2.5]})
    found = refused(frame.lazy() if lazy else frame)
    assert found == [("SCORE-613", "m_a"), ("SCORE-613", "m_b"), ("SCORE-613", "m_c")]


def test_numbers_mixed_with_text_are_refused_not_half_lost(
    refused: Callable[[Any], Any], build: SimpleNamespace
) -> None:
    frame = pd.DataFrame({"id": ["k1", "k2"]} | {f"m_{name}": values for name, values in GOOD.items()})
    frame["m_b"] = pd.Series([1.0, "n/a"], dtype=object)
    assert refused(frame) == [("SCORE-613", "m_b")]


def test_infinite_measures_name_the_customers(
    refused: Callable[[Any], Any], tree: Tree, build: SimpleNamespace
) -> None:
    frame = build.customers(**{**GOOD, "a": [float("inf"), 1.0], "d": [float("-inf"), float("inf")]})
    assert refused(frame) == [("SCORE-614", "m_a"), ("SCORE-614", "m_d")]
    details = [issue.detail for issue in check_measures(tree, frame) if issue.code == "SCORE-614"]
    assert details[0] == {"indicator": "a", "count": 1, "ids": "k1"}
    assert details[1]["count"] == 2


def test_repeated_and_empty_ids_are_refused(refused: Callable[[Any], Any], tree: Tree) -> None:
    rows = {f"m_{name}": [values[0]] * 9 for name, values in GOOD.items()}
    frame = pl.DataFrame({"id": ["a", "a", "b", "b", "b", "c", "d", None, None]} | rows)
    assert refused(frame) == [("SCORE-616", "id"), ("SCORE-615", "id")]
    details = {issue.code: issue.detail for issue in check_measures(tree, frame)}
    assert details["SCORE-615"] == {"count": 2, "ids": "a, b"}
    assert details["SCORE-616"] == {"count": 2}


def test_many_repeated_ids_are_counted_but_not_all_shown(tree: Tree) -> None:
    rows = {f"m_{name}": [values[0]] * 14 for name, values in GOOD.items()}
    frame = pl.DataFrame({"id": list("abcdefg") * 2} | rows)
    (issue,) = (issue for issue in check_measures(tree, frame) if issue.code == "SCORE-615")
    assert issue.detail == {"count": 7, "ids": "a, b, c, d, e …"}


def test_a_measure_nobody_has_is_a_warning(tree: Tree, model: Model, build: SimpleNamespace) -> None:
    frame = build.customers(**{**GOOD, "a": [None, None]})
    (issue,) = check_measures(tree, frame)
    assert (issue.code, issue.subject, issue.severity) == ("SCORE-618", "m_a", Severity.WARNING)
    assert score(model, frame)["coverage"].to_list() == pytest.approx([0.75, 0.75])


def test_unlisted_categories_are_counted_and_count_as_missing(
    tree: Tree, model: Model, build: SimpleNamespace
) -> None:
    frame = build.customers(
        a=[1.0] * 4, b=[1.0] * 4, c=["frame", "other", "other", "?"], d=[1.0, 2.0, 1.0, 2.0]
    )
    (issue,) = check_measures(tree, frame)
    assert (issue.code, issue.subject, issue.severity) == ("SCORE-619", "m_c", Severity.WARNING)
    assert issue.detail == {"indicator": "c", "count": 3, "categories": "?, other"}
    result = score(model, frame)
    assert result["score_c"].to_list() == [90, None, None, None]
    assert result["coverage"].to_list() == pytest.approx([1, 0.75, 0.75, 0.75])


def test_a_percentile_that_tells_nobody_apart_is_a_warning(tree: Tree, build: SimpleNamespace) -> None:
    (issue,) = check_measures(tree, build.customers(**{**GOOD, "d": [4.0, 4.0]}))
    assert (issue.code, issue.detail) == ("SCORE-620", {"indicator": "d", "value": 4.0})


def test_no_customers_at_all_is_no_error(tree: Tree, model: Model, build: SimpleNamespace) -> None:
    frame = build.customers(**GOOD).clear()
    assert check_measures(tree, frame) == ()
    assert score(model, frame).shape[0] == 0
