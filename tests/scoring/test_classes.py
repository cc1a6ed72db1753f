"""Grades and classes: cuts, tolerance, and customers who have none."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args

import numpy as np
import polars as pl
import pytest

from evaluator.errors import EvaluationError
from evaluator.scoring import CUTS, fitted, load_model, score
from evaluator.tree.types import Cut, QuantileCut
from evaluator.weighing import weigh

FIXED = {"kind": "fixed", "at": (50.0,)}


def test_every_cut_of_the_tree_has_one_implementation() -> None:
    members = get_args(get_args(Cut)[0])
    kinds = {get_args(get_args(member)[0].model_fields["kind"].annotation)[0] for member in members}
    assert set(CUTS.names()) == kinds


def test_quantiles_lie_between_order_statistics() -> None:
    cut = QuantileCut(kind="quantile", at=(0.25, 0.5))
    assert CUTS["quantile"].function(cut, np.array([0.0, 10.0, 20.0, 30.0])) == pytest.approx((7.5, 15))


def test_each_quadrant_has_its_class(build: SimpleNamespace) -> None:
    tree = build.two_axes(matrices=(build.matrix(FIXED, FIXED),))
    now, later = [10.0, 90.0, 10.0, 90.0, 50.0 - 1e-10], [10.0, 10.0, 90.0, 90.0, 50.0]
    frame = build.customers(a=now, b=now, c=later, d=later)
    result = score(build.fitted(tree, frame), frame)
    assert result["class_plane"].to_list() == ["low_low", "high_low", "low_high", "high_high", "high_high"]


def test_a_grid_may_have_more_levels_than_two(build: SimpleNamespace) -> None:
    levels = {"now": ("c", "b", "a"), "later": ("no", "yes")}
    cells = tuple(
        {"id": f"{x}_{y}", "name": x + y, "x": x, "y": y} for x in levels["now"] for y in levels["later"]
    )
    axes = {
        "x": {"axis": "now", "cut": {"kind": "fixed", "at": (20.0, 70.0)}, "levels": levels["now"]},
        "y": {"axis": "later", "cut": FIXED, "levels": levels["later"]},
    }
    tree = build.two_axes(matrices=({"id": "grid", "name": "grid", "classes": cells, **axes},))
    now, later = [19.0, 20.0, 70.0, 69.0, 100.0, 0.0], [0.0, 60.0, 40.0, 50.0, 50.0, 49.0]
    frame = build.customers(a=now, b=now, c=later, d=later)
    result = score(build.fitted(tree, frame), frame)
    assert result["class_grid"].to_list() == ["c_no", "b_yes", "a_no", "b_yes", "a_yes", "c_no"]


def test_cuts_that_coincide_leave_the_level_between_empty(build: SimpleNamespace) -> None:
    """Half of the customers tie, so both terciles fall on one score: said, not failed."""
    tree = build.two_axes(
        matrices=(
            {
                "id": "grid",
                "name": "grid",
                "x": {
                    "axis": "now",
                    "cut": {"kind": "quantile", "at": (0.4, 0.6)},
                    "levels": ("l", "m", "h"),
                },
                "y": {"axis": "later", "cut": FIXED},
                "classes": tuple(
                    {"id": f"{x}_{y}", "name": x, "x": x, "y": y} for x in "lmh" for y in ("low", "high")
                ),
            },
        )
    )
    now = [10.0, 50.0, 50.0, 50.0, 90.0]
    frame = build.customers(a=now, b=now, c=now, d=now)
    model = build.fitted(tree, frame)
    assert model.cuts["grid"].x == (50.0, 50.0)
    classes = score(model, frame)["class_grid"].to_list()
    assert classes == ["l_low", "h_high", "h_high", "h_high", "h_high"]


def test_who_is_not_rated_has_no_grade_and_no_class(build: SimpleNamespace) -> None:
    tree = build.two_axes("exclude", matrices=(build.matrix(FIXED, FIXED),))
    frame = build.customers(a=[90.0, 90.0, None], b=[90.0, None, 90.0], c=[1.0] * 3, d=[1.0] * 3)
    result = score(build.fitted(tree, frame), frame)
    assert result.select("status", "grade", "class_plane").rows() == [
        ("rated", "poor", "high_low"),
        ("excluded", None, None),
        ("insufficient", None, None),
    ]


def test_an_axis_without_a_score_has_no_class_even_where_nothing_is_required(build: SimpleNamespace) -> None:
    """Null is not below the lowest cut."""
    tree = build.two_axes(matrices=(build.matrix(FIXED, FIXED),))
    frame = build.customers(a=[90.0], b=[90.0], c=[None], d=[None])
    row = score(build.fitted(tree, frame, min_coverage=0.0), frame).row(0, named=True)
    assert (row["status"], row["grade"], row["class_plane"]) == ("rated", "good", None)


def test_a_grade_is_earned_at_its_bound(build: SimpleNamespace) -> None:
    tree = build.made(build.leaf("a"))
    frame = build.customers(a=[100.0, 80.0, 80 - 5e-10, 80 - 1e-8, 60.0, 0.0])
    grades = score(build.fitted(tree, frame), frame)["grade"]
    assert grades.to_list() == ["good", "good", "good", "fair", "fair", "poor"]
    assert grades.dtype == pl.String


def thirty(build: SimpleNamespace, **stated: Any) -> Any:
    grades = tuple(
        {"id": f"g{place}", "name": f"{place}", "score": 100.0 - place, "share": 1 / 30}
        for place in range(1, 31)
    )
    return build.made(build.leaf("a"), grades=grades, **stated)


def test_grades_by_share_divide_the_rated_as_stated_and_freeze_their_bounds(
    build: SimpleNamespace, tmp_path: Path
) -> None:
    """Thirty grades of one thirtieth each, as licensed retailers are graded."""
    tree = thirty(build)
    frame = build.customers(a=[float(value % 300) / 3 for value in range(0, 2100, 7)])
    model = build.fitted(tree, frame)
    counts = score(model, frame).group_by("grade").len()
    assert counts.height == 30
    assert set(counts["len"]) == {10}
    model.save(tmp_path / "model.json")
    again = load_model(tmp_path / "model.json")
    alone = build.customers(a=[99.9, 50.0, 0.0])
    assert score(again, alone)["grade"].to_list() == ["g1", "g15", "g30"]
    assert again.tree.grades[0].share == pytest.approx(1 / 30)


def test_who_ties_with_the_last_of_a_grade_earns_it_and_empty_grades_are_said(build: SimpleNamespace) -> None:
    frame = build.customers(a=[90.0] * 8 + [10.0, 20.0])
    found = fitted(thirty(build), weigh(thirty(build)), frame)
    assert score(found.model, frame)["grade"].to_list()[:8] == ["g1"] * 8
    assert {issue.code for issue in found.issues} == {"SCORE-664"}


def test_shares_need_somebody_rated(build: SimpleNamespace) -> None:
    with pytest.raises(EvaluationError) as raised:
        build.fitted(thirty(build), build.customers(a=[None]))
    assert "SCORE-665" in [issue.code for issue in raised.value.issues]


@pytest.mark.parametrize(
    ("cut", "expected"),
    [
        ({"kind": "zero"}, (0.0,)),
        ({"kind": "median"}, (40.0,)),
        ({"kind": "mean"}, (46.0,)),
        ({"kind": "natural"}, (60.0,)),
    ],
)
def test_cuts_are_read_from_the_rated_and_frozen(
    build: SimpleNamespace, cut: dict[str, Any], expected: tuple[float, ...]
) -> None:
    tree = build.two_axes(matrices=(build.matrix(cut, FIXED),))
    now = [10.0, 20.0, 40.0, 80.0, 80.0]
    frame = build.customers(a=now, b=now, c=now, d=now)
    model = build.fitted(tree, frame)
    assert model.cuts["plane"].x == pytest.approx(expected)
    assert (
        score(model, frame[:1])["class_plane"].to_list() == score(model, frame)["class_plane"].to_list()[:1]
    )


def test_natural_breaks_of_many_scores_tell_their_bins(build: SimpleNamespace) -> None:
    tree = build.two_axes(matrices=(build.matrix({"kind": "natural"}, FIXED),))
    now = np.linspace(0, 40, 800).tolist() + np.linspace(70, 100, 800).tolist()
    cuts = build.fitted(tree, build.customers(a=now, b=now, c=now, d=now)).cuts["plane"]
    assert (cuts.x_bins, cuts.y_bins) == (1000, None)
    assert cuts.x == pytest.approx((55.0,), abs=0.1)


def test_cuts_that_coincide_are_said_and_not_failed(build: SimpleNamespace) -> None:
    levels = ("l", "m", "h")
    cells = tuple({"id": f"{x}_{y}", "name": x, "x": x, "y": y} for x in levels for y in ("low", "high"))
    axes = {
        "x": {"axis": "now", "cut": {"kind": "natural", "groups": 3}, "levels": levels},
        "y": {"axis": "later", "cut": FIXED},
    }
    tree = build.two_axes(matrices=({"id": "grid", "name": "grid", "classes": cells, **axes},))
    frame = build.customers(a=[10.0] * 2, b=[10.0] * 2, c=[1.0] * 2, d=[1.0] * 2)
    found = fitted(tree, weigh(tree), frame)
    assert [(issue.code, issue.subject, issue.detail["level"]) for issue in found.issues] == [
        ("SCORE-664", "grid", "m")
    ]


def test_who_lies_within_the_margin_of_a_cut_is_flagged(build: SimpleNamespace) -> None:
    tree = build.two_axes("exclude", matrices=(build.matrix(FIXED, FIXED),))
    now = [49.0, 51.0, 48.99, 52.0, 90.0, None]
    later = [90.0, 90.0, 90.0, 50.0 + 1 + 5e-10, 90.0, 50.0]
    frame = build.customers(a=now, b=now, c=later, d=later)
    result = score(build.fitted(tree, frame, borderline=1.0), frame)
    assert result["borderline_plane"].to_list() == [1, 1, 0, 1, 0, None]
    scores = [80.5, 79.0, 61.01, 0.5]
    grades = build.customers(a=scores, b=scores, c=scores, d=scores)
    near = score(build.fitted(tree, grades, borderline=1.0), grades)["borderline_grade"]
    assert near.to_list() == [1, 1, 0, 0]
    assert "borderline_plane" not in score(build.fitted(tree, frame), frame).columns
