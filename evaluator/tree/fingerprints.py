"""Fingerprints: which comparisons an answer belongs to, and which tree a model was made from."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from evaluator.brief import Brief
from evaluator.tree.types import Group, Tree

# Words a tree may leave out. Later than schema 1, they leave the fingerprint of a tree without them alone.
_LATER = ("membership", "winsorise", "synthesis", "share", "attributes", "rules", "profiles")
# What is done with customers moves no score: a model stays valid when it changes.
_OUTSIDE = dict.fromkeys(("tests", "decides", "flags", "actions"), True) | {
    "grades": {"__all__": {"strategy"}}
}
_UNSCORED = ("actionable", "better")  # of indicators and classes: what would lift a customer moves no score


def group_fingerprint(group: Group) -> str:
    """Return the fingerprint of a group: its id and the sorted ids of its children.

    Labels, scales, weights and the order of the children do not enter, so answers outlive them.
    """
    return _digest([group.id, sorted(child.id for child in group.children)])


def tree_fingerprint(tree: Tree) -> str:
    """Return the fingerprint of a tree as it scores: everything but examples, actions and their like."""
    return _digest(_stated(tree.model_dump(mode="json", by_alias=True, exclude=_OUTSIDE)))


def _stated(data: Any) -> Any:
    """Return the dump of a tree without the later words it does not use."""
    if isinstance(data, dict):
        return {
            key: _stated(value)
            for key, value in data.items()
            if key not in _UNSCORED and not (key in _LATER and value in (None, []))
        }
    return [_stated(entry) for entry in data] if isinstance(data, list) else data


def _digest(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


@dataclass(frozen=True)
class TreeChanges(Brief):
    """What differs between two trees: ids that stand in one of them, ids that both score by, differently.

    Weights and labels do not count; what scores besides nodes is named ``score_range``, ``grades``,
    ``rules``, ``profiles`` and ``matrices``.
    """

    gone: tuple[str, ...]
    new: tuple[str, ...]
    changed: tuple[str, ...]

    def __bool__(self) -> bool:
        """True if anything differs."""
        return bool(self.gone or self.new or self.changed)


def tree_changes(one: Tree, other: Tree) -> TreeChanges:
    """Return what happened to a tree between one state and another.

    >>> from evaluator.tree import load_tree
    >>> changes = tree_changes(load_tree("current_value"), load_tree("customer_value"))
    >>> changes.gone, "potential_value" in changes.new, changes.changed
    ((), True, ('matrices',))
    """
    before, after = _scoring_parts(one), _scoring_parts(other)
    return TreeChanges(
        gone=tuple(name for name in before if name not in after),
        new=tuple(name for name in after if name not in before),
        changed=tuple(name for name in before if name in after and before[name] != after[name]),
    )


def _scoring_parts(tree: Tree) -> dict[str, object]:
    parts: dict[str, object] = {
        node.id: ([child.id for child in node.children], node.synthesis)
        if isinstance(node, Group)
        else (node.measure, node.direction, node.scale, node.missing, node.membership, node.winsorise)
        for node in tree.nodes.values()
    }
    # a share stands for the bound it came to in the model
    parts["grades"] = [(g.id, g.score, g.share or g.from_) for g in tree.grades]
    parts["score_range"], parts["profiles"] = tree.score_range, tree.profiles
    parts["rules"] = [tree.attributes, *(rule.model_dump(exclude={"name", "reason"}) for rule in tree.rules)]
    parts["matrices"] = [(m.id, m.x, m.y, [(c.id, c.x, c.y) for c in m.classes]) for m in tree.matrices]
    return parts
