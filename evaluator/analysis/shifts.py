"""Sensitivity: what becomes of ranks, grades and classes when a weight at the top was different."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from evaluator.columns import enter, to_polars
from evaluator.scoring import Model, ranked, score
from evaluator.tree import Group

FIRST = 10


@dataclass(frozen=True)
class Shift:
    """What one changed weight does to the rated customers.

    Parameters
    ----------
    node : the criterion or indicator below the root whose weight is changed.
    change : by which share of itself.
    weight, changed : its weight among its siblings before and after; they share the difference.
    moved : how many customers have another rank, and `largest` the widest move.
    grades : how many have another grade.
    classes : how many have another class, by matrix.
    kept : how many of the first `FIRST` are still among them, of `first`.
    """

    node: str
    change: float
    weight: float
    changed: float
    rated: int
    moved: int
    largest: int
    grades: int
    classes: Mapping[str, int]
    kept: int
    first: int


def sensitivity(model: Model, measures: Any, *, change: float = 0.2) -> tuple[Shift, ...]:
    """Return what a change of each top-level weight, down and up, does to ranks, grades and classes.

    The siblings share what a weight loses or gains in proportion to their own weights; scales and cuts
    stay frozen as they are in the model. A weight never exceeds 1; without a weight, or without siblings
    that have one, there is no shift.

    Parameters
    ----------
    measures : the dataframe that was scored, with ``id`` and one column per measure.
    change : the share of itself by which each weight falls and rises, from 0 to 1.

    Raises
    ------
    EvaluationError
        as `scoring.score`.

    >>> import polars as pl
    >>> from evaluator.scoring import fit
    >>> from evaluator.tree import load_tree
    >>> from evaluator.weighing import weigh
    >>> tree = load_tree("current_value")
    >>> customers = pl.DataFrame({"id": ["a", "b"]} | {leaf.measure: [1.0, 2.0] for leaf in tree.indicators})
    >>> shifts = sensitivity(fit(tree, weigh(tree), customers), customers)
    >>> [(shift.node, shift.change) for shift in shifts][:2]
    [('profit_contribution', -0.2), ('profit_contribution', 0.2)]
    """
    frame = to_polars(enter(measures).frame)
    before = ranked(score(model, frame))
    children = movable(model, model.tree.root)
    return tuple(
        _shift(model, frame, before, child, signed) for child in children for signed in (-change, change)
    )


def movable(model: Model, group: Group) -> tuple[str, ...]:
    """Return the children of a group with a weight that they share with others."""
    somewhere = [model.local, *(entry.local for entry in model.profiles)]
    weighing = tuple(child.id for child in group.children if any(w.get(child.id) for w in somewhere))
    return weighing if len(weighing) > 1 else ()


def shifted(model: Model, node: str, change: float) -> Model:
    """Return the model with one weight changed by a share of itself, its siblings filling up.

    Where profiles weigh the node otherwise, each of their weights is changed alike.
    """
    siblings = [child.id for child in model.tree.parents[node].children if child.id != node]
    profiles = tuple(
        entry.model_copy(update={"local": moved(entry.local, node, siblings, change)})
        for entry in model.profiles
    )
    return model.reweighted(moved(model.local, node, siblings, change), profiles)


def moved(local: Mapping[str, float], node: str, siblings: list[str], change: float) -> dict[str, float]:
    """Return weights with that of a node changed by a share of itself.

    They stay as they are where the node has no weight here, or its siblings have none to share.
    """
    if node not in local:
        return dict(local)
    weight = min(1.0, local[node] * (1 + change))
    rest = sum(local[sibling] for sibling in siblings)
    if rest <= 0:
        return dict(local)
    moved = {sibling: local[sibling] * (1 - weight) / rest for sibling in siblings}
    return {**local, node: weight, **moved}


def _shift(model: Model, frame: pl.DataFrame, before: pl.DataFrame, node: str, change: float) -> Shift:
    other = shifted(model, node, change)
    both = before.join(ranked(score(other, frame)), on="id", suffix="_after").filter(
        pl.col("rank").is_not_null() & pl.col("rank_after").is_not_null()
    )
    moves = (both["rank_after"].cast(pl.Int64) - both["rank"].cast(pl.Int64)).abs().to_list()
    first = both.filter(pl.col("rank") <= FIRST)
    return Shift(
        node=node,
        change=change,
        weight=model.local[node],
        changed=other.local[node],
        rated=both.height,
        moved=sum(move > 0 for move in moves),
        largest=max(moves, default=0),
        grades=_differing(both, "grade"),
        classes=dict(_classes(model, both)),
        kept=first.filter(pl.col("rank_after") <= FIRST).height,
        first=first.height,
    )


def _classes(model: Model, both: pl.DataFrame) -> Iterator[tuple[str, int]]:
    for matrix in model.tree.matrices:
        yield matrix.id, _differing(both, f"class_{matrix.id}")


def _differing(both: pl.DataFrame, column: str) -> int:
    return both.filter(pl.col(column).ne_missing(pl.col(f"{column}_after"))).height
