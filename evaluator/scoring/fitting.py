"""Fit: read the population's statistics once and freeze them, with tree and weights, in a model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

import narwhals as nw
import numpy as np

from evaluator.brief import Brief
from evaluator.columns import Entered, computed_once, enter, finite, mean_from, mean_terms, to_polars
from evaluator.columns.statistics import (
    EngineColumn,
    Numbers,
    clipped,
    deviation,
    known_numbers,
    mean,
    median,
    mid_ranks,
    quantiles,
)
from evaluator.customers import CustomerOptions
from evaluator.errors import EvaluationError, Issue, nearest, raise_errors
from evaluator.scoring.checks import column_issues, content_issues, needed, vote_columns
from evaluator.scoring.classes import empty_levels, frozen_cuts, frozen_grades, is_relative
from evaluator.scoring.model import (
    CombinedWeight,
    Conventions,
    Model,
    Objective,
    software_version,
)
from evaluator.scoring.options import FuzzyOptions, ScoringOptions
from evaluator.scoring.overrides import own_scales
from evaluator.scoring.score_steps import leaf_plan, planned, rating_plan
from evaluator.scoring.unobserved import observed_weights, own_weights, redistributed, unobserved
from evaluator.tree import Indicator, Tree, tree_fingerprint
from evaluator.tree.passes import Changes, changed
from evaluator.tree.shapes import Distribution, Moments
from evaluator.tree.types import RELATIVE, Graded, Percentile, ZScore
from evaluator.weighing.combined import CombinedWeights, combined_weights, weigh_objectively
from evaluator.weighing.weights import Weights

KNOTS = 101  # whole percents: finer knots cost time in every scoring and change no decision


def fit(
    tree: Tree,
    weights: Weights,
    measures: Any,
    *,
    options: ScoringOptions | None = None,
    as_of: date | None = None,
    objective: str | None = None,
    combine: str = "multiplicative",
    alpha: float = 0.5,
    customers: CustomerOptions | None = None,
    profiles: Mapping[str, Weights] | None = None,
) -> Model:
    """Return the frozen model of a tree, its weights and the customers at hand.

    Parameters
    ----------
    measures : dataframe with ``id`` and one column per measure; the population behind percentile
        scales and relative cuts. Those are read from rated customers and never again. Of a relation of
        DuckDB or a Spark frame only figures come back (with `objective` the scores of all indicators). An
        indicator that none of them has weighs nothing in the model, its siblings taking its weight
        (`Model.unobserved`).
    options : `min_coverage`, the study's own scales, and the fuzzy evaluation. Where `measures` hold
        votes of raters (``votes_<grade>@<measure>``), the fuzzy evaluation reads them.
    as_of : the day the measures look back from, recorded in the model.
    objective : a name in `weighing.OBJECTIVE`: weights from the population's indicator scores, joined
        with `weights` as `combine`, a name in `weighing.COMBINATIONS`, and `alpha` say.
    customers : the customer models behind the measures, as `Measured.customers` has them, to be frozen.
    profiles : the weights of each of the tree's profiles by its id, as `weighing.profile_weights` has
        them; None leaves profiles off.

    Raises
    ------
    EvaluationError
        as `check_measures` and `own_scales`; for nodes without a weight, a relative scale without any
        customers, nobody rated to cut an axis at, profiles the tree does not have, attributes and grades by
        share that cannot be, and data that tell nothing of weights.

    >>> import polars as pl
    >>> from evaluator.tree import load_tree
    >>> from evaluator.weighing import weigh
    >>> tree = load_tree("current_value")
    >>> customers = pl.DataFrame({"id": ["a", "b"]} | {leaf.measure: [1.0, 2.0] for leaf in tree.indicators})
    >>> fit(tree, weigh(tree), customers).population
    2
    """
    return fitted(
        tree,
        weights,
        measures,
        options=options,
        as_of=as_of,
        objective=objective,
        combine=combine,
        alpha=alpha,
        customers=customers,
        profiles=profiles,
    ).model


@dataclass(frozen=True)
class Fitted(Brief):
    """A model with what must be said about its fitting (`issues`: warnings and notes)."""

    model: Model
    issues: tuple[Issue, ...] = ()


def fitted(
    tree: Tree,
    weights: Weights,
    measures: Any,
    *,
    options: ScoringOptions | None = None,
    as_of: date | None = None,
    objective: str | None = None,
    combine: str = "multiplicative",
    alpha: float = 0.5,
    customers: CustomerOptions | None = None,
    profiles: Mapping[str, Weights] | None = None,
    every_indicator: bool = False,
) -> Fitted:
    """Return the model with what must be said about its fitting; see `fit`.

    With `every_indicator`, those count as stated that none of these customers has: a tree's examples are
    not its population.
    """
    options = options or ScoringOptions()
    tree, overrides = own_scales(_profiled(tree, profiles), options.scales)
    fuzzy = options.fuzzy or (FuzzyOptions() if options.leading == "fuzzy" else None)
    graded = [leaf.id for leaf in tree.indicators if isinstance(leaf.scale, Graded)] if fuzzy else []
    entered = enter(measures, needed(tree, graded))
    votes = _voted(tree, entered, graded)
    raise_errors(column_issues(tree, entered, votes))
    raise_errors(content_issues(tree, entered, votes))
    population = int(to_polars(entered.frame.select(nw.len())).item())
    nobodys = () if every_indicator else unobserved(tree, entered)
    frozen: dict[str, Any] = {
        "software": software_version(),
        "fingerprint": tree_fingerprint(tree),
        "tree": tree,
        "local": redistributed(_local(tree, weights), tree, nobodys),
        "unobserved": nobodys,
        "conventions": _conventions(weights, options),
        **_statistics(tree, entered, population),
        "overrides": overrides,
        "synthesis": options.synthesis,
        "leading": options.leading,
        "fuzzy": fuzzy,
        "votes": votes,
        "population": population,
        "as_of": as_of,
        "customers": customers,
        "profiles": tuple(own_weights(tree, weights, profiles or {}, nobodys)),
        "borderline": options.borderline,
    }
    model = Model(**frozen)
    issues: tuple[Issue, ...] = ()
    if objective:
        own = observed_weights(weights, nobodys)
        joined = _joined(model, own, entered, objective, combine, alpha)
        local = redistributed(_local(tree, joined.weights), tree, nobodys)
        model = Model(**frozen | {"local": local, "objective": _objective_of(joined, objective)})
        issues = joined.issues
    if not model.additive:
        model = model.model_copy(update={"reference": _reference(model, entered)})
    with _rated_scores(model, entered) as scores:
        graded_tree = frozen_grades(tree, scores.get("score", np.empty(0)))
        cuts = frozen_cuts(tree, scores)
    bounds = {"tree": graded_tree, "fingerprint": tree_fingerprint(graded_tree)}
    model = model.model_copy(update={"cuts": cuts, **bounds})
    return Fitted(model, (*issues, *empty_levels(model)))


def _profiled(tree: Tree, profiles: Mapping[str, Weights] | None) -> Tree:
    """Return the tree with the profiles there are weights for; without any, they are off."""
    if profiles is None:
        return changed(tree, Changes(profiles="off"))
    known = {profile.id for profile in (tree.profiles.of if tree.profiles else ())}
    strange = sorted(known ^ profiles.keys())
    raise_errors(Issue("SCORE-666", name, hint=nearest(name, known)) for name in strange)
    return tree


def _joined(
    model: Model, weights: Weights, entered: Entered, objective: str, combine: str, alpha: float
) -> CombinedWeights:
    """Return the weights joined with those that the population's indicator scores give."""
    leaves = [leaf.id for leaf in model.tree.indicators if leaf.id not in model.unobserved]
    scored = planned(model, leaf_plan, entered.frame, [f"score_{leaf}" for leaf in leaves])
    scores = to_polars(scored).to_numpy()
    found = weigh_objectively(scores.astype(np.float64), leaves, method=objective)
    told = replace(found, weights=dict.fromkeys(model.unobserved, 0.0) | dict(found.weights))
    return combined_weights(weights, told, how=combine, alpha=alpha)


def _objective_of(joined: CombinedWeights, method: str) -> Objective:
    rows = tuple(CombinedWeight(**asdict(row)) for row in joined.rows)
    return Objective(method=method, combine=joined.how, alpha=joined.alpha, rows=rows)


def distribution(values: Numbers) -> Distribution:
    """Return the mid-rank distribution of known measures, at most `KNOTS` of its points.

    The share at a value is that of smaller values plus half of those equal to it. Beyond `KNOTS`
    different values, those nearest to evenly spaced shares are kept, the ends always; at a kept value
    the share is exact.

    >>> distribution(np.array([3.0, 1.0, 3.0, 8.0])).knots
    ((1.0, 0.125), (3.0, 0.5), (8.0, 0.875))
    """
    if not len(values):
        return Distribution(knots=(), count=0)
    if isinstance(values, EngineColumn):
        measures, shares = values.mid_ranks(KNOTS)
    else:
        measures, shares = mid_ranks(*np.unique(values, return_counts=True), KNOTS)
    knots = tuple(zip(measures.tolist(), shares.tolist(), strict=True))
    return Distribution(knots=knots, count=len(values))


def _voted(tree: Tree, entered: Entered, graded: Sequence[str]) -> tuple[str, ...]:
    """Return the graded indicators whose votes stand in the frame; a model reads these ever after."""
    schema = entered.frame.collect_schema()
    there = [leaf for leaf, column in vote_columns(tree, graded) if column in schema]
    return tuple(dict.fromkeys(leaf.id for leaf in there))


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
        convention=weights.convention,
        method=weights.method,
        aggregation=weights.aggregation,
        min_coverage=options.min_coverage,
    )


def _statistics(tree: Tree, entered: Entered, rows: int) -> dict[str, Any]:
    """Return what the model freezes of the population: limits first, the others from limited measures."""
    distributions: dict[str, Distribution] = {}
    moments: dict[str, Moments] = {}
    limits: dict[str, tuple[float, float]] = {}
    issues = []
    for leaf in tree.indicators:
        if not rests_on_population(leaf):
            continue
        if not rows:
            issues.append(Issue("SCORE-622", leaf.measured, {"indicator": leaf.called}))
        known = reference(leaf, known_numbers(entered.frame, finite(nw.col(leaf.measure))))
        distributions |= {leaf.id: known.distribution} if known.distribution else {}
        moments |= {leaf.id: known.moments} if known.moments else {}
        limits |= {leaf.id: known.limits} if known.limits else {}
    raise_errors(issues)
    return {"distributions": distributions, "moments": moments, "limits": limits}


@dataclass(frozen=True)
class Reference(Brief):
    """What the scale of an indicator takes from the population; None where it takes none."""

    distribution: Distribution | None = None
    moments: Moments | None = None
    limits: tuple[float, float] | None = None


def rests_on_population(leaf: Indicator) -> bool:
    """Whether the scale of an indicator, or the limits of its measure, are read from the population."""
    return isinstance(leaf.scale, RELATIVE) or leaf.winsorise is not None


def reference(leaf: Indicator, values: Numbers) -> Reference:
    """Return what a scale takes from known measures: limits first, the rest from limited ones."""
    limits = None
    if leaf.winsorise and len(values):
        low, high = quantiles(values, leaf.winsorise)
        limits = low, high
        values = clipped(values, low, high)
    return Reference(
        distribution(values) if isinstance(leaf.scale, Percentile) else None,
        _moments(values) if isinstance(leaf.scale, ZScore) else None,
        limits,
    )


def _moments(values: Numbers) -> Moments:
    if not len(values):
        return Moments(mean=0.0, deviation=0.0, count=0)
    spread = deviation(values)
    middle = mean(values) if spread else median(values)  # a constant is its own mean
    return Moments(mean=middle, deviation=spread, count=len(values))


def _reference(model: Model, entered: Entered) -> dict[str, float]:
    """Return the mean score of each leaf, the middle of the range where nobody has one."""
    names = [leaf.id for leaf in model.tree.indicators]
    leaves = planned(model, leaf_plan, entered.frame, [f"score_{name}" for name in names])
    terms = [term for name in names for term in mean_terms(nw.col(f"score_{name}"), name)]
    found = to_polars(leaves.select(*terms)).row(0, named=True)
    middle = sum(model.tree.score_range) / 2
    means = {name: mean_from(found, name) for name in names}
    return {name: middle if mean is None else mean for name, mean in means.items()}


@contextmanager
def _rated_scores(model: Model, entered: Entered) -> Iterator[dict[str, Numbers]]:
    """Yield the rated customers' scores on the axes that are cut relatively, and those that grades share."""
    sides = [axis for matrix in model.tree.matrices for axis in (matrix.x, matrix.y) if is_relative(axis)]
    columns = {side.axis: f"score_{model.tree.axes[side.axis].id}" for side in sides}
    if any(grade.share for grade in model.tree.grades):
        columns["score"] = "score"
    if not columns:
        yield {}
        return
    read = dict.fromkeys(columns.values())
    scored = planned(model, rating_plan, entered.frame, ("status", *read))
    with computed_once(scored.filter(nw.col("status") == "rated").select(*read)) as rated:
        yield {axis: known_numbers(rated, nw.col(column)) for axis, column in columns.items()}
