"""Importance scores of a panel turned into judgments, so that they walk the same road."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

import numpy as np

from evaluator import ahp
from evaluator.errors import Issue, raise_errors
from evaluator.weighing.panel import Expert, Form, ImportanceScore, Judgment, Panel


def panel_of_scores(
    experts: Sequence[Expert],
    scores: Iterable[ImportanceScore],
    *,
    reading: str = "differences",
    highest: float = 9.0,
    unasked: frozenset[tuple[str, str, str, str]] = frozenset(),
    issues: Sequence[Issue] = (),
) -> Panel:
    """Return the panel of importance scores; its judgments are what the scores say of each pair.

    Parameters
    ----------
    unasked : the comparisons of groups an expert was never asked about. issues : what reading found.

    Raises
    ------
    EvaluationError
        as `judgments_from_scores`.
    """
    given = tuple(scores)
    judgments = judgments_from_scores(given, reading=reading, highest=highest)
    form: Form = "score_shares" if reading == "shares" else "score_differences"
    return Panel(tuple(experts), judgments, tuple(issues), unasked=unasked, form=form, scores=given)


def judgments_from_scores(
    scores: Iterable[ImportanceScore],
    *,
    reading: str = "differences",
    lowest: float = 1.0,
    highest: float = 9.0,
) -> tuple[Judgment, ...]:
    """Return a judgment for every two children that one expert scored, with the first one's place.

    Parameters
    ----------
    reading : what scores say of two children. ``differences``: a difference d is the ratio 1 + d, or
        1 / (1 − d) below 0 (`ahp.score_ratios`). ``shares``: the ratio of the scores themselves, so that
        an expert's weights are the scores brought to the sum of 1.
    lowest, highest : the ends of the scale of scores; `lowest` is above 0.

    Raises
    ------
    EvaluationError
        for a score outside the scale, and for one given twice and differently.

    >>> scores = [ImportanceScore("li", "root", name, score) for name, score in (("a", 6), ("b", 8))]
    >>> [(one.a, one.b, round(one.value, 4)) for one in judgments_from_scores(scores)]
    [('a', 'b', 0.3333)]
    """
    given = tuple(scores)
    raise_errors(_problems(given, lowest, highest))
    rows: dict[tuple[str, str], dict[str, ImportanceScore]] = {}
    for one in given:
        rows.setdefault((one.expert, one.group), {})[one.child] = one
    return tuple(
        judgment
        for (expert, group), row in rows.items()
        for judgment in _judgments(expert, group, row.values(), reading)
    )


def _judgments(expert: str, group: str, row: Iterable[ImportanceScore], reading: str) -> Iterator[Judgment]:
    scored = list(row)
    values = np.array([one.score for one in scored])
    ratios = ahp.SCORE_READINGS[reading].function(values).tolist()
    for i, j in combinations(range(len(scored)), 2):
        a, b = scored[i], scored[j]
        yield Judgment(expert, group, a.child, b.child, ratios[i][j], f"{a.score:g} : {b.score:g}", a.where)


def _problems(scores: Sequence[ImportanceScore], lowest: float, highest: float) -> Iterator[Issue]:
    first: dict[tuple[str, str, str], ImportanceScore] = {}
    for one in scores:
        detail = {"expert": one.expert, "group": one.group}
        if not (math.isfinite(one.score) and lowest <= one.score <= highest):
            limits = {"found": one.score, "lowest": lowest, "highest": highest}
            yield Issue("WEIGH-542", one.child, {**detail, **limits}, where=one.where)
        before = first.setdefault((one.expert, one.group, one.child), one)
        if before is not one and before.score != one.score:
            both = {"first": before.score, "second": one.score}
            yield Issue("WEIGH-543", one.child, {**detail, **both}, where=one.where)
