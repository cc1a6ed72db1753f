"""Grades and classes: cuts, tolerance, and customers who have none."""

from types import SimpleNamespace
from typing import get_args

import numpy as np
import polars as pl
import pytest

from evaluator.scoring import CUTS, score
from evaluator.tree.types import Cut, QuantileCut

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
