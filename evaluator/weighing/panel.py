"""The panel: who was asked, and every answer with the cell it came from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from evaluator.brief import Brief
from evaluator.displayed import Displayed
from evaluator.errors import Issue, Location
from evaluator.tree import Group

Form = Literal["pairs", "score_differences", "score_shares", "best_worst"]
"""How experts were asked: comparisons in pairs, importance scores read by their differences or as shares,
or comparisons with the best and the worst alone."""

MODEL = "model/"
"""How what says who answered begins where that is a model of language, and no person."""

OWN_PRIORITIES: tuple[Form, ...] = ("score_shares", "best_worst")
"""The forms whose answers give priorities of their own, without a method for judgment matrices."""


@dataclass(frozen=True, slots=True)
class Expert:
    """Someone who compares criteria; `weight` is the say in the group, relative to the others.

    `ca` rates what the expert judges from and `cs` how familiar the subject is, each from 0 to 1;
    only a study that weights experts by authority needs them. `by` says who answers, as ``model/…`` where
    it is no person.
    """

    id: str
    name: str = ""
    role: str = ""
    weight: float = 1.0
    ca: float | None = None
    cs: float | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Judgment(Brief):
    """One answer: in `group`, `expert` finds `a` to be `value` times as important as `b`."""

    expert: str
    group: str
    a: str
    b: str
    value: float
    answer: str = ""
    where: Location | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class ImportanceScore(Brief):
    """How important an expert finds one child of a group, on the study's scale of scores."""

    expert: str
    group: str
    child: str
    score: float
    where: Location | None = None


@dataclass(frozen=True, slots=True)
class BestWorstAnswer(Brief):
    """The best and the worst child of a group to an expert, and the comparisons with each of them.

    `best_to_others` says how many times as important the best is as each other child, `others_to_worst`
    how many times as important each is as the worst; the comparison of the two stands in both.
    """

    expert: str
    group: str
    best: str
    worst: str
    best_to_others: Mapping[str, float]
    others_to_worst: Mapping[str, float]
    where: Location | None = None


@dataclass(frozen=True, slots=True)
class Remark(Brief):
    """What an expert wrote beside the comparisons of a group."""

    expert: str
    group: str
    text: str
    where: Location | None = None


@dataclass(frozen=True)
class Panel(Displayed):
    """The experts and all their judgments; a comparison not made is simply not there.

    `unasked` are comparisons an expert was never asked to make, as (expert, group, a, b). `form` says how
    the experts were asked; what they answered to other questions than comparisons stands in `scores` and
    `best_worst`, and `judgments` holds what follows from it for pairs.
    """

    experts: tuple[Expert, ...]
    judgments: tuple[Judgment, ...]
    issues: tuple[Issue, ...] = ()
    remarks: tuple[Remark, ...] = ()
    unasked: frozenset[tuple[str, str, str, str]] = frozenset()
    form: Form = "pairs"
    scores: tuple[ImportanceScore, ...] = ()
    best_worst: tuple[BestWorstAnswer, ...] = ()

    def model(self, expert: Expert, group: str) -> str:
        """Return the model that an expert's answers to a group say they come from; empty for a person's."""
        return expert.by if expert.by.startswith(MODEL) else self._by_model.get((expert.id, group), "")

    @cached_property
    def _by_model(self) -> dict[tuple[str, str], str]:
        return {(one.expert, one.group): one.by for one in self.judgments if one.by.startswith(MODEL)}

    def asked(self, group: Group) -> tuple[int, ...]:
        """Return how many answers each expert was to give to a group, 0 where it is not his or her part.

        An answer is a comparison, or the score of a child. An only child is nothing to ask about.
        """
        n = len(group.children)
        whole = {"pairs": group.pairs, "best_worst": max(2 * n - 3, 0)}.get(self.form, n if n > 1 else 0)
        left_out = [self._unasked[expert.id, group.id] for expert in self.experts]
        if self.form == "pairs":
            return tuple(group.pairs - pairs for pairs in left_out)
        return tuple(0 if pairs == group.pairs else whole for pairs in left_out)

    def answered(self, group: Group) -> tuple[int, ...]:
        """Return how many answers each expert gave to a group; see `asked`."""
        given: set[tuple[str, ...]]
        if self.form.startswith("score"):
            given = {(one.expert, one.child) for one in self.scores if one.group == group.id}
        else:
            judgments = self.by_group.get(group.id, ())
            given = {(one.expert, *sorted((one.a, one.b))) for one in judgments}
        counts = Counter(expert for expert, *_ in given)
        return tuple(counts[expert.id] for expert in self.experts)

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
    def _unasked(self) -> Counter[tuple[str, str]]:
        return Counter((expert, group) for expert, group, _, _ in self.unasked)

    @cached_property
    def by_group(self) -> Mapping[str, tuple[Judgment, ...]]:
        """The judgments of each group that has any."""
        groups: dict[str, list[Judgment]] = {}
        for judgment in self.judgments:
            groups.setdefault(judgment.group, []).append(judgment)
        return {group: tuple(judgments) for group, judgments in groups.items()}
