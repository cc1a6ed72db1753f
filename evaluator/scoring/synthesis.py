"""Synthesis: from the scores of the leaves up the tree, with what is missing and what was observed.

Column names: ``measure_``, ``score_``, ``beyond_`` and ``observed_`` before the id of a node.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

import narwhals as nw
import polars as pl

from evaluator.columns import Step, beyond, finite, polyline_on_polars, present, sums
from evaluator.scoring.model import Model
from evaluator.scoring.profiles import local_weight
from evaluator.scoring.scales import scored
from evaluator.scoring.syntheses import SYNTHESES, Children, sorting_layers
from evaluator.tree import Group, Indicator, Tree
from evaluator.tree.types import Lookup, Synthesis, Topsis, WeightedSum

Node = Group | Indicator

FILLED = ("neutral", "worst")
MANY = 24  # points from which searching a segment beats computing them all, see benchmarks/scales.py


def measures(tree: Tree) -> Step:
    """Return the step that reads each leaf's measure: text for categories, else finite numbers."""
    return Step("measures", {f"measure_{leaf.id}": measure(leaf) for leaf in tree.indicators})


def measure(leaf: Indicator) -> nw.Expr:
    """Return a leaf's measure from the frame: text for categories, else a finite number."""
    column = nw.col(leaf.measure)
    return column.cast(nw.String) if isinstance(leaf.scale, Lookup) else finite(column)


def scales(model: Model) -> Step:
    """Return the step that scores each measure, and flags those beyond the ends of their scale.

    A winsorised measure is scored as its limit, and one beyond it is flagged as well. Indicators that
    nobody had when the model was fitted have no score.
    """
    outputs: dict[str, nw.Expr] = {}
    on_polars: dict[str, pl.Expr] = {}
    for leaf in model.tree.indicators:
        if leaf.id in model.unobserved:
            outputs[f"score_{leaf.id}"] = nw.lit(None, nw.Float64)
            outputs[f"beyond_{leaf.id}"] = nw.lit(0, nw.Int16)
            continue
        measure, limits = nw.col(f"measure_{leaf.id}"), model.limits.get(leaf.id)
        result = scored(leaf.scale, measure.clip(*limits) if limits else measure, model.basis(leaf))
        outputs[f"score_{leaf.id}"] = result.score
        outputs[f"beyond_{leaf.id}"] = result.beyond
        if limits:
            outputs[f"beyond_{leaf.id}"] = nw.max_horizontal(result.beyond, beyond(measure, *limits))
        if len(result.points) >= MANY:
            value = pl.col(f"measure_{leaf.id}")
            value = value.clip(*limits) if limits else value
            on_polars[f"score_{leaf.id}"] = polyline_on_polars(value, result.points)
    return Step("scales", outputs, on_polars)


def fillings(model: Model) -> Iterator[Step]:
    """Yield the step that gives a missing leaf the score its tree states, where one does.

    A filled score counts in the synthesis, but not as observed.
    """
    low, high = model.tree.score_range
    outputs: dict[str, nw.Expr] = {}
    for leaf in model.tree.indicators:
        if model.missing(leaf) in FILLED:
            score = nw.col(f"score_{leaf.id}")
            outputs[f"observed_{leaf.id}"] = present(score)
            outputs[f"score_{leaf.id}"] = score.fill_null(
                (low + high) / 2 if leaf.missing == "neutral" else low
            )
    if outputs:
        yield Step("fillings", outputs)


def groups(model: Model) -> Iterator[Step]:
    """Yield one step per level of the tree, the deepest first: score and observed weight of each group.

    A group joins the scores its children have as its synthesis says: the weight of a missing child
    goes to its siblings, and a group of nothing but missing children is itself missing in its parent.
    A group over a missing leaf whose policy is ``exclude`` has no score. Where places count, the
    scores are sorted in steps before the level.
    """
    for name, level in levels(model.tree):
        yield from _sorted(name, [group for group in level if _is_ordered(group, model)], model)
        outputs: dict[str, nw.Expr] = {}
        for group in level:
            outputs[f"score_{group.id}"] = _unless_excluded(group, _joined(group, model), model)
            outputs[f"observed_{group.id}"] = sums(
                [_observed(child, model) * local_weight(child.id, model) for child in group.children]
            )
        yield Step(name, outputs)


def levels(tree: Tree) -> Iterator[tuple[str, list[Group]]]:
    """Yield the groups of each level of the tree under the name of the level, the deepest first."""
    depths: dict[int, list[Group]] = {}
    for group in tree.groups:
        depths.setdefault(len(tree.path(group.id)), []).append(group)
    for depth in sorted(depths, reverse=True):
        yield f"level_{depth}", depths[depth]


def clamped(tree: Tree) -> nw.Expr:
    """Return how many measures of a customer lay beyond the ends of their scale."""
    return sums([nw.col(f"beyond_{leaf.id}") for leaf in tree.indicators]).cast(nw.Int32)


def excluding(node: Node, model: Model) -> tuple[Indicator, ...]:
    """Return the leaves at or below a node without which a customer is not rated."""
    if isinstance(node, Indicator):
        return (node,) if model.missing(node) == "exclude" else ()
    return tuple(leaf for child in node.children for leaf in excluding(child, model))


def always_scored(node: Node, model: Model) -> bool:
    """True if a node has a score whatever is missing, so that its siblings never take its weight."""
    if isinstance(node, Indicator):
        return model.missing(node) in FILLED
    return not excluding(node, model) and any(always_scored(child, model) for child in node.children)


def observable(node: Node, model: Model) -> bool:
    """True if a node has an indicator that somebody had when the model was fitted."""
    if isinstance(node, Indicator):
        return node.id not in model.unobserved
    return any(observable(child, model) for child in node.children)


def _observed(node: Node, model: Model) -> nw.Expr:
    if isinstance(node, Group) or model.missing(node) in FILLED:
        return nw.col(f"observed_{node.id}")
    return present(nw.col(f"score_{node.id}"))


def synthesis_of(group: Group, model: Model) -> Synthesis:
    """Return how a group joins the scores of its children: its own word, the study's, the weighted sum."""
    if group.synthesis is not None:
        return group.synthesis
    stated = model.synthesis
    return WeightedSum(kind="weighted_sum") if stated is None or isinstance(stated, Topsis) else stated


def _joined(group: Group, model: Model) -> nw.Expr:
    synthesis = synthesis_of(group, model)
    low, high = model.tree.score_range
    children = Children(
        scores=tuple(nw.col(f"score_{child.id}") for child in group.children),
        weights=tuple(local_weight(child.id, model) for child in group.children),
        complete=all(always_scored(child, model) for child in group.children),
        low=low,
        high=high,
        ordered=tuple(nw.col(name) for name in _places(group)) if _is_ordered(group, model) else (),
    )
    return SYNTHESES[synthesis.kind].function(synthesis, children)


def _is_ordered(group: Group, model: Model) -> bool:
    return "ordered" in SYNTHESES[synthesis_of(group, model).kind].laws


def _places(group: Group) -> list[str]:
    return [f"place_{number}@{group.id}" for number in range(1, len(group.children) + 1)]


def _sorted(name: str, ordered: list[Group], model: Model) -> Iterator[Step]:
    """Yield the steps that put the children's scores of some groups in order, missing ones last."""
    last = model.tree.score_range[0] - 1.0
    filled = {
        place: nw.col(f"score_{child.id}").fill_null(last)
        for group in ordered
        for place, child in zip(_places(group), group.children, strict=True)
    }
    if filled:
        yield Step(f"{name}_places", filled)
        layers = zip_longest(*(sorting_layers(_places(group)) for group in ordered), fillvalue={})
        for number, layer in enumerate(layers):
            yield Step(
                f"{name}_sorted_{number}", {key: value for part in layer for key, value in part.items()}
            )


def _unless_excluded(group: Group, score: nw.Expr, model: Model) -> nw.Expr:
    for leaf in excluding(group, model):
        score = nw.when(~nw.col(f"score_{leaf.id}").is_null()).then(score)
    return score
