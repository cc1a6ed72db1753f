"""What each expert is asked to compare: groups by duty, and within a group the pairs of a plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from evaluator.brief import Brief
from evaluator.errors import Issue, nearest
from evaluator.tree import Group, Tree
from evaluator.weighing.panel import Expert
from evaluator.weighing.planner import QuestionPlan

Pair = tuple[str, str]
Duties = Mapping[str, Collection[str]]


@dataclass(frozen=True, slots=True)
class GroupDuty(Brief):
    """A group an expert is asked about, with the pairs to compare in the order of its children."""

    group: Group
    pairs: tuple[Pair, ...]

    @property
    def whole(self) -> bool:
        """Whether every pair of the group is asked."""
        return len(self.pairs) == self.group.pairs


def group_duties(tree: Tree, expert: str, duties: Duties, plan: QuestionPlan | None) -> tuple[GroupDuty, ...]:
    """Return what an expert is asked: all of it, unless a duty names groups or a plan names pairs."""
    groups = duties.get(expert)
    planned = plan.by_expert.get(expert) if plan else None
    found = []
    for group in tree.groups:
        if groups is not None and group.id not in groups:
            continue
        pairs = _pairs(group)
        if planned is not None:
            wanted = {frozenset(pair) for pair in planned.get(group.id, ())}
            pairs = tuple(pair for pair in pairs if frozenset(pair) in wanted)
        if pairs:
            found.append(GroupDuty(group, pairs))
    return tuple(found)


def unanswerable(
    tree: Tree, experts: Sequence[Expert], duties: Duties, plan: QuestionPlan | None
) -> tuple[Issue, ...]:
    """Return what is wrong with whom is asked what."""
    counts = Counter(expert.id for expert in experts)
    issues = [Issue("JUDGE-225", name) for name, count in counts.items() if count > 1]
    issues += unknown_names(tree, list(counts), duties, plan)
    if not tree.pairs:
        issues.append(Issue("JUDGE-226", tree.id))
    elif not all(group_duties(tree, expert, duties, plan) for expert in counts):
        issues.append(Issue("JUDGE-235", tree.id))
    return tuple(issues)


def unknown_names(
    tree: Tree, experts: list[str], duties: Duties, plan: QuestionPlan | None = None
) -> list[Issue]:
    """Return the experts, groups and pairs that duties and plan name but that are not there."""
    named = _named(tree, experts, duties, plan)
    return [Issue("JUDGE-234", name, hint=nearest(name, known)) for name, known in named if name not in known]


def beyond_duty(tree: Tree, duty: Collection[str] | None) -> frozenset[tuple[str, str, str]]:
    """Return the comparisons, as (group, a, b), that somebody with this duty is never asked."""
    if duty is None:
        return frozenset()
    return frozenset(
        (group.id, *pair) for group in tree.groups if group.id not in duty for pair in _pairs(group)
    )


def _named(
    tree: Tree, experts: list[str], duties: Duties, plan: QuestionPlan | None
) -> list[tuple[str, list[str]]]:
    """Return every name that duties and plan use, with the names it must be one of."""
    groups = {group.id: group for group in tree.groups if group.pairs}
    questions = plan.questions if plan else ()
    named = [(expert, experts) for expert in (*duties, *(plan.by_expert if plan else ()))]
    wanted = [group for duty in duties.values() for group in duty]
    wanted += dict.fromkeys(one.group for one in questions)
    named += [(group, list(groups)) for group in wanted]
    for one in questions:
        if one.group in groups:
            known = [_pair_text(pair) for a, b in _pairs(groups[one.group]) for pair in ((a, b), (b, a))]
            named += [(_pair_text(pair), known) for pair in one.pairs]
    return named


def _pairs(group: Group) -> tuple[Pair, ...]:
    return tuple(combinations([child.id for child in group.children], 2))


def _pair_text(pair: Pair) -> str:
    return " – ".join(pair)
