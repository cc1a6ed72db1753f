"""How far judgments contradict each other, and whether that is still acceptable."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluator.ahp.completion import complete, least_squares
from evaluator.ahp.graph import connected
from evaluator.ahp.matrices import Array, as_matrices, missing, pairs, sound
from evaluator.ahp.priority_methods import priorities
from evaluator.ahp.random_indices import RANDOM_INDICES, for_missing, random_index
from evaluator.ahp.scales import SCALES
from evaluator.brief import Brief
from evaluator.displayed import Displayed
from evaluator.registry import Registry

CONSISTENT, INCONSISTENT, NOT_TESTABLE = "consistent", "inconsistent", "not_testable"


@dataclass(frozen=True)
class Convention(Brief):
    """A convention for judging consistency: which random index, and how small CR must be.

    `limits` are for n = 3, 4, …; the last one holds for every larger n. Judgments are consistent
    when CR lies below the limit. `method` is the priority method that belongs to the convention.
    A table holds for its own judgment scales, and the simulated one stands in on others, unless
    the convention takes it for `every_scale`. The catalogues say in a sentence how it differs
    from ``strict``, under ``convention.<name>``.
    """

    ri: str
    limits: tuple[float, ...]
    method: str = "eigenvector"
    every_scale: bool = False

    def __call__(self, n: int) -> float:
        """Return the limit of CR for n elements; NaN below 3, where nothing can be tested."""
        return self.limits[min(n - 3, len(self.limits) - 1)] if n >= 3 else float("nan")

    def table(self, scale: str) -> str:
        """Return the name of the random-index table for answers on this judgment scale."""
        holds = self.every_scale or RANDOM_INDICES[self.ri].function.holds(scale)
        return self.ri if holds else "simulated"


CONVENTIONS: Registry[Convention] = Registry("convention")

CONVENTIONS.register(
    "cn",
    zh="国内通行（Saaty 1980 随机指标，CR < 0.10）",
    en="Chinese practice (random index of Saaty 1980, CR < 0.10)",
    reference="Saaty 1980, The Analytic Hierarchy Process, McGraw-Hill",
)(Convention("saaty1980", (0.10,)))

CONVENTIONS.register(
    "strict",
    zh="严格（模拟随机指标，CR 上限 n = 3 为 0.05，n = 4 为 0.08，其余 0.10）",
    en="strict (simulated random index; CR < 0.05 for n = 3, 0.08 for n = 4, 0.10 beyond)",
    reference="Saaty 1994, Fundamentals of Decision Making and Priority Theory, RWS: "
    "limits 0.05 for n = 3, 0.08 for n = 4, 0.10 beyond",
)(Convention("simulated", (0.05, 0.08, 0.10)))

CONVENTIONS.register(
    "saaty1980",
    zh="Saaty 1980 原表（含 n = 11–15）",
    en="Saaty 1980 as printed, up to n = 15",
    reference="Saaty 1980, The Analytic Hierarchy Process, McGraw-Hill",
)(Convention("saaty1980_printed", (0.10,)))

CONVENTIONS.register(
    "ahp-os",
    zh="AHP-OS（Goepel 线性拟合）",
    en="AHP-OS (Goepel's linear fit)",
    reference="Goepel 2018, doi:10.13033/ijahp.v10i3.590",
)(Convention("goepel", (0.10,), every_scale=True))

CONVENTIONS.register(
    "spssau",
    zh="SPSSAU（和积法）",
    en="SPSSAU (mean of normalised columns)",
    reference="SPSSAU, AHP: 和积法, its table of random indices for n = 3 to 30, CR < 0.1",
)(Convention("spssau", (0.10,), method="normalized_columns"))


@dataclass(frozen=True)
class Consistency(Displayed):
    """The figures of consistency of a batch of judgment matrices; every figure has its shape.

    Attributes
    ----------
    priorities : the w of `method`, (..., n), which the figures rest on.
    table : name of the random-index table, or ``number``.
    n : elements compared. missing : comparisons not made.
    lambda_max : mean of (A w)_i / w_i with these priorities: the largest eigenvalue itself for the
        eigenvector, an estimate of it for other priorities; at least n.
    ci : (λ − n) / (n − 1). ri : random index for the comparisons made. cr : ci / ri.
    gci : geometric consistency index: the residual variance Σ ln² e_ij / (E − n + 1) of the logarithms
        of the E comparisons around the geometric mean.
    limit : CR must lie below it. verdict : ``consistent``, ``inconsistent``, or ``not_testable``.

    Figures that cannot be had are NaN. Two elements cannot contradict each other, and neither can
    comparisons that only just tie the elements together (a spanning tree): there is no CR, and the
    verdict is *not testable*, which is not the same as passed. Where few comparisons are redundant
    the test is weak: of random 4 × 4 matrices with two blanks, 23 % have a CR of at most 0.1.
    """

    method: str
    scale: str
    convention: str
    table: str
    priorities: Array
    n: NDArray[np.int64]
    missing: NDArray[np.int64]
    lambda_max: Array
    ci: Array
    ri: Array
    cr: Array
    gci: Array
    limit: Array
    verdict: NDArray[np.str_]

    def under(self, convention: str) -> Consistency:
        """Return the same judgments judged by another convention, with its own random index and limits."""
        return _judged(self, CONVENTIONS[convention].function.table(self.scale), convention)


def consistency(
    A: ArrayLike,
    method: str = "eigenvector",
    *,
    ri: str | float | None = None,
    scale: str = "linear",
    convention: str = "strict",
) -> Consistency:
    """Return the consistency of judgment matrices, (..., n, n) → fields (...).

    Parameters
    ----------
    A : judgment matrices as ratios (see `apply_scale`); NaN is a comparison not made. With blanks,
        λmax is that of the completion that makes it least, whatever the method, because the random
        index for missing comparisons is the mean of this figure.
    method : priorities that λmax is estimated with, a name in `PRIORITIES`.
    ri : random index: a name in `RANDOM_INDICES`, lowered where comparisons are missing, or a number
        that is taken as it is; default: the convention's.
    scale : judgment scale the ratios are on; a table holds for its own scales only.
    convention : for random index and limit of CR, a name in `CONVENTIONS`.

    Raises
    ------
    EvaluationError
        when there is no such method, random index, scale or convention.
    ValueError
        when the last two axes are not square, or a random index is not a positive number.

    References
    ----------
    Saaty, T.L. (1980), The Analytic Hierarchy Process. GCI: Aguarón & Moreno-Jiménez (2003), EJOR
    147, 137–145. doi:10.1016/S0377-2217(02)00255-2

    >>> A = [[1, 2, 3, 5], [1 / 2, 1, 2, 3], [1 / 3, 1 / 2, 1, 2], [1 / 5, 1 / 3, 1 / 2, 1]]
    >>> result = consistency(A, ri="saaty1980")
    >>> round(float(result.lambda_max), 6), round(float(result.cr), 6), str(result.verdict)
    (4.014521, 0.005378, 'consistent')
    >>> str(consistency([[1, 9], [1 / 9, 1]]).verdict)
    'not_testable'
    """
    matrices = as_matrices(A)
    n = matrices.shape[-1]
    w = priorities(matrices, method)
    blanks = missing(matrices)
    ci = _tested_index(matrices, w, method, blanks)
    nothing = np.full(ci.shape, np.nan)
    unjudged = Consistency(
        method=method,
        scale=SCALES[scale].name,
        convention=convention,
        table="",
        priorities=w,
        n=np.full(ci.shape, n),
        missing=blanks,
        lambda_max=n + (n - 1) * ci,
        ci=ci if n > 1 else nothing,
        ri=nothing,
        cr=nothing,
        gci=np.where(np.isnan(ci), np.nan, _geometric_consistency_index(matrices, blanks)),
        limit=nothing,
        verdict=np.full(ci.shape, NOT_TESTABLE),
    )
    return _judged(unjudged, CONVENTIONS[convention].function.table(scale) if ri is None else ri, convention)


def gci_limit(n: int, cr: float = 0.10) -> float:
    """Return the GCI that goes with a limit of CR, 0.10 or a share of it; NaN below n = 3.

    References
    ----------
    Aguarón, J., Moreno-Jiménez, J.M. (2003), EJOR 147, 137–145. doi:10.1016/S0377-2217(02)00255-2

    >>> gci_limit(3), gci_limit(4, cr=0.05), gci_limit(9)
    (0.3147, 0.1763, 0.37)
    """
    return {3: 0.3147, 4: 0.3526}.get(n, 0.370) * (cr / 0.10) if n >= 3 else float("nan")


def _judged(figures: Consistency, ri: str | float, name: str) -> Consistency:
    """Return the figures with random index, CR, limit and verdict of a convention."""
    n = int(figures.n.flat[0]) if figures.n.size else 0
    convention = CONVENTIONS[name].function
    scale = "linear" if convention.every_scale and ri == convention.ri else figures.scale
    redundant = n * (n - 1) // 2 - figures.missing - (n - 1)
    index = random_index(n, ri, scale=scale)
    whole = np.where(redundant > 0, index, np.nan)
    indices = for_missing(index, n, redundant) if isinstance(ri, str) else whole
    limit = convention(n)
    cr = figures.ci / indices
    verdict = np.where(cr < limit, CONSISTENT, INCONSISTENT)
    return replace(
        figures,
        convention=name,
        table=ri if isinstance(ri, str) else "number",
        ri=indices,
        cr=cr,
        limit=np.full_like(cr, limit),
        verdict=np.where(np.isnan(cr), NOT_TESTABLE, verdict),
    )


def _tested_index(A: Array, w: Array, method: str, blanks: NDArray[np.int64]) -> Array:
    """Return CI with the priorities w, of matrices with blanks for their completion of least λmax."""
    n = A.shape[-1]
    if not blanks.any():
        return _consistency_index(A, w)
    flat, weights = A.reshape(-1, n, n), w.reshape(-1, n)
    ci = _consistency_index(flat, weights)
    todo = np.flatnonzero((blanks.reshape(-1) > 0) & ~np.isnan(weights).any(-1))
    completed = complete(flat[todo]).matrix
    ci[todo] = _consistency_index(completed, priorities(completed, method))
    return ci.reshape(blanks.shape)


def _consistency_index(A: Array, w: Array) -> Array:
    """Return CI = Σ_{i<j} (e_ij + 1/e_ij − 2) / (n (n − 1)), with the errors e_ij = a_ij w_j / w_i.

    This is (λ − n) / (n − 1) for λ = mean (A w)_i / w_i. With e + 1/e − 2 = (e − 1)²/e nothing
    cancels, so reciprocal judgments never give less than 0.
    """
    n = A.shape[-1]
    i, j = np.triu_indices(n, 1)
    upper, lower = pairs(A)
    with np.errstate(all="ignore"):
        error = upper * w.take(j, -1)
        error *= (1 / w).take(i, -1)
        terms = error - 1
        terms *= terms
        lower *= upper
        lower -= 1  # not 0 for reciprocals typed with few decimals
        if not (np.abs(lower) < 1e-12).all():
            terms += np.where(np.abs(lower) < 1e-12, 0.0, lower)
        terms /= error
    return np.asarray(terms.sum(-1) / max(n * (n - 1), 1))


def _geometric_consistency_index(A: Array, blanks: NDArray[np.int64]) -> Array:
    """Return GCI = Σ ln² e_ij / (E − n + 1) over the comparisons made, e_ij the errors of the geometric mean.

    With every comparison made this is 2 Σ_{i<j} ln² e_ij / ((n − 1)(n − 2)).
    """
    n = A.shape[-1]
    i, j = np.triu_indices(n, 1)
    left = (n - 1) * (n - 2) // 2 - blanks
    with np.errstate(all="ignore"):
        logs = np.log(pairs(A)[0])
        y = _logarithms(A) if blanks.any() else _row_means(logs, n)
        squares = logs - (y.take(i, -1) - y.take(j, -1))
        squares *= squares
        if blanks.any():
            squares = np.where(np.isnan(logs) & ~np.isnan(y).any(-1, keepdims=True), 0.0, squares)
        return np.where(left > 0, squares.sum(-1) / np.maximum(left, 1), np.nan)


def _row_means(logs: Array, n: int) -> Array:
    """Return the mean logarithm of each row, (..., n(n−1)/2) → (..., n), from those above the diagonal.

    Pieces of so few multiplications start no threads, which wait for one another longer than they compute.
    """
    i, j = np.triu_indices(n, 1)
    sides = (np.arange(n) == i[:, None]).astype(np.float64) - (np.arange(n) == j[:, None])
    flat = logs.reshape(math.prod(logs.shape[:-1]), len(i))
    found, size = np.empty((len(flat), n)), max(1, 100_000 // max(1, sides.size))
    for start in range(0, len(flat), size):
        np.matmul(flat[start : start + size], sides, out=found[start : start + size])
    return (found / n).reshape(*logs.shape[:-1], n)


def _logarithms(A: Array) -> Array:
    """Return the logarithms of the least-squares weights; NaN where the comparisons do not give any."""
    flat = A.reshape(-1, *A.shape[-2:])
    usable = sound(flat) & connected(flat)
    y = np.full(flat.shape[:-1], np.nan)
    y[usable] = least_squares(flat[usable])
    return y.reshape(A.shape[:-1])
