"""What the experts' answers tell besides weights: agreement, uncertainty, and what could be revised."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

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
    answer_ranges,
    fuzzy_weights,
    suggest,
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


def _by_pairs(tree: Tree, panel: Panel, weights: Weights, expert: str, group: str) -> list[Suggestion]:
    """Return the best suggestion with the answers that would do alone."""
    procedure = {"method": weights.method, "convention": weights.convention, "scale": weights.scale}
    ranges = answer_ranges(tree, panel, expert, group, **procedure)
    alone = tuple(one for one in ranges if math.isfinite(one.lower) and math.isfinite(one.upper))
    found = suggest(tree, panel, expert, group, count=1, **procedure)
    return [replace(one, ranges=alone) for one in found]


def _suggestions(tree: Tree, panel: Panel, weights: Weights) -> list[Suggestion]:
    """Return the best suggestion for every expert who contradicts himself in a group."""
    found: list[Suggestion] = []
    for group in weights.groups:
        for evidence in group.experts:
            if evidence.judged.verdict != "inconsistent":
                continue
            if weights.form == "best_worst":
                found += suggest_best_worst(tree, panel, evidence.expert, group.group, method=weights.method)
            else:
                found += _by_pairs(tree, panel, weights, evidence.expert, group.group)
    return found
