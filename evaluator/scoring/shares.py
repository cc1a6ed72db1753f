"""Shares: what part of the whole each node has for one customer, and what each leaf adds to a score."""

from __future__ import annotations

from collections.abc import Iterator

import narwhals as nw

from evaluator.columns import Step, present, ratio, sums
from evaluator.scoring.model import Model
from evaluator.scoring.profiles import local_weight
from evaluator.scoring.synthesis import levels


def shares(model: Model) -> Iterator[Step]:
    """Yield the steps that give every node its share in the whole; a missing one hands it to its siblings.

    Column names: ``share_<node>``, 0 where the node has no score.
    """
    yield Step("shares", {f"share_{model.tree.root.id}": nw.lit(1.0)})
    for name, level in reversed(list(levels(model.tree))):
        outputs = {}
        for group in level:
            parts = {
                child.id: present(nw.col(f"score_{child.id}")) * local_weight(child.id, model)
                for child in group.children
            }
            whole = sums(list(parts.values()))
            for child, part in parts.items():
                outputs[f"share_{child}"] = nw.col(f"share_{group.id}") * ratio(part, whole).fill_null(0.0)
        yield Step(f"shares_{name}", outputs)


def contributions(model: Model) -> Iterator[Step]:
    """Yield the steps to what each leaf adds to the score before rules, where the leading score adds up.

    Column names: ``contribution_<indicator>``, null for those without a score. They follow the steps up
    the tree, see `score_steps.upward_steps`, and agree with `analysis.explain`.
    """
    if not model.additive:
        return
    yield from shares(model)
    counted = "fuzzy@" if model.leading == "fuzzy" else "score_"
    scored = ~nw.col("score" if not model.tree.rules else "unadjusted_score").is_null()
    yield Step(
        "contributions",
        {
            f"contribution_{leaf.id}": nw.when(scored).then(
                nw.col(f"share_{leaf.id}") * nw.col(f"{counted}{leaf.id}").fill_null(0.0)
            )
            for leaf in model.tree.indicators
        },
    )


def contribution_columns(model: Model) -> tuple[str, ...]:
    """Return the columns of what leaves add to a score; none where the score does not add up."""
    return tuple(f"contribution_{leaf.id}" for leaf in model.tree.indicators) if model.additive else ()
