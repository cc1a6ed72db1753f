"""Random indices: the mean consistency index of matrices filled at random, by named table.

Tables in circulation differ by up to a tenth, and each holds for one judgment scale only, so a
table is always named together with the result.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from evaluator.errors import EvaluationError, Issue, nearest
from evaluator.registry import Registry


@dataclass(frozen=True)
class RandomIndex:
    """A table of random indices: `values` for n = 3, 4, …, and a rule for every n `beyond` it."""

    values: tuple[float, ...]
    beyond: Callable[[int], float]
    scale: str = "linear"

    def __call__(self, n: int) -> float:
        """Return the random index of n elements; NaN below 3, where nothing can contradict itself."""
        if n < 3:
            return float("nan")
        return self.values[n - 3] if n - 3 < len(self.values) else self.beyond(n)


RANDOM_INDICES: Registry[RandomIndex] = Registry("random_index")


def random_index(n: int, ri: str | float = "simulated", *, scale: str = "linear") -> float:
    """Return the random index for matrices of n elements.

    Parameters
    ----------
    n : number of elements compared; any.
    ri : name of a table in `RANDOM_INDICES`, or a number above 0 that is taken as it is.
    scale : judgment scale the answers were given on; a table holds for its own scale only.

    Raises
    ------
    EvaluationError
        METHOD-001 when there is no such table, or it does not hold for the scale.
    ValueError
        when a number is not positive and finite.

    >>> random_index(4, "saaty1980"), random_index(20, "simulated") > random_index(15, "simulated")
    (0.9, True)
    """
    if not isinstance(ri, str):
        if not (np.isfinite(ri) and ri > 0):
            raise ValueError(f"a random index is a positive number, not {ri}")
        return float(ri) if n >= 3 else float("nan")
    table = RANDOM_INDICES[ri].function
    if scale != table.scale:
        detail = {"kind": "judgment scale"}
        raise EvaluationError([Issue("METHOD-001", scale, detail, nearest(scale, [table.scale]))])
    return table(n)


def _expansion(n: int) -> float:
    """Expand the mean largest root of large random reciprocal matrices: λ ≈ μ(n − 1) + 1 − (μ² − 1)/μ.

    μ is the mean of the 17 values 1/9, …, 9; the last term is what reciprocity (a_ij a_ji = 1)
    takes off, to second order.
    """
    mu = (45 + sum(1 / k for k in range(2, 10))) / 17
    return (mu * (n - 1) + 1 - (mu * mu - 1) / mu - n) / (n - 1)


def _regression(n: int) -> float:
    return (2.7699 * n - 4.3513 - n) / (n - 1)


def _donegan_dodd(n: int) -> float:
    sizes = (20, 25, 30, 40, 50, 60, 70, 80, 100)
    means = (1.5371, 1.5619, 1.5772, 1.5976, 1.6102, 1.6178, 1.6237, 1.6277, 1.6339)
    return float(np.interp(n, sizes, means))


_simulated = RANDOM_INDICES.register(
    "simulated",
    zh="模拟值（1–9 标度）",
    en="simulated, 1–9 scale",
    reference="benchmarks/random_index.py: every matrix for n = 3 and 4, a million drawn for each n from 5 "
    "to 15 (standard error at most 0.0005); beyond, the expansion of the largest root for large n",
)(RandomIndex((0.5245, 0.8842, 1.1084, 1.2494, 1.3410, 1.4047, 1.4506, 1.4863, 1.5135, 1.5364, 1.5547,
               1.5707, 1.5838), _expansion))  # fmt: skip

RANDOM_INDICES.register(
    "saaty1980",
    zh="Saaty 1980",
    en="Saaty 1980",
    reference="Saaty 1980, The Analytic Hierarchy Process, McGraw-Hill; simulated values beyond n = 10",
)(RandomIndex((0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49), _simulated))

RANDOM_INDICES.register(
    "saaty2005",
    zh="Saaty 2005",
    en="Saaty 2005",
    reference="Saaty 2005, Theory and Applications of the Analytic Network Process, RWS; "
    "simulated values beyond n = 10",
)(RandomIndex((0.52, 0.89, 1.11, 1.25, 1.35, 1.40, 1.45, 1.49), _simulated))

RANDOM_INDICES.register(
    "alonso_lamata",
    zh="Alonso 与 Lamata 2006",
    en="Alonso and Lamata 2006",
    reference="Alonso & Lamata 2006, doi:10.1142/S0218488506004114; their regression beyond n = 10",
)(RandomIndex((0.5245, 0.8815, 1.1086, 1.2479, 1.3417, 1.4056, 1.4499, 1.4854), _regression))

RANDOM_INDICES.register(
    "goepel",
    zh="Goepel 线性拟合",
    en="Goepel's linear fit",
    reference="Alonso & Lamata 2006, doi:10.1142/S0218488506004114, regression 2.7699 n − 4.3513 of the "
    "mean largest root, used for every n as in AHP-OS",
)(RandomIndex((), _regression))

RANDOM_INDICES.register(
    "donegan_dodd",
    zh="Donegan 与 Dodd 1991",
    en="Donegan and Dodd 1991",
    reference="Donegan & Dodd 1991, doi:10.1016/0895-7177(91)90098-R; linear between the sizes given "
    "beyond n = 20, and the value of n = 100 above it",
)(RandomIndex((0.4914, 0.8286, 1.0591, 1.1797, 1.2519, 1.3171, 1.3733, 1.4055, 1.4213, 1.4497, 1.4643,
               1.4822, 1.4969, 1.5078, 1.5153, 1.5262, 1.5313, 1.5371), _donegan_dodd))  # fmt: skip

RANDOM_INDICES.register(
    "tummala_ling",
    zh="Tummala 与 Ling 1998",
    en="Tummala and Ling 1998",
    reference="Tummala & Ling 1998, Theory and Decision 44, 221–230; simulated values beyond n = 10",
)(RandomIndex((0.5799, 0.8921, 1.1159, 1.2358, 1.3322, 1.3952, 1.4537, 1.4882), _simulated))
