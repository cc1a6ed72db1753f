"""What customers come to in some draws: their score, grade and classes, as arrays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from evaluator.analysis.robustness.scores import Draws
from evaluator.brief import Brief

Array = NDArray[np.float64]
Places = NDArray[np.uint8]


@dataclass(frozen=True)
class Outcome(Brief):
    """The results of neighbouring customers in some draws, (draws, customers of the `columns`).

    `scores` is NaN for who is not rated; `places` say, for ``grade`` and every matrix, which of
    `Customers.options` a customer has; their number where none, which whoever is not rated has.
    """

    columns: slice
    scores: Array
    places: Mapping[str, Places]


class Judge(Protocol):
    """A way from draws to outcomes."""

    def outcomes(self, draws: Draws) -> Iterator[Outcome]:
        """Yield what customers come to in these draws, some customers after the other."""
