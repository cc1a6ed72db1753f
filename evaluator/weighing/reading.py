"""The answers of a panel to one group, read in the way they were asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from evaluator import ahp
from evaluator.brief import Brief
from evaluator.tree import Group
from evaluator.weighing.findings import Finding, findings, reversed_pairs
from evaluator.weighing.panel import OWN_PRIORITIES, BestWorstAnswer, Panel
from evaluator.weighing.procedure import Procedure
from evaluator.weighing.weights import Judged, Matrix, Verdict, WorstJudgment

Array = NDArray[np.float64]

_UNTESTED = np.array(ahp.NOT_TESTABLE)


@dataclass(frozen=True)
class Reading(Brief):
    """What k experts say about the n children of a group.

    Attributes
    ----------
    ratios : (k, n, n), NaN where no comparison was made. whole : the same with blanks filled in the way
        of the method. figures : priorities and consistency. strict : the verdict under the strict limits.
    asked, answered : how many answers each was to give, and gave. findings : see `findings.findings`.
    joint : puts together those who are used (k), by their say.
    """

    ratios: Array
    whole: Array
    figures: ahp.Consistency
    strict: tuple[Verdict, ...]
    asked: tuple[int, ...]
    answered: tuple[int, ...]
    findings: tuple[Finding, ...]
    joint: Callable[[NDArray[np.bool_], Array], Judged]


def read(group: Group, panel: Panel, procedure: Procedure) -> Reading:
    """Return the answers of a panel to a group with two children or more."""
    reader = _by_own_priorities if panel.form in OWN_PRIORITIES else _by_matrices
    return reader(group, panel, procedure)


def _by_matrices(group: Group, panel: Panel, procedure: Procedure) -> Reading:
    """Judgment matrices: comparisons in pairs, or the differences of scores, which nothing can test."""
    A = ahp.apply_scale(panel.matrices(group), procedure.scale)
    figures = procedure.judge(A)
    strict = figures.under("strict").verdict
    tested = panel.form == "pairs"
    if not tested:
        figures = replace(figures, verdict=np.full_like(figures.verdict, _UNTESTED))
        strict = figures.verdict
    asked = panel.asked(group)
    blanks = figures.missing.tolist()
    answered = tuple(group.pairs - one for one in blanks) if tested else panel.answered(group)
    children = tuple(child.id for child in group.children)
    return Reading(
        A,
        ahp.fill(A, procedure.method) if any(blanks) else A,
        figures,
        tuple(strict.tolist()),
        asked,
        answered,
        tuple(findings(A, figures, strict, children)),
        lambda used, say: _joint_matrix(A[used], say[used], procedure, tested=tested),
    )


def _by_own_priorities(group: Group, panel: Panel, procedure: Procedure) -> Reading:
    """Shares of scores, or the best–worst method: answers that give priorities without a matrix method."""
    A = panel.matrices(group)
    if panel.form == "best_worst":
        found = _best_worst(group, panel, procedure)
        figures, worst = _figures(A, found, procedure), _worst(group, panel, found)
    else:
        figures, worst = _figures(A, None, procedure), {}
    w = figures.priorities
    with np.errstate(invalid="ignore"):
        whole = np.where(np.isnan(A), w[..., :, None] / w[..., None, :], A)
    children = tuple(child.id for child in group.children)
    against = reversed_pairs(A, w, children)
    no_parts: tuple[tuple[str, ...], ...] = ()
    return Reading(
        A,
        whole,
        figures,
        tuple(figures.verdict.tolist()),
        panel.asked(group),
        panel.answered(group),
        tuple(
            Finding(parts=no_parts, worst=worst.get(k), cycles=0, reversed=against.get(k, ()))
            for k in range(len(A))
        ),
        lambda used, say: _joint_priorities(whole[used], w[used], say[used], procedure),
    )


def _joint_matrix(A: Array, say: Array, procedure: Procedure, *, tested: bool) -> Judged:
    """Return the joint judgments with what they give.

    Experts with blanks enter completed, so that who compared a pair does not shift it against the
    others; a pair nobody compared stays open. What the experts cannot contradict alone, each with
    nothing but a spanning tree, is not tested together. Where priorities are put together, the
    weights are theirs and the figures of consistency remain those of the joint judgments, which say
    how the answers lie together.
    """
    known = ahp.made(A)
    whole = A if known.all() else ahp.fill(A, procedure.method)
    joint = np.where(known.any(0), ahp.aggregate_judgments(whole, say), np.nan)[None]
    (judged,) = judged_matrices(joint, procedure.judge(joint))
    if (ahp.redundancy(A) <= 0).all():
        judged = replace(judged, ri=float("nan"), cr=float("nan"), verdict="not_testable")
    if not tested:
        judged = replace(judged, verdict="not_testable")
    if not procedure.joins_priorities:
        return judged
    w = ahp.group_priorities(whole, say, method=procedure.method, aggregation=procedure.aggregation)
    return replace(judged, weights=tuple(w.tolist()))


def _joint_priorities(whole: Array, P: Array, say: Array, procedure: Procedure) -> Judged:
    """Return the joint priorities beside the mean of what experts say of each pair; nothing tests them."""
    nan = float("nan")
    w = ahp.AGGREGATIONS[procedure.aggregation].function(P, say)
    matrix = matrix_rows(ahp.aggregate_judgments(whole, say).tolist())
    return Judged(matrix, tuple(w.tolist()), nan, nan, nan, nan, nan, "not_testable")


def judged_matrices(A: Array, figures: ahp.Consistency) -> list[Judged]:
    """Return matrices (k, n, n) with what they give, as plain values."""
    columns = (A, figures.priorities, figures.lambda_max, figures.ci, figures.ri, figures.cr, figures.limit)
    verdicts: list[Verdict] = figures.verdict.tolist()
    rows = zip(*(column.tolist() for column in columns), verdicts, figures.gci.tolist(), strict=True)
    return [Judged(matrix_rows(matrix), tuple(w), *others) for matrix, w, *others in rows]


def matrix_rows(matrix: list[list[float]]) -> Matrix:
    """Return a matrix as plain rows."""
    return tuple(tuple(row) for row in matrix)


def _figures(A: Array, found: ahp.BestWorst | None, procedure: Procedure) -> ahp.Consistency:
    """Return the figures of answers that are not judged by λmax: their own CR, or none at all."""
    k, n = A.shape[:2]
    nothing = np.full(k, np.nan)
    return ahp.Consistency(
        method=procedure.method,
        scale="linear",
        convention=procedure.convention,
        table="",
        priorities=found.weights if found else _shares(A),
        n=np.full(k, n),
        missing=ahp.missing(A),
        lambda_max=nothing,
        ci=nothing,
        ri=nothing,
        cr=found.input_cr if found else nothing,
        gci=nothing,
        limit=found.limit if found else nothing,
        verdict=found.verdict if found else np.full(k, _UNTESTED),
    )


def _shares(A: Array) -> Array:
    """Return the priorities of ratios that no two contradict; NaN for who left a child out."""
    w = ahp.priorities(A, "geometric_mean")
    return np.where(ahp.missing(A)[:, None] > 0, np.nan, w)


def _best_worst(group: Group, panel: Panel, procedure: Procedure) -> ahp.BestWorst:
    places = {child.id: number for number, child in enumerate(group.children)}
    said = {one.expert: one for one in panel.best_worst if one.group == group.id}
    n = len(places)
    B, W = np.full((len(panel.experts), n), np.nan), np.full((len(panel.experts), n), np.nan)
    ends = np.tile([0, 1], (len(panel.experts), 1))
    for k, expert in enumerate(panel.experts):
        if one := said.get(expert.id):
            ends[k] = places[one.best], places[one.worst]
            for row, answers, own in ((B, one.best_to_others, one.best), (W, one.others_to_worst, one.worst)):
                row[k, places[own]] = 1.0
                row[k, [places[name] for name in answers]] = list(answers.values())
    return ahp.BEST_WORST[procedure.method].function(B, W, best=ends[:, 0], worst=ends[:, 1])


def _worst(group: Group, panel: Panel, found: ahp.BestWorst) -> dict[int, WorstJudgment]:
    """Return, of each contradictory expert, the answer that fits least: the best over the child it concerns.

    What the other two comparisons of a triad of best, child and worst say of it is a_BW / a_jW.
    """
    said = {one.expert: one for one in panel.best_worst if one.group == group.id}
    worst: dict[int, WorstJudgment] = {}
    for k, expert in enumerate(panel.experts):
        if found.verdict[k] == ahp.INCONSISTENT:
            worst[k] = _worst_of(said[expert.id])
    return worst


def _worst_of(one: BestWorstAnswer) -> WorstJudgment:
    whole = one.best_to_others[one.worst]
    others = [name for name in one.best_to_others if name != one.worst]
    child = max(others, key=lambda name: abs(one.best_to_others[name] * one.others_to_worst[name] - whole))
    value, implied = one.best_to_others[child], whole / one.others_to_worst[child]
    if value >= implied:
        return WorstJudgment(one.best, child, value, value / implied, implied)
    return WorstJudgment(child, one.best, 1 / value, implied / value, 1 / implied)
