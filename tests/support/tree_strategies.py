"""Trees as Hypothesis draws them: every kind of scale and policy, groups of any size, a matrix."""

from itertools import count
from typing import Any

from hypothesis import strategies as st

from evaluator.tree import Tree

AXES = ("now", "later")
BAND = {"kind": "fixed", "at": (40.0, 70.0)}
SCALES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("benefit", {"kind": "linear", "worst": -20.0, "best": 80.0}),
    ("cost", {"kind": "linear", "worst": 90.0, "best": 5.0}),
    ("benefit", {"kind": "piecewise", "points": ((0.0, 10.0), (30.0, 60.0), (80.0, 95.0))}),
    ("benefit", {"kind": "step", "below": 0.0, "steps": ((10.0, 35.0), (60.0, 90.0))}),
    ("interval", {"kind": "trapezoid", "points": (0.0, 30.0, 50.0, 90.0)}),
    ("benefit", {"kind": "percentile", "best": "high"}),
    ("cost", {"kind": "percentile", "best": "low"}),
    ("benefit", {"kind": "z", "best": "high", "reach": 1.5}),
    ("cost", {"kind": "efficacy", "unacceptable": 70.0, "satisfactory": 10.0}),
    ("benefit", {"kind": "logarithmic", "worst": 2.0, "best": 90.0}),
    ("cost", {"kind": "logistic", "half": 40.0, "nine_tenths": 10.0}),
    ("benefit", {"kind": "graded"}),
)
GRADES = tuple({"id": name, "name": name, "score": from_ + 15, "from": from_}
               for name, from_ in (("good", 70.0), ("fair", 40.0), ("poor", 0.0)))  # fmt: skip
POLICIES = ("redistribute", "redistribute", "neutral", "worst", "exclude")


@st.composite
def trees(draw: st.DrawFn, policies: tuple[str, ...] = POLICIES) -> Tree:
    names = (f"n{number}" for number in count())
    weights = st.floats(0.05, 10)

    def node(depth: int) -> dict[str, Any]:
        name = next(names)
        head = {"id": name, "name": name, "weight": draw(weights)}
        if depth and draw(st.booleans()):
            return {**head, "children": tuple(node(depth - 1) for _ in range(draw(st.integers(1, 3))))}
        direction, scale = draw(st.sampled_from(SCALES))
        policy = draw(st.sampled_from(policies))
        return {**head, "measure": name, "direction": direction, "scale": scale, "missing": policy}

    def branch(axis: str) -> dict[str, Any]:
        children = tuple(node(1) for _ in range(draw(st.integers(1, 3))))
        return {"id": axis, "name": axis, "axis": axis, "weight": draw(weights), "children": children}

    levels = ("low", "middle", "high")
    sides = {
        side: {"axis": axis, "cut": BAND, "levels": levels} for side, axis in zip("xy", AXES, strict=True)
    }
    classes = tuple({"id": f"{x}_{y}", "name": x, "x": x, "y": y} for x in levels for y in levels)
    head = {"schema": 1, "id": "value", "name": "value", "status": "custom", "source": "law"}
    root = {"id": "value", "name": "value", "children": tuple(branch(axis) for axis in AXES)}
    matrix = {"id": "plane", "name": "plane", "classes": classes, **sides}
    stated = {"weights_source": "law", "grades": GRADES, "root": root, "matrices": (matrix,)}
    return Tree.model_validate({**head, **stated})
