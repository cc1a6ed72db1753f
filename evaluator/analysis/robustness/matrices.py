"""Outcomes by matrix products: where scores are weighted sums and rules look at nothing that is drawn.

A customer's score is then Σ w s over the leaves, in every draw, and its places are comparisons with cuts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from evaluator.analysis.robustness.customers import GRADE, Block, Customers
from evaluator.analysis.robustness.outcomes import Outcome, Places
from evaluator.analysis.robustness.places import Cells, Rules, grades_at
from evaluator.analysis.robustness.references import bounds_of, cuts_among, moving_cuts
from evaluator.analysis.robustness.scores import Draws
from evaluator.analysis.robustness.sums import ScoreRows, Sums
from evaluator.columns import names_of
from evaluator.scoring.model import MatrixCuts, Model
from evaluator.scoring.syntheses import SYNTHESES
from evaluator.scoring.synthesis import observable, synthesis_of
from evaluator.tree import Tree
from evaluator.tree.names import condition_names, read_amount, read_condition
from evaluator.tree.types import Bonus

Array = NDArray[np.float64]
Cuts = Mapping[str, tuple[Array, Array]]  # of every matrix, x and y: (cuts, draws or 1)

TILE, LEAST = 100_000, 64
"""So many draws times customers, and at least so many customers, are computed at once."""


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
    spoken = {name.name for part in (*said, *counted) if part is not None for name in names_of(part)}
    return any(names[name].what in ("score", "coverage") for name in spoken)


class ByMatrices:
    """Judges customers by matrix products, some at a time, so that what is computed of them stays near."""

    def __init__(self, customers: Customers) -> None:
        self._customers, self._model = customers, customers.model
        tree = self._model.tree
        self._axes = {side.axis: tree.axes[side.axis] for m in tree.matrices for side in (m.x, m.y)}
        self._stated = ScoreRows(customers, (tree.root, *self._axes.values()))
        self._weighed = [tree.root, *(axis for axis in tree.axes.values() if observable(axis, self._model))]
        self._excluded = (customers.results["status"] == "excluded").to_numpy()
        self._rules = Rules(customers)
        self._cells = {m.id: Cells(m, customers.options[m.id]) for m in tree.matrices}

    def outcomes(self, draws: Draws) -> Iterator[Outcome]:
        """Yield what customers come to in these draws, some customers after the other."""
        sums = Sums(self._stated, draws)
        cuts, bounds = self._references(sums, draws)
        for block in self._tiles(draws.count):
            whole, axes = self._scores(sums, block)
            places = dict(self._places(whole, axes, block.columns, cuts, bounds))
            if np.isnan(whole.min(initial=0.0)):
                unrated = np.isnan(whole)
                for what, own in places.items():
                    own[unrated] = len(self._customers.options[what])
            yield Outcome(block.columns, whole, places)

    def _tiles(self, draws: int) -> Iterator[Block]:
        """Yield parts of the blocks of which `TILE` cells are computed at once."""
        size = max(LEAST, TILE // draws)
        for block in self._customers.blocks:
            for start in range(block.columns.start, block.columns.stop, size):
                yield replace(block, columns=slice(start, min(start + size, block.columns.stop)))

    def _scores(self, sums: Sums, block: Block) -> tuple[Array, dict[str, Array]]:
        """Return the score of the whole after rules, NaN for who is not rated, and the axes' scores."""
        found = sums.of(block)
        whole = self._rules.adjusted(found[self._model.tree.root.id], block.columns)
        least = self._model.conventions.min_coverage
        for few in (self._excluded[block.columns], *(sums.lacking(g, block, least) for g in self._weighed)):
            if few is not None and few.any():
                whole = np.where(few, np.nan, whole)
        return whole, {axis: found[group.id] for axis, group in self._axes.items()}

    def _places(
        self, whole: Array, axes: Mapping[str, Array], columns: slice, cuts: Cuts, bounds: Array
    ) -> Iterator[tuple[str, Places]]:
        """Yield which grade, and which class of every matrix, scores come to."""
        yield GRADE, self._rules.capped(grades_at(whole, bounds), columns)
        for matrix in self._model.tree.matrices:
            found = self._cells[matrix.id].at(axes[matrix.x.axis], axes[matrix.y.axis], cuts[matrix.id])
            yield matrix.id, self._rules.settled(matrix, found, columns)

    def _references(self, sums: Sums, draws: Draws) -> tuple[Cuts, Array]:
        """Return cuts and bounds of grades, read again where the population is drawn."""
        model = self._model
        if draws.population is None or not moving_cuts(model.tree):
            return _columns([model.cuts]), np.array(bounds_of(model.tree))[:, None]
        parts = [self._scores(sums, block) for block in self._tiles(draws.count)]
        whole = np.concatenate([one for one, _ in parts], axis=1)
        axes = {axis: np.concatenate([own[axis] for _, own in parts], axis=1) for axis in self._axes}
        each = []
        for row, places in enumerate(draws.population):
            rated = places[~np.isnan(whole[row, places])]
            among = {axis: scores[row, rated] for axis, scores in axes.items()}
            known = {axis: scores[np.isfinite(scores)] for axis, scores in among.items()}
            each.append(cuts_among(model, {**known, "score": whole[row, rated]}))
        return _columns([cuts for cuts, _ in each]), np.array([bounds for _, bounds in each]).T


def _columns(each: list[Mapping[str, MatrixCuts]] | list[dict[str, MatrixCuts]]) -> Cuts:
    return {
        matrix: (np.array([cuts[matrix].x for cuts in each]).T, np.array([cuts[matrix].y for cuts in each]).T)
        for matrix in each[0]
    }
