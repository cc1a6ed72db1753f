"""Judgment scales: what an answer from 1 to 9 is worth as a ratio."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from evaluator.ahp.matrices import Array, as_matrices
from evaluator.registry import Registry

LARGEST = 9.0
"""The strongest answer there is; the scales are defined from 1 to here."""

SCALES: Registry[Callable[[Array, int], Array]] = Registry("judgment_scale")
"""Functions of answers x from 1 to 9 and the number of elements n → ratios. Laws: ``monotone`` (a
stronger answer is a larger ratio), ``neutral`` (equal importance is 1)."""

_LAWS = ("monotone", "neutral")
_GOEPEL = "Goepel 2018, doi:10.13033/ijahp.v10i3.590"


def apply_scale(A: ArrayLike, scale: str = "linear") -> Array:
    """Return the ratios that answers on the 1–9 scale stand for, (..., n, n) → (..., n, n).

    An answer below 1 is the reciprocal of the same answer the other way round, so judgments stay
    reciprocal. Scales are applied to each expert's answers, before any aggregation: 9 and 1/5 on
    the balanced scale are 1.96 together, and 1.07 if the mean is taken first.

    Parameters
    ----------
    A : answers from 1/9 to 9; NaN is a comparison not made. Beyond 9 only the linear scale is
        defined, and the others give NaN, as for a value that is no positive finite ratio.
    scale : a name in `SCALES`.

    Raises
    ------
    EvaluationError
        when there is no such scale.
    ValueError
        when the last two axes are not square.

    References
    ----------
    Goepel, K.D. (2018), Int. J. of the AHP 10(3). doi:10.13033/ijahp.v10i3.590

    >>> apply_scale([[1, 5], [1 / 5, 1]], "balanced").round(6)
    array([[1.      , 2.333333],
           [0.428571, 1.      ]])
    """
    function = SCALES[scale].function
    matrices = as_matrices(A)
    if scale == "linear":
        return matrices.copy()
    with np.errstate(all="ignore"):
        stronger = np.maximum(matrices, 1 / matrices)  # NaN stays NaN, 0 and infinity go beyond the scale
        on_scale = (matrices > 0) & (stronger <= LARGEST * (1 + 1e-9))
        ratios = function(np.where(on_scale, np.minimum(stronger, LARGEST), np.nan), matrices.shape[-1])
    return np.where(matrices < 1, 1 / ratios, ratios)


@SCALES.register(
    "linear", zh="线性 1–9 标度", en="linear, 1–9", laws=_LAWS,
    reference="Saaty 1977, doi:10.1016/0022-2496(77)90033-5",
)  # fmt: skip
def _linear(x: Array, n: int) -> Array:
    return x


@SCALES.register(
    "logarithmic", zh="对数标度", en="logarithmic, log₂(x + 1)", laws=_LAWS,
    reference=f"Ishizaka, Balkenborg & Kaplan 2010; {_GOEPEL}",
)  # fmt: skip
def _logarithmic(x: Array, n: int) -> Array:
    return np.log2(x + 1)


@SCALES.register(
    "root", zh="平方根标度", en="root, √x", laws=_LAWS,
    reference=f"Harker & Vargas 1987, doi:10.1287/mnsc.33.11.1383; {_GOEPEL}",
)  # fmt: skip
def _root(x: Array, n: int) -> Array:
    return np.sqrt(x)


@SCALES.register(
    "inverse_linear", zh="逆线性标度（9/9–9/1）", en="inverse linear, 9/(10 − x)", laws=_LAWS,
    reference=f"Ma & Zheng 1991, Proc. 2nd ISAHP, 197–202; {_GOEPEL}",
)  # fmt: skip
def _inverse_linear(x: Array, n: int) -> Array:
    return 9 / (10 - x)


@SCALES.register(
    "balanced", zh="平衡标度", en="balanced, (9 + x)/(11 − x)", laws=_LAWS,
    reference=f"Salo & Hämäläinen 1997, "
    f"doi:10.1002/(SICI)1099-1360(199711)6:6<309::AID-MCDA163>3.0.CO;2-2; {_GOEPEL}",
)  # fmt: skip
def _balanced(x: Array, n: int) -> Array:
    return (9 + x) / (11 - x)


@SCALES.register(
    "generalized_balanced", zh="广义平衡标度", en="generalised balanced", laws=_LAWS, reference=_GOEPEL,
)  # fmt: skip
def _generalized_balanced(x: Array, n: int) -> Array:
    """Spread the weight of one element against n − 1 equal others evenly: the balanced scale at n = 2."""
    return (9 + (n - 1) * x) / (9 + n - x)


@SCALES.register(
    "adaptive_balanced", zh="自适应平衡标度", en="adaptive balanced", laws=_LAWS, reference=_GOEPEL,
)  # fmt: skip
def _adaptive_balanced(x: Array, n: int) -> Array:
    """Let the weight of one element against n − 1 equal others rise evenly from 1/n to 0.9, at any n."""
    n = max(n, 2)
    w = 1 / n + (0.9 - 1 / n) / 8 * (x - 1)
    return w * (n - 1) / (1 - w)


@SCALES.register(
    "adaptive", zh="自适应标度", en="adaptive, x to the power 1 + ln(n − 1)/ln 9", laws=_LAWS,
    reference=_GOEPEL,
)  # fmt: skip
def _adaptive(x: Array, n: int) -> Array:
    return np.asarray(x ** (1 + np.log(max(n - 1, 1)) / np.log(9)))


@SCALES.register(
    "power", zh="平方标度", en="power, x²", laws=_LAWS,
    reference=f"Harker & Vargas 1987, doi:10.1287/mnsc.33.11.1383; {_GOEPEL}",
)  # fmt: skip
def _power(x: Array, n: int) -> Array:
    return np.square(x)


@SCALES.register(
    "geometric", zh="几何（指数）标度", en="geometric, 2 to the power x − 1", laws=_LAWS,
    reference=f"Lootsma 1993, doi:10.1002/mcda.4020020202; {_GOEPEL}",
)  # fmt: skip
def _geometric(x: Array, n: int) -> Array:
    return np.exp2(x - 1)
