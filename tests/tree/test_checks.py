"""Where the rules for trees draw their lines: the last entry that is sound, the first that is not."""

from itertools import product
from typing import Any

import pytest
from small_trees import GRADES, group, leaf, made
from tree_strategies import BAND, SCALES

from evaluator.documents import Document
from evaluator.errors import Severity
from evaluator.tree import Tree
from evaluator.tree.checks import check


def errors(tree: Tree) -> list[str]:
    issues = check(tree, Document("tree.yaml", None, {}))
    return [issue.code for issue in issues if issue.severity is Severity.ERROR]


def scaled(direction: str, **scale: Any) -> list[str]:
    return errors(made(leaf("a", scale, direction=direction)))


def graded(*rows: tuple[float, float]) -> list[str]:
    """Return what is wrong with grades of these scores and bounds, best first."""
    stated = ({"score": score, "from": from_} for score, from_ in rows)
    grades = tuple({"id": f"g{i}", "name": "g", **grade} for i, grade in enumerate(stated))
    return errors(made(leaf("a"), grades=grades))


def plane(at: tuple[float, ...], levels: tuple[str, ...]) -> list[str]:
    """Return what is wrong with a matrix whose x is cut at these scores."""
    x = {"axis": "a", "cut": {"kind": "fixed", "at": at}, "levels": levels}
    y = {"axis": "b", "cut": BAND, "levels": ("low", "middle", "high")}
    cells = product(levels, y["levels"])
    classes = tuple({"id": f"{i}{j}", "name": "c", "x": i, "y": j} for i, j in cells)
    matrix = {"id": "m", "name": "m", "x": x, "y": y, "classes": classes}
    axes = group("one", leaf("p"), axis="a"), group("two", leaf("q"), axis="b")
    return errors(made(*axes, matrices=(matrix,)))


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (((90, 60), (89.9, 0)), []),
        (((90, 60), (90, 0)), ["TREE-107"]),  # two grades of one score: the same grade
        (((90, 60), (91, 0)), ["TREE-107"]),
        (((90, 0.1), (40, 0)), []),
        (((90, 0), (40, 0)), ["TREE-107"]),  # nobody could earn the worse
        (((90, 60), (40, 0.1)), ["TREE-122"]),  # who lies below the worst has no grade
    ],
)
def test_grades_fall_in_score_and_bound_down_to_the_lowest_score(rows: Any, found: list[str]) -> None:
    assert graded(*rows) == found


@pytest.mark.parametrize(
    ("at", "found"),
    [((40, 40.1), []), ((40, 40), ["TREE-111"]), ((40, 39.9), ["TREE-111"]), ((40,), ["TREE-111"])],
)
def test_cuts_rise_and_leave_room_for_every_level(at: Any, found: list[str]) -> None:
    assert plane(at, ("low", "middle", "high")) == found


@pytest.mark.parametrize("direction", ["interval", "target"])
@pytest.mark.parametrize(
    ("scores", "fits"),
    [
        ((0, 100, 50), True),
        ((0, 100, 100, 0), True),
        ((50, 50, 100, 0), True),
        ((0, 50, 100), False),  # the peak at the end: a benefit
        ((100, 50, 0), False),  # the peak at the beginning: a cost
        ((0, 100, 100), False),
        ((100, 100, 0), False),
        ((50, 50, 50), False),
        ((0, 100, 50, 60), False),  # it falls and rises again
        ((0, 60, 50, 100, 0), False),
    ],
)
def test_an_interval_has_its_peak_between_its_ends(direction: str, scores: Any, fits: bool) -> None:
    points = tuple((float(x), float(y)) for x, y in enumerate(scores))
    assert scaled(direction, kind="piecewise", points=points) == ([] if fits else ["TREE-104"])
    below, *others = (y for _, y in points)
    stepped = {"kind": "step", "below": below, "steps": tuple(enumerate(others, start=1))}
    assert scaled(direction, **stepped) == ([] if fits else ["TREE-104"])


@pytest.mark.parametrize(
    ("points", "found"),
    [
        ((0, 0, 1, 1), []),
        ((0, 1, 1, 2), []),
        ((1, 1, 1, 1), []),
        ((0, 1, 0.9, 2), ["TREE-105"]),
    ],
)
def test_points_of_an_interval_may_coincide_and_not_fall(points: Any, found: list[str]) -> None:
    assert scaled("interval", kind="trapezoid", points=points) == found


@pytest.mark.parametrize("direction", ["benefit", "cost"])
@pytest.mark.parametrize("points", [(0, 1, 2, 3), (0, 1, 2, 2), (0, 0, 1, 2)])
def test_an_interval_scale_is_neither_benefit_nor_cost(direction: str, points: Any) -> None:
    assert scaled(direction, kind="trapezoid", points=points) == ["TREE-104"]


@pytest.mark.parametrize(
    ("scale", "found"),
    [
        ({"kind": "piecewise", "points": ((0, 0), (1, 100))}, []),
        ({"kind": "piecewise", "points": ((0, 0), (1, 100.1))}, ["TREE-106"]),
        ({"kind": "piecewise", "points": ((0, -0.1), (1, 100))}, ["TREE-106"]),
        ({"kind": "piecewise", "points": ((0, 0), (0, 100))}, ["TREE-105"]),
        ({"kind": "piecewise", "points": ((0, 50), (1, 50))}, ["TREE-104"]),
        ({"kind": "piecewise", "points": ((0, 50), (1, 50), (2, 60))}, []),
        ({"kind": "step", "below": 0, "steps": ((1, 10), (1, 20))}, ["TREE-105"]),
        ({"kind": "step", "below": 0, "steps": ((1, 0),)}, ["TREE-104"]),
        ({"kind": "step", "below": -1, "steps": ((1, 10),)}, ["TREE-106"]),
        ({"kind": "linear", "worst": 5, "best": 5}, ["TREE-104"]),
        ({"kind": "logarithmic", "worst": 5, "best": 5}, ["TREE-104"]),
        ({"kind": "logistic", "half": 5, "nine_tenths": 5}, ["TREE-104"]),
        ({"kind": "efficacy", "unacceptable": 5, "satisfactory": 5}, ["TREE-104"]),
        ({"kind": "efficacy", "unacceptable": 5, "satisfactory": 6, "base": 70, "top": 70}, ["TREE-105"]),
        ({"kind": "efficacy", "unacceptable": 5, "satisfactory": 6, "base": -1}, ["TREE-106"]),
        ({"kind": "lookup", "scores": {"A": 100.0}}, []),
        ({"kind": "lookup", "scores": {"A": 100.1}}, ["TREE-106"]),
    ],
)
def test_a_scale_rises_within_the_range_in_the_direction_stated(scale: Any, found: list[str]) -> None:
    assert scaled("benefit", **scale) == found


@pytest.mark.parametrize(("direction", "scale"), SCALES)
def test_a_scale_fits_one_of_benefit_cost_and_interval(direction: str, scale: Any) -> None:
    for other in ("benefit", "cost", "interval"):
        assert scaled(other, **scale) == ([] if other == direction else ["TREE-104"])


@pytest.mark.parametrize("range_", [(0, 0), (100, 0)])
def test_a_range_that_does_not_rise_is_said_once(range_: Any) -> None:
    """Scales do not say it again, each in words of its own."""
    leaves = [leaf(f"a{i}", scale, direction=direction) for i, (direction, scale) in enumerate(SCALES)
              if scale["kind"] not in ("piecewise", "step", "efficacy")]  # fmt: skip
    lowest = ({**GRADES[0]}, {**GRADES[1]}, {**GRADES[2], "from": float(range_[0])})
    grades = lowest if range_[0] == 0 else GRADES
    assert errors(made(*leaves, score_range=range_, grades=grades)) == ["TREE-120"]


@pytest.mark.parametrize("word", ["x", "y"])
def test_every_cell_has_one_class(word: str) -> None:
    side = {"axis": "a", "cut": {"kind": "fixed", "at": (50.0,)}}
    cells = [(x, y) for x in ("low", "high") for y in ("low", "high")]
    classes = [{"id": f"{x}{y}", "name": "c", "x": x, "y": y} for x, y in cells]
    axes = group("one", leaf("p"), axis="a"), group("two", leaf("q"), axis="b")

    def of(*entries: dict[str, str]) -> list[str]:
        matrix = {"id": "m", "name": "m", "x": side, "y": {**side, "axis": "b"}, "classes": entries}
        return errors(made(*axes, matrices=(matrix,)))

    assert of(*classes) == []
    assert of(*classes[1:]) == ["TREE-112"]
    assert of(*classes, {**classes[0], "id": "again"}) == ["TREE-112"]
    assert of(*classes[1:], {**classes[0], word: "hihg"}) == ["TREE-112", "TREE-112"]
