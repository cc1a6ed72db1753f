"""Directions of columns: whether more is better or worse."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from evaluator.errors import not_among, raise_errors
from evaluator.messages import Term

DIRECTIONS = ("benefit", "cost")


def signs_of(directions: Sequence[str] | None, n: int) -> NDArray[np.float64]:
    """Return 1 for each benefit and −1 for each cost; all benefit where nothing is said.

    Raises
    ------
    EvaluationError
        when there is no such direction.
    ValueError
        when there are not as many directions as columns.

    >>> signs_of(["cost", "benefit"], 2)
    array([-1.,  1.])
    """
    names = ["benefit"] * n if directions is None else list(directions)
    if len(names) != n:
        raise ValueError(f"{n} columns have as many directions, not {len(names)}")
    raise_errors(not_among("METHOD-001", dict.fromkeys(names), DIRECTIONS, {"kind": Term("kind.direction")}))
    return np.array([-1.0 if name == "cost" else 1.0 for name in names])
