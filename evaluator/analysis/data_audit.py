"""The audit of a tree against data: independence, discrimination, coverage, and the raters.

It looks at measures, not at scores: ranks do not care how a rising scale bends, and what two measures
share, no scale takes apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evaluator.customers.ranks import spearman_pairs
from evaluator.measuring.far_values import beyond
from evaluator.measuring.measures import Measured
from evaluator.scoring.scales import reach
from evaluator.tree import Indicator, Tree
from evaluator.tree.audit import acknowledge, audit_tree
from evaluator.tree.principles import PRINCIPLES, Finding, at
from evaluator.tree.shapes import Basis, shape_of
from evaluator.tree.types import RELATIVE, Graded

LEAST_CUSTOMERS = 10  # fewer show no correlation, and no lack of differences
LOOKED_AT = 20_000  # customers at even distances tell a correlation as well as millions do
MOST_CORRELATED, MOST_INFLATED = 0.8, 10.0
MOST_ALIKE, MOST_BEYOND, MOST_MISSING = 0.9, 0.25, 0.3  # shares of the customers
LEAST_RATERS, MOST_SPREAD = 3, 20.0  # spread in points of score


def audit(
    tree: Tree,
    measured: Measured | None = None,
    *,
    weights: Mapping[str, float] | None = None,
    today: date | None = None,
) -> tuple[Finding, ...]:
    """Return what the audit finds in a tree, and in the measures of customers where there are any.

    Parameters
    ----------
    measured : one row per customer; correlations and shares need ten of them.
    weights : global weights by node. Default: the tree's given ones.
    today : the day a review may be due on.

    References
    ----------
    Belsley, D.A., Kuh, E., Welsch, R.E. (1980), Regression Diagnostics. doi:10.1002/0471725153 (VIF)
    """
    found = [*audit_tree(tree, weights=weights, today=today)]
    if measured is not None:
        found.extend(acknowledge(tree, audit_data(tree, measured)))
    return tuple(sorted(found, key=lambda finding: PRINCIPLES.index(finding.principle)))


def audit_data(tree: Tree, measured: Measured) -> Iterator[Finding]:
    """Yield what the measures show: each finding names the indicator and the figure."""
    frame = measured.frame
    if frame.height >= LEAST_CUSTOMERS:
        some = frame.gather_every(-(-frame.height // LOOKED_AT))
        yield from _correlated(tree, some)
        yield from _collinear(tree, some)
        yield from _alike(tree, frame)
        yield from _beyond_ends(tree, frame)
    if frame.height:
        yield from _missing(tree, frame)
    yield from _raters(tree, measured.raters)


def _known(frame: pl.DataFrame) -> dict[str, int]:
    """Return how many values each column has."""
    return {name: frame.height - gaps for name, gaps in frame.null_count().row(0, named=True).items()}


def _numeric(tree: Tree, frame: pl.DataFrame) -> list[Indicator]:
    """Return the leaves whose measure is a number that differs between customers, one per measure."""
    leaves = {leaf.measure: leaf for leaf in tree.indicators}
    measures = frame.select(list(leaves))
    ends = zip(measures.dtypes, measures.min().row(0), measures.max().row(0), strict=True)
    return [
        leaf
        for leaf, (dtype, least, most) in zip(leaves.values(), ends, strict=True)
        if dtype.is_numeric() and least != most
    ]


def _correlated(tree: Tree, frame: pl.DataFrame) -> Iterator[Finding]:
    """correlated: siblings whose ranks go together, over the customers who have both."""
    numeric = {leaf.id: leaf for leaf in _numeric(tree, frame)}
    for group in tree.groups:
        siblings = [numeric[child.id] for child in group.children if child.id in numeric]
        if len(siblings) < 2:
            continue
        columns = [frame[leaf.measure].cast(pl.Float64).to_numpy() for leaf in siblings]
        rho, rows = spearman_pairs(np.column_stack(columns))
        for a, b in np.argwhere(np.triu((rows >= LEAST_CUSTOMERS) & (np.abs(rho) > MOST_CORRELATED), 1)):
            yield at("correlated", siblings[a], other=siblings[b].name, rho=f"{rho[a, b]:.2f}",
                     customers=int(rows[a, b]))  # fmt: skip


def _collinear(tree: Tree, frame: pl.DataFrame) -> Iterator[Finding]:
    """collinear: an indicator that the others together nearly tell, over the customers who have all."""
    known = _known(frame)
    leaves = [leaf for leaf in _numeric(tree, frame) if 2 * known[leaf.measure] > frame.height]
    complete = frame.select(leaf.measure for leaf in leaves).drop_nulls()
    if len(leaves) < 3 or complete.height < max(LEAST_CUSTOMERS, 3 * len(leaves)):
        return
    ranks = complete.select(pl.all().rank("average")).to_numpy()
    kept = ranks.std(0) > 0
    for leaf, vif in zip(np.array(leaves, dtype=object)[kept], inflation(ranks[:, kept]), strict=True):
        if vif > MOST_INFLATED:
            shown = f"{vif:.1f}" if vif < 1000 else "> 1000"
            yield at("collinear", leaf, vif=shown, customers=complete.height)


def inflation(X: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the variance inflation factor of each column: (n, p) → (p,), at least 1, inf where exact.

    1 / (1 − R²) of the column on all others. Columns are not constant.

    >>> inflation(np.array([[1.0, 1.0], [2.0, -1.0], [3.0, -1.0], [4.0, 1.0]])).round(9).tolist()
    [1.0, 1.0]
    """
    Z = (X - X.mean(0)) / X.std(0)
    _, lengths, directions = np.linalg.svd(Z, full_matrices=False)
    lengths = np.maximum(lengths, lengths[0] * 1e-12)  # of directions in which no row differs
    factors = len(Z) * ((directions / lengths[:, None]) ** 2).sum(0)
    return np.where(factors < 1e12, np.maximum(factors, 1.0), np.inf)


def _alike(tree: Tree, frame: pl.DataFrame) -> Iterator[Finding]:
    """no_discrimination: a measure of which nearly all customers have the same value."""
    measures = list(dict.fromkeys(leaf.measure for leaf in tree.indicators))
    most = frame.select(pl.col(measures).drop_nulls().unique_counts().max()).row(0, named=True)
    known = _known(frame)
    for leaf in tree.indicators:
        there = known[leaf.measure]
        if there >= LEAST_CUSTOMERS and (share := most[leaf.measure] / there) > MOST_ALIKE:
            yield at("no_discrimination", leaf, share=f"{share:.0%}")


def _beyond_ends(tree: Tree, frame: pl.DataFrame) -> Iterator[Finding]:
    """beyond_ends: anchors that do not reach where the customers are; scales of the population do."""
    basis, known, schema = Basis(*tree.score_range), _known(frame), frame.schema
    fixed = [
        leaf
        for leaf in tree.indicators
        if not isinstance(leaf.scale, (*RELATIVE, Graded))
        and schema[leaf.measure].is_numeric()
        and known[leaf.measure] >= LEAST_CUSTOMERS
    ]
    reached = ((leaf, reach(shape_of(leaf.scale, basis))) for leaf in fixed)
    ends = [(leaf, found) for leaf, found in reached if found]
    counts = beyond(frame, [(leaf.measure, *found) for leaf, found in ends])
    for (leaf, _), count in zip(ends, counts, strict=True):
        if (share := count / known[leaf.measure]) > MOST_BEYOND:
            yield at("beyond_ends", leaf, share=f"{share:.0%}")


def _missing(tree: Tree, frame: pl.DataFrame) -> Iterator[Finding]:
    known = _known(frame)
    for leaf in tree.indicators:
        share = (frame.height - known[leaf.measure]) / frame.height
        if share > MOST_MISSING:
            yield at("missing", leaf, share=f"{share:.0%}")


def _raters(tree: Tree, raters: pl.DataFrame) -> Iterator[Finding]:
    """few_raters, raters_disagree: by the customer in the middle."""
    rated = raters.partition_by("indicator", as_dict=True) if raters.height else {}
    for leaf in tree.indicators:
        if (rows := rated.get((leaf.id,))) is None:
            continue
        number = float(np.median(rows["raters"].to_numpy()))
        if number < LEAST_RATERS:
            yield at("few_raters", leaf, raters=f"{number:g}", least=LEAST_RATERS)
        several = rows.filter(pl.col("raters") > 1)["spread"].drop_nulls()
        if len(several) and (spread := float(np.median(several.to_numpy()))) > MOST_SPREAD:
            yield at("raters_disagree", leaf, spread=f"{spread:g}")
