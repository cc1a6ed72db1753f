"""Matrices of customers by two measures: scatter with cuts, class profiles and strategies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from evaluator.customers import Placed
from evaluator.customers.matrices import ColumnAxis
from evaluator.customers.models.planes import Placements
from evaluator.errors import Issue
from evaluator.present import charts, figures
from evaluator.present.charts import Chart, Side
from evaluator.reports.blocks import (
    Block,
    Blocks,
    Card,
    Cards,
    Head,
    Part,
    Picture,
    Words,
    found,
    named,
    section,
    strategy_lines,
    told,
)
from evaluator.reports.context import Context
from evaluator.tree.types import QuantileCut

POINTS = 2000  # beyond this many customers dots hide each other
STEPS = 60  # of a line: an axis may be logarithmic, and what is straight in value is bent there


def build(context: Context) -> Blocks | None:
    """Return the matrices of customers a study's data carry."""
    results = {model: found(context, model) for model in ("price_cost", "matrices")}
    placed = _chosen(results)
    issues = tuple(word for model in results for word in told(context, model))
    return section(Part("", issues), *(_part(name, one, context) for name, one in placed.items()))


def _chosen(results: Mapping[str, Placements | None]) -> dict[str, Placed]:
    """Return each matrix once; what the study states itself stands in place of what is shown anyway."""
    return {name: placed for found_ in results.values() if found_ for name, placed in found_.placed.items()}


def _part(name: str, placed: Placed, context: Context) -> Part:
    matrix = placed.matrix
    return Part(matrix.name[context.language], tuple(_blocks(name, placed, context)))


def _blocks(name: str, placed: Placed, context: Context) -> Iterator[Block]:
    matrix, language = placed.matrix, context.language
    shown = placed.frame.filter(pl.col("class").is_not_null())
    if shown.height:
        yield Picture(_scatter(name, placed, shown, context))
        if shown.height > POINTS:
            yield Words(context.text("customers.planes.sampled", total=shown.height))
    cuts = {side: context.listed([figures.quantity(c) for c in at]) for side, at in placed.cuts.items()}
    kinds = {side: _kind(side, axis, placed, context) for side, axis in (("x", matrix.x), ("y", matrix.y))}
    yield Words(
        context.text(
            "customers.planes.cuts",
            x=matrix.x.name[language], y=matrix.y.name[language],
            x_cuts=cuts["x"], y_cuts=cuts["y"], x_kind=kinds["x"], y_kind=kinds["y"],
        )
    )  # fmt: skip
    if border := int(placed.frame["borderline"].sum()):
        yield Words(context.text("customers.planes.borderline", count=border))
    if over := int(placed.frame["overridden"].sum()):
        assert matrix.override is not None
        to = next(entry for entry in matrix.classes if entry.id == matrix.override.to).name[language]
        yield Words(
            context.text(
                "customers.planes.overridden",
                count=over,
                name=matrix.override.name[language],
                below=figures.quantity(matrix.override.below),
                to=to,
            )
        )
    yield _cards(placed, context)
    yield from (Words(context.told(_said(issue, placed, language))) for issue in placed.issues)


def _kind(side: str, axis: ColumnAxis, placed: Placed, context: Context) -> str:
    """Return by what rule a side is cut: of quantiles which, the half being the median."""
    cut = getattr(placed.options, f"{side}_cut") or axis.cut
    if not isinstance(cut, QuantileCut):
        return context.text(f"customers.cut.{cut.kind}")
    if cut.at == (0.5,):
        return context.text("customers.cut.median")
    return context.text(
        "customers.cut.quantile", at=context.listed([figures.percent(at, 0) for at in cut.at])
    )


def _said(issue: Issue, placed: Placed, language: str) -> Issue:
    """Return an issue that names the sides of the matrix as their axes do."""
    names = {axis.column: axis.name[language] for axis in (placed.matrix.x, placed.matrix.y)}
    return replace(issue, subject=" / ".join(names.get(part, part) for part in issue.subject.split(" / ")))


def _scatter(name: str, placed: Placed, shown: pl.DataFrame, context: Context) -> Chart:
    matrix, language = placed.matrix, context.language
    names = {entry.id: entry.name[language] for entry in matrix.classes}
    sample = shown.sort("class", "id").gather_every(max(1, -(-shown.height // POINTS)))
    rows = named(context, sample).select("id", "name", matrix.x.column, matrix.y.column, "class")
    marks = [charts.Dot(id_, who, x, y, names[class_]) for id_, who, x, y, class_ in rows.iter_rows()]
    says = context.text("customers.planes.says")
    line = _equal_sides(marks) if matrix.equal else []
    if matrix.equal and line:
        says += context.text("customers.planes.equal", line=matrix.equal[language])
    return charts.scatter(
        f"plane-{name}",
        context.text("customers.planes.chart"),
        says,
        marks,
        (
            Side(matrix.x.name[language], placed.cuts["x"]),
            Side(matrix.y.name[language], placed.cuts["y"]),
        ),
        [names[entry] for entry in dict.fromkeys(entry.id for entry in matrix.classes)],
        {key: context.text(f"chart.{key}") for key in ("name", "id", "class")},
        equal=line,
    )


def _equal_sides(marks: Sequence[charts.Dot]) -> list[float]:
    """Return values from the lowest to the highest that both sides reach; none where they do not overlap.

    They lie closest at the lower end, as customers do.
    """
    low = max(min(mark.x for mark in marks), min(mark.y for mark in marks))
    high = min(max(mark.x for mark in marks), max(mark.y for mark in marks))
    if not low < high:
        return []
    return [*(low + (high - low) * (step / STEPS) ** 3 for step in range(STEPS)), high]


def _cards(placed: Placed, context: Context) -> Cards:
    matrix, language = placed.matrix, context.language
    entries = {entry.id: entry for entry in matrix.classes}
    cards = tuple(
        Card(
            entries[row["class"]].name[language],
            place,
            row["customers"],
            row["customers_share"],
            (row[matrix.x.column], row[matrix.y.column], row["borderline"]),
            strategy_lines(entries[row["class"]].strategy, context),
        )
        for place, row in enumerate(placed.profile.iter_rows(named=True))
    )
    heads = (
        Head(context.text("customers.mean_of", name=matrix.x.name[language]), "quantity"),
        Head(context.text("customers.mean_of", name=matrix.y.name[language]), "quantity"),
        Head(context.text("customers.planes.near"), "count"),
    )
    return Cards(matrix.name[language], heads, cards, matrix.source[language])
