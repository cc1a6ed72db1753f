"""Lifetime value, score and class of the same customers: how far they agree, and on whom they do not."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from evaluator.customers.equity import CrossCheck, cross_check
from evaluator.customers.models.lifetime import Lifetimes
from evaluator.errors import EvaluationError
from evaluator.present import charts, figures
from evaluator.present.charts import Chart, Side
from evaluator.reports.blocks import (
    Block,
    Blocks,
    Facts,
    Head,
    Part,
    Picture,
    Words,
    found,
    named,
    section,
    table,
)
from evaluator.reports.context import Context

FEWEST = 3
FIRST = 20
MOST = 2000  # dots of the picture


def build(context: Context) -> Blocks | None:
    """Return lifetime value beside the score, None where a study has one of them only."""
    values: Lifetimes | None = found(context, "lifetime")
    if values is None or context.rated.height < FEWEST:
        return None
    return section(Part("", tuple(_checked(values, context))))


def _checked(values: Lifetimes, context: Context) -> Iterator[Block]:
    findings = context.evaluation.customers
    assert findings is not None
    grades = {"grade": [grade.id for grade in context.tree.grades]}
    both = values.frame.select("id", "clv").join(
        context.rated.select("id", "score", "grade"), on="id", how="inner", maintain_order="left"
    )
    limit = findings.options.cross_check.limit
    try:
        result = cross_check(both, values.terms, limit=limit, classes=grades)
    except EvaluationError as error:
        yield from (Words(context.told(issue), "note") for issue in error.issues)
        return
    yield from _said(result, both, limit, context)


def _said(result: CrossCheck, both: pl.DataFrame, limit: float, context: Context) -> Iterator[Block]:
    currency = result.terms.currency
    apart = pl.DataFrame(result.disagreeing)
    first = result.agreement.pairs.row(0, named=True)
    pairs = [
        (context.text(f"crosscheck.{name}"), figures.number(first[name], 3))
        for name in ("spearman", "kendall")
    ]
    yield Words(
        context.text(
            "crosscheck.lead", count=both.height, apart=apart.height, limit=figures.percent(limit, 0)
        ),
        "lead",
    )
    yield Facts(tuple(pairs))
    yield Picture(_picture(both, currency, context))
    if apart.height:
        heads = [
            Head(context.text("ranking.id"), "id"),
            Head(context.text("ranking.name")),
            Head(f"CLV ({currency})", "quantity"),
            Head(context.text("ranking.score"), "number"),
            Head(context.text("ranking.grade")),
            Head(context.text("crosscheck.clv_standing"), "percent"),
            Head(context.text("crosscheck.score_standing"), "percent"),
        ]
        columns = ["id", "clv", "score", "grade", "clv_standing", "score_standing"]
        words = pl.col("grade").replace_strict(dict(context.grades), default=None)
        yield table(
            context.text("crosscheck.apart"),
            heads,
            named(context, apart.select(columns).with_columns(words)),
            most=20,
        )
    yield Words(context.text("crosscheck.never_added"))


def _picture(both: pl.DataFrame, currency: str, context: Context) -> Chart:
    step = max(1, both.height // MOST)
    shown = named(context, both.sort("clv").gather_every(step))
    marks = [
        charts.Dot(
            row["id"], row["name"], row["score"], row["clv"], context.grades.get(row["grade"] or "", "")
        )
        for row in shown.iter_rows(named=True)
    ]
    words = {"name": context.text("ranking.name"), "id": context.text("ranking.id"),
             "class": context.text("ranking.grade")}  # fmt: skip
    sides = (Side(context.text("ranking.score"), ()), Side(f"CLV ({currency})", ()))
    title, says = context.text("crosscheck.picture"), context.text("crosscheck.picture_says")
    return charts.scatter("clv-score", title, says, marks, sides, list(context.grades.values()), words)
