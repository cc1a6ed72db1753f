"""What the experts' answers tell besides weights: agreement, uncertainty, and what could be revised."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.errors import EvaluationError
from evaluator.evaluation import JudgmentFindings
from evaluator.tree import Tree
from evaluator.weighing import (
    FuzzyWeights,
    Panel,
    Revision,
    Suggestion,
    Uncertainty,
    UncertaintyOptions,
    Weights,
    agreement,
    best_suggestions,
    fuzzy_weights,
    suggest_best_worst,
    total_ranking,
    weight_uncertainty,
)


def judgment_findings(
    tree: Tree,
    panel: Panel,
    weights: Weights,
    *,
    options: UncertaintyOptions | None = None,
    fuzzy: str | None = None,
    revisions: Sequence[Revision] = (),
    seed: int = 0,
) -> JudgmentFindings:
    """Return agreement, uncertainty and suggestions for a weighed panel; none of it changes a weight.

    Parameters
    ----------
    options : draws and level of the intervals. fuzzy : a name in `ahp.FUZZY_PRIORITIES`, or None.
    revisions : the changes the experts have agreed to already. seed : of the draws.

    Raises
    ------
    EvaluationError
        for an unknown fuzzy method.
    """
    spoken: FuzzyWeights | None = fuzzy_weights(weights, method=fuzzy) if fuzzy else None
    return JudgmentFindings(
        agreement=agreement(weights),
        uncertainty=_uncertainty(weights, options or UncertaintyOptions(), seed),
        levels=total_ranking(weights),
        suggestions=tuple(_suggestions(tree, panel, weights)),
        revisions=tuple(revisions),
        fuzzy=spoken,
    )


def _uncertainty(weights: Weights, options: UncertaintyOptions, seed: int) -> Uncertainty | None:
    try:
        return weight_uncertainty(weights, draws=options.draws, level=options.level, seed=seed)
    except EvaluationError as error:
        if {issue.code for issue in error.issues} == {"WEIGH-541"}:  # no answer could contradict another
            return None
        raise


def _suggestions(tree: Tree, panel: Panel, weights: Weights) -> list[Suggestion]:
    """Return the best suggestion for every expert who contradicts himself in a group."""
    found: list[Suggestion] = []
    for group in weights.groups:
        experts = [one.expert for one in group.experts if one.judged.verdict == "inconsistent"]
        if weights.form == "best_worst":
            for expert in experts:
                found += suggest_best_worst(tree, panel, expert, group.group, method=weights.method)
        elif experts:
            procedure = {"method": weights.method, "convention": weights.convention, "scale": weights.scale}
            found += best_suggestions(tree, panel, experts, group.group, **procedure)
    return found
