"""Random indices: the mean consistency index of matrices filled at random, by named table.

Tables in circulation differ by up to a tenth, and each holds for one judgment scale only, so a
table is always named together with the result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from evaluator.ahp.matrices import Array
from evaluator.ahp.scales import LARGEST, SCALES
from evaluator.brief import Brief
from evaluator.errors import EvaluationError, Issue, nearest
from evaluator.messages import Term
from evaluator.registry import Registry


@dataclass(frozen=True)
class RandomIndex(Brief):
    """A table of random indices: `values` for n = 3, 4, …, and a rule for every n `beyond` it.

    It holds for the 1–9 scale as it is; `scales` has the tables of other judgment scales, if any.
    """

    values: tuple[float, ...]
    beyond: Callable[[int], float]
    scales: Mapping[str, RandomIndex] = field(default_factory=dict, hash=False)

    def __call__(self, n: int) -> float:
        """Return the random index of n elements; NaN below 3, where nothing can contradict itself."""
        if n < 3:
            return float("nan")
        return self.values[n - 3] if n - 3 < len(self.values) else self.beyond(n)

    def holds(self, scale: str) -> bool:
        """True if there is a table for this judgment scale."""
        return scale == "linear" or scale in self.scales


RANDOM_INDICES: Registry[RandomIndex] = Registry("random_index")


def random_index(n: int, ri: str | float = "simulated", *, scale: str = "linear") -> float:
    """Return the random index for matrices of n elements, all comparisons made.

    Parameters
    ----------
    n : number of elements compared; any.
    ri : name of a table in `RANDOM_INDICES`, or a number above 0 that is taken as it is.
    scale : judgment scale the answers were given on; a table holds for its own scales only.

    Raises
    ------
    EvaluationError
        when there is no such table or scale, or the table does not hold for the scale.
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
    if not table.holds(scale):
        detail = {"kind": Term("kind.judgment_scale")}
        raise EvaluationError([Issue("METHOD-001", scale, detail, nearest(scale, ["linear", *table.scales]))])
    return table(n) if scale == "linear" else table.scales[scale](n)


def for_missing(complete: float, n: int, redundant: NDArray[np.int64]) -> Array:
    """Return the random index where comparisons are missing, from that of complete matrices.

    It falls in proportion to the redundant comparisons that are left, (n − 1)(n − 2)/2 when all are
    made; NaN where none is left, because nothing can be tested there. Simulated values differ from
    this line by at most 0.02 (n = 4 to 8).

    Parameters
    ----------
    redundant : comparisons beyond a spanning tree, of each matrix.

    References
    ----------
    Ágoston, K.C., Csató, L. (2022), Omega 108, 102576. doi:10.1016/j.omega.2021.102576

    >>> for_missing(0.89, 4, np.array([3, 2, 1, 0])).round(4).tolist()
    [0.89, 0.5933, 0.2967, nan]
    """
    share = redundant / max((n - 1) * (n - 2) / 2, 1)
    return np.where(redundant > 0, complete * share, np.nan)


_ANSWERS = np.arange(1, LARGEST + 1)


def _expansion(n: int, scale: str = "linear") -> float:
    """Expand the mean largest root of large random reciprocal matrices: λ ≈ μ(n − 1) + 1 − (μ² − 1)/μ.

    μ is the mean of the 17 ratios that the answers 1/9, …, 9 stand for; the last term is what
    reciprocity (a_ij a_ji = 1) takes off, to second order.
    """
    ratios = SCALES[scale].function(_ANSWERS, n)
    mu = float((ratios.sum() + (1 / ratios[1:]).sum()) / 17)
    return (mu * (n - 1) + 1 - (mu * mu - 1) / mu - n) / (n - 1)


def _regression(n: int) -> float:
    return (2.7699 * n - 4.3513 - n) / (n - 1)


def _donegan_dodd(n: int) -> float:
    sizes = (20, 25, 30, 40, 50, 60, 70, 80, 100)
    means = (1.5371, 1.5619, 1.5772, 1.5976, 1.6102, 1.6178, 1.6237, 1.6277, 1.6339)
    return float(np.interp(n, sizes, means))


_SIMULATED_ON = {
    "logarithmic": (0.1527, 0.2412, 0.2944, 0.3283, 0.3511, 0.3678, 0.3804, 0.3904,
                    0.3984, 0.4050, 0.4103, 0.4150, 0.4190),
    "root": (0.1146, 0.1792, 0.2180, 0.2430, 0.2601, 0.2726, 0.2822, 0.2898,
             0.2959, 0.3009, 0.3050, 0.3086, 0.3117),
    "inverse_linear": (0.2054, 0.3329, 0.4170, 0.4750, 0.5161, 0.5474, 0.5711, 0.5900,
                       0.6052, 0.6179, 0.6272, 0.6359, 0.6431),
    "balanced": (0.2686, 0.4394, 0.5502, 0.6245, 0.6760, 0.7141, 0.7429, 0.7655,
                 0.7835, 0.7984, 0.8096, 0.8199, 0.8284),
    "generalized_balanced": (0.3096, 0.5588, 0.7476, 0.8877, 0.9925, 1.0742, 1.1393, 1.1926,
                             1.2369, 1.2746, 1.3059, 1.3341, 1.3585),
    "adaptive_balanced": (0.5160, 1.2911, 2.2229, 3.2408, 4.3001, 5.3823, 6.4733, 7.5653,
                          8.6585, 9.7521, 10.8228, 11.9038, 12.9797),
    "adaptive": (1.0358, 2.6752, 4.5626, 6.4740, 8.3254, 10.1189, 11.8640, 13.5709,
                 15.2462, 16.8971, 18.5114, 20.1209, 21.7103),
    "power": (3.6163, 6.9774, 9.4441, 11.0501, 12.0680, 12.7458, 13.2213, 13.5709,
              13.8374, 14.0481, 14.2072, 14.3475, 14.4625),
    "geometric": (4.5911, 9.2895, 13.3301, 16.4988, 18.9018, 20.7155, 22.0947, 23.1485,
                  23.9729, 24.6321, 25.1129, 25.5331, 25.8761),
}  # fmt: skip


def _on_scale(scale: str, values: tuple[float, ...]) -> RandomIndex:
    last = len(values) + 2
    gap = values[-1] - _expansion(last, scale)  # what the expansion misses falls about as 1/n²

    return RandomIndex(values, lambda n: _expansion(n, scale) + gap * (last / n) ** 2)


_simulated = RANDOM_INDICES.register(
    "simulated",
    zh="模拟值（按所用标度）",
    en="simulated for the judgment scale used",
    reference="benchmarks/random_index.py: every matrix for n = 3 and 4, a million drawn for each n from 5 "
    "to 15 (standard error at most 0.0005), 400,000 on other judgment scales (at most 0.2 % of the "
    "value); beyond, the expansion of the largest root for large n",
)(RandomIndex((0.5245, 0.8842, 1.1084, 1.2494, 1.3410, 1.4047, 1.4506, 1.4863, 1.5135, 1.5364, 1.5547,
               1.5707, 1.5838), _expansion,
              {scale: _on_scale(scale, values) for scale, values in _SIMULATED_ON.items()}))  # fmt: skip

RANDOM_INDICES.register(
    "saaty1980",
    zh="Saaty 1980",
    en="Saaty 1980",
    reference="Saaty 1980, The Analytic Hierarchy Process, McGraw-Hill; simulated values beyond n = 10",
)(RandomIndex((0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49), _simulated))

RANDOM_INDICES.register(
    "saaty1980_printed",
    zh="Saaty 1980 原表",
    en="Saaty 1980 as printed",
    reference="Saaty 1980, The Analytic Hierarchy Process, McGraw-Hill, up to n = 15 (1.48 for n = 12 is "
    "less than 1.51 for n = 11, as printed); simulated values beyond",
)(RandomIndex((0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59), _simulated))

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

RANDOM_INDICES.register(
    "spssau",
    zh="SPSSAU 所用表",
    en="as in SPSSAU",
    reference="SPSSAU, table of random indices of its AHP for n = 3 to 30; simulated values beyond",
)(RandomIndex((0.52, 0.89, 1.12, 1.26, 1.36, 1.41, 1.46, 1.49, 1.52, 1.54, 1.56, 1.58, 1.59, 1.5943, 1.6064,
               1.6133, 1.6207, 1.6292, 1.6358, 1.6403, 1.6462, 1.6497, 1.6556, 1.6587, 1.6631, 1.6670, 1.6693,
               1.6724), _simulated))  # fmt: skip
