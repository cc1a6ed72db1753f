"""Answers by the best–worst method: what must be true of them, and the panel they make."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

from evaluator.errors import Issue, raise_errors
from evaluator.tree import Group, Tree
from evaluator.weighing.panel import BestWorstAnswer, Expert, Judgment, Panel

LARGEST = 9.0


def panel_of_best_worst(
    tree: Tree,
    experts: Sequence[Expert],
    answers: Iterable[BestWorstAnswer],
    *,
    unasked: frozenset[tuple[str, str, str, str]] = frozenset(),
    issues: Sequence[Issue] = (),
) -> Panel:
    """Return the panel of answers by the best–worst method; its judgments are the comparisons made.

    Parameters
    ----------
    unasked : the comparisons of groups an expert was never asked about. issues : what reading found.

    Raises
    ------
    EvaluationError
        WEIGH-508 (no such group), WEIGH-509 (no child of it, or best and worst the same), WEIGH-552 (an
        answer below 1 or above 9), WEIGH-553 (best and worst compared in two ways).

    >>> from evaluator.tree import load_tree
    >>> tree = load_tree("current_value")
    >>> panel_of_best_worst(tree, [Expert("li")], []).form
    'best_worst'
    """
    given = tuple(answers)
    raise_errors(tuple(issue for one in given for issue in _problems(one, tree)))
    judgments = tuple(judgment for one in given for judgment in _judgments(one))
    return Panel(
        tuple(experts), judgments, tuple(issues), unasked=unasked, form="best_worst", best_worst=given
    )


def _judgments(one: BestWorstAnswer) -> Iterator[Judgment]:
    for child, ratio in one.best_to_others.items():
        yield Judgment(one.expert, one.group, one.best, child, ratio, f"{ratio:g}", one.where)
    for child, ratio in one.others_to_worst.items():
        if child != one.best:
            yield Judgment(one.expert, one.group, child, one.worst, ratio, f"{ratio:g}", one.where)


def _problems(one: BestWorstAnswer, tree: Tree) -> Iterator[Issue]:
    group = tree.nodes.get(one.group)
    if not isinstance(group, Group):
        yield Issue("WEIGH-508", one.group, where=one.where)
        return
    children = {child.id for child in group.children}
    named = [one.best, one.worst, *one.best_to_others, *one.others_to_worst]
    wrong = [name for name in named if name not in children]
    if one.best == one.worst:
        wrong.append(one.worst)
    for name in dict.fromkeys(wrong):
        yield Issue("WEIGH-509", name, {"group": one.group}, where=one.where)
    for row in (one.best_to_others, one.others_to_worst):
        yield from _out_of_range(one, row)
    first, second = one.best_to_others.get(one.worst), one.others_to_worst.get(one.best)
    if first is not None and second is not None and not math.isclose(first, second, rel_tol=1e-9):
        detail = {"expert": one.expert, "group": one.group, "first": first, "second": second}
        yield Issue("WEIGH-553", f"{one.best} : {one.worst}", detail, where=one.where)


def _out_of_range(one: BestWorstAnswer, row: Mapping[str, float]) -> Iterator[Issue]:
    for child, ratio in row.items():
        if not (math.isfinite(ratio) and 1 <= ratio <= LARGEST):
            detail = {"expert": one.expert, "group": one.group, "found": ratio, "highest": LARGEST}
            yield Issue("WEIGH-552", child, detail, where=one.where)
