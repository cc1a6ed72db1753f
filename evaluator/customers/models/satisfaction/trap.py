"""The satisfaction trap: basic expectations met, potential ones not, and loyalty stuck at the average."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from evaluator.columns import reaches, within
from evaluator.customers.records import as_given, records
from evaluator.displayed import Displayed
from evaluator.documents import Format
from evaluator.errors import EvaluationError, Issue, raise_errors
from evaluator.labels import Share

Array = NDArray[np.float64]
_RATES = np.geomspace(0.25, 12, 40)  # steepness of either curve; the grid is part of the definition
_LEAST = 8  # customers below which four parameters tell nothing


class TrapOptions(Format):
    """When a customer sits in the trap; the literature describes it without numbers.

    Parameters
    ----------
    basic : from which level (0–1) basic expectations are met.
    potential : below which level potential ones are not.
    band : how far from the mean loyalty (0–1) still is average.
    mean : the loyalty called average; that of the customers at hand when not stated.
    """

    basic: Share = 0.8
    potential: Share = 0.5
    band: Share = 0.1
    mean: Share | None = None


@dataclass(frozen=True)
class LoyaltyCurve:
    """L = α(1 − e^(−k·basic)) + γ(e^(m·potential) − 1), with the share R² of loyalty it explains."""

    alpha: float
    k: float
    gamma: float
    m: float
    r2: float
    customers: int

    def at(self, basic: ArrayLike, potential: ArrayLike) -> Array:
        """Return the loyalty (0–1) the curve expects."""
        b, p = np.asarray(basic, dtype=np.float64), np.asarray(potential, dtype=np.float64)
        return np.asarray(self.alpha * -np.expm1(-self.k * b) + self.gamma * np.expm1(self.m * p))


@dataclass(frozen=True)
class Trap(Displayed):
    """`frame`: `id`, `basic`, `potential`, `loyalty`, `trap` (null where one of them is not known);
    `mean`: the loyalty called average; `curve`: None where too few or too similar customers are there."""

    frame: Any
    mean: float
    curve: LoyaltyCurve | None
    options: TrapOptions


def satisfaction_trap(frame: Any, *, options: TrapOptions | None = None) -> Trap:
    """Flag customers in the satisfaction trap (D3).

    A customer is in it where basic ≥ the options' level, potential is below its own, and loyalty is within
    the band around the mean: more of what is expected anyway will not raise loyalty any further.

    Parameters
    ----------
    frame : one row per customer: `id`, and `basic`, `potential`, `loyalty`, each 0–1.

    Raises
    ------
    EvaluationError
        as `records`, no loyalty known, a level outside 0–1.

    Limits: levels, band and the form of the curve are proposals; without a stated mean a customer's standing
    depends on who else is in the table.

    References
    ----------
    The two kinds of satisfaction follow Chinese textbooks (邵兵家) after Herzberg's two factors; rule and
    curve are ours.

    >>> table = {"id": ["a", "b"], "basic": [0.9, 0.9], "potential": [0.3, 0.9], "loyalty": [0.5, 0.6]}
    >>> satisfaction_trap(pl.DataFrame(table)).frame["trap"].to_list()
    [True, False]
    """
    options = options or TrapOptions()
    columns = ["basic", "potential", "loyalty"]
    table = records(frame, numbers=columns)
    outside = [c for c in columns if table.filter((pl.col(c) < 0) | (pl.col(c) > 1)).height]
    raise_errors(Issue("CUST-920", column) for column in outside)
    known = table["loyalty"].drop_nulls()
    if not len(known) and options.mean is None:
        raise EvaluationError([Issue("CUST-919", "loyalty")])
    mean = fmean(known) if options.mean is None else options.mean
    trapped = (
        (reaches(pl.col("basic"), options.basic))
        & ~reaches(pl.col("potential"), options.potential)
        & within(pl.col("loyalty"), mean, options.band)
    )
    complete = pl.all_horizontal(pl.col(columns).is_not_null())
    flagged = table.with_columns(pl.when(complete).then(trapped).alias("trap"))
    whole = table.drop_nulls()
    curve = loyalty_curve(*(whole[column].to_numpy() for column in columns))
    return Trap(as_given(frame, flagged), mean, curve, options)


def loyalty_curve(basic: ArrayLike, potential: ArrayLike, loyalty: ArrayLike) -> LoyaltyCurve | None:
    """Fit how both kinds of satisfaction carry loyalty, (n,) each, by least squares with α, γ ≥ 0.

    The first term saturates, the second steepens. k and m are taken from a grid of 40 values between 0.25
    and 12; for each pair α and γ follow in closed form. None below 8 customers or without any variation.

    Limits: a shape, not a law: the form is imposed, not found.

    >>> b, p = np.repeat([0.2, 0.5, 0.9], 3), np.tile([0.1, 0.5, 0.9], 3)
    >>> fitted = loyalty_curve(b, p, 0.4 * (1 - np.exp(-3 * b)) + 0.2 * (np.exp(p) - 1))
    >>> fitted.r2 > 0.999, float(fitted.at(0.9, 0.1)) < float(fitted.at(0.5, 0.9))
    (True, True)
    """
    b, p, y = (np.asarray(values, dtype=np.float64) for values in (basic, potential, loyalty))
    if len(y) < _LEAST or not np.ptp(y):
        return None
    first, second = -np.expm1(-np.outer(_RATES, b)), np.expm1(np.outer(_RATES, p))
    alpha, gamma, error = _best(first, second, y)
    at = np.unravel_index(int(np.argmin(error)), error.shape)
    total = float(((y - y.mean()) ** 2).sum())
    i, j = int(at[0]), int(at[1])
    return LoyaltyCurve(
        float(alpha[at]),
        float(_RATES[i]),
        float(gamma[at]),
        float(_RATES[j]),
        1 - float(error[at]) / total,
        len(y),
    )


def _best(first: Array, second: Array, y: Array) -> tuple[Array, Array, Array]:
    """Return α, γ ≥ 0 and the squared error for every pair of rates, (40, 40) each."""
    aa, gg, ag = (first**2).sum(1)[:, None], (second**2).sum(1)[None, :], first @ second.T
    ay, gy = (first @ y)[:, None], (second @ y)[None, :]
    shape = ag.shape
    determinant = aa * gg - ag**2
    solvable = determinant > 1e-12 * aa * gg
    safe = np.where(solvable, determinant, 1.0)
    alpha, gamma = (ay * gg - gy * ag) / safe, (gy * aa - ay * ag) / safe
    inside = solvable & (alpha >= 0) & (gamma >= 0)
    only_a = np.broadcast_to(np.maximum(np.divide(ay, aa, out=np.zeros_like(ay), where=aa > 0), 0), shape)
    only_g = np.broadcast_to(np.maximum(np.divide(gy, gg, out=np.zeros_like(gy), where=gg > 0), 0), shape)
    none, constant = np.zeros(shape), float(y @ y)

    def error(a: Array, g: Array) -> Array:
        return np.asarray(constant - 2 * (a * ay + g * gy) + a * a * aa + g * g * gg + 2 * a * g * ag)

    choices = [(np.where(inside, alpha, none), np.where(inside, gamma, none)), (only_a, none), (none, only_g)]
    errors = np.stack([error(a, g) for a, g in choices])
    errors[0] = np.where(inside, errors[0], np.inf)
    chosen = errors.argmin(0)
    a, g = (np.choose(chosen, [choice[side] for choice in choices]) for side in (0, 1))
    return a, g, errors.min(0)
