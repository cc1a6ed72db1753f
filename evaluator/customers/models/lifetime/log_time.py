"""Integrals ∫ h(u)·e^(−v(u)) du over a logarithmic time u from 0 on, v rising and convex.

In u, where a time grows by a factor, powers of any two times (α+τ)^−k·(β+τ)^−s are smooth within a strip
of the same width whatever α, β and the powers are. So few nodes are exact to rounding, once the part
beyond which e^(−v) is nothing has been cut off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from evaluator.customers.terms import Array

CUT = 50.0
"""v from which e^(−v), below 2·10⁻²², is left out."""

_X, _W = np.polynomial.legendre.leggauss(32)
_WIDE = 5.0  # of u in one panel of nodes
_BLOCK = 4096  # rows whose nodes stay in the processor's cache


def reach(upper: Array, v: Callable[[Array], Array], slope: Callable[[Array], Array]) -> Array:
    """Return where to end: at `upper`, or beyond v(u) = CUT where that comes first.

    Two steps of Newton lead from the right to little above the cut, as v is convex, if v(upper) is at
    most twice the cut wherever it lies above.
    """
    for _ in range(2):
        beyond = np.maximum(v(upper) - CUT, 0.0)
        upper = upper - beyond / slope(upper)
    return upper


def panels(ends: Array) -> Iterator[tuple[NDArray[np.intp], Array, Array]]:
    """Yield rows (m,), and for them nodes u and weights du (m, nodes) of Gauss and Legendre on (0, end)."""
    count = np.maximum(np.ceil(ends / _WIDE), 1.0).astype(np.int64)
    for many in np.unique(count):
        left = np.arange(many)[:, None]
        share, weight = ((left + (1 + _X) / 2) / many).ravel(), np.tile(_W / (2 * many), many)
        here = np.flatnonzero(count == many)
        for start in range(0, here.size, _BLOCK):
            rows = here[start : start + _BLOCK]
            yield rows, np.outer(ends[rows], share), np.outer(ends[rows], weight)
