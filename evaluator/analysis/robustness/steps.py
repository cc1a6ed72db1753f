"""Outcomes by the steps that score: for every model, whatever its synthesis, rules and leading score."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from evaluator.analysis.robustness.customers import GRADE, Customers, lazily, weighted
from evaluator.analysis.robustness.outcomes import Outcome
from evaluator.analysis.robustness.references import cuts_among, moving_cuts
from evaluator.analysis.robustness.scores import Draws
from evaluator.columns import Step, to_polars
from evaluator.scoring.fuzzy_steps import leaf_memberships
from evaluator.scoring.model import Model, ProfileWeights
from evaluator.scoring.score_steps import standing_steps, weighted_steps
from evaluator.scoring.synthesis import FILLED
from evaluator.tree import Group, Indicator, Tree
from evaluator.tree.profiles import DEFAULT


class BySteps:
    """Judges customers by running the scoring steps with weights and leaf scores as columns."""

    def __init__(self, customers: Customers) -> None:
        self._customers = customers
        model = customers.model
        # every weight is a column: the model is one whose default profile weighs each node
        varied = model.reweighted(
            model.local, (ProfileWeights(id=DEFAULT, values=(), local=dict(model.local)),)
        )
        drawn = [bool(column.any()) for column in customers.drawn.T]
        filled = [leaf.id for leaf, some in zip(model.tree.indicators, drawn, strict=True) if some]
        self._varied = _with_tree(varied, _filled(model.tree, filled)) if filled else varied
        self._leaves = self._marked(filled)

    def _marked(self, filled: list[str]) -> pl.DataFrame:
        """Return the leaves with what was observed of those that are drawn where they were missing."""
        places = [leaf.id for leaf in self._customers.model.tree.indicators]
        observed = self._customers.observed
        seen = {f"observed_{leaf}": observed[:, places.index(leaf)].astype(np.float64) for leaf in filled}
        return weighted(self._customers.leaves).with_columns(
            **{name: pl.Series(v) for name, v in seen.items()}
        )

    def outcomes(self, draws: Draws) -> Iterator[Outcome]:
        """Yield what customers come to in these draws: all of them at once."""
        joined = self._joined(draws)
        if draws.population is None or not moving_cuts(self._varied.tree):
            yield self._outcome(self._standing(joined, self._varied), draws.count)
            return
        count, parts = self._customers.count, []
        for row, places in enumerate(draws.population):
            own = joined.slice(row * count, count)
            parts.append(self._standing(own, self._refitted(own, places)))
        yield self._outcome(pl.concat(parts), draws.count)

    def _joined(self, draws: Draws) -> pl.DataFrame:
        """Return a row per draw and customer with everything up to the score of the whole."""
        count = self._customers.count
        frame = pl.concat([self._leaves] * draws.count)
        columns = {f"weight_{node}": values for node, values in self._weights(draws)}
        for leaf, moved in draws.scores.items():
            scores = np.tile(self._leaves[f"score_{leaf}"].cast(float).fill_null(np.nan), (draws.count, 1))
            scores[:, moved.columns] = moved.values
            columns[f"score_{leaf}"] = scores.reshape(draws.count * count)
        frame = frame.with_columns(
            pl.Series(name, values, nan_to_null=True) for name, values in columns.items()
        )
        return _run(frame, (*leaf_memberships(self._varied), *weighted_steps(self._varied)))

    def _weights(self, draws: Draws) -> Iterator[tuple[str, np.ndarray]]:
        profiles = np.empty(self._customers.count, dtype=object)
        for block in self._customers.blocks:
            profiles[block.columns] = block.profile
        for node in self._varied.local:
            values = np.empty((draws.count, self._customers.count))
            for profile, local in draws.local.items():
                values[:, profiles == profile] = local[node][:, None]
            yield node, values.reshape(-1)

    def _standing(self, joined: pl.DataFrame, model: Model) -> pl.DataFrame:
        kept = ["status", "score", *(f"class_{matrix.id}" for matrix in model.tree.matrices), GRADE]
        return _run(joined, standing_steps(model)).select(kept)

    def _refitted(self, joined: pl.DataFrame, places: np.ndarray) -> Model:
        """Return the model with cuts and bounds of grades read from these customers."""
        model = self._varied
        standing = _run(joined, standing_steps(model))
        sides = {side.axis for matrix in model.tree.matrices for side in (matrix.x, matrix.y)}
        columns = {axis: f"score_{model.tree.axes[axis].id}" for axis in sides} | {"score": "score"}
        rated = standing[places].filter(pl.col("status") == "rated")
        scores = {name: rated[column].drop_nulls().to_numpy() for name, column in columns.items()}
        cuts, bounds = cuts_among(model, scores)
        grades = [g.model_copy(update={"from_": b}) for g, b in zip(model.tree.grades, bounds, strict=True)]
        tree = model.tree.model_copy(update={"grades": tuple(grades)})
        return _with_tree(model, tree).model_copy(update={"cuts": cuts})

    def _outcome(self, standing: pl.DataFrame, draws: int) -> Outcome:
        shape = draws, self._customers.count
        rated = (standing["status"] == "rated").to_numpy()
        scores = np.where(rated, standing["score"].fill_null(np.nan).to_numpy(), np.nan)
        places = {}
        for what, options in self._customers.options.items():
            column = standing[what if what == GRADE else f"class_{what}"]
            numbers = column.replace_strict(options, range(len(options)), default=None, return_dtype=pl.UInt8)
            places[what] = numbers.fill_null(len(options)).to_numpy().reshape(shape)
        return Outcome(slice(0, self._customers.count), scores.reshape(shape), places)


def _run(frame: pl.DataFrame, steps: tuple[Step, ...]) -> pl.DataFrame:
    lazy = lazily(frame)
    for step in steps:
        lazy = lazy.with_columns(*(value.alias(name) for name, value in step.outputs.items()))
    return to_polars(lazy)


def _with_tree(model: Model, tree: Tree) -> Model:
    fields = {name: getattr(model, name) for name in type(model).model_fields}
    return Model.model_construct(**{**fields, "tree": tree})


def _filled(tree: Tree, leaves: list[str]) -> Tree:
    """Return a tree in which missing scores of these leaves are filled in, and count as not observed."""

    def changed(node: Group | Indicator) -> Group | Indicator:
        if isinstance(node, Group):
            return node.model_copy(update={"children": tuple(changed(child) for child in node.children)})
        return node.model_copy(update={"missing": FILLED[0]}) if node.id in leaves else node

    fields = {name: getattr(tree, name) for name in type(tree).model_fields}
    return Tree.model_construct(**{**fields, "root": changed(tree.root)})
