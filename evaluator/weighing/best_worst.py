"""Answers by the best–worst method: what must be true of them, and the panel they make."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

from evaluator import ahp
from evaluator.errors import Issue, raise_errors
from evaluator.tree import Group, Tree
from evaluator.weighing.panel import BestWorstAnswer, Expert, Judgment, Panel
from evaluator.weighing.suggestions import SuggestedChange, Suggestion

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
        no such group; no child of it, or best and worst the same; an answer below 1 or above 9; best and
        worst compared in two ways.

    >>> from evaluator.tree import load_tree
    >>> tree = load_tree("current_value")
    >>> panel_of_best_worst(tree, [Expert("li")], []).form
    'best_worst'
    """
    given = tuple(answers)
    raise_errors(issue for one in given for issue in _problems(one, tree))
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


def suggest_best_worst(
    tree: Tree, panel: Panel, expert: str, group: str, *, method: str = "best_worst"
) -> tuple[Suggestion, ...]:
    """Return the smallest change that makes an expert's best–worst answers to a group consistent.

    Empty where they are consistent or incomplete. Nothing is changed.

    Parameters
    ----------
    method : a name in `ahp.BEST_WORST`, by which the effect on weights is told.
    """
    node = tree.nodes[group]
    children = [child.id for child in node.children] if isinstance(node, Group) else []
    said = next((one for one in panel.best_worst if (one.expert, one.group) == (expert, group)), None)
    if said is None or len(said.best_to_others) + len(said.others_to_worst) < 2 * (len(children) - 1):
        return ()
    B = [said.best_to_others.get(child, 1.0) for child in children]
    W = [said.others_to_worst.get(child, 1.0) for child in children]
    ends = {"best": children.index(said.best), "worst": children.index(said.worst)}
    found = ahp.best_worst_repair(B, W, **ends)
    if found is None:
        return ()
    before = ahp.BEST_WORST[method].function(B, W, **ends)
    after = ahp.BEST_WORST[method].function(found.best_to_others, found.others_to_worst, **ends)
    changes = [
        SuggestedChange(said.best, child, old, new)
        for child, old, new in zip(children, B, found.best_to_others.tolist(), strict=True)
        if old != new
    ]
    changes += [
        SuggestedChange(child, said.worst, old, new)
        for child, old, new in zip(children, W, found.others_to_worst.tolist(), strict=True)
        if old != new and child != said.best
    ]
    return (
        Suggestion(
            expert=expert,
            group=group,
            changes=tuple(changes),
            cr_before=float(before.input_cr),
            cr=float(after.input_cr),
            limit=float(after.limit),
            weights_before=dict(zip(children, before.weights.tolist(), strict=True)),
            weights=dict(zip(children, after.weights.tolist(), strict=True)),
            ranks_before=dict(zip(children, ahp.ranks(before.weights).tolist(), strict=True)),
            ranks=dict(zip(children, ahp.ranks(after.weights).tolist(), strict=True)),
            fewest=True,
        ),
    )
