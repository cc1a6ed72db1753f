"""How answers become weights: the names of methods, and the policy for contradictory experts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluator import ahp
from evaluator.weighing.options import Policy


@dataclass(frozen=True, slots=True)
class Convention:
    """How judgments become weights: names of methods, and the policy for contradictory experts."""

    method: str
    aggregation: str
    profile: str
    inconsistent: Policy
    expert_weights: str = "given"
    scale: str = "linear"

    @property
    def joins_priorities(self) -> bool:
        """Whether the experts' priorities are put together, and not their judgments."""
        return ahp.AGGREGATIONS[self.aggregation].function.of == "priorities"

    def judge(self, A: NDArray[np.float64]) -> ahp.Consistency:
        """Return the figures of ratios (k, n, n) under this convention."""
        return ahp.consistency(A, self.method, profile=self.profile, scale=self.scale)
