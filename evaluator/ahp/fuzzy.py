"""Triangular judgments (least, most likely, largest): made from crisp ones, joined, and turned into weights.

Fuzzifying judgments need not make weights better (Saaty & Tran 2007, doi:10.1016/j.mcm.2007.03.022), so the
crisp weights of the most likely judgments always stand beside the fuzzy ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluator.ahp.constrained import constrained_weights
from evaluator.ahp.groups import aggregate_judgments
from evaluator.ahp.matrices import ROUNDING, Array, as_matrices
from evaluator.ahp.priority_methods import priorities
from evaluator.displayed import Displayed
from evaluator.errors import Issue, Severity
from evaluator.registry import Registry

Weighed = tuple[Array, Array]

FUZZY_PRIORITIES: Registry[Callable[[Array], Weighed]] = Registry("fuzzy")
"""Functions of valid triangular judgments (m, n, n, 3) → fuzzy weights (m, n, 3) and crisp ones (m, n).
Laws: ``simplex``, ``relabelling``, ``ordered`` (least ≤ most likely ≤ largest), ``positive`` (no element
that counts at all gets 0), ``crisp`` (crisp judgments give the geometric-mean priorities)."""


@dataclass(frozen=True)
class FuzzyPriorities(Displayed):
    """Weights of triangular judgments, with the crisp result beside them.

    Attributes
    ----------
    fuzzy : (..., n, 3), least, most likely and largest weight. crisp : (..., n), sums to 1.
    modal : (..., n), geometric-mean priorities of the most likely judgments alone.
    zeros : elements whose crisp weight is 0. issues : what must be said beside the result.
    """

    method: str
    fuzzy: Array
    crisp: Array
    modal: Array
    zeros: NDArray[np.int64]
    issues: tuple[Issue, ...] = ()


def fuzzify(
    A: ArrayLike,
    *,
    spread: float = 1.0,
    largest: float = 9.0,
    equal: Literal["exact", "around"] = "exact",
) -> Array:
    """Return triangular judgments around crisp ones, (..., n, n) → (..., n, n, 3).

    A ratio a ≥ 1 becomes (a − spread, a, a + spread), kept between 1 and `largest` but never cut
    below a itself; below 1 it is the reciprocal of the other side's. Equal importance is (1, 1, 1),
    or with `equal="around"` (1/(1 + spread), 1, 1 + spread), which favours neither side. The diagonal
    is (1, 1, 1); NaN stays NaN.

    Parameters
    ----------
    largest : where the scale ends: with 9, nine is (8, 9, 9); with 10 it is (8, 9, 10).

    >>> fuzzify([[1, 3], [1 / 3, 1]])[0, 1], fuzzify([[1, 9], [1 / 9, 1]], largest=10)[0, 1]
    (array([2., 3., 4.]), array([ 8.,  9., 10.]))
    """
    matrices = as_matrices(A)
    n = matrices.shape[-1]
    upward = np.where(matrices >= 1, matrices, 1 / matrices)
    least = np.maximum(upward - spread, 1.0)
    most = np.maximum(np.minimum(upward + spread, largest), upward)
    triangular = np.where(
        (matrices >= 1)[..., None],
        np.stack([least, upward, most], -1),
        np.stack([1 / most, 1 / upward, 1 / least], -1),
    )
    level = np.abs(upward - 1) <= 1e-12
    around = 1.0 if equal == "exact" else 1.0 + spread
    triangular[level] = (1 / around, 1.0, around)
    triangular[..., range(n), range(n), :] = 1.0
    triangular[np.isnan(matrices)] = np.nan
    return triangular


def aggregate_fuzzy(T: ArrayLike, expert_weights: ArrayLike | None = None) -> Array:
    """Return the experts' joint triangular judgments, (..., k, n, n, 3) → (..., n, n, 3).

    The weighted geometric mean of least, most likely and largest values, each for itself, as
    `aggregate_judgments` takes it of crisp ones.

    >>> aggregate_fuzzy(fuzzify([[[1, 2], [1 / 2, 1]], [[1, 8], [1 / 8, 1]]], largest=10))[0, 1].round(3)
    array([2.646, 4.   , 5.196])
    """
    triangular = as_triangular(T)
    return np.stack([aggregate_judgments(triangular[..., part], expert_weights) for part in range(3)], -1)


def fuzzy_priorities(T: ArrayLike, method: str = "buckley") -> FuzzyPriorities:
    """Return the fuzzy weights of triangular judgments, (..., n, n, 3) → fields (..., n) and (..., n, 3).

    Judgments that are no triangles (least ≤ most likely ≤ largest, above 0), or whose two sides are
    not each other's reciprocals, give NaN, alone in their batch.

    Parameters
    ----------
    T : a comparison not made is NaN.
    method : a name in `FUZZY_PRIORITIES`. ``buckley``: row geometric means over their fuzzy sum.
        ``constrained``: the same with judgments that keep a_ij a_ji = 1 inside the sum, so that the
        weights are no wider than the judgments; exact, up to n = 7 (NaN beyond). ``row_sums``: row
        sums with the same care for normalisation. ``chang``: degrees of possibility of row sums,
        which are no importances and give 0 to elements that count; the result says so.

    Raises
    ------
    EvaluationError
        when there is no such method.
    ValueError
        when the shape is not (..., n, n, 3).

    References
    ----------
    Buckley, J.J. (1985), Fuzzy Sets and Systems 17, 233–247. doi:10.1016/0165-0114(85)90090-9.
    Krejčí, J. (2018), Pairwise Comparison Matrices and their Fuzzy Extension, Springer.
    doi:10.1007/978-3-319-77715-3. Wang, Y.-M., Elhag, T. (2006), Fuzzy Sets and Systems 157.
    doi:10.1016/j.fss.2006.02.006. Chang, D.-Y. (1996), EJOR 95. doi:10.1016/0377-2217(95)00300-2

    >>> A = [[1, 3, 5, 7], [1 / 3, 1, 3, 5], [1 / 5, 1 / 3, 1, 3], [1 / 7, 1 / 5, 1 / 3, 1]]
    >>> fuzzy_priorities(fuzzify(A, largest=10)).crisp.round(3)
    array([0.557, 0.267, 0.12 , 0.056])
    >>> result = fuzzy_priorities(fuzzify(A, largest=10), "chang")
    >>> result.crisp.round(3), int(result.zeros), result.issues[0].code
    (array([0.739, 0.261, 0.   , 0.   ]), 2, 'METHOD-002')
    """
    entry = FUZZY_PRIORITIES[method]
    triangular = as_triangular(T)
    shape = triangular.shape[:-1]
    flat = triangular.reshape(-1, *triangular.shape[-3:])
    usable = triangular_valid(flat)
    fuzzy, crisp = np.full((*flat.shape[:-2], 3), np.nan), np.full(flat.shape[:-2], np.nan)
    modal = crisp.copy()
    fuzzy[usable], crisp[usable] = entry.function(flat[usable])
    modal[usable] = priorities(flat[usable][..., 1], "geometric_mean")
    zeros = (crisp == 0).sum(-1)
    issues: list[Issue] = []
    if "positive" not in entry.laws:
        detail = {"zeros": int(zeros.sum()), "matrices": int((zeros > 0).sum())}
        issues.append(Issue("METHOD-002", method, detail, severity=Severity.WARNING))
    return FuzzyPriorities(
        method,
        fuzzy.reshape(*shape[:-1], 3),
        crisp.reshape(shape[:-1]),
        modal.reshape(shape[:-1]),
        np.asarray(zeros.reshape(shape[:-2])),
        tuple(issues),
    )


def as_triangular(T: ArrayLike) -> Array:
    """Return triangular judgments as float64, (..., n, n, 3); raises `ValueError` for another shape."""
    triangular = np.asarray(T, dtype=np.float64)
    if triangular.ndim < 3 or triangular.shape[-1] != 3 or triangular.shape[-2] != triangular.shape[-3]:
        raise ValueError(f"triangular judgments have the shape (..., n, n, 3), not {triangular.shape}")
    return triangular


def triangular_valid(T: ArrayLike) -> NDArray[np.bool_]:
    """Say which matrices hold triangles above 0 whose sides are reciprocal, (..., n, n, 3) → (...).

    >>> triangular_valid(fuzzify([[[1, 3], [1 / 3, 1]], [[1, 3], [3, 1]]]))
    array([ True, False])
    """
    triangular = as_triangular(T)
    mirrored = np.swapaxes(triangular, -3, -2)[..., ::-1]
    with np.errstate(invalid="ignore", over="ignore"):
        above = np.isfinite(triangular) & (triangular > 0)
        rising = (np.diff(triangular, axis=-1) >= -1e-9 * triangular[..., :-1]).all(-1)
        matched = (np.abs(triangular * mirrored - 1) <= ROUNDING).all(-1)
    cells = above.all(-1) & rising & matched
    return np.asarray(cells.all(-1).all(-1))


@FUZZY_PRIORITIES.register(
    "buckley",
    zh="模糊几何平均法（Buckley）",
    en="fuzzy geometric mean (Buckley)",
    reference="Buckley 1985, doi:10.1016/0165-0114(85)90090-9",
    laws=("simplex", "relabelling", "ordered", "positive", "crisp"),
)
def _buckley(T: Array) -> Weighed:
    """w_i = (l_i / Σu, m_i / Σm, u_i / Σl) of the row geometric means r_i."""
    return _with_centroid(_over_sum(np.exp(np.log(T).mean(-2))))


@FUZZY_PRIORITIES.register(
    "constrained",
    zh="约束模糊几何平均法（Krejčí）",
    en="geometric mean with constrained fuzzy arithmetic (Krejčí)",
    reference="Krejčí 2018, doi:10.1007/978-3-319-77715-3",
    laws=("simplex", "relabelling", "ordered", "positive", "crisp"),
)
def _constrained(T: Array) -> Weighed:
    return _with_centroid(constrained_weights(T))


@FUZZY_PRIORITIES.register(
    "row_sums",
    zh="模糊行和法（Wang–Elhag 归一化）",
    en="fuzzy row sums, normalised after Wang and Elhag",
    reference="Wang & Elhag 2006, doi:10.1016/j.fss.2006.02.006; Wang, Luo & Hua 2008, "
    "doi:10.1016/j.ejor.2007.01.050",
    laws=("simplex", "relabelling", "ordered", "positive"),
)
def _row_sums(T: Array) -> Weighed:
    """w_i = (l_i / (l_i + Σ_{j≠i} u_j), m_i / Σm, u_i / (u_i + Σ_{j≠i} l_j)) of the row sums."""
    least, likely, most = np.moveaxis(T.sum(-2), -1, 0)
    fuzzy = np.stack(
        [
            least / (least + most.sum(-1, keepdims=True) - most),
            likely / likely.sum(-1, keepdims=True),
            most / (most + least.sum(-1, keepdims=True) - least),
        ],
        -1,
    )
    return _with_centroid(fuzzy)


@FUZZY_PRIORITIES.register(
    "chang",
    zh="程度分析法（Chang，可能得到零权重）",
    en="extent analysis (Chang; may give weights of 0)",
    reference="Chang 1996, doi:10.1016/0377-2217(95)00300-2; why not: Wang, Luo & Hua 2008, "
    "doi:10.1016/j.ejor.2007.01.050",
    laws=("simplex", "relabelling"),
)
def _chang(T: Array) -> Weighed:
    """d_i = min_j V(S_i ≥ S_j), where the sides of two triangles cross."""
    extents = _over_sum(T.sum(-2))
    least, likely, most = (extents[..., part] for part in range(3))
    own, other = likely[..., :, None], likely[..., None, :]
    gap = least[..., None, :] - most[..., :, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        crossing = gap / ((own - most[..., :, None]) - (other - least[..., None, :]))
    degrees = np.where(own >= other, 1.0, np.where(gap >= 0, 0.0, crossing)).min(-1)
    return extents, degrees / degrees.sum(-1, keepdims=True)


def _over_sum(rows: Array) -> Array:
    """Divide triangles by their fuzzy sum: the least by the sum of the largest, and so on."""
    return np.asarray(rows / rows.sum(-2, keepdims=True)[..., ::-1])


def _with_centroid(fuzzy: Array) -> Weighed:
    centre = fuzzy.mean(-1)
    return fuzzy, centre / centre.sum(-1, keepdims=True)
