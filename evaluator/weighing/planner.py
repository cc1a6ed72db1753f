"""Which comparisons to ask of whom when there is no time for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from evaluator.brief import Brief
from evaluator.errors import EvaluationError, Issue
from evaluator.tree import Group, Tree
from evaluator.weighing.panel import Expert

Pair = tuple[str, str]

_TRIES = 64  # random rings from which the one that balances the panel best is taken


@dataclass(frozen=True)
class Questions(Brief):
    """The comparisons of one group that one expert is asked, in the order of the group's children."""

    expert: str
    group: str
    pairs: tuple[Pair, ...]


@dataclass(frozen=True)
class QuestionPlan(Brief):
    """Who is asked what: `budget` comparisons at most for each expert, the same number for everybody."""

    budget: int
    seed: int
    questions: tuple[Questions, ...]

    @cached_property
    def by_expert(self) -> Mapping[str, Mapping[str, tuple[Pair, ...]]]:
        """The comparisons of each expert, by group."""
        plan: dict[str, dict[str, tuple[Pair, ...]]] = {}
        for one in self.questions:
            plan.setdefault(one.expert, {})[one.group] = one.pairs
        return plan


def fewest_questions(tree: Tree) -> int:
    """Return how many comparisons an expert needs so that every group can be weighed and tested.

    A group of n asks for n: a ring, which ties all of it together and has one comparison to spare; two
    children need their one comparison, which nothing can test.
    """
    return sum(_fewest(group) for group in tree.groups)


def plan_questions(tree: Tree, experts: Sequence[Expert], budget: int, *, seed: int = 0) -> QuestionPlan:
    """Return which comparisons to ask of each expert so that everybody's answers stay testable.

    Every expert is asked a ring through all children of each group, so no answer stands alone. What
    the budget leaves goes to the groups with the smallest share of comparisons to spare. Over the
    panel, each comparison of a group is asked as evenly as rings allow, and within an expert's
    questions each child appears about as often as the others.

    Parameters
    ----------
    budget : comparisons an expert answers at most; more than the tree has asks all of them.
    seed : decides between plans that are equally good.

    Raises
    ------
    EvaluationError
        without experts, or when the budget is below `fewest_questions`.

    >>> from evaluator.tree import load_tree
    >>> tree = load_tree("current_value")
    >>> plan = plan_questions(tree, [Expert("li"), Expert("wu")], fewest_questions(tree))
    >>> {sum(len(pairs) for pairs in groups.values()) for groups in plan.by_expert.values()} == {
    ...     fewest_questions(tree)}
    True
    """
    fewest = fewest_questions(tree)
    if not experts:
        raise EvaluationError([Issue("WEIGH-517", tree.id)])
    if budget < fewest:
        raise EvaluationError([Issue("WEIGH-539", tree.id, {"budget": budget, "fewest": fewest})])
    rng = np.random.default_rng(seed)
    numbers = _numbers(tree, budget)
    questions = [
        Questions(expert.id, group.id, pairs)
        for group in tree.groups
        if numbers[group.id]
        for expert, pairs in zip(
            experts, _shared_out(group, len(experts), numbers[group.id], rng), strict=True
        )
    ]
    order = {expert.id: number for number, expert in enumerate(experts)}
    return QuestionPlan(budget, seed, tuple(sorted(questions, key=lambda one: order[one.expert])))


def _fewest(group: Group) -> int:
    return min(len(group.children), group.pairs)


def _numbers(tree: Tree, budget: int) -> dict[str, int]:
    """Return how many comparisons each group gets: a ring, then one after another where they lack most."""
    numbers = {group.id: _fewest(group) for group in tree.groups}
    for _ in range(budget - sum(numbers.values())):
        open_ = [group for group in tree.groups if numbers[group.id] < group.pairs]
        if not open_:
            break
        numbers[min(open_, key=lambda group: _redundancy(group, numbers[group.id])).id] += 1
    return numbers


def _redundancy(group: Group, asked: int) -> float:
    spare = len(group.children) - 1
    return (asked - spare) / (group.pairs - spare)


def _shared_out(group: Group, experts: int, number: int, rng: np.random.Generator) -> list[tuple[Pair, ...]]:
    """Return the pairs of each expert, least asked pairs first."""
    n = len(group.children)
    pairs = list(combinations(range(n), 2))
    place = {pair: position for position, pair in enumerate(pairs)}
    asked = np.zeros(len(pairs), dtype=np.int64)
    plans = []
    for _ in range(experts):
        chosen = _ring(n, place, asked, rng) if number < len(pairs) else np.arange(len(pairs))
        chosen = _filled(chosen, number, pairs, asked, n)
        asked[chosen] += 1
        names = [(group.children[i].id, group.children[j].id) for i, j in (pairs[c] for c in sorted(chosen))]
        plans.append(tuple(names))
    return plans


def _ring(
    n: int, place: Mapping[tuple[int, int], int], asked: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.int64]:
    """Return the ring through all children, of some drawn at random, whose pairs were asked least."""
    rings = rng.permuted(np.tile(np.arange(n), (_TRIES, 1)), axis=1)
    ends = np.sort(np.stack([rings, np.roll(rings, 1, axis=1)], -1), axis=-1)
    table = np.zeros((n, n), dtype=np.int64)
    for (i, j), position in place.items():
        table[i, j] = position
    candidates = table[ends[..., 0], ends[..., 1]]
    return np.asarray(candidates[(asked[candidates] ** 2).sum(-1).argmin()])


def _filled(
    chosen: NDArray[np.int64], number: int, pairs: Sequence[tuple[int, int]], asked: NDArray[np.int64], n: int
) -> NDArray[np.int64]:
    """Add pairs up to the number: least asked over the panel, then of children that appear least."""
    taken = list(chosen.tolist())
    appears = np.bincount(np.array([pairs[c] for c in taken]).ravel(), minlength=n)
    while len(taken) < number:
        rest = [c for c in range(len(pairs)) if c not in taken]
        best = min(rest, key=lambda c: (asked[c], appears[pairs[c][0]] + appears[pairs[c][1]], c))
        taken.append(best)
        appears[list(pairs[best])] += 1
    return np.array(taken)
