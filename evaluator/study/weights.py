"""The weights of a study, and what the experts' answers tell besides."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.analysis import judgment_findings
from evaluator.errors import raise_errors
from evaluator.evaluation import JudgmentFindings
from evaluator.study.setup import Setup
from evaluator.tree import Tree
from evaluator.weighing import Panel, Revision, Weights, weigh
from evaluator.weighing.support import few_experts


def study_weights(setup: Setup, tree: Tree, panel: Panel | None) -> Weights:
    """Return the weights, from the experts or as given.

    Raises
    ------
    EvaluationError
        as `weighing.weigh`, and for groups that fewer experts than the study asks for have judged.
    """
    weights = weigh(tree, panel, **setup.procedure)
    if panel is not None:
        place = setup.where(("weighting", "min_experts"))
        raise_errors(tuple(few_experts(weights.groups, setup.file.weighting.min_experts, place)))
    return weights


def study_judgment(
    setup: Setup, tree: Tree, panel: Panel | None, weights: Weights, revisions: Sequence[Revision]
) -> JudgmentFindings | None:
    """Return what the experts' answers tell besides weights; None where the weights are given."""
    if panel is None:
        return None
    options = setup.file.weighting
    return judgment_findings(
        tree,
        panel,
        weights,
        options=options.uncertainty,
        fuzzy=options.fuzzy,
        revisions=revisions,
        seed=setup.file.seed or 0,
    )
