"""Stability: who keeps grade and class when any one weight of the tree is a little different."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import narwhals as nw
import polars as pl

from evaluator.analysis.shifts import movable, moved
from evaluator.columns import Plan, Step, enter, to_polars
from evaluator.evaluation import Stability
from evaluator.scoring.model import Model, ProfileWeights
from evaluator.scoring.profiles import profile_steps
from evaluator.scoring.score_steps import leaf_steps, standing_steps, weighted_steps
from evaluator.tree.profiles import DEFAULT

MOST = 5_000
ROWS = 100_000  # customers times variants computed at once: memory stays small


def class_stability(model: Model, measures: Any, *, change: float = 0.1, most: int = MOST) -> Stability:
    """Return how firmly grades and classes stand when weights change, one at a time.

    The weight of every criterion and indicator that shares it with siblings falls and rises by a share of
    itself; they divide the difference in proportion to their own weights. Scales, cuts and rules stay
    frozen as they are in the model.

    Parameters
    ----------
    measures : the dataframe that was scored. change : share of the weight, from 0 to 1.
    most : how many customers are looked at; of more, every n-th.

    Raises
    ------
    EvaluationError
        as `scoring.score`.

    >>> from evaluator.scoring import fit
    >>> from evaluator.tree import load_tree
    >>> from evaluator.weighing import weigh
    >>> tree = load_tree("current_value")
    >>> frame = pl.DataFrame({"id": ["a", "b"]} | {leaf.measure: [1.0, 2.0] for leaf in tree.indicators})
    >>> found = class_stability(fit(tree, weigh(tree), frame), frame)
    >>> found.variants == 2 * len(found.nodes)
    True
    """
    nodes = tuple(child for group in model.tree.groups for child in movable(model, group))
    variants = [("", 0.0), *((node, signed) for node in nodes for signed in (-change, change))]
    weights = pl.DataFrame(list(_weights(model, variants)), infer_schema_length=None)
    leaves = _leaves(model, measures)
    kept = ["grade", *(f"class_{matrix.id}" for matrix in model.tree.matrices)]
    known = _standing(model, leaves, weights.filter(pl.col("variant") == 0), kept)
    rated = known.filter(pl.col("status") == "rated")
    looked = rated.gather_every(max(1, -(-rated.height // most)))
    chosen = leaves.filter(pl.col("id").is_in(looked["id"].implode()))
    size = max(1, ROWS // max(1, len(variants)))
    parts = [_standing(model, part, weights, kept) for part in chosen.iter_slices(size)]
    whole = pl.concat(parts) if parts else known.clear()
    compared = whole.filter(pl.col("variant") > 0).join(looked, on="id", suffix="_before")
    same = [pl.col(column).eq_missing(pl.col(f"{column}_before")).alias(column) for column in kept]
    compared = compared.select("id", "variant", *same)
    return Stability(
        change=change,
        nodes=nodes,
        variants=len(variants) - 1,
        customers=compared.group_by("id", maintain_order=True).agg(pl.col(kept).mean()),
        changes=_changes(compared, variants[1:], kept),
        rated=rated.height,
    )


def _leaves(model: Model, measures: Any) -> pl.DataFrame:
    """Return customers with their leaves scored and, where there are profiles, the profile they have."""
    scored = Plan(("id",), leaf_steps(model)).apply(enter(measures).frame)
    for step in profile_steps(model):
        scored = _with(scored, step)
    frame = to_polars(scored)
    return frame.drop(name for name in frame.columns if name.startswith("weight_"))


def _weights(model: Model, variants: list[tuple[str, float]]) -> Iterator[dict[str, Any]]:
    """Yield the weights of every variant, by profile where there are any."""
    profiles = [DEFAULT, *(entry.id for entry in model.profiles)]
    for profile in profiles:
        local = model.of_profile(profile).local
        for number, (node, change) in enumerate(variants):
            parent = model.tree.parents.get(node)
            siblings = [child.id for child in parent.children if child.id != node] if parent else []
            changed = moved(local, node, siblings, change)
            yield {"profile": profile, "variant": number} | {f"weight_{n}": w for n, w in changed.items()}


def _standing(model: Model, leaves: pl.DataFrame, weights: pl.DataFrame, kept: list[str]) -> pl.DataFrame:
    """Return grade and classes of customers under every variant."""
    varied = model.reweighted(model.local, (ProfileWeights(id=DEFAULT, values=(), local=dict(model.local)),))
    if model.profiles:
        frame = leaves.join(weights, on="profile")
    else:
        frame = leaves.join(weights.drop("profile"), how="cross")
    lazy = nw.from_native(frame.lazy())
    for step in (*weighted_steps(varied), *standing_steps(varied)):
        lazy = _with(lazy, step)
    return to_polars(lazy.select("id", "variant", "status", *kept))


def _with(frame: nw.LazyFrame[Any], step: Step) -> nw.LazyFrame[Any]:
    return frame.with_columns(*(value.alias(name) for name, value in step.outputs.items()))


def _changes(compared: pl.DataFrame, variants: list[tuple[str, float]], kept: list[str]) -> pl.DataFrame:
    changed = compared.group_by("variant").agg((~pl.col(kept)).sum())
    names = pl.DataFrame(
        [(number, node, change) for number, (node, change) in enumerate(variants, start=1)],
        schema={"variant": pl.Int64, "node": pl.String, "change": pl.Float64},
        orient="row",
    )
    joined = names.join(changed, on="variant", how="left", maintain_order="left")
    return joined.select("node", "change", pl.col(kept).fill_null(0).cast(pl.Int64))
