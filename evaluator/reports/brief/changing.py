"""What a brief says of change: since the evaluation before, and over the periods."""

from __future__ import annotations

from evaluator.present import charts
from evaluator.present.blocks import Cell, Head, Table, Words
from evaluator.present.charts import Chart
from evaluator.reports.brief.acting import Told
from evaluator.reports.context import Context
from evaluator.reports.sections import comparison, migration
from evaluator.reports.sections import trend as periods
from evaluator.reports.sections.migration import Migrated


def changed(context: Context) -> Told | None:
    """Return who moved since the evaluation before, and what moved the mean; None where there is none."""
    migrated = context.built(migration.build)
    if migrated is None:
        return None
    built = context.built(comparison.build)
    blocks: list[Words | Table | Chart] = []
    if built and (said := comparison.message(built, context)):
        blocks.append(Words(context.text("brief.sentence", said=said), "lead"))
    if steps := _steps(context):
        blocks.append(steps)
    return Told(migration.message(migrated, context), (*blocks, *_moves(migrated, context)))


def _steps(context: Context) -> Chart | None:
    """Return by how much each kind of change moved the mean score, as bars."""
    found = context.evaluation.comparison
    if found is None or found.last is None or found.now is None:
        return None
    steps = dict(found.steps) if found.switches else {"compared": found.compared}
    known = {**steps, "composition": found.composition}
    rows = [(context.text(f"comparison.step.{name}"), value) for name, value in known.items() if value]
    if not rows:
        return None
    labels = [context.reader.say(value, "shift") for _, value in rows]
    title, says = context.text("brief.steps"), context.text("comparison.says")
    return charts.bars(
        "brief-changed", title, says, rows, context.text("comparison.points"), labels=labels, format_="~g"
    )


def _moves(migrated: Migrated, context: Context) -> tuple[Table, ...]:
    """Return where those of each grade are now."""
    moved = migrated.tables[0]
    heads = (
        Head(context.text("brief.before")),
        *(Head(state, "count") for state in moved.states),
        Head(context.text("brief.total"), "count"),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (one.name, *one.counts, one.total) for one in moved.origins if one.total
    )
    return (Table(moved.title, heads, rows, context.text("brief.moves_says"), len(rows)),) if rows else ()


def trend(context: Context) -> Told | None:
    """Return how the mean score went over the periods; None where there is only one."""
    found = context.built(periods.build)
    message = found and periods.message(found, context)
    return Told(message, (periods.draw(found, context)[0],)) if found and message else None
