"""Lifetime value, score and class of the same customers: how far they agree, and on whom they do not."""

from __future__ import annotations

import polars as pl

from evaluator.customers.models.equity import CrossCheck, cross_check
from evaluator.customers.models.lifetime.study import Lifetimes
from evaluator.errors import EvaluationError
from evaluator.present import charts, figures
from evaluator.present.blocks import Head, View, customer_table, facts, heads, notes, words
from evaluator.reports.context import Context

FEWEST = 3
FIRST = 20
MOST = 2000  # dots of the picture


def checked(context: Context) -> View:
    """Yield lifetime value beside the score, nothing where a study has one of them only."""
    models = context.evaluation.customers
    values: Lifetimes | None = models.results.get("lifetime") if models else None
    if models is None or values is None or values.spend is None or context.rated.height < FEWEST:
        return
    grades = {"grade": [grade.id for grade in context.tree.grades]}
    both = values.frame.select("id", "clv").join(
        context.rated.select("id", "score", "grade"), on="id", how="inner", maintain_order="left"
    )
    limit = models.options.cross_check.limit
    try:
        result = cross_check(both, values.terms, limit=limit, classes=grades)
    except EvaluationError as error:
        yield from notes(context.reader, error.issues, "note")
        return
    yield from _view(result, both, limit, context)


def _view(result: CrossCheck, both: pl.DataFrame, limit: float, context: Context) -> View:
    reader, money = context.reader, f"CLV ({result.terms.currency})"
    apart = pl.DataFrame(result.disagreeing)
    first = result.agreement.pairs.row(0, named=True)
    counts = {"count": both.height, "apart": apart.height}
    yield words(reader, "crosscheck.lead", "lead", limit=figures.percent(limit, 0), **counts)
    yield facts(
        reader, "crosscheck", {name: (first[name], "coefficient") for name in ("spearman", "kendall")}
    )
    yield _chart(both, money, context)
    if apart.height:
        shown = [
            Head("CLV", "money", result.terms.currency),
            *heads(reader, "crosscheck", {
                "ranking.score": "points", "ranking.grade": "text",
                "clv_standing": "share", "score_standing": "share",
            }),
        ]  # fmt: skip
        grade = pl.col("grade").replace_strict(dict(context.grades), default=None)
        frame = apart.select("id", "clv", "score", grade, "clv_standing", "score_standing")
        yield customer_table(reader, reader.text("crosscheck.apart"), shown, frame, most=FIRST)
    yield words(reader, "crosscheck.never_added")


def _chart(both: pl.DataFrame, money: str, context: Context) -> charts.Chart:
    reader, grades = context.reader, context.grades
    sample = reader.named(both.sort("clv").gather_every(max(1, both.height // MOST)))
    dots = [
        charts.Dot(row["id"], row["name"], row["score"], row["clv"], grades.get(row["grade"] or "", ""))
        for row in sample.iter_rows(named=True)
    ]
    sides = (charts.PlaneSide(reader.text("ranking.score"), ()), charts.PlaneSide(money, ()))
    return charts.scatter(
        "clv-score", *reader.caption("crosscheck.picture"), dots, sides, list(grades.values()), reader.text,
        class_key="ranking.grade",
    )  # fmt: skip
