"""An evaluation cut down to some of its customers: nothing in it tells of the others.

What rests on everybody and cannot be told apart is left out: customer models, second opinions, totals, data
notes, and findings, which name customers and count them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from math import fsum

import polars as pl

from evaluator.actions.decided import Decisions
from evaluator.actions.planning import Plan
from evaluator.data.header_names import plain
from evaluator.errors import EvaluationError, Issue, nearest
from evaluator.evaluation import Certainty, Evaluation
from evaluator.measuring.tables import CUSTOMERS
from evaluator.messages import Listing

NONE = "–"
"""What stands for the value of customers who have none."""
_COLUMNS = {
    plain(title): column.name for column in CUSTOMERS.columns for title in (column.name, *column.headers)
}


@dataclass(frozen=True)
class Some:
    """Which customers a report is about: those with a value of a column, and of these the first ranked.

    An empty value means those who have none.

    >>> str(Some("region", "North", top=20)), str(Some("owner", "")), str(Some(top=5))
    ('region=North, 20', 'owner=–', '5')
    """

    column: str = ""
    value: str = ""
    top: int | None = None

    def __str__(self) -> str:
        """Return the choice as it was made."""
        said = (
            f"{self.column}={self.value or NONE}" if self.column else "",
            str(self.top) if self.top else "",
        )
        return ", ".join(part for part in said if part)


def each(evaluation: Evaluation, column: str, top: int | None = None) -> Iterator[Some]:
    """Yield the customers of every value of a column, as of each account manager, then those of none.

    Raises
    ------
    EvaluationError
        for a column that tells nothing of customers.
    """
    name, known = _values(evaluation, column)
    values = known["value"].unique().sort(nulls_last=True)
    return (Some(name, value or "", top) for value in values)


def some(evaluation: Evaluation, which: Some) -> Evaluation:
    """Return what an evaluation tells of some customers, as if there were no others.

    Scores, ranks and classes stay what they are among all.

    Raises
    ------
    EvaluationError
        for a column that tells nothing of customers, and where nobody has the value.
    """
    results = evaluation.results
    if which.column:
        name, known = _values(evaluation, which.column)
        which = replace(which, column=name)
        ids = known.filter(pl.col("value").fill_null("") == which.value)["id"]
        if not ids.len():
            there = known["value"].drop_nulls().unique().sort().to_list()
            hint = nearest(which.value, there) or tuple(there[:5])
            raise EvaluationError([Issue("REPORT-850", which.value, {"column": which.column}, hint=hint)])
        results = results.filter(pl.col("id").is_in(ids.implode()))
    if which.top is not None:
        results = results.filter(pl.col("status") == "rated").sort("rank").head(which.top)
    return _of(evaluation, results, frozenset(results["id"]), str(which))


def _values(evaluation: Evaluation, column: str) -> tuple[str, pl.DataFrame]:
    """Return a column by its name or a usual header, and its value for every customer in the results."""
    found = evaluation.decisions
    for name in (column, _COLUMNS.get(plain(column), column)):
        listed = (found.customers,) if found and name == "owner" else ()
        for frame in (evaluation.attributes, *listed, evaluation.results, evaluation.measured.frame):
            if name in frame.columns:
                told = frame.unique("id").select("id", value=pl.col(name).cast(pl.String))
                everybody = evaluation.results.select("id")
                return name, everybody.join(told, on="id", how="left", maintain_order="left")
    known = [*evaluation.attributes.columns[1:], "grade"]
    told = {"columns": Listing(tuple(known[:8]))}
    raise EvaluationError([Issue("REPORT-849", column, told, hint=nearest(column, known))])


def _of(evaluation: Evaluation, results: pl.DataFrame, ids: Collection[str], only: str) -> Evaluation:
    def kept(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.filter(pl.col("id").cast(pl.String).is_in(list(ids)))

    measured, previous, sure = evaluation.measured, evaluation.previous, evaluation.certainty
    return replace(
        evaluation,
        only=only,
        results=results,
        measured=replace(measured, frame=kept(measured.frame), raters=kept(measured.raters),
                         notes=(), issues=(), models=None, ratings=None),
        attributes=kept(evaluation.attributes),
        decisions=_decisions(evaluation.decisions, ids) if evaluation.decisions else None,
        certainty=_certainty(sure, ids) if sure else None,
        previous=replace(previous, results=kept(previous.results), measures=None) if previous else None,
        periods=tuple(replace(one, results=kept(one.results)) for one in evaluation.periods),
        notes=(), unrated=(), issues=(), comparison=None, customers=None, routing=None, opinions=None,
    )  # fmt: skip


def _decisions(found: Decisions, ids: Collection[str]) -> Decisions:
    who = pl.col("id").cast(pl.String).is_in(list(ids))
    return replace(
        found,
        customers=found.customers.filter(who),
        frame=found.frame.filter(who),
        candidates=replace(found.candidates, rows=found.candidates.rows.filter(who), unknown={}, no_gain={}),
        plan=_plan(found.plan, ids) if found.plan else None,
        counts={}, limits=None, issues=(), absent=(),
    )  # fmt: skip


def _plan(plan: Plan, ids: Collection[str]) -> Plan:
    rows = plan.rows.filter(pl.col("id").is_in(list(ids)))
    value = fsum(rows["net"])
    limits = replace(
        plan.limits, budget=None, at_least=(), must=frozenset(), must_give={}, must_not=frozenset()
    )
    return replace(
        plan, rows=rows, value=value, cost=fsum(rows["cost"]), bound=value, unknown=0, limits=limits
    )


def _certainty(sure: Certainty, ids: Collection[str]) -> Certainty:
    who = pl.col("id").is_in(list(ids))
    customers = sure.customers.filter(who)
    return replace(
        sure,
        customers=customers,
        shares=sure.shares.filter(who),
        given=None if sure.given is None else sure.given.filter(who),
        totals=sure.totals.clear(), alone=sure.alone.clear(), ranks=None, issues=(),
        rated=customers.height, looked=customers.height,
    )  # fmt: skip
