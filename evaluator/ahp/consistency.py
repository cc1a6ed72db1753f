"""How far judgments contradict each other, and whether that is still acceptable."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluator.ahp.matrices import Array, as_matrices, missing, pairs
from evaluator.ahp.priorities import priorities
from evaluator.ahp.random_index import random_index
from evaluator.registry import Registry

CONSISTENT, INCONSISTENT, NOT_TESTABLE = "consistent", "inconsistent", "not_testable"


@dataclass(frozen=True)
class Profile:
    """A convention for judging consistency: which random index, and how small CR must be.

    `limits` are for n = 3, 4, …; the last one holds for every larger n. Judgments are consistent
    when CR lies below the limit.
    """

    ri: str
    limits: tuple[float, ...]

    def __call__(self, n: int) -> float:
        """Return the limit of CR for n elements; NaN below 3, where nothing can be tested."""
        return self.limits[min(n - 3, len(self.limits) - 1)] if n >= 3 else float("nan")


PROFILES: Registry[Profile] = Registry("profile")

PROFILES.register(
    "cn",
    zh="国内通行（Saaty 1980 随机指标，CR < 0.10）",
    en="Chinese practice (random index of Saaty 1980, CR < 0.10)",
    reference="Saaty 1980, The Analytic Hierarchy Process, McGraw-Hill",
)(Profile("saaty1980", (0.10,)))

PROFILES.register(
    "strict",
    zh="严格（模拟随机指标，CR < 0.05、0.08、0.10）",
    en="strict (simulated random index, CR < 0.05, 0.08, 0.10)",
    reference="Saaty 1994, Fundamentals of Decision Making and Priority Theory, RWS: "
    "limits 0.05 for n = 3, 0.08 for n = 4, 0.10 beyond",
)(Profile("simulated", (0.05, 0.08, 0.10)))


@dataclass(frozen=True)
class Consistency:
    """The figures of consistency of a batch of judgment matrices; every figure has its shape.

    Attributes
    ----------
    priorities : the w of `method`, (..., n), which the figures rest on.
    n : elements compared. missing : comparisons not made.
    lambda_max : mean of (A w)_i / w_i with these priorities: the largest eigenvalue itself for the
        eigenvector, an estimate of it for other priorities; at least n.
    ci : (λ − n) / (n − 1). ri : random index. cr : ci / ri.
    gci : geometric consistency index, the residual variance of the logarithms around the geometric mean.
    limit : CR must lie below it. verdict : ``consistent``, ``inconsistent``, or ``not_testable``.

    Figures that cannot be had are NaN. Two elements cannot contradict each other, so below n = 3
    there is no CR and the verdict is *not testable*, which is not the same as passed.
    """

    method: str
    scale: str
    profile: str
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

    def under(self, profile: str) -> Consistency:
        """Return the same judgments judged by another profile, with its own random index and limits."""
        return _judged(self, PROFILES[profile].function.ri, profile)


def consistency(
    A: ArrayLike,
    method: str = "eigenvector",
    *,
    ri: str | float | None = None,
    scale: str = "linear",
    profile: str = "strict",
) -> Consistency:
    """Return the consistency of judgment matrices, (..., n, n) → fields (...).

    Parameters
    ----------
    A : judgment matrices; NaN is a comparison not made.
    method : priorities that λmax is estimated with, a name in `PRIORITIES`.
    ri : random index, a name in `RANDOM_INDICES` or a number; default: the profile's.
    scale : judgment scale of the answers.
    profile : convention for the limit of CR, a name in `PROFILES`.

    Raises
    ------
    EvaluationError
        METHOD-001 when there is no such method, random index, scale or profile.
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
    ci = _consistency_index(matrices, w)
    nothing = np.full(ci.shape, np.nan)
    unjudged = Consistency(
        method=method,
        scale=scale,
        profile=profile,
        priorities=w,
        n=np.full(ci.shape, n),
        missing=missing(matrices),
        lambda_max=n + (n - 1) * ci,
        ci=ci if n > 1 else nothing,
        ri=nothing,
        cr=nothing,
        gci=np.where(np.isnan(ci), np.nan, _geometric_consistency_index(matrices)),
        limit=nothing,
        verdict=np.full(ci.shape, NOT_TESTABLE),
    )
    return _judged(unjudged, PROFILES[profile].function.ri if ri is None else ri, profile)


def _judged(figures: Consistency, ri: str | float, profile: str) -> Consistency:
    n = int(figures.n.flat[0]) if figures.n.size else 0
    index = random_index(n, ri, scale=figures.scale)
    limit = PROFILES[profile].function(n)
    cr = figures.ci / index
    verdict = np.where(cr < limit, CONSISTENT, INCONSISTENT)
    return replace(
        figures,
        profile=profile,
        ri=np.full_like(cr, index),
        cr=cr,
        limit=np.full_like(cr, limit),
        verdict=np.where(np.isnan(cr), NOT_TESTABLE, verdict),
    )


def _consistency_index(A: Array, w: Array) -> Array:
    """Return CI = Σ_{i<j} (e_ij + 1/e_ij − 2) / (n (n − 1)), with the errors e_ij = a_ij w_j / w_i.

    This is (λ − n) / (n − 1) for λ = mean (A w)_i / w_i. With e + 1/e − 2 = (e − 1)²/e nothing
    cancels, so reciprocal judgments never give less than 0.
    """
    n = A.shape[-1]
    i, j = np.triu_indices(n, 1)
    upper, lower = pairs(A)
    with np.errstate(all="ignore"):
        error = upper * w.take(j, -1) / w.take(i, -1)
        gap = upper * lower - 1  # of reciprocals typed with few decimals
        terms = ((error - 1) ** 2 + np.where(np.abs(gap) < 1e-12, 0.0, gap)) / error
    return np.asarray(terms.sum(-1) / max(n * (n - 1), 1))


def _geometric_consistency_index(A: Array) -> Array:
    """Return GCI = 2 Σ_{i<j} ln² e_ij / ((n − 1)(n − 2)), with the errors of the geometric mean."""
    n = A.shape[-1]
    if n < 3:
        return np.full(A.shape[:-2], np.nan)
    i, j = np.triu_indices(n, 1)
    with np.errstate(all="ignore"):
        logs = np.log(pairs(A)[0])
    sides = (np.arange(n) == i[:, None]).astype(np.float64) - (np.arange(n) == j[:, None])
    y = logs @ sides / n  # the mean logarithm of each row
    errors = logs - y.take(i, -1) + y.take(j, -1)
    return np.asarray(2 / ((n - 1) * (n - 2)) * (errors**2).sum(-1))
