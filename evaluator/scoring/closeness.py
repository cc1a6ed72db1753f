"""TOPSIS on the leaves of a tree: the whole by its distance from the best and the worst score."""

from __future__ import annotations

from collections.abc import Iterator

import narwhals as nw

from evaluator.columns import Step, ratio, sums
from evaluator.scoring.model import Model
from evaluator.scoring.shares import shares


def closeness_steps(model: Model) -> Iterator[Step]:
    """Yield the steps that score the whole by closeness; none where its synthesis is another.

    Every leaf stands between the lowest and the highest score of the tree, the frozen reference,
    weighted by its share: C = d⁻ / (d⁺ + d⁻). Nobody's closeness depends on anybody else's.
    """
    tree = model.tree
    if not model.by_closeness:
        return
    yield from shares(model)
    low, high = tree.score_range
    up, down = [], []
    for leaf in tree.indicators:
        share = nw.col(f"share_{leaf.id}")
        height = share * ((nw.col(f"score_{leaf.id}").fill_null(low) - low) / (high - low))
        up.append(height * height)
        down.append((share - height) * (share - height))
    yield Step("distances", {"to_worst": sums(up).sqrt(), "to_best": sums(down).sqrt()})
    closeness = ratio(nw.col("to_worst"), nw.col("to_worst") + nw.col("to_best"))
    scored = nw.when(~nw.col(f"score_{tree.root.id}").is_null()).then(closeness * (high - low) + low)
    yield Step("closeness", {f"score_{tree.root.id}": scored})
