"""How answers become weights: the names of methods, and the policy for contradictory experts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import AliasChoices

from evaluator import ahp
from evaluator.weighing.options import Models, Policy
from evaluator.weighing.panel import OWN_PRIORITIES, Form

CONVENTION = AliasChoices("convention", "profile")
"""The key of the consistency convention in files, and its old name, which is still read."""


@dataclass(frozen=True, slots=True)
class Procedure:
    """How judgments become weights: names of methods, and the policy for contradictory experts."""

    method: str
    aggregation: str
    convention: str
    inconsistent: Policy
    expert_weights: str = "given"
    scale: str = "linear"
    models: Models = "show"

    @property
    def joins_priorities(self) -> bool:
        """Whether the experts' priorities are put together, and not their judgments."""
        return ahp.AGGREGATIONS[self.aggregation].function.of == "priorities"

    def judge(self, A: NDArray[np.float64]) -> ahp.Consistency:
        """Return the figures of ratios (k, n, n) under this procedure."""
        return ahp.consistency(A, self.method, convention=self.convention, scale=self.scale)


def offered(form: Form) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the methods and the aggregations that a form of answers has, the usual one first."""
    aggregations = ahp.AGGREGATIONS.names()
    if form not in OWN_PRIORITIES:
        return ahp.PRIORITIES.names(), aggregations
    of_priorities = tuple(name for name in aggregations if ahp.AGGREGATIONS[name].function.of == "priorities")
    return ahp.BEST_WORST.names() if form == "best_worst" else (form,), of_priorities


def usual(form: Form, convention: str) -> Procedure:
    """Return how answers of a form are weighed when nothing else is said."""
    methods, aggregations = offered(form)
    return Procedure(methods[0], aggregations[0], convention, "leave_out")
