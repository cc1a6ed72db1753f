"""Fingerprints: which comparisons an answer belongs to, and which tree a model was made from."""

from __future__ import annotations

import hashlib
import json

from evaluator.tree.types import Group, Tree


def group_fingerprint(group: Group) -> str:
    """Return the fingerprint of a group: its id and the sorted ids of its children.

    Labels, scales, weights and the order of the children do not enter, so answers outlive them.
    """
    return _digest([group.id, sorted(child.id for child in group.children)])


def tree_fingerprint(tree: Tree) -> str:
    """Return the fingerprint of a whole tree as it scores: everything but its examples."""
    return _digest(tree.model_dump(mode="json", by_alias=True, exclude={"tests"}))


def _digest(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]
