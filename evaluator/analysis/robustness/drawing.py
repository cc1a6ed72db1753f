"""How sure a result is: customers judged in draws of everything that is uncertain."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evaluator.actions.decided import Decisions
from evaluator.analysis.robustness.actions import ActionTally, held
from evaluator.analysis.robustness.customers import Customers, lacking, scored_of
from evaluator.analysis.robustness.matrices import ByMatrices, fuzzy_leads, is_linear
from evaluator.analysis.robustness.outcomes import Judge
from evaluator.analysis.robustness.raters import rated
from evaluator.analysis.robustness.references import frozen_on, groundless, relative
from evaluator.analysis.robustness.remarks import remarks
from evaluator.analysis.robustness.scores import Draws, Source
from evaluator.analysis.robustness.steps import BySteps
from evaluator.analysis.robustness.tables import Judged, Stated, tables_of
from evaluator.analysis.robustness.tallies import RankTally, Tally
from evaluator.analysis.robustness.weights import local_draws, shares
from evaluator.columns import enter, to_polars
from evaluator.evaluation import Certainty
from evaluator.measuring.grades import Ratings
from evaluator.scoring.checks import needed
from evaluator.scoring.model import Model
from evaluator.scoring.score_steps import rating_plan
from evaluator.tree.profiles import DEFAULT
from evaluator.weighing.weight_sampling import WeightDraws

DRAWS = 2_000
MOST = 20_000
"""Of more customers a sample is drawn unless all are asked for."""
CELLS = 5_000_000  # draws times customers held at once where scores are matrix products
MOVED = 1_000_000  # and where scores are drawn as well, which are as many for each indicator
WEIGHTS = {"experts", "given"}
ROWS = 200_000  # and where they are columns of a dataframe, with all that leads to them


def certainty(
    model: Model,
    measures: Any,
    weights: WeightDraws | None = None,
    *,
    profiles: Mapping[str, WeightDraws] | None = None,
    ratings: Ratings | None = None,
    draws: int = DRAWS,
    seed: int = 0,
    most: int | None = MOST,
    spread: float | None = None,
    decisions: Decisions | None = None,
) -> Certainty:
    """Return how sure ranks, grades, classes and actions of customers are.

    All that is uncertain is drawn together, and each source alone: the weights; values that are missing, from
    the observed scores of their indicator; raters, jointly for all customers; and the population behind
    relative scales, cuts and grades, by drawing customers with replacement. What was observed stays: coverage
    counts it under the drawn weights. Gates, caps, overrides and profiles work in every draw.

    Parameters
    ----------
    measures : the dataframe that was scored.
    weights : draws of everybody's weights, as `weighing.weight_draws` gives them, of as many draws; None: the
        model's weights are taken as certain. profiles : draws of the weights of each profile.
    ratings : who gave which grade, where raters did.
    most : how many customers are drawn for; of more, a seeded sample, which then stands for the population
        as well. None: all.
    spread : what given weights were drawn with, to be recorded.
    decisions : the actions given to the customers; it is drawn whether they stay, as `actions.stays` says.

    Raises
    ------
    ValueError
        when the weights were drawn another number of times.
    EvaluationError
        as `scoring.score`.

    >>> from evaluator.scoring import fit
    >>> from evaluator.tree import load_tree
    >>> from evaluator.weighing import weigh, weight_draws
    >>> tree = load_tree("current_value")
    >>> weights = weigh(tree)
    >>> frame = pl.DataFrame({"id": ["a", "b"]} | {leaf.measure: [1.0, 2.0] for leaf in tree.indicators})
    >>> drawn = weight_draws(weights, draws=200, seed=1, spread=0.2)
    >>> certainty(fit(tree, weights, frame), frame, drawn, draws=200).sources
    ('given',)
    """
    if draws < 1 or any(one.draws != draws for one in (weights, *(profiles or {}).values()) if one):
        raise ValueError(f"weights drawn {draws} times, and at least once")
    frame = to_polars(enter(measures, needed(model.tree, model.votes)).frame)
    sampled = _sample(frame, most, seed)
    scored = scored_of(model, sampled)
    customers = scored.in_blocks(draw_missing=False)
    drawn = [one for one in (weights, *(profiles or {}).values()) if one is not None]
    here = frozen_on(model, frame)
    sources = tuple(_sources(customers, drawn, ratings, here=here))
    remarked = [*remarks(model, sources, here=here, population=frame.height, looked=sampled.height)]
    if decisions and not groundless(model):
        remarked += held(decisions, model.tree)
    stated = Stated(
        draws=draws,
        seed=seed,
        spread=spread,
        deciding=model.tree.deciding,
        sources=sources,
        rated=_rated(model, frame),
        grounds=dict(weights.grounds) if weights else {},
        issues=tuple(remarked),
    )
    if groundless(model) or not sources:  # draws of nothing would all be alike, and prove nothing
        return tables_of(stated, Judged(customers), {})

    def judged(varied: Collection[str], *, ranked: bool) -> Judged:
        customers = scored.in_blocks(draw_missing="missing" in varied)
        own = WEIGHTS & set(varied)
        local = local_draws(model, draws, weights if own else None, profiles or {})
        source = Source(customers, local, varied, seed=seed, ratings=ratings)
        cells = CELLS if set(varied) <= WEIGHTS else MOVED
        return judge(customers, source.draws, draws, ranked=ranked, decisions=decisions, cells=cells)

    alone = {name: judged([name], ranked=False) for name in sources} if len(sources) > 1 else {}
    return tables_of(stated, judged(sources, ranked=True), alone)


def judge(
    customers: Customers, source: Callable[[range], Draws], draws: int, *, ranked: bool = True,
    by_steps: bool = False, decisions: Decisions | None = None, cells: int = CELLS,
) -> Judged:  # fmt: skip
    """Return the tally of all draws, some at a time: memory does not grow with the draws."""
    linear = is_linear(customers.model) and not by_steps
    way: Judge = ByMatrices(customers) if linear else BySteps(customers)
    size = max(1, (cells if linear else ROWS) // max(1, customers.count))
    tally, places = Tally(customers, draws), RankTally(customers) if ranked else None
    given = ActionTally(customers, decisions, draws) if decisions else None
    held = np.empty((min(draws, size), customers.count)) if ranked else None
    for start in range(0, draws, size):
        some = source(range(start, min(draws, start + size)))
        for outcome in way.outcomes(some):
            tally.add(outcome, start)
            if given is not None:
                given.add(outcome)
            if held is not None:
                held[: some.count, outcome.columns] = outcome.scores
        if places is not None and held is not None:
            places.add(held[: some.count], _global(customers.model, some))
    return Judged(customers, tally, places, given)


def affordable(model: Model) -> int:
    """Return how many customers can be drawn for in passing, in a few seconds."""
    return 5_000 if is_linear(model) else 500


def _global(model: Model, draws: Draws) -> NDArray[np.float64]:
    """Return everybody's global weights of the indicators, (draws, indicators)."""
    leaves = [leaf.id for leaf in model.tree.indicators]
    found = shares(model.tree.root, draws.local[DEFAULT], dict.fromkeys(leaves, True))
    none = np.zeros(1)
    return np.stack([np.broadcast_to(found.get(leaf, none), draws.count) for leaf in leaves], axis=1)


def _sample(frame: pl.DataFrame, most: int | None, seed: int) -> pl.DataFrame:
    if most is None or frame.height <= most:
        return frame
    chosen = np.random.default_rng([seed, 0]).choice(frame.height, most, replace=False)
    return frame[np.sort(chosen)]


def _rated(model: Model, frame: pl.DataFrame) -> int:
    """Return how many of all customers are rated."""
    statuses = rating_plan(model, ("id",)).apply(enter(frame).frame).select("status")
    return int((to_polars(statuses)["status"] == "rated").sum())


def _sources(
    customers: Customers, drawn: Collection[WeightDraws], ratings: Ratings | None, *, here: bool
) -> Iterator[str]:
    """Yield what there is to draw."""
    model, grounds = customers.model, {ground for one in drawn for ground in one.grounds.values()}
    if grounds & {"panel", "contradictions"}:
        yield "experts"
    if "spread" in grounds:
        yield "given"
    if lacking(customers):
        yield "missing"
    if not fuzzy_leads(model) and rated(customers, ratings)[1]:
        yield "raters"
    if relative(model) and here:
        yield "population"
