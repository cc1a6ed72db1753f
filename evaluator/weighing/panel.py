"""The panel: who was asked, and every answer with the cell it came from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluator.errors import Issue, Location
from evaluator.tree import Group


@dataclass(frozen=True, slots=True)
class Expert:
    """Someone who compares criteria; `weight` is the say in the group, relative to the others."""

    id: str
    name: str = ""
    role: str = ""
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Judgment:
    """One answer: in `group`, `expert` finds `a` to be `value` times as important as `b`."""

    expert: str
    group: str
    a: str
    b: str
    value: float
    answer: str = ""
    where: Location | None = None


@dataclass(frozen=True)
class Panel:
    """The experts and all their judgments; a comparison not made is simply not there."""

    experts: tuple[Expert, ...]
    judgments: tuple[Judgment, ...]
    issues: tuple[Issue, ...] = ()

    def matrices(self, group: Group) -> NDArray[np.float64]:
        """Return the judgment matrices of a group, (k, n, n) in the order of experts and children.

        NaN is a comparison not made.
        """
        experts = {expert.id: index for index, expert in enumerate(self.experts)}
        children = {child.id: index for index, child in enumerate(group.children)}
        n = len(children)
        matrices = np.full((len(experts), n, n), np.nan)
        matrices[:, range(n), range(n)] = 1.0
        for judgment in self.judgments:
            if judgment.group == group.id:
                k, i, j = experts[judgment.expert], children[judgment.a], children[judgment.b]
                matrices[k, i, j], matrices[k, j, i] = judgment.value, 1 / judgment.value
        return matrices
