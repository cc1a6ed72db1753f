"""What a tree of the right shape must also mean: a plain tuple of rules, all of them always asked."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise, product

from evaluator.documents import Document, Key
from evaluator.errors import Issue, Location, Severity, nearest, not_among
from evaluator.messages import Listing, Phrase
from evaluator.tree.memberships import membership_issues
from evaluator.tree.names import attributes
from evaluator.tree.principles import CHECKS, PRINCIPLES
from evaluator.tree.rule_checks import PROFILE_CHECKS, RULE_CHECKS, grade_shares
from evaluator.tree.shapes import Basis, Distribution, Moments, Shape, shape_of
from evaluator.tree.titled import listing
from evaluator.tree.types import (
    GRADE,
    RELATIVE,
    Direction,
    FixedCut,
    Graded,
    Group,
    Indicator,
    Lookup,
    Matrix,
    QuantileCut,
    Tree,
    cuts_of,
)

Rule = Callable[[Tree, Document], Iterable[Issue]]

NEARLY = 0.25  # so near to 1 or 100, a sum of weights was to be one of them


def check(tree: Tree, document: Document) -> Iterator[Issue]:
    """Yield everything a tree says that cannot be meant, with its place in the file."""
    for rule in RULES:
        yield from rule(tree, document)


def _located(tree: Tree) -> Iterator[tuple[Key, Group | Indicator]]:
    def walk(key: Key, node: Group | Indicator) -> Iterator[tuple[Key, Group | Indicator]]:
        yield key, node
        if isinstance(node, Group):
            for index, child in enumerate(node.children):
                yield from walk((*key, "children", index), child)

    yield from walk(("root",), tree.root)


def _indicators(tree: Tree) -> Iterator[tuple[Key, Indicator]]:
    return ((key, node) for key, node in _located(tree) if isinstance(node, Indicator))


def unique_ids(tree: Tree, document: Document) -> Iterator[Issue]:
    """Every node has an id of its own."""
    seen: dict[str, Key] = {}
    for key, node in _located(tree):
        if node.id in seen:
            first = document.where((*seen[node.id], "id"))
            yield Issue("TREE-103", node.id, {"first": str(first)}, where=document.where((*key, "id")))
        seen.setdefault(node.id, key)


def score_range(tree: Tree, document: Document) -> Iterator[Issue]:
    """The range of scores rises."""
    if not tree.score_range[0] < tree.score_range[1]:
        yield Issue("TREE-120", tree.id, where=document.where(("score_range",)))


def rising_scales(tree: Tree, document: Document) -> Iterator[Issue]:
    """The measures a scale names rise."""
    for key, node in _indicators(tree):
        if not shape_of(node.scale, _typical(tree)).rises:
            yield Issue("TREE-105", node.called, where=document.where((*key, "scale")))


def scale_scores(tree: Tree, document: Document) -> Iterator[Issue]:
    """A scale stays within the tree's range of scores."""
    low, high = sorted(tree.score_range)
    for key, node in _indicators(tree):
        scores = shape_of(node.scale, Basis(low, high)).scores
        outside = [score for score in scores if not low <= score <= high]
        if outside:
            detail = {"found": outside[0], "low": low, "high": high}
            yield Issue("TREE-106", node.called, detail, where=document.where((*key, "scale")))


def directions(tree: Tree, document: Document) -> Iterator[Issue]:
    """Direction never transforms; it is checked against a scale whose points rise."""
    for key, node in _indicators(tree):
        shape = shape_of(node.scale, _typical(tree))
        if shape.rises and not _agrees(node.direction, shape):
            detail = {"direction": node.direction, "kind": node.scale.kind}
            yield Issue("TREE-104", node.called, detail, where=document.where((*key, "direction")))


def anchors(tree: Tree, document: Document) -> Iterator[Issue]:
    """Anchors stand for grades of the tree; each grade has one (a warning)."""
    grades = [grade.id for grade in tree.grades]
    for key, node in _indicators(tree):
        if not isinstance(node.scale, Graded):
            continue
        where = (*key, "scale", "anchors")
        for name in node.scale.anchors:
            at = document.where((*where, name))
            yield from not_among("TREE-109", [name], grades, {"indicator": node.called}, where=at)
        if missing := [grade for grade in tree.grades if grade.id not in node.scale.anchors]:
            yield Issue("TREE-121", node.called, {"grades": listing(missing)},
                        where=document.where(where), severity=Severity.WARNING)  # fmt: skip


def memberships(tree: Tree, document: Document) -> Iterator[Issue]:
    """Memberships place every grade, in order, sum to 1, and rest on a number."""
    for key, node in _indicators(tree):
        yield from membership_issues(tree, node, document, key)


def winsorised(tree: Tree, document: Document) -> Iterator[Issue]:
    """The shares at which a measure is limited rise, and the measure is a number."""
    for key, node in _indicators(tree):
        if node.winsorise and (node.winsorise[0] >= node.winsorise[1] or isinstance(node.scale, Lookup)):
            where = document.where((*key, "winsorise"))
            yield Issue("TREE-129", node.called, {"kind": node.scale.kind}, where=where)


def grades(tree: Tree, document: Document) -> Iterator[Issue]:
    """Grades stand best first, each with its own id, and cover the range."""
    for name, count in Counter(grade.id for grade in tree.grades).items():
        if count > 1:
            yield Issue("TREE-108", name, where=document.where(("grades",)))
    bounds = [grade.from_ for grade in tree.grades]
    for index, (better, worse) in enumerate(pairwise(tree.grades), start=1):
        above, below = bounds[index - 1], bounds[index]
        if better.score <= worse.score or (above is not None and below is not None and above <= below):
            yield Issue(
                "TREE-107", worse.called, {"better": better.called}, where=document.where(("grades", index))
            )
    if bounds[-1] is not None and bounds[-1] > tree.score_range[0]:
        detail = {"low": tree.score_range[0]}
        yield Issue("TREE-122", tree.grades[-1].called, detail, where=document.where(("grades",)))


def axes(tree: Tree, document: Document) -> Iterator[Issue]:
    """An axis is one criterion."""
    seen: set[str] = set()
    for key, node in _located(tree):
        if isinstance(node, Group) and node.axis:
            if node.axis in seen:
                yield Issue("TREE-118", node.axis, where=document.where((*key, "axis")))
            seen.add(node.axis)


def matrix_axes(tree: Tree, document: Document) -> Iterator[Issue]:
    """A matrix plots axes of the tree, cut into as many levels as it names."""
    for index, matrix in enumerate(tree.matrices):
        for side in ("x", "y"):
            axis = getattr(matrix, side)
            key: Key = ("matrices", index, side)
            where = document.where((*key, "axis"))
            yield from not_among("TREE-110", [axis.axis], tree.axes, {"matrix": matrix.called}, where=where)
            at = axis.cut.at if isinstance(axis.cut, FixedCut | QuantileCut) else ()
            if cuts_of(axis.cut) + 1 != len(axis.levels) or any(a >= b for a, b in pairwise(at)):
                detail = {"cuts": cuts_of(axis.cut), "levels": len(axis.levels)}
                yield Issue("TREE-111", matrix.called, detail, where=document.where(key))


def matrix_classes(tree: Tree, document: Document) -> Iterator[Issue]:
    """Every cell of a matrix has exactly one class, of known levels; ids are not repeated."""
    for index, matrix in enumerate(tree.matrices):
        yield from _cells(matrix, index, document)
        for name, count in Counter(entry.id for entry in matrix.classes).items():
            if count > 1:
                yield Issue("TREE-123", name, where=document.where(("matrices", index, "classes")))


def _cells(matrix: Matrix, index: int, document: Document) -> Iterator[Issue]:
    wanted = set(product(matrix.x.levels, matrix.y.levels))
    counts = Counter((entry.x, entry.y) for entry in matrix.classes)
    for cell in sorted(wanted ^ counts.keys() | {cell for cell, count in counts.items() if count > 1}):
        detail = {"x": cell[0], "y": cell[1], "count": counts[cell]}
        yield Issue("TREE-112", matrix.called, detail, where=document.where(("matrices", index, "classes")))


def better_classes(tree: Tree, document: Document) -> Iterator[Issue]:
    """Classes that are better are classes of the same matrix."""
    for index, matrix in enumerate(tree.matrices):
        known = {entry.id for entry in matrix.classes}
        for place, entry in enumerate(matrix.classes):
            for name in entry.better:
                if name not in known or name == entry.id:
                    where = document.where(("matrices", index, "classes", place, "better"))
                    yield Issue(
                        "TREE-164", name, {"of": entry.called}, nearest(name, known - {entry.id}), where
                    )


def deciding(tree: Tree, document: Document) -> Iterator[Issue]:
    """What decides is a matrix of the tree, or the grade."""
    known = [GRADE, *(matrix.id for matrix in tree.matrices)]
    if tree.decides is not None and tree.decides not in known:
        hint = nearest(tree.decides, known)
        yield Issue("TREE-154", tree.decides, hint=hint, where=document.where(("decides",)))


def given_weights(tree: Tree, document: Document) -> Iterator[Issue]:
    """Siblings all have weights or none has; a source; a usual sum."""
    for key, node in _located(tree):
        if not isinstance(node, Group):
            continue
        weighted = [child.weight is not None for child in node.children]
        if any(weighted) and not all(weighted):
            lacking = listing(child for child in node.children if child.weight is None)
            yield Issue("TREE-113", node.called, {"lacking": lacking}, where=document.where(key))
        if any(weighted) and not (node.weights_source or tree.weights_source):
            yield Issue("TREE-114", node.called, where=document.where(key))
        if all(weighted) and (issue := _shares(node, document.where(key))):
            yield issue


def _shares(group: Group, where: Location | None) -> Issue | None:
    """Return a note where weights sum to nearly 1 or 100; 2 to 1 are ratios, and meant."""
    weights = {child.called: child.weight or 0.0 for child in group.children}
    whole = math.fsum(weights.values())
    wholes = (1.0, 100.0, group.weight or 1.0)
    if any(math.isclose(whole, total, rel_tol=1e-6) for total in wholes):
        return None
    if len(weights) < 2 or not any(abs(whole / total - 1) <= NEARLY for total in (1, 100)):
        return None
    shares = [Phrase("share", {"of": child, "share": weight / whole}) for child, weight in weights.items()]
    detail = {"sum": whole, "shares": Listing(tuple(shares))}
    return Issue("TREE-155", group.called, detail, where=where, severity=Severity.NOTE)


def example_names(tree: Tree, document: Document) -> Iterator[Issue]:
    """Examples speak of measures, groups, grades and classes of the tree."""
    measures = {node.measure for node in tree.indicators} | {entry.id for entry in attributes(tree)}
    classes = {matrix.id: {entry.id for entry in matrix.classes} for matrix in tree.matrices}
    grade_ids = {grade.id for grade in tree.grades}
    for index, example in enumerate(tree.tests):
        key: Key = ("tests", index)
        for part, known, code in (
            (example.measures, measures | {attribute.id for attribute in tree.attributes}, "TREE-115"),
            (example.population, measures, "TREE-115"),
            (example.expect.groups, tree.nodes.keys(), "TREE-116"),
            (example.expect.classes, classes.keys(), "TREE-116"),
            ([example.expect.grade] if example.expect.grade else [], grade_ids, "TREE-116"),
        ):
            yield from not_among(code, part, known, {"test": example.name.en}, where=document.where(key))
        for matrix, name in example.expect.classes.items():
            if matrix in classes:
                detail, where = {"test": example.name.en}, document.where(key)
                yield from not_among("TREE-116", [name], classes[matrix], detail, where=where)


def example_basis(tree: Tree, document: Document) -> Iterator[Issue]:
    """Examples need given weights everywhere, and a population for relative scales."""
    unweighted = [g for g in tree.groups if len(g.children) > 1 and g.children[0].weight is None]
    relative = {
        node.measure: node.measured
        for node in tree.indicators
        if isinstance(node.scale, RELATIVE) or node.winsorise
    }
    for index, example in enumerate(tree.tests):
        where = document.where(("tests", index))
        if unweighted:
            yield Issue("TREE-117", example.name.en, {"groups": listing(unweighted)}, where=where)
        if lacking := [said for name, said in relative.items() if name not in example.population]:
            yield Issue("TREE-119", example.name.en, {"measures": Listing(tuple(lacking))}, where=where)


def acknowledgements(tree: Tree, document: Document) -> Iterator[Issue]:
    """What a tree acknowledges is a check or a principle, at a node it has."""
    known = {*CHECKS, *PRINCIPLES}
    for index, entry in enumerate(tree.acknowledged):
        where = document.where(("acknowledged", index))
        yield from not_among("TREE-160", [entry.finding], known, where=where)
        if entry.at is not None and entry.at not in tree.nodes:
            detail = {"finding": entry.finding}
            yield Issue("TREE-161", entry.at, detail, nearest(entry.at, tree.nodes), where)


RULES: tuple[Rule, ...] = (
    unique_ids,
    score_range,
    rising_scales,
    scale_scores,
    directions,
    anchors,
    memberships,
    winsorised,
    grades,
    grade_shares,
    axes,
    matrix_axes,
    matrix_classes,
    better_classes,
    deciding,
    given_weights,
    example_names,
    example_basis,
    acknowledgements,
    *RULE_CHECKS,
    *PROFILE_CHECKS,
)


def _typical(tree: Tree) -> Basis:
    """Return a basis on which every scale has points: relative ones for a population from 0 to 1."""
    standing = Distribution(knots=((0, 0), (1, 1)), count=2)
    return Basis(0, 1, standing, Moments(mean=0.5, deviation=0.5, count=2), tree.grades)


def _agrees(direction: Direction, shape: Shape) -> bool:
    if shape.join == "categories":
        return True
    peaked = direction in ("interval", "target")
    if peaked or shape.join == "sides":
        return peaked and _one_peak(shape.scores)
    rising = direction == "benefit"
    return any(shape.changes) and all(step >= 0 if rising else step <= 0 for step in shape.changes)


def _one_peak(scores: tuple[float, ...]) -> bool:
    """Return whether scores rise to a peak and fall from it; at an end it would be a benefit or a cost."""
    top = scores.index(max(scores))
    rises = all(a <= b for a, b in pairwise(scores[: top + 1]))
    falls = all(a >= b for a, b in pairwise(scores[top:]))
    return rises and falls and scores[0] < scores[top] > scores[-1]
