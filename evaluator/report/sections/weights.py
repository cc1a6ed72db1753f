"""The weight of every criterion and indicator among its siblings and in the total."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.report import charts
from evaluator.report.context import Context
from evaluator.tree import Group


@dataclass(frozen=True)
class Row:
    """A node below the root; `level` is 1 directly below it. `branch` is the criterion of level 1 above."""

    id: str
    name: str
    level: int
    leaf: bool
    branch: str
    local: float
    global_: float


@dataclass(frozen=True)
class Weights:
    """The weights and where they come from."""

    given: bool
    source: str
    method: str
    rows: tuple[Row, ...]


def build(context: Context) -> Weights:
    """Return the weights of an evaluation."""
    weights, tree = context.evaluation.weights, context.tree
    given = weights.source == "given"
    return Weights(
        given=given,
        source=tree.weights_source[context.language] if given and tree.weights_source else "",
        method="" if given else context.text("weights.from_experts", count=len(context.experts)),
        rows=tuple(_row(node_id, context) for node_id in list(tree.nodes)[1:]),
    )


def draw(weights: Weights, context: Context) -> tuple[charts.Chart, ...]:
    """Return the indicators by their weight in the total."""
    bars = tuple(charts.Bar(row.name, row.branch, row.global_) for row in weights.rows if row.leaf)
    return (charts.bars("weights", bars, context.text),)


def _row(node_id: str, context: Context) -> Row:
    path = context.tree.path(node_id)
    return Row(
        id=node_id,
        name=context.name(node_id),
        level=len(path) - 1,
        leaf=not isinstance(context.tree.nodes[node_id], Group),
        branch=context.name(path[1]),
        local=context.evaluation.weights.local[node_id],
        global_=context.evaluation.weights.global_[node_id],
    )
