"""What lifts a customer, as the page finds it: which classes are better, and scales it can read backwards.

The page tries the score of one indicator after the other (`templates/page/js/lifts.js`) and reads the measure
off the scale. So only scales of straight pieces are given, of indicators whose measure no rule reads.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Any

from evaluator.analysis.lifting import actionable, better_than
from evaluator.scoring.model import Model
from evaluator.tree import Indicator
from evaluator.tree.shapes import shape_of
from evaluator.tree.types import GRADE

Json = dict[str, Any]
STRAIGHT = ("line", "lines", "sides")


def lifts(model: Model, decides: str, read: Collection[str]) -> Json | None:
    """Return what a page needs to tell what would lift a customer; None where another class decides.

    Parameters
    ----------
    decides : what decides in the evaluation. read : the measures that rules read.
    """
    tree = model.tree
    if decides != tree.deciding:
        return None
    matrix = next((one for one in tree.matrices if one.id == decides), None)
    classes = [one.id for one in (tree.grades if decides == GRADE or matrix is None else matrix.classes)]
    scales = {leaf.id: found for leaf in actionable(model) if (found := _scale(leaf, model, read))}
    return {"better": {name: better_than(tree, name) for name in dict.fromkeys(classes)}, "scales": scales}


def _scale(leaf: Indicator, model: Model, read: Collection[str]) -> Json | None:
    shape = shape_of(leaf.scale, model.basis(leaf))
    points = (
        sorted({(float(at), float(score)) for at, score in shape.points}) if shape.join in STRAIGHT else []
    )
    if leaf.measure in read or len(points) < 2 or not all(map(math.isfinite, sum(points, ()))):
        return None
    return {"points": points, "up_to": leaf.actionable.up_to if leaf.actionable else None}
