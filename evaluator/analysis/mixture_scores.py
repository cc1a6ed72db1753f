"""Scores of all mixtures of two evaluations, and what each switch adds to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl
from numpy.typing import NDArray

from evaluator.analysis.mixtures import SWITCHES, Mixture, Side
from evaluator.analysis.shapley import coefficients, shapley
from evaluator.brief import Brief
from evaluator.columns import Step, StepPlan, finite, to_polars
from evaluator.measuring.grades import vote_column
from evaluator.scoring.model import Model
from evaluator.scoring.rules import rule_steps
from evaluator.scoring.score_steps import leaf_steps, upward_steps
from evaluator.scoring.synthesis import Node, measure
from evaluator.tree import Group
from evaluator.tree.names import attributes
from evaluator.tree.types import Lookup

Array = NDArray[np.floating[Any]]

CHUNK = 50_000  # customers mixed at once: to plan a mixture costs as much as to compute 20,000
LAST = "@last"
OF_DATA = ("values", "missing")
_OF_LEAVES = (*OF_DATA, "scales", "conventions")


@dataclass(frozen=True)
class Mixed(Brief):
    """What the switches did to the scores of customers in both evaluations.

    Parameters
    ----------
    switches : those that differ, in their order.
    scores : (m, 2) before gates: last and now; `shares` (m, 6) what each switch added, 0 where it is equal.
    axes : by axis (m, 6) what each switch added to its score, and by axis (m, 2) that score.
    halfway : (m,) whether some mixture gave no score.
    leaves : by switch (m, leaves) about how many points it moved through each indicator; of values what its
        weight times the change of its score gives, the share of it wherever the score is a sum.
    """

    switches: tuple[str, ...]
    scores: Array
    shares: Array
    axes: dict[str, tuple[Array, Array]]
    halfway: NDArray[np.bool_]
    leaves: dict[str, Array]


def cells(mixture: Mixture, last: Side, now: Side, ids: pl.Series) -> pl.DataFrame:
    """Return what both evaluations know of these customers, last time's under names that end in `LAST`.

    Columns are those the first step of scoring makes; what one of them did not know is null.
    """
    both = [_read(mixture, side.measures, ids) for side in (last, now)]
    return both[1].hstack(both[0].drop("id").rename(lambda name: f"{name}{LAST}"))


def _read(mixture: Mixture, measures: pl.DataFrame, ids: pl.Series) -> pl.DataFrame:
    tree, there = mixture.tree, set(measures.columns)
    columns: dict[str, nw.Expr] = {}
    for leaf in tree.indicators:
        kind = nw.String if isinstance(leaf.scale, Lookup) else nw.Float64
        columns[f"measure_{leaf.id}"] = measure(leaf) if leaf.measure in there else nw.lit(None, kind)
        if leaf.id in mixture.votes:
            for grade in tree.grades:
                name = vote_column(leaf, grade.id)
                cast = finite(nw.col(name)) if name in there else nw.lit(None, nw.Float64)
                columns[f"votes_{grade.id}@{leaf.id}"] = cast
    for entry in _attributes(mixture):
        text = entry.kind == "text"
        known = nw.col(entry.id).cast(nw.String) if text else finite(nw.col(entry.id))
        unknown = nw.lit(None, nw.String if text else nw.Float64)
        columns[f"attribute_{entry.id}"] = known if entry.id in there else unknown
    wanted = pl.DataFrame({"id": ids}).join(measures, on="id", how="left", maintain_order="left")
    frame = nw.from_native(wanted.lazy())
    return to_polars(frame.select("id", *(value.alias(name) for name, value in columns.items())))


def _attributes(mixture: Mixture) -> tuple[Any, ...]:
    found = {entry.id: entry for model in (mixture.last, mixture.now) for entry in attributes(model.tree)}
    return tuple(found.values())


def mixed(mixture: Mixture, known: pl.DataFrame) -> Mixed:
    """Return what every switch did to the score and the axes of these customers; see `cells`.

    With s switches that differ every customer is scored 2ˢ times, `CHUNK` customers at once. Where a mixture
    gives no score, because nothing that it weighs was observed, it counts as half the way.
    """
    switches = tuple(s for s in SWITCHES if s in {*_of_data(known), *mixture.switched})
    axes = [group.id for group in mixture.tree.axes.values()]
    parts = [
        _chunk(mixture, known.slice(start, CHUNK), switches, ["", *axes])
        for start in range(0, max(len(known), 1), CHUNK)
    ]
    worth = np.concatenate([part for part, _ in parts], axis=1)
    unknown = np.isnan(worth)
    ends = worth[..., [0, -1]]
    worth = np.where(unknown, ends.mean(-1, keepdims=True), worth)
    shares = np.zeros((*worth.shape[:2], len(SWITCHES)))
    shares[..., [SWITCHES.index(switch) for switch in switches]] = shapley(worth)
    names = list(mixture.tree.axes)
    return Mixed(
        switches=switches,
        scores=ends[0],
        shares=shares[0],
        axes={axis: (shares[n], ends[n]) for n, axis in enumerate(names, start=1)},
        halfway=unknown[0].any(-1),
        leaves={switch: np.concatenate([leaves[switch] for _, leaves in parts]) for switch in parts[0][1]},
    )


def _of_data(known: pl.DataFrame) -> Iterator[str]:
    """Yield values and missing where any cell differs, or stands on one side only."""
    pairs = [(pl.col(f"{name}{LAST}"), pl.col(name)) for name in cell_names(known)]
    unlike = pl.any_horizontal([(last != now).any() for last, now in pairs])
    lonely = pl.any_horizontal([(last.is_null() != now.is_null()).any() for last, now in pairs])
    found = known.select(values=unlike, missing=lonely).row(0, named=True)
    yield from (switch for switch, differs in found.items() if differs)


def cell_names(known: pl.DataFrame) -> list[str]:
    """Return the names of the columns that stand for both times in what `cells` returns."""
    return [name for name in known.columns if name != "id" and not name.endswith(LAST)]


def _chunk(
    mixture: Mixture, known: pl.DataFrame, switches: Sequence[str], nodes: Sequence[str]
) -> tuple[Array, dict[str, Array]]:
    """Return (nodes, customers, 2ˢ) scores of all mixtures, and what single switches did to the leaves.

    Leaves are scored once for all mixtures that differ further up only.
    """
    below = [s for s in switches if s in _OF_LEAVES or (s == "weights" and mixture.unlike_unobserved)]
    above = [s for s in switches if s not in below]
    worth = np.empty((len(nodes), len(known), 1 << len(switches)))
    single: dict[str, Array] = {}
    sums = _Sums(switches, len(known), len(mixture.tree.indicators))
    for lower in _subsets(below):
        model = mixture.model(lower)
        leaves = to_polars(_of_leaves(model, known, lower))
        scores = _leaf_scores(model, leaves)
        if len(lower) < 2:
            single["".join(lower)] = scores
        for upper in _subsets(above):
            chosen = {*lower, *upper}
            place = sum(1 << n for n, switch in enumerate(switches) if switch in chosen)
            mixture_model = mixture.model(chosen)
            found = to_polars(_upward(mixture_model, leaves))
            for n, node in enumerate(nodes):
                worth[n, :, place] = found[f"score_{node}" if node else "score"].to_numpy()
            sums.weigh(mixture_model, found, lower, place, scores)
        sums.add(lower, scores)
    through = _through_leaves(mixture, known, switches, single)
    return worth, {**through, "values": sums.parts} if "values" in switches else through


class _Sums:
    """What changed values add through each leaf where scores are sums: its weight × its change of score."""

    def __init__(self, switches: Sequence[str], customers: int, leaves: int) -> None:
        self.parts = np.zeros((customers, leaves))
        self._switch = switches.index("values") if "values" in switches else None
        self._counted = coefficients(len(switches))
        self._open: dict[tuple[str, ...], tuple[Array, Array]] = {}

    def weigh(
        self, model: Model, found: pl.DataFrame, lower: tuple[str, ...], place: int, scores: Array
    ) -> None:
        """Keep the weights of a mixture in which values stand at last, with what it counts for."""
        if self._switch is None or "values" in lower or not model.additive or model.leading == "fuzzy":
            return
        weights = -self._counted[place, self._switch] * _effective(model, found, scores)
        kept = self._open.get(lower)
        self._open[lower] = (weights if kept is None else kept[0] + weights), scores

    def add(self, lower: tuple[str, ...], scores: Array) -> None:
        """Add the change from the mixture with values at last to this one."""
        if (
            before := self._open.pop(tuple(s for s in lower if s != "values"), None)
            if "values" in lower
            else None
        ):
            self.parts += before[0] * np.nan_to_num(scores - before[1])


def _effective(model: Model, found: pl.DataFrame, scores: Array) -> Array:
    """Return (m, leaves) weights in the whole, after missing ones have handed theirs to their siblings."""
    leaves = {leaf.id: n for n, leaf in enumerate(model.tree.indicators)}
    weights = np.zeros_like(scores)

    def local(child: Node) -> Array:
        own = found[f"weight_{child.id}"].to_numpy() if child.id in model.varying else model.local[child.id]
        there = scores[:, leaves[child.id]] if child.id in leaves else found[f"score_{child.id}"].to_numpy()
        return np.where(np.isnan(there), 0.0, own)

    def divide(group: Group, share: Array) -> None:
        own = [local(child) for child in group.children]
        total = np.sum(own, axis=0)
        for child, weight in zip(group.children, own, strict=True):
            part = np.divide(share * weight, total, out=np.zeros_like(share), where=total > 0)
            if isinstance(child, Group):
                divide(child, part)
            else:
                weights[:, leaves[child.id]] = part

    divide(model.tree.root, np.ones(len(scores)))
    return weights


def _subsets(items: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return chain.from_iterable(combinations(items, size) for size in range(len(items) + 1))


def _of_leaves(model: Model, known: pl.DataFrame, chosen: Sequence[str]) -> nw.LazyFrame[Any]:
    """Return the scores of the leaves where these switches stand at now."""
    values, missing = ("" if switch in chosen else LAST for switch in OF_DATA)
    picked = {}
    for name in cell_names(known):
        both = ~nw.col(name).is_null() & ~nw.col(f"{name}{LAST}").is_null()
        picked[name] = nw.when(both).then(nw.col(f"{name}{values}")).otherwise(nw.col(f"{name}{missing}"))
    plan = StepPlan(("id",), (Step("mixed", picked), *leaf_steps(model)[1:]))
    return plan.apply(nw.from_native(known.lazy()))


def _upward(model: Model, leaves: pl.DataFrame) -> nw.LazyFrame[Any]:
    """Return the score of the whole before gates, those of all criteria, and weights that profiles vary."""
    plan = StepPlan(tuple(leaves.columns), (*upward_steps(model), *rule_steps(model)))
    groups = [f"score_{group.id}" for group in model.tree.groups]
    weights = [f"weight_{node}" for node in sorted(model.varying)]
    return plan.apply(nw.from_native(leaves.lazy())).select("score", *groups, *weights)


def _leaf_scores(model: Model, leaves: pl.DataFrame) -> Array:
    return leaves.select(f"score_{leaf.id}" for leaf in model.tree.indicators).to_numpy().astype(np.float64)


def _through_leaves(
    mixture: Mixture, known: pl.DataFrame, switches: Sequence[str], single: dict[str, Array]
) -> dict[str, Array]:
    """Return by switch about how many points it moved through each indicator: weight × change of score.

    What this orders is told in words only; the shares of the switches do not rest on it.
    """
    leaves = [leaf.id for leaf in mixture.tree.indicators]
    last, now = (np.array([m.global_.get(leaf, 0.0) for leaf in leaves]) for m in (mixture.last, mixture.now))
    first = single[""]
    found: dict[str, Array] = {
        switch: np.nan_to_num(single[switch] - first) * (last + now) / 2
        for switch in ("scales", "conventions")
        if switch in single
    }
    if "missing" in switches:
        found["missing"] = _lonely(known, leaves) * (last + now) / 2
    if "weights" in switches:
        mean = np.nanmean(np.where(np.isnan(first).all(1, keepdims=True), 0.0, first), axis=1, keepdims=True)
        found["weights"] = np.nan_to_num(first - mean) * (now - last)
    return found


def _lonely(known: pl.DataFrame, leaves: Sequence[str]) -> Array:
    """Return (m, leaves) 1 where an indicator is known in one evaluation only."""
    one = (
        (pl.col(f"measure_{leaf}").is_null() != pl.col(f"measure_{leaf}{LAST}").is_null()).cast(pl.Float64)
        for leaf in leaves
    )
    return known.select(column.alias(leaf) for leaf, column in zip(leaves, one, strict=True)).to_numpy()
