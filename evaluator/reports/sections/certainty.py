"""How sure the result is: what was drawn, who keeps class, action and rank, and what cannot be told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from evaluator.evaluation import Certainty
from evaluator.present.blocks import (
    Blocks,
    Cell,
    Head,
    Part,
    Table,
    Words,
    customer_table,
    heads,
    notes,
    table,
    words,
)
from evaluator.present.kinds import Kind
from evaluator.reports.context import Context
from evaluator.reports.sections.break_evens import break_evens
from evaluator.tree.types import GRADE

FIRST = 20  # of the ranking
ALMOST_ALL = 0.995  # which would be 100 percent in a sentence
SOURCES = ("experts", "given", "missing", "raters", "population")

_OF_CLASS = ("value", "kept", "steady", "likeliest")  # columns about a class, or a grade where that decides


def build(context: Context) -> Blocks | None:
    """Return how sure an evaluation is, None where nothing was asked of it."""
    found = context.evaluation.certainty
    if found is None:
        return None
    reader, alone = context.reader, found.rated == 1  # ranks and counts of one alone say nothing
    said = notes(reader, found.issues, "note")
    if not found.known:
        parts = [Part("", tuple(said))]
    else:
        parts = [
            Part(_message(found, context), (_lead(found, context), *said)),
            *([] if alone else [Part(reader.text("certainty.classes"), tuple(_totals(found, context))[:1])]),
            Part(reader.text("certainty.sources"), tuple(_drawn(found, context)), folded=True),
            *(
                []
                if alone
                else [
                    Part(reader.text("certainty.unsure"), tuple(_unsure(found, context)), folded=True),
                    Part(reader.text("certainty.ranks"), tuple(_ranks(found, context)), folded=True),
                ]
            ),
            Part(reader.text("certainty.others"), tuple(_totals(found, context))[1:], folded=True),
        ]
    parts += [
        Part(reader.text("certainty.break_even"), tuple(break_evens(context)), folded=found.known),
        Part(reader.text("certainty.grounds"), tuple(_grounds(found, context)), folded=True),
    ]
    return Blocks(tuple(part for part in parts if part.blocks))


def _message(found: Certainty, context: Context) -> str:
    """Return the finding of the section: what stands, and what is open; of one alone, how sure it is."""
    share = found.steady / found.looked
    key = "all" if share == 1 else "nearly" if share >= ALMOST_ALL else "some"
    if found.rated == 1:
        key, share = "alone", _together(found)[0] or 0.0
    return context.text(
        f"certainty.message.{key}",
        steady=found.steady,
        open=found.looked - found.steady,
        share=share,
        level=found.level,
        subject=context.subject,
        what=context.text(f"certainty.what.{'grade' if found.deciding == GRADE else 'class'}"),
    )


def _lead(found: Certainty, context: Context) -> Words:
    all_drawn = "certainty.drawn_alone" if found.rated == 1 else "certainty.drawn_all"
    drawn = "certainty.drawn" if found.looked < found.rated else all_drawn
    return words(context.reader, drawn, "lead", draws=found.draws, seed=found.seed,
                 looked=found.looked, rated=found.rated, subject=context.subject)  # fmt: skip


def _drawn(found: Certainty, context: Context) -> Iterator[Words | Table]:
    """Yield what was drawn from what: all together, and beside it each source alone."""
    reader = context.reader
    kept = {(source, what): (mean, steady) for source, what, mean, steady in found.alone.iter_rows()}
    rows: list[tuple[Cell, ...]] = []
    for source in found.sources:
        of, acts = (kept.get((source, what), (None, None)) for what in (found.deciding, "action"))
        rows.append((reader.text(f"certainty.source.{source}"), _from(source, found, context), *of, acts[0]))
    rows.append((reader.text("certainty.together"), "", *_together(found)))
    if context.evaluation.weights.source == "given" and "given" not in found.sources:
        fixed = reader.text("certainty.source.given"), reader.text("certainty.from.fixed")
        rows.append((*fixed, None, None, None))

    kinds: dict[str, Kind] = {
        "source": "text", "of": "text", "kept": "share", "steady": "share", "acts": "share",
    }  # fmt: skip
    yield table("", _heads(kinds, found.deciding, context), rows, note=reader.text("certainty.says"))


def _together(found: Certainty) -> tuple[float | None, float, float | None]:
    """Return mean share and share of the steady of what decides, and the mean share of actions."""
    rated = found.customers.filter(pl.col("rank").is_not_null())
    acts = found.given["kept"].mean() if found.given is not None and found.given.height else None
    mean = rated[found.kept].mean()
    return (
        float(mean) if isinstance(mean, float) else None,
        found.steady / found.looked,
        float(acts) if isinstance(acts, float) else None,
    )


def _from(source: str, found: Certainty, context: Context) -> str:
    """Return what a source is drawn from."""
    evaluation, values = context.evaluation, dict[str, object]()
    if source == "experts":
        values["count"] = len({e.expert for g in evaluation.weights.groups for e in g.experts if e.used})
    elif source == "given":
        values["spread"] = found.spread
    elif source == "raters" and evaluation.measured.ratings:
        values["count"] = evaluation.measured.ratings.given["rater"].n_unique()
    elif source == "population":
        values["count"] = found.customers.height
    return context.text(f"certainty.from.{source}", subject=context.subject, **values)


def _totals(found: Certainty, context: Context) -> Iterator[Table]:
    """Yield how many have each class and grade, what decides first."""
    reader, totals = context.reader, found.totals
    kinds: dict[str, Kind] = {
        "value": "text", "count": "count", "mean": "count", "low": "count", "high": "count",
    }  # fmt: skip
    order = [found.deciding, *(what for what in totals["what"].unique(maintain_order=True))]
    for what in dict.fromkeys(order):
        known = _named(what, context)
        own = totals.filter(pl.col("what") == what, pl.col("value").is_not_null() | (pl.col("high") > 0))
        value = pl.col("value").replace_strict(known, default=None, return_dtype=pl.String)
        frame = own.select(
            value.fill_null(reader.text("certainty.none")), "count", "mean", "low", "high"
        )  # fmt: skip
        yield table(_title(what, context), _heads(kinds, what, context), frame)


def _unsure(found: Certainty, context: Context) -> Iterator[Words | Table]:
    """Yield the customers whose class or action is least sure."""
    reader = context.reader
    column = found.kept.removeprefix("kept_")
    shares = [name for name in (found.kept, "kept_action") if name in found.customers.columns]
    rated = found.customers.filter(pl.col("rank").is_not_null()).with_columns(least=pl.min_horizontal(shares))
    open_ = rated.filter(pl.col("least") < 1).sort("least", "id")
    if not open_.height:
        yield words(reader, "certainty.nobody")
        return
    known = _named(found.deciding, context)
    named = [
        pl.col(name).replace_strict(known, default=None, return_dtype=pl.String)
        for name in (column, f"likeliest_{column}")
    ]
    kinds: dict[str, Kind] = {"value": "text", "kept": "share", "likeliest": "text"}
    shown = [named[0], pl.col(found.kept), named[1].fill_null(reader.text("certainty.none"))]
    if "kept_action" in shares:
        open_ = open_.join(_actions(context), on="id", how="left", maintain_order="left")
        kinds |= {"action": "text", "acts": "share"}
        shown += [pl.col("action"), pl.col("kept_action")]
    frame = open_.select("id", *shown)
    yield customer_table(reader, "", _heads(kinds, found.deciding, context), frame)


def _actions(context: Context) -> pl.DataFrame:
    """Return the names of what customers are given."""
    decisions = context.evaluation.decisions
    assert decisions is not None
    none = {name: context.text(f"actions.{name}") for name in ("none_stated", "not_planned")}
    names = {action.id: action.name[context.language] for action in decisions.actions} | none
    called = pl.col("action").replace_strict(names, default=None, return_dtype=pl.String)
    listed = decisions.customers.select("id", called)
    return listed.group_by("id", maintain_order=True).agg(
        pl.col("action").str.join(context.text("list_separator"))
    )


def _ranks(found: Certainty, context: Context) -> Iterator[Table]:
    """Yield between which ranks the first customers lie."""
    first = found.customers.filter(pl.col("rank").is_not_null()).head(FIRST)
    kinds: dict[str, Kind] = {"rank": "rank", "rank_low": "rank", "rank_high": "rank", "first": "share"}
    frame = first.select("id", *kinds)
    yield customer_table(
        context.reader, "", heads(context.reader, "certainty.column", kinds), frame, most=FIRST,
        note=context.text("certainty.interval", level=found.level),
    )  # fmt: skip


def _grounds(found: Certainty, context: Context) -> Iterator[Table]:
    """Yield on whom the weights of each criterion rest, where experts were asked."""
    weights = context.evaluation.weights
    if weights.source == "given":
        return
    reader = context.reader
    used = {group.group: sum(one.used for one in group.experts) for group in weights.groups}
    grounds: Mapping[str, str] = found.grounds or {}
    rows = [
        (context.name(group.group), used[group.group],
            reader.text(f"certainty.ground.{grounds.get(group.group, 'fixed')}"))
        for group in weights.groups
        if len(group.children) > 1
    ]  # fmt: skip
    kinds: dict[str, Kind] = {"criterion": "text", "experts": "count", "rest": "text"}
    yield table("", heads(reader, "certainty.column", kinds), rows)


def _heads(kinds: Mapping[str, Kind], what: str, context: Context) -> tuple[Head, ...]:
    """Return the columns of a table about classes, or about grades, which are called so."""
    told = {f"{key}_grade" if what == GRADE and key in _OF_CLASS else key: kinds[key] for key in kinds}
    return heads(context.reader, "certainty.column", told)


def _named(what: str, context: Context) -> Mapping[str, str]:
    return context.grades if what == GRADE else context.classes[what]


def _title(what: str, context: Context) -> str:
    if what == GRADE:
        return context.text("ranking.grade")
    return next(matrix.name[context.language] for matrix in context.tree.matrices if matrix.id == what)
