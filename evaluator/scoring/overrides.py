"""The study's own scales in place of the tree's: money anchors belong to a company."""

from __future__ import annotations

from collections.abc import Mapping

from evaluator.documents import Document
from evaluator.scoring.model import Override
from evaluator.tree import Tree
from evaluator.tree.passes import Changes, changed
from evaluator.tree.types import Scale


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
        for ids that name no indicator, and scales that cannot be meant.
    """
    scaled = changed(tree, Changes(scales=scales, document=document))
    stated = {leaf.id: leaf.scale for leaf in tree.indicators}
    replaced = (Override(indicator=name, stated=stated[name], own=own) for name, own in scales.items())
    return scaled, tuple(replaced)
