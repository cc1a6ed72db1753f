"""What each expert's word counts in a group: as given, or by authority, consistency or closeness."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluator import ahp
from evaluator.errors import Issue
from evaluator.registry import Registry
from evaluator.weighing.panel import Expert, Panel

Array = NDArray[np.float64]

EXPERT_WEIGHTS: Registry[Callable[[Panel, ahp.Consistency], Array]] = Registry("expert_weights")
"""Functions of a panel and the figures of its answers to one group (k) → factors (k), at least 0, that
multiply the experts' given weights."""

_SEVERITY = 10.0  # an expert at CR 0.10 counts half as much as one without contradiction


def expert_shares(panel: Panel, figures: ahp.Consistency, basis: str) -> Array:
    """Return each expert's say in a group, (k): the given weight times the factor of `basis`."""
    given = np.array([expert.weight for expert in panel.experts])
    return np.asarray(given * EXPERT_WEIGHTS[basis].function(panel, figures))


def authority(ca: float, cs: float) -> float:
    """Return the authority coefficient Cr = (Ca + Cs) / 2 of an expert, 0 to 1.

    Ca rates what the expert judges from (theory, practice, peers, intuition), Cs how familiar the
    subject is; 0.7 and more is commonly asked for.

    >>> authority(0.9, 0.7)
    0.8
    """
    return (ca + cs) / 2


def authorities(panel: Panel) -> Iterator[Issue]:
    """Every expert states Ca and Cs, each from 0 to 1, and not both 0."""
    for expert in panel.experts:
        if expert.ca is None or expert.cs is None:
            yield Issue("WEIGH-530", expert.id)
        elif not (0 <= expert.ca <= 1 and 0 <= expert.cs <= 1 and expert.ca + expert.cs > 0):
            yield Issue("WEIGH-531", expert.id, {"ca": expert.ca, "cs": expert.cs})


@EXPERT_WEIGHTS.register(
    "given",
    zh="给定权重",
    en="as given",
    reference="the study",
)
def _given(panel: Panel, figures: ahp.Consistency) -> Array:
    return np.ones(len(panel.experts))


@EXPERT_WEIGHTS.register(
    "authority",
    zh="按权威程度系数 Cr = (Ca + Cs) / 2",
    en="by authority Cr = (Ca + Cs) / 2",
    reference="Delphi practice: mean of judgment basis (Ca) and familiarity (Cs)",
)
def _authority(panel: Panel, figures: ahp.Consistency) -> Array:
    return np.array([_coefficient(expert) for expert in panel.experts])


def _coefficient(expert: Expert) -> float:
    return authority(expert.ca or 0.0, expert.cs or 0.0)


@EXPERT_WEIGHTS.register(
    "consistency",
    zh="按判断一致性 1 / (1 + 10 CR)",
    en="by consistency 1 / (1 + 10 CR)",
    reference="practice of group AHP in China: weights falling with CR; 10 makes CR = 0.10 count half",
)
def _consistency(panel: Panel, figures: ahp.Consistency) -> Array:
    """Answers that cannot be tested count as if they just reached the limit; two elements are all alike."""
    limit = np.nan_to_num(figures.limit, nan=0.0)
    return np.asarray(1 / (1 + _SEVERITY * np.where(np.isnan(figures.cr), limit, figures.cr)))


@EXPERT_WEIGHTS.register(
    "closeness",
    zh="按与群体意见的接近程度",
    en="by closeness to the group",
    reference="overlap Σ min(w, g) with the geometric mean g of the panel's priorities, each expert's word "
    "as given: 1 less half the sum of differences",
)
def _closeness(panel: Panel, figures: ahp.Consistency) -> Array:
    P = figures.priorities
    group = ahp.aggregate_priorities(P, [expert.weight for expert in panel.experts], "geometric")
    return np.asarray(np.nan_to_num(np.minimum(P, group).sum(-1), nan=0.0))


def down_weights(cr: ArrayLike, limit: ArrayLike) -> Array:
    """Return how much answers count when contradictory ones are down-weighted: limit / CR, else 1.

    A limit of 0, which bears no contradiction at all, leaves 1 / (1 + 10 CR) instead of nothing.

    >>> down_weights([0.05, 0.2, float("nan")], 0.1)
    array([1. , 0.5, 1. ])
    """
    ratio, least = np.asarray(cr, dtype=np.float64), np.asarray(limit, dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(least > 0, least / ratio, 1 / (1 + _SEVERITY * ratio))
        return np.where(ratio > least, share, 1.0)
