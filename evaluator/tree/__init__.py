"""The indicator tree: its types, its YAML, its fingerprints, and the rules it must keep."""

from evaluator.tree.fingerprints import TreeChanges, group_fingerprint, tree_changes, tree_fingerprint
from evaluator.tree.loader import bundled, dump_tree, load_tree, load_with_positions
from evaluator.tree.suitability import suited
from evaluator.tree.types import Grade, Group, Indicator, Matrix, Tree

__all__ = [
    "Grade",
    "Group",
    "Indicator",
    "Matrix",
    "Tree",
    "TreeChanges",
    "bundled",
    "dump_tree",
    "group_fingerprint",
    "load_tree",
    "load_with_positions",
    "suited",
    "tree_changes",
    "tree_fingerprint",
]
