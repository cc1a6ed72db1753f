"""What customers come to in some draws: their score, grade and classes, as arrays."""

from __future__ import annotations

from collections.abc import Mapping
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
    """The results of customers in some draws, (draws, customers).

    `scores` is NaN for who is not rated; `places` say, for ``grade`` and every matrix, which of
    `Customers.options` a customer has; their number where none, which whoever is not rated has.
    """

    scores: Array
    places: Mapping[str, Places]


class Judge(Protocol):
    """A way from draws to outcomes."""

    def outcome(self, draws: Draws) -> Outcome:
        """Return what every customer comes to in these draws."""
