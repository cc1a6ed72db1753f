"""The answers that count in a group, taken from its evidence back into arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluator.brief import Brief
from evaluator.weighing.weights import GroupWeights

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Answers(Brief):
    """Judgments (k, n, n) of the experts used in a group, their own priorities (k, n) and say (k)."""

    experts: tuple[str, ...]
    matrices: Array
    priorities: Array
    say: Array


def used_answers(group: GroupWeights, *, whole: bool = False) -> Answers:
    """Return what counts in a group; no experts where its weights were given or it has one child.

    With `whole`, comparisons that were not made are those that follow from the priorities.
    """
    used = [one for one in group.experts if one.used]
    n = len(group.children)
    matrices = [(whole and one.filled) or one.judged.matrix for one in used]
    return Answers(
        tuple(one.expert for one in used),
        np.array(matrices, dtype=np.float64).reshape(-1, n, n),
        np.array([one.judged.weights for one in used], dtype=np.float64).reshape(-1, n),
        np.array([one.weight if one.say is None else one.say for one in used], dtype=np.float64),
    )
