"""From results to decisions: what flags and actions read of a customer, put side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import reduce

import narwhals as nw
import polars as pl

from evaluator.actions.checks import known_names
from evaluator.actions.decided import Decisions, decide
from evaluator.actions.flags import names_in
from evaluator.actions.reading import read_besides
from evaluator.actions.words import actions_of, flags_of
from evaluator.customers import MODEL_MEASURES, Sources, Span
from evaluator.customers.known_since import START, TENURE
from evaluator.customers.sources import OWN_TABLES
from evaluator.errors import EvaluationError, Issue, Severity
from evaluator.measuring import Measured
from evaluator.measuring.attributes import numbers
from evaluator.messages import Named
from evaluator.scoring import Model
from evaluator.study.setup import Setup
from evaluator.tree import Tree

A_YEAR = 12

PLACES = {
    "ACTION-201": ("plan", "at_least"),
    **dict.fromkeys(("ACTION-204", "ACTION-205", "ACTION-206", "ACTION-208"), ("plan", "must")),
    **dict.fromkeys(("ACTION-207", "ACTION-210", "ACTION-211"), ("plan",)),
}  # what a plan refuses, and where a study states it


def study_decisions(
    setup: Setup, tree: Tree, model: Model, measured: Measured, results: pl.DataFrame
) -> Decisions | None:
    """Return the decisions on the rated customers; None where the firm itself is evaluated.

    The flags and actions are those of the study as it is now, also where it scores with an earlier model.
    """
    if tree.subject == "firm":
        return None
    options = setup.file.plan
    frame = _frame(tree, model, measured, results)
    needed = _named(setup, tree) - set(frame.columns)
    frame = _with_columns(frame, sorted(needed), tree, measured.models)
    frame, issues = _told_by_orders(frame, measured.models)
    rated = frame.filter(pl.col("status") == "rated")
    with placed(setup, measured.models):
        found = decide(rated, tree, day=measured.as_of, language=setup.language, options=options,
                       planned=not setup.branch)  # fmt: skip
    return replace(found, everybody=frame, issues=(*found.issues, *issues, *_too_new(rated, tree)))


@contextmanager
def placed(setup: Setup, sources: Sources | None = None) -> Iterator[None]:
    """Say of what a plan refuses where the study states it, and of a column which there are."""
    try:
        yield
    except EvaluationError as error:
        raise EvaluationError(_placed(issue, setup, sources) for issue in error.issues) from error


def _placed(issue: Issue, setup: Setup, sources: Sources | None) -> Issue:
    path = PLACES.get(issue.code)
    if path is None or issue.where is not None:
        return issue
    hint = issue.hint
    if issue.code == "ACTION-201" and sources is not None:
        try:
            sources.columns([issue.subject])
        except EvaluationError as error:
            hint = error.issues[0].hint
    return replace(issue, where=setup.document.where(path), hint=hint)


def _frame(tree: Tree, model: Model, measured: Measured, results: pl.DataFrame) -> pl.DataFrame:
    further = [name for name in measured.frame.columns if name not in results.columns and "@" not in name]
    frame = results.join(measured.frame.select("id", *further), on="id", how="left", maintain_order="left")
    besides = read_besides(tree, model, frame.columns)
    done = nw.from_native(frame).with_columns(*(value.alias(name) for name, value in besides.items()))
    return done.to_native()


def _named(setup: Setup, tree: Tree) -> set[str]:
    """Return every name that flags, actions and the plan speak of, and who looks after a customer."""
    plan = setup.file.plan
    own = {"owner", "gross_profit", "net_amount"} | ({TENURE} if tree.applies_to.min_tenure_months else set())
    said = [flag.when for flag in flags_of(tree)]
    for action in actions_of(tree):
        said += [action.when or "", str(action.cost), str(action.gain or "")]
    if plan:
        said += [plan.value or "", plan.must_not if isinstance(plan.must_not, str) else ""]
    names = reduce(lambda a, b: a | b, (names_in(text) for text in said), own)
    return names | {floor.by for floor in plan.floors} if plan else names


def _told_by_orders(frame: pl.DataFrame, sources: Sources | None) -> tuple[pl.DataFrame, tuple[Issue, ...]]:
    """Leave out how long customers have bought where orders of less than a year make everybody look new.

    Of those whose start the list of customers knows it stays.
    """
    if TENURE not in frame.columns or sources is None or "orders" not in sources:
        return frame, ()
    stated = any(TENURE in sources[name].columns for name in OWN_TABLES if name in sources)
    extent, year_ago = sources.lines.extent(), Span(sources.as_of, A_YEAR).first
    if stated or extent is None or extent.first <= year_ago:
        return frame, ()
    customers = sources["customers"] if "customers" in sources else pl.DataFrame()
    started = customers.filter(pl.col(START).is_not_null())["id"] if START in customers.columns else None
    known = frame["id"].is_in(started.implode()) if started is not None else pl.Series([False])
    if known.all():
        return frame, ()
    told = (
        frame.with_columns(pl.when(known).then(TENURE).alias(TENURE)) if known.any() else frame.drop(TENURE)
    )
    detail = {"first": extent.first, "as_of": sources.as_of}
    return told, (Issue("ACTION-123", TENURE, detail, severity=Severity.WARNING),)


def _too_new(rated: pl.DataFrame, tree: Tree) -> Iterator[Issue]:
    """Yield that some are rated who have bought for less time than the tree is meant for."""
    least = tree.applies_to.min_tenure_months
    if not least or TENURE not in rated.columns:
        return
    if count := (rated[TENURE] < least).sum():
        detail = {"count": count, "months": least, "tree": Named(tree.id, tree.name)}
        yield Issue("ACTION-124", TENURE, detail, severity=Severity.WARNING)


def _with_columns(
    frame: pl.DataFrame, names: Sequence[str], tree: Tree, sources: Sources | None
) -> pl.DataFrame:
    """Return the frame with what tables, orders and models know besides; what nobody has stays out."""
    known = known_names(tree)
    for name in names if sources is not None else ():
        assert sources is not None
        shown = sources.options.show
        if name in MODEL_MEASURES and shown is not None and MODEL_MEASURES[name].function.model not in shown:
            continue
        try:
            found = sources.columns([name])
        except EvaluationError:
            continue
        values = found[name] if known.get(name, "text") == "text" else numbers(found, name)[0]
        if values.null_count() == len(values):  # profit without costs: it must not stand before what is known
            continue
        column = found.select("id", values.alias(name)).unique("id", keep="first")
        frame = frame.join(column, on="id", how="left", maintain_order="left")
    return frame
