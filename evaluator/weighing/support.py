"""Whom weights rest on: criteria that one expert alone decides, and those whose answers nobody could test."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from evaluator.errors import Issue, Location, Severity
from evaluator.weighing.panel import Form
from evaluator.weighing.weights import GroupWeights

TESTABLE: tuple[Form, ...] = ("pairs", "best_worst")
"""The forms whose answers can contradict each other."""


def lone_experts(groups: Iterable[GroupWeights]) -> Mapping[str, tuple[str, ...]]:
    """Return the experts on whom alone the weights of a group rest, with these groups.

    Whoever was asked, and for whatever reason the others do not count: nobody's view stands beside theirs.
    """
    found: dict[str, tuple[str, ...]] = {}
    for group in groups:
        used = [one.expert for one in group.experts if one.used]
        if len(used) == 1:
            found[used[0]] = (*found.get(used[0], ()), group.group)
    return found


def untested(groups: Iterable[GroupWeights], form: Form) -> tuple[str, ...]:
    """Return the groups of three and more whose weights rest on answers that could not be tested.

    Comparisons that only just tie the children together fit each other whatever they say. Two children
    can never be tested, and neither can scores: neither is named.
    """
    if form not in TESTABLE:
        return ()
    return tuple(
        group.group
        for group in groups
        if len(group.children) > 2
        and (used := [one for one in group.experts if one.used])
        and all(one.judged.verdict == "not_testable" for one in used)
    )


def few_experts(groups: Iterable[GroupWeights], least: int, where: Location) -> Iterator[Issue]:
    """Yield an issue for every group that fewer experts than a study wants have decided."""
    for group in groups:
        used = [one.expert for one in group.experts if one.used]
        if len(used) < least:
            detail = {"count": len(used), "least": least, "experts": ", ".join(used) or "–"}
            yield Issue("WEIGH-547", group.group, detail, where=where)


def support_issues(groups: Iterable[GroupWeights], form: Form) -> Iterator[Issue]:
    """Yield an issue for each expert who decides alone somewhere, and for groups nobody could test."""
    weighed = tuple(groups)
    for expert, alone in lone_experts(weighed).items():
        detail = {"count": len(alone), "groups": ", ".join(alone)}
        yield Issue("WEIGH-524", expert, detail, severity=Severity.WARNING)
    experts = {group.group: [one.expert for one in group.experts if one.used] for group in weighed}
    for name in untested(weighed, form):
        detail = {"experts": ", ".join(experts[name])}
        yield Issue("WEIGH-525", name, detail, severity=Severity.WARNING)
