"""The best–worst method: only the best against all others, and all others against the worst.

2n − 3 comparisons instead of n(n − 1)/2. Both models are solved exactly without a general solver: the
linear one has only two free ratios, so its optimum is a crossing of a few lines; of the other, the
least deviation and the range of every weight are closed formulas.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluator.ahp.matrices import Array
from evaluator.displayed import Displayed
from evaluator.registry import Registry

Model = Literal["linear", "nonlinear"]

# Liang, Brunelli & Rezaei 2020: rows are a_BW = 3 … 9, columns n = 3 … 9; a_BW = 2 bears no deviation
_LIMITS = np.array(
    [
        [0.1667, 0.1667, 0.1667, 0.1667, 0.1667, 0.1667, 0.1667],
        [0.1121, 0.1529, 0.1898, 0.2206, 0.2527, 0.2577, 0.2683],
        [0.1354, 0.1994, 0.2306, 0.2546, 0.2716, 0.2844, 0.2960],
        [0.1330, 0.1990, 0.2643, 0.3044, 0.3144, 0.3221, 0.3262],
        [0.1294, 0.2457, 0.2819, 0.3029, 0.3144, 0.3251, 0.3403],
        [0.1309, 0.2521, 0.2958, 0.3154, 0.3408, 0.3620, 0.3657],
        [0.1359, 0.2681, 0.3062, 0.3337, 0.3517, 0.3620, 0.3662],
    ]
)
_EXACT = 1e-12


@dataclass(frozen=True)
class BestWorst(Displayed):
    """Weights by the best–worst method, with their consistency; fields have the batch shape.

    Attributes
    ----------
    weights : (..., n), sums to 1. ranges : (..., n, 2), least and largest weight that deviate as little;
        for the linear model both are the weight.
    xi : the least possible deviation, of ratios (nonlinear) or of weights (linear); 0 is consistent.
    output_cr : ξ of the nonlinear model over the largest that one element alone can ask for with this
        a_BW; it passes 1 only where two elements pull apart.
    input_cr : ``max_j |a_Bj a_jW − a_BW| / (a_BW² − a_BW)``, from the answers alone. limit : of `input_cr`.
    verdict : ``consistent``, ``inconsistent``, or ``not_testable`` (n = 2, or best and worst alike).
    """

    model: Model
    weights: Array
    ranges: Array
    xi: Array
    output_cr: Array
    input_cr: Array
    limit: Array
    verdict: NDArray[np.str_]


def best_worst(
    best_to_others: ArrayLike,
    others_to_worst: ArrayLike,
    *,
    model: Model = "linear",
    best: ArrayLike | None = None,
    worst: ArrayLike | None = None,
) -> BestWorst:
    """Return weights from comparisons with the best and the worst element, twice (..., n) → (..., n).

    Parameters
    ----------
    best_to_others : a_Bj ≥ 1, how many times as important the best is as j; 1 for itself.
    others_to_worst : a_jW ≥ 1, how many times as important j is as the worst; 1 for itself.
    model : ``linear``, one solution; ``nonlinear``, the original, whose weights may be a range: their
        middle is given, brought to the sum of 1.
    best, worst : their places, (...). Default: where a_Bj is 1 and a_jW largest, and the reverse.

    Answers below 1 or not finite, and a comparison of best and worst answered differently in the two
    rows, give NaN, alone in their batch.

    Raises
    ------
    ValueError
        when the shapes differ or n < 2.

    References
    ----------
    Rezaei, J. (2015), Omega 53, 49–57. doi:10.1016/j.omega.2014.11.009. Linear model and ranges: Rezaei
    (2016), Omega 64, 126–130. doi:10.1016/j.omega.2015.12.001. Consistency of the answers: Liang, F.,
    Brunelli, M., Rezaei, J. (2020), Omega 96, 102175. doi:10.1016/j.omega.2019.102175

    >>> result = best_worst([8, 2, 1], [1, 5, 8], model="nonlinear")
    >>> result.weights.round(4), round(float(result.xi), 4)
    (array([0.0714, 0.3387, 0.5899]), 0.2583)
    """
    B, W = np.asarray(best_to_others, dtype=np.float64), np.asarray(others_to_worst, dtype=np.float64)
    if B.shape != W.shape or B.ndim < 1 or B.shape[-1] < 2:
        raise ValueError(f"two rows of at least two answers have one shape, not {B.shape} and {W.shape}")
    if model not in ("linear", "nonlinear"):
        raise ValueError(f"a best–worst model is linear or nonlinear, not {model!r}")
    shape, n = B.shape[:-1], B.shape[-1]
    b_place = _place(W, B, best, shape)
    w_place = _place(B, W, worst, shape)
    B, W = B.reshape(-1, n), W.reshape(-1, n)
    rows = np.arange(len(B))
    top, low = B[rows, w_place], W[rows, b_place]
    with np.errstate(invalid="ignore"):
        sound = np.isfinite(B) & np.isfinite(W) & (B >= 1 - _EXACT) & (W >= 1 - _EXACT)
        usable = np.asarray(sound.all(-1))
        usable &= (np.abs(top - low) <= 1e-9 * top) & (b_place != w_place)
        usable &= (np.abs(B[rows, b_place] - 1) <= 1e-9) & (np.abs(W[rows, w_place] - 1) <= 1e-9)
    w, ranges = np.full((len(B), n), np.nan), np.full((len(B), n, 2), np.nan)
    xi, deviation = np.full(len(B), np.nan), np.full(len(B), np.nan)
    places = b_place[usable], w_place[usable]
    deviation[usable] = _least_deviation(B[usable], W[usable], *places)
    if model == "linear":
        w[usable], xi[usable] = _linear(B[usable], W[usable], *places)
        ranges = np.repeat(w[..., None], 2, axis=-1)
    else:
        xi = deviation
        ranges[usable] = _ranges(B[usable], W[usable], *places, deviation[usable])
        w = ranges.mean(-1) / ranges.mean(-1).sum(-1, keepdims=True)
    output, answers, limit, verdict = _consistency(np.where(usable, top, np.nan), B, W, deviation)
    return BestWorst(
        model,
        w.reshape(*shape, n),
        ranges.reshape(*shape, n, 2),
        xi.reshape(shape),
        output.reshape(shape),
        answers.reshape(shape),
        limit.reshape(shape),
        verdict.reshape(shape),
    )


def _place(of: Array, ones: Array, given: ArrayLike | None, shape: tuple[int, ...]) -> NDArray[np.int64]:
    if given is not None:
        return np.broadcast_to(np.asarray(given, dtype=np.int64), shape).reshape(-1)
    candidates = np.where(np.abs(ones - 1) <= 1e-9, of, -1.0)
    return np.asarray(np.nan_to_num(candidates, nan=-1.0).argmax(-1).reshape(-1))


def _others(B: Array, b: NDArray[np.int64], w: NDArray[np.int64]) -> NDArray[np.bool_]:
    places = np.arange(B.shape[-1])
    return np.asarray((places != b[:, None]) & (places != w[:, None]))


def _least_deviation(B: Array, W: Array, b: NDArray[np.int64], w: NDArray[np.int64]) -> Array:
    """Return the ξ of the nonlinear model: the most that one element, or two together, ask for.

    For one, (a ∓ ξ)(c ∓ ξ) = a_BW ± ξ with a = a_Bj and c = a_jW; for two, the ratio of best to worst
    that j needs at least must not pass what k allows: (a_j − ξ)(c_j − ξ) = (a_k + ξ)(c_k + ξ).
    """
    others = _others(B, b, w)
    top = B[np.arange(len(B)), w][:, None]
    product, total = B * W, B + W
    gap = np.abs(product - top)
    with np.errstate(invalid="ignore"):
        root = np.sqrt((total + 1) ** 2 - 4 * (product - top))
    alone = 2 * gap / (total + 1 + root)  # the root of either quadratic, so that small gaps do not cancel
    needs = np.where(others, alone, 0.0).max(-1)
    both = (product[:, :, None] - product[:, None, :]) / (total[:, :, None] + total[:, None, :])
    pairs = np.where(others[:, :, None] & others[:, None, :], both, 0.0).max((1, 2))
    return np.asarray(np.maximum(needs, pairs))


def _ranges(B: Array, W: Array, b: NDArray[np.int64], w: NDArray[np.int64], xi: Array) -> Array:
    """Return the least and the largest weight of every element among those that deviate by ξ.

    With the worst as unit, the ratio r of the best leaves each other element an interval of its own.
    A weight is a quotient of two straight lines in r between the points where an interval changes
    its governing answer, so it is smallest and largest at one of those points.
    """
    rows = np.arange(len(B))
    others, top = _others(B, b, w), B[rows, w]
    x = xi[:, None]
    least, most = np.maximum(B - x, 0.0), B + x
    down, up = np.maximum(W - x, 0.0), W + x
    low = np.maximum(top - xi, np.where(others, least * down, 0.0).max(-1))
    high = np.minimum(top + xi, np.where(others, most * up, np.inf).min(-1))
    high = np.maximum(low, high)  # equal at the least deviation, but for rounding
    turns = np.concatenate([up * least, down * most], -1)
    r = np.concatenate([low[:, None], high[:, None], np.clip(turns, low[:, None], high[:, None])], -1)
    with np.errstate(divide="ignore"):
        ceiling = np.minimum(
            up[:, None, :], np.where(least > 0, 1 / least, np.inf)[:, None, :] * r[..., None]
        )
    floor = np.minimum(np.maximum(down[:, None, :], r[..., None] / most[:, None, :]), ceiling)
    for side in (floor, ceiling):
        side[rows, :, b] = r
        side[rows, :, w] = 1.0
    smallest = floor / (floor + ceiling.sum(-1, keepdims=True) - ceiling)
    largest = ceiling / (ceiling + floor.sum(-1, keepdims=True) - floor)
    return np.stack([smallest.min(1), largest.max(1)], -1)


def _linear(B: Array, W: Array, b: NDArray[np.int64], w: NDArray[np.int64]) -> tuple[Array, Array]:
    """Return weights and ξ of: least ξ with |w_B − a_Bj w_j| ≤ ξ and |w_j − a_jW w_W| ≤ ξ.

    Measured in ξ, the least ξ is the largest total. Given the best x and the worst y, each other
    weight is at most min((x + 1)/a, c y + 1), so the total is concave and straight between lines of
    the plane (x, y): the best point is where two of them cross.
    """
    others, rows = _others(B, b, w), np.arange(len(B))
    top = B[rows, w]
    x, y = _crossings(B, W, top)
    with np.errstate(invalid="ignore", over="ignore"):
        slack = 1e-9 * (1 + np.abs(x) + top[:, None] * np.abs(y))
        ceiling = np.minimum((x[..., None] + 1) / B[:, None, :], W[:, None, :] * y[..., None] + 1)
        floor = np.maximum((x[..., None] - 1) / B[:, None, :], W[:, None, :] * y[..., None] - 1)
        held = ((floor <= ceiling + slack[..., None]) | ~others[:, None, :]).all(-1)
        held &= (np.abs(x - top[:, None] * y) <= 1 + slack) & (x >= -slack) & (y >= -slack)
        ceiling[rows, :, b], ceiling[rows, :, w] = x, y
        total = np.where(held, ceiling.sum(-1), -np.inf)
        best = total >= total.max(-1, keepdims=True) * (1 - 1e-12)
    points = np.where(best[..., None], ceiling, 0.0).sum(1)
    weights, xi = points / points.sum(-1, keepdims=True), 1 / total.max(-1)
    gaps = np.abs(np.where(others, B * W, top[:, None]) / top[:, None] - 1)
    consistent = gaps.max(-1) <= 1e-10
    exact = 1 / B
    return (
        np.where(consistent[:, None], exact / exact.sum(-1, keepdims=True), weights),
        np.where(consistent, 0.0, xi),
    )


def _crossings(B: Array, W: Array, top: Array) -> tuple[Array, Array]:
    """Return where every two lines α x + β y = γ of the linear model cross, twice (m, crossings)."""
    one, none = np.ones((len(B), 1)), np.zeros((len(B), 1))
    t, slope, steps = top[:, None], 1 / B, 1 + 1 / B
    alpha = np.concatenate([one, one, one, none, slope, slope, slope], -1)
    beta = np.concatenate([-t, -t, none, one, -W, -W, -W], -1)
    gamma = np.concatenate([one, -one, none, none, steps, -steps, 1 - slope], -1)
    i, j = np.triu_indices(alpha.shape[-1], 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        cross = alpha[:, i] * beta[:, j] - alpha[:, j] * beta[:, i]
        cross = np.where(np.abs(cross) > _EXACT, cross, np.nan)
        x = (gamma[:, i] * beta[:, j] - gamma[:, j] * beta[:, i]) / cross
        y = (alpha[:, i] * gamma[:, j] - alpha[:, j] * gamma[:, i]) / cross
    return x, y


def _consistency(top: Array, B: Array, W: Array, xi: Array) -> tuple[Array, Array, Array, NDArray[np.str_]]:
    n = B.shape[-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        testable = (top > 1 + 1e-9) & (n > 2)
        worst_case = (1 + 2 * top - np.sqrt(1 + 8 * top)) / 2  # ξ when a_Bj = a_jW = a_BW
        output = np.where(testable, xi / worst_case, np.nan)
        gaps = np.abs(B * W - top[:, None]).max(-1)
        answers = np.where(testable, gaps / (top**2 - top), np.nan)
    limit = np.where(testable, input_limit(top, n), np.nan)
    verdict = np.where(answers <= limit + 1e-9, "consistent", "inconsistent")
    return output, answers, limit, np.where(testable, verdict, "not_testable")


def input_limit(a_bw: ArrayLike, n: int) -> Array:
    """Return the largest input-based CR that is accepted for n elements, by the comparison of best and worst.

    Ratios between whole numbers take the limit of the larger one, more than nine elements that of nine.

    References
    ----------
    Liang, F., Brunelli, M., Rezaei, J. (2020), Omega 96, 102175. doi:10.1016/j.omega.2019.102175

    >>> input_limit([2, 4, 8], 5)
    array([0.    , 0.1898, 0.2958])
    """
    row = np.nan_to_num(np.ceil(np.asarray(a_bw, dtype=np.float64) - 1e-9), nan=3).astype(np.int64)
    table = _LIMITS[np.clip(row, 3, 9) - 3, min(max(n, 3), 9) - 3]
    return np.asarray(np.where(row <= 2, 0.0, table))


BEST_WORST: Registry[Callable[..., BestWorst]] = Registry("best_worst")
"""The models of the best–worst method. Laws as those of `PRIORITIES`: ``simplex``, ``relabelling``,
``generator``."""

_LAWS = ("simplex", "relabelling", "generator")

BEST_WORST.register(
    "best_worst",
    zh="最优最劣法（线性模型）",
    en="best–worst method, linear model",
    reference="Rezaei 2016, doi:10.1016/j.omega.2015.12.001",
    laws=_LAWS,
)(partial(best_worst, model="linear"))

BEST_WORST.register(
    "best_worst_nonlinear",
    zh="最优最劣法（非线性模型，取区间中点）",
    en="best–worst method, nonlinear model, interval midpoints",
    reference="Rezaei 2015, doi:10.1016/j.omega.2014.11.009",
    laws=_LAWS,
)(partial(best_worst, model="nonlinear"))
