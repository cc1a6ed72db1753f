"""Outcomes by matrix products: where scores are weighted sums and rules look at nothing that is drawn.

A customer's score is then Σ w s over the leaves, in every draw; all customers of a block share their weights,
so that a block's scores are one product of draws × leaves and leaves × customers.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from evaluator.analysis.robustness.customers import GRADE, Block, Customers
from evaluator.analysis.robustness.outcomes import Outcome
from evaluator.analysis.robustness.places import Rules, classes_at, grades_at
from evaluator.analysis.robustness.references import bounds_of, cuts_among, moving_cuts
from evaluator.analysis.robustness.scores import Draws
from evaluator.analysis.robustness.weights import Local, shares
from evaluator.columns import reaches, spoken_of
from evaluator.scoring.model import MatrixCuts, Model
from evaluator.scoring.syntheses import SYNTHESES
from evaluator.scoring.synthesis import observable, synthesis_of
from evaluator.tree import Group, Tree
from evaluator.tree.names import condition_names, read_amount, read_condition
from evaluator.tree.types import Bonus

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Cuts = Mapping[str, tuple[Array, Array]]  # of every matrix, x and y: (cuts, draws or 1)


def is_linear(model: Model) -> bool:
    """Whether `ByMatrices` can judge the customers of a model."""
    sums = all("additive" in SYNTHESES[synthesis_of(g, model).kind].laws for g in model.tree.groups)
    return sums and not model.by_closeness and not fuzzy_leads(model) and not looks_at_scores(model.tree)


def fuzzy_leads(model: Model) -> bool:
    """Whether the score that decides is the fuzzy one."""
    return model.fuzzy is not None and model.leading == "fuzzy"


def looks_at_scores(tree: Tree) -> bool:
    """Whether a rule looks at scores or coverage, which differ between draws."""
    names = condition_names(tree)
    said = [read_condition(rule, tree) for rule in tree.rules]
    counted = [read_amount(rule, tree) for rule in tree.rules if isinstance(rule, Bonus)]
    spoken = {name.name for part in (*said, *counted) if part is not None for name in spoken_of(part)}
    return any(names[name].what in ("score", "coverage") for name in spoken)


class ByMatrices:
    """Judges customers by matrix products."""

    def __init__(self, customers: Customers) -> None:
        self._customers, self._model = customers, customers.model
        tree = self._model.tree
        self._leaves = {leaf.id: place for place, leaf in enumerate(tree.indicators)}
        known = np.where(customers.drawn | np.isnan(customers.scores), 0.0, customers.scores)
        self._scores = np.ascontiguousarray(known.T)
        self._excluded = (customers.results["status"] == "excluded").to_numpy()
        self._axes = {side.axis: tree.axes[side.axis] for m in tree.matrices for side in (m.x, m.y)}
        self._rules = Rules(customers)

    def outcome(self, draws: Draws) -> Outcome:
        """Return what every customer comes to in these draws."""
        nodes = {group.id: group for group in (self._model.tree.root, *self._axes.values())}
        scores = {name: np.empty((draws.count, self._customers.count)) for name in nodes}
        unrated = np.broadcast_to(self._excluded, (draws.count, self._customers.count)).copy()
        for block in self._customers.blocks:
            local = draws.local[block.profile]
            unrated[:, block.columns] |= ~self._enough(local, block)[:, None]
            for name, group in nodes.items():
                scores[name][:, block.columns] = self._block(group, block, local, draws)
        whole = self._rules.adjusted(scores[self._model.tree.root.id])
        unrated |= np.isnan(whole)
        axes = {axis: scores[group.id] for axis, group in self._axes.items()}
        cuts, bounds = self._references(draws, whole, axes, unrated)
        places = {GRADE: self._rules.capped(grades_at(whole, bounds))}
        for matrix in self._model.tree.matrices:
            x, y = axes[matrix.x.axis], axes[matrix.y.axis]
            options = self._customers.options[matrix.id]
            places[matrix.id] = self._rules.settled(
                matrix, classes_at(matrix, options, x, y, cuts[matrix.id])
            )
        for what, place in places.items():
            place[unrated] = len(self._customers.options[what])
        return Outcome(np.where(unrated, np.nan, whole), places)

    def _block(self, group: Group, block: Block, local: Local, draws: Draws) -> Array:
        """Return the scores of a criterion for the customers of a block, (draws, customers)."""
        found = shares(group, local, dict(zip(self._leaves, block.scored.tolist(), strict=True)))
        if not found:
            return np.full((draws.count, block.columns.stop - block.columns.start), np.nan)
        weights = np.stack([np.broadcast_to(share, draws.count) for share in found.values()], axis=1)
        moved = {
            place: (own := draws.scores[leaf], _within(own.columns, block.columns))
            for place, leaf in enumerate(found)
            if leaf in draws.scores
        }
        width = block.columns.stop - block.columns.start
        whole = {place for place, (_, within) in moved.items() if within.stop - within.start == width}
        fixed = [place for place in range(len(found)) if place not in whole]
        stated = self._stated([self._leaves[leaf] for leaf in found], block)
        scores = np.asarray(weights[:, fixed] @ stated[fixed])
        term = np.empty_like(scores)
        for place, (own, within) in moved.items():
            if place in whole:
                scores += np.multiply(own.values[:, within], weights[:, [place]], out=term)
            else:
                columns = own.columns[within] - block.columns.start
                scores[:, columns] += weights[:, [place]] * (own.values[:, within] - stated[place, columns])
        return scores

    def _stated(self, rows: list[int], block: Block) -> Array:
        """Return the scores of some indicators for a block; neighbouring ones are not copied."""
        if rows and rows == list(range(rows[0], rows[-1] + 1)):
            return self._scores[rows[0] : rows[-1] + 1, block.columns]
        return self._scores[rows][:, block.columns]

    def _enough(self, local: Local, block: Block) -> Mask:
        """Return in which draws enough was observed of the whole and of every axis."""
        tree, least = self._model.tree, self._model.conventions.min_coverage
        watched = [group for group in tree.axes.values() if observable(group, self._model)]
        enough = np.ones(len(local[tree.root.id]), dtype=np.bool_)
        for group in (tree.root, *watched):
            whole = shares(group, local, dict.fromkeys(self._leaves, True))
            seen = [share for leaf, share in whole.items() if block.observed[self._leaves[leaf]]]
            enough &= reaches(np.sum(seen, axis=0) if seen else np.zeros(1), least)
        return enough

    def _references(
        self, draws: Draws, whole: Array, axes: Mapping[str, Array], unrated: Mask
    ) -> tuple[Cuts, Array]:
        """Return cuts and bounds of grades, read again where the population is drawn."""
        model = self._model
        if draws.population is None or not moving_cuts(model.tree):
            return _columns([model.cuts]), np.array(bounds_of(model.tree))[:, None]
        each = []
        for row, places in enumerate(draws.population):
            rated = places[~unrated[row, places]]
            among = {axis: scores[row, rated] for axis, scores in axes.items()}
            known = {axis: scores[np.isfinite(scores)] for axis, scores in among.items()}
            each.append(cuts_among(model, {**known, "score": whole[row, rated]}))
        return _columns([cuts for cuts, _ in each]), np.array([bounds for _, bounds in each]).T


def _within(columns: NDArray[np.intp], block: slice) -> slice:
    """Return which of some rising places lie in a block."""
    first, last = np.searchsorted(columns, (block.start, block.stop))
    return slice(int(first), int(last))


def _columns(each: list[Mapping[str, MatrixCuts]] | list[dict[str, MatrixCuts]]) -> Cuts:
    return {
        matrix: (np.array([cuts[matrix].x for cuts in each]).T, np.array([cuts[matrix].y for cuts in each]).T)
        for matrix in each[0]
    }
