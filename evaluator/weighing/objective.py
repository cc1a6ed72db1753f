"""Weights from the data themselves, and combined with those of experts: functions of arrays.

Objective weights say how much an indicator tells customers apart, not how much it matters. They
move with the population, so a model freezes them when it is fitted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluator.registry import Registry
from evaluator.weighing.directions import signs_of

Array = NDArray[np.float64]

OBJECTIVE: Registry[Callable[[Array, Array], Array]] = Registry("objective")
"""Functions of a matrix (m customers, n indicators) and signs (n; 1 benefit, −1 cost) → information (n)
at least 0, which is brought to the sum of 1. Laws: ``simplex``, ``constant`` (a column that is the same
for all gets 0), ``relabelling``, ``scale`` (units of a positive column do not matter), ``proportions``
(values are read as shares), ``reciprocals`` (those of a cost as reciprocals), ``above_0`` (0 has none)."""

COMBINATIONS: Registry[Callable[[Array, Array, float], Array]] = Registry("combination")
"""Functions of two weight vectors and the share α of the first → weights (n), brought to the sum of 1.

Law: ``heeds_alpha`` (the share matters; the others put both together in their own way)."""


def objective_weights(
    X: ArrayLike, directions: Sequence[str] | None = None, method: str = "entropy"
) -> Array:
    """Return weights by how much each column tells the rows apart, (m, n) → (n), summing to 1.

    A column that is the same for all rows gets 0; when every column is, when there are fewer than two
    rows, or when all columns say the same (``critic``), nothing can be told and the result is NaN. A
    cell that is missing (NaN) is left out of its column's figures, and of a correlation with it.

    Parameters
    ----------
    X : m rows, customers, times n columns, indicators.
    directions : ``benefit`` or ``cost`` for each column. Default: all benefit.
    method : a name in `OBJECTIVE`.

    Raises
    ------
    EvaluationError
        when there is no such method or direction.
    ValueError
        when X is no matrix, holds infinite values, or the number of directions differs.

    >>> objective_weights([[1, 2], [4, 16]]).round(4)
    array([0.3589, 0.6411])
    """
    function = OBJECTIVE[method].function
    matrix = np.asarray(X, dtype=np.float64)
    if matrix.ndim != 2 or np.isinf(matrix).any():
        raise ValueError("objective weights are taken of a matrix (rows, columns) of finite numbers")
    signs = signs_of(directions, matrix.shape[1])
    if len(matrix) < 2 or matrix.shape[1] == 0:
        return np.full(matrix.shape[1], np.nan)
    varied = ~constant_columns(matrix)
    information = np.zeros(matrix.shape[1])
    information[varied] = function(matrix[:, varied], signs[varied])
    total = information.sum()
    return np.asarray(information / total) if total > 0 else np.full(matrix.shape[1], np.nan)


def entropy(X: ArrayLike, directions: Sequence[str] | None = None) -> Array:
    """Return entropy weights (熵权法), (m, n) → (n): `objective_weights` with ``entropy``.

    >>> entropy([[1, 2, 5], [4, 16, 5]]).round(4)
    array([0.3589, 0.6411, 0.    ])
    """
    return objective_weights(X, directions, "entropy")


def critic(X: ArrayLike, directions: Sequence[str] | None = None) -> Array:
    """Return CRITIC weights, (m, n) → (n): `objective_weights` with ``critic``.

    >>> critic([[1, 1, 4], [2, 2, 1], [3, 3, 3], [4, 4, 2]]).round(3)
    array([0.25, 0.25, 0.5 ])
    """
    return objective_weights(X, directions, "critic")


def coefficient_of_variation(X: ArrayLike, directions: Sequence[str] | None = None) -> Array:
    """Return weights by the coefficient of variation (变异系数法), (m, n) → (n).

    >>> coefficient_of_variation([[9, 90], [11, 110]])
    array([0.5, 0.5])
    """
    return objective_weights(X, directions, "coefficient_of_variation")


def standard_deviation(X: ArrayLike, directions: Sequence[str] | None = None) -> Array:
    """Return weights by the standard deviation of 0–1 values (标准差法), (m, n) → (n).

    >>> standard_deviation([[0, 10, 3], [0, 20, 4], [1, 20, 5]]).round(3)
    array([0.349, 0.349, 0.302])
    """
    return objective_weights(X, directions, "standard_deviation")


def constant_columns(X: ArrayLike) -> NDArray[np.bool_]:
    """Say which columns are the same for all rows that have a value, or have none at all, (m, n) → (n).

    >>> constant_columns([[1, 2, float("nan")], [1, 3, float("nan")]])
    array([ True, False,  True])
    """
    matrix = np.asarray(X, dtype=np.float64)
    known = ~np.isnan(matrix)
    largest = np.where(known, matrix, -np.inf).max(0)
    least = np.where(known, matrix, np.inf).min(0)
    with np.errstate(invalid="ignore"):
        spread = largest - least
        scale = np.maximum(np.abs(largest), np.abs(least))
        return np.asarray(~known.any(0) | (spread <= 1e-12 * scale))


def merec(X: ArrayLike, directions: Sequence[str] | None = None) -> Array:
    """Return MEREC weights, (m, n) → (n): `objective_weights` with ``merec``.

    >>> merec([[450, 8000], [10, 9100], [100, 8200]]).round(3)
    array([0.964, 0.036])
    """
    return objective_weights(X, directions, "merec")


def moved_columns(
    X: ArrayLike, directions: Sequence[str] | None = None, method: str = "entropy"
) -> NDArray[np.bool_]:
    """Return True for each column that a method moves before it reads proportions, (m, n) → (n).

    >>> moved_columns([[1, -2, 0], [3, 4, 1]], method="merec")
    array([False,  True,  True])
    >>> moved_columns([[1, -2, 0], [3, 4, 1]], method="critic")
    array([False, False, False])
    """
    laws, matrix = OBJECTIVE[method].laws, np.asarray(X, dtype=np.float64)
    if "proportions" not in laws:
        return np.zeros(matrix.shape[1], dtype=np.bool_)
    moved = unlike_ratios(matrix, directions if "reciprocals" in laws else None)
    return moved | (_least(matrix) <= 0) if "above_0" in laws else moved


def _least(matrix: Array) -> Array:
    return np.asarray(np.where(np.isnan(matrix), np.inf, matrix).min(0))


def unlike_ratios(X: ArrayLike, directions: Sequence[str] | None = None) -> NDArray[np.bool_]:
    """Return True for each column without proportions, (m, n) → (n): values below 0, or a cost of 0.

    Methods that read a value as a share move such a column onto 0–1 first, which changes what it says:
    the result depends on the least and the largest value.

    >>> unlike_ratios([[1, -2, 0], [3, 4, 1]], ["benefit", "benefit", "cost"])
    array([False,  True,  True])
    """
    matrix = np.asarray(X, dtype=np.float64)
    least, cost = _least(matrix), signs_of(directions, matrix.shape[1]) < 0
    return np.asarray((least < 0) | (cost & (least <= 0)))


def combine(
    subjective: ArrayLike, objective: ArrayLike, how: str = "multiplicative", *, alpha: float = 0.5
) -> Array:
    """Return subjective and objective weights as one, twice (..., n) → (..., n), summing to 1.

    Parameters
    ----------
    how : a name in `COMBINATIONS`. ``multiplicative``: s o / Σ s o; a weight of 0 on either side stays
        0. ``geometric``: s^α o^(1 − α) / Σ, likewise. ``additive``: α s + (1 − α) o. ``least_deviation``:
        the α of the game-theoretic rule, for which the sum lies closest to both.
    alpha : share of the subjective weights, 0 to 1; ``additive`` and ``geometric`` alone heed it.

    Where the two have no element in common that counts, the product is NaN.

    Raises
    ------
    EvaluationError
        when there is no such combination.
    ValueError
        when shapes differ, a weight is negative or not finite, all are 0, or alpha lies outside 0 to 1.

    >>> combine([0.6, 0.4], [0.2, 0.8]).round(4)
    array([0.2727, 0.7273])
    >>> combine([0.6, 0.4], [0.2, 0.8], "additive", alpha=0.75)
    array([0.5, 0.5])
    """
    function = COMBINATIONS[how].function
    s, o = np.asarray(subjective, dtype=np.float64), np.asarray(objective, dtype=np.float64)
    if s.shape != o.shape or s.ndim == 0:
        raise ValueError(f"two vectors of weights have one shape, not {s.shape} and {o.shape}")
    if not 0 <= alpha <= 1:
        raise ValueError(f"alpha is a share between 0 and 1, not {alpha}")
    for weights in (s, o):
        if not (np.isfinite(weights).all() and (weights >= 0).all() and (weights.sum(-1) > 0).all()):
            raise ValueError("weights are finite, at least 0, and not all 0")
    joint = function(s / s.sum(-1, keepdims=True), o / o.sum(-1, keepdims=True), alpha)
    total = joint.sum(-1, keepdims=True)
    return np.asarray(joint / np.where(total > 0, total, np.nan))


def _standing(X: Array, signs: Array) -> Array:
    """Return where each value stands between the worst, 0, and the best, 1, of its column."""
    least, largest = np.nanmin(X, axis=0), np.nanmax(X, axis=0)
    up = (X - least) / (largest - least)
    return np.asarray(np.where(signs > 0, up, 1 - up))


def _proportions(X: Array, signs: Array) -> Array:
    """Return values of which shares can be taken, the more the better; reciprocals of a cost."""
    directions = np.where(signs > 0, "benefit", "cost").tolist()
    moved = unlike_ratios(X, directions)
    with np.errstate(divide="ignore"):
        ratios = np.where(signs > 0, X, 1 / X)
    return np.where(moved, _standing(X, signs), ratios)


@OBJECTIVE.register(
    "entropy",
    zh="熵权法",
    en="entropy",
    reference="Shannon 1948, doi:10.1002/j.1538-7305.1948.tb01338.x; Zeleny 1982, Multiple Criteria Decision "
    "Making, McGraw-Hill",
    laws=("simplex", "constant", "relabelling", "scale", "proportions", "reciprocals"),
)
def _entropy(X: Array, signs: Array) -> Array:
    """d_j = 1 + Σ p ln p / ln m, with 0 ln 0 = 0, over the m rows that have a value."""
    values = _proportions(X, signs)
    p = values / np.nansum(values, axis=0)
    rows = (~np.isnan(X)).sum(0)
    terms = np.where(p > 0, p * np.log(np.where(p > 0, p, 1.0)), 0.0)
    return np.asarray(np.maximum(1 + terms.sum(0) / np.log(rows), 0.0))


@OBJECTIVE.register(
    "merec",
    zh="移除效应法（MEREC）",
    en="removal effects of criteria (MEREC)",
    reference="Keshavarz-Ghorabaee, Amiri, Zavadskas, Turskis & Antucheviciene 2021, doi:10.3390/sym13040525",
    laws=("simplex", "constant", "relabelling", "scale", "proportions", "reciprocals", "above_0"),
)
def _merec(X: Array, signs: Array) -> Array:
    """E_j = Σ_i |ln(1 + Σ_{k≠j} |ln n_ik| / n) − ln(1 + Σ_k |ln n_ik| / n)|, n_ik worst value over value.

    A column in which the worst is 0 or less is moved onto 1–2. Each sum over rows is a mean over those that
    have the value.
    """
    values = _proportions(X, signs)
    values = np.where(np.nanmin(values, axis=0) <= 0, 1 + _standing(X, signs), values)
    away = np.log(values / np.nanmin(values, axis=0))
    known = np.maximum((~np.isnan(away)).sum(1, keepdims=True), 1)
    total = np.nansum(away, axis=1, keepdims=True)
    effects = np.log1p(total / known) - np.log1p((total - away) / known)
    return np.asarray(np.nanmean(effects, axis=0))


@OBJECTIVE.register(
    "critic",
    zh="CRITIC 法",
    en="CRITIC",
    reference="Diakoulaki, Mavrotas & Papayannakis 1995, doi:10.1016/0305-0548(94)00059-H",
    laws=("simplex", "constant", "relabelling", "scale"),
)
def _critic(X: Array, signs: Array) -> Array:
    """C_j = σ_j Σ_k (1 − r_jk) of the values on 0–1; one column alone has all the weight."""
    values = _standing(X, signs)
    if values.shape[1] == 1:
        return np.ones(1)
    return np.asarray(np.nanstd(values, axis=0, ddof=1) * (1 - _correlations(values)).sum(-1))


def _correlations(values: Array) -> Array:
    """Return the correlations of columns over the rows both have; 0 where those do not vary."""
    known = (~np.isnan(values)).astype(np.float64)
    filled = np.where(known > 0, values, 0.0)
    rows = known.T @ known
    with np.errstate(invalid="ignore", divide="ignore"):
        own = filled.T @ known / rows  # the mean of each column over the rows it shares with another
        products = filled.T @ filled / rows - own * own.T
        squares = (filled**2).T @ known / rows - own**2
        r = products / np.sqrt(squares * squares.T)
    r = np.where((squares > 1e-15) & (squares.T > 1e-15) & np.isfinite(r), np.clip(r, -1, 1), 0.0)
    np.fill_diagonal(r, 1.0)
    return np.asarray(r)


@OBJECTIVE.register(
    "coefficient_of_variation",
    zh="变异系数法",
    en="coefficient of variation",
    reference="Pearson 1896, doi:10.1098/rsta.1896.0007",
    laws=("simplex", "constant", "relabelling", "scale", "proportions"),
)
def _coefficient_of_variation(X: Array, signs: Array) -> Array:
    values = np.where(unlike_ratios(X), _standing(X, signs), X)
    return np.asarray(np.nanstd(values, axis=0, ddof=1) / np.nanmean(values, axis=0))


@OBJECTIVE.register(
    "standard_deviation",
    zh="标准差法",
    en="standard deviation",
    reference="Diakoulaki, Mavrotas & Papayannakis 1995, doi:10.1016/0305-0548(94)00059-H",
    laws=("simplex", "constant", "relabelling", "scale"),
)
def _standard_deviation(X: Array, signs: Array) -> Array:
    return np.asarray(np.nanstd(_standing(X, signs), axis=0, ddof=1))


@COMBINATIONS.register(
    "multiplicative",
    zh="乘法组合",
    en="product",
    reference="Hwang & Yoon 1981, Multiple Attribute Decision Making, doi:10.1007/978-3-642-48318-9",
)
def _multiplicative(s: Array, o: Array, alpha: float) -> Array:
    return s * o


@COMBINATIONS.register(
    "geometric",
    zh="几何加权组合",
    en="weighted geometric mean",
    reference="Aczél & Saaty 1983, doi:10.1016/0022-2496(83)90028-7",
    laws=("heeds_alpha",),
)
def _geometric(s: Array, o: Array, alpha: float) -> Array:
    return np.asarray(s**alpha * o ** (1 - alpha))


@COMBINATIONS.register(
    "additive",
    zh="加法组合",
    en="weighted sum",
    reference="Hwang & Yoon 1981, Multiple Attribute Decision Making, doi:10.1007/978-3-642-48318-9",
    laws=("heeds_alpha",),
)
def _additive(s: Array, o: Array, alpha: float) -> Array:
    return np.asarray(alpha * s + (1 - alpha) * o)


@COMBINATIONS.register(
    "least_deviation",
    zh="博弈论组合赋权（离差最小）",
    en="least deviation (game theory)",
    reference="Chen & Liu 2003, Fuzzy Systems and Mathematics 17(3); the pair of coefficients that solves "
    "its first-order conditions, brought to the sum of 1",
)
def _least_deviation(s: Array, o: Array, alpha: float) -> Array:
    """Solve a s·s + b s·o = s·s, a s·o + b o·o = o·o; equal vectors, and a share below 0, need no mix."""
    ss, oo, so = (s * s).sum(-1), (o * o).sum(-1), (s * o).sum(-1)
    determinant = ss * oo - so**2
    with np.errstate(invalid="ignore", divide="ignore"):
        first = (ss * oo - so * oo) / determinant
        second = (ss * oo - so * ss) / determinant
    alike = determinant <= 1e-15 * ss * oo
    first = np.where(alike, 0.5, np.abs(first))[..., None]
    second = np.where(alike, 0.5, np.abs(second))[..., None]
    return np.asarray((first * s + second * o) / (first + second))
