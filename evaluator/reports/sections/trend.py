"""Over the periods: how scores and grades went, all periods scored with one model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from evaluator.columns import mean_of
from evaluator.evaluation import PeriodResults
from evaluator.present.charts import Chart, Point, lines
from evaluator.reports.context import Context

FEW = 8  # as many lines as can be told apart


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """One who is evaluated, in one period."""

    id: str
    name: str
    period: str
    score: float | None
    change: float | None
    groups: tuple[float | None, ...]
    grade: str


@dataclass(frozen=True, slots=True)
class Period:
    """A period as a whole: how many were rated, their mean score, and how many earned each grade."""

    period: str
    rated: int
    mean: float | None
    grades: tuple[int, ...]


@dataclass(frozen=True)
class Trend:
    """The periods; `rows` follow each one evaluated where they are few, else there are none."""

    groups: tuple[str, ...]
    grades: tuple[str, ...]
    periods: tuple[Period, ...]
    rows: tuple[PeriodRow, ...]

    @property
    def alone(self) -> bool:
        """True if one alone is evaluated."""
        return len({row.id for row in self.rows}) == 1


def build(context: Context) -> Trend | None:
    """Return how the periods went, or None where there is only one."""
    periods = context.evaluation.periods
    if not periods:
        return None
    names = dict(context.results.select("id", "name").iter_rows())
    few = len({name for entry in periods for name in entry.results["id"]}) <= FEW
    return Trend(
        groups=tuple(context.name(child.id) for child in context.tree.root.children),
        grades=tuple(context.grades.values()),
        periods=tuple(_period(entry, context) for entry in periods),
        rows=tuple(sorted(_rows(context, names), key=lambda row: row.id)) if few else (),
    )


def message(trend: Trend, context: Context) -> str:
    """Return how the mean score went from the first period to the last; nothing where either has none."""
    first, last = trend.periods[0], trend.periods[-1]
    if first.mean is None or last.mean is None:
        return ""
    said = [context.reader.say(one.mean, "points") for one in (first, last)]
    way = "rose" if last.mean > first.mean else "fell"
    key = "same" if said[0] == said[1] else way
    whose = "alone" if context.results.height == 1 else "message"
    return context.text(
        f"trend.{whose}.{key}", first=first.period, last=last.period, before=said[0], now=said[1]
    )


def draw(trend: Trend, context: Context) -> tuple[Chart, ...]:
    """Return the scores as lines: of each one where they are few, else the mean; of one with its criteria."""
    text = context.text
    order = [entry.period for entry in trend.periods]
    if trend.alone and len(trend.groups) > 1:
        return (_criteria(trend, order, context),)
    if trend.rows:
        totals = [Point(row.period, row.name, row.score) for row in trend.rows]
    else:
        totals = [Point(entry.period, text("trend.mean"), entry.mean) for entry in trend.periods]
    title, says = text("trend.chart"), text("trend.chart_says")
    return (lines("trend", title, says, totals, order, context.tree.score_range, text),)


def _criteria(trend: Trend, order: list[str], context: Context) -> Chart:
    """Return the total of one alone and its criteria as lines."""
    text = context.text
    points = [Point(row.period, text("trend.total"), row.score) for row in trend.rows]
    points += [
        Point(row.period, group, score)
        for place, group in enumerate(trend.groups)
        for row in trend.rows
        for score in (row.groups[place],)
    ]
    title, says = text("trend.groups"), text("trend.groups_says")
    return lines("trend", title, says, points, order, context.tree.score_range, text)


def _period(entry: PeriodResults, context: Context) -> Period:
    rated = entry.results.filter(pl.col("status") == "rated")
    counts = dict(rated["grade"].value_counts().iter_rows())
    return Period(
        entry.period,
        rated.height,
        mean_of(rated["score"]),
        tuple(counts.get(grade, 0) for grade in context.grades),
    )


def _rows(context: Context, names: dict[str, str]) -> Iterator[PeriodRow]:
    before: dict[str, float] = {}
    children = [child.id for child in context.tree.root.children]
    for entry in context.evaluation.periods:
        for row in entry.results.sort("id").iter_rows(named=True):
            score = row["score"] if row["status"] == "rated" else None
            then = before.get(row["id"])
            yield PeriodRow(
                id=row["id"],
                name=names.get(row["id"]) or row.get("name") or row["id"],
                period=entry.period,
                score=score,
                change=score - then if score is not None and then is not None else None,
                groups=tuple(row[f"score_{child}"] for child in children),
                grade=context.grades.get(row["grade"] or "", ""),
            )
            if score is not None:
                before[row["id"]] = score
