"""What a brief says of where customers stand: the matrix, its classes with their money, the ranking."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from evaluator.columns import mean_of
from evaluator.present import charts, figures
from evaluator.present.blocks import Cell, Head, Table, Words, table
from evaluator.present.charts import Chart
from evaluator.reports.brief.acting import Told
from evaluator.reports.context import Context
from evaluator.reports.decided_columns import decided_values
from evaluator.reports.listings import worded
from evaluator.reports.sections import classes, decide, matrices
from evaluator.reports.sections.classes import MatrixClasses

TOP = 10
ASPECTS = ("goal", "treatment")  # of a strategy, the shorter first


def matrix(context: Context) -> Told | None:
    """Return the matrix that decides; None where nobody stands in any."""
    drawn = decide.draw(context.built(decide.build), context)
    if not drawn:
        return None
    return Told(drawn[0].title, (drawn[0], Words(context.built(decide.build).cuts)))


def by_class(context: Context) -> Told | None:
    """Return the classes of the matrix that decides: how many, what they hold, how they are treated."""
    if (built := context.built(classes.build)) is None:
        return None
    which = next((one for one in built.matrices if one.id == matrices.deciding(context)), None)
    message = classes.message(built, context)
    if which is None or not message:
        return None
    held = decide.staked_by_class(which.id, context)
    return Told(message, (_shares(which, held, context), _classes(which, held, context)))


def _shares(which: MatrixClasses, held: Mapping[str, float], context: Context) -> Chart:
    """Return the shares of the classes in customers, and in what is at stake where that is known."""
    at = context.subject.capitalize() if context.language == "en" else str(context.subject)
    profiles = sorted(which.profiles, key=lambda profile: profile.place)
    cells = [(at, profile.name, profile.share or 0.0) for profile in profiles]
    if held:
        stake = context.built(decide.build).ledger
        assert stake
        name = stake.stake[:1].upper() + stake.stake[1:]
        cells += [(name, profile.name, held.get(profile.id, 0.0)) for profile in profiles]
    says = context.text("brief.shares_says" if held else "brief.shares_count", subject=context.subject)
    axes = ("", context.text("customers.share"))
    return charts.stacked(
        "brief-classes", context.text("brief.shares"), says, cells, axes, format_=".0%", lying=True
    )


def _classes(which: MatrixClasses, held: Mapping[str, float], context: Context) -> Table:
    sure = any(profile.kept is not None for profile in which.profiles)
    planned = any(profile.strategy for profile in which.profiles)
    heads = [Head(context.text("ranking.class")), Head(context.counted, "count")]
    heads.append(Head(context.text("chart.score"), "points"))
    if held:
        stake = context.built(decide.build).ledger
        heads.append(Head(context.text("brief.held", stake=stake.stake if stake else ""), "share"))
    heads += [Head(context.text("decide.certain"), "share")] if sure else []
    heads += [Head(context.text("brief.strategy"))] if planned else []
    rows = []
    for profile in which.profiles:
        row: list[Cell] = [profile.name, profile.count, profile.score]
        row += [held.get(profile.id, 0.0)] if held else []
        row += [_whole(profile.kept)] if sure else []
        rows.append((*row, *([_strategy(dict(profile.strategy), context)] if planned else [])))
    return Table(which.name, tuple(heads), tuple(rows), "", len(rows))


def _whole(share: float | None) -> str | None:
    """Return a share of draws in whole per cent: no more is known of it."""
    return None if share is None else figures.percent(share, 0)


def _strategy(said: Mapping[str, str], context: Context) -> str:
    names = (context.text(f"strategy.{aspect}") for aspect in ASPECTS)
    return next((said[name] for name in names if name in said), "")


def ranking(context: Context) -> Told | None:
    """Return the first of the ranking; None where nobody is ranked."""
    rated = context.rated
    if not rated.height or rated.height == 1:
        return None
    best = worded(rated.head(TOP), context).join(decided_values(context), on="id", how="left")
    deciding = matrices.deciding(context)
    heads = {
        "rank": Head(context.text("ranking.rank"), "rank"), "name": Head(context.text("chart.name")),
        "score": Head(context.text("chart.score"), "points"), "grade": Head(context.text("ranking.grade")),
        f"class_{deciding}": Head(context.text("ranking.class")),
        "act_action": Head(context.text("decide.action")),
    }  # fmt: skip
    shown = {name: head for name, head in heads.items() if name in best.columns}
    listed = table("", tuple(shown.values()), best.select(pl.col(list(shown))))
    key = "brief.ranking" if best.height < rated.height else "brief.ranking_all"
    figures = {
        "low": best["score"].min(), "high": best["score"].max(), "mean": mean_of(rated["score"]),
    }  # fmt: skip
    said = {name: context.reader.say(value, "points") for name, value in figures.items()}  # type: ignore[arg-type]
    message = context.text(key, count=best.height, rated=rated.height, subject=context.subject, **said)
    return Told(message, (Table("", listed.heads, listed.rows, "", rated.height),))
