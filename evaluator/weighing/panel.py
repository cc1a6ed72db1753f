"""The panel: who was asked, and every answer with the cell it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from evaluator.errors import Issue, Location
from evaluator.tree import Group


@dataclass(frozen=True, slots=True)
class Expert:
    """Someone who compares criteria; `weight` is the say in the group, relative to the others.

    `ca` rates what the expert judges from and `cs` how familiar the subject is, each from 0 to 1;
    only a study that weights experts by authority needs them.
    """

    id: str
    name: str = ""
    role: str = ""
    weight: float = 1.0
    ca: float | None = None
    cs: float | None = None


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


@dataclass(frozen=True, slots=True)
class Remark:
    """What an expert wrote beside the comparisons of a group."""

    expert: str
    group: str
    text: str
    where: Location | None = None


@dataclass(frozen=True)
class Panel:
    """The experts and all their judgments; a comparison not made is simply not there.

    `unasked` are comparisons an expert was never asked to make, as (expert, group, a, b).
    """

    experts: tuple[Expert, ...]
    judgments: tuple[Judgment, ...]
    issues: tuple[Issue, ...] = ()
    remarks: tuple[Remark, ...] = ()
    unasked: frozenset[tuple[str, str, str, str]] = frozenset()

    def matrices(self, group: Group) -> NDArray[np.float64]:
        """Return the judgment matrices of a group, (k, n, n) in the order of experts and children.

        NaN is a comparison not made.
        """
        experts = {expert.id: index for index, expert in enumerate(self.experts)}
        children = {child.id: index for index, child in enumerate(group.children)}
        n = len(children)
        matrices = np.full((len(experts), n, n), np.nan)
        matrices[:, range(n), range(n)] = 1.0
        answers = self.by_group.get(group.id, ())
        if answers:
            k = [experts[answer.expert] for answer in answers]
            i = [children[answer.a] for answer in answers]
            j = [children[answer.b] for answer in answers]
            values = np.array([answer.value for answer in answers])
            matrices[k, i, j], matrices[k, j, i] = values, 1 / values
        return matrices

    @cached_property
    def by_group(self) -> Mapping[str, tuple[Judgment, ...]]:
        """The judgments of each group that has any."""
        groups: dict[str, list[Judgment]] = {}
        for judgment in self.judgments:
            groups.setdefault(judgment.group, []).append(judgment)
        return {group: tuple(judgments) for group, judgments in groups.items()}
