"""The names that conditions may speak of, and what each of them means in a tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evaluator.columns import Condition, Kind, Value, amount, condition, names_of
from evaluator.errors import Location
from evaluator.tree.rules import Attribute, Bonus, Rule
from evaluator.tree.types import Group, Lookup, Tree


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a name means: the measure of an indicator, an attribute, the score of a node, a coverage.

    `of` is the indicator, attribute or node; of a coverage the axis, and the root for the whole.
    """

    what: Literal["measure", "attribute", "score", "coverage"]
    of: str
    kind: Kind = "number"


def condition_names(tree: Tree) -> dict[str, Meaning]:
    """Return the names a tree's conditions may use.

    A name is first an attribute or a measure; else a criterion, axis or indicator stands for its score.
    ``score`` and ``coverage`` are those of the whole before any rule; ``score_<node>`` and
    ``coverage_<axis>`` those of a part.

    >>> from evaluator.tree import load_tree
    >>> names = condition_names(load_tree("customer_value"))
    >>> names["overdue_share"].what, names["current"].what, names["contract"].kind
    ('measure', 'score', 'text')
    """
    root = tree.root.id
    names = {"score": Meaning("score", root), "coverage": Meaning("coverage", root)}
    names |= {
        attribute.id: Meaning("attribute", attribute.id, attribute.kind) for attribute in attributes(tree)
    }
    for leaf in tree.indicators:
        kind: Kind = "text" if isinstance(leaf.scale, Lookup) else "number"
        names.setdefault(leaf.measure, Meaning("measure", leaf.id, kind))
    for axis, group in tree.axes.items():
        names.setdefault(axis, Meaning("score", group.id))
        names.setdefault(f"coverage_{axis}", Meaning("coverage", axis))
    for node in sorted(tree.nodes.values(), key=lambda node: not isinstance(node, Group)):
        names.setdefault(node.id, Meaning("score", node.id))
        names.setdefault(f"score_{node.id}", Meaning("score", node.id))
    return names


def text_columns(tree: Tree) -> set[str]:
    """Return the measures and attributes of a tree that are words, not numbers."""
    measures = {leaf.measure for leaf in tree.indicators if isinstance(leaf.scale, Lookup)}
    return measures | {entry.id for entry in attributes(tree) if entry.kind == "text"}


def attributes(tree: Tree) -> tuple[Attribute, ...]:
    """Return the attributes a tree reads: those it declares, and the one its profiles go by."""
    declared = tree.attributes
    if tree.profiles is None or any(entry.id == tree.profiles.by for entry in declared):
        return declared
    if any(leaf.measure == tree.profiles.by for leaf in tree.indicators):
        return declared
    by = tree.profiles.by
    return (*declared, Attribute.model_validate({"id": by, "name": by, "kind": "text"}))


def read_condition(rule: Rule, tree: Tree, where: Location | None = None) -> Condition:
    """Return when a rule holds; raises as `columns.condition`."""
    return condition(rule.when, _kinds(tree), where=where)


def read_amount(rule: Bonus, tree: Tree, where: Location | None = None) -> Value | None:
    """Return what counts the points of a bonus, where something does; raises as `columns.amount`."""
    return None if rule.per is None else amount(rule.per, _kinds(tree), where=where)


def attributes_named(tree: Tree) -> frozenset[str]:
    """Return the attributes that rules or profiles need."""
    said: list[Condition | Value | None] = [read_condition(rule, tree) for rule in tree.rules]
    said += [read_amount(rule, tree) for rule in tree.rules if isinstance(rule, Bonus)]
    spoken = {name.name for part in said if part is not None for name in names_of(part)}
    spoken |= {tree.profiles.by} if tree.profiles else set()
    return frozenset(entry.id for entry in attributes(tree) if entry.id in spoken)


def _kinds(tree: Tree) -> dict[str, Kind]:
    return {name: meaning.kind for name, meaning in condition_names(tree).items()}
