"""Consistency of the total ranking (层次总排序), level by level of the tree."""

from __future__ import annotations

import math
from dataclasses import dataclass

from evaluator import ahp
from evaluator.displayed import Displayed
from evaluator.tree import Group
from evaluator.weighing.weights import GroupWeights, Verdict, Weights


@dataclass(frozen=True)
class LevelConsistency(Displayed):
    """The consistency of the groups on one level together; level 1 is the root's group.

    `tested` names the groups that entered: three children and more, with redundant comparisons. CR
    is Σ a_j CI_j / Σ a_j RI_j with the global weights a_j of the groups; NaN where none was tested.
    A good CR of a level does not excuse a contradictory group in it.
    """

    level: int
    groups: tuple[str, ...]
    tested: tuple[str, ...]
    ci: float
    ri: float
    cr: float
    limit: float
    verdict: Verdict


def total_ranking(weights: Weights) -> tuple[LevelConsistency, ...]:
    """Return the consistency of every level; empty for weights that do not rest on comparisons in pairs.

    The limit is that of the convention for large groups.

    >>> from evaluator.tree import load_tree
    >>> from evaluator.weighing import weigh
    >>> total_ranking(weigh(load_tree("current_value")))
    ()
    """
    if weights.source == "given" or weights.form != "pairs":
        return ()
    found = {group.group: group for group in weights.groups}
    level, above = 1, [weights.tree.root]
    levels = []
    while above:
        levels.append(_level(level, [found[group.id] for group in above], weights))
        above = [child for group in above for child in group.children if isinstance(child, Group)]
        level += 1
    return tuple(levels)


def _level(level: int, groups: list[GroupWeights], weights: Weights) -> LevelConsistency:
    nothing = float("nan")
    tested = tuple(one.group for one in groups if one.joint and not math.isnan(one.joint.cr))
    total = ahp.total_consistency(
        [weights.global_[one.group] for one in groups],
        [one.joint.ci if one.group in tested and one.joint else nothing for one in groups],
        [one.joint.ri if one.group in tested and one.joint else nothing for one in groups],
    )
    limit = ahp.CONVENTIONS[weights.convention].function.limits[-1]
    cr = float(total.cr)
    verdict: Verdict = "not_testable" if math.isnan(cr) else "consistent" if cr < limit else "inconsistent"
    names = tuple(one.group for one in groups)
    return LevelConsistency(level, names, tested, float(total.ci), float(total.ri), cr, limit, verdict)
