"""Consistency of a whole level of a hierarchy: the total ranking (层次总排序)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from evaluator.ahp.matrices import Array


@dataclass(frozen=True)
class TotalConsistency:
    """CI and RI of the groups of a level, weighted by the elements above, and CR = ci / ri.

    `cr` is NaN where no group of the level can be tested. A level averages: it passes with a
    contradictory group in it if the others are good, so it never replaces the test of each group.
    """

    ci: Array
    ri: Array
    cr: Array


def total_consistency(weights: ArrayLike, ci: ArrayLike, ri: ArrayLike) -> TotalConsistency:
    """Return the consistency of the total ranking, (..., m) → fields (...): CR = Σ a_j CI_j / Σ a_j RI_j.

    Parameters
    ----------
    weights : a_j, the global weight of the element above each of the m groups; only proportions count.
    ci, ri : consistency and random index of each group; a group with NaN in either cannot be
        tested (fewer than three elements, a spanning tree) and adds nothing to the sums.

    References
    ----------
    Saaty, T.L. (1980), The Analytic Hierarchy Process, McGraw-Hill: consistency of a hierarchy.

    >>> total = total_consistency([0.6, 0.4], [0.029, 0.0], [0.58, float("nan")])
    >>> round(float(total.cr), 6)
    0.05
    """
    a, index, random = (np.asarray(x, np.float64) for x in (weights, ci, ri))
    tested = ~np.isnan(index + random)
    total_ci = np.where(tested, a * index, 0.0).sum(-1)
    total_ri = np.where(tested, a * random, 0.0).sum(-1)
    with np.errstate(all="ignore"):
        cr = np.where(total_ri > 0, total_ci / total_ri, np.nan)
    return TotalConsistency(np.asarray(total_ci), np.asarray(total_ri), cr)
