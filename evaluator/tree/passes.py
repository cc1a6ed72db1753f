"""The passes that change a loaded tree, in their order; `changed` is the one place that applies them.

A study has words of its own, fitting a model freezes what its population decides, screening leaves out
candidates. Each says what it wants in a `Changes`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Literal

from evaluator.brief import Brief
from evaluator.documents import Document, Key
from evaluator.errors import Issue, Location, nearest, raise_errors
from evaluator.labels import Text
from evaluator.tree.checks import (
    anchors,
    deciding,
    directions,
    matrix_axes,
    matrix_classes,
    rising_scales,
    scale_scores,
)
from evaluator.tree.decisions import Action, FlagWords
from evaluator.tree.rule_checks import PROFILE_CHECKS, RULE_CHECKS
from evaluator.tree.types import (
    GRADE,
    Attribute,
    DroppedIndicator,
    Group,
    Indicator,
    Matrix,
    Profiles,
    Rule,
    Scale,
    Tree,
)


@dataclass(frozen=True)
class Changes(Brief):
    """What takes the place of a tree's own words; what is not stated stays as it is.

    Attributes
    ----------
    scales : own scales by indicator id.
    matrices, attributes, rules : own ones.
    decides, actions, flags : own ones; flags go on from what the tree made of them.
    profiles : own weight profiles, or whether the tree's are kept.
    bounds : the score from which each grade is earned, best first.
    dropped : the reason why each indicator that is left out was.
    document : the study that states scales, content and profiles, to say where they stand.
    """

    scales: Mapping[str, Scale] = field(default_factory=dict)
    matrices: tuple[Matrix, ...] | None = None
    attributes: tuple[Attribute, ...] | None = None
    rules: tuple[Rule, ...] | None = None
    decides: str | None = None
    actions: tuple[Action, ...] | None = None
    flags: FlagWords | None = None
    profiles: Profiles | Literal["kept", "off"] = "kept"
    bounds: Sequence[float] = ()
    dropped: Mapping[str, Text] | None = None
    document: Document | None = None


Passed = tuple[Tree, Iterable[Issue]]


def changed(tree: Tree, changes: Changes) -> Tree:
    """Return the tree with every change in place, by the passes in their order.

    Raises
    ------
    EvaluationError
        all that passes find wrong, at its place.

    >>> from evaluator.tree import load_tree
    >>> tree = changed(load_tree("quick_value"), Changes(profiles="off", rules=()))
    >>> tree.profiles, tree.rules
    (None, ())
    """
    issues: list[Issue] = []
    for one in PASSES:
        tree, found = one(tree, changes)
        issues += found
    raise_errors(issues)
    return tree


def own_scales(tree: Tree, changes: Changes) -> Passed:
    """Put a study's scales in place; ids, groups and weights stay, so answers remain in force."""
    scales, document = changes.scales, changes.document
    if not scales:
        return tree, ()
    known = [leaf.id for leaf in tree.indicators]
    if unknown := [name for name in scales if name not in known]:
        return tree, [
            Issue("SCORE-624", name, hint=nearest(name, known), where=_place(document, name))
            for name in unknown
        ]
    data = tree.model_dump(by_alias=True)
    other = Tree.model_validate(data | {"root": _with_scales(data["root"], scales), "tests": ()})
    located = Document(document.file if document else tree.id, None, dict(_places(other, scales, document)))
    rules = (rising_scales, scale_scores, directions, anchors)
    issues = chain.from_iterable(rule(other, located) for rule in rules)
    return other, (issue for issue in issues if issue.where in located.positions.values())


def own_content(tree: Tree, changes: Changes) -> Passed:
    """Put a study's matrices, attributes and rules in place; examples expect what the tree's own give."""
    stated = {name: getattr(changes, name) for name in ("matrices", "attributes", "rules")}
    own = {name: words for name, words in stated.items() if words is not None}
    if not own:
        return tree, ()
    kept = _decided(tree, own["matrices"]) if "matrices" in own else {}
    other = tree.model_copy(update={**own, **kept, "tests": ()})
    checks = [*((matrix_axes, matrix_classes) if "matrices" in own else ()), *RULE_CHECKS]
    document = changes.document or Document(tree.id, None, {})
    return other, chain.from_iterable(check(other, document) for check in checks)


def own_decisions(tree: Tree, changes: Changes) -> Passed:
    """Put in place what a study lets decide, and its flags and actions."""
    own: dict[str, Any] = {
        name: value for name in ("decides", "actions") if (value := getattr(changes, name)) is not None
    }
    if changes.flags is not None:
        own["flags"] = (tree.flags or FlagWords()).then(changes.flags)
    if not own:
        return tree, ()
    other = tree.model_copy(update=own)
    return other, deciding(other, changes.document or Document(tree.id, None, {}))


def profiles(tree: Tree, changes: Changes) -> Passed:
    """Switch weight profiles off, or put a study's in place."""
    if changes.profiles == "kept":
        return tree, ()
    own = None if changes.profiles == "off" else changes.profiles
    other = tree.model_copy(update={"profiles": own})
    if own is None:
        return other, ()
    document = changes.document or Document(tree.id, None, {})
    # in a study the profiles stand one level deeper than in a tree
    positions = {("profiles", *key[2:]): place for key, place in document.positions.items()
                 if key[:2] == ("profiles", "own")}  # fmt: skip
    located = Document(document.file, document.data, positions)
    return other, chain.from_iterable(check(other, located) for check in PROFILE_CHECKS)


def frozen_grades(tree: Tree, changes: Changes) -> Passed:
    """Let each grade be earned from its bound on."""
    if not changes.bounds:
        return tree, ()
    pairs = zip(tree.grades, changes.bounds, strict=True)
    grades = tuple(grade.model_copy(update={"from_": bound}) for grade, bound in pairs)
    return tree.model_copy(update={"grades": grades}), ()


def screened(tree: Tree, changes: Changes) -> Passed:
    """Leave out indicators, criteria without any, matrices that plot these, and all examples."""
    if changes.dropped is None:
        return tree, ()
    root = _without(tree.root, changes.dropped)
    if not isinstance(root, Group):
        return tree, [Issue("WEIGH-562", tree.id)]
    axes = {group.axis for group in _groups(root) if group.axis}
    dropped = (
        DroppedIndicator(id=name, name=tree.nodes[name].name, reason=reason)
        for name, reason in changes.dropped.items()
    )
    fields = {name: getattr(tree, name) for name in Tree.model_fields}  # a copy would keep the old nodes
    matrices = tuple(m for m in tree.matrices if {m.x.axis, m.y.axis} <= axes)
    smaller = {
        "root": root,
        "dropped": (*tree.dropped, *dropped),
        "matrices": matrices,
        "tests": (),
        **_decided(tree, matrices),
    }
    return Tree.model_construct(**fields | smaller), ()


PASSES: tuple[Callable[[Tree, Changes], Passed], ...] = (
    own_scales,
    own_content,
    own_decisions,
    profiles,
    frozen_grades,
    screened,
)


def _decided(tree: Tree, matrices: tuple[Matrix, ...]) -> dict[str, Any]:
    """Return what is left of a tree's decisions: without the matrix that decided, none of its actions."""
    if tree.deciding == GRADE or tree.deciding in {matrix.id for matrix in matrices}:
        return {}
    return {"decides": None, "actions": ()}


def _with_scales(node: dict[str, Any], scales: Mapping[str, Scale]) -> dict[str, Any]:
    if "children" in node:
        return node | {"children": tuple(_with_scales(child, scales) for child in node["children"])}
    own = scales.get(node["id"])
    return node | {"scale": own.model_dump(by_alias=True)} if own else node


def _places(
    tree: Tree, scales: Mapping[str, Scale], document: Document | None
) -> Iterator[tuple[Key, Location]]:
    """Yield, for each replaced scale, its path in the tree and its place in the study."""

    def walk(key: Key, node: Group | Indicator) -> Iterator[tuple[Key, Location]]:
        if node.id in scales:
            yield key, _place(document, node.id)
        for index, child in enumerate(getattr(node, "children", ())):
            yield from walk((*key, "children", index), child)

    return walk(("root",), tree.root)


def _place(document: Document | None, indicator: str) -> Location:
    return document.where(("scoring", "scales", indicator)) if document else Location(f"scales.{indicator}")


def _without(node: Group | Indicator, gone: Mapping[str, Text]) -> Group | Indicator | None:
    if isinstance(node, Indicator):
        return None if node.id in gone else node
    children = tuple(child for entry in node.children if (child := _without(entry, gone)) is not None)
    return node.model_copy(update={"children": children}) if children else None


def _groups(group: Group) -> list[Group]:
    below = [child for child in group.children if isinstance(child, Group)]
    return [group, *(inner for child in below for inner in _groups(child))]
