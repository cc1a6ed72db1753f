"""Second opinions on small sets: TOPSIS, VIKOR, PROMETHEE II and grey relational analysis of arrays.

All but TOPSIS with a stated reference are relative: who is best and worst in the set sets the
standard, so that a customer's figure, and even the order of two others, may change with who else is
in it. They question a ranking; they are no scores to compare over time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluator.displayed import Displayed
from evaluator.registry import Registry
from evaluator.scoring.outranking import Flows, Preference, flows
from evaluator.weighing.directions import signs_of

Array = NDArray[np.float64]

OPINIONS: Registry[Callable[[Array, Array, Array], Array]] = Registry("second_opinion")
"""Functions of a matrix (m, n), weights (n, sum 1) and signs (n; 1 benefit, −1 cost) → closeness to the
best (m), 0–1, higher is better. Laws: ``dominance`` (better in every column is never ranked below),
``relabelling``, ``relative``."""


@dataclass(frozen=True)
class Vikor(Displayed):
    """What VIKOR says of m alternatives; less is better throughout.

    Attributes
    ----------
    utility : S, weighted distance from the best, (m). regret : R, the largest single one, (m).
    compromise : Q between both, (m), 0–1.
    solution : places of the compromise solution: the best by Q alone where it leads clearly
        (by 1/(m − 1) or more) and by S or R as well; else those it cannot be told from.
    """

    utility: Array
    regret: Array
    compromise: Array
    solution: tuple[int, ...]


def second_opinion(
    X: ArrayLike, weights: ArrayLike, directions: Sequence[str] | None = None, method: str = "topsis"
) -> Array:
    """Return each row's closeness to the best of the set, (m, n) → (m), 0–1, higher is better.

    Parameters
    ----------
    X : m alternatives times n columns. weights : (n), only their proportions count.
    directions : ``benefit`` or ``cost`` for each column. Default: all benefit.
    method : a name in `OPINIONS`.

    Raises
    ------
    EvaluationError
        when there is no such method or direction.
    ValueError
        when X is no matrix of finite numbers, or the weights do not fit it.

    >>> second_opinion([[1, 9], [5, 6], [9, 1]], [3, 1], method="grey_relational").round(2)
    array([0.5 , 0.52, 0.83])
    """
    matrix, shares, signs = _arguments(X, weights, directions)
    return OPINIONS[method].function(matrix, shares, signs)


def topsis(
    X: ArrayLike,
    weights: ArrayLike,
    directions: Sequence[str] | None = None,
    reference: tuple[ArrayLike, ArrayLike] | None = None,
) -> Array:
    """Return TOPSIS closeness d⁻ / (d⁺ + d⁻), (m, n) → (m), 0–1, higher is better.

    Parameters
    ----------
    reference : worst and best value of every column, (n) each. With it columns are brought to 0–1
        between the two, values beyond are clamped, and nobody's closeness depends on the others.
        Without it columns are divided by their Euclidean length and the best and worst of the set
        are the reference: the result is relative.

    Raises
    ------
    as `second_opinion`; `ValueError` also when worst and best of a column are the same.

    References
    ----------
    Hwang, C.L., Yoon, K. (1981), Multiple Attribute Decision Making. doi:10.1007/978-3-642-48318-9

    >>> topsis([[5, 8, 4], [7, 6, 8], [8, 8, 6], [7, 4, 6]], [0.3, 0.4, 0.3]).round(3)
    array([0.504, 0.658, 0.748, 0.334])
    >>> topsis([[50, 10], [100, 0]], [1, 1], ["benefit", "cost"], ([0, 20], [100, 0])).round(3)
    array([0.5, 1. ])
    """
    matrix, shares, signs = _arguments(X, weights, directions)
    if reference is None:
        return relative_topsis(matrix, shares, signs)
    worst, best = (np.asarray(side, dtype=np.float64) for side in reference)
    if worst.shape != best.shape or worst.shape != shares.shape or not ((best - worst) * signs > 0).all():
        raise ValueError("a reference is the worst and the best value of every column, in its direction")
    standing = np.clip((matrix - worst) / (best - worst), 0, 1)
    return _closeness(standing * shares, shares, np.zeros_like(shares))


@OPINIONS.register(
    "topsis",
    zh="逼近理想解排序法（TOPSIS）",
    en="TOPSIS",
    reference="Hwang & Yoon (1981), doi:10.1007/978-3-642-48318-9",
    laws=("dominance", "relabelling", "relative"),
)
def relative_topsis(X: Array, weights: Array, signs: Array) -> Array:
    """Return the closeness to the best of the set, columns divided by their length."""
    length = np.sqrt((X**2).sum(0))
    V = X / np.where(length > 0, length, 1.0) * weights * signs
    return _closeness(V, V.max(0), V.min(0))


@OPINIONS.register(
    "vikor",
    zh="折衷排序法（VIKOR）",
    en="VIKOR",
    reference="Opricovic & Tzeng (2004), doi:10.1016/S0377-2217(03)00020-1",
    laws=("dominance", "relabelling", "relative"),
)
def compromise_closeness(X: Array, weights: Array, signs: Array) -> Array:
    """Return 1 − Q of VIKOR, so that higher is better."""
    return 1 - _vikor(X, weights, signs, 0.5).compromise


@OPINIONS.register(
    "promethee",
    zh="偏好顺序结构评估法（PROMETHEE II）",
    en="PROMETHEE II",
    reference="Brans, Vincke & Mareschal (1986), doi:10.1016/0377-2217(86)90044-5; Gaussian preferences with "
    "the standard deviation of the column",
    laws=("dominance", "relabelling", "relative"),
)
def outranking_closeness(X: Array, weights: Array, signs: Array) -> Array:
    """Return (1 + φ) / 2 of the net flow φ, so that it lies between 0 and 1."""
    spreads = [Preference("gaussian", inflection=float(spread)) for spread in X.std(0)]
    return np.asarray((1 + flows(X, weights, signs, spreads).net) / 2)


@OPINIONS.register(
    "grey_relational",
    zh="灰色关联分析",
    en="grey relational analysis",
    reference="Deng (1982), doi:10.1016/S0167-6911(82)80025-X",
    laws=("dominance", "relabelling", "relative"),
)
def grey_closeness(X: Array, weights: Array, signs: Array) -> Array:
    """Return the grey relational grade with distinguishing coefficient 0.5."""
    return _grey(X, weights, signs, 0.5)


def vikor(
    X: ArrayLike, weights: ArrayLike, directions: Sequence[str] | None = None, *, majority: float = 0.5
) -> Vikor:
    """Return utility, regret and compromise of VIKOR, (m, n) → (m) each, less is better.

    Parameters
    ----------
    majority : weight v of utility against regret, 0–1.

    Raises
    ------
    as `second_opinion`; `ValueError` also when `majority` lies outside 0–1.

    References
    ----------
    Opricovic, S., Tzeng, G.-H. (2004), EJOR 156(2), 445–455. doi:10.1016/S0377-2217(03)00020-1

    >>> vikor([[1, 3000], [2, 3750], [5, 4500]], [1, 1], ["cost", "benefit"]).compromise
    array([1., 0., 1.])
    """
    if not 0 <= majority <= 1:
        raise ValueError("the weight of the majority lies between 0 and 1")
    return _vikor(*_arguments(X, weights, directions), majority)


def promethee(
    X: ArrayLike, weights: ArrayLike, directions: Sequence[str] | None, preferences: Sequence[Preference]
) -> Flows:
    """Return the positive, negative and net flows of PROMETHEE, (m, n) → (m) each; more net flow is better.

    Parameters
    ----------
    preferences : how a difference becomes a preference, for each column.

    Raises
    ------
    as `second_opinion`; `ValueError` also when there is not one preference for each column.

    References
    ----------
    Brans, J.P., Vincke, P., Mareschal, B. (1986), EJOR 24(2), 228–238. doi:10.1016/0377-2217(86)90044-5

    >>> promethee([[1, 9], [5, 6], [9, 1]], [3, 1], None, [Preference(), Preference()]).net
    array([-0.5,  0. ,  0.5])
    """
    return flows(*_arguments(X, weights, directions), preferences)


def grey_relational(
    X: ArrayLike, weights: ArrayLike, directions: Sequence[str] | None = None, *, distinguishing: float = 0.5
) -> Array:
    """Return grey relational grades with the best of the set, (m, n) → (m), 0–1, higher is better.

    Parameters
    ----------
    distinguishing : ρ, above 0 and at most 1; the smaller, the further apart the grades.

    Raises
    ------
    as `second_opinion`; `ValueError` also when ρ lies outside its range.

    References
    ----------
    Deng, J. (1982), Systems & Control Letters 1(5), 288–294. doi:10.1016/S0167-6911(82)80025-X

    >>> grey_relational([[1, 9], [5, 5], [9, 1]], [1, 1]).round(3)
    array([0.667, 0.5  , 0.667])
    """
    if not 0 < distinguishing <= 1:
        raise ValueError("the distinguishing coefficient lies above 0 and at most at 1")
    return _grey(*_arguments(X, weights, directions), distinguishing)


def _arguments(
    X: ArrayLike, weights: ArrayLike, directions: Sequence[str] | None
) -> tuple[Array, Array, Array]:
    matrix, shares = np.asarray(X, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if matrix.ndim != 2 or not matrix.size or not np.isfinite(matrix).all():
        raise ValueError("alternatives are a matrix (rows, columns) of finite numbers")
    if shares.shape != matrix.shape[1:] or not (shares >= 0).all() or not 0 < shares.sum() < np.inf:
        raise ValueError("every column has a weight of at least 0, and not all of them are 0")
    return matrix, shares / shares.sum(), signs_of(directions, matrix.shape[1])


def _closeness(V: Array, best: Array, worst: Array) -> Array:
    """Return d⁻ / (d⁺ + d⁻); one half where best and worst are the same and nobody is nearer."""
    to_best, to_worst = (np.sqrt(((V - end) ** 2).sum(1)) for end in (best, worst))
    total = to_best + to_worst
    return np.asarray(np.where(total > 0, to_worst / np.where(total > 0, total, 1.0), 0.5))


def _loss(X: Array, signs: Array) -> Array:
    """Return how far each value is from the best of its column, 0–1; 0 in a column that is all the same."""
    Y = X * signs
    span = Y.max(0) - Y.min(0)
    return np.asarray((Y.max(0) - Y) / np.where(span > 0, span, 1.0))


def _vikor(X: Array, weights: Array, signs: Array, majority: float) -> Vikor:
    loss = _loss(X, signs) * weights
    utility, regret = loss.sum(1), loss.max(1)
    compromise = majority * _loss(-utility[:, None], np.ones(1))[:, 0]
    compromise = compromise + (1 - majority) * _loss(-regret[:, None], np.ones(1))[:, 0]
    return Vikor(utility, regret, compromise, _solution(utility, regret, compromise))


def _solution(utility: Array, regret: Array, compromise: Array) -> tuple[int, ...]:
    order = np.argsort(compromise, kind="stable")
    if len(order) < 2:
        return (int(order[0]),)
    first, clear = int(order[0]), 1 / (len(order) - 1)
    if compromise[order[1]] - compromise[first] < clear - 1e-9:
        near = order[compromise[order] - compromise[first] < clear - 1e-9]
        return tuple(int(place) for place in near)
    stable = utility[first] <= utility.min() + 1e-9 or regret[first] <= regret.min() + 1e-9
    return (first,) if stable else (first, int(order[1]))


def _grey(X: Array, weights: Array, signs: Array, distinguishing: float) -> Array:
    distance = _loss(X, signs)
    least, largest = distance.min(), distance.max()
    if largest == 0:
        return np.ones(len(X))  # all the same, and so all the best
    relation = (least + distinguishing * largest) / (distance + distinguishing * largest)
    return np.asarray(relation @ weights)
