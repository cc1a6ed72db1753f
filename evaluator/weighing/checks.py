"""What a panel must be before its judgments are weighed: a plain tuple of rules, all always asked."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator

from evaluator.ahp.scales import LARGEST
from evaluator.errors import Issue, nearest, not_among
from evaluator.tree import Tree
from evaluator.weighing.panel import Judgment, Panel

Rule = Callable[[Tree, Panel], Iterable[Issue]]


def check_panel(tree: Tree, panel: Panel) -> Iterator[Issue]:
    """Yield everything that keeps a panel from being weighed, with its place."""
    for rule in RULES:
        yield from rule(tree, panel)


def experts(tree: Tree, panel: Panel) -> Iterator[Issue]:
    """There are experts, each once, each with a positive weight."""
    if not panel.experts:
        yield Issue("WEIGH-517", tree.id)
    seen: set[str] = set()
    for expert in panel.experts:
        if expert.id in seen:
            yield Issue("WEIGH-513", expert.id)
        seen.add(expert.id)
        if not (math.isfinite(expert.weight) and expert.weight > 0):
            yield Issue("WEIGH-512", expert.id, {"found": expert.weight})


def names(tree: Tree, panel: Panel) -> Iterator[Issue]:
    """Judgments speak of experts, groups and their children."""
    known = {expert.id for expert in panel.experts}
    children = {group.id: {child.id for child in group.children} for group in tree.groups}
    for judgment in panel.judgments:
        yield from not_among("WEIGH-507", [judgment.expert], known, where=judgment.where)
        yield from not_among("WEIGH-508", [judgment.group], children, where=judgment.where)
        if judgment.group not in children:
            continue
        compared = children[judgment.group]
        for name, other in ((judgment.a, None), (judgment.b, judgment.a)):
            if name not in compared or name == other:
                detail = {"group": judgment.group}
                yield Issue("WEIGH-509", name, detail, nearest(name, compared - {other}), judgment.where)


def values(tree: Tree, panel: Panel) -> Iterator[Issue]:
    """A judgment is a positive finite ratio."""
    for judgment in panel.judgments:
        if not _is_ratio(judgment.value):
            detail = {"expert": judgment.expert, "group": judgment.group, "found": judgment.value}
            yield Issue("WEIGH-510", f"{judgment.a} : {judgment.b}", detail, where=judgment.where)


def contradictions(tree: Tree, panel: Panel) -> Iterator[Issue]:
    """An expert does not answer the same comparison in two ways."""
    first: dict[tuple[str, str, str, str], Judgment] = {}
    for judgment in panel.judgments:
        a, b = judgment.a, judgment.b
        pair = (a, b) if a < b else (b, a)
        before = first.setdefault((judgment.expert, judgment.group, *pair), judgment)
        if before is judgment or not (_is_ratio(before.value) and _is_ratio(judgment.value)):
            continue
        said = before.value if before.a == judgment.a else 1 / before.value
        if not math.isclose(said, judgment.value, rel_tol=1e-9):
            detail = {
                "expert": judgment.expert,
                "group": judgment.group,
                "first": said,
                "second": judgment.value,
                "place": str(before.where) if before.where else "–",
            }
            yield Issue("WEIGH-511", f"{judgment.a} : {judgment.b}", detail, where=judgment.where)


def beyond_scale(panel: Panel, scale: str) -> Iterator[Issue]:
    """Answers lie within 1/9 and 9 where the judgment scale is defined no further."""
    if scale == "linear":
        return
    for judgment in panel.judgments:
        if _is_ratio(judgment.value) and max(judgment.value, 1 / judgment.value) > LARGEST * (1 + 1e-9):
            detail = {
                "expert": judgment.expert,
                "group": judgment.group,
                "found": judgment.value,
                "scale": scale,
            }
            yield Issue("WEIGH-520", f"{judgment.a} : {judgment.b}", detail, where=judgment.where)


RULES: tuple[Rule, ...] = (experts, names, values, contradictions)


def _is_ratio(value: float) -> bool:
    return math.isfinite(value) and value > 0
