"""Fit: read the population's statistics once and freeze them, with tree and weights, in a model."""

from __future__ import annotations

from datetime import date
from typing import Any

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from evaluator.columns import Entered, enter, finite, to_polars
from evaluator.errors import EvaluationError, Issue, raise_errors
from evaluator.scoring.checks import column_issues, content_issues, needed
from evaluator.scoring.classes import frozen_cuts, is_relative
from evaluator.scoring.model import Conventions, Distribution, Model, software_version
from evaluator.scoring.options import ScoringOptions
from evaluator.scoring.overrides import own_scales
from evaluator.scoring.score import rating_plan
from evaluator.tree import Tree, tree_fingerprint
from evaluator.tree.types import Percentile
from evaluator.weighing.weights import Weights

KNOTS = 101  # whole percents: finer knots cost time in every scoring and change no decision


def fit(
    tree: Tree,
    weights: Weights,
    measures: Any,
    *,
    options: ScoringOptions | None = None,
    as_of: date | None = None,
) -> Model:
    """Return the frozen model of a tree, its weights and the customers at hand.

    Parameters
    ----------
    measures : dataframe with ``id`` and one column per measure; the population behind percentile
        scales and relative cuts. Those are read from rated customers and never again.
    options : `min_coverage` and the study's own scales.
    as_of : the day the measures look back from, recorded in the model.

    Raises
    ------
    EvaluationError
        SCORE-611 to SCORE-616 as `check_measures`, SCORE-621 for nodes without a weight, SCORE-622 for
        a percentile scale without any customers, SCORE-623 where nobody is rated to cut an axis at,
        SCORE-624 and TREE-1xx as `own_scales`.

    >>> import polars as pl
    >>> from evaluator.tree import load_tree
    >>> from evaluator.weighing import weigh
    >>> tree = load_tree("current_value")
    >>> customers = pl.DataFrame({"id": ["a", "b"]} | {leaf.measure: [1.0, 2.0] for leaf in tree.indicators})
    >>> fit(tree, weigh(tree), customers).population
    2
    """
    options = options or ScoringOptions()
    tree, overrides = own_scales(tree, options.scales)
    local = _local(tree, weights)
    entered = enter(measures, needed(tree))
    raise_errors(tuple(column_issues(tree, entered)))
    raise_errors(tuple(content_issues(tree, entered)))
    model = Model(
        software=software_version(),
        fingerprint=tree_fingerprint(tree),
        tree=tree,
        local=local,
        conventions=_conventions(weights, options),
        distributions=_distributions(tree, entered),
        overrides=overrides,
        population=to_polars(entered.frame.select(nw.len())).item(),
        as_of=as_of,
    )
    return model.model_copy(update={"cuts": frozen_cuts(tree, _rated_scores(model, entered))})


def distribution(values: NDArray[np.float64]) -> Distribution:
    """Return the mid-rank distribution of known measures, at most `KNOTS` of its points.

    The share at a value is that of smaller values plus half of those equal to it. Beyond `KNOTS`
    different values, those nearest to evenly spaced shares are kept, the ends always; at a kept value
    the share is exact.

    >>> distribution(np.array([3.0, 1.0, 3.0, 8.0])).knots
    ((1.0, 0.125), (3.0, 0.5), (8.0, 0.875))
    """
    distinct, counts = np.unique(values, return_counts=True)
    shares = (np.cumsum(counts) - counts / 2) / len(values)
    if len(distinct) > KNOTS:
        wanted = np.linspace(shares[0], shares[-1], KNOTS)
        kept = np.unique(np.searchsorted(shares, wanted - 1e-12))
        distinct, shares = distinct[kept], shares[kept]
    return Distribution(knots=tuple(zip(distinct.tolist(), shares.tolist(), strict=True)), count=len(values))


def _local(tree: Tree, weights: Weights) -> dict[str, float]:
    lacking = [node for node in tree.nodes if node not in weights.local and node != tree.root.id]
    strange = [node for node in weights.local if node not in tree.nodes]
    if lacking or strange:
        detail = {"lacking": ", ".join(lacking) or "–", "strange": ", ".join(strange) or "–"}
        raise EvaluationError([Issue("SCORE-621", tree.id, detail)])
    return {node: 1.0 if node == tree.root.id else float(weights.local[node]) for node in tree.nodes}


def _conventions(weights: Weights, options: ScoringOptions) -> Conventions:
    return Conventions(
        source=weights.source,
        profile=weights.profile,
        method=weights.method,
        aggregation=weights.aggregation,
        min_coverage=options.min_coverage,
    )


def _distributions(tree: Tree, entered: Entered) -> dict[str, Distribution]:
    found, issues = {}, []
    for leaf in tree.indicators:
        if isinstance(leaf.scale, Percentile):
            column = to_polars(entered.frame.select(finite(nw.col(leaf.measure)).alias("measure")))["measure"]
            values = column.drop_nulls().to_numpy()
            if not len(column):
                issues.append(Issue("SCORE-622", leaf.measure, {"indicator": leaf.id}))
            found[leaf.id] = distribution(values) if len(values) else Distribution(knots=(), count=0)
    raise_errors(issues)
    return found


def _rated_scores(model: Model, entered: Entered) -> dict[str, NDArray[np.float64]]:
    """Return the rated customers' scores on the axes that are cut relatively."""
    sides = [axis for matrix in model.tree.matrices for axis in (matrix.x, matrix.y) if is_relative(axis)]
    columns = {side.axis: f"score_{model.tree.axes[side.axis].id}" for side in sides}
    if not columns:
        return {}
    rated = rating_plan(model, ("id",)).apply(entered.frame).filter(nw.col("status") == "rated")
    scores = to_polars(rated.select(*dict.fromkeys(columns.values())))
    return {axis: scores[column].drop_nulls().to_numpy() for axis, column in columns.items()}
