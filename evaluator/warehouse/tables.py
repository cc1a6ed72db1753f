"""What machines read of a run: contributions in long form, weights by node, the dictionary of columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from evaluator.analysis.effects import effects
from evaluator.columns import StepPlan, enter
from evaluator.scoring import Model
from evaluator.scoring.checks import needed
from evaluator.scoring.score_steps import scoring_plan
from evaluator.scoring.shares import contributions, shares
from evaluator.tree import Tree
from evaluator.warehouse.meanings import meanings, unit_of

LANGUAGES = ("zh", "en")
TYPES = ("text", "number", "integer", "truth", "date", "time", "list")


def contribution_rows(model: Model, measures: Any) -> pl.LazyFrame:
    """Return a row per customer and indicator, customers in their order.

    Columns: ``id``, ``indicator``, ``score`` (null where it is missing), ``observed``, ``weight`` (the share
    in the whole for this customer, after missing indicators handed theirs on), and ``points``: what the
    indicator adds to the score before rules, or where the score does not add up, its effect against the
    model's reference. Weight and points are null for those without a score.
    """
    entered = enter(measures, needed(model.tree, model.votes))
    plan = scoring_plan(model, ("id",))
    further = contributions(model) if model.additive else shares(model)
    frame: pl.LazyFrame = StepPlan(("id",), (*plan.steps, *further)).apply(entered.frame).to_native()
    if not model.additive:
        done = frame.collect(engine="streaming")
        frame = pl.concat([done, effects(model, done)], how="horizontal").lazy()
    rows = pl.concat_list([_row(model, leaf.id) for leaf in model.tree.indicators])
    return frame.select("id", rows.alias("row")).explode("row").unnest("row")


def _row(model: Model, leaf: str) -> pl.Expr:
    root = "unadjusted_score" if model.tree.rules else "score"
    scored, score = pl.col(root).is_not_null(), pl.col(f"score_{leaf}")
    points = pl.col(f"contribution_{leaf}" if model.additive else f"effect_{leaf}")
    indicator = next(entry for entry in model.tree.indicators if entry.id == leaf)
    filled = model.missing(indicator) in ("neutral", "worst")
    return pl.struct(
        pl.lit(leaf).alias("indicator"),
        score.alias("score"),
        (pl.col(f"observed_{leaf}") > 0 if filled else score.is_not_null()).alias("observed"),
        pl.when(scored).then(f"share_{leaf}").alias("weight"),
        pl.when(scored).then(points).alias("points"),
    )


def weight_rows(model: Model) -> pl.DataFrame:
    """Return a row per weight profile and node of the tree.

    Columns: ``profile`` (null: everybody's), ``id``, ``parent``, ``level`` (0 at the root), ``leaf``,
    ``local`` and ``global``.
    """
    tree, rows = model.tree, []
    leaves = {leaf.id for leaf in tree.indicators}
    for profile in (None, *(entry.id for entry in model.profiles)):
        own = model.of_profile(profile)
        for node in tree.nodes:
            parent = tree.parents[node].id if node in tree.parents else None
            level = len(tree.path(node)) - 1
            rows.append(
                (profile, node, parent, level, node in leaves, own.local.get(node), own.global_[node])
            )
    schema = {"profile": pl.String, "id": pl.String, "parent": pl.String, "level": pl.Int64,
              "leaf": pl.Boolean, "local": pl.Float64, "global": pl.Float64}  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def dictionary(tree: Tree, schemas: Mapping[str, Mapping[str, pl.DataType]]) -> pl.DataFrame:
    """Return a row per column of some tables: what it holds, in which unit, and what it is in both languages.

    Columns: ``table``, ``column``, ``type`` (one of `TYPES`), ``zh``, ``en``, ``unit_zh``, ``unit_en`` (of
    measures). A column that nothing is known of, such as one of the client's own, has no words.
    """
    return pl.DataFrame(
        list(_entries(tree, schemas)),
        schema=dict.fromkeys(("table", "column", "type", *LANGUAGES, "unit_zh", "unit_en"), pl.String),
        orient="row",
    )


def _entries(
    tree: Tree, schemas: Mapping[str, Mapping[str, pl.DataType]]
) -> Iterator[tuple[str | None, ...]]:
    say = {language: meanings(tree, language) for language in LANGUAGES}
    for table, schema in schemas.items():
        for column, dtype in schema.items():
            words = (say[language](column) for language in LANGUAGES)
            units = (unit_of(tree, column, language) for language in LANGUAGES)
            yield (table, column, type_word(dtype), *words, *units)


def type_word(dtype: pl.DataType) -> str:
    """Return what a column of a type holds, in one word of `TYPES`.

    >>> type_word(pl.Float64()), type_word(pl.Int16()), type_word(pl.Date())
    ('number', 'integer', 'date')
    """
    if dtype.is_integer():
        return "integer"
    if dtype.is_numeric():
        return "number"
    words = {pl.Boolean: "truth", pl.Date: "date", pl.Datetime: "time", pl.List: "list"}
    return next((word for known, word in words.items() if dtype == known), "text")
