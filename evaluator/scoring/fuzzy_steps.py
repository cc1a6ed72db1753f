"""Fuzzy comprehensive evaluation of every customer: named steps from memberships of leaves to the whole.

Column names: ``membership_<grade>@<node>`` for a node of the tree, ``reached_<grade>@<node>`` for how
far it belongs to that grade or a better one (0 where it has no score), ``fuzzy@<node>`` for its
grade-weighted score. An @ stands in no id, so that no two of these names can meet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import narwhals as nw

from evaluator.columns import TOLERANCE, Step, bands, finite, present, ratio, sums
from evaluator.errors import Issue, Severity
from evaluator.measuring.grades import vote_column
from evaluator.measuring.membership_functions import (
    bell_curves,
    between,
    reached_columns,
    reached_curves,
    score_ladder,
)
from evaluator.scoring.fuzzy import OPERATORS
from evaluator.scoring.model import Model
from evaluator.scoring.profiles import local_weight
from evaluator.scoring.synthesis import always_scored, levels
from evaluator.tree import Group, Indicator
from evaluator.tree.types import Gaussian

VALIDITIES = ((0.0, "weak"), (0.5, "fair"), (1.0, "high"))  # what α means from each bound on


def leaf_memberships(model: Model) -> Iterator[Step]:
    """Yield the step that places every leaf between the grades; none where there is no fuzzy evaluation."""
    if model.fuzzy is not None:
        leaves = [leaf.id for leaf in model.tree.indicators]
        # curves apart: written out in each membership, queries plan for long
        if curves := dict(_curves(model)):
            yield Step("curves", curves)
        yield Step("reached", dict(_reached_leaves(model)))
        yield Step("memberships", dict(_memberships(model, leaves)))
        yield Step("placed", {f"fuzzy@{leaf}": _grade_score(model, leaf) for leaf in leaves})


def fuzzy_steps(model: Model) -> Iterator[Step]:
    """Yield the steps from the memberships of leaves to those of the whole, where there is an evaluation.

    A node has memberships where it has a score: what is missing, and for whom, is settled there.
    """
    if model.fuzzy is None:
        return
    additive = "additive" in OPERATORS[model.fuzzy.operator].laws
    yield from _added(model) if additive else _composed(model)
    yield Step("fuzzy", {f"fuzzy@{group.id}": _grade_score(model, group.id) for group in model.tree.groups})
    yield _reading(model)
    if model.leading == "fuzzy":
        leading = {f"score_{group.id}": nw.col(f"fuzzy@{group.id}") for group in model.tree.groups}
        yield Step("leading", leading)


def votes(model: Model) -> Iterator[Step]:
    """Yield the step that reads the votes of raters, where the model was fitted on some."""
    columns = {
        f"votes_{grade.id}@{leaf.id}": finite(nw.col(vote_column(leaf, grade.id)))
        for leaf in model.tree.indicators
        for grade in model.tree.grades
        if leaf.id in model.votes
    }
    if columns:
        yield Step("votes", columns)


def fuzzy_issues(model: Model) -> tuple[Issue, ...]:
    """Return what must be said beside the fuzzy evaluation of a model.

    A warning names the groups where an operator with a minimum cuts off every membership
    above one half, because no child weighs more: of R little but the weights is left.
    """
    if model.fuzzy is None or "truncates" not in OPERATORS[model.fuzzy.operator].laws:
        return ()
    heaviest = {
        group.id: max(model.local[child.id] for child in group.children) for group in model.tree.groups
    }
    cut = [group for group, weight in heaviest.items() if weight < 0.5]
    detail = {"groups": ", ".join(cut)}
    return (Issue("SCORE-632", model.fuzzy.operator, detail, severity=Severity.WARNING),) if cut else ()


def fuzzy_columns(model: Model) -> tuple[str, ...]:
    """Return the columns a fuzzy evaluation adds to a score, in their order; none where there is none."""
    if model.fuzzy is None:
        return ()
    tree = model.tree
    below = [f"@{group.id}" for group in tree.groups if group is not tree.root]
    memberships = (f"membership_{grade.id}{place}" for place in ("", *below) for grade in tree.grades)
    return ("crisp_score", "fuzzy_score", "fuzzy_grade", "alpha", "validity", *memberships)


def _curves(model: Model) -> Iterator[tuple[str, nw.Expr]]:
    for leaf in model.tree.indicators:
        if isinstance(leaf.membership, Gaussian):
            for grade, curve in bell_curves(leaf.membership, nw.col(f"measure_{leaf.id}")).items():
                yield f"curve_{grade}@{leaf.id}", curve


def _reached_leaves(model: Model) -> Iterator[tuple[str, nw.Expr]]:
    for leaf in model.tree.indicators:
        for grade, value in _reached(model, leaf).items():
            yield f"reached_{grade}@{leaf.id}", value


def _reached(model: Model, leaf: Indicator) -> dict[str, nw.Expr]:
    """Return the row of R: votes where there are any, the stated membership of the measure, else the ladder.

    A score filled in for a missing measure has a score alone, so it is placed by the ladder.
    """
    grades = model.tree.grades
    score = nw.col(f"score_{leaf.id}")
    lowest = min(grade.score for grade in grades)
    ids = [grade.id for grade in grades]
    placed = reached_columns(score_ladder(grades), score.fill_null(lowest), ids)
    better: dict[str, nw.Expr] = {}
    if isinstance(leaf.membership, Gaussian):
        curves = {grade: nw.col(f"curve_{grade}@{leaf.id}") for grade in leaf.membership.grades}
        better = reached_curves(curves, ids)
    elif leaf.membership is not None:
        better = reached_columns(leaf.membership, nw.col(f"measure_{leaf.id}"), ids)
    elif leaf.id in model.votes:
        cast = [nw.col(f"votes_{grade.id}@{leaf.id}").fill_null(0.0) for grade in grades]
        better = {
            grade.id: ratio(sums(cast[: place + 1]), sums(cast)) for place, grade in enumerate(grades[:-1])
        }
    for grade, value in better.items():
        known = nw.when(~value.is_null()).then(value).otherwise(placed[grade])
        placed[grade] = nw.when(~score.is_null()).then(known).otherwise(nw.lit(0.0))
    return placed


def _memberships(model: Model, nodes: Sequence[str]) -> Iterator[tuple[str, nw.Expr]]:
    """Yield the memberships of nodes with a score, from what they reach."""
    *better, worst = (grade.id for grade in model.tree.grades)
    for node in nodes:
        scored = ~nw.col(f"score_{node}").is_null()
        reached = {grade: nw.col(f"reached_{grade}@{node}") for grade in better}
        for grade, value in between(reached, worst).items():
            yield f"membership_{grade}@{node}", nw.when(scored).then(value)


def _added(model: Model) -> Iterator[Step]:
    """Yield the steps up the tree of an operator that adds: it may add what is reached as well."""
    assert model.fuzzy is not None
    function = OPERATORS[model.fuzzy.operator].function
    for name, groups in levels(model.tree):
        there = {f"there@{group.id}": _there(group, model) for group in groups if not _complete(group, model)}
        if there:
            yield Step(f"there_{name}", there)
        outputs = {}
        for group in groups:
            weights = [local_weight(child.id, model) for child in group.children]
            for grade in model.tree.grades[:-1]:
                rows = [nw.col(f"reached_{grade.id}@{child.id}") for child in group.children]
                whole = function(weights, rows, _Columns())
                outputs[f"reached_{grade.id}@{group.id}"] = (
                    whole if _complete(group, model) else whole * nw.col(f"there@{group.id}")
                )
        yield Step(f"reached_{name}", outputs)
    yield Step("composed", dict(_memberships(model, [group.id for group in model.tree.groups])))


def _composed(model: Model) -> Iterator[Step]:
    """Yield the steps up the tree of any operator; what it makes of a level is divided by its sum."""
    for name, groups in levels(model.tree):
        raw = {f"raw_{column}": value for column, value in _group_columns(model, groups)}
        yield Step(f"composed_{name}", raw)
        yield Step(f"fuzzy_{name}", dict(_normalized_columns(model, groups)))


def _complete(group: Group, model: Model) -> bool:
    return all(always_scored(child, model) for child in group.children)


def _there(group: Group, model: Model) -> nw.Expr:
    """Return by what a group's sums are multiplied, so that children with a score share the whole weight."""
    parts = [present(nw.col(f"score_{child.id}")) * local_weight(child.id, model) for child in group.children]
    return ratio(nw.lit(1.0), sums(parts)).fill_null(0.0)


def _group_columns(model: Model, groups: Sequence[Group]) -> Iterator[tuple[str, nw.Expr]]:
    assert model.fuzzy is not None
    function = OPERATORS[model.fuzzy.operator].function
    for group in groups:
        weights = _weights(group, model)
        for grade in model.tree.grades:
            rows = [nw.col(f"membership_{grade.id}@{child.id}").fill_null(0.0) for child in group.children]
            scored = ~nw.col(f"score_{group.id}").is_null()
            yield (
                f"membership_{grade.id}@{group.id}",
                nw.when(scored).then(function(weights, rows, _Columns())),
            )


def _normalized_columns(model: Model, groups: Sequence[Group]) -> Iterator[tuple[str, nw.Expr]]:
    for group in groups:
        names = [f"membership_{grade.id}@{group.id}" for grade in model.tree.grades]
        total = sums([nw.col(f"raw_{name}") for name in names])
        for name in names:
            yield name, ratio(nw.col(f"raw_{name}"), total)


def _weights(group: Group, model: Model) -> list[Any]:
    """Return the weights of a group's children; a child without a score hands its own to its siblings."""
    stated = [local_weight(child.id, model) for child in group.children]
    if _complete(group, model):
        return [nw.lit(weight, nw.Float64) if isinstance(weight, float) else weight for weight in stated]
    there = [present(nw.col(f"score_{child.id}")) for child in group.children]
    parts = [has * weight for weight, has in zip(stated, there, strict=True)]
    total = sums(parts)
    return [ratio(part, total) for part in parts]


def _grade_score(model: Model, node: str) -> nw.Expr:
    return sums([nw.col(f"membership_{grade.id}@{node}") * grade.score for grade in model.tree.grades])


def _reading(model: Model) -> Step:
    """Return the step that reads the whole: its memberships, the largest one, its validity, both scores.

    α is null where the second membership is 0, for it would be infinite; the validity is then full.
    """
    root, grades = model.tree.root.id, model.tree.grades
    whole = [nw.col(f"membership_{grade.id}@{root}") for grade in grades]
    first, second = _two_largest(whole)
    alpha = ratio(first * len(grades) - 1.0, nw.when(second > TOLERANCE).then(second)) / (
        2.0 * (len(grades) - 1)
    )
    leads = nw.lit(None, nw.String)
    for grade, membership in reversed(list(zip(grades, whole, strict=True))):
        leads = nw.when(membership >= first - TOLERANCE).then(nw.lit(grade.id, nw.String)).otherwise(leads)
    outputs = {f"membership_{grade.id}": value for grade, value in zip(grades, whole, strict=True)}
    outputs |= {"crisp_score": nw.col(f"score_{root}"), "fuzzy_score": nw.col(f"fuzzy@{root}")}
    outputs |= {"largest_grade": leads, "alpha": alpha, "validity": _validity(alpha, first)}
    return Step("reading", outputs)


def _validity(alpha: nw.Expr, first: nw.Expr) -> nw.Expr:
    finite_word = bands(alpha, VALIDITIES[1:], VALIDITIES[0][1])
    word = nw.when(alpha.is_null()).then(nw.lit("full", nw.String)).otherwise(finite_word)
    return nw.when(~first.is_null()).then(word)


def _two_largest(values: Sequence[nw.Expr]) -> tuple[nw.Expr, nw.Expr]:
    """Return the largest and second largest, by comparing in a row; sorting rows is many times slower."""
    first = nw.max_horizontal(*values[:2])
    second = nw.min_horizontal(*values[:2])
    for place in range(2, len(values)):
        second = nw.max_horizontal(second, nw.min_horizontal(first, values[place]))
        first = nw.max_horizontal(*values[: place + 1])
    return first, second


class _Columns:
    """The algebra of columns without nulls."""

    def least(self, terms: Sequence[Any]) -> Any:
        return nw.min_horizontal(*(nw.lit(term) if isinstance(term, float) else term for term in terms))

    def largest(self, terms: Sequence[Any]) -> Any:
        return nw.max_horizontal(*terms)

    def total(self, terms: Sequence[Any]) -> Any:
        return sums(list(terms))
