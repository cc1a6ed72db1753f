"""How far the experts of a panel agree, group by group, and what each of them moves."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from evaluator import ahp
from evaluator.brief import Brief
from evaluator.displayed import Displayed
from evaluator.weighing.answers import Answers, Array, used_answers
from evaluator.weighing.panel import OWN_PRIORITIES
from evaluator.weighing.weights import Figure, GroupWeights, Weights


@dataclass(frozen=True)
class PairAgreement(Brief):
    """One comparison of a group: who made it, what they say together, and how far they lie apart.

    `coverage` is the share of the say that answered; `factor` the geometric standard deviation, 1
    where all say the same.
    """

    a: str
    b: str
    ratio: Figure
    coverage: Figure
    factor: Figure


@dataclass(frozen=True)
class WithoutExpert(Brief):
    """The group's weights without one expert; `shift` is the largest change of a weight, signed not."""

    expert: str
    weights: tuple[Figure, ...]
    shift: Figure
    reorders: bool


@dataclass(frozen=True)
class GroupAgreement(Displayed):
    """The agreement of the experts used in one group.

    Attributes
    ----------
    consensus : S* with its `band`, a name in `ahp.BANDS`. w, chi2, df, p : Kendall's concordance.
    clusters : experts who think alike, the largest cluster first.
    pairs : every comparison. without : the weights without each expert in turn.
    """

    group: str
    experts: tuple[str, ...]
    consensus: Figure
    band: str
    w: Figure
    chi2: Figure
    df: int
    p: Figure
    clusters: tuple[tuple[str, ...], ...]
    pairs: tuple[PairAgreement, ...]
    without: tuple[WithoutExpert, ...]


def agreement(
    weights: Weights, *, threshold: float = 0.85, largest: float = 9.0
) -> tuple[GroupAgreement, ...]:
    """Return the agreement of every group that at least two experts weighed, in the order of the tree.

    Parameters
    ----------
    threshold : consensus S* from which two experts think alike. largest : end of the judgment scale.

    >>> from evaluator.tree import load_tree
    >>> from evaluator.weighing import weigh
    >>> agreement(weigh(load_tree("current_value")))
    ()
    """
    # the best–worst method asks each expert other pairs, so pairs are compared by what follows for all
    whole = weights.form == "best_worst"
    found = ((group, used_answers(group, whole=whole)) for group in weights.groups)
    return tuple(
        _agreement(group, answers, weights, threshold, largest)
        for group, answers in found
        if len(answers.experts) > 1
    )


def _agreement(
    group: GroupWeights, answers: Answers, weights: Weights, threshold: float, largest: float
) -> GroupAgreement:
    P, say = answers.priorities, answers.say
    value = float(ahp.consensus(P, largest, expert_weights=say))
    ranks = ahp.concordance(P)
    labels = ahp.clusters(ahp.similarity(P, largest), threshold)
    return GroupAgreement(
        group.group,
        answers.experts,
        value,
        ahp.consensus_band(value),
        float(ranks.w),
        float(ranks.chi2),
        ranks.df,
        float(ranks.p),
        tuple(
            tuple(np.array(answers.experts)[labels == label].tolist()) for label in range(labels.max() + 1)
        ),
        _pairs(group, answers),
        _without(group, answers, weights),
    )


def _pairs(group: GroupWeights, answers: Answers) -> tuple[PairAgreement, ...]:
    places = list(combinations(range(len(group.children)), 2))
    i, j = np.array(places).T
    figures = [
        function(answers.matrices, answers.say)[i, j].tolist()
        for function in (ahp.aggregate_judgments, ahp.coverage, ahp.disagreement)
    ]
    return tuple(
        PairAgreement(group.children[a], group.children[b], *values)
        for (a, b), *values in zip(places, *figures, strict=True)
    )


def _without(group: GroupWeights, answers: Answers, weights: Weights) -> tuple[WithoutExpert, ...]:
    local = np.array(group.local)
    if weights.form in OWN_PRIORITIES:
        mean = "geometric" if weights.aggregation == "aip_geometric" else "arithmetic"
        others = ahp.leave_one_out_priorities(answers.priorities, answers.say, mean)
    else:
        others = ahp.leave_one_out(
            answers.matrices, answers.say, method=weights.method, aggregation=weights.aggregation
        )
    shifts = np.abs(others - local).max(-1)
    order = _order(local)
    return tuple(
        WithoutExpert(expert, tuple(row.tolist()), float(shift), bool((_order(row) != order).any()))
        for expert, row, shift in zip(answers.experts, others, shifts, strict=True)
    )


def _order(w: Array) -> Array:
    """Return which weights are larger than which; weights that differ by rounding are level."""
    apart = w[:, None] - w
    return np.asarray(np.where(np.abs(apart) <= 1e-9, 0.0, np.sign(apart)))
