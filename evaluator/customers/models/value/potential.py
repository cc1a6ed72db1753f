"""What customers may still buy: how willing they are, and how much room is left."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluator.customers.records import below_zero
from evaluator.errors import EvaluationError, Issue, raise_errors

Array = NDArray[np.float64]


def growth_potential(
    share: ArrayLike, relationship: ArrayLike, business: ArrayLike, *, weights: tuple[float, float, float]
) -> Array:
    """Return the potential to buy more from its three drivers, (n,) each → (n,), on the drivers' scale.

    Pot = w₁·share + w₂·relationship + w₃·business, weights brought to the sum of 1: the higher our share
    of the customer's business, the relationship and the customer's whole business, the likelier an
    incremental purchase. It says how willing a customer is, not how much room is left: `headroom` pulls
    the other way. What is missing (NaN) in one driver is missing in the result.

    Parameters
    ----------
    share, relationship, business : scores on one scale, such as 0–100.
    weights : from judgments, for example `ahp.priorities`; the literature gives none.

    Raises
    ------
    EvaluationError
        weights negative or all 0.

    Limits: the drivers overlap, and no threshold tells a promising customer from another.

    References
    ----------
    After Chen Mingliang (陈明亮), whose matrix plots it against current value; weighting is the user's.

    >>> growth_potential([50], [80], [100], weights=(2, 1, 1))
    array([70.])
    """
    w = np.asarray(weights, dtype=np.float64)
    if not (np.isfinite(w).all() and (w >= 0).all() and w.sum() > 0):
        raise EvaluationError([Issue("CUST-910", "weights")])
    drivers = np.stack([np.asarray(part, dtype=np.float64) for part in (share, relationship, business)])
    return np.asarray(np.tensordot(w / w.sum(), drivers, axes=1))


def headroom(business: ArrayLike, share: ArrayLike) -> Array:
    """Return what customers still buy elsewhere: business · (1 − share), money of one period, (n,) → (n,).

    Raises
    ------
    EvaluationError
        business below 0, a share outside 0–1.

    Limits: the whole business is mostly an estimate of our own people; not all of it can be won.

    References
    ----------
    Arithmetic of the share of wallet (钱包份额).

    >>> headroom([200.0], [0.25])
    array([150.])
    """
    total, part = np.asarray(business, dtype=np.float64), np.asarray(share, dtype=np.float64)
    issues = [*below_zero(business=total)]
    if ((part < 0) | (part > 1)).any():
        issues.append(Issue("CUST-920", "share"))
    raise_errors(issues)
    return np.asarray(total * (1 - part))
