"""The quadrant that a firm stands in, by the values and needs of its customers."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from evaluator.columns import reaches
from evaluator.customers.models.abc.pareto import concentration
from evaluator.customers.records import below_zero
from evaluator.documents import Format
from evaluator.errors import Issue, raise_errors
from evaluator.labels import ProperShare

Quadrant = Literal["mass", "niche", "key_account", "one_to_one"]


class QuadrantOptions(Format):
    """From which skew of value and which diversity of needs (both 0–1) customers are told apart."""

    skew_cut: ProperShare
    diversity_cut: ProperShare


@dataclass(frozen=True)
class FirmQuadrant:
    """Where a firm stands by its customers (Peppers & Rogers).

    Parameters
    ----------
    skew : Gini coefficient of the values; `half` is the least share of customers with half the value.
    diversity : entropy of the mix of categories over its largest possible, 0 (one need) to 1.
    """

    quadrant: Quadrant
    skew: float
    half: float
    diversity: float
    options: QuadrantOptions


def firm_quadrant(values: ArrayLike, mix: ArrayLike, *, options: QuadrantOptions) -> FirmQuadrant:
    """Tell mass, niche, key-account and one-to-one marketing apart from two figures of the customer base.

    Diversity is H = −Σ p ln p / ln k of the shares p of k categories of need. Values alike and needs
    alike: mass; needs diverse: niche; values skewed: key accounts (frequency programmes); both:
    one-to-one. The quadrant is of the firm, never of a customer; the cuts are the user's.

    Parameters
    ----------
    values : (n,) value per customer, at least 0.
    mix : (k,) how much is bought of each category, at least 0.

    Raises
    ------
    EvaluationError
        negative values or mix, no customer, nothing above 0.

    Limits: entropy depends on how needs are put into categories; few large customers swing the skew.

    References
    ----------
    Peppers & Rogers (1993), The One to One Future, Doubleday; entropy: Shannon (1948),
    doi:10.1002/j.1538-7305.1948.tb01338.x.

    >>> firm_quadrant([1, 1, 98], [50, 50], options=QuadrantOptions(skew_cut=0.4, diversity_cut=0.5)).quadrant
    'one_to_one'
    """
    x, m = np.asarray(values, dtype=np.float64), np.asarray(mix, dtype=np.float64)
    issues = [*below_zero(values=x, mix=m)]
    issues += [
        Issue("CUST-907", name) for name, c in (("values", x), ("mix", m)) if len(c) and not c.sum() > 0
    ]
    issues += [Issue("CUST-905")] if not len(x) or not len(m) else []
    raise_errors(issues)
    spread = concentration(x)
    p = np.sort(m[m > 0]) / fsum(m)
    diversity = float(-(p * np.log(p)).sum() / np.log(len(m))) if len(m) > 1 else 0.0
    skew = 0.0 if spread.gini is None else spread.gini
    skewed, diverse = reaches(skew, options.skew_cut), reaches(diversity, options.diversity_cut)
    names: dict[tuple[bool, bool], Quadrant] = {
        (False, False): "mass",
        (False, True): "niche",
        (True, False): "key_account",
        (True, True): "one_to_one",
    }
    return FirmQuadrant(names[skewed, diverse], skew, spread.customers_for(0.5), diversity, options)
