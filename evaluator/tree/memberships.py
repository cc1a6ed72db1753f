"""What memberships must mean: a place for every grade, in their order, and a sum of 1 everywhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from evaluator.documents import Document, Key
from evaluator.errors import Issue, not_among
from evaluator.tree.types import Gaussian, Graded, Indicator, Ladder, Lookup, Tree

ROUNDING = 1e-9  # sums of memberships are 1 give or take this

Points = tuple[float, float, float, float]


def corners(indicator: Indicator) -> dict[str, Points]:
    """Return the four points of each grade of a triangular or trapezoid membership, by grade id."""
    membership = indicator.membership
    if membership is None or isinstance(membership, Ladder | Gaussian):
        return {}
    return {
        grade: (points[0], points[1], points[-2], points[-1]) for grade, points in membership.grades.items()
    }


def membership_issues(tree: Tree, indicator: Indicator, document: Document, key: Key) -> Iterator[Issue]:
    """Yield what is wrong with the membership one indicator states; see `checks.memberships`."""
    membership = indicator.membership
    if membership is None:
        return
    where = document.where((*key, "membership"))
    if isinstance(indicator.scale, Lookup | Graded):
        yield Issue("TREE-128", indicator.called, {"kind": indicator.scale.kind}, where=where)
    stated = membership.centres if isinstance(membership, Ladder) else membership.grades
    known = [grade.id for grade in tree.grades]
    for name in stated:
        yield from not_among("TREE-127", [name], known, {"indicator": indicator.called}, where=where)
    for grade in tree.grades:
        if grade.id not in stated:
            yield Issue("TREE-127", grade.called, {"indicator": indicator.called}, where=where)
    if stated.keys() != set(known):
        return
    ordered = [_middle(stated[grade]) for grade in known]
    rises = all(a < b for a, b in pairwise(ordered)) or all(a > b for a, b in pairwise(ordered))
    shapes = tuple(corners(indicator).values())
    if not rises or any(list(points) != sorted(points) for points in shapes):
        yield Issue("TREE-125", indicator.called, where=where)
    elif (found := _not_one(shapes)) is not None:
        yield Issue("TREE-126", indicator.called, {"at": found[0], "sum": found[1]}, where=where)


def _middle(entry: float | Sequence[float]) -> float:
    """Return where a grade stands: its centre, its peak, or the middle of its plateau."""
    if isinstance(entry, float | int):
        return float(entry)
    if len(entry) == 4:
        return (entry[1] + entry[2]) / 2
    return entry[1] if len(entry) == 3 else entry[0]


def _not_one(shapes: Sequence[Points]) -> tuple[float, float] | None:
    """Return the first point where memberships do not sum to 1, with the sum; None where all do.

    The sum is straight between corners and has no jumps, so its corners decide. An upright side is a
    jump: only the two ends of the whole range may have one, where the range stops.
    """
    if not shapes:
        return None
    knots = sorted({point for points in shapes for point in points})
    for x in knots:
        total = sum(_height(x, points) for points in shapes)
        jumps = sum(
            1 for a, b, c, d in shapes if (a == b == x and x != knots[0]) or (c == d == x and x != knots[-1])
        )
        if abs(total - 1) > ROUNDING or jumps:
            return x, total
    return None


def _height(x: float, points: Points) -> float:
    a, b, c, d = points
    if x < a or x > d:
        return 0.0
    if b <= x <= c:
        return 1.0
    return (x - a) / (b - a) if x < b else (d - x) / (d - c)
