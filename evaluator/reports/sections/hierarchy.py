"""The indicator system as a picture and as a dictionary: what each indicator measures, and which way."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.reports.context import Context
from evaluator.tree import Group, Indicator


@dataclass(frozen=True)
class Node:
    """A node of the picture with its global weight and what lies below it."""

    id: str
    name: str
    weight: float
    axis: bool
    children: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Entry:
    """An indicator in the dictionary; `criteria` are the names above it, the highest first."""

    id: str
    name: str
    criteria: tuple[str, ...]
    definition: str
    measure: str
    unit: str
    direction: str
    missing: str
    source: str


@dataclass(frozen=True)
class Hierarchy:
    """The tree as it scored, and how far what it says can be relied on.

    `dropped` are the candidates that screening left out: name and reason.
    """

    name: str
    description: str
    status: str
    source: str
    root: Node
    entries: tuple[Entry, ...]
    dropped: tuple[tuple[str, str], ...] = ()


def build(context: Context) -> Hierarchy:
    """Return the indicator system of an evaluation."""
    tree, language = context.tree, context.language
    return Hierarchy(
        name=tree.name[language],
        description=tree.description[language] if tree.description else "",
        status=context.text(f"status.{tree.status}"),
        source=tree.source[language],
        root=_node(tree.root, context),
        entries=tuple(_entry(indicator, context) for indicator in tree.indicators),
        dropped=tuple((entry.name[language], entry.reason[language]) for entry in tree.dropped),
    )


def _node(node: Group | Indicator, context: Context) -> Node:
    below = node.children if isinstance(node, Group) else ()
    return Node(
        node.id,
        node.name[context.language],
        context.evaluation.model.global_[node.id],
        isinstance(node, Group) and node.axis is not None,
        tuple(_node(child, context) for child in below),
    )


def _entry(node: Indicator, context: Context) -> Entry:
    language = context.language
    return Entry(
        id=node.id,
        name=node.name[language],
        criteria=tuple(context.name(above) for above in context.tree.path(node.id)[1:-1]),
        definition=node.definition[language] if node.definition else "",
        measure=node.measure,
        unit=context.unit(node),
        direction=context.text(f"direction.{node.direction}"),
        missing=context.text(f"missing.{node.missing}"),
        source=node.source[language] if node.source else "",
    )
