"""A tree's own examples: customers with known measures, and what the tree must make of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from evaluator.documents import Document
from evaluator.errors import EvaluationError, Issue
from evaluator.scoring.fitting import fitted
from evaluator.scoring.model import Model
from evaluator.scoring.score_steps import score
from evaluator.tree import Tree
from evaluator.tree.types import Example, Lookup
from evaluator.weighing import weigh

ACCURACY = 0.01  # of a score: examples are computed by hand


def run_examples(tree: Tree, document: Document | None = None) -> tuple[Issue, ...]:
    """Return where a tree misses its own examples, scored with its given weights.

    An issue for each expectation missed by more than 0.01 of a score; what `weigh`, `fit` and `score`
    refuse is returned as well. Where a tree is relative, the example's population is what the model
    is fitted on, else the example itself.

    Parameters
    ----------
    document : the tree's file, to say where an example stands.

    >>> from evaluator.tree import load_tree
    >>> run_examples(load_tree("current_value"))
    ()
    """
    if not tree.tests:
        return ()
    try:
        weights = weigh(tree)
    except EvaluationError as error:
        return error.issues
    issues: dict[int, list[Issue]] = {}
    alike: list[tuple[Model, pl.DataFrame, list[int]]] = []
    for index, example in enumerate(tree.tests):
        customer = _frame(tree, {name: (value,) for name, value in example.measures.items()})
        population = _frame(tree, example.population) if example.population else customer
        try:
            model = fitted(tree, weights, population, every_indicator=True).model
        except EvaluationError as error:
            issues[index] = list(error.issues)
            continue
        for place, (other, frame, members) in enumerate(alike):
            same = model == other.model_copy(update={"population": model.population})
            if same and frame.schema == customer.schema:
                alike[place] = model, pl.concat([frame, customer]), [*members, index]
                break
        else:
            alike.append((model, customer, [index]))
    for model, frame, members in alike:
        issues |= _all_misses(tree, model, frame, members)
    return tuple(
        replace(issue, where=issue.where or (document.where(("tests", index)) if document else None))
        for index, own in sorted(issues.items())
        for issue in own
    )


def _all_misses(tree: Tree, model: Model, frame: pl.DataFrame, members: list[int]) -> dict[int, list[Issue]]:
    """Return the issues of examples that one model scores: all at once, since planning is what takes time."""
    try:
        scored = score(model, frame.with_columns(id=pl.Series(map(str, members))))
    except EvaluationError as error:
        if len(members) == 1:
            return {members[0]: list(error.issues)}
        parts = (_all_misses(tree, model, frame[n], [index]) for n, index in enumerate(members))
        return {index: own for part in parts for index, own in part.items()}
    rows = zip(members, scored.iter_rows(named=True), strict=True)
    return {index: list(_misses(tree, tree.tests[index], found)) for index, found in rows}


def _misses(tree: Tree, example: Example, found: Mapping[str, Any]) -> Iterator[Issue]:
    for what, column, expected in _expected(tree, example):
        if not _meets(found[column], expected):
            shown = found[column] if found[column] is not None else found["status"]
            detail = {"what": what, "expected": expected, "found": shown}
            yield Issue("TREE-124", example.name.en, detail)


def _expected(tree: Tree, example: Example) -> Iterator[tuple[str, str, float | str]]:
    expect = example.expect
    if expect.score is not None:
        yield "score", "score", expect.score
    if expect.grade is not None:
        yield "grade", "grade", expect.grade
    for name, value in expect.groups.items():
        yield name, "score" if name == tree.root.id else f"score_{name}", value
    for name, entry in expect.classes.items():
        yield name, f"class_{name}", entry


def _meets(found: float | str | None, expected: float | str) -> bool:
    if isinstance(found, float) and isinstance(expected, float):
        return abs(found - expected) <= ACCURACY
    return found == expected


def _frame(tree: Tree, columns: dict[str, Any]) -> pl.DataFrame:
    """Return measures and attributes, a row each with an id; columns end in nulls where others are longer."""
    rows = max((len(values) for values in columns.values()), default=1)
    frame = {"id": pl.Series([str(row + 1) for row in range(rows)], dtype=pl.String)}
    for leaf in tree.indicators:
        values = list(columns.get(leaf.measure, ()))
        known = [value for value in values if value is not None]
        text = isinstance(leaf.scale, Lookup) if not known else any(isinstance(v, str) for v in known)
        dtype = pl.String if text else pl.Float64
        frame[leaf.measure] = pl.Series(values + [None] * (rows - len(values)), dtype=dtype, strict=True)
    for attribute in tree.attributes:
        values = list(columns.get(attribute.id, ()))
        dtype = pl.String if attribute.kind == "text" else pl.Float64
        frame[attribute.id] = pl.Series(values + [None] * (rows - len(values)), dtype=dtype, strict=True)
    return pl.DataFrame(frame)
