"""How sure an evaluation is, with everything it knows of its weights and raters."""

from __future__ import annotations

from dataclasses import replace

from evaluator.actions.decided import Decisions
from evaluator.analysis.robustness.drawing import DRAWS, MOST, certainty
from evaluator.analysis.robustness.remarks import thin_grounds
from evaluator.evaluation import Certainty, Evaluation
from evaluator.weighing.weight_sampling import weight_draws


def robust(
    evaluation: Evaluation,
    *,
    draws: int = DRAWS,
    seed: int = 0,
    spread: float | None = None,
    most: int | None = MOST,
) -> Certainty:
    """Return how sure ranks, grades, classes and actions of an evaluation are; see `certainty`.

    Criteria whose weights rest on one expert, or on answers that could not contradict each other, are named.

    Parameters
    ----------
    spread : standard deviation of the logarithm of each given weight; None: what the study states.
    """
    known = evaluation.certainty
    spread = known.spread if spread is None and known else spread
    found = certainty(
        evaluation.model,
        evaluation.measured.frame,
        weight_draws(evaluation.weights, draws=draws, seed=seed, spread=spread),
        profiles={
            name: weight_draws(own, draws=draws, seed=seed, spread=spread)
            for name, own in evaluation.profiles.items()
        },
        ratings=evaluation.measured.ratings,
        draws=draws,
        seed=seed,
        most=most,
        spread=spread,
        decisions=evaluation.decisions,
    )
    return replace(found, issues=(*found.issues, *thin_grounds(evaluation.weights)))


def with_certainty(decisions: Decisions, certainty: Certainty) -> Decisions:
    """Return decisions whose customers carry the share of draws in which they keep their action."""
    if certainty.given is None:
        return decisions
    shares = certainty.given.select("id", "action", certainty="kept")
    listed = decisions.customers.join(shares, on=["id", "action"], how="left", maintain_order="left")
    later = [name for name in ("due", "stopped") if name in listed.columns]
    order = [name for name in listed.columns if name not in later]
    return replace(decisions, customers=listed.select(*order, *later))
