"""Effects: what each leaf does to a score that is not the sum of its parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw
import polars as pl

from evaluator.columns import to_polars
from evaluator.measuring.membership_functions import memberships, score_ladder
from evaluator.scoring.model import Model
from evaluator.scoring.score_steps import upward_steps
from evaluator.tree import Indicator

Row = Mapping[str, Any]

AT_ONCE = 20_000  # customers, each as often as there are leaves


def with_effects(model: Model, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return customers with the effect of every leaf, and the reference they are measured against.

    The effect of a leaf is the customer's score before rules less that with this leaf alone at the model's
    reference; a leaf that is missing has none. The steps that scored are run again on the changed rows.

    Parameters
    ----------
    rows : customers with the columns of every step of the scoring plan.

    Returns
    -------
    The rows with ``reference`` and ``effect_<indicator>``.
    """
    frame = pl.DataFrame(rows, infer_schema_length=None, orient="row")
    found = effects(model, frame).to_dicts()
    return [{**row, **added} for row, added in zip(rows, found, strict=True)]


def effects(model: Model, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the columns ``effect_<indicator>`` and ``reference`` of customers; see `with_effects`.

    Parameters
    ----------
    frame : customers with the columns of every step of the scoring plan.
    """
    return pl.concat([_effects(model, part) for part in frame.iter_slices(AT_ONCE)])


def _effects(model: Model, frame: pl.DataFrame) -> pl.DataFrame:
    leaves = model.tree.indicators
    standing = {leaf.id: _at_reference(model, leaf) for leaf in leaves}
    # the reference differs between customers where their weights do, by profile
    everywhere = frame.with_columns(column for columns in standing.values() for column in columns)
    variants = [everywhere, *(frame.with_columns(standing[leaf.id]) for leaf in leaves)]
    # the excluded have no score to explain; everybody else's is computed anew from the leaves
    scores = _scores(model, pl.concat(variants, how="vertical_relaxed"))
    reference, *changed = scores.to_numpy().reshape(len(leaves) + 1, len(frame))
    score = pl.col("unadjusted_score" if "unadjusted_score" in frame.columns else "score")
    outputs = {
        f"effect_{leaf.id}": pl.when(score.is_not_null() & pl.col(f"score_{leaf.id}").is_not_null())
        .then(score - pl.lit(pl.Series(changed[number])))
        .otherwise(0.0)
        for number, leaf in enumerate(leaves)
    }
    return frame.select(reference=pl.when(score.is_not_null()).then(pl.lit(pl.Series(reference))), **outputs)


def unadjusted_score(row: Row) -> float | None:
    """Return a customer's score before any rule."""
    score: float | None = row["unadjusted_score"] if "unadjusted_score" in row else row["score"]
    return score


def _at_reference(model: Model, leaf: Indicator) -> list[pl.Expr]:
    """Return the columns of a leaf that stands at the reference."""
    score = model.reference[leaf.id]
    columns = {f"score_{leaf.id}": score}
    if model.fuzzy:
        ladder = score_ladder(model.tree.grades)
        placed = memberships([score], ladder)[0].tolist()
        columns |= {
            f"membership_{grade}@{leaf.id}": x for grade, x in zip(ladder.centres, placed, strict=True)
        }
    return [pl.lit(value, pl.Float64).alias(name) for name, value in columns.items()]


def _scores(model: Model, frame: pl.DataFrame) -> pl.Series:
    lazy = nw.from_native(frame.lazy())
    for step in upward_steps(model):
        lazy = lazy.with_columns(*(value.alias(name) for name, value in step.outputs.items()))
    return to_polars(lazy.select("score"))["score"]
