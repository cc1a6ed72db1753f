"""The study's own scales in place of the tree's: money anchors belong to a company."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from evaluator.documents import Document, Key
from evaluator.errors import EvaluationError, Issue, Location, nearest, raise_errors
from evaluator.scoring.model import Override
from evaluator.tree import Tree
from evaluator.tree.checks import anchors, directions, rising_scales, scale_scores
from evaluator.tree.types import Scale

_SCALE_RULES = (rising_scales, scale_scores, directions, anchors)


def own_scales(
    tree: Tree, scales: Mapping[str, Scale], *, document: Document | None = None
) -> tuple[Tree, tuple[Override, ...]]:
    """Return the tree with other scales for some of its indicators, and what was replaced.

    Ids, groups and weights stay, so answers given for the tree remain in force. The tree's rules for
    scales are asked again.

    Parameters
    ----------
    scales : own scales by indicator id, as under ``scoring: scales:`` of a study.
    document : the study's file, to say where a scale stands.

    Raises
    ------
    EvaluationError
        SCORE-624 for ids that name no indicator; TREE-104, TREE-105, TREE-106, TREE-109 for scales
        that cannot be meant.
    """
    if not scales:
        return tree, ()
    indicators = {leaf.id: leaf for leaf in tree.indicators}
    unknown = [
        Issue("SCORE-624", name, hint=nearest(name, indicators), where=_place(document, name))
        for name in scales
        if name not in indicators
    ]
    if unknown:
        raise EvaluationError(unknown)
    data = tree.model_dump(by_alias=True)
    changed = Tree.model_validate(data | {"root": _with_scales(data["root"], scales), "tests": ()})
    located = Document(document.file if document else tree.id, None, dict(_places(changed, scales, document)))
    issues = chain.from_iterable(rule(changed, located) for rule in _SCALE_RULES)
    raise_errors([issue for issue in issues if issue.where in located.positions.values()])
    overrides = (
        Override(indicator=name, stated=indicators[name].scale, own=own) for name, own in scales.items()
    )
    return changed, tuple(overrides)


def _with_scales(node: dict[str, Any], scales: Mapping[str, Scale]) -> dict[str, Any]:
    if "children" in node:
        return node | {"children": tuple(_with_scales(child, scales) for child in node["children"])}
    own = scales.get(node["id"])
    return node | {"scale": own.model_dump(by_alias=True)} if own else node


def _places(
    tree: Tree, scales: Mapping[str, Scale], document: Document | None
) -> Iterator[tuple[Key, Location]]:
    """Yield, for each replaced scale, its path in the tree and its place in the study."""

    def walk(key: Key, node: Any) -> Iterator[tuple[Key, Location]]:
        if node.id in scales:
            yield key, _place(document, node.id)
        for index, child in enumerate(getattr(node, "children", ())):
            yield from walk((*key, "children", index), child)

    return walk(("root",), tree.root)


def _place(document: Document | None, indicator: str) -> Location:
    return document.where(("scoring", "scales", indicator)) if document else Location(f"scales.{indicator}")
